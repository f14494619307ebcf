"""How long windows take: noted once a window, which costs a few microseconds for up to 500 messages."""

from __future__ import annotations

from prometheus_client import Histogram

ANSWERED = Histogram(
    "sendmill_window_answered_seconds",
    "From the first byte of a window to the answer to its last part",
    ["carrier"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30),
)
RECORDED = Histogram(
    "sendmill_window_recorded_seconds",
    "Recording the outcome of a window in the database",
    ["carrier"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.2, 1, 5),
)


def note_window(carrier_id: int, answered: float, recorded: float) -> None:
    """Note how long a window took, in seconds; called once a window."""
    name = str(carrier_id)
    ANSWERED.labels(name).observe(answered)
    RECORDED.labels(name).observe(recorded)
