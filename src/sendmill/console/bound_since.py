"""Since when our own senders hold the binds of a carrier, in words.

A carrier that allows one bind closes it, or refuses, when a test opens a second: then the test would disturb what
works, or blame it.
"""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from sendmill.catalog.bind_settings import configs_of
from sendmill.catalog.models import Carrier
from sendmill.message_store.queries import diagnosis


def holding(carrier: Carrier) -> str:
    """Each kind of bind that a living sender holds, once, and those that none does; empty when none is held."""
    kinds = [config.bind for config in configs_of(carrier)]
    since: dict[str, datetime] = {}
    for slot, at in diagnosis.held(carrier.pk):
        if slot < len(kinds):  # others are of settings that are being given up
            since[kinds[slot]] = min(at, since.get(kinds[slot], at))
    if not since:
        return ""
    held = ", ".join(
        _("%(time)s as %(bind)s") % {"time": _time(at), "bind": kind} for kind, at in since.items()
    )
    said = _("Bound since %(held)s; no second bind was opened.") % {"held": held}
    missing = ", ".join(dict.fromkeys(kind for kind in kinds if kind not in since))
    return f"{said} {_('Not bound: %(binds)s.') % {'binds': missing}}" if missing else said


def _time(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local:%H:%M}" if local.date() == timezone.localdate() else f"{local:%m-%d %H:%M}"
