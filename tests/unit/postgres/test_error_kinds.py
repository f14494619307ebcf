"""Three kinds of database errors."""

import pytest
from psycopg import DataError, InterfaceError, OperationalError, errors

from sendmill.postgres.error_kinds import Trouble, passes, trouble_of


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OperationalError("the connection is closed"), Trouble.GONE),
        (errors.AdminShutdown(), Trouble.GONE),
        (errors.CrashShutdown(), Trouble.GONE),
        (errors.CannotConnectNow(), Trouble.GONE),
        (errors.ConnectionFailure(), Trouble.GONE),
        (errors.TooManyConnections(), Trouble.GONE),
        (errors.IdleInTransactionSessionTimeout(), Trouble.GONE),
        (errors.ReadOnlySqlTransaction(), Trouble.GONE),
        (errors.DeadlockDetected(), Trouble.REPEAT),
        (errors.SerializationFailure(), Trouble.REPEAT),
        (errors.LockNotAvailable(), Trouble.REPEAT),
        (errors.QueryCanceled(), Trouble.REPEAT),
        (errors.DiskFull(), Trouble.REPEAT),
        (errors.OutOfMemory(), Trouble.REPEAT),
        # A value or a statement that is wrong now is so the next time.
        (DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"), Trouble.OTHER),
        (errors.NumericValueOutOfRange(), Trouble.OTHER),
        (errors.ProgramLimitExceeded(), Trouble.OTHER),
        (errors.UndefinedTable(), Trouble.OTHER),
        (errors.UniqueViolation(), Trouble.OTHER),
        (InterfaceError("the cursor is closed"), Trouble.OTHER),
        (ValueError(), Trouble.OTHER),
        (TimeoutError(), Trouble.OTHER),
    ],
)
def test_kinds(error: Exception, kind: Trouble) -> None:
    assert trouble_of(error) is kind
    assert passes(error) is (kind is not Trouble.OTHER)
