"""Plain forms: what was typed becomes values, and what the service refuses stands beside the fields it is about.

Fields only read: whether a value is allowed is the rule of the service that `carry_out` calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from sendmill.console.form_errors import refusals
from sendmill.console.listing import pick
from sendmill.domain.violations import Refused

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def text(**options: Any) -> forms.CharField:
    """A text that may be empty."""
    return forms.CharField(required=False, **options)


def password() -> forms.CharField:
    """A secret as it was typed; no page shows it again."""
    return text(strip=False, widget=forms.PasswordInput)


class TypedField(forms.CharField):
    """A text that `read` turns into a value. Where `read` answers None, `sentence` says what to type instead."""

    def __init__(
        self,
        read: Callable[[str], Any],
        sentence: str | _StrPromise,
        *,
        required: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(required=required, error_messages={"required": sentence}, **options)
        self.read = read

    def clean(self, value: Any) -> Any:
        """The value of the text, None for an empty one. Raises ValidationError with the sentence."""
        typed = super().clean(value)
        found = self.read(typed) if typed else None
        if typed and found is None:
            raise ValidationError(self.error_messages["required"])
        return found


class RowField(forms.CharField):
    """The id of one of the `rows` that the page offers, read as that row; None for another one where it is optional."""

    rows: Sequence[Model] = ()

    def __init__(self, sentence: str | _StrPromise = "", *, required: bool = True) -> None:
        super().__init__(required=required, error_messages={"required": sentence})

    def clean(self, value: Any) -> Any:
        """The row with that id. Raises ValidationError with the sentence where one is required."""
        row = pick(self.rows, super().clean(value))
        if row is None and self.required:
            raise ValidationError(self.error_messages["required"])
        return row


class PlainForm(forms.Form):
    """A form whose page shows `values` and `errors` with the tags of `templatetags.fields`."""

    field_of: ClassVar[Mapping[str, str]] = {}
    """The field that a refusal is about, by its code, where the code is not the name of the field itself."""

    field_of_others: ClassVar[str | None] = None
    """The field that every other refusal is about; None when it is about the form as a whole."""

    result: Any = None
    refusal: Refused | None = None

    @classmethod
    def of(
        cls, request: HttpRequest, initial: Mapping[str, Any] | None = None, **rows: Sequence[Model]
    ) -> Self:
        """The form as it was sent, or with its first values; `rows` are what its RowFields offer."""
        form = cls(request.POST if request.method == "POST" else None, initial=dict(initial or {}))
        for name, offered in rows.items():
            form.fields[name].rows = offered  # type: ignore[attr-defined]
        return form

    def carry_out(self, service: Callable[..., object]) -> bool:
        """Call a service with the values as keywords; whether it was done.

        What it returns is `result` then; what it refused is `refusal`, and shown by the page.
        """
        if not self.is_valid():
            return False
        try:
            self.result = service(**self.cleaned_data)
        except Refused as error:
            self.refusal = error
            for code, sentence in refusals(error):
                field = self.field_of.get(code, code)
                self.add_error(field if field in self.fields else self.field_of_others, sentence)
            return False
        return True

    def was_refused(self, code: str) -> bool:
        """Whether the service refused with this code."""
        return self.refusal is not None and code in dict(refusals(self.refusal))

    def page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        """The page of the form with what was typed and what is wrong with it; its status is 422 then."""
        shown = [
            name for name, field in self.fields.items() if not isinstance(field.widget, forms.PasswordInput)
        ]
        errors = {
            "form" if name == NON_FIELD_ERRORS else name: list(found) for name, found in self.errors.items()
        }
        context |= {"values": {name: self[name].value() for name in shown}, "errors": errors}
        return render(request, template, context, status=422 if errors else 200)


class NewPasswordForm(PlainForm):
    """A new password, typed twice."""

    new = password()
    again = password()

    def clean(self) -> dict[str, Any]:
        """The values without `again`."""
        if self.cleaned_data.get("new") != self.cleaned_data.pop("again", None):
            self.add_error("again", _("The two passwords are not the same."))
        return self.cleaned_data
