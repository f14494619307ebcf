"""The delay between attempts to connect that fail one after another."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BackOff:
    """The delay before the next attempt, in seconds: `first`, doubled up to `longest`, cut by up to half at random.

    The doubling starts again after a session that lasted `steady` seconds.
    """

    first: float = 1.0
    longest: float = 60.0
    steady: float = 30.0

    def wait(self, failures: int, chance: float) -> float:
        """Return the delay in seconds after `failures` failures in a row (1 or more); `chance` is in [0, 1)."""
        doubled: float = self.first * 2.0 ** min(failures - 1, 30)
        return min(doubled, self.longest) * (1 - chance / 2)
