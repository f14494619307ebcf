"""Schemas of a store that is held, and of its release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel

if TYPE_CHECKING:
    from sendmill.message_store.engine.store_holds import HeldTask, Hold


class HeldTaskSchema(BaseModel):
    """A task that could go twice."""

    id: int
    account: str
    name: str
    status: str
    unsent: int


class HeldSchema(BaseModel):
    """Whether the store is held, why, and which tasks could go twice."""

    held: bool
    kind: str
    reason: str
    since: datetime | None
    tasks: list[HeldTaskSchema]

    @classmethod
    def of(cls, hold: Hold | None, held: list[HeldTask], accounts: Mapping[int, str]) -> Self:
        """Return the schema of the open hold and the tasks that it holds; `accounts` are names by id."""
        return cls(
            held=hold is not None,
            kind=str(hold.kind) if hold else "",
            reason=str(hold) if hold else "",
            since=hold.began_at if hold else None,
            tasks=[
                HeldTaskSchema(
                    id=one.id,
                    account=accounts.get(one.account_id, ""),
                    name=one.name,
                    status=one.status,
                    unsent=one.unsent,
                )
                for one in held
            ],
        )


class ReleasedSchema(BaseModel):
    """What was decided: messages by task."""

    choice: str
    tasks: dict[str, int]
