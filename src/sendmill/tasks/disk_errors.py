"""Turns errors of a full or read-only disk into sentences for a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error
from django.utils.translation import gettext_noop as _

from sendmill.domain.violations import FieldError, FormError, Refused, Violation
from sendmill.runtime.disk_full import Shortage, disk

FULL = _(
    "The disk of the server is full, so this could not be done. The file is not at fault: ask your administrator "
    "to free some space, and try again."
)
QUOTA = _(
    "The disk quota of the server is used up, so this could not be done. The file is not at fault: ask your "
    "administrator to free some space or to raise the quota, and try again."
)
READ_ONLY = _(
    "The disk of the server cannot be written to, so this could not be done. The file is not at fault: tell your "
    "administrator, and try again when it is mended."
)
SENTENCES = {Shortage.FULL: FULL, Shortage.QUOTA: QUOTA, Shortage.READ_ONLY: READ_ONLY}
CODES = frozenset(shortage.value for shortage in Shortage)
STATUS = 507  # Insufficient Storage, RFC 4918 §11.5


def told(part: str, error: BaseException) -> Violation | None:
    """The sentence for an error of the disk, which is logged once; None for any other error."""
    shortage = disk.note(part, error)
    return None if shortage is None else Violation(shortage.value, SENTENCES[shortage])


@contextmanager
def as_form_error(part: str, field: str) -> Iterator[None]:
    """Raise FormError at this field for an error of the disk within; others are left as they are."""
    try:
        yield
    except (OSError, Error) as error:
        if (violation := told(part, error)) is None:
            raise
        raise FormError([FieldError.of(field, violation)]) from error


@contextmanager
def as_refusal(part: str) -> Iterator[None]:
    """Raise Refused for an error of the disk within; others are left as they are."""
    try:
        yield
    except (OSError, Error) as error:
        if (violation := told(part, error)) is None:
            raise
        raise Refused(violation) from error
