"""Every page there is to look at, with the account of `scenes`."""

from __future__ import annotations

from django.urls import reverse
from tests.rig.scenes import Scene

from sendmill.catalog.models import Signature, Template

WIDTHS = {1280: 900, 390: 844}
LANGUAGES = {"en": "English", "zh-hans": "中文"}


def stops(scene: Scene) -> dict[str, str]:
    """The address of each page by a name for its picture."""
    pages = {
        name: reverse(f"console:{name}")
        for name in (
            "tasks",
            "task-new",
            "applications",
            "signatures",
            "templates",
            "review",
            "carriers",
            "routes",
            "codes",
            "members",
            "audit",
            "application-new",
            "signature-new",
            "template-new",
            "carrier-new",
            "member-invite",
            "profile",
            "password",
            "settings",
            "billing",
            "billing-move",
            "ledger",
            "packages",
            "package-new",
            "budgets",
            "prices",
            "price-new",
            "price-import",
        )
    }
    pages["budget-day"] = reverse("console:budget-edit", kwargs={"scope": "day"})
    used = scene.tasks["completed"]
    kinds = {
        "application": used.application_id,
        "signature": used.signature_id,
        "template": used.template_id,
        "carrier": used.carrier_id,
        "member": scene.members["sender"].pk,
    }
    for kind, key in kinds.items():
        pages[kind] = reverse(f"console:{kind}", kwargs={"pk": key})
    for kind in ("application", "carrier"):
        pages[f"{kind}-edit"] = reverse(f"console:{kind}-edit", kwargs={"pk": kinds[kind]})
    pages["carrier-received"] = reverse("console:carrier-received", kwargs={"pk": kinds["carrier"]})
    for name, (kind, row) in waiting(scene).items():
        pages[name] = reverse(f"console:{kind}", kwargs={"pk": row})
    pages["no-signature-of"] = (
        reverse("console:signatures") + f"?application={scene.tasks['long'].application_id}"
    )
    for name, draft in scene.drafts.items():
        pages[f"draft-{name}"] = reverse("console:draft", kwargs={"key": draft.key})
    for name, task in scene.tasks.items():
        pages[f"task-{name}"] = reverse("console:task", kwargs={"pk": task.pk})
    pages["task-failed"] = (
        reverse("console:task", kwargs={"pk": scene.tasks["completed"].pk}) + "?result=failed"
    )
    pages["task-uncertain"] = (
        reverse("console:task", kwargs={"pk": scene.tasks["way"].pk}) + "?result=uncertain"
    )
    for ordinal, name in enumerate(("failed", "delivered", "uncertain", "late"), 1):
        pages[f"recipient-{name}"] = reverse(
            "console:task-message", kwargs={"pk": scene.tasks["way"].pk, "ordinal": ordinal}
        )
    for name, export in scene.exports.items():
        pages[f"export-{name}"] = reverse("console:export", kwargs={"key": export.key})
    pages["code"] = reverse("console:codes") + "?code=SMPP-0x00000411"
    pages["task-copy"] = reverse("console:task-copy", kwargs={"pk": scene.tasks["pending"].pk})
    pages["nothing-found"] = reverse("console:tasks") + "?q=nothing"
    pages["not-there"] = "/nothing/"
    return pages


def waiting(scene: Scene) -> dict[str, tuple[str, int]]:
    """A signature that waits for review, one that was rejected, and a template that waits."""
    signatures = Signature.objects.filter(account=scene.account)
    return {
        "signature-waiting": ("signature", signatures.get(state="pending").pk),
        "signature-rejected": ("signature", signatures.get(state="rejected").pk),
        "signature-edit": ("signature-edit", signatures.get(state="rejected").pk),
        "template-waiting": ("template", Template.objects.get(account=scene.account, state="pending").pk),
    }
