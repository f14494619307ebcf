"""Finds and runs pg_dump, pg_restore and psql, with no password on a command line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from sendmill.backup.errors import BackupError, BackupRefused
from sendmill.postgres.embedded.binaries import INSTALL, wheel_base
from sendmill.postgres.errors import BinariesMissingError, PostgresError
from sendmill.postgres.session_settings import options

# Secret parameters of an address besides the password; libpq has no environment variable for them.
_SECRET_PARAMETERS = ("sslpassword", "oauth_client_secret")
_SERVICE = "sendmill"
_FAILING = 5.0  # seconds within which a program that has failed ends
_ENDING = 30.0  # seconds that a program has to end after SIGTERM


@dataclass(frozen=True)
class Programs:
    """A folder with pg_dump, pg_restore and psql of one major version."""

    folder: Path
    major: int

    def path(self, name: str) -> str:
        """Return the path of one of them."""
        return str(self.folder / name)


def find_programs(least: int) -> Programs:
    """Return the bundled programs, or those on PATH when only they are of the major version ``least`` or newer.

    Raises `BackupRefused` when there are none of that version.
    """
    candidates = [shutil.which("pg_dump")]
    with suppress(BinariesMissingError):
        candidates.insert(0, str(wheel_base() / INSTALL / "bin" / "pg_dump"))
    found = [Programs(Path(path).parent, _major(path)) for path in candidates if path]
    for programs in found:
        complete = all(Path(programs.path(name)).is_file() for name in ("pg_restore", "psql"))
        if programs.major >= least and complete:
            return programs
    newest = max((programs.major for programs in found), default=0)
    there = f"the newest that is here is of {newest}" if newest else "there is none here"
    raise BackupRefused(
        f"The database is of PostgreSQL {least}, which needs pg_dump, pg_restore and psql of {least} or newer; "
        f"{there}. Install the package postgresql-client-{least} and put its programs on PATH."
    )


def _major(path: str) -> int:
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except OSError:
        return 0
    found = re.search(r"(\d+)(?:\.\d+|\w+)", answer.stdout)
    return int(found[1]) if found and answer.returncode == 0 else 0


@contextmanager
def address(dsn: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the option that names a database to a program, and an environment that holds the secrets of its address.

    The program's sessions get the settings of ours. Raises `PostgresError` for an invalid DSN.
    """
    try:
        parameters = dict(conninfo_to_dict(dsn))
    except psycopg.ProgrammingError as error:
        # The driver's sentence quotes the DSN, which may hold a password.
        raise PostgresError("DATABASE_URL is not a PostgreSQL address.") from error
    environment = dict(os.environ)
    environment["PGAPPNAME"] = "sendmill backup"
    password = parameters.pop("password", None)
    if password:
        environment["PGPASSWORD"] = str(password)
    secret = {name: parameters.pop(name) for name in _SECRET_PARAMETERS if name in parameters}
    given = str(parameters.pop("options", None) or os.environ.get("PGOPTIONS", ""))
    environment["PGOPTIONS"] = options(given, idle_in_transaction_session_timeout="0")
    with ExitStack() as stack:
        if secret:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="sendmill-address-"))
            path = Path(folder) / "service"
            path.touch(mode=0o600)
            lines = [f"[{_SERVICE}]", *(f"{name}={value}" for name, value in secret.items())]
            path.write_text("\n".join(lines) + "\n")
            environment |= {"PGSERVICEFILE": str(path), "PGSERVICE": _SERVICE}
        yield f"--dbname={make_conninfo('', **parameters)}", environment


class Running:
    """A running program. `end` waits for it, and raises its error output when it failed."""

    def __init__(
        self,
        argv: list[str],
        environment: dict[str, str],
        *,
        input: int | IO[bytes] = subprocess.DEVNULL,
        output: int | IO[bytes],
    ) -> None:
        self._name, self._reads = Path(argv[0]).name, True
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `end` and `kill`
        self._process = subprocess.Popen(
            argv,
            env=environment,
            stdin=input,
            stdout=output,
            stderr=self._errors,
        )

    @property
    def output(self) -> IO[bytes]:
        """Its standard output."""
        assert self._process.stdout is not None  # noqa: S101 - fixed when it was started
        return self._process.stdout

    def feed(self, data: bytes) -> bool:
        """Write to its standard input; return False when it reads no more, for a reason that `end` raises."""
        assert self._process.stdin is not None  # noqa: S101 - fixed when it was started
        if self._reads:
            try:
                self._process.stdin.write(data)
            except BrokenPipeError:
                self._reads = False
        return self._reads

    def end(self) -> None:
        """Wait until it has ended. Raises `BackupError` when it failed."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                _close(pipe)
        if self._process.wait():
            self._errors.seek(0)
            said = self._errors.read(1 << 20).decode(errors="replace")
            raise BackupError(f"{self._name} failed: {_reason(said, self._name)}.")
        self._errors.close()

    def end_soon(self) -> None:
        """Do as `end` when it has failed or fails within seconds; else nothing."""
        with suppress(subprocess.TimeoutExpired):
            if self._process.wait(_FAILING):
                self.end()

    def kill(self) -> None:
        """End it at once. Does nothing when it has ended."""
        # Before its input is closed, which it would take for the end of the dump, and commit.
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_ENDING)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                _close(pipe)
        self._errors.close()


def _close(pipe: IO[bytes]) -> None:
    with suppress(BrokenPipeError):
        pipe.close()


def _reason(said: str, name: str) -> str:
    """Return the first error in a program's output. Details and contexts are left out: they quote rows."""
    found = re.search(r"(?m)^(?:psql:.*?: )?(?:\w+: )?(?:error|ERROR|FATAL): +(.*)$", said)
    lines = [line.removeprefix(f"{name}: ") for line in said.splitlines()]
    return (found[1] if found else (lines or ["it gave no reason"])[0]).strip().rstrip(".")


