"""Every page there is to look at, with the account of `scenes`."""

from __future__ import annotations

from django.urls import reverse
from tests.browser.scenes import Scene

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
            "carriers",
            "members",
            "audit",
        )
    }
    for name, draft in scene.drafts.items():
        pages[f"draft-{name}"] = reverse("console:draft", kwargs={"key": draft.key})
    for name, task in scene.tasks.items():
        pages[f"task-{name}"] = reverse("console:task", kwargs={"pk": task.pk})
    pages["task-failed"] = (
        reverse("console:task", kwargs={"pk": scene.tasks["completed"].pk}) + "?result=failed"
    )
    pages["task-copy"] = reverse("console:task-copy", kwargs={"pk": scene.tasks["pending"].pk})
    pages["nothing-found"] = reverse("console:tasks") + "?q=nothing"
    pages["not-there"] = "/nothing/"
    return pages
