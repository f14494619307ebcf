"""Histograms of how long batches take. One observation a batch costs a few microseconds for up to 500 messages."""

from __future__ import annotations

from prometheus_client import Histogram

ANSWERED = Histogram(
    "sendmill_batch_answered_seconds",
    "From the first byte of a batch to the answer to its last part",
    ["carrier"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30),
)
RECORDED = Histogram(
    "sendmill_batch_recorded_seconds",
    "Recording the outcome of a batch in the database",
    ["carrier"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.2, 1, 5),
)


def note_batch(carrier_id: int, answered: float, recorded: float) -> None:
    """Observe how long the answers and the recording of one batch took, in seconds."""
    name = str(carrier_id)
    ANSWERED.labels(name).observe(answered)
    RECORDED.labels(name).observe(recorded)
