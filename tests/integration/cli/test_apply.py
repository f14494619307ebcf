"""Applying a file: the example in the documents, twice; every way in which a file can be wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.rig.shell import Shell

from sendmill.cli.commands.apply import LARGEST, read_document

if TYPE_CHECKING:
    from tests.rig.paper_mill import Mill

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "resources.yaml"


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENDMILL_CARRIER_PASSWORD", "hunter2")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "resources.yaml"


@pytest.mark.django_db
class TestApply:
    def test_the_example_is_applied_and_the_second_time_nothing_changes(
        self, shell: Shell, mill: Mill
    ) -> None:
        from sendmill.accounts.models import AuditEntry
        from sendmill.billing.models import Price
        from sendmill.catalog.applications import authenticate
        from sendmill.catalog.models import Carrier

        tried = shell.answer("apply", EXAMPLE, "--dry-run")
        assert tried["dry_run"] is True
        assert tried["credentials"] == {}
        assert not Carrier.objects.filter(name="Line 1").exists()

        applied = shell.answer("apply", EXAMPLE)
        assert applied["steps"] == tried["steps"]
        assert {step["done"] for step in applied["steps"]} == {"created", "changed"}
        assert Carrier.objects.get(name="Line 1").password == "hunter2"
        assert set(applied["credentials"]) == {"Shop", "Shop abroad"}
        made = applied["credentials"]["Shop"]
        assert authenticate(made["app_key"], made["app_secret"]) is not None
        assert set(Price.objects.values_list("region", flat=True)) == {"CN", "NO", "*"}
        assert "hunter2" not in json.dumps(applied) + str(list(AuditEntry.objects.values()))

        entries = AuditEntry.objects.count()
        again = shell.answer("apply", EXAMPLE)
        assert {step["done"] for step in again["steps"]} == {""}
        assert again["credentials"] == {}
        assert AuditEntry.objects.count() == entries
        assert "Nothing to do" in shell.say("apply", EXAMPLE)

    def test_the_example_makes_what_a_task_needs(self, shell: Shell, mill: Mill) -> None:
        shell.say("apply", EXAMPLE)
        assert shell.answer("template", "list", "--application", "Shop abroad", "--usable")
        assert shell.answer("template", "list", "--application", "Shop", "--signature", "云帆", "--usable")
        assert shell.answer("template", "approve", "Login code")["active"] is True

    def test_a_person_reads_the_steps_and_the_secrets_once(self, shell: Shell, mill: Mill) -> None:
        tried = shell.say("apply", EXAMPLE, "--dry-run")
        assert "would be" in tried
        assert "secret" not in tried
        done = shell.run("apply", EXAMPLE)
        assert done.stdout.count("app secret") == 2
        assert "hunter2" not in done.output

    def test_every_problem_is_named_and_nothing_is_done(self, shell: Shell, mill: Mill, file: Path) -> None:
        from sendmill.catalog.models import Application

        file.write_text(
            "applications: [{name: New, type: mainland}, {name: Other, type: mainland, carrier: None}]\n"
            "prices: [{type: notification, region: NO, price: -1, valid_from: 2024-01-01}]\n"
        )
        sentence = shell.refuse("apply", file)
        assert "application “Other”: There is no carrier “None”." in sentence
        assert "price “notification NO”: A price is not negative" in sentence
        assert not Application.objects.filter(name="New").exists()

    def test_roles_hold(self, shell: Shell, mill: Mill) -> None:
        assert "Your role does not allow this" in shell.refuse("apply", EXAMPLE, "--as", "mill-sender")

    def test_another_account_is_not_touched(self, shell: Shell, mill: Mill, neighbour: Mill) -> None:
        from sendmill.catalog.models import Application

        shell.say("apply", EXAMPLE, "--account", "neighbour")
        assert Application.objects.get(name="Shop").account == neighbour.account

    def test_values_stay_as_they_are_written(self, shell: Shell, mill: Mill, file: Path) -> None:
        from sendmill.catalog.models import Carrier, Signature

        file.write_text(
            "carriers: [{name: 2024-01-01, host: 10.0, system_id: 0x1F, port: 2776, tls: no, enabled: true}]\n"
            "applications: [{name: on, type: mainland, carrier: ~}]\n"
            "signatures: [{application: on, name: 纸坊, type: notification, state: approved,\n"
            "  channel_number: 010690}]\n"
        )
        shell.say("apply", file)
        carrier = Carrier.objects.get(name="2024-01-01")
        assert (carrier.host, carrier.system_id, carrier.port, carrier.tls) == ("10.0", "0x1F", 2776, False)
        assert Signature.objects.get().channel_number == "010690"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"carriers: [{name: a, password: s3cret", "line 1: expected"),
        (b"a: 1\nb: 2\na: 3\n", "line 3: “a” is given twice"),
        (b"? [a]\n: 1\n", "a name is expected"),
        (b"a: !env NO_SUCH_VARIABLE\n", "line 1: the environment has no variable NO_SUCH_VARIABLE"),
        (b"a: !!python/object/apply:os.system [true]\n", "is not known"),
        (b"a: \xff\xfe", "not UTF-8"),
        (b"a: \x00", "characters that YAML does not allow"),
        (b"[" * 3_000, "nested too deeply"),
        (b"#" * (LARGEST + 1), "larger than 4 MB"),
    ],
)
def test_a_file_that_is_no_yaml_is_refused_with_the_line(
    shell: Shell, file: Path, content: bytes, sentence: str
) -> None:
    file.write_bytes(content)
    said = shell.refuse("apply", file)
    assert sentence in said
    assert "s3cret" not in said


def test_a_missing_file_is_refused(shell: Shell, file: Path) -> None:
    assert "cannot be read: No such file" in shell.refuse("apply", file)


@pytest.mark.parametrize(
    ("content", "document"),
    [
        ("", None),
        ("{}", {}),
        ('{"a": [1, true, null, "x"]}', {"a": ["1", "true", None, "x"]}),
        ("a: &it {b: no}\nc: *it\n", {"a": {"b": "no"}, "c": {"b": "no"}}),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
    ],
)
def test_yaml_and_json_are_read_as_they_are_written(file: Path, content: str, document: Any) -> None:
    file.write_text(content)
    assert read_document(file) == document
