"""One embedded PostgreSQL for the whole test session, started when the first test needs it.

Everything lives in a temporary folder that is removed at the end. SENDMILL_TEST_DATABASE_URL names a
server to use instead.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from tests.skips import ALLOWED

from sendmill.postgres.embedded.server import Embedded, django_database

if TYPE_CHECKING:
    from tests.rig.shell import Shell

DATA_DIR = Path(tempfile.mkdtemp(prefix="sendmill-tests-"))
STATE_DIR = DATA_DIR.with_name(f"{DATA_DIR.name}-state")
APPEND_ONLY = ("audit_entry", "ledger_entry")
OWN_SERVER = os.environ.get("SENDMILL_TEST_DATABASE_URL", "")


def pytest_configure() -> None:
    """Point the settings at the session's folder and server before anything imports them."""
    # A busy machine is no reason to fail.
    hypothesis.settings.register_profile("untimed", deadline=None)
    hypothesis.settings.load_profile("untimed")
    # As root the server runs as a system user, who must be able to enter the folder.
    DATA_DIR.chmod(0o755)
    for option in ("SENDMILL_ACCOUNT", "SENDMILL_AS", "SENDMILL_CARRIER_PASSWORD", "SENDMILL_DEBUG"):
        os.environ.pop(option, None)
    os.environ["SENDMILL_DATA_DIR"] = str(DATA_DIR)
    os.environ["SENDMILL_STATE_DIR"] = str(STATE_DIR)
    os.environ.setdefault("SENDMILL_ALLOW_UNSAFE_SERVER", "true")  # the session's server runs without fsync
    os.environ["DATABASE_URL"] = OWN_SERVER or Embedded(DATA_DIR).dsn
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sendmill.django_settings")
    from django.conf import settings

    # Read now: pytest-django sets Django up only when the settings are configured.
    assert settings.DATABASES


def pytest_unconfigure() -> None:
    """Remove the session's folder."""
    shutil.rmtree(DATA_DIR, ignore_errors=True)
    shutil.rmtree(STATE_DIR, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that is skipped unless `skips.ALLOWED` names it: nothing is green because it did not run."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and item.nodeid not in ALLOWED:
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid} was skipped, and tests/skips.py does not allow it: {report.longrepr}"
        )
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same of a file that is skipped as a whole."""
    report = yield
    if report.skipped and collector.nodeid not in ALLOWED:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped, and tests/skips.py does not allow it."
    return report


@pytest.fixture(autouse=True)
def _own_language() -> None:
    """Begin in the language and time zone of the settings: another test may have left its own behind."""
    from django.utils import timezone, translation

    translation.deactivate()
    timezone.deactivate()


@pytest.fixture
def shell() -> Shell:
    """Gives commands to the application in this process."""
    from tests.rig.shell import Shell

    return Shell()


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """A folder that the server's user may enter; pytest's own are private, and stay so."""
    folder = Path(tempfile.mkdtemp(prefix="sendmill-server-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def embedded() -> Iterator[Embedded]:
    """The session's own server, running; it ends with this process, however that ends."""
    with Embedded(DATA_DIR, durable=False, dies_with_parent=True) as server:
        yield server


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of the server to test with; also in the environment as DATABASE_URL."""
    if not OWN_SERVER:
        server: Embedded = request.getfixturevalue("embedded")
        os.environ["DATABASE_URL"] = server.dsn
    return os.environ["DATABASE_URL"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_url: str) -> None:
    """Called by pytest-django before it creates the test database: the server must run by then."""
    from django.db import connections

    address = django_database(database_url)
    for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT"):
        connections["default"].settings_dict[key] = address[key]


@pytest.fixture(scope="session")
def store_template(database_url: str) -> str:
    """The name of a database with all tables and no rows, to be copied; nobody is connected to it."""
    from tests.rig.databases import make_template

    return make_template(database_url)


@pytest.fixture(scope="module")
def store_url(database_url: str, store_template: str) -> Iterator[str]:
    """The address of the module's own database, for rows that are committed and seen by other connections."""
    from tests.rig.databases import own_database

    with own_database(database_url, store_template) as address:
        yield address


@pytest.fixture(autouse=True, scope="session")
def _empty_past_append_only() -> Iterator[None]:
    """Tests that commit end with Django's TRUNCATE of every table, which these tables refuse."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    empty = DatabaseOperations.execute_sql_flush

    def execute(operations: Any, statements: Iterable[str]) -> None:
        empty(
            operations,
            [
                *(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only" for table in APPEND_ONLY),
                *statements,
                *(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only" for table in APPEND_ONLY),
            ],
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute)
        yield
