"""The steps of review, which signatures and templates share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sendmill.accounts.models import Member


def review(step: str, **given: str) -> Callable[[Member, Any], Any]:
    """A step of `catalog.review` by name, to be taken by a member with a signature or template."""

    def take(member: Member, subject: Any) -> Any:
        from sendmill.catalog import review

        taking: Callable[..., Any] = getattr(review, step)
        return taking(member, subject, **given)

    return take
