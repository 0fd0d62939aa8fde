"""The interactive chart: one HTML file drawn by pyvis, with our own page around it.

pyvis is used for what it does well (carrying vis-network) and kept from what it does badly: it
drops parallel lines unless the network is directed, loads files from the network, and puts text
into the page as HTML. Here lines are counted after it took them, scripts and styles are inlined
under a Content-Security-Policy of hashes, and evidence travels as JSON and is shown as text.
"""

import json
from base64 import b64encode
from collections import defaultdict
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pyvis.network import Network

from graphdb.chart.drawing import Chart, ChartLink, ChartNode
from graphdb.chart.icons import icon, look
from graphdb.chart.words import words
from graphdb.errors import CheckFailed
from graphdb.model import BASES, money_text

_HERE: Final = Path(__file__).parent
_VIS: Final = "lib/vis-9.1.2/vis-network.min"
_DASHES: Final[dict[str, Any]] = {"recorded": False, "stated": [8, 6], "inferred": [2, 5]}
_BULGE: Final = 0.13
_CAPTION: Final = 22
# Characters that turn the direction of text around, or cannot be seen, are shown by their number.
_INVISIBLE: Final = (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
_TRICKS: Final = {code: f"\\u{code:04x}" for code in _INVISIBLE}
_OPTIONS: Final[dict[str, Any]] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "hover": True,
        "multiselect": False,
        "keyboard": {"enabled": True, "bindToWindow": False},
        "hideEdgesOnDrag": False,
    },
    "nodes": {
        "shape": "image",
        "size": 24,
        "font": {"size": 14, "face": "system-ui, 'Noto Sans CJK SC', sans-serif", "color": "#000"},
    },
    "edges": {
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.6}},
        "color": {"color": "#444", "highlight": "#000", "hover": "#000", "inherit": False},
        "font": {"size": 11, "strokeWidth": 4, "strokeColor": "#fff", "align": "middle"},
        "width": 1.4,
        "selectionWidth": 2,
        "smooth": False,
    },
}


def render_html(chart: Chart) -> bytes:
    """Draw a chart as one HTML file that needs no network.

    Raises:
        CheckFailed: the drawing library dropped a node or a line.
    """
    network = Network(directed=True)
    for node in chart.nodes:
        network.add_node(node.id, **_drawn_node(node))
    bulges = _bulges(chart.links)
    for link in chart.links:
        network.add_edge(link.source, link.target, **_drawn_link(link, bulges[link.id]))
    _nothing_lost(chart, network)
    network.options = _OPTIONS
    network.set_template_dir(str(_HERE), "page.html")
    styles, scripts = _styles(), _scripts()
    network.templateEnv.globals.update(
        title=chart.title.translate(_TRICKS),
        policy=_policy(styles, scripts),
        styles=styles,
        scripts=scripts,
        chart=_embedded(_facts(chart)),
        drawn=_embedded({"nodes": network.nodes, "edges": network.edges, "options": _OPTIONS}),
    )
    return str(network.generate_html()).encode()


def _drawn_node(node: ChartNode) -> dict[str, Any]:
    name = look(node.label, node.role, node.id, stack=bool(node.members))
    lines = [_cut(line) for line in node.caption.split("\n")]
    return {
        "label": "\n".join(lines).translate(_TRICKS) or " ",
        "shape": "image",
        "image": icon(name),
        "x": node.x,
        "y": node.y,
        "physics": False,
    }


def _drawn_link(link: ChartLink, bulge: float) -> dict[str, Any]:
    smooth: Any = False
    if bulge:
        kind = "curvedCW" if bulge > 0 else "curvedCCW"
        smooth = {"enabled": True, "type": kind, "roundness": abs(bulge)}
    caption = []
    if link.type == "PAYMENT" and link.amount_minor is not None:
        amount = money_text(link.amount_minor, link.currency or "CNY")
        caption.append(amount.removeprefix("CNY "))
    if link.count > 1:
        caption.append(f"×{link.count}")
    if link.basis != BASES[0]:
        caption.append(link.basis)
    width = 2.2 if link.type == "PAYMENT" else 1.0
    return {
        "id": link.id,
        "label": " ".join(caption) or " ",
        "dashes": _DASHES.get(link.basis, [2, 5]),
        "smooth": smooth,
        "width": width,
        "physics": False,
    }


