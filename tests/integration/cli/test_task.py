"""Tasks by command: sent, listed, shown, moved; results written; and whose they are."""

from __future__ import annotations

import errno
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from tests.rig.shell import Shell

if TYPE_CHECKING:
    from tests.rig.desk import Desk
    from tests.rig.paper_mill import Mill

pytestmark = pytest.mark.django_db
AS = ("--as", "sender")
COUNTERS = ("successful", "failed", "sending", "uncertain", "waiting", "not_sent")


class TestTasks:
    def test_listed_newest_first_by_name_status_and_page(self, shell: Shell, desk: Desk) -> None:
        first, second = desk.task(name="Spring"), desk.task(name="Autumn")
        assert [row["id"] for row in shell.answer("task", "list", *AS)] == [second.pk, first.pk]
        assert [row["id"] for row in shell.answer("task", "list", "--name", "spr", *AS)] == [first.pk]
        assert shell.answer("task", "list", "--status", "canceled", *AS) == []
        page = shell.run("task", "list", "--limit", "1", *AS)
        assert "Autumn" in page.stdout
        assert f"--below {second.pk}" in page.stderr
        assert "Spring" in shell.say("task", "list", "--below", second.pk, *AS)

    def test_shown_with_counters_that_add_up(self, shell: Shell, desk: Desk) -> None:
        task = desk.task(3)
        told = shell.answer("task", "show", task.pk, *AS)
        assert told["accepted"] == 3
        assert told["accepted"] == sum(told[key] for key in COUNTERS)
        assert told["waiting"] == 3
        assert "accepted" in shell.say("task", "show", task.pk, *AS)

    def test_canceled_and_deleted(self, shell: Shell, desk: Desk) -> None:
        from sendmill.tasks.models import Task

        task = desk.scheduled_task(timezone.now() + timedelta(hours=1))
        assert "Only a canceled task" in shell.refuse("task", "delete", task.pk, "--yes", *AS)
        canceled = shell.answer("task", "cancel", task.pk, *AS)
        assert (canceled["status"], canceled["reason"]) == ("canceled", "Canceled by a member.")
        assert "Only a pending task" in shell.refuse("task", "cancel", task.pk, *AS)
        assert shell.run("task", "delete", task.pk, *AS, typed="n\n").exit_code == 1
        assert shell.answer("task", "delete", task.pk, "--yes", *AS)["deleted"] == task.pk
        assert not Task.objects.exists()

    def test_too_late_to_cancel(self, shell: Shell, desk: Desk) -> None:
        task = desk.scheduled_task(timezone.now() + timedelta(minutes=4))
        assert "5 minutes" in shell.refuse("task", "cancel", task.pk, *AS)

    def test_paused_and_resumed(self, shell: Shell, desk: Desk) -> None:
        task = desk.task()
        assert shell.answer("task", "pause", task.pk, *AS)["paused"] is True
        assert "executing, paused" in shell.say("task", "show", task.pk, *AS)
        assert "goes on" in shell.say("task", "resume", task.pk, *AS)
        waiting = desk.scheduled_task(timezone.now() + timedelta(hours=1))
        assert "being executed" in shell.refuse("task", "pause", waiting.pk, *AS)

    def test_ended_while_it_stands_still(self, shell: Shell, desk: Desk) -> None:
        from sendmill.worker import jobs

        task = desk.task()
        assert "Pause it first" in shell.refuse("task", "end", task.pk, "--yes", *AS)
        shell.say("task", "pause", task.pk, *AS)
        assert shell.run("task", "end", task.pk, *AS, typed="n\n").exit_code == 1
        assert shell.answer("task", "show", task.pk, *AS)["ending"] is False
        assert shell.answer("task", "end", task.pk, "--yes", *AS)["ending"] is True
        jobs.end_unsent.func(task_id=task.pk)
        assert shell.answer("task", "show", task.pk, *AS)["not_sent"] == 3
        shown = shell.say("task", "show", task.pk, *AS)
        assert "executing, ending" in shown
        assert "not sent" in shown
        assert "nothing more of it is sent" in shell.say("task", "end", task.pk, "--yes", *AS)
        assert "ended" in shell.refuse("task", "resume", task.pk, *AS)

    def test_of_a_canceled_task_nothing_was_sent(self, shell: Shell, desk: Desk) -> None:
        task = desk.scheduled_task(timezone.now() + timedelta(hours=1))
        assert shell.answer("task", "show", task.pk, *AS)["waiting"] == 3
        told = shell.answer("task", "cancel", task.pk, *AS)
        assert [told[key] for key in COUNTERS] == [0, 0, 0, 0, 0, 3]

    def test_a_viewer_only_looks(self, shell: Shell, desk: Desk) -> None:
        task = desk.scheduled_task(timezone.now() + timedelta(hours=1))
        viewer = (task.pk, "--as", "viewer")
        assert shell.answer("task", "show", *viewer)["id"] == task.pk
        for step in ("cancel", "pause", "resume"):
            assert "Your role" in shell.refuse("task", step, *viewer), step
        for step in ("delete", "end"):
            assert "Your role" in shell.refuse("task", step, "--yes", *viewer), step

    def test_a_stranger_finds_no_task(self, shell: Shell, desk: Desk, neighbour: Mill) -> None:
        task = desk.task()
        sentence = f"There is no task {task.pk} in the account “neighbour”."
        for words in (("show",), ("cancel",), ("pause",), ("resume",), ("delete", "--yes")):
            assert sentence in shell.refuse("task", *words, task.pk, "--as", "neighbour-admin"), words
            assert f"no task {task.pk + 1}" in shell.refuse("task", *words, task.pk + 1), words

    def test_results_are_written_for_members_of_the_account(
        self, shell: Shell, desk: Desk, neighbour: Mill, tmp_path: Path
    ) -> None:
        task = desk.task(3)
        path = tmp_path / "all.CSV"
        assert shell.answer("results", task.pk, "-o", path, *AS)["numbers"] == 3
        assert path.read_text("utf-8-sig").count("+4915") == 3
        assert "There is no task" in shell.refuse("results", task.pk, "-o", path, "--as", "neighbour-admin")
        assert "role" in shell.refuse("results", task.pk, "-o", path, "--as", "viewer")
        assert ".xlsx or .csv" in shell.refuse("results", task.pk, "-o", tmp_path / "all.txt", *AS)
        assert "cannot be written" in shell.refuse(
            "results", task.pk, "-o", tmp_path / "none" / "all.csv", *AS, status=1
        )
        assert [one.name for one in tmp_path.iterdir() if one.suffix == ".part"] == []

    def test_results_that_are_no_longer_kept_are_no_empty_file(
        self, shell: Shell, desk: Desk, tmp_path: Path
    ) -> None:
        from sendmill.message_store.queries.bulk_import import delete_task_rows

        task = desk.task(3)
        delete_task_rows(task.pk)
        for more in ((), ("--failed",)):
            said = shell.refuse("results", task.pk, *more, "-o", tmp_path / "all.csv", *AS)
            assert "The messages of this task are no longer kept" in said
        assert list(tmp_path.glob("all*")) == []

    def test_deleted_rows_are_written_with_their_reasons(
        self, shell: Shell, desk: Desk, tmp_path: Path
    ) -> None:
        task = desk.task(text="number\n+4915100000001\n123\n")
        path = tmp_path / "deleted.csv"
        assert shell.answer("results", task.pk, "--deleted", "-o", path, *AS)["numbers"] == 1
        assert "needs + and country code" in path.read_text("utf-8-sig")
        assert "Choose one" in shell.refuse("results", task.pk, "--deleted", "--failed", "-o", path, *AS)

    def test_uncertain_messages_are_settled(self, shell: Shell, desk: Desk) -> None:
        from tests.rig.desk import FIRST, finish_chunks, report

        from sendmill.domain.results import Result

        task = desk.task(4)
        finish_chunks(task)
        report(task, Result.SENDING, [3])
        report(task, Result.UNCERTAIN, [0, 1, 2])
        words = ("task", "settle", task.pk)
        assert shell.run(*words, "failed", *AS, typed="n\n").exit_code == 1
        told = shell.answer(*words, "failed", "--number", f"+{FIRST + 1}", "--yes", *AS)
        assert told == {"task": task.pk, "settled": 1, "choice": "failed"}
        assert "2 messages are sent again" in shell.say(*words, "resend", "--yes", *AS)
        counted = shell.answer("task", "show", task.pk, *AS)
        assert (counted["failed"], counted["waiting"], counted["uncertain"]) == (1, 2, 0)
        assert "role" in shell.refuse(*words, "failed", "--yes", "--as", "viewer")
        assert "failed" in shell.refuse(*words, "forget", *AS, status=2)


