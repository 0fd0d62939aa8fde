"""Files for neo4j-admin: a whole graph for a first load that is too big to go over the wire.

One CSV file a label, and one a type of link and its ends; ``import.args`` names them all, so that
``neo4j-admin database import full @import.args neo4j`` takes them in. The mark of the case goes
along: ``linkwright push`` then knows the graph as its own, makes constraints and indexes, and
proves it equal.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from graphdb.bundle.exports.export import Export, File
from graphdb.bundle.handed import Handover
from graphdb.model import CASE_MARK

_FOLDER: Final = "neo4j-admin"
_ROWS_AT_ONCE: Final = 100_000
_KINDS: Final[Mapping[type[pl.DataType], str]] = {
    pl.Int64: "long",
    pl.Float64: "double",
    pl.List: "string[]",
}
# No quoting protects the elements of a list: they are parted by a character that none of them has.
_PARTINGS: Final = (*range(0x1F, 0x1B, -1), *range(0xE000, 0xF8FF))


def _files(handover: Handover) -> Iterator[File]:
    frames = [*(nodes.frame for nodes in handover.nodes), *(one.frame for one in handover.links)]
    parting = _parting(frames)
    arguments = []
    if handover.case_id:
        mark = pl.DataFrame([{"slot": 1, "case": handover.case_id, "title": handover.case}])
        arguments.append(f"--nodes={CASE_MARK}=case.csv")
        yield f"{_FOLDER}/case.csv", _chunks(mark, ["slot:long", "case", "title"], parting)
    for nodes in handover.nodes:
        name = f"nodes-{nodes.label}.csv"
        arguments.append(f"--nodes={nodes.label}={name}")
        frame = _told(nodes.frame)
        head = [f"id:ID({nodes.label})", *_headers(frame.drop("id"))]
        yield f"{_FOLDER}/{name}", _chunks(frame, head, parting)
    for links in handover.links:
        ends = (links.source_label, links.target_label)
        name = f"links-{links.type}-{'-'.join(ends)}.csv"
        arguments.append(f"--relationships={links.type}={name}")
        frame = _told(links.frame)
        head = [f":START_ID({ends[0]})", f":END_ID({ends[1]})",
                *_headers(frame.drop("source", "target"))]  # fmt: skip
        yield f"{_FOLDER}/{name}", _chunks(frame, head, parting)
    if any(_has_line_breaks(frame) for frame in frames):
        # The importer reads a file in one thread then, so it is said only where it must be.
        arguments.append("--multiline-fields=true")
    # Last, as a name of files would take the database's name, which comes next, for another file.
    arguments += [f"--array-delimiter=U+{ord(parting):04X}", "--id-type=string"]
    yield f"{_FOLDER}/import.args", ["".join(f"{one}\n" for one in arguments).encode()]


def _told(frame: pl.DataFrame) -> pl.DataFrame:
    """Leave out columns without a value; what is not there is not set."""
    return frame.select(column for column in frame if column.null_count() < frame.height)


def _headers(frame: pl.DataFrame) -> list[str]:
    return [f"{one.name}:{_KINDS.get(one.dtype.base_type(), 'string')}" for one in frame]


def _chunks(frame: pl.DataFrame, head: list[str], parting: str) -> Iterator[bytes]:
    yield (",".join(head) + "\n").encode()
    lists = [column.name for column in frame if column.dtype == pl.List]
    for part in frame.iter_slices(_ROWS_AT_ONCE):
        flat = part.with_columns(pl.col(name).list.join(parting) for name in lists)
        # Every text is quoted and what is not there is not: so an empty text stays one.
        yield flat.write_csv(include_header=False, quote_style="non_numeric").encode()


def _parting(frames: list[pl.DataFrame]) -> str:
    """Choose a character that is in no element of any list."""
    lists = [c.explode() for frame in frames for c in frame if c.dtype == pl.List(pl.String)]
    return next(
        one
        for one in map(chr, _PARTINGS)
        if not any(elements.str.contains(one, literal=True).any() for elements in lists)
    )


def _has_line_breaks(frame: pl.DataFrame) -> bool:
    texts = frame.select(pl.selectors.string())
    return any(column.str.contains("[\r\n]").any() for column in texts)


EXPORT: Final = Export(
    name="neo4j-admin",
    says="Neo4j's import files, for a first load of many millions of rows into an empty database",
    loses="nothing of the graph; source rows are named (exhibit:row) but not quoted",
    files=_files,
    quotes=False,
    then="in its folder neo4j-admin, with the server stopped: neo4j-admin database import full "
    "@import.args neo4j; start the server; linkwright push URL (docs/neo4j.md)",
)