def _bulges(links: tuple[ChartLink, ...]) -> dict[str, float]:
    """Bend lines that run between the same two nodes apart, whichever way they run."""
    between: dict[tuple[str, str], list[ChartLink]] = defaultdict(list)
    for link in links:
        ends = (link.source, link.target)
        between[min(ends), max(ends)].append(link)
    bulges: dict[str, float] = {}
    for (first, _), group in between.items():
        for at, link in enumerate(group):
            # 0, 1, -1, 2, -2 ...; a line that runs the other way bends to its own other side.
            step = (at + 1) // 2 * (1 if at % 2 else -1)
            bulges[link.id] = _BULGE * step * (1 if link.source == first else -1)
    return bulges


def _nothing_lost(chart: Chart, network: Any) -> None:
    if len(network.nodes) != len(chart.nodes) or len(network.edges) != len(chart.links):
        raise CheckFailed(
            f"{len(chart.nodes)} nodes and {len(chart.links)} links were to be drawn, but the "
            f"drawing library kept {len(network.nodes)} and {len(network.edges)}"
        )
    kept = {edge["id"] for edge in network.edges}
    amounts = sum(link.amount_minor or 0 for link in chart.links if link.id in kept)
    if amounts != sum(link.amount_minor or 0 for link in chart.links):
        raise CheckFailed("the amounts drawn do not add up to the amounts of the chart")


def _facts(chart: Chart) -> dict[str, Any]:
    """Give what the page shows in its panel and table, as plain values."""
    return {
        "nodes": [
            {
                "id": node.id,
                "label": node.label,
                "role": node.role,
                "look": look(node.label, node.role, node.id, stack=bool(node.members)),
                "caption": node.caption.replace("\n", " · "),
                "properties": dict(node.properties),
                "members": list(node.members),
                "evidence": list(node.evidence),
            }
            for node in chart.nodes
        ],
        "links": [
            {
                "id": link.id,
                "type": link.type,
                "source": link.source,
                "target": link.target,
                "basis": link.basis,
                "count": link.count,
                "first": link.first_at,
                "last": link.last_at,
                "amount": None
                if link.amount_minor is None
                else money_text(link.amount_minor, link.currency or "CNY"),
                "ids": list(link.ids),
                "properties": dict(link.properties),
                "evidence": list(link.evidence),
            }
            for link in chart.links
        ],
        "sources": {
            source.place: [source.file, source.sha256, [list(cell) for cell in source.cells]]
            for source in chart.sources
        },
        "findings": [
            {
                "pack": finding.pack,
                "level": finding.level,
                "key": finding.key,
                "nodes": sorted({id_ for _, id_ in finding.nodes}),
                "innocents": [[one.says, one.check] for one in finding.innocents],
            }
            for finding in chart.findings
        ],
        "icons": {
            name: icon(name)
            for name in sorted(
                {look(n.label, n.role, n.id, stack=bool(n.members)) for n in chart.nodes}
            )
        },
        "words": words(),
        "footnotes": list(chart.footnotes),
    }


def _embedded(value: Any) -> str:
    """Write JSON that can stand inside a script element, whatever it holds."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


@cache
def _styles() -> tuple[str, ...]:
    return (_vis("css"), (_HERE / "page.css").read_text(encoding="utf-8"))


@cache
def _scripts() -> tuple[str, ...]:
    return (_vis("js"), (_HERE / "page.js").read_text(encoding="utf-8"))


def _vis(suffix: str) -> str:
    return (
        files("pyvis")
        .joinpath(f"{_VIS}.{suffix}".replace("min.css", "css"))
        .read_text(encoding="utf-8")
    )


def _policy(styles: tuple[str, ...], scripts: tuple[str, ...]) -> str:
    """Allow the very scripts and styles of this page by their hashes, pictures in it, no more."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(_hash(text) for text in scripts)}",
            f"style-src {' '.join(_hash(text) for text in styles)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    # A parser turns CRLF into LF before it hashes, so the text must hold none.
    if "\r" in text:
        raise CheckFailed("a script or style of the page holds a carriage return")
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _cut(line: str) -> str:
    return line if len(line) <= _CAPTION else line[: _CAPTION - 1] + "…"
