"""A person at the console: uploads files, presses OK, asks for downloads, while processes are being killed.

When an answer does not come, the person does what people do: presses the button again. However often that is,
a draft becomes one task.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from tests.crash.console import Answer, Browser, Lost

PATIENCE = 150.0
FIRST = {"international": 12_120_000_000, "mainland": 13_800_000_000}
AT_A_TIME = 3
WRONG = ("12125550000", "+4479", "abc")  # rows of every file that are deleted, besides one duplicate


@dataclass
class Order:
    """A draft that the person pressed OK on. `task` is where the answer to OK led to."""

    name: str
    draft: str
    kind: str
    numbers: int
    task: int = 0
    exports: list[str] = field(default_factory=list)


class Person(threading.Thread):
    """Works until `stop` is set; what goes wrong is in `problems`, what was ordered in `orders`."""

    def __init__(self, browser: Browser, dsn: str, stock: dict[str, Any], seed: int, sizes: range) -> None:
        super().__init__(name="person", daemon=True)
        self.orders: list[Order] = []
        self.problems: list[str] = []
        self.lost = 0
        self.stop = threading.Event()
        self._browser, self._dsn, self._stock, self._sizes = browser, dsn, stock, sizes
        self._chance = random.Random(f"{seed}/person")
        self._begun = 0
        self._used = dict.fromkeys(FIRST, 0)

    def run(self) -> None:
        """A few tasks at a time, each to the end; half of them with a download."""
        try:
            while not self.stop.is_set():
                begun = [self._begin() for _ in range(AT_A_TIME)]
                for order in begun:
                    self._confirm(order)
                self.stop.wait(self._chance.uniform(0.0, 1.0))
        except Exception as error:
            self.problems.append(f"the person gave up: {error!r}")

    def wait_for_console(self) -> None:
        """Sign in, as soon as the console is there."""
        self._until_answered(lambda: self._browser.get("/tasks/"))
        self.lost = 0

    def _begin(self) -> Order:
        self._begun += 1
        kind = self._chance.choice(("international", "mainland"))
        count = self._chance.choice(self._sizes)
        name = f"Task {self._begun}"
        draft = self._until_answered(lambda: self._upload(name, kind, count)).location.split("/")[2]
        self._used[kind] += count
        return Order(name, draft, kind, count)

    def _confirm(self, order: Order) -> None:
        self._wait_for("SELECT state FROM draft WHERE key = %s", order.draft, "checked")
        self.orders.append(order)
        answer = self._until_answered(lambda: self._browser.post(f"/drafts/{order.draft}/confirm/", {}))
        if answer.status != 302 or not answer.location.startswith("/tasks/"):
            raise AssertionError(f"OK was answered with {answer.status}: {answer.body[-1500:]!r}")
        order.task = int(answer.location.split("/")[2])
        if self._chance.random() < 0.5:
            self.order_file(order, "results")

    def _upload(self, name: str, kind: str, count: int) -> Answer:
        first = FIRST[kind] + self._used[kind]
        plus = "+" if kind == "international" else ""
        rows = ["Number", *(f"{plus}{number}" for number in range(first, first + count))]
        content = "\n".join([*rows, rows[-1], *WRONG, ""]).encode()
        chosen = {key: str(value) for key, value in self._stock[kind].items() if value is not None}
        form = {"name": name, "scheduled_at": "", "file_name": "numbers.csv"} | chosen
        answer = self._browser.upload("/tasks/new/", form, "numbers.csv", content)
        if answer.status != 302 or not answer.location.startswith("/drafts/"):
            raise AssertionError(f"an upload was answered with {answer.status}: {answer.body[-1500:]!r}")
        return answer

    def order_file(self, order: Order, what: str) -> str:
        """Ask for a file of a task that the worker makes; its key."""
        deadline, answer = time.monotonic() + PATIENCE, Answer(0, "", b"")
        while not answer.location.startswith("/exports/"):
            # Until its numbers are imported, a task has no results.
            assert time.monotonic() < deadline, answer
            time.sleep(0.2 if answer.status else 0)
            answer = self._until_answered(
                lambda: self._browser.get(f"/tasks/{order.task}/{what}/?format=csv")
            )
        key = answer.location.split("/")[2]
        order.exports.append(key)
        return key

    def fetch(self, key: str) -> list[str]:
        """The lines of a file, when it is made."""
        self._wait_for("SELECT state FROM export WHERE key = %s", key, "ready")
        answer = self._until_answered(lambda: self._browser.get(f"/exports/{key}/file/"))
        assert answer.status == 200, answer
        return answer.body.decode("utf-8-sig").splitlines()

    def give_up(self, order: Order) -> None:
        """Decide that the uncertain messages of a task failed."""
        answer = self._until_answered(
            lambda: self._browser.post(f"/tasks/{order.task}/settle/", {"as": "failed"})
        )
        assert answer.status == 302, answer

    def _until_answered(self, ask: Callable[[], Answer]) -> Answer:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return ask()
            except Lost as error:
                self.lost += 1
                if time.monotonic() > deadline:
                    raise AssertionError("the console does not answer") from error
                time.sleep(0.2)

    def _wait_for(self, query: str, key: str, *wanted: str) -> None:
        deadline, state = time.monotonic() + PATIENCE, ""
        while state not in wanted:
            assert time.monotonic() < deadline, f"{query} stays {state!r}"
            assert state != "refused", f"{key} was refused"
            time.sleep(0.1)
            try:
                with psycopg.connect(self._dsn) as conn:
                    row = conn.execute(query, (key,)).fetchone()  # type: ignore[arg-type]
            except psycopg.OperationalError:
                continue
            assert row is not None, f"{key} is gone"
            state = row[0]
