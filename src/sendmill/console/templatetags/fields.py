"""Fields of a form: label, control, advice, and the place where the sentences about it appear.

Each takes its value from `values` and its sentences from `errors` of the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.template.context import Context
from django.utils.functional import Promise

from sendmill.console.form_fields import FormField

register = template.Library()

Text = str | Promise


@register.inclusion_tag("console/components/fields/text.html", takes_context=True)
def text_field(
    context: Context, name: str, label: Text, hint: Text = "", **attributes: Any
) -> dict[str, Any]:
    """A line of text; further arguments are attributes of the input, `optional=True` says so beside the label."""
    return _field(context, name, label, hint, {"type": "text", "autocomplete": "off", **attributes})


@register.inclusion_tag("console/components/fields/area.html", takes_context=True)
def area_field(
    context: Context, name: str, label: Text, hint: Text = "", **attributes: Any
) -> dict[str, Any]:
    """Several lines of text."""
    return _field(context, name, label, hint, attributes)


@register.inclusion_tag("console/components/fields/select.html", takes_context=True)
def select_field(
    context: Context,
    name: str,
    label: Text,
    options: Iterable[tuple[Any, Text]],
    hint: Text = "",
    empty: Text = "",
    **attributes: Any,
) -> dict[str, Any]:
    """A choice of (value, text); `empty` is the text of choosing nothing, which is not offered without it."""
    field = _field(context, name, label, hint, attributes)
    shown = [(str(value), text) for value, text in options]
    return {**field, "options": [("", empty), *shown] if empty else shown, "chosen": str(field["value"])}


@register.inclusion_tag("console/components/fields/check.html", takes_context=True)
def check_field(
    context: Context, name: str, label: Text, hint: Text = "", **attributes: Any
) -> dict[str, Any]:
    """Yes or no."""
    return _field(context, name, label, hint, attributes)


@register.inclusion_tag("console/components/fields/any.html", takes_context=True)
def form_field(context: Context, field: FormField) -> dict[str, Any]:
    """A field that is described by a FormField."""
    plain = {"type": "text", "autocomplete": "off"} if field.control == "text" else {}
    shown = _field(context, field.name, field.label, field.hint, {**plain, **field.attributes})
    return {**shown, "control": field.control, "options": field.options, "chosen": str(shown["value"])}


def _field(
    context: Context, name: str, label: Text, hint: Text, attributes: dict[str, Any]
) -> dict[str, Any]:
    optional, key = attributes.pop("optional", False), attributes.pop("id", name)
    value = (context.get("values") or {}).get(name)
    return {
        "name": name,
        "id": key,
        "label": label,
        "hint": hint,
        "optional": optional,
        "value": "" if value is None else value,
        "sentences": (context.get("errors") or {}).get(name, []),
        "attributes": flatatt({key.replace("_", "-"): item for key, item in attributes.items()}),
    }
