"""Times as SMPP writes them: YYMMDDhhmmsstnnp (SMPP 3.4 §7.1.1)."""

from typing import Final

LONGEST_RELATIVE: Final = 30 * 24 * 60
"""Minutes: months and years of a relative time have no length that everybody agrees on."""


def relative_time(minutes: int) -> str:
    """The time so many minutes after the submission, as in validity_period; "" for 0, the carrier's own limit.

    Raises ValueError when it is negative or longer than LONGEST_RELATIVE.
    """
    if not 0 <= minutes <= LONGEST_RELATIVE:
        raise ValueError(f"a relative time has between 0 and {LONGEST_RELATIVE} minutes, not {minutes}")
    days, rest = divmod(minutes, 24 * 60)
    return f"0000{days:02}{rest // 60:02}{rest % 60:02}00000R" if minutes else ""
