"""The command that puts figures beside thresholds of law."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from graphdb.bundle.thresholds import (
    CAUTION_EN,
    CAUTION_ZH,
    MEASURES,
    TABLE,
    Compared,
    Figure,
    compare,
    read_thresholds,
)
from graphdb.errors import WrongUsage

from .output import HERE, CaseOption, JsonOption, open_case, out, print_json, print_table

_FEW = 8


def thresholds(
    case: CaseOption = HERE,
    at: Annotated[
        str | None, typer.Option("--at", metavar="DATE", help="The day of the act, 2025-03-01.")
    ] = None,
    table: Annotated[
        Path, typer.Option("--table", help="A TOML table of thresholds.", show_default="ours")
    ] = TABLE,
    as_json: JsonOption = False,
) -> None:
    """Put counts, inflow and loss beside the thresholds of law of the day.

    Without --at, each figure stands beside what held while its acts lasted.
    """
    day = _day(at)
    figures = open_case(case).figures()
    compared = compare(figures, read_thresholds(table), day)
    if as_json:
        print_json(
            {
                "caution": {"en": CAUTION_EN, "zh": CAUTION_ZH},
                "at": at,
                "figures": [figure_json(figure) for figure in figures],
                "compared": [compared_json(one) for one in compared],
            }
        )
        return
    of: dict[str, list[Figure]] = {}
    for figure in figures:
        of.setdefault(figure.of or "the case", []).append(figure)
    rows = [(name, "\n".join(map(_told, own))) for name, own in of.items()]
    title = "Figures of the case: each thing once; gross in, gross out and gain stay apart"
    print_table(title, ("of", "figures"), rows)
    lines = [
        (
            one.of or "the case",
            "reached" if one.is_reached else "not reached",
            "; ".join(f"{figure.written} ({condition.written})"
                      for figure, condition in zip(one.figures, one.threshold.conditions,
                                                   strict=True)),
            f"{one.threshold.zh} {one.threshold.article}",
            f"{one.threshold.since} to {one.threshold.until or '...'}; by {one.day}",
        )
        for one in compared
    ]  # fmt: skip
    print_table(
        "Beside thresholds of law",
        ("of", "figure", "value (threshold)", "threshold", "in force"),
        lines,
    )
    out().print(f"  {CAUTION_EN}\n  {CAUTION_ZH}", markup=False)


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise WrongUsage(f"'{text}' is no day", fix="write it as 2025-03-01") from error


def _told(figure: Figure) -> str:
    """Tell a figure on a line, and which things several rows told."""
    acts = f"; acts from {figure.first} to {figure.last}" if figure.first else ""
    rows = f" (distinct, of {figure.rows:,} rows)" if figure.duplicates else ""
    line = f"{MEASURES[figure.measure][0]}: {figure.written}{rows}{acts}"
    if not figure.duplicates:
        return line
    few = ", ".join(figure.duplicates[:_FEW])
    more = f" ... {len(figure.duplicates):,} in all" if len(figure.duplicates) > _FEW else ""
    return f"{line}; told more than once: {few}{more}"


def figure_json(figure: Figure) -> dict[str, Any]:
    """Shape a figure; amounts are minor units."""
    en, zh = MEASURES[figure.measure]
    return {**asdict(figure), "says": {"en": en, "zh": zh}}


def compared_json(one: Compared) -> dict[str, Any]:
    """Shape a comparison: threshold, figures and whether all are reached."""
    return {
        "of": one.of,
        "day": one.day,
        "reached": one.is_reached,
        "threshold": asdict(one.threshold),
        "figures": {figure.measure: figure.value for figure in one.figures},
    }
