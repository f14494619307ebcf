"""Every sentence of the rules, as the translation keys that a translator has to cover."""

from __future__ import annotations

from sendmill.domain import codes, names, numbers, pricing, recipients, states, templates, variables, windows


def every_text() -> list[str]:
    """Return the English translation keys of all rules, reasons and codes, without repetition."""
    rules = [
        numbers.MEANINGS.values(),
        variables.UNFIT.values(),
        *(module.RULES.values() for module in (names, pricing, recipients, states, templates, windows)),
        codes.texts(),
    ]
    return list(dict.fromkeys(text for group in rules for text in group))
