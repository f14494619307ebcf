"""Small time series as SVG of our own: one line, its top value, and what a screen reader says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 300.0, 60.0


@dataclass(frozen=True)
class Chart:
    """A line in a box of WIDTH × HEIGHT; `lines` are polylines, broken where nothing was measured."""

    lines: tuple[str, ...]
    areas: tuple[str, ...]
    top: float
    last: float | None

    @property
    def empty(self) -> bool:
        """Nothing was measured at all."""
        return not self.lines


def chart(values: Sequence[float | None], least_top: float = 1.0) -> Chart:
    """The values from left to right; the highest one, and no less than `least_top`, is the upper edge."""
    known = [value for value in values if value is not None]
    top = max([least_top, *known])
    step = WIDTH / max(len(values) - 1, 1)
    runs: list[list[tuple[float, float]]] = []
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        if not runs:
            runs.append([])
        runs[-1].append((place * step, HEIGHT - 2 - (HEIGHT - 4) * value / top))
    # One value alone is a short stroke, or it could not be seen.
    runs = [
        run if len(run) > 1 else [run[0], (min(run[0][0] + step / 2, WIDTH), run[0][1])]
        for run in runs
        if run
    ]
    return Chart(
        lines=tuple(_points(run) for run in runs),
        areas=tuple(_points([(run[0][0], HEIGHT), *run, (run[-1][0], HEIGHT)]) for run in runs),
        top=top,
        last=known[-1] if known else None,
    )


def _points(run: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
