"""A field of a form that is made from a table, as `{% form_field %}` shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class FormField:
    """Label, control and advice in the member's language; `attributes` are those of its input.

    `options` are (value, words) of a select.
    """

    control: Literal["text", "select", "check"]
    name: str
    label: str
    hint: str = ""
    options: Sequence[tuple[str, str]] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