class TestSend:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "Numbers.csv"
        path.write_text("Number\n+12025550123\n+12025550124\n12025550125\n")
        return path

    @pytest.fixture(autouse=True)
    def _files(self, settings: object, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined]

    @pytest.fixture(autouse=True)
    def _prices(self, mill: Mill) -> None:
        """Nothing is sent without a price; these cost nothing, so no balance is needed."""
        from sendmill.billing.price_list import set_price

        for kind in ("notification", "verification"):
            set_price(
                mill.admin,
                service_type=kind,
                region="*",
                price=Decimal(0),
                valid_from=date(2024, 1, 1),
            )

    @pytest.fixture
    def worker(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        """A worker by the look of it, whose checks are done at once."""
        from django.db import connection

        from sendmill.jobs import deferral
        from sendmill.tasks import file_check

        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        monkeypatch.setattr(deferral.CHECK_DRAFT, "defer", file_check.check_draft)

    def test_a_task_is_made(self, shell: Shell, mill: Mill, file: Path, worker: None) -> None:
        from sendmill.tasks.models import Task

        mill.template()
        told = shell.answer("send", file, "--application", "Abroad", "--template", "Notice")
        assert (told["accepted"], told["invalid"], told["status"]) == (2, 1, "executing")
        assert Task.objects.get(pk=told["task"]).name == "Numbers"
        assert "2 numbers, executing" in shell.say(
            "send", file, "--application", "Abroad", "--template", "Notice"
        )

    def test_one_signature_name_of_two_types_fits_by_the_template(
        self, shell: Shell, mill: Mill, file: Path, worker: None
    ) -> None:
        from sendmill.tasks.models import Task

        file.write_text("Number\n13112345678\n")
        mill.signature(type="verification")
        mill.template("休息", content="今天休息", signature=mill.signature())
        words = ("send", file, "--application", "Home", "--template", "休息")
        for told in (shell.answer(*words), shell.answer(*words, "--signature", "纸坊")):
            assert Task.objects.get(pk=told["task"]).signature.type == "notification"

    def test_waiting_needs_a_sender(self, shell: Shell, mill: Mill, file: Path, worker: None) -> None:
        from sendmill.tasks.models import Task

        mill.template()
        words = ("send", file, "--application", "Abroad", "--template", "Notice", "--wait")
        assert "None runs" in shell.refuse(*words, status=4)
        assert not Task.objects.exists()

    def test_a_full_disk_is_not_the_fault_of_the_file(
        self, shell: Shell, mill: Mill, file: Path, worker: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from django.core.files.storage import FileSystemStorage

        def full(*_: object) -> str:
            raise OSError(errno.ENOSPC, "No space left on device")

        mill.template()
        monkeypatch.setattr(FileSystemStorage, "_save", full)
        said = shell.refuse("send", file, "--application", "Abroad", "--template", "Notice")
        assert "The disk of the server is full" in said
        assert "cannot be read" not in said

    def test_nothing_works_without_a_worker(self, shell: Shell, mill: Mill, file: Path) -> None:
        mill.template()
        words = ("send", file, "--application", "Abroad", "--template", "Notice")
        assert "No worker runs" in shell.refuse(*words, status=4)

    def test_an_empty_list_says_why_as_the_form_does(
        self, shell: Shell, mill: Mill, file: Path, worker: None
    ) -> None:
        from sendmill.catalog import association, carriers, review

        abroad = ("send", file, "--application", "Abroad", "--template", "Notice")
        home = ("send", file, "--application", "Home", "--template", "Notice")
        assert str(association.templates(mill.international, None).reason) in shell.refuse(*abroad)
        sentence = shell.refuse(*home)
        assert str(association.signatures(mill.mainland).reason) in sentence
        assert "sendmill signature list" in sentence
        template = mill.template()
        review.deactivate(mill.reviewer, template)
        assert "Template “Notice” is deactivated." in shell.refuse(*abroad)
        review.activate(mill.reviewer, template)
        assert "Leave it empty" in shell.refuse(*abroad, "--signature", "纸坊")
        carriers.edit(mill.admin, mill.carrier, enabled=False)
        assert "is switched off" in shell.refuse(*abroad)

    def test_a_named_signature_or_template_says_what_it_lacks(
        self, shell: Shell, mill: Mill, file: Path, worker: None
    ) -> None:
        from sendmill.catalog import review, signatures

        usable = mill.signature()
        draft = signatures.create(mill.sender, mill.mainland, name="坊纸", type="notification")
        home = ("send", file, "--application", "Home", "--template", "Notice")
        assert "Signature “坊纸” is not approved." in shell.refuse(*home, "--signature", "坊纸")
        review.approve(mill.reviewer, review.submit(mill.sender, draft))
        assert "has no channel number" in shell.refuse(*home, "--signature", "坊纸")
        review.set_channel_number(mill.reviewer, draft, "10690003")
        mill.template("Notice", content="休息", signature=usable)
        assert "belongs to another signature" in shell.refuse(*home, "--signature", "坊纸")

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("--as", "mill-viewer"), "Your role does not allow this."),
            (("--at", "2020-01-01T10:00"), "future"),
            (("--at", "soon"), "not a time"),
            (("--name", "x" * 65), "at most 64 characters"),
        ],
    )
    def test_refused_with_the_reason(
        self, shell: Shell, mill: Mill, file: Path, worker: None, words: tuple[str, ...], sentence: str
    ) -> None:
        from sendmill.tasks.models import Draft

        mill.template()
        said = shell.refuse("send", file, "--application", "Abroad", "--template", "Notice", *words)
        assert sentence in said
        assert not Draft.objects.exists()


