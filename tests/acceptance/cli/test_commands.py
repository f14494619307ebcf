"""The commands, as a person or a script gives them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from tests.acceptance.cli.running import Demo

from sendmill.spreadsheets import read_rows, write_xlsx

US = [f"+1202555{last:04}" for last in range(100, 140)]


def write_numbers(path: Path, numbers: list[str]) -> Path:
    with path.open("wb") as target:
        write_xlsx(target, ["Number"], [pl.DataFrame({"c0": numbers})])
    return path


def sendmill(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SENDMILL_")}
    kept.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "sendmill", *arguments],
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


class TestCheck:
    """`check` needs neither database nor server."""

    def test_counts_what_an_upload_would_find(self, tmp_path: Path) -> None:
        path = write_numbers(
            tmp_path / "Numbers.xlsx", [*US, US[0], "12025550100", "+4479", "+1 202 555-0141"]
        )
        done = sendmill("check", str(path), "--json", SENDMILL_DATA_DIR=str(tmp_path / "data"))
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert found["accepted"] == 41
        assert found["invalid"] == 2
        assert found["duplicate"] == 1
        assert found["repaired"] == 1
        assert found["rows"] == found["accepted"] + found["invalid"] + found["duplicate"] + found["unfit"]
        assert not (tmp_path / "data").exists()

    def test_mainland_rules(self, tmp_path: Path) -> None:
        path = write_numbers(tmp_path / "Numbers.xlsx", ["13112345678", "8613112345679", "+2412000000"])
        done = sendmill("check", str(path), "--type", "mainland", "--json", SENDMILL_DATA_DIR=str(tmp_path))
        assert json.loads(done.stdout)["accepted"] == 2

    def test_shows_deleted_rows_to_a_person(self, tmp_path: Path) -> None:
        path = write_numbers(tmp_path / "Numbers.xlsx", [US[0], "12025550100"])
        done = sendmill("check", str(path), SENDMILL_DATA_DIR=str(tmp_path))
        assert done.returncode == 0
        assert "12025550100" in done.stdout
        assert "country code" in done.stdout

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("Numbers.xlsx", b"", "empty"),
            ("Numbers.xlsx", b"%PDF-1.7 not a spreadsheet", "not a spreadsheet"),
            ("my-numbers.xlsx", b"x", "letters and digits"),
            ("Numbers.csv", b"Number\n12345\n", "invalid phone numbers"),
        ],
    )
    def test_refuses_bad_files_with_one_sentence(
        self, tmp_path: Path, name: str, content: bytes, sentence: str
    ) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        done = sendmill("check", str(path), SENDMILL_DATA_DIR=str(tmp_path))
        assert done.returncode == 3
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr

    def test_a_missing_file(self, tmp_path: Path) -> None:
        done = sendmill("check", str(tmp_path / "Missing.xlsx"), SENDMILL_DATA_DIR=str(tmp_path))
        assert done.returncode == 3
        assert "cannot be opened" in done.stderr


def test_without_a_database_commands_say_so(tmp_path: Path) -> None:
    path = write_numbers(tmp_path / "Numbers.xlsx", US)
    done = sendmill(
        "send", str(path), "--application", "a", "--template", "t", SENDMILL_DATA_DIR=str(tmp_path / "none")
    )
    assert done.returncode == 4
    assert "sendmill up" in done.stderr
    assert "Traceback" not in done.stderr


def test_sends_and_waits_for_every_result(demo: Demo, tmp_path: Path) -> None:
    # The simulated carrier reports numbers ending in 0001 as undeliverable and refuses 0004.
    path = write_numbers(tmp_path / "Numbers.xlsx", [*US, "+12025550001", "+12025550004"])
    answer = demo.json(
        "send", str(path), "--application", "International Demo", "--template", "Maintenance", "--wait"
    )
    assert answer["status"] == "completed"
    assert answer["accepted"] == 42
    assert answer["successful"] == 40
    assert answer["failed"] == 2
    assert answer["sending"] == answer["uncertain"] == 0

    failed = tmp_path / "failed.xlsx"
    assert demo.json("results", str(answer["task"]), "--failed", "-o", str(failed))["numbers"] == 2
    again = read_rows(failed, columns=1)
    assert sorted(again["c0"]) == ["+12025550001", "+12025550004"]

    everything = tmp_path / "all.csv"
    assert demo.json("results", str(answer["task"]), "-o", str(everything))["numbers"] == 42
    assert "DELIVRD" in everything.read_text("utf-8-sig")


def test_mainland_needs_no_signature_name_when_one_fits(demo: Demo, tmp_path: Path) -> None:
    path = write_numbers(tmp_path / "Numbers.xlsx", ["13112340101", "8613112340102"])
    answer = demo.json(
        "send", str(path), "--application", "Mainland Demo", "--template", "维护通知", "--wait"
    )
    assert answer["successful"] == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--application", "None", "--template", "Maintenance"), "no usable application 'None'"),
        (("--application", "International Demo", "--template", "None"), "no usable template 'None'"),
        (
            ("--application", "International Demo", "--template", "Maintenance", "--at", "2020-01-01T10:00"),
            "future",
        ),
        (("--application", "International Demo", "--template", "Maintenance", "--at", "soon"), "not a time"),
        (("--application", "International Demo", "--template", "Maintenance", "--as", "nobody"), "nobody"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_nothing_is_created(
    demo: Demo, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    path = write_numbers(tmp_path / "Numbers.xlsx", US)
    done = demo.run("send", str(path), *arguments)
    assert done.returncode == 3, done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_without_a_valid_number_is_refused(demo: Demo, tmp_path: Path) -> None:
    path = write_numbers(tmp_path / "Numbers.xlsx", ["12345", "abc"])
    done = demo.run("send", str(path), "--application", "International Demo", "--template", "Maintenance")
    assert done.returncode == 3
    assert "Submission request failed." in done.stderr


def test_results_of_a_task_that_is_not_there(demo: Demo, tmp_path: Path) -> None:
    done = demo.run("results", "999999", "-o", str(tmp_path / "x.xlsx"))
    assert done.returncode == 3
    assert not list(tmp_path.iterdir())


def test_doctor_finds_everything_running(demo: Demo) -> None:
    answer = demo.json("doctor")
    assert all(finding["fine"] for finding in answer.values()), answer


def test_creates_an_administrator_once(demo: Demo) -> None:
    arguments = (
        "createadmin",
        "--username",
        "second",
        "--account",
        "Second",
        "--password",
        "correct horse 9",
    )
    assert demo.run(*arguments).returncode == 0
    again = demo.run(*arguments)
    assert again.returncode == 3
    assert "This user name is taken." in again.stderr
    weak = demo.run("createadmin", "--username", "third", "--account", "Second", "--password", "12345")
    assert weak.returncode == 3
