"""Templates and signatures: the rules of their content, parsing into variables, and rendering."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from sendmill.domain.types import ApplicationType, ServiceType
from sendmill.domain.variables import (
    LONGEST_VALUE,
    LONGEST_VERIFICATION,
    MAINLAND_ATTRIBUTES,
    Attribute,
    Variable,
    explain_unfit,
    sample_value,
    trim,
    unfit_column,
)
from sendmill.domain.violations import Violation

__all__ = [
    "Attribute",
    "Template",
    "TemplateError",
    "Variable",
    "explain_unfit",
    "parse",
    "render",
    "render_column",
    "sample_values",
    "signature_violations",
    "trim",
    "unfit_column",
    "variable_names",
    "violations",
]

LONGEST_CONTENT = 500
MOST_VARIABLES = 20
SHORTEST_SIGNATURE, LONGEST_SIGNATURE = 2, 32
MAINLAND_OPT_OUT = "拒收请回复R"

# Code of a broken rule -> its sentence.
RULES: dict[str, str] = {
    "content_empty": "The template has no content.",
    "content_too_long": "The content has %(length)d characters with the signature and its brackets; at most "
    "%(limit)d are allowed.",
    "brackets": "The content must not contain 【 】 [ ].",
    "control_character": "The content contains a control character.",
    "malformed_variable": "There is a brace that belongs to no variable at character %(position)d.",
    "unknown_variable": "%(variable)s is not a variable that this kind of application knows.",
    "variable_length": "%(variable)s is out of range: its number must be between 1 and 20.",
    "missing_attribute": "The variable %(variable)s has no attribute.",
    "unknown_attribute": "%(attribute)s, the attribute of the variable %(variable)s, does not exist.",
    "too_many_variables": "The template has %(count)d variables; at most %(limit)d are allowed.",
    "only_variables": "The template must not consist of variables alone.",
    "adjacent_variables": "The variables %(first)s and %(second)s stand side by side; put text between them.",
    "verification_one_variable": "A verification template has exactly one variable; this one has %(count)d.",
    "verification_too_long": "The variable of a verification template holds at most %(limit)d characters; "
    "%(variable)s is for longer values.",
    "promotion_variables": "A promotion template has no variables; this one has %(count)d.",
    "promotion_opt_out": "A promotion template must say how to opt out: %(wording)s.",
    "signature_not_allowed": "International applications have no signatures.",
    "signature_length": "A signature has 2 to 32 characters; this one has %(length)d.",
    "signature_characters": "A signature consists of Chinese characters, letters and digits; 【】 are added.",
    "signature_digits": "A signature must not consist of digits alone.",
}


@dataclass(frozen=True)
class Template:
    """A template taken apart: `pieces` are texts and positions in `variables`, in the order of the content.

    In a mainland template a name that appears again is the same variable. In an international one every place
    is a variable of its own, as its name says what it holds and not which one it is ("from ${DATE} to
    ${DATE}").
    """

    content: str
    application_type: ApplicationType
    variables: tuple[Variable, ...]
    pieces: tuple[str | int, ...]


class TemplateError(ValueError):
    """The content is no template; `violations` are the rules it breaks."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__(" ".join(str(violation) for violation in violations))
        self.violations = list(violations)


def _violation(code: str, **parameters: object) -> Violation:
    return Violation(code, RULES[code], parameters)


_INTERNATIONAL_PLACE = re.compile(r"\$\{([^{}]*)\}")
_MAINLAND_PLACE = re.compile(r"\$?\{([^{}]*)\}")
_LIMITED = re.compile(r"(TXT|NUM)_([0-9]+)")
# A number of its own, or a name of letters, digits, underscores and Chinese characters.
_MAINLAND_NAME = re.compile(r"[0-9]+|[A-Za-z_\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]{0,31}")
# Rare characters of names are beyond the basic block: extensions A to H and the compatibility ideographs.
_SIGNATURE = re.compile(r"[A-Za-z0-9\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]*")
_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_STOP = re.compile(r"(?<![A-Za-z])STOP(?![A-Za-z])", re.IGNORECASE)


def parse(
    content: str,
    application_type: ApplicationType,
    attributes: Mapping[str, str] | None = None,
    *,
    service_type: ServiceType | None = None,
) -> Template:
    """Take a template apart; TemplateError where its variables are wrong.

    `attributes` gives every mainland variable its attribute by name. With `service_type` verification the
    value is held to 8 characters.
    """
    pieces, names, broken = _scan(content, application_type)
    longest = LONGEST_VERIFICATION if service_type is ServiceType.VERIFICATION else LONGEST_VALUE
    variables = []
    for name in names:
        variable = _variable(name, application_type, attributes or {}, longest)
        if isinstance(variable, Violation):
            broken.append(variable)
        else:
            variables.append(variable)
    if broken:
        raise TemplateError(broken)
    if application_type is ApplicationType.INTERNATIONAL:
        variables = _told_apart(variables)
    return Template(content, application_type, tuple(variables), tuple(pieces))


def variable_names(content: str, application_type: ApplicationType) -> list[str]:
    """Return the names of a content's variables in the order of their columns, right or wrong."""
    return _scan(content, application_type)[1]


def _scan(
    content: str, application_type: ApplicationType
) -> tuple[list[str | int], list[str], list[Violation]]:
    """Return the pieces, the variables' names, and the braces that make no sense."""
    mainland = application_type is ApplicationType.MAINLAND
    place = _MAINLAND_PLACE if mainland else _INTERNATIONAL_PLACE
    pieces: list[str | int] = []
    names: list[str] = []
    broken: list[Violation] = []
    end = 0
    for match in place.finditer(content):
        _add_text(content[end : match.start()], end, pieces, broken, mainland=mainland)
        name = match.group(1)
        if not mainland or name not in names:
            names.append(name)
        pieces.append(names.index(name) if mainland else len(names) - 1)
        end = match.end()
    _add_text(content[end:], end, pieces, broken, mainland=mainland)
    return pieces, names, broken


def _add_text(
    text: str, start: int, pieces: list[str | int], broken: list[Violation], *, mainland: bool
) -> None:
    if not text:
        return
    pieces.append(text)
    # Braces alone are ordinary characters of an international text.
    stray = re.search(r"[{}]" if mainland else r"\$\{", text)
    if stray:
        broken.append(_violation("malformed_variable", position=start + stray.start() + 1))


def _variable(
    name: str, application_type: ApplicationType, attributes: Mapping[str, str], longest: int
) -> Variable | Violation:
    if application_type is ApplicationType.MAINLAND:
        return _mainland_variable(name, attributes, longest)
    shown = "${" + name + "}"
    if name == "DATE":
        return Variable(name, Attribute.DATE, 10)
    if name == "TIME":
        return Variable(name, Attribute.TIME, 8)
    limited = _LIMITED.fullmatch(name)
    if limited is None:
        return _violation("unknown_variable", variable=shown)
    if limited[2].startswith("0") or not 1 <= int(limited[2][:3]) <= LONGEST_VALUE:
        return _violation("variable_length", variable=shown)
    return Variable(name, Attribute(limited[1]), int(limited[2]))


def _mainland_variable(name: str, attributes: Mapping[str, str], longest: int) -> Variable | Violation:
    shown = "${" + name + "}"
    if not _MAINLAND_NAME.fullmatch(name):
        return _violation("unknown_variable", variable=shown)
    if name[0].isdigit() and (name.startswith("0") or not 1 <= int(name[:3]) <= MOST_VARIABLES):
        return _violation("variable_length", variable=shown)
    attribute = attributes.get(name)
    if not attribute:
        return _violation("missing_attribute", variable=shown)
    if attribute not in MAINLAND_ATTRIBUTES:
        return _violation("unknown_attribute", variable=shown, attribute=attribute)
    kind = Attribute(attribute)
    return Variable(name, kind, min(longest, 15 if kind is Attribute.PHONE else LONGEST_VALUE))


def _told_apart(variables: Iterable[Variable]) -> list[Variable]:
    """Number the variables that have the same name, for the headers of the file: DATE, DATE (2)."""
    seen: dict[str, int] = {}
    apart = []
    for variable in variables:
        count = seen[variable.name] = seen.get(variable.name, 0) + 1
        name = variable.name if count == 1 else f"{variable.name} ({count})"
        apart.append(Variable(name, variable.attribute, variable.max_length))
    return apart


def violations(
    content: str,
    application_type: ApplicationType,
    service_type: ServiceType,
    signature: str | None,
    attributes: Mapping[str, str] | None = None,
) -> list[Violation]:
    """Return every rule that a template breaks, none for a template that can be submitted.

    `signature` is the name without brackets; null for international templates and for universal ones.
    """
    if not content.strip():
        return [_violation("content_empty")]
    broken = []
    length = len(content)
    if signature is not None:
        length += len(signature) + 2
        if application_type is ApplicationType.INTERNATIONAL:
            broken.append(_violation("signature_not_allowed"))
    if length > LONGEST_CONTENT:
        broken.append(_violation("content_too_long", length=length, limit=LONGEST_CONTENT))
    if re.search(r"[【】\[\]]", content):
        broken.append(_violation("brackets"))
    if _CONTROL.search(content):
        broken.append(_violation("control_character"))
    try:
        variables = list(parse(content, application_type, attributes).variables)
    except TemplateError as error:
        broken += error.violations
        variables = []
    pieces, names, _ = _scan(content, application_type)
    broken += _arrangement(pieces, names)
    broken += _service_rules(content, application_type, service_type, variables, len(names))
    return broken


def _arrangement(pieces: Sequence[str | int], names: Sequence[str]) -> list[Violation]:
    broken = []
    if len(names) > MOST_VARIABLES:
        broken.append(_violation("too_many_variables", count=len(names), limit=MOST_VARIABLES))
    if not any(isinstance(piece, str) and piece.strip() for piece in pieces):
        broken.append(_violation("only_variables"))
    for first, second in pairwise(pieces):
        if isinstance(first, int) and isinstance(second, int):
            pair = {"first": "${" + names[first] + "}", "second": "${" + names[second] + "}"}
            broken.append(_violation("adjacent_variables", **pair))
            break
    return broken


def _service_rules(
    content: str,
    application_type: ApplicationType,
    service_type: ServiceType,
    variables: Sequence[Variable],
    count: int,
) -> list[Violation]:
    mainland = application_type is ApplicationType.MAINLAND
    if service_type is ServiceType.VERIFICATION:
        if count != 1:
            return [_violation("verification_one_variable", count=count)]
        # A mainland attribute does not say how long: its values are held to 8 when they are checked.
        if not mainland and variables and (variables[0].max_length or 0) > LONGEST_VERIFICATION:
            shown = "${" + variables[0].name + "}"
            return [_violation("verification_too_long", limit=LONGEST_VERIFICATION, variable=shown)]
    if service_type is ServiceType.PROMOTION:
        broken = []
        if count:
            broken.append(_violation("promotion_variables", count=count))
        if not (MAINLAND_OPT_OUT in content if mainland else _STOP.search(content)):
            wording = MAINLAND_OPT_OUT if mainland else "Reply STOP to opt out"
            broken.append(_violation("promotion_opt_out", wording=wording))
        return broken
    return []


def signature_violations(name: str) -> list[Violation]:
    """Return every rule that the name of a signature (without brackets) breaks."""
    broken = []
    if not SHORTEST_SIGNATURE <= len(name) <= LONGEST_SIGNATURE:
        broken.append(_violation("signature_length", length=len(name)))
    if not _SIGNATURE.fullmatch(name):
        broken.append(_violation("signature_characters"))
    if name.isdigit():
        broken.append(_violation("signature_digits"))
    return broken


def opening(application_type: ApplicationType, signature: str | None) -> str:
    """Return what stands before the text: the signature in its brackets, for mainland."""
    return f"【{signature}】" if signature and application_type is ApplicationType.MAINLAND else ""


def render(template: Template, values: Sequence[str], signature: str | None) -> str:
    """Return the text of one recipient; ValueError unless there is one value for every variable."""
    if len(values) != len(template.variables):
        raise ValueError(f"{len(template.variables)} values expected, {len(values)} given")
    text = "".join(values[piece] if isinstance(piece, int) else piece for piece in template.pieces)
    return opening(template.application_type, signature) + text


def render_column(
    template: Template, variables: pl.Series | None, signature: str | None, height: int
) -> pl.Series:
    """Return the texts (String) of `height` recipients; `variables` holds their values (List[String])."""
    front = opening(template.application_type, signature)
    if not template.variables:
        return pl.repeat(front + template.content, height, dtype=pl.String, eager=True).alias("text")
    if variables is None or len(variables) != height:
        raise ValueError(f"values for {height} recipients expected")
    values = pl.col("values").list
    pieces = [
        values.get(piece) if isinstance(piece, int) else pl.lit(piece, dtype=pl.String)
        for piece in (front, *template.pieces)
    ]
    return pl.DataFrame({"values": variables}).select(pl.concat_str(pieces).alias("text")).to_series()


def sample_values(template: Template) -> list[str]:
    """Return one fitting value for every variable."""
    return [sample_value(variable) for variable in template.variables]
