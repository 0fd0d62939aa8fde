"""Files for neo4j-admin: a whole graph for a first load that is too big to go over the wire.

One CSV file a label, and one a type of link and its ends; ``import.args`` names them all, so that
``neo4j-admin database import full @import.args neo4j`` takes them in. The mark of the case goes
along: ``linkwright push`` then knows the graph as its own, makes constraints and indexes, and
proves it equal.
"""

from collections.abc import Iterator, Mapping
from itertools import chain, groupby
from typing import Final

import polars as pl

from graphdb.bundle.exports.export import Export, File
from graphdb.bundle.handed import Handover
from graphdb.model import CASE_MARK, LinkRows

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
    """Write all files; all anew with another parting when a list turns out to hold this one."""
    for parting in map(chr, _PARTINGS):
        writing = _Writing(parting)
        yield from writing.files(handover)
        if not writing.is_held:
            return


class _Writing:
    """The files with one parting; what is seen of texts only while they are written.

    ``is_held`` tells that an element of a list holds the parting, so that the files are in vain.
    """

    def __init__(self, parting: str) -> None:
        self._parting = parting
        self._breaks = False
        self.is_held = False

    def files(self, handover: Handover) -> Iterator[File]:
        # The importer of 2026 finds no file whose name stands without its folder.
        arguments = []
        if handover.case_id:
            mark = pl.DataFrame([{"slot": 1, "case": handover.case_id, "title": handover.case}])
            arguments.append(f"--nodes={CASE_MARK}=./case.csv")
            head = ["slot:long", "case", "title"]
            yield f"{_FOLDER}/case.csv", self._chunks(head, iter([mark]))
        for label, nodes in groupby(handover.nodes, lambda one: one.label):
            name = f"nodes-{label}.csv"
            arguments.append(f"--nodes={label}=./{name}")
            first, frames = _first(one.frame for one in nodes)
            head = [f"id:ID({label})", *_headers(first.drop("id"))]
            yield f"{_FOLDER}/{name}", self._chunks(head, frames)
            if self.is_held:
                return
        for (type_, *ends), links in groupby(handover.links, _kind):
            name = f"links-{type_}-{'-'.join(ends)}.csv"
            arguments.append(f"--relationships={type_}=./{name}")
            first, frames = _first(one.frame for one in links)
            head = [f":START_ID({ends[0]})", f":END_ID({ends[1]})",
                    *_headers(first.drop("source", "target"))]  # fmt: skip
            yield f"{_FOLDER}/{name}", self._chunks(head, frames)
            if self.is_held:
                return
        if self._breaks:
            # The importer reads a file in one thread then, so it is said only where it must be.
            arguments.append("--multiline-fields=true")
        # Last, as a name of files would take the database's name, which comes next, for a file.
        arguments += [f"--array-delimiter=U+{ord(self._parting):04X}", "--id-type=string"]
        yield f"{_FOLDER}/import.args", ["".join(f"{one}\n" for one in arguments).encode()]

    def _chunks(self, head: list[str], frames: Iterator[pl.DataFrame]) -> Iterator[bytes]:
        yield (",".join(head) + "\n").encode()
        for frame in frames:
            for part in frame.iter_slices(_ROWS_AT_ONCE):
                lists = [column for column in part if column.dtype == pl.List]
                self.is_held = self.is_held or any(map(self._holds, lists))
                if self.is_held:
                    return
                # Every text is quoted and what is not there is not: so an empty text stays one.
                flat = part.with_columns(one.list.join(self._parting) for one in lists)
                self._breaks = self._breaks or _has_line_breaks(flat)
                yield flat.write_csv(include_header=False, quote_style="non_numeric").encode()

    def _holds(self, lists: pl.Series) -> bool:
        return lists.explode().str.contains(self._parting, literal=True).any()


def _first(frames: Iterator[pl.DataFrame]) -> tuple[pl.DataFrame, Iterator[pl.DataFrame]]:
    first = next(frames)
    return first, chain([first], frames)


def _kind(links: LinkRows) -> tuple[str, str, str]:
    return links.type, links.source_label, links.target_label


def _headers(frame: pl.DataFrame) -> list[str]:
    return [f"{one.name}:{_KINDS.get(one.dtype.base_type(), 'string')}" for one in frame]


def _has_line_breaks(frame: pl.DataFrame) -> bool:
    texts = frame.select(pl.selectors.string())
    return any(column.str.contains("[\r\n]").any() for column in texts)


EXPORT: Final = Export(
    name="neo4j-admin",
    says="Neo4j's import files, for a first load of many millions of rows into an empty database",
    loses="nothing of the graph; source rows are named (exhibit:row) but not quoted",
    files=_files,
    quotes=False,
    takes_parts=True,
    then="in its folder neo4j-admin, with the server stopped: neo4j-admin database import full "
    "@import.args neo4j; start the server; linkwright push URL (docs/neo4j.md)",
)
