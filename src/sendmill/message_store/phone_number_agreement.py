"""Whether a report's number can be that of a message: their last digits agree. In SQL and in Python.

A carrier that counts its ids anew, or repeats its reports, names one message with the id of another: the number is
what tells them apart. Nearly all carriers write it as it was submitted. Some cut the country code off or write a trunk
prefix for it (0, 8, 06), and + or 00 may stand before it: what all these ways share is the number within its country.
So the last digits are compared, as many as a number has behind its country code, but

- no more than LAST_DIGITS. The longest national numbers have one digit more, which says little (Chinese mobile numbers
  all begin with 1, Argentina puts a 9 before them that others leave out). Fewer would not do: numbers of one task
  are often taken in a row, and two blocks of a country may differ in their tenth digit from the end alone;
- no more than the report has, for those that leave an area code out.

A report's number of fewer than SHORTEST digits that would need more than a country code in front to be that of the
message is a short code, of the carrier or of our own, and names nobody. 0 stands for a report that names no number, or
a name. The id alone decides then.
"""

from __future__ import annotations

from typing import Final

LAST_DIGITS: Final = 10
SHORTEST: Final = 7
LONGEST_CODE: Final = 3

# Calling codes (E.164) of one digit and of two; all others have three.
ONE_DIGIT: Final = frozenset({"1", "7"})
TWO_DIGITS: Final = frozenset(
    [
        "20",
        "27",
        "30",
        "31",
        "32",
        "33",
        "34",
        "36",
        "39",
        "40",
        "41",
        "43",
        "44",
        "45",
        "46",
        "47",
        "48",
        "49",
        "51",
        "52",
        "53",
        "54",
        "55",
        "56",
        "57",
        "58",
        "60",
        "61",
        "62",
        "63",
        "64",
        "65",
        "66",
        "81",
        "82",
        "84",
        "86",
        "90",
        "91",
        "92",
        "93",
        "94",
        "95",
        "98",
    ]
)


def agreeing(message: str, reported: str) -> str:
    """The condition, in SQL, that the number `reported` (bigint, 0 for none) can be that of a `message`.

    Where the carrier writes numbers as they were submitted it is one comparison.
    """
    whole, told = f"{message}::text", f"{reported}::text"
    one, two = (", ".join(f"'{code}'" for code in sorted(codes)) for codes in (ONE_DIGIT, TWO_DIGITS))
    code = f"CASE WHEN left({whole}, 1) IN ({one}) THEN 1 WHEN left({whole}, 2) IN ({two}) THEN 2 ELSE 3 END"
    digits = f"greatest(least(length({whole}) - {code}, {LAST_DIGITS}, length({told})), 1)"
    return (
        f"({message} = {reported} OR {reported} = 0 OR right({whole}, {digits}) = right({told}, {digits}) "
        f"OR length({told}) < {SHORTEST} AND length({whole}) > length({told}) + {LONGEST_CODE})"
    )


def agree(message: int, reported: int) -> bool:
    """The same of two numbers."""
    if message == reported or reported == 0:
        return True
    whole, told = str(message), str(reported)
    code = 1 if whole[:1] in ONE_DIGIT else 2 if whole[:2] in TWO_DIGITS else LONGEST_CODE
    digits = max(min(len(whole) - code, LAST_DIGITS, len(told)), 1)
    return whole[-digits:] == told[-digits:] or (
        len(told) < SHORTEST and len(whole) > len(told) + LONGEST_CODE
    )
