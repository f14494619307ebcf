"""`python -m benchmarks WHAT --rows N --json`: measure, and print a JSON object. README.md says what there is."""

from __future__ import annotations

import argparse
import json

from benchmarks.answering import measure_answers
from benchmarks.baselines import describe_machine
from benchmarks.browsing import measure_console
from benchmarks.exporting import measure_export
from benchmarks.growing import measure_growth
from benchmarks.importing import measure_import
from benchmarks.sending import measure_send

MEASURES = {
    "import": measure_import,
    "answers": measure_answers,
    "console": measure_console,
    "export": measure_export,
    "growth": measure_growth,
}


def main() -> None:
    """Run one measurement."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", choices=sorted([*MEASURES, "send"]), help="what to measure")
    parser.add_argument("--rows", type=int, default=100_000, help="recipients")
    parser.add_argument("--variables", type=int, default=0, choices=(0, 1), help="variable columns")
    parser.add_argument(
        "--paced", type=int, default=0, help="send: parts a second of the carrier; 0: no limit"
    )
    parser.add_argument("--binds", type=int, default=1, help="send: binds of the carrier")
    parser.add_argument("--json", action="store_true", help="print nothing but the JSON object")
    options = parser.parse_args()
    if options.what == "send":
        figures = describe_machine() | measure_send(
            options.rows, options.variables, options.paced, options.binds
        )
    else:
        figures = describe_machine() | MEASURES[options.what](options.rows, options.variables)
    if not options.json:
        for name, value in figures.items():
            print(f"{name:20} {value}")
    print(json.dumps(figures))


main()
