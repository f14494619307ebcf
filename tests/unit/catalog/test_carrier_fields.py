"""The table of a carrier's settings agrees with what is made from it, and with what it describes."""

from __future__ import annotations

from dataclasses import MISSING, fields
from pathlib import Path
from typing import get_args

import pytest
from django.db import models

from sendmill.carriers.message_ids import IdForm
from sendmill.carriers.smpp.configuration import (
    CarrierConfig,
    DefaultAlphabet,
    LongReports,
    RegisteredDelivery,
    Reports,
)
from sendmill.carriers.smpp.pdu import LongMessages
from sendmill.carriers.smpp.pdu.times import LONGEST_RELATIVE
from sendmill.catalog.bind_settings import NOT_SET_BY_CARRIER
from sendmill.catalog.carrier_fields import CARRIER_FIELDS, FIELD, CarrierField
from sendmill.catalog.models import Carrier

DOCUMENT = Path(__file__).parents[3] / "docs" / "SMPP.md"
CONFIG = {one.name: one for one in fields(CarrierConfig)}


def column(name: str) -> models.Field[object, object]:
    found = Carrier._meta.get_field(name)
    assert isinstance(found, models.Field)
    return found


def test_every_setting_is_a_column_and_every_column_a_setting() -> None:
    own = {"id", "account", "created_at"}
    assert {one.name for one in Carrier._meta.concrete_fields} - own == set(FIELD)


@pytest.mark.parametrize("field", CARRIER_FIELDS, ids=lambda field: field.name)
def test_a_column_holds_what_its_setting_allows(field: CarrierField) -> None:
    found = column(field.name)
    kinds = (models.PositiveIntegerField, models.PositiveSmallIntegerField)
    kind = {"number": kinds, "flag": models.BooleanField}.get(field.kind, models.CharField)
    assert isinstance(found, kind)
    assert found.get_default() == field.default
    assert found.null == (field.default is None)
    longest = field.length or max(map(len, field.choices), default=0)
    if isinstance(found, models.CharField):
        assert longest <= (found.max_length or 0)


@pytest.mark.parametrize("field", CARRIER_FIELDS, ids=lambda field: field.name)
def test_a_setting_is_described(field: CarrierField) -> None:
    assert field.label
    if field.section == "special":
        assert field.hint, "what is folded away needs a sentence of advice"
    if field.choices:
        assert field.default in field.choices
    if field.limits and isinstance(field.default, int):
        assert field.limits[0] <= field.default <= field.limits[1]


def test_what_a_bind_is_told_is_a_setting_or_named_as_none() -> None:
    told = {field.config for field in CARRIER_FIELDS if field.config}
    assert told.isdisjoint(NOT_SET_BY_CARRIER)
    assert told | set(NOT_SET_BY_CARRIER) == set(CONFIG)


def test_a_new_carrier_is_spoken_to_as_a_configuration_by_default() -> None:
    from sendmill.catalog.bind_settings import configs_of

    (config,) = configs_of(Carrier(host="h", system_id="s"))
    for field in CARRIER_FIELDS:
        if field.config and CONFIG[field.config].default is not MISSING:
            assert getattr(config, field.config) == CONFIG[field.config].default


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("id_form", IdForm),
        ("long_messages", LongMessages),
        ("default_alphabet", DefaultAlphabet),
        ("registered_delivery", RegisteredDelivery),
        ("reports", Reports),
        ("long_reports", LongReports),
    ],
)
def test_choices_are_those_of_the_protocol(name: str, values: object) -> None:
    # In the same order too: typing keeps one Literal for all orders, and the help of commands shows it.
    assert tuple(FIELD[name].choices) == get_args(values)


def test_the_document_has_a_line_for_each_setting() -> None:
    """When this fails, put what it prints into docs/SMPP.md."""
    lines = [
        f"| `{field.name}`{' (needed)' if field.required else ''} | {field.help} |"
        for field in CARRIER_FIELDS
    ]
    assert "\n".join(lines) in DOCUMENT.read_text()


def test_the_longest_validity_can_be_written() -> None:
    assert FIELD["validity_minutes"].limits == (0, LONGEST_RELATIVE)
