"""Balance, ledger, packages, budgets and prices, as pages answer them."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.rig.scenes import Account, Member, Scene

from sendmill.accounts.models import AuditEntry, Role
from sendmill.billing import ledger, price_list
from sendmill.billing.models import Budget, LedgerEntry, Package, Price

pytestmark = pytest.mark.django_db


def url(name: str, **parts: object) -> str:
    return reverse(f"console:{name}", kwargs=parts)


@pytest.fixture
def admin(client: Client, scene: Scene) -> Client:
    client.force_login(scene.members[Role.ADMIN])
    return client


@pytest.fixture
def viewer(scene: Scene) -> Client:
    other = Client()
    other.force_login(scene.members[Role.VIEWER])
    return other


def shown(client: Client, name: str, query: str = "", **parts: object) -> str:
    response = client.get(url(name, **parts) + query)
    assert response.status_code == 200
    return response.content.decode()


def lines(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_the_figures_add_up_and_name_what_is_reserved(viewer: Client, scene: Scene) -> None:
    page = shown(viewer, "billing")
    standing = ledger.standing(scene.account)
    assert f"{standing.available:,.4f}" in page
    assert f"{standing.held:,.4f}" in page
    reserved = page[page.index("Reserved for</h2>") :]
    assert url("task", pk=scene.tasks["executing"].pk) in reserved
    assert "Guests_Week49" in reserved
    assert 'id="move"' not in page


def test_an_adjustment_needs_a_reason_and_is_in_the_ledger_and_the_audit_log(
    admin: Client, scene: Scene
) -> None:
    before = ledger.standing(scene.account).amount
    form = {"move": "top_up", "amount": "1,200.50", "note": ""}
    refused = admin.post(url("billing-move"), form)
    assert refused.status_code == 422
    assert "Say what it is for" in refused.content.decode()
    assert ledger.standing(scene.account).amount == before
    assert admin.post(url("billing-move"), {**form, "note": "Invoice 9"}).url == url("billing")
    entry = LedgerEntry.objects.latest("id")
    assert (entry.amount, entry.note, entry.member) == (
        Decimal("1200.5"),
        "Invoice 9",
        scene.members[Role.ADMIN],
    )
    admin.post(url("billing-move"), {"move": "withdraw", "amount": "0.5", "note": "Typing error"})
    assert ledger.standing(scene.account).amount == before + 1200
    told = list(AuditEntry.objects.order_by("-id").values_list("action", "after__note")[:2])
    assert told == [("withdraw_money", "Typing error"), ("top_up", "Invoice 9")]
    assert "money taken out" in shown(admin, "audit")


@pytest.mark.parametrize("amount", ["", "lots", "0", "-1", "NaN", "1e999999", "0.0000001", "10000000"])
def test_what_is_no_amount_is_marked(admin: Client, amount: str) -> None:
    count = LedgerEntry.objects.count()
    response = admin.post(url("billing-move"), {"move": "withdraw", "amount": amount, "note": "x"})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert LedgerEntry.objects.count() == count


def test_the_ledger_is_filtered_by_kind_task_and_day(viewer: Client, scene: Scene) -> None:
    assert shown(viewer, "ledger").count("<tr>") == 1 + LedgerEntry.objects.count()
    assert shown(viewer, "ledger", "?kind=top_up").count("Top-up</span>") == 2
    task = scene.tasks["completed"].pk
    page = shown(viewer, "ledger", f"?task={task}")
    assert page.count("维护通知_11月") == page.count("<tr>") - 1 > 2
    tomorrow = timezone.now().date() + timedelta(days=2)
    assert "Nothing matches" in shown(viewer, "ledger", f"?from={tomorrow}")
    assert "Invoice 2031-0042" in shown(viewer, "ledger", f"?to={tomorrow}&from=nonsense&task=x&kind=y")


def test_the_ledger_is_paged_by_key(admin: Client, scene: Scene) -> None:
    for number in range(60):
        ledger.top_up(scene.account, Decimal(1), note=f"Number {number}")
    first = shown(admin, "ledger", "?kind=top_up")
    older = re.search(r'id="older" href="([^"]+)"', first)
    assert older is not None
    second = shown(admin, "ledger", older[1].replace("&amp;", "&"))
    assert "Number 59<" in first
    assert "Number 59<" not in second
    assert "Number 5<" in second
    assert 'id="newer"' in second


def test_the_ledger_file_holds_what_the_filters_leave_and_no_formula(admin: Client, scene: Scene) -> None:
    ledger.top_up(scene.account, Decimal(7), note="=HYPERLINK(1)")
    rows = lines(admin.get(url("ledger-file"), {"kind": "top_up"}))
    assert rows[0][:4] == ["Number", "Time (Asia/Shanghai)", "Kind", "Amount (USD)"]
    assert [row[3] for row in rows[1:]] == ["7", "1250.5", "1000000"]
    assert rows[1][-1] == "'=HYPERLINK(1)"
    everything = lines(admin.get(url("ledger-file")))
    assert len(everything) == 1 + LedgerEntry.objects.filter(account=scene.account).count()
    assert sum(Decimal(row[3]) for row in everything[1:]) == ledger.standing(scene.account).amount
    told = AuditEntry.objects.filter(action="download", after__what="ledger").earliest("id")
    assert told.after["filter"] == {"kind": "top_up"}


def test_a_package_is_added_and_listed(admin: Client, scene: Scene) -> None:
    form = {"name": "Spring", "parts": "1,000", "type": "promotion", "region": "us", "note": "Invoice 8"}
    admin.post(url("package-new"), {**form, "expires_at": "2099-01-01T09:30"})
    made = Package.objects.get(account=scene.account, name="Spring")
    assert (made.remaining, made.type, made.region) == (1000, "promotion", "US")
    assert f"{made.expires_at:%Y-%m-%d %H:%M}" == "2099-01-01 01:30"
    assert AuditEntry.objects.get(action="grant_package", object_id=made.pk).after["note"] == "Invoice 8"
    page = shown(admin, "packages", "?q=spring")
    assert "2099-01-01 09:30" in page
    assert "Notifications 2031" not in page
    Package.objects.filter(pk=made.pk).update(expires_at="2020-01-01T00:00Z")
    assert "expired" in shown(admin, "packages", "?q=spring")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("parts", "0"),
        ("parts", "many"),
        ("parts", "1.5"),
        ("region", "USA"),
        ("type", "news"),
        ("expires_at", "2020-01-01T00:00"),
        ("expires_at", "soon"),
    ],
)
def test_what_is_no_package_is_marked(admin: Client, field: str, value: str) -> None:
    count = Package.objects.count()
    form = {"parts": "5", "type": "*", "region": "", "expires_at": "", field: value}
    response = admin.post(url("package-new"), form)
    assert response.status_code == 422
    page = response.content.decode()
    marked = page[page.index(f'id="{field}-errors"') :]
    assert marked.index("field-error") < marked.index("</div>")
    assert Package.objects.count() == count


def test_a_budget_is_set_shown_and_taken_away(admin: Client, viewer: Client, scene: Scene) -> None:
    page = shown(viewer, "budgets")
    assert "alarm reached" in page
    assert "173.6316" in page
    assert "76.3684 left" in page
    assert url("budget-edit", scope="day") not in page
    assert admin.post(url("budget-edit", scope="month"), {"alarm": "", "stop": "9000"}).status_code == 302
    assert Budget.objects.get(account=scene.account, scope="month").stop == 9000
    for form, field in (
        ({"alarm": "5", "stop": "4"}, "alarm"),
        ({"alarm": "x"}, "alarm"),
        ({"stop": "-1"}, "stop"),
    ):
        refused = admin.post(url("budget-edit", scope="month"), form)
        assert refused.status_code == 422
        text = refused.content.decode()
        marked = text[text.index(f'id="{field}-errors"') :]
        assert marked.index("field-error") < marked.index("</div>")
    admin.post(url("budget-edit", scope="month"), {"alarm": "", "stop": ""})
    assert not Budget.objects.filter(account=scene.account, scope="month").exists()
    assert admin.get(url("budget-edit", scope="year")).status_code == 404


def test_the_price_list_tells_what_holds(admin: Client, viewer: Client, scene: Scene) -> None:
    page = shown(viewer, "prices", "?q=us&type=notification")
    assert re.findall(r"0\.00\d\d(?=<)", page) == ["0.0079", "0.0085"]
    assert page.count("In force</span>") == page.count("Coming</span>") == 1
    assert url("price-new") not in page
    price_list.set_price(
        scene.members[Role.ADMIN],
        service_type="notification",
        region="US",
        price=Decimal("0.008"),
        valid_from=price_list.today(scene.account),
    )
    page = shown(viewer, "prices", "?q=us&type=notification&standing=replaced")
    assert "0.0079" in page
    assert "0.0085" not in page
    assert "Nothing matches" in shown(viewer, "prices", "?q=zz")


def test_the_price_list_is_paged_in_its_order(viewer: Client, scene: Scene) -> None:
    day = date(2020, 1, 1)
    Price.objects.bulk_create(
        Price(account=scene.account, type="promotion", region=f"{a}{b}", price=1, valid_from=day)
        for a in "XYZ"
        for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    )
    seen: list[str] = []
    query, turns = "?type=promotion", 0
    while query and turns < 5:
        page = shown(viewer, "prices", query)
        seen += re.findall(r'<td class="lead name"><code>(..?)</code>', page)
        found = re.search(r'id="older" href="([^"]+)"', page)
        query, turns = (found[1].replace("&amp;", "&") if found else ""), turns + 1
    expected = Price.objects.filter(account=scene.account, type="promotion").order_by("region")
    assert seen == list(expected.values_list("region", flat=True))
    back = re.search(r'id="newer" href="([^"]+)"', page)
    assert back is not None
    before = re.findall(
        r'<td class="lead name"><code>(..?)</code>', shown(viewer, "prices", back[1].replace("&amp;", "&"))
    )
    assert before == seen[: len(before)]


def test_a_price_is_set_and_one_that_does_not_hold_yet_removed(admin: Client, scene: Scene) -> None:
    form = {"type": "notification", "region": "br", "price": "0.05", "valid_from": "2099-01-01"}
    assert admin.post(url("price-new"), form).status_code == 302
    made = Price.objects.get(account=scene.account, region="BR")
    assert (made.price, made.valid_from) == (Decimal("0.05"), date(2099, 1, 1))
    admin.post(url("price-remove", pk=made.pk))
    assert not Price.objects.filter(pk=made.pk).exists()
    assert AuditEntry.objects.filter(action="remove_price", before__region="BR").exists()
    holds = Price.objects.get(account=scene.account, type="notification", region="GB")
    page = admin.post(url("price-remove", pk=holds.pk), follow=True).content.decode()
    assert "Only a price that does not hold yet" in page
    assert Price.objects.filter(pk=holds.pk).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("region", "USA"),
        ("region", ""),
        ("price", "-1"),
        ("price", "x"),
        ("valid_from", "x"),
        ("type", "news"),
    ],
)
def test_what_is_no_price_is_marked(admin: Client, field: str, value: str) -> None:
    form = {"type": "promotion", "region": "BR", "price": "1", "valid_from": "2099-01-01", field: value}
    response = admin.post(url("price-new"), form)
    assert response.status_code == 422
    page = response.content.decode()
    marked = page[page.index(f'id="{field}-errors"') :]
    assert marked.index("field-error") < marked.index("</div>")
    assert not Price.objects.filter(region="BR").exists()


HEADER = "type,region,price,currency,valid_from\n"


def uploaded(admin: Client, content: bytes) -> Any:
    return admin.post(url("price-import"), {"file": SimpleUploadedFile("prices.csv", content)})


def test_a_price_file_is_shown_before_it_is_applied(admin: Client, scene: Scene) -> None:
    text = HEADER + "notification,US,0.0079,USD,2024-01-01\nnotification,US,0.02,USD,2099-01-01\n"
    text += "notification,BR,0.03,,2024-01-01\n"
    page = uploaded(admin, text.encode()).content.decode()
    assert "2 prices would change" in page
    assert not Price.objects.filter(region="BR").exists()
    form = re.search(r'<textarea name="text" hidden>\n(.*?)</textarea>', page, re.DOTALL)
    assert form is not None
    admin.post(url("price-apply"), {"text": form[1]})
    assert Price.objects.get(account=scene.account, region="BR").price == Decimal("0.03")
    assert AuditEntry.objects.get(action="import_prices").after["count"] == 2
    assert "changes nothing" in uploaded(admin, text.encode()).content.decode()
    assert "BR" in shown(admin, "audit", "?action=import_prices")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ((HEADER + "news,US,1,USD,2024-01-01\npromotion,US,x,USD,2024-01-01\n").encode(), "Line 3: “x”"),
        (b"type,region\n", "these are missing: price, valid_from"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"x" * (1024 * 1024 + 1), "larger than 1 MB"),
    ],
)
def test_a_wrong_price_file_changes_nothing(admin: Client, content: bytes, said: str) -> None:
    count = Price.objects.count()
    response = uploaded(admin, content)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert Price.objects.count() == count


def test_no_file_and_a_forged_application(admin: Client) -> None:
    assert "Choose a CSV file" in admin.post(url("price-import")).content.decode()
    response = admin.post(url("price-apply"), {"text": HEADER + "news,US,1,USD,2024-01-01\n"})
    assert response.status_code == 422
    assert "Line 2" in response.content.decode()


def test_the_exported_prices_are_taken_again(admin: Client, scene: Scene) -> None:
    file = admin.get(url("price-file"))
    assert "changes nothing" in uploaded(admin, file.content).content.decode()
    assert AuditEntry.objects.filter(action="download", after__what="prices").exists()


def test_another_account_sees_its_own_money_only(scene: Scene, stranger: Member) -> None:
    client = Client()
    client.force_login(stranger)
    for name in ("billing", "ledger", "packages", "budgets", "prices"):
        page = shown(client, name, f"?task={scene.tasks['completed'].pk}" if name == "ledger" else "")
        for private in ("Invoice", "Welcome", "173.63", "维护通知", "0.0079"):
            assert private not in page, name
    assert len(lines(client.get(url("ledger-file")))) == 1
    price = Price.objects.filter(account=scene.account).earliest("pk")
    assert client.post(url("price-remove", pk=price.pk)).status_code == 404
    assert Account.objects.get(pk=stranger.account_id).currency == "USD"


def test_a_task_tells_what_it_cost_and_leads_to_its_entries(viewer: Client, scene: Scene) -> None:
    def cost(name: str) -> str:
        page = shown(viewer, "task", pk=scene.tasks[name].pk)
        start = page.index('id="task-cost"')
        return re.sub(r"<[^>]+>|\s+", " ", page[start : page.index("</dd>", start)])

    assert re.search(r"75\.64 +USD, +500 prepaid parts", cost("completed"))
    assert re.search(r"48\.98 +USD +Reserved +48\.98", cost("executing"))
    for name in ("pending", "canceled"):
        assert 'id="task-cost"' not in shown(viewer, "task", pk=scene.tasks[name].pk)
    page = shown(viewer, "task", pk=scene.tasks["executing"].pk)
    assert f"{url('ledger')}?task={scene.tasks['executing'].pk}" in page


def test_the_pages_speak_chinese(scene: Scene, viewer: Client) -> None:
    member = scene.members[Role.VIEWER]
    Member.objects.filter(pk=member.pk).update(language="zh-hans")
    assert "已达到告警值" in shown(viewer, "budgets")
    assert "为任务预留" in shown(viewer, "ledger")