class TestCheck:
    def test_what_is_in_a_cell_steers_neither_the_layout_nor_the_terminal(
        self, shell: Shell, tmp_path: Path
    ) -> None:
        path = tmp_path / "Numbers.csv"
        path.write_text('Number\n"[/] [red]hi"\n"\x1b[31mred\x07"\n+12025550123\n')
        said = shell.say("check", path)
        assert "[/] [red]hi" in said
        assert "\x1b[31m" not in said
        assert "\x07" not in said
        assert shell.answer("check", path)["invalid"] == 2

    def test_a_type_that_is_none_is_wrong_usage(self, shell: Shell, tmp_path: Path) -> None:
        assert "international" in shell.refuse("check", tmp_path / "a.csv", "--type", "lunar", status=2)

    def test_for_an_application_and_a_template_the_cost_is_told(
        self, shell: Shell, desk: Desk, tmp_path: Path
    ) -> None:
        from sendmill.billing import ledger, packages

        path = tmp_path / "Numbers.csv"
        path.write_text("Number\n+4915100000001\n+4915100000002\n+4479\n")
        words = ("check", path, "--application", "World", "--template", "plain", *AS)
        packages.grant(desk.account, 1, name="Gift")
        told = shell.answer(*words)
        assert (told["accepted"], told["invalid"], told["parts"]) == (2, 1, 2)
        assert told["cost"] == {
            "parts": 2,
            "total": "0.02",
            "prepaid": 1,
            "due": "0.01",
            "available": "1000",
            "left": "999.99",
            "currency": "USD",
        }
        said = shell.say(*words)
        assert "1 parts by the package “Gift” and 0.01 USD of the balance; 999.99 USD of 1000 stay." in said
        ledger.withdraw(desk.account, ledger.standing(desk.account).available)
        assert "The balance is too low" in shell.run(*words).stderr
        assert shell.run(*words).exit_code == 3
        assert "Name both" in shell.refuse("check", path, "--application", "World")
        assert shell.answer("check", path)["cost"] is None

    def test_its_own_check_takes_every_value(self, shell: Shell, tmp_path: Path) -> None:
        path = tmp_path / "Numbers.csv"
        path.write_text("Number,a,b\n+4915100000001,one,two\n+4915100000002,one,\n")
        told = shell.answer("check", path, "--variables", 2)
        assert (told["accepted"], told["unfit"]) == (1, 1)


def test_released_by_command(shell: Shell, desk: Desk) -> None:
    from tests.rig.refusing import refuse

    from sendmill.message_store.queries import breakers

    task = desk.task()
    refuse(task)
    assert shell.answer("carrier", "show", "Carrier", *AS)["tasks_refused"] == 1
    assert "goes on: the carrier is tried again" in shell.say("task", "release", task.pk, *AS)
    assert shell.answer("task", "release", task.pk, *AS)["id"] == task.pk
    assert breakers.of_tasks([task.pk]) == []
