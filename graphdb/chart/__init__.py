"""The chart: findings and chains in, nodes and links with places out, and files.

``chart_of`` is a pure function; ``draw_chart`` writes a file by its suffix. Whatever a chart shows
leads back to its source rows, and what was merged says so.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from graphdb.chart.compose import crowded, links_of, nodes_of, roles_of
from graphdb.chart.drawing import Chart, ChartLink, ChartNode
from graphdb.chart.fold import folded
from graphdb.chart.layout import laid_out
from graphdb.errors import WrongUsage
from graphdb.model import Chain, Entity, Finding, Link, SourceRow

__all__ = ["Chart", "ChartLink", "ChartNode", "chart_of", "draw_chart"]

_FOLD_ABOVE = 60


def chart_of(
    title: str,
    entities: Sequence[Entity],
    links: Sequence[Link],
    *,
    findings: Sequence[Finding] = (),
    chains: Sequence[Chain] = (),
    sources: Sequence[SourceRow] = (),
    fold_above: int = _FOLD_ABOVE,
) -> Chart:
    """Make a chart of entities and the links among them.

    >>> chart = chart_of("LC-1", [Entity("Account", "bank:1", {}), Entity("Account", "bank:2", {})],
    ...                  [Link("FRIEND_OF", "bank:1", "bank:2", {"evidence": ["E01:2"],
    ...                                                          "basis": "stated"})])
    >>> [(node.id, node.caption) for node in chart.nodes], chart.links[0].basis
    ([('bank:1', '1'), ('bank:2', '2')], 'stated')

    Raises:
        CheckFailed: a record would be lost between the graph and the chart.
    """
    nodes = nodes_of(entities, roles_of(chains))
    here = [link for link in links if link.source in nodes and link.target in nodes]
    lines, payments = links_of(here, entities)
    shown = [node for id_, node in nodes.items() if id_ not in payments]
    stacked, lines = folded(shown, lines, fold_above)
    money = crowded([line for line in lines if line.type == "PAYMENT"])
    lines = [*money, *(line for line in lines if line.type != "PAYMENT")]
    numbered = [
        line if line.type == "PAYMENT" and line.count == 1 else replace(line, id=f"link:{number}")
        for number, line in enumerate(lines, start=1)
    ]
    return Chart(
        title,
        tuple(laid_out(stacked, numbered)),
        tuple(numbered),
        tuple(findings),
        tuple(sources),
        _footnotes(stacked, numbered, sources),
    )


def draw_chart(chart: Chart, path: Path) -> None:
    """Write a chart to a file, in the form that its suffix names.

    Raises:
        WrongUsage: there is no renderer for that suffix.
        CheckFailed: the drawing library dropped a line.
    """
    # Imported here: the drawing library takes longer to load than most commands take to run.
    from graphdb.chart.html import render_html

    renderers = {".html": render_html}
    render = renderers.get(path.suffix.lower())
    if render is None:
        raise WrongUsage(
            f"no chart can be written as '{path.suffix or path.name}'",
            fix=f"end the name in one of {', '.join(renderers)}",
        )
    path.write_bytes(render(chart))


def _footnotes(
    nodes: Sequence[ChartNode], links: Sequence[ChartLink], sources: Sequence[SourceRow]
) -> tuple[tuple[str, str], ...]:
    """Say in English and Chinese how complete the chart is and what is folded on it."""
    stacks = [node for node in nodes if node.members]
    held = sum(len(stack.members) for stack in stacks)
    records = sum(link.count for link in links)
    notes = [
        (
            f"{records} records on {len(links)} lines, from {len(sources)} source rows.",
            f"{len(links)} 条连线含 {records} 条记录，出自 {len(sources)} 行原始数据。",
        )
    ]
    if stacks:
        notes.append(
            (
                f"{len(stacks)} stacks hold {held} entities with the same neighbours.",
                f"{len(stacks)} 个合并图标含 {held} 个关联相同的对象。",
            )
        )
    return tuple(notes)
