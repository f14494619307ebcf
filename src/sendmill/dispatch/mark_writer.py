"""Writes the marks of this run to its files before the batches that they stand for are submitted.

One thread writes: while it waits for the disk, the marks of other batch senders gather, and are written next.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid4

from sendmill.message_store.marks.files import Counts, Header, MarkFile


class NotNotedError(Exception):
    """The marks could not be written, so their batches must not be submitted. The text is for a person."""


class MarkWriter:
    """The marks of one run. `note` is the only way to a batch's first byte."""

    def __init__(self) -> None:
        self.run: UUID = uuid4()
        self.noted: Counts = {}
        self._lanes = 0
        self._files: list[MarkFile] = []
        self._wanted: Counts = {}
        self._waiting: list[asyncio.Future[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._ended = False

    @property
    def begun(self) -> bool:
        """Whether the files of this run are there."""
        return bool(self._files)

    @property
    def paths(self) -> list[Path]:
        """The files of this run."""
        return [one.path for one in self._files]

    def add_lane(self) -> int:
        """The number of a new lane of this run, from 1 on; 0 is the run itself."""
        self._lanes += 1
        return self._lanes

    def begin(self, folders: Sequence[Path], header: Header) -> None:
        """Make the files of this run, one a folder; durable when this returns. Blocks; raises OSError."""
        self.noted.setdefault((self.run, 0), 0)
        made: list[MarkFile] = []
        try:
            for place, folder in enumerate(folders):
                one = MarkFile.create(folder, header, self.noted, parents=place == 0)
                made.append(one)
        except OSError:
            for one in made:
                one.close()
                one.path.unlink(missing_ok=True)
            raise
        self._files = made
        self._thread = threading.Thread(target=self._write, name="marks", daemon=True)
        self._thread.start()

    async def note(self, lane: int, count: int) -> None:
        """Return when the files hold this mark of a lane, or a later one.

        Raises `NotNotedError`; then nothing may leave.
        """
        await self._add({(self.run, lane): count})

    async def note_others(self, counts: Counts) -> None:
        """Note what other runs are at, as the store says."""
        if fresh := {mark: count for mark, count in counts.items() if self.noted.get(mark, -1) < count}:
            await self._add(fresh)

    async def put_back(self) -> None:
        """Write again the files that are no longer where they were. Raises `NotNotedError`."""
        if not all(one.in_place for one in self._files):
            await self._add({(self.run, 0): 0})

    def own(self) -> dict[int, int]:
        """The marks of the lanes of this run that were noted until now."""
        return {lane: count for (run, lane), count in self.noted.items() if run == self.run}

    def touch(self) -> None:
        """Say in the files that this run is well. Raises OSError."""
        for one in self._files:
            one.touch()

    def end(self) -> None:
        """Stop writing; the files stay for the next run to check."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()
        for one in self._files:
            one.close()
        self._files = []

    async def _add(self, counts: Counts) -> None:
        if not self._files:
            raise NotNotedError("The files of the marks are not there yet.")
        self._loop = asyncio.get_running_loop()
        done = self._loop.create_future()
        with self._changed:
            _raise(self._wanted, counts)
            self._waiting.append(done)
            self._changed.notify()
        await done

    def _write(self) -> None:
        while True:
            with self._changed:
                while not (self._wanted or self._ended):
                    self._changed.wait()
                if not self._wanted:
                    return
                wanted, self._wanted = self._wanted, {}
                waiting, self._waiting = self._waiting, []
            folder = Path()
            try:
                for one in self._files:
                    folder = one.path.parent
                    one.note(wanted)
            except OSError as error:
                sentence = f"The marks cannot be noted in {folder}: {error.strerror or error}."
                self._tell(waiting, NotNotedError(sentence), {})
            else:
                self._tell(waiting, None, wanted)

    def _tell(self, waiting: list[asyncio.Future[None]], error: Exception | None, noted: Counts) -> None:
        def tell() -> None:
            _raise(self.noted, noted)
            for done in waiting:
                if done.cancelled():
                    continue
                if error is None:
                    done.set_result(None)
                else:
                    done.set_exception(error)

        assert self._loop is not None  # noqa: S101 - set before anything is wanted
        self._loop.call_soon_threadsafe(tell)


def _raise(counts: Counts, by: Counts) -> None:
    """Set marks, none lower than it is: those of one lane are committed in their order and noted in any."""
    for mark, count in by.items():
        counts[mark] = max(count, counts.get(mark, count))
