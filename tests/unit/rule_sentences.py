"""Every sentence of the rules in `domain`, as the translation keys that a translator has to cover."""

from __future__ import annotations

from sendmill.domain import (
    carrier_warnings,
    diagnosis,
    names,
    phone_numbers,
    pricing,
    row_check,
    status_codes,
    status_map,
    task_life,
    templates,
    types,
    variables,
)


def every_text() -> list[str]:
    """Return the English translation keys of all rules, reasons and codes, without repetition."""
    rules = [
        phone_numbers.MEANINGS.values(),
        variables.UNFIT.values(),
        *(
            module.RULES.values()
            for module in (
                names,
                pricing,
                row_check,
                status_map,
                task_life,
                templates,
                types,
                diagnosis,
                carrier_warnings,
            )
        ),
        status_codes.texts(),
    ]
    return list(dict.fromkeys(text for group in rules for text in group))
