"""The connections of a sender: half of the server's are the senders', whatever they do."""

import pytest

from sendmill.postgres.connection_budget import LEAST, MOST, OWN, budget


@pytest.mark.parametrize(
    ("connections", "senders", "chosen", "expected"),
    [
        (97, 1, 0, MOST - OWN),
        (97, 2, 0, 24 - OWN),
        (37, 1, 0, 18 - OWN),
        (37, 4, 0, LEAST - OWN),
        (10, 1, 0, LEAST - OWN),
        (97, 2, 12, 12 - OWN),
        (97, 1, 1, LEAST - OWN),
        (500, 1, 60, 60 - OWN),
    ],
)
def test_shares(connections: int, senders: int, chosen: int, expected: int) -> None:
    assert budget(connections, senders, chosen) == expected
