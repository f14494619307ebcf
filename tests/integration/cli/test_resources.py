"""Applications, signatures, templates and carriers by command: done, refused, and by whom."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.rig.shell import Shell

if TYPE_CHECKING:
    from tests.rig.paper_mill import Mill

pytestmark = pytest.mark.django_db


class TestApplications:
    def test_created_with_a_secret_that_works_and_is_not_told_again(self, shell: Shell, mill: Mill) -> None:
        from sendmill.accounts.models import AuditEntry
        from sendmill.catalog.applications import authenticate

        made = shell.answer("application", "create", "Shop", "--type", "mainland", "--carrier", "Line")
        application = authenticate(made["app_key"], made["app_secret"])
        assert application is not None
        assert (application.name, application.carrier, application.add_86) == ("Shop", mill.carrier, True)
        told = shell.say("application", "list") + shell.say("application", "list", "--json")
        assert made["app_key"] in told
        assert made["app_secret"] not in told + str(list(AuditEntry.objects.values()))

    def test_a_person_reads_key_and_secret_once(self, shell: Shell, mill: Mill) -> None:
        done = shell.run("application", "create", "Shop", "--type", "international")
        assert "app secret  " in done.stdout
        assert "not shown again" in done.stderr
        assert "has no carrier yet" in done.stderr

    def test_listed_by_type_and_text(self, shell: Shell, mill: Mill) -> None:
        assert [row["name"] for row in shell.answer("application", "list")] == ["Home", "Abroad"]
        assert [row["name"] for row in shell.answer("application", "list", "--type", "mainland")] == ["Home"]
        assert [row["name"] for row in shell.answer("application", "list", "--search", "abr")] == ["Abroad"]

    def test_changed_as_named_and_no_more(self, shell: Shell, mill: Mill) -> None:
        changed = shell.answer("application", "edit", "Abroad", "--rename", "World", "--sender-id", "Mill")
        assert (changed["name"], changed["sender_id"], changed["carrier"]) == ("World", "Mill", "Line")
        assert "was changed" in shell.say("application", "edit", "World", "--delete-unusual")
        assert "Nothing to change" in shell.refuse("application", "edit", "World")

    def test_a_new_secret_ends_the_old_one_after_a_question(self, shell: Shell, mill: Mill) -> None:
        from sendmill.catalog.applications import authenticate

        first = shell.answer("application", "rotate-secret", "Home", "--yes")
        assert shell.run("application", "rotate-secret", "Home", typed="n\n").exit_code == 1
        assert authenticate(first["app_key"], first["app_secret"]) == mill.mainland
        shell.say("application", "rotate-secret", "Home", typed="y\n")
        assert authenticate(first["app_key"], first["app_secret"]) is None

    def test_deleted_unless_something_needs_it(self, shell: Shell, mill: Mill) -> None:
        mill.template()
        assert "cannot be deleted" in shell.refuse("application", "delete", "Abroad", "--yes")
        assert shell.answer("application", "delete", "Home", "--yes") == {
            "deleted": mill.mainland.pk,
            "name": "Home",
        }

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("create", "Home", "--type", "mainland"), "already has an application named “Home”"),
            (
                ("create", "New", "--type", "mainland", "--carrier", "None"),
                "There is no carrier “None”. There are: Line",
            ),
            (
                ("create", "New", "--type", "mainland", "--sender-id", "Mill"),
                "channel number of their signature",
            ),
            (("edit", "None", "--rename", "New"), "There is no application “None”. There are: Abroad, Home."),
            (("delete", "None", "--yes"), "There is no application “None”"),
        ],
    )
    def test_refused_with_the_reason(
        self, shell: Shell, mill: Mill, words: tuple[str, ...], sentence: str
    ) -> None:
        assert sentence in shell.refuse("application", *words)


class TestSignatures:
    def test_from_draft_to_channel_number(self, shell: Shell, mill: Mill) -> None:
        made = shell.answer("signature", "create", "纸坊", "--application", "Home", "--type", "notification")
        assert made["state"] == "draft"
        assert "waits for review" in shell.say("signature", "submit", "纸坊")
        assert "is a draft again" in shell.say("signature", "withdraw", "纸坊")
        shell.say("signature", "submit", made["id"])
        rejected = shell.answer("signature", "reject", "纸坊", "--reason", "Whose is it?")
        assert (rejected["state"], rejected["reason"]) == ("rejected", "Whose is it?")
        edited = shell.answer("signature", "edit", "纸坊", "--rename", "纸坊店")
        assert (edited["state"], edited["name"]) == ("pending", "纸坊店")
        approved = shell.run("signature", "approve", "纸坊店")
        assert "set-channel" in approved.stderr
        done = shell.answer("signature", "set-channel", "纸坊店", "10690001")
        assert done["channel_number"] == "10690001"
        assert "纸坊店" in shell.say("signature", "list", "--state", "approved")

    def test_submitted_at_once_and_approved_with_its_number(self, shell: Shell, mill: Mill) -> None:
        shell.say("signature", "create", "纸坊", "--application", "Home", "--type", "promotion", "--submit")
        approved = shell.answer("signature", "approve", "纸坊", "--channel-number", "10690002")
        assert (approved["state"], approved["channel_number"]) == ("approved", "10690002")

    def test_one_name_of_two_types_is_told_apart(self, shell: Shell, mill: Mill) -> None:
        for kind in ("promotion", "notification"):
            shell.say("signature", "create", "纸坊", "--application", "Home", "--type", kind)
        sentence = shell.refuse("signature", "submit", "纸坊")
        assert "several signatures" in sentence
        assert "promotion of Home" in sentence
        assert shell.answer("signature", "submit", "纸坊", "--type", "promotion")["type"] == "promotion"
        assert (
            shell.answer("signature", "delete", "纸坊", "--type", "notification", "--yes")["name"] == "纸坊"
        )

    def test_an_empty_list_says_why_as_the_form_does(self, shell: Shell, mill: Mill) -> None:
        from sendmill.catalog import association

        def reason() -> str:
            done = shell.run("signature", "list", "--application", "Home", "--usable")
            assert (done.exit_code, done.stdout) == (0, "")
            assert str(association.signatures(mill.mainland).reason) in done.stderr
            return done.stderr

        assert "has no signature" in reason()
        shell.say("signature", "create", "纸坊", "--application", "Home", "--type", "promotion", "--submit")
        assert "1 waiting for review" in reason()
        shell.say("signature", "approve", "纸坊")
        assert "channel number" in reason()
        shell.say("signature", "set-channel", "纸坊", "10690001")
        usable = shell.answer("signature", "list", "--application", "Home", "--usable")
        assert [row["name"] for row in usable] == ["纸坊"]
        assert "Name the --application" in shell.refuse("signature", "list", "--usable")

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("create", "12", "--application", "Home", "--type", "promotion"), "digits"),
            (
                ("create", "纸坊", "--application", "Abroad", "--type", "promotion"),
                "Only mainland applications",
            ),
            (("approve", "坊纸"), "It is a draft, so it cannot be approved. Submit it first."),
            (("edit", "坊纸", "--rename", "纸"), "It is a draft, so it cannot be edited."),
            (("edit", "坊纸"), "Nothing to change"),
            (("set-channel", "坊纸", "10690001"), "cannot be given a channel number"),
            (("set-channel", "坊纸", "1"), "3–20 digits"),
            (("reject", "坊纸", "--reason", " "), "needs a reason"),
            (("withdraw", "坊纸"), "cannot be withdrawn"),
            (("submit", "没有"), "There is no signature “没有”. There are: 坊纸."),
        ],
    )
    def test_refused_with_the_reason(
        self, shell: Shell, mill: Mill, words: tuple[str, ...], sentence: str
    ) -> None:
        shell.say("signature", "create", "坊纸", "--application", "Home", "--type", "notification")
        assert sentence in shell.refuse("signature", *words)

    def test_an_approved_one_stays(self, shell: Shell, mill: Mill) -> None:
        mill.signature()
        assert "a signature stays" in shell.refuse("signature", "delete", "纸坊", "--yes")


class TestTemplates:
    def test_from_draft_to_activated_and_back(self, shell: Shell, mill: Mill) -> None:
        made = shell.answer(
            "template", "create", "Closed", "--application", "Abroad", "--type", "notification",
            "--content", "We are closed on ${DATE}.",
        )  # fmt: skip
        assert (made["state"], made["active"]) == ("draft", False)
        assert shell.answer("template", "submit", "Closed")["state"] == "pending"
        assert shell.answer("template", "withdraw", "Closed")["state"] == "draft"
        shell.say("template", "submit", "Closed")
        shell.say("template", "reject", "Closed", "--reason", "Since when?")
        edited = shell.answer("template", "edit", "Closed", "--content", "Closed from ${DATE} on.")
        assert (edited["state"], edited["content"]) == ("draft", "Closed from ${DATE} on.")
        shell.say("template", "submit", "Closed")
        assert "approved and activated" in shell.say("template", "approve", "Closed")
        assert shell.answer("template", "deactivate", "Closed")["active"] is False
        assert "approved, deactivated" in shell.say("template", "list")
        assert shell.answer("template", "activate", "Closed")["active"] is True
        assert "once it is deactivated" in shell.refuse("template", "delete", "Closed", "--yes")
        shell.say("template", "deactivate", "Closed")
        assert "was deleted" in shell.say("template", "delete", "Closed", "--yes")

    def test_mainland_ones_belong_to_a_signature_or_are_universal(self, shell: Shell, mill: Mill) -> None:
        mill.signature()
        common = ("--application", "Home", "--type", "notification")
        own = shell.answer(
            "template", "create", "Own", *common, "--content", "包裹${1}已发出", "--attribute", "1=chardigit",
            "--signature", "纸坊", "--submit",
        )  # fmt: skip
        assert (own["signature"], own["attributes"], own["state"]) == ("纸坊", {"1": "CHARDIGIT"}, "pending")
        every = shell.answer("template", "create", "Every", *common, "--content", "已发出", "--universal")
        assert (every["signature"], every["universal"]) == (None, True)
        switched = shell.answer("template", "edit", "Every", "--signature", "纸坊")
        assert (switched["signature"], switched["universal"]) == ("纸坊", False)
        assert shell.answer("template", "edit", "Every", "--universal")["signature"] is None

    def test_content_comes_from_a_file_too(self, shell: Shell, mill: Mill, tmp_path: Path) -> None:
        path = tmp_path / "text.txt"
        path.write_text("\ufeffFirst line\nsecond line\n")
        common = ("--application", "Abroad", "--type", "notification")
        made = shell.answer("template", "create", "Two", *common, "--content-file", path)
        assert made["content"] == "First line\nsecond line"
        path.write_bytes(b"\xff\xfe")
        assert "not UTF-8" in shell.refuse("template", "edit", "Two", "--content-file", path)
        assert "No such file" in shell.refuse("template", "edit", "Two", "--content-file", tmp_path / "none")
        both = ("--content", "a", "--content-file", path)
        assert "not both" in shell.refuse("template", "edit", "Two", *both)

    def test_shown_with_example_length_and_what_forces_the_encoding(self, shell: Shell, mill: Mill) -> None:
        mill.template(content="Caf\u0101 is closed")
        shown = shell.say("template", "show", "Notice")
        assert "1 part in UCS2, because of “ā”" in shown
        assert "approved, activated" in shown
        mill.template("Home notice", content="今天休息", universal=True)
        assert "【签名】今天休息" in shell.say("template", "show", "Home notice")
        assert shell.answer("template", "show", "Notice")["content"].startswith("Caf")

    def test_one_name_in_two_applications_is_told_apart(self, shell: Shell, mill: Mill) -> None:
        mill.template()
        mill.template(content="休息", universal=True)
        assert "of Abroad" in shell.refuse("template", "show", "Notice")
        assert shell.answer("template", "show", "Notice", "--application", "Home")["universal"] is True

    def test_an_empty_list_says_why_as_the_form_does(self, shell: Shell, mill: Mill) -> None:
        from sendmill.catalog import association, review

        def reason() -> str:
            done = shell.run("template", "list", "--application", "Abroad", "--usable")
            assert (done.exit_code, done.stdout) == (0, "")
            assert str(association.templates(mill.international, None).reason) in done.stderr
            return done.stderr

        assert "has no template" in reason()
        template = mill.template()
        assert shell.answer("template", "list", "--application", "Abroad", "--usable")[0]["name"] == "Notice"
        review.deactivate(mill.reviewer, template)
        assert "deactivated" in reason()
        mill.signature()
        done = shell.run("template", "list", "--application", "Home", "--usable", "--signature", "纸坊")
        assert "has no template" in done.stderr
        done = shell.run("template", "list", "--application", "Home", "--usable")
        assert "need a signature" in done.stderr

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("create", "New", "--application", "Abroad", "--type", "notification"), "needs its text"),
            (("create", "New", "--application", "Abroad", "--type", "promotion", "--content", "Buy"), "opt"),
            (("create", "New", "--application", "Abroad", "--type", "notification", "--content", "【a】"), "must not"),
            (("create", "New", "--application", "Home", "--type", "notification", "--content", "a"), "universal"),
            (
                ("create", "New", "--application", "Home", "--type", "notification", "--content", "a${1}",
                 "--attribute", "PHONE"),
                "write it like 1=PHONE",
            ),
            (("edit", "Notice", "--content", "Other"), "It is approved, so it cannot be edited."),
            (("edit", "Notice"), "Nothing to change"),
            (("submit", "Notice"), "cannot be submitted"),
            (("approve", "None"), "There is no template “None”. There are: Notice."),
        ],
    )  # fmt: skip
    def test_refused_with_the_reason(
        self, shell: Shell, mill: Mill, words: tuple[str, ...], sentence: str
    ) -> None:
        mill.template()
        assert sentence in shell.refuse("template", *words)


class TestCarriers:
    def test_created_changed_switched_and_deleted(
        self, shell: Shell, mill: Mill, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from sendmill.catalog.models import Carrier

        monkeypatch.setenv("SENDMILL_CARRIER_PASSWORD", "hunter2")
        made = shell.answer("carrier", "create", "Second", "--host", "h", "--system-id", "s", "--rate", "50")
        assert Carrier.objects.get(pk=made["id"]).password == "hunter2"
        monkeypatch.setenv("SENDMILL_CARRIER_PASSWORD", "of another carrier")
        changed = shell.answer("carrier", "edit", "Second", "--rename", "Third", "--source-ton", "5", "--tls")
        assert (changed["name"], changed["source_ton"], changed["tls"]) == ("Third", 5, True)
        assert shell.answer("carrier", "edit", "Third", "--source-ton", "-1")["source_ton"] is None
        words = ("--registered-delivery", "failures", "--validity-minutes", "60", "--service-type", "CMT")
        asked = shell.answer("carrier", "edit", "Third", *words, "--match-by-id-alone")
        assert (asked["registered_delivery"], asked["validity_minutes"]) == ("failures", 60)
        assert (asked["service_type"], asked["match_by_id_alone"]) == ("CMT", True)
        refused = shell.refuse("carrier", "edit", "Third", "--port", "0", status=2)
        assert "greater than or equal to 1" in refused
        assert "binds lies between" in shell.refuse("carrier", "edit", "Third", "--binds", "0")
        assert "Nothing to change" in shell.refuse("carrier", "edit", "Third")
        assert Carrier.objects.get(pk=made["id"]).password == "hunter2"
        shell.say("carrier", "edit", "Third", "--password", "hunter3")
        assert Carrier.objects.get(pk=made["id"]).password == "hunter3"
        assert shell.answer("carrier", "disable", "Third")["enabled"] is False
        assert shell.answer("carrier", "enable", "Third")["enabled"] is True
        listed = shell.say("carrier", "list") + shell.say("carrier", "list", "--json")
        assert "Third" in listed
        assert "hunter" not in listed
        assert shell.answer("carrier", "delete", "Third", "--yes") == {"deleted": made["id"], "name": "Third"}

    def test_a_real_bind_and_its_answer_in_words(self, shell: Shell, mill: Mill, carrier_port: int) -> None:
        common = ("--host", "127.0.0.1", "--port", carrier_port, "--system-id", "demo")
        shell.say("carrier", "create", "Good", *common, "--password", "demo")
        shell.say("carrier", "create", "Bad", *common, "--password", "wrong")
        assert shell.answer("carrier", "test", "Good")["sentence"].startswith("Bound to 127.0.0.1")
        assert "Bound to" in shell.say("carrier", "test", "Good")
        assert "password" in shell.refuse("carrier", "test", "Bad", status=1).lower()
        shell.say("carrier", "edit", "Good", "--port", "1")
        assert "127.0.0.1:1" in shell.refuse("carrier", "test", "Good", status=1)

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("create", "Line", "--host", "h", "--system-id", "s"), "already has a carrier named “Line”"),
            (("create", "New", "--host", "h", "--system-id", "s", "--window", "0"), "window lies between"),
            (("edit", "Line"), "Nothing to change"),
            (("delete", "Line", "--yes"), "Switch it off instead"),
            (("test", "None"), "There is no carrier “None”"),
        ],
    )
    def test_refused_with_the_reason(
        self, shell: Shell, mill: Mill, words: tuple[str, ...], sentence: str
    ) -> None:
        assert sentence in shell.refuse("carrier", *words)