@contextmanager
def dumping(programs: Programs, dsn: str, *, snapshot: str, schema: str) -> Iterator[IO[bytes]]:
    """Yield a custom-format dump of a schema as it was in a snapshot, as a stream. Raises `BackupError`."""
    with address(dsn) as (name, environment):
        argv = [programs.path("pg_dump"), name, "--format=custom", "--compress=gzip:1", "--no-owner"]
        argv += ["--no-privileges", "--no-password", f"--snapshot={snapshot}", f'--schema="{schema}"']
        running = Running(argv, environment, output=subprocess.PIPE)
        try:
            yield running.output
            running.end()
        except BaseException:
            running.kill()
            raise


class Restoring:
    """Restores a dump: pg_restore turns it into a script, and psql runs it; `complete` adds the script's end.

    Both write into one pipe, whose end psql sees only when both have closed it. When this process is killed, psql's
    input ends before the script's COMMIT came, and nothing has happened.
    """

    def __init__(self, programs: Programs, name: str, environment: dict[str, str], schema: str) -> None:
        reading, writing = os.pipe()
        self._script = os.fdopen(writing, "wb")
        psql = [programs.path("psql"), name, "--no-psqlrc", "--quiet", "--no-password"]
        psql += ["--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse"]
        dump = [
            programs.path("pg_restore"),
            "--file=-",
            f"--schema={schema}",
            "--no-owner",
            "--no-privileges",
        ]
        with os.fdopen(reading, "rb") as script:
            self._psql = Running(psql, environment, input=script, output=subprocess.DEVNULL)
        try:
            self._dump = Running(dump, environment, input=subprocess.PIPE, output=self._script)
        except BaseException:
            self._psql.kill()
            self._script.close()
            raise

    def say(self, sql: str) -> None:
        """Add statements to the script; only before the dump is fed."""
        try:
            self._script.write(sql.encode())
            self._script.flush()
        except BrokenPipeError:
            self._fail()

    def feed(self, data: bytes) -> None:
        """Add the next piece of the dump."""
        if not self._dump.feed(data):
            self._fail()

    def complete(self, end: str) -> None:
        """Wait until the dump is in, then run the end of the script. Raises `BackupError`."""
        try:
            self._dump.end()
            self._script.write(end.encode())
            self._script.close()
        except (BackupError, BrokenPipeError):
            self._fail()
        self._psql.end()

    def kill(self) -> None:
        """End both programs; what was not committed did not happen."""
        # Before their inputs are closed: psql must never take that for the end of a whole script.
        self._psql.kill()
        self._dump.kill()
        with suppress(BrokenPipeError):
            self._script.close()

    def _fail(self) -> NoReturn:
        """Raise the error behind a pg_restore that cannot go on, which may be that psql ended."""
        self._psql.end_soon()
        self._dump.end()
        raise BackupError("pg_restore ended before the dump did.")


@contextmanager
def restoring(programs: Programs, dsn: str, *, schema: str) -> Iterator[Restoring]:
    """Yield a restore to feed a custom-format dump to. Raises `BackupError`; see `Restoring`."""
    with address(dsn) as (name, environment):
        running = Restoring(programs, name, environment, schema)
        try:
            yield running
        except BaseException:
            running.kill()
            raise


@contextmanager
def listing(programs: Programs, output: IO[bytes]) -> Iterator[Running]:
    """Yield a pg_restore that lists the dump it is fed, into ``output``. Raises `BackupError`.

    It reads no more than the beginning.
    """
    argv = [programs.path("pg_restore"), "--list"]
    running = Running(argv, dict(os.environ), input=subprocess.PIPE, output=output)
    try:
        yield running
        running.end()
    except BaseException:
        running.kill()
        raise
