"""Roles hold for commands, and what belongs to another account is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rig.shell import Shell

if TYPE_CHECKING:
    from tests.rig.paper_mill import Mill

pytestmark = pytest.mark.django_db

# Each changing command with what it needs, and the least role that may give it.
COMMANDS = [
    (("application", "create", "New", "--type", "mainland"), "sender"),
    (("application", "edit", "Home", "--rename", "New"), "sender"),
    (("application", "rotate-secret", "Home", "--yes"), "admin"),
    (("application", "delete", "Home", "--yes"), "sender"),
    (("signature", "create", "纸店", "--application", "Home", "--type", "promotion"), "sender"),
    (("signature", "submit", "坊纸"), "sender"),
    (("signature", "approve", "待审"), "reviewer"),
    (("signature", "reject", "待审", "--reason", "No."), "reviewer"),
    (("signature", "withdraw", "待审"), "sender"),
    (("signature", "set-channel", "纸坊", "10690009"), "reviewer"),
    (("signature", "delete", "坊纸", "--yes"), "sender"),
    (
        ("template", "create", "N", "--application", "Abroad", "--type", "notification", "--content", "a"),
        "sender",
    ),
    (("template", "deactivate", "Notice"), "reviewer"),
    (("carrier", "create", "New", "--host", "h", "--system-id", "s"), "admin"),
    (("carrier", "edit", "Line", "--rate", "5"), "admin"),
    (("carrier", "disable", "Line"), "admin"),
    (("carrier", "drain", "Line"), "admin"),
    (("route", "add", "Line", "--prefix", "44"), "admin"),
    (("carrier", "test", "Line"), "admin"),
    (("carrier", "delete", "Line", "--yes"), "admin"),
    (("member", "list"), "admin"),
    (("member", "invite", "new"), "admin"),
    (("member", "role", "mill-viewer", "sender"), "admin"),
    (("member", "deactivate", "mill-viewer"), "admin"),
    (("balance", "top-up", "5"), "admin"),
    (("balance", "package", "5"), "admin"),
    (("balance", "budget", "day", "--stop", "5"), "admin"),
    (("price", "set", "promotion", "US", "1"), "admin"),
    (("account", "edit", "mill", "--currency", "EUR"), "admin"),
]
ALLOWED = {
    "viewer": {"viewer", "sender", "reviewer", "admin"},
    "sender": {"sender", "admin"},
    "reviewer": {"reviewer", "admin"},
    "admin": {"admin"},
}


@pytest.mark.parametrize(
    ("words", "least"), COMMANDS, ids=lambda value: " ".join(value[:3]) if isinstance(value, tuple) else value
)
def test_roles_hold(shell: Shell, mill: Mill, words: tuple[str, ...], least: str) -> None:
    from sendmill.catalog import review, signatures

    mill.signature()
    mill.template()
    signatures.create(mill.sender, mill.mainland, name="坊纸", type="notification")
    waiting = signatures.create(mill.sender, mill.mainland, name="待审", type="notification")
    review.submit(mill.sender, waiting)
    for role in {"viewer", "sender", "reviewer", "admin"} - ALLOWED[least]:
        sentence = shell.refuse(*words, "--as", f"mill-{role}")
        assert sentence.startswith("Your role does not allow this."), role


@pytest.mark.parametrize(
    "words",
    [
        ("application", "edit", "Theirs", "--rename", "New"),
        ("application", "rotate-secret", "Theirs", "--yes"),
        ("application", "delete", "Theirs", "--yes"),
        ("signature", "create", "新纸", "--application", "Theirs", "--type", "promotion"),
        ("signature", "submit", "他们"),
        ("signature", "delete", "他们", "--yes"),
        ("template", "show", "Their notice"),
        ("template", "deactivate", "Their notice"),
        ("template", "delete", "Their notice", "--yes"),
        ("carrier", "edit", "Their line", "--rate", "5"),
        ("carrier", "test", "Their line"),
        ("carrier", "received", "Their line"),
        ("member", "role", "neighbour-viewer", "admin"),
        ("member", "deactivate", "neighbour-viewer"),
    ],
)
def test_what_belongs_to_another_account_is_not_there(
    shell: Shell, mill: Mill, neighbour: Mill, words: tuple[str, ...]
) -> None:
    from sendmill.catalog import applications, carriers, signatures

    applications.edit(neighbour.admin, neighbour.mainland, name="Theirs")
    signatures.create(neighbour.sender, neighbour.mainland, name="他们", type="notification")
    neighbour.template("Their notice")
    carriers.edit(neighbour.admin, neighbour.carrier, name="Their line")
    sentence = shell.refuse(*words, "--account", "mill")
    assert sentence.startswith("There is no ")
    # Not by its id either.
    theirs = {
        "application": neighbour.mainland.pk,
        "carrier": neighbour.carrier.pk,
        "member": neighbour.viewer.pk,
    }
    if words[0] in theirs:
        by_id = (*words[:2], theirs[words[0]], *words[3:])
        assert shell.refuse(*by_id, "--account", "mill").startswith("There is no ")


@pytest.mark.parametrize("kind", ["application", "signature", "template", "carrier", "member", "task"])
def test_lists_show_only_what_is_ones_own(shell: Shell, mill: Mill, neighbour: Mill, kind: str) -> None:
    neighbour.signature("邻居")
    neighbour.template("Their notice")
    ours = {row["id"] for row in shell.answer(kind, "list", "--account", "mill")}
    theirs = {row["id"] for row in shell.answer(kind, "list", "--as", "neighbour-admin")}
    assert not ours & theirs
