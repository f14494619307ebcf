"""What is shown when a page cannot be made."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.test import Client
from tests.rig.scenes import Scene

from sendmill.accounts.models import Role
from sendmill.console.pages import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(scene: Scene) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(scene.members[Role.SENDER])
    return client


def test_without_the_database_a_page_says_so_and_looks_again(
    person: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(name: str | None = None) -> None:
        raise OperationalError("connection refused: password=hunter2")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "_cursor", away)
        looked, clicked = person.get("/tasks/"), person.post("/tasks/1/cancel/")
    for answer, again in ((looked, True), (clicked, False)):
        text = answer.content.decode()
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert "The database does not answer" in text
        assert "数据库没有响应" in text
        assert ('http-equiv="refresh"' in text) == again
        assert "hunter2" not in text
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert person.get("/tasks/").status_code == 200


def test_what_nobody_foresaw_is_told_without_its_details(
    person: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_: object, **__: object) -> None:
        raise ValueError("secret detail")

    monkeypatch.setattr(tasks, "window", fall)
    answer = person.get("/tasks/")
    assert answer.status_code == 500
    text = answer.content.decode()
    assert "Something went wrong" in text
    assert "secret detail" not in text
