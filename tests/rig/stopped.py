"""The account of `scenes` in a store that is held, and the pages that say so."""

from __future__ import annotations

from django.db import connection
from django.urls import reverse
from tests.rig.scenes import Scene

from sendmill.message_store.engine.store_holds import begin_hold
from sendmill.message_store.marks.judgement import RULES, Ground, HoldKind


def hold(kind: HoldKind = HoldKind.OLDER) -> None:
    """Hold the store as a sender would that found marks missing, or a place that nobody confirmed."""
    grounds = {
        HoldKind.OLDER: Ground(kind, RULES["older"], {"count": "3", "noted": "2026-11-23 09:12:44 UTC"}),
        HoldKind.ELSEWHERE: Ground(kind, RULES["machine"]),
    }
    with connection.cursor() as cursor:
        begin_hold(cursor, grounds[kind])


def stops(scene: Scene) -> dict[str, str]:
    """The address of each page that looks different while the store is held, by a name for its picture."""
    return {
        "held": reverse("console:held"),
        "held-tasks": reverse("console:tasks"),
        "held-task": reverse("console:task", kwargs={"pk": scene.tasks["executing"].pk}),
    }
