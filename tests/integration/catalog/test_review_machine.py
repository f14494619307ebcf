"""A machine that tries every action on signatures and templates in any order, against PostgreSQL.

It keeps its own idea of what is legal, written down here a second time: what is not must be refused and must
change nothing, what is must lead where it should.
"""

from __future__ import annotations

import itertools

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sendmill.accounts.models import AuditEntry
from sendmill.catalog import association, review, signatures, templates
from sendmill.catalog.models import Signature, Template
from sendmill.catalog.review_moves import legal_actions
from sendmill.domain.review import IllegalMove

LEGAL = {
    "signature": {
        "draft": {"submit": "pending", "delete": None},
        "pending": {"withdraw": "draft", "approve": "approved", "reject": "rejected"},
        "approved": {"set_channel": "approved"},
        "rejected": {"edit": "pending", "delete": None},
    },
    "template": {
        "draft": {"edit": "draft", "submit": "pending", "delete": None},
        "pending": {"withdraw": "draft", "approve": "approved", "reject": "rejected"},
        "approved": {"activate": "approved", "deactivate": "approved"},
        "rejected": {"edit": "draft", "delete": None},
    },
}
ACTIONS = {
    "signature": ["edit", "submit", "withdraw", "approve", "reject", "set_channel", "delete"],
    "template": ["edit", "submit", "withdraw", "approve", "reject", "activate", "deactivate", "delete"],
}


class Review(RuleBasedStateMachine):
    """Two subjects, one of each kind, made again whenever one was deleted."""

    mill: object
    made: set[tuple[str, str, str]]

    @initialize()
    def start(self) -> None:
        self.point = transaction.atomic()
        self.point.__enter__()
        self.numbers = itertools.count()
        self.subjects: dict[str, Signature | Template] = {}
        self.expected: dict[str, str] = {}
        self.active = False
        self.channel = self.reason = ""
        for kind in LEGAL:
            self.create(kind)

    def create(self, kind: str) -> None:
        name = f"纸坊{next(self.numbers)}"
        if kind == "signature":
            self.subjects[kind] = signatures.create(
                self.mill.sender, self.mill.mainland, name=name, type="notification"
            )
            self.channel = ""
        else:
            self.subjects[kind] = templates.create(
                self.mill.sender,
                self.mill.mainland,
                name=name,
                type="notification",
                content="您好",
                universal=True,
            )
            self.active = False
            self.reason = ""
        self.expected[kind] = "draft"

    def perform(self, kind: str, action: str) -> object:
        """Do it as a person would who still has the page of the beginning open: with the stale row."""
        mill, subject = self.mill, self.subjects[kind]
        module = signatures if kind == "signature" else templates
        change = {"name": f"老坊{next(self.numbers)}"}
        return {
            "edit": lambda: module.edit(mill.sender, subject, **change),
            "delete": lambda: module.delete(mill.sender, subject),
            "submit": lambda: review.submit(mill.sender, subject),
            "withdraw": lambda: review.withdraw(mill.sender, subject),
            "approve": lambda: review.approve(mill.reviewer, subject),
            "reject": lambda: review.reject(mill.reviewer, subject, "No."),
            "activate": lambda: review.activate(mill.reviewer, subject),
            "deactivate": lambda: review.deactivate(mill.reviewer, subject),
            "set_channel": lambda: review.set_channel_number(mill.reviewer, subject, "10690001"),
        }[action]()

    @rule(choice=st.sampled_from([(kind, action) for kind in ACTIONS for action in ACTIONS[kind]]))
    def act(self, choice: tuple[str, str]) -> None:
        self.attempt(*choice)

    @rule(kind=st.sampled_from(list(LEGAL)), pick=st.integers(0, 11))
    def go_on(self, kind: str, pick: int) -> None:
        """A legal action, so that the machine gets far."""
        legal = list(self.legal(kind))
        self.attempt(kind, legal[pick % len(legal)])

    def legal(self, kind: str) -> dict[str, str | None]:
        legal: dict[str, str | None] = dict(LEGAL[kind][self.expected[kind]])
        if kind == "template" and self.expected[kind] == "approved" and not self.active:
            legal["delete"] = None
        return legal

    def attempt(self, kind: str, action: str) -> None:
        state, legal = self.expected[kind], self.legal(kind)
        entries = AuditEntry.objects.count()
        if action not in legal:
            with pytest.raises(IllegalMove):
                self.perform(kind, action)
            assert AuditEntry.objects.count() == entries
            return
        self.perform(kind, action)
        self.made.add((kind, state, action))
        assert AuditEntry.objects.count() == entries + 1
        if action == "delete":
            self.create(kind)
            return
        self.expected[kind] = legal[action]
        if kind == "template":
            # The author still reads why while mending, until it is handed in again.
            self.reason = {"reject": "No.", "submit": ""}.get(action, self.reason)
            self.active = {"approve": True, "activate": True, "deactivate": False}.get(action, self.active)
        elif action == "set_channel":
            self.channel = "10690001"

    @invariant()
    def the_database_agrees(self) -> None:
        if not hasattr(self, "subjects"):
            return
        signature = Signature.objects.get(pk=self.subjects["signature"].pk)
        template = Template.objects.get(pk=self.subjects["template"].pk)
        assert (signature.state, template.state) == (self.expected["signature"], self.expected["template"])
        assert (template.active, signature.channel_number) == (self.active, self.channel)
        usable = (
            signature.state == "approved" and self.channel and template.state == "approved" and self.active
        )
        assert (association.unusable(self.mill.mainland, signature, template) is None) is bool(usable)
        assert template.reason == self.reason

    def teardown(self) -> None:
        if hasattr(self, "point"):
            transaction.set_rollback(True)
            self.point.__exit__(None, None, None)


@pytest.mark.django_db
def test_illegal_moves_are_impossible(mill: object) -> None:
    Review.mill, Review.made = mill, set()
    run_state_machine_as_test(
        Review,
        settings=settings(
            max_examples=30,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    every = {
        (kind, state, action) for kind in LEGAL for state in LEGAL[kind] for action in LEGAL[kind][state]
    }
    assert every <= Review.made, "the machine did not get everywhere"


@pytest.mark.django_db
@pytest.mark.parametrize("kind", list(LEGAL))
def test_legal_actions_are_those_of_the_machine(mill: object, kind: str) -> None:
    subject = Signature() if kind == "signature" else Template(active=False)
    for state, legal in LEGAL[kind].items():
        subject.state = state
        expected = set(legal)
        if kind == "template" and state == "approved":
            expected = {"activate", "delete"}
        assert set(legal_actions(subject)) == expected


def test_every_action_is_tried() -> None:
    for kind, states in LEGAL.items():
        assert {action for legal in states.values() for action in legal} <= set(ACTIONS[kind])
