"""How fast the rules are: python benchmarks/domain.py. Seconds for a million rows, microseconds a message."""

import random
import time
import timeit
from collections.abc import Callable

import polars as pl

from sendmill.domain.phone_numbers import NumberRules, check_column, region_column
from sendmill.domain.rendering import Renderer
from sendmill.domain.row_check import check_rows
from sendmill.domain.segments import encode_parts, measure_column
from sendmill.domain.templates import parse, render_column
from sendmill.domain.types import ApplicationType

ROWS = 1_000_000
INTERNATIONAL, MAINLAND = ApplicationType.INTERNATIONAL, ApplicationType.MAINLAND


def show(name: str, work: Callable[[], object]) -> None:
    """Print the best of three runs."""
    print(f"{name:<44}{min(timeit.repeat(work, number=1, repeat=3)):8.3f} s / 1M")


def show_message(name: str, work: Callable[[], object]) -> None:
    """Print what one message costs."""
    print(f"{name:<44}{min(timeit.repeat(work, number=100_000, repeat=3)) * 10:8.2f} us")


def main() -> None:
    """Measure the number check, the check of a file, measuring, rendering and encoding."""
    random.seed(1)
    started = time.perf_counter()
    international, mainland = NumberRules.of(INTERNATIONAL), NumberRules.of(MAINLAND)
    check_column(pl.Series(["+8613112345678"]), international)
    print(f"{'first number, with the plans of the world':<44}{time.perf_counter() - started:8.3f} s")

    local = pl.Series([f"1{random.randrange(3 * 10**9, 10**10)}" for _ in range(ROWS)])
    spaced = "+86 " + local.str.slice(0, 3) + "-" + local.str.slice(3)
    american = pl.Series([f"+1{random.randrange(2 * 10**9, 10**10)}" for _ in range(ROWS)])
    show("check: mainland numbers", lambda: check_column(local, mainland))
    show("check: every number to be repaired", lambda: check_column(spaced, international))
    show("check: +1 numbers", lambda: check_column(american, international))
    numbers = check_column(american, international)["number"]
    show("regions of +1 numbers", lambda: region_column(numbers))

    rows = pl.DataFrame({"row": pl.int_range(2, ROWS + 2, dtype=pl.Int32, eager=True), "c0": local})
    show("file: 1 column", lambda: check_rows(rows, mainland, None))
    template = parse("您的订单${1}已发货，单号${2}。", MAINLAND, {"1": "TEXT", "2": "CHARDIGIT"})
    wide = rows.with_columns(
        c1=pl.Series([f"订单{row}" for row in range(ROWS)]), c2=pl.Series([f"A{row}" for row in range(ROWS)])
    )
    show("file: 1 column and 2 variables", lambda: check_rows(wide, mainland, template))
    values = check_rows(wide, mainland, template).accepted["variables"]
    show("render", lambda: render_column(template, values, "签名", len(values)))
    texts = render_column(template, values, "签名", len(values))
    show("measure: mainland", lambda: measure_column(texts, MAINLAND))
    show("measure: international, UCS-2", lambda: measure_column(texts, INTERNATIONAL))

    ascii_text = "Your parcel 123456 has arrived at the depot and waits there for you until tomorrow."
    show_message("encode: ASCII, 1 part", lambda: encode_parts(ascii_text, INTERNATIONAL))
    show_message("encode: Chinese, 1 part", lambda: encode_parts(texts[0], MAINLAND))
    show_message("encode: ASCII, 3 parts", lambda: encode_parts("x" * 400, INTERNATIONAL))
    renderer = Renderer(template, "签名")
    show_message("render and encode: 2 variables", lambda: renderer.encode(["订单1", "A1"]))
    plain = Renderer(parse("Hello", INTERNATIONAL), None)
    show_message("render and encode: no variables", lambda: plain.encode([]))


if __name__ == "__main__":
    main()
