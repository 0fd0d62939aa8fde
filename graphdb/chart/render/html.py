"""Write a chart as one HTML file by pyvis, with a template of our own and no network request."""

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping
from importlib.resources import as_file, files
from typing import Any, Final

from graphdb.chart.nouns import PAYMENT, Chart, ChartLink
from graphdb.chart.render.payload import payload_of
from graphdb.errors import CheckFailed

# Dual-licensed Apache-2.0 OR MIT; its notice stands at the head of the file and travels along.
# Its style sheet is left out: 220 kB of buttons that this page does not have.
_VIS: Final = ("lib", "vis-9.1.2", "vis-network.min.js")
_OURS: Final = ("canvas.js", "panel.js", "page.js")
_INK: Final = "#1b1f24"
# Darkest grey that still steps back behind the money; 4.5 to 1 on white.
_FAINT: Final = "#767676"
_DASHES: Final[Mapping[str, bool | list[int]]] = {
    "recorded": False,
    "stated": [10, 6],
    "inferred": [2, 5],
}
_FONTS: Final = "system-ui, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
_OPTIONS: Final = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "hover": True,
        "multiselect": False,
        "keyboard": {"enabled": True, "bindToWindow": False},
        "tooltipDelay": 250,
    },
    "nodes": {
        "shape": "image",
        "size": 29,
        "font": {"face": _FONTS, "size": 15, "color": _INK, "strokeWidth": 4, "vadjust": -4},
    },
    "edges": {
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.6}},
        "color": {"color": _FAINT, "highlight": _INK, "hover": _INK},
        "selectionWidth": 2.5,
        "hoverWidth": 1,
        "smooth": False,
    },
}


def html_bytes(chart: Chart) -> bytes:
    """Draw a chart as a page; the same chart gives the same bytes.

    Raises:
        CheckFailed: the drawing lost a mark, a line or an amount.
    """
    # pyvis brings IPython along; only whoever draws shall wait for it.
    from pyvis.network import Network

    # Undirected, pyvis keeps one of several payments between two accounts and says nothing.
    net = Network(directed=True, cdn_resources="in_line")
    mark_ids = {node.id: f"mark-{number}" for number, node in enumerate(chart.nodes, start=1)}
    for node in chart.nodes:
        stack = " stack" if len(node.members) > 1 else ""
        net.add_node(
            mark_ids[node.id],
            label=node.caption.en,
            shape="image",
            x=node.x,
            y=node.y,
            picture=node.roles[0] + stack,
        )
    lanes = Counter(_pair(link) for link in chart.links)
    for link in chart.links:
        net.add_edge(
            mark_ids[link.source],
            mark_ids[link.target],
            id=link.id,
            dashes=_DASHES.get(link.basis, _DASHES["inferred"]),
            paid_minor=link.paid_minor,
            **_line_style(link, lanes[_pair(link)]),
        )
    _check(chart, net)
    # A dict, because set_options strips every space, of font names too.
    net.options = _OPTIONS
    return _page(chart, net, mark_ids).encode("utf-8")


def _check(chart: Chart, net: Any) -> None:
    """Compare the network with the chart: pyvis drops what it takes for a repetition."""
    if len(net.nodes) != len(chart.nodes):
        raise CheckFailed(f"{len(net.nodes)} of {len(chart.nodes)} marks were drawn")
    if len(net.edges) != len(chart.links):
        raise CheckFailed(f"{len(net.edges)} of {len(chart.links)} lines were drawn")
    drawn = sum(edge["paid_minor"] for edge in net.edges)
    if drawn != (given := sum(link.paid_minor for link in chart.links)):
        raise CheckFailed(f"the payments drawn add up to {drawn}, not {given}")


def _pair(link: ChartLink) -> tuple[str, str]:
    return min(link.source, link.target), max(link.source, link.target)


def _line_style(link: ChartLink, lanes: int) -> dict[str, Any]:
    """Fan out the lines between the same two marks, and let the money stand out."""
    style: dict[str, Any] = {"width": 1}
    if link.type == PAYMENT:
        style = {"width": 1.8, "color": {"color": _INK, "highlight": _INK, "hover": _INK}}
    if link.source == link.target:
        return style | {"selfReference": {"size": 24 + 9 * link.lane, "angle": 0.785}}
    bend = (link.lane - (lanes - 1) / 2) * min(0.16, 0.8 / lanes)
    if link.source > link.target:
        bend = -bend
    if bend:
        kind = "curvedCW" if bend > 0 else "curvedCCW"
        style["smooth"] = {"enabled": True, "type": kind, "roundness": round(abs(bend), 4)}
    return style


def _page(chart: Chart, net: Any, mark_ids: Mapping[str, str]) -> str:
    """Let pyvis fill our template; it takes text for text, so nothing in it can be markup."""
    here = files("graphdb.chart.render")
    vis = files("pyvis").joinpath("templates", *_VIS).read_text(encoding="utf-8")
    # The map would be asked for over the network by anyone who opens the developer tools.
    scripts = [vis.partition("//# sourceMappingURL")[0]]
    scripts += [here.joinpath(name).read_text(encoding="utf-8") for name in _OURS]
    style = here.joinpath("chart.css").read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; script-src {' '.join(map(_hash, scripts))}; "
        f"style-src {_hash(style)}; img-src data:; base-uri 'none'; form-action 'none'"
    )
    with as_file(here) as folder:
        net.set_template_dir(str(folder), "page.html")
        net.templateEnv.autoescape = True
        net.templateEnv.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
        net.templateEnv.globals.update(
            chart=payload_of(chart, mark_ids), policy=policy, scripts=scripts, style=style
        )
        page: str = net.generate_html()
    return page


def _hash(block: str) -> str:
    """Name a block as the Content-Security-Policy wants it, by the hash of its bytes."""
    digest = hashlib.sha256(block.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
