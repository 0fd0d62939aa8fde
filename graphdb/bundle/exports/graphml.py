"""GraphML: every mark and line with all its properties, for yEd, Gephi, Cytoscape, networkx."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr  # only writes

from graphdb.bundle.exports.drawn import Line, Mark, drawn
from graphdb.bundle.exports.export import Export, File
from graphdb.bundle.exports.text import written, xml_text
from graphdb.bundle.handed import Handover
from graphdb.model import Cell

_HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
"""
_TYPES: Final = {int: "long", float: "double"}


def _files(handover: Handover) -> Iterator[File]:
    yield "graph.graphml", _chunks(*drawn(handover))


def _chunks(marks: Sequence[Mark], lines: Sequence[Line]) -> Iterator[bytes]:
    yield _HEAD.encode()
    nodes = [(mark, _said(mark, mark.label, mark.caption)) for mark in marks]
    edges = [(line, _said(line, line.type, None)) for line in lines]
    yield from _keys("node", (said for _, said in nodes))
    yield from _keys("edge", (said for _, said in edges))
    yield b'<graph id="G" edgedefault="directed">\n'
    for mark, said in nodes:
        yield f"<node id={_attribute(mark.id)}>{_cells('node', said)}</node>\n".encode()
    for line, said in edges:
        ends = f"source={_attribute(line.source)} target={_attribute(line.target)}"
        cells = _cells("edge", said)
        yield f"<edge id={_attribute(line.id)} {ends}>{cells}</edge>\n".encode()
    yield b"</graph>\n</graphml>\n"


def _said(one: Mark | Line, type_: str, caption: str | None) -> dict[str, Cell]:
    named: dict[str, Cell] = {"type": type_} if caption is None else {
        "type": type_, "label": caption
    }  # fmt: skip
    return {**named, **{name: cell for name, cell in one.properties.items() if name not in named}}


def _keys(domain: str, all_said: Iterable[Mapping[str, Cell]]) -> Iterator[bytes]:
    """Declare the properties that occur, each with its type."""
    types: dict[str, str] = {}
    for said in all_said:
        for name, cell in said.items():
            types.setdefault(name, _TYPES.get(type(cell), "string"))
    for name, type_ in types.items():
        key = f'<key id="{domain}.{name}" for="{domain}" attr.name="{name}" attr.type="{type_}"/>\n'
        yield key.encode()


def _cells(domain: str, said: Mapping[str, Cell]) -> str:
    return "".join(
        # A parser turns a bare carriage return into a line feed.
        f'<data key="{domain}.{name}">'
        f"{escape(xml_text(written(name, cell)), {chr(13): '&#13;'})}</data>"
        for name, cell in said.items()
    )


def _attribute(text: str) -> str:
    return quoteattr(xml_text(text), {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"})


EXPORT: Final = Export(
    name="graphml",
    says="GraphML for yEd, Gephi, Cytoscape and networkx",
    loses="source rows are named (exhibit:row) but not quoted; lists become one text; ids stand as "
    "they are, which strict readers of NMTOKEN refuse; characters that XML cannot hold are shown "
    "as ⟨U+0000⟩",
    files=_files,
    quotes=False,
)
