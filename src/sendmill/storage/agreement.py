"""Whether a report's number can be that of a message: their last digits agree. Once in SQL, once in Python.

A carrier that counts its ids anew, or repeats its reports, names one message with the id of another: the number is
what tells them apart. Carriers write it with or without +, 00, country code and trunk prefix (0, 8, 06), so only its
end can be compared. These are its last LAST_DIGITS digits, or as many as the shorter of both numbers has:

- 7, because what is written in front of a number changes everything but the subscriber's number, and that has 7
  digits in most plans (more elsewhere; the 9 that Brazil and Argentina put in front of it is left of them). Two of
  ten million numbers agree by chance, and a wrong match needs the same id besides.
- fewer where the plan of a small country has fewer digits (Faroe Islands 6, Saint Helena 5) and the carrier cut the
  country code off. No country code has more than COUNTRY_CODE digits: a shorter number that would need a longer one
  in front is a short code, of the carrier or of our own, and names nobody.

0 stands for a report that names no number, or a name: its id alone decides then.
"""

from __future__ import annotations

from typing import Final

LAST_DIGITS: Final = 7
COUNTRY_CODE: Final = 3

_LAST: Final = 10**LAST_DIGITS
_SHORT: Final = 10 ** (LAST_DIGITS - 1)  # a smaller number has fewer than LAST_DIGITS digits


def agreeing(message: str, reported: str) -> str:
    """The condition, in SQL, that the number `reported` (bigint, 0 for none) can be that of a `message`.

    The usual case costs one subtraction and one remainder.
    """
    both = f"least(length({message}::text), length({reported}::text))"
    return (
        f"(mod({message} - {reported}, {_LAST}) = 0 OR {reported} = 0 OR least({message}, {reported}) < {_SHORT} AND ("
        f"right({message}::text, {both}) = right({reported}::text, {both}) OR {reported} < {_SHORT} "
        f"AND length({message}::text) > length({reported}::text) + {COUNTRY_CODE}))"
    )


def agree(message: int, reported: int) -> bool:
    """The same of two numbers."""
    if reported == 0 or (message - reported) % _LAST == 0:
        return True
    if min(message, reported) >= _SHORT:
        return False
    whole, told = str(message), str(reported)
    digits = min(len(whole), len(told))
    return whole[-digits:] == told[-digits:] or (reported < _SHORT and len(whole) > len(told) + COUNTRY_CODE)
