"""The number of the server's connections that a sender may use, so that all other processes find one too."""

from __future__ import annotations

MOST = 32  # more than the processors of a server keep busy with statements that take a millisecond
LEAST = 6  # of a sender, whatever the server allows: three are its own, the others do the work
OWN = 3  # the control connection, the one that listens, and the one that reads the carriers' settings


def budget(connections: int, senders: int, chosen: int = 0) -> int:
    """Return how many connections the batch senders and report writers of one sender may use together.

    Half of what the server allows is shared equally by the senders; `chosen` (not 0) is one sender's share instead.
    """
    whole = chosen or min(MOST, connections // 2 // senders)
    return max(LEAST, whole) - OWN
