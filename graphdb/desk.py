"""The case as a notebook meets it: the words of the commands, answers as tables and pictures.

import graphdb

case = graphdb.open_case("my-case", new=True)
case.add("evidence/", tz="Asia/Shanghai")
case.run("money/fan_in", min_payers=5).polars()
case.chart("money/fan_in")
"""

import html
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graphdb.about import is_case
from graphdb.case import Case, Status
from graphdb.errors import WrongUsage
from graphdb.evidence import ReadOptions, read_map
from graphdb.intake import AddReport
from graphdb.model import Cell, Chain, Finding
from graphdb.packs import FULL_CHAIN, Answer
from graphdb.store import EMBEDDED, Credentials, Digest
from graphdb.trace import Trail

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Findings:
    """The answers of packs: findings that can be looked through, and tables of them."""

    answers: tuple[Answer, ...]

    def __iter__(self) -> Iterator[Finding]:
        return (finding for answer in self.answers for finding in answer.findings)

    def __len__(self) -> int:
        return sum(len(answer.findings) for answer in self.answers)

    def not_run(self) -> dict[str, str]:
        """Tell which packs could not be asked, and what they lack; that is not "nothing found"."""
        return {one.pack.id: one.not_run for one in self.answers if one.not_run is not None}

    def rows(self) -> list[dict[str, Cell]]:
        """Give one dict a finding: pack, level, the pack's own columns, evidence."""
        return [
            {"pack": one.pack, "level": one.level, **one.values, "evidence": [*one.evidence]}
            for one in self
        ]

    def polars(self) -> "pl.DataFrame":
        """Give the findings as a polars frame."""
        import polars as pl

        return pl.DataFrame(self.rows(), infer_schema_length=None)

    def pandas(self) -> "pd.DataFrame":
        """Give the findings as a pandas frame."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    def arrow(self) -> "pa.Table":
        """Give the findings as an Arrow table."""
        return self.polars().to_arrow()

    def _repr_html_(self) -> str:
        return _told(self.not_run()) + self.polars()._repr_html_()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart that shows itself in a notebook: one HTML document that needs no network."""

    document: str
    nodes: int
    links: int

    def save(self, path: str | Path) -> Path:
        """Write the document to a file."""
        file = Path(path)
        file.write_text(self.document, encoding="utf-8")
        return file

    def _repr_html_(self) -> str:
        # The document comes from evidence: its frame may run its scripts and nothing else.
        return (
            f'<iframe srcdoc="{html.escape(self.document)}" sandbox="allow-scripts" '
            'style="width:100%;height:640px;border:1px solid #ccc"></iframe>'
        )


class Desk:
    """An open case. Every method is named as the command that does the same."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *_what: object) -> None:
        self.close()

    def add(
        self,
        *paths: str | Path,
        form: str | None = None,
        map: str | Path | None = None,  # noqa: A002 - the word of the command
        tz: str | None = None,
        platform: str | None = None,
    ) -> AddReport:
        """Add files and folders; good rows are loaded, bad ones told with their reason."""
        options = ReadOptions(
            format=form, map=read_map(Path(map)) if map else None, zone=tz, platform=platform
        )
        return self.case.add([Path(path) for path in paths], options)

    def status(self) -> Status:
        """Tell the exhibits and how much the graph holds."""
        return self.case.status()

    def run(self, *packs: str, **values: Value) -> Findings:
        """Ask packs, all when none is named; parameters go by their names."""
        return Findings(self.case.run(packs, _texts(values)))

    def chain(
        self, *, seller: str | None = None, account: str | None = None, victim: str | None = None
    ) -> tuple[Chain, ...]:
        """Give the chains from a seller of accounts to a victim and on to the cash."""
        return self.case.chain(seller=seller, account=account, victim=victim)[0]

    def trace(self, *start: str, rule: str = "fifo", backward: bool = False) -> tuple[Trail, ...]:
        """Follow the money from accounts, payments, persons or reports."""
        return self.case.trace(start, rule.split(","), backward=backward)

    def chart(self, *packs: str, title: str | None = None, **values: Value) -> Drawing:
        """Draw the findings of packs; of the whole chain when no pack is named.

        Raises:
            WrongUsage: there is nothing to draw.
        """
        found = self.run(*(packs or (FULL_CHAIN,)), **values)
        if not found:
            raise WrongUsage("there is nothing to draw: no finding", where=str(self.case.folder))
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "chart.html"
            name = title or f"Link chart: {self.case.name}"
            chart = self.case.chart(name, [*found], (), file)
            document = file.read_text(encoding="utf-8")
        return Drawing(document, len(chart.nodes), len(chart.links))

    def push(self, url: str, user: str = "neo4j", password: str = "") -> Digest:
        """Move the graph to a Neo4j server."""
        return self.case.push(url, Credentials(user, password))

    def pull(self) -> Digest:
        """Move the graph back into the case folder."""
        return self.case.pull()

    def close(self) -> None:
        """Release the engine."""
        self.case.close()


def open_case(
    folder: str | Path,
    *,
    new: bool = False,
    name: str | None = None,
    engine: str = EMBEDDED,
    user: str = "neo4j",
    password: str | None = None,
) -> Desk:
    """Open the case in a folder; with ``new`` make it where there is none.

    Raises:
        WrongUsage: there is no case, or it is on another engine than named.
        StoreUnreachable: its server does not answer.
    """
    place = Path(folder)
    keys = None if password is None else Credentials(user, password)
    if new and not is_case(place):
        return Desk(Case.create(place, name=name, engine=engine, credentials=keys))
    case = Case(place, keys)
    if engine not in (EMBEDDED, case.engine):
        raise WrongUsage(
            f"the case is on {case.engine}", where=str(place), fix="case.push(url) moves it"
        )
    return Desk(case)


def _texts(values: Mapping[str, Value]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _told(not_run: Mapping[str, str]) -> str:
    return "".join(
        f"<p>{html.escape(pack)}: not run, {html.escape(why)}</p>" for pack, why in not_run.items()
    )
