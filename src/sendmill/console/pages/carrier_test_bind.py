"""A carrier tried with a real bind, unless a sender of ours holds one already."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from sendmill.carriers.protocol import CarrierError
from sendmill.carriers.sentences import of_error, pieces_of
from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.carriers.smpp.reconnecting_bind import test_binds
from sendmill.catalog.bind_settings import to_test
from sendmill.catalog.models import Carrier
from sendmill.console.access import MemberRequest, owned
from sendmill.console.bound_since import holding
from sendmill.console.translated import say_pieces

PATIENCE = 4.0  # seconds for a connection, and for each answer: somebody is waiting before the page


def show(request: MemberRequest, pk: int) -> HttpResponse:
    """Binds once with the saved settings and tells what the carrier answered; nothing is sent.

    Where a bind is held, that is the answer, and a second one is only opened `anyway`.
    """
    carrier = owned(request, Carrier, pk=pk)
    held = "" if "anyway" in request.POST else holding(carrier)
    works, sentence = (True, held) if held else _try(carrier)
    if request.htmx:
        context = {"carrier": carrier, "works": works, "held": held, "sentence": sentence}
        return render(request, "console/carriers/test_result.html", context)
    (messages.success if works else messages.error)(request, sentence)
    return redirect(reverse("console:carrier", kwargs={"pk": pk}) + ("?held" if held else ""))


def _try(carrier: Carrier) -> tuple[bool, str]:
    try:
        return True, say_pieces(pieces_of(asyncio.run(test_binds(map(_hurried, to_test(carrier))))))
    except CarrierError as error:
        return False, say_pieces(pieces_of(of_error(error)))


def _hurried(config: CarrierConfig) -> CarrierConfig:
    """So that the connection gives up by itself, and its sentence says what to look at."""
    return replace(
        config,
        connect_timeout=min(PATIENCE, config.connect_timeout),
        response_timeout=min(PATIENCE, config.response_timeout),
    )
