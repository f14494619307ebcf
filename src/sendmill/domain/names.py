"""The names that people give to tasks and applications."""

from __future__ import annotations

from sendmill.domain.violations import Violation

LONGEST_NAME = 64

RULES: dict[str, str] = {
    "name_required": "Enter a name.",
    "name_too_long": "A name has at most %(longest)d characters.",
}


def check_name(name: str, longest: int = LONGEST_NAME) -> Violation | None:
    """Return why a name cannot be used: it is required and has at most `longest` characters."""
    if not name.strip():
        return Violation("name_required", RULES["name_required"])
    if len(name) > longest:
        return Violation("name_too_long", RULES["name_too_long"], {"longest": longest})
    return None
