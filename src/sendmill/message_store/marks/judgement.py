"""Judges whether a store may be older than what the carriers have seen, and why.

Pure: `examination` gathers the facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from sendmill.message_store.marks.files import Counts, Noted, newest
from sendmill.message_store.marks.place import Place


class HoldKind(StrEnum):
    """Why a store is held."""

    OLDER = "older"  # marks that were noted are not in it
    LOST = "lost"  # it was sent from, and the file of marks is gone or cannot be read
    ELSEWHERE = "elsewhere"  # at a place that nobody confirmed: a copy, or the original may still live
    RESTORED = "restored"  # `sendmill restore` made it
    REPORTS = "reports"  # a carrier reported messages that this store never sent


@dataclass(frozen=True)
class Ground:
    """One reason to hold: a translation key and what fills its places, and the marks that prove it."""

    kind: HoldKind
    message: str
    parameters: dict[str, str] = field(default_factory=dict)
    missing: Counts = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.parameters


@dataclass(frozen=True)
class Facts:
    """What the store says.

    `counts` of every mark that a file names, those `excused` by earlier holds, its known places, the keys of those that
    a sender `ran` at, the runs of senders that live now, and whether one of those (not ours) has found its marks here;
    whether anything was `sent` from it, and whether it has `tasks`.
    """

    store: UUID
    sent: bool
    counts: Counts
    excused: Counts
    places: list[Place]
    ran: frozenset[str]
    living: frozenset[UUID]
    confirmed: bool
    tasks: bool = False


RULES: dict[str, str] = {
    "older": "The store is older than what was sent from it: marks of the senders are missing (%(count)s), noted until "
    "%(noted)s. A backup was put back, the machine was rolled back, or a standby took over that lacked the last "
    "moments. What was sent since then would go out twice.",
    "lost": "The file that says how far was sent from this store is gone or cannot be read (folder %(folder)s): "
    "whether the store is older than what was sent cannot be told.",
    "machine": "This store was at home on another machine: it may be a copy, and the original may still live. No "
    "carrier is connected, or it would take the original's reports.",
    "folder": "This store was at home in another data folder: it may be a copy, and the original may still live. No "
    "carrier is connected, or it would take the original's reports.",
    "server": "This store was at home on another database server: it may be a copy, and the original may still live. "
    "No carrier is connected, or it would take the original's reports.",
    "database": "This store was at home in another database: it may be a copy, and the original may still live. No "
    "carrier is connected, or it would take the original's reports.",
    "twin": "Another Sendmill with this store lives on this machine (process %(pid)s): one of the two is a copy. No "
    "carrier is connected here, or it would take the other's reports.",
    "restored": "The store was restored from a backup of %(taken_at)s. What was sent after that time is not in it and "
    "would go out twice.",
    "moved": "The store was brought to another place, and a person said that no other copy of it lives. What was sent "
    "since it was copied would go out twice.",
    "reports": "Carriers reported messages that this store never sent (%(count)s), to numbers that still wait: it may "
    "be older than what was sent from it.",
}


def judge(
    facts: Facts, files: list[Noted], place: Place, *, folder: str, noted: str, twin: int | None = None
) -> list[Ground]:
    """Every reason to hold, by weight; empty when sending may go on.

    `twin` is the process of a run that lives beside us in another store with the same id, if one was found.
    """
    grounds = []
    missing = find_missing(newest(files), facts.counts, facts.excused)
    if twin is not None:
        grounds.append(Ground(HoldKind.ELSEWHERE, RULES["twin"], {"pid": str(twin)}))
    elif homes := _other_homes(facts, files, place):
        grounds.append(Ground(HoldKind.ELSEWHERE, RULES[place.differs(homes)]))
    if missing:
        grounds.append(
            Ground(HoldKind.OLDER, RULES["older"], {"count": str(len(missing)), "noted": noted}, missing)
        )
    elif not grounds and _is_lost(facts, files, place):
        grounds.append(Ground(HoldKind.LOST, RULES["lost"], {"folder": folder}))
    return grounds


def weightiest(grounds: list[Ground]) -> Ground | None:
    """The ground to hold for, with the marks that are missing by any of them; None when there is none."""
    if not grounds:
        return None
    missing = {mark: count for ground in grounds for mark, count in ground.missing.items()}
    return replace(grounds[0], missing=missing)


def find_missing(
    noted: Mapping[tuple[UUID, int], int],
    counts: Mapping[tuple[UUID, int], int],
    excused: Mapping[tuple[UUID, int], int],
) -> Counts:
    """The marks that were noted and that the store does not hold, but for those that a hold has named already."""
    return {
        mark: count
        for mark, count in noted.items()
        if counts.get(mark, -1) < count and excused.get(mark, -1) < count
    }


def _other_homes(facts: Facts, files: list[Noted], place: Place) -> list[Place]:
    """The places where the store is at home, when this is none of them; empty when it is at home here.

    One without tasks that was never sent from is at home anywhere, unless a file says that it was sent from at another
    place, after it was copied. With tasks it is not: the original may have sent them since. One more sender joins where
    a living one confirmed.
    """
    if facts.confirmed or any(known.key == place.key for known in facts.places):
        return []
    if (facts.sent or facts.tasks) and facts.places:
        return facts.places
    return [
        Place.of_key(one.place)
        for one in files
        if one.place and one.place != place.key and any(count > 0 for count in one.counts.values())
    ]


def _is_lost(facts: Facts, files: list[Noted], place: Place) -> bool:
    """A sender that ran here has left a file; whoever lives and has found its marks vouches for the store."""
    expected = facts.sent and place.key in facts.ran and not facts.confirmed
    return expected and (not files or any(one.damaged for one in files))
