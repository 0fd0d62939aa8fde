"""Draw link charts: findings and chains become marks, lines and notes, and those a file."""

from collections.abc import Sequence
from pathlib import Path

from graphdb.chart.compose import composed
from graphdb.chart.nouns import Chart, ChartLink, ChartNode, Imprint, Said
from graphdb.chart.render import render, rendered
from graphdb.chart.render.dated import timeline_svg
from graphdb.chart.render.trail import render_trail, rendered_trail
from graphdb.chart.tables import links_csv, rows_csv
from graphdb.chart.text import caption_of
from graphdb.chart.trail import TrailChart, TrailStep, TrailStop
from graphdb.model import Chain, Entity, Finding, Link, SourceRow

__all__ = [
    "Chart",
    "ChartLink",
    "ChartNode",
    "Imprint",
    "Said",
    "TrailChart",
    "TrailStep",
    "TrailStop",
    "caption_of",
    "chart_of",
    "draw_chart",
    "draw_trail",
    "links_csv",
    "rendered",
    "rendered_trail",
    "rows_csv",
    "timeline_svg",
]


def chart_of(
    title: str,
    entities: Sequence[Entity],
    links: Sequence[Link],
    *,
    findings: Sequence[Finding] = (),
    chains: Sequence[Chain] = (),
    sources: Sequence[SourceRow] = (),
    notes: Sequence[Said] = (),
    fold_above: int = 60,
) -> Chart:
    """Make a link chart: who is who, which lines are drawn, and where everything stands.

    The order of ``entities`` and ``links`` does not matter. Above ``fold_above`` nodes, those
    alike in everything that is drawn fold into stacks. ``notes`` stand before the chart's own.

    Raises:
        CheckFailed: something given would be missing on the chart.
    """
    return composed(title, entities, links, findings, chains, sources, notes, fold_above)


def draw_chart(chart: Chart, path: Path) -> tuple[Path, ...]:
    """Write a chart to a file, in the format that its suffix names; give the files.

    SVG has one file a page; the second page of ``chart.svg`` is ``chart-2.svg``.

    Raises:
        WrongUsage: no renderer knows the suffix.
        CheckFailed: the drawing lost a line or a sum.
    """
    return render(chart, path)


def draw_trail(trail: TrailChart, path: Path) -> None:
    """Write a trail to a file, in the format that its suffix names.

    Raises:
        WrongUsage: no renderer knows the suffix.
        CheckFailed: the drawing lost some of the money.
    """
    render_trail(trail, path)
