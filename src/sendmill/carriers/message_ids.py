"""Message ids in the form in which those of submit responses and those of reports can be compared."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, Literal, get_args

IdForm = Literal[
    "as_is", "fold_case", "strip_zeros", "hex_to_dec", "dec_to_hex", "undashed", "first_ten", "last_ten"
]

ID_FORMS: Final[tuple[IdForm, ...]] = get_args(IdForm)

_DECIMAL: Final = re.compile(r"[0-9]{1,64}", re.ASCII)
_HEX: Final = re.compile(r"(?:0[xX])?([0-9A-Fa-f]{1,64})", re.ASCII)


def normalise_id(raw: str, form: IdForm, *, reported: bool = False) -> str:
    """Return an id in the form in which the ids of responses and of reports are compared.

    `form` is the carrier's rule for making a response's id into the report's: "hex_to_dec" when responses are in
    hexadecimal and reports in decimal, "dec_to_hex" the other way round; "strip_zeros" and "fold_case" change both
    alike, as do "undashed", which folds case too, and "first_ten" and "last_ten", for reports with ten characters of
    an id. `reported` says that `raw` comes from a report. An id that the rule does not fit, a UUID under "hex_to_dec"
    for example, stays as it is.
    """
    if form == "as_is":
        return raw
    if form == "strip_zeros":
        return raw.lstrip("0") or raw[-1:]
    if form == "fold_case":
        return raw.lower()
    if form == "undashed":
        return raw.replace("-", "").lower()
    if form in ("first_ten", "last_ten"):
        return raw[:10] if form == "first_ten" else raw[-10:]
    written_in_hex = (form == "hex_to_dec") is not reported
    match = (_HEX if written_in_hex else _DECIMAL).fullmatch(raw)
    if match is None:
        return raw
    value = int(match[1], 16) if written_in_hex else int(raw)
    return str(value) if form == "hex_to_dec" else f"{value:x}"


def normalise_ids(raws: Sequence[str], form: IdForm, *, reported: bool = False) -> Sequence[str]:
    """Return `normalise_id` of each; under "as_is" the sequence itself, not a copy."""
    if form == "as_is":
        return raws
    return [normalise_id(raw, form, reported=reported) for raw in raws]


def matching(accepted: Iterable[str], reported: Iterable[str]) -> dict[IdForm, int]:
    """Return how many of the `reported` ids are among the `accepted` ones, under each rule."""
    responses, reports = list(accepted), list(reported)
    found: dict[IdForm, int] = {}
    for form in ID_FORMS:
        known = set(normalise_ids(responses, form))
        found[form] = sum(report in known for report in normalise_ids(reports, form, reported=True))
    return found
