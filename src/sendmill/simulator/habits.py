"""Habits of real carriers by name, each a sentence and the faults that produce it.

A habit is what the field taught (docs/SMPP.md has a row for each); the values are faults as JSON has them, which
:func:`sendmill.simulator.faults.read_faults` reads.
"""

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from sendmill.simulator.faults import Faults, read_faults


class Habit(NamedTuple):
    """What a carrier does, in a sentence, and the faults that produce it."""

    sentence: str
    faults: Mapping[str, Any]


HABITS: Final[Mapping[str, Habit]] = MappingProxyType(
    {
        "no-credit": Habit(
            "Refuses everything with a vendor's status for no credit (0x040B).",
            {"refuse_rate": 1.0, "refuse_status": 0x040B},
        ),
        "credit-comes-back": Habit(
            "Refuses everything with 0x040B for the first 60 seconds of sending, then takes it.",
            {"refuse_rate": 1.0, "refuse_status": 0x040B, "refuse_for": 60.0},
        ),
        "system-error": Habit(
            "Refuses everything with ESME_RSYSERR.", {"refuse_rate": 1.0, "refuse_status": 0x08}
        ),
        "not-bound-status": Habit(
            "Refuses everything with ESME_RINVBNDSTS, though it is bound.",
            {"refuse_rate": 1.0, "refuse_status": 0x04},
        ),
        "temporary-error": Habit(
            "Refuses everything with ESME_RX_T_APPN.", {"refuse_rate": 1.0, "refuse_status": 0x64}
        ),
        "slow-answers": Habit("Responds to each part after 0.7 seconds.", {"answer_time": 0.7}),
        "very-slow-answers": Habit("Responds to each part after 5 seconds.", {"answer_time": 5.0}),
        "answers-vary": Habit(
            "Responds after times that vary widely (lognormal) around 1.2 seconds.",
            {"answer_time": 1.2, "answer_form": "lognormal"},
        ),
        "answers-in-two-humps": Habit(
            "Responds to one half of the parts after 0.3 seconds and to the other after 3.",
            {"answer_form": "two_humps", "answer_humps": [0.3, 3.0]},
        ),
        "loses-responses": Habit(
            "Responds after 0.1 seconds; one response in a hundred is lost.",
            {"answer_time": 0.1, "drop_responses": 0.01},
        ),
        "window-of-ten": Habit(
            "Takes ten unanswered parts a bind, refuses what exceeds them with ESME_RMSGQFUL; answers in 0.1 seconds.",
            {"answer_time": 0.1, "server_window": 10},
        ),
        "window-of-one": Habit(
            "Takes one unanswered part a bind, refuses what exceeds it with ESME_RSUBMITFAIL; answers in 0.1 seconds.",
            {"answer_time": 0.1, "server_window": 1, "server_window_status": 0x45},
        ),
        "one-report-last-part": Habit(
            "Reports a long message once, with the id of its last part.", {"per_part_reports": False}
        ),
        "one-report-first-part": Habit(
            "Reports a long message once, with the id of its first part.",
            {"per_part_reports": False, "first_part_reports": True},
        ),
        "shared-part-ids": Habit(
            "Gives all parts of a long message one id, and reports it once.", {"shared_part_ids": True}
        ),
        "words-for-not-yet": Habit(
            "Reports BUFFRED or QUEUED before the final state of each part.",
            {"intermediate_reports": 1.0, "words": {"ENROUTE": "BUFFRED", "ACCEPTED": "QUEUED"}},
        ),
        "own-words": Habit(
            "Writes OK for delivered and BARRED for undeliverable.",
            {"words": {"DELIVERED": "OK", "UNDELIVERABLE": "BARRED"}},
        ),
        "plain-reports": Habit("Sends reports as plain messages, with esm_class 0.", {"plain_reports": True}),
        "no-ids": Habit("Names no id in its responses.", {"no_ids": True}),
        "undashed-ids": Habit(
            "Writes UUIDs as message ids, in reports without dashes.",
            {"id_form": "uuid", "report_id_form": "undashed"},
        ),
        "cut-ids": Habit(
            "Cuts message ids to ten characters in reports.", {"id_form": "uuid", "report_id_length": 10}
        ),
        "ids-come-again": Habit("Counts its message ids anew after 1,000 parts.", {"ids_anew": 1000}),
        "reports-come-again": Habit(
            "Repeats the last 100 reports at each bind, and one in ten some seconds later.",
            {"repeat_at_bind": 100, "repeat_reports": 0.1},
        ),
        "hex-ids": Habit(
            "Writes message ids in hexadecimal in responses, in decimal in reports.",
            {"id_form": "hex", "report_id_form": "decimal"},
        ),
        "no-reports": Habit("Never sends a report.", {"drop_reports": 1.0}),
        "stranger-reports": Habit(
            "Sends a report for a message that nobody submitted beside each of its own.",
            {"stranger_reports": 1.0},
        ),
        "report-window-of-one": Habit(
            "Sends the next report when the one before is acknowledged.", {"report_window": 1}
        ),
        "silent-after-30s": Habit(
            "Closes a bind from which nothing came for 30 seconds.", {"close_after_silence": 30.0}
        ),
        "huge-pdu": Habit(
            "Sends a reply with 65,535 octets of message_payload at each bind, until it is acknowledged.",
            {"huge_reply": 65_535},
        ),
        "wrong-bind-response": Habit(
            "Answers a bind with the response to another kind of bind.", {"wrong_bind_response": True}
        ),
        "one-session-only": Habit(
            "Allows one bind at a time, refuses others with ESME_RALYBND.", {"session_limit": 1}
        ),
        "always-throttles": Habit(
            "Takes two parts a second on each bind and throttles the others for ever.", {"throttle_rate": 2.0}
        ),
    }
)
"""By name, in the order of the lines of docs/SMPP.md."""


def faults_of(names: Iterable[str]) -> dict[str, Any]:
    """Return the faults of several habits together, as read_faults takes them; of two values of one fault the last.

    Raises ValueError with a sentence when a name is unknown.
    """
    values: dict[str, Any] = {}
    for name in names:
        if name not in HABITS:
            raise ValueError(f"There is no habit named {name!r}; known are: {', '.join(HABITS)}.")
        values.update(HABITS[name].faults)
    return values


def read_behaviour(usual: Mapping[str, Any], habits: Iterable[str], text: str) -> Faults:
    """Return the faults of a simulator: the `usual` ones, over them those of habits, over them a JSON object.

    Raises ValueError with a sentence that says what is wrong.
    """
    try:
        values = json.loads(text)
    except ValueError as error:
        raise ValueError(f"--faults is not JSON: {error}.") from error
    if not isinstance(values, dict):
        raise ValueError('--faults is a JSON object, such as {"failure_rate": 0.1}.')
    return read_faults({**usual, **faults_of(habits), **values})


def described() -> str:
    """Return one line for each habit: its name and its sentence."""
    width = max(map(len, HABITS))
    return "\n".join(f"{name:{width}}  {habit.sentence}" for name, habit in HABITS.items())
