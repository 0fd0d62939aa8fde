"""Contract of the exports: every form hands over the same case, and says what it loses."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from defusedxml.ElementTree import fromstring
from python_calamine import CalamineWorkbook

from graphdb.bundle.exports import EXPORTS, Export, File, Handover
from graphdb.bundle.exports.delimited import guarded, unguarded
from graphdb.case import Case
from graphdb.casework.figures import figures_of
from graphdb.casework.handing import WHOLE, Scope, scope_of_findings
from graphdb.evidence import ReadOptions
from graphdb.identity import resolve
from graphdb.model import Batch, Finding
from graphdb.store import Store, links_as_columns, nodes_as_columns

HOSTILE = '=HYPERLINK("http://x")</data>\u202e\'<script>\u200b'
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "'=1")
TABLES: Mapping[str, str] = {
    "accounts": """account|name|kind|phone|holder|holder_name
wechat:wxid_a|HOSTILE|new|+8613800138000|p1|张三
bank:6222021234567890123|@evil||||
qq:0010|=1+1||||""",
    "payments": """payment|from_account|to_account|amount|at|currency|memo
0017|wechat:wxid_a|bank:6222021234567890123|84000.00|2025-03-01T10:00:00.250+08:00|CNY|HOSTILE
0018|wechat:wxid_a|bank:6222021234567890123|84000.00|2025-03-01T10:00:00.250+08:00|CNY|-1
0019|bank:6222021234567890123|qq:0010|90071992547409.93|2025-03-02T00:00:00Z|CNY|@SUM(A1)
0020|qq:0010|wechat:wxid_a|7|2025-03-02T00:00:01Z|JPY|+1""",
    "logins": """account|device|at|ip
wechat:wxid_a|imei-1|2025-02-01T00:00:00Z|10.0.0.1
qq:0010|imei-1|2025-02-01T00:00:00Z|2001:db8::1""",
    "members": """group|account
77|wechat:wxid_a""",
    "messages": """group|account|at|text
77|wechat:wxid_a|2025-02-02T00:00:00Z|HOSTILE""",
    "reports": """report|person|loss|at|names
R1|p9|84000|2025-03-05T00:00:00Z|payment:0017""",
    "calls": """caller|callee|at|seconds
13800138000|13900139000|2025-02-03T00:00:00Z|60""",
    "holdings": """person|account|relation|basis
p9|qq:0010|controls|inferred""",
}
PAID = {"CNY": 8_400_000 * 2 + 9_007_199_254_740_993, "JPY": 7}
# They are open, and lack SM3 and the platforms; the validator informs of it, no more.
VOCABULARIES = ("HashNameVocab", "AccountTypeVocab")
NAMES = [export.name for export in EXPORTS]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("exports")
    for name, written in TABLES.items():
        rows = [line.split("|") for line in written.splitlines()]
        text = io.StringIO(newline="")
        csv.writer(text).writerows(
            [HOSTILE if cell == "HOSTILE" else cell for cell in row] for row in rows
        )
        path = folder / "evidence" / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.getvalue().encode())
    case = Case.create(folder / "case", name=f"case {HOSTILE}")
    report = case.add([folder / "evidence"], ReadOptions(platform="wechat"))
    assert (report.refused, report.rejects) == ((), ())
    return case


@pytest.fixture(scope="session")
def handover(small: Case) -> Handover:
    return small.handover()


@pytest.fixture(scope="session")
def exported(small: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    small.hand_over(EXPORTS, folder)
    return folder


@pytest.mark.parametrize("scope", [None, WHOLE])
def test_a_form_that_takes_parts_is_given_the_whole_case_in_parts(
    small: Case, tmp_path: Path, scope: Scope | None
) -> None:
    """However the whole is asked for: the command and the notebook name it."""
    given: list[Handover] = []

    def files(handover: Handover) -> Iterator[File]:
        given.append(handover)
        yield from ()

    small.hand_over(
        [Export("parts", "", "", files, quotes=False, takes_parts=True)], tmp_path, scope
    )
    assert not isinstance(given[0].nodes, tuple)
    assert [*given[0].nodes]
    assert [*given[0].links]


@pytest.fixture(params=EXPORTS, ids=NAMES)
def export(request: pytest.FixtureRequest) -> Export:
    found: Export = request.param
    return found


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def table(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / name).read_bytes().decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{key: unguarded(cell) for key, cell in row.items()} for row in rows]


def read_back(exported: Path, tmp_path: Path, name: str) -> Case:
    case = Case.create(tmp_path / "back")
    report = case.add([exported / name])
    assert (report.refused, report.rejects) == ((), ())
    return case


def paid_in(case: Case) -> tuple[dict[str, int], list[tuple[object, ...]]]:
    rows = case.store.read(
        "MATCH (a:Account)-[:SENT]->(p:Payment)-[:PAID_TO]->(b:Account) "
        "RETURN a.id AS a, b.id AS b, p.amount_minor AS minor, p.currency AS currency, p.at AS at "
        "ORDER BY at, a, minor"
    ).rows
    sums: Counter[str] = Counter()
    for _, _, minor, currency, _ in rows:
        sums[str(currency)] += int(str(minor))
    return dict(sums), list(rows)


def test_every_export_says_what_it_is_and_what_it_loses(export: Export) -> None:
    assert export.says
    assert export.loses


@pytest.mark.parametrize("name", ["graph.anx", "graph.graphml", "graph.ftm.jsonl", "payments.csv"])
def test_payments_read_back_one_by_one_with_their_sums(
    small: Case, exported: Path, tmp_path: Path, name: str
) -> None:
    sums, rows = paid_in(read_back(exported, tmp_path, name))
    assert sums == PAID
    whole = paid_in(small)[1]
    if name == "graph.ftm.jsonl":  # its dates have no fractions
        whole = [(*row[:4], str(row[4])[:19] + ".000Z") for row in whole]
    assert rows == whole


def test_a_workbook_reads_back_with_its_sums(small: Case, exported: Path, tmp_path: Path) -> None:
    assert paid_in(read_back(exported, tmp_path, "graph.xlsx")) == paid_in(small)


@pytest.mark.parametrize("name", ["graph.anx", "graph.graphml"])
def test_a_chart_reads_back_with_persons_groups_and_calls(
    small: Case, exported: Path, tmp_path: Path, name: str
) -> None:
    nodes, links = (read_back(exported, tmp_path, name).status().counts.nodes,
                    small.status().counts.nodes)  # fmt: skip
    for label in ("Account", "Person", "Group", "Phone", "Payment"):
        assert nodes[label] == links[label], label


def test_case_uco_reads_back_its_accounts(exported: Path, tmp_path: Path) -> None:
    case = read_back(exported, tmp_path, "graph.jsonld")
    ids = {id_ for (id_,) in case.store.read("MATCH (a:Account) RETURN a.id AS id").rows}
    assert {"app:wxid_a", "app:0010", "app:6222021234567890123"} <= ids


def test_case_uco_conforms_to_the_ontology(exported: Path) -> None:
    command = [str(Path(sys.executable).parent / "case_validate"), "--allow-info", "graph.jsonld"]
    done = subprocess.run(command, cwd=exported, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = {line.split("Message: ")[1] for line in done.stdout.splitlines() if "Message:" in line}
    assert told <= {f"Value is not member of the vocabulary {name}." for name in VOCABULARIES}


def test_case_uco_holds_every_entity_line_and_exhibit(handover: Handover, exported: Path) -> None:
    document = json.loads((exported / "graph.jsonld").read_bytes())
    records: list[Any] = [
        facet
        for node in document["@graph"]
        for facet in node.get("core:hasFacet", ())
        if "lw:id" in facet
    ]
    ids = [record["lw:id"] for record in records]
    assert {id_ for rows in handover.nodes for id_ in rows.frame["id"]} <= set(ids)
    paid = Counter(r["lw:currency"] for r in records if "lw:amount_minor" in r)
    assert paid == {"CNY": 3, "JPY": 1}
    assert all(record["lw:evidence"] for record in records if "lw:basis" in record)
    files = [node for node in document["@graph"] if node["@type"] == "observable:File"]
    assert len(files) == len(handover.exhibits) == len(TABLES)
    names = [node["@id"] for node in document["@graph"]]
    assert len(names) == len(set(names))


def test_nodes_and_links_of_csv_are_the_whole_graph(small: Case, exported: Path) -> None:
    counts = small.status().counts
    nodes = Counter(row["label"] for row in table(exported, "nodes.csv"))
    links = Counter(row["type"] for row in table(exported, "links.csv"))
    assert nodes == {label: n for label, n in counts.nodes.items() if n}
    assert links == {type_: n for type_, n in counts.links.items() if n}
    assert all(row["evidence"] and row["basis"] for row in table(exported, "links.csv"))


def test_every_place_of_evidence_is_quoted_as_written(exported: Path) -> None:
    cells = table(exported, "evidence.csv")
    quoted = {row["place"] for row in cells}
    named = {place for row in table(exported, "links.csv") for place in row["evidence"].split("; ")}
    assert named <= quoted
    assert HOSTILE in {row["value"] for row in cells}


def test_no_cell_of_csv_or_xlsx_is_a_formula_and_all_read_back(exported: Path) -> None:
    for name in ("nodes", "links", "payments", "evidence"):
        text = (exported / f"{name}.csv").read_bytes().decode("utf-8-sig")
        for row in csv.reader(io.StringIO(text, newline="")):
            assert not any(cell[:1] and cell[0] in "=+-@\t\r" for cell in row)
    book = CalamineWorkbook.from_path(exported / "graph.xlsx")
    sheet = book.get_sheet_by_name("nodes").to_python()
    assert {"=1+1", "@evil"} <= {cell for row in sheet for cell in row}
    with zipfile.ZipFile(exported / "graph.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/" in name]
    assert sheets
    assert not any(b"<f>" in sheet for sheet in sheets)


@pytest.mark.parametrize("cell", [*FORMULAS, "\t=1", "\r=1", "'", "''", "0012", "0.5", "1" * 19])
def test_a_guarded_cell_reads_back(cell: str) -> None:
    assert guarded(cell)[:1] not in "=+-@\t\r"
    assert unguarded(guarded(cell)) == cell


def test_the_memo_of_a_guarded_cell_is_evidence_again(exported: Path, tmp_path: Path) -> None:
    case = read_back(exported, tmp_path, "payments.csv")
    memos = {memo for (memo,) in case.store.read("MATCH (p:Payment) RETURN p.memo AS m").rows}
    assert {"-1", "+1", "@SUM(A1)"} <= memos


def test_anx_keeps_basis_source_and_zone_of_every_payment(exported: Path) -> None:
    root = fromstring((exported / "graph.anx").read_bytes().decode("utf-16"))
    links = [item for item in root.iter("ChartItem") if item.find("End") is None]
    paid = [one for one in links if one.find(".//LinkStyle[@Type='PAYMENT']") is not None]
    assert len(paid) == 4
    first = paid[0]
    assert first.get("Label") == "CNY 84,000.00"
    assert first.get("DateTime") == "2025-03-01T10:00:00.000"
    assert first.find(".//TimeZone").get("Name") == "China Standard Time"
    assert first.get("SourceReference", "").startswith("E")
    assert first.find(".//LinkStyle").get("Strength") == "Confirmed"
    styles = {style.get("Multiplicity") for style in root.iter("ConnectionStyle")}
    assert styles == {"MultiplicityMultiple"}
    assert "84000.00" in first.find(".//Card").get("Text", "") + "".join(
        str(value) for card in first.iter("Card") for value in card.attrib.values()
    )
    inferred = [one for one in links if one.find(".//LinkStyle[@Type='CONTROLS']") is not None]
    assert [one.find(".//LinkStyle").get("Strength") for one in inferred] == ["Tentative"]


def test_ftm_has_only_what_its_schema_knows(exported: Path) -> None:
    known = json.loads((Path(__file__).parent.parent / "data" / "ftm_schema.json").read_text())
    lines = (exported / "graph.ftm.jsonl").read_text(encoding="utf-8").splitlines()
    for entity in map(json.loads, lines):
        assert set(entity["properties"]) <= set(known[entity["schema"]]), entity
        assert all(isinstance(v, str) for vs in entity["properties"].values() for v in vs)


def test_a_part_of_a_case_hands_over_no_more(small: Case) -> None:
    finding = Finding(
        "p/q", "lead", "k", {}, ("E01:2",),
        nodes=(("Account", "wechat:wxid_a"), ("Payment", "payment:0017")),
        links=(("SENT", "wechat:wxid_a", "payment:0017"),),
    )  # fmt: skip
    part = small.handover(scope_of_findings("one finding", [finding]))
    assert [(rows.label, rows.frame.height) for rows in part.nodes] == [
        ("Account", 1), ("Payment", 1)
    ]  # fmt: skip
    assert [(rows.type, rows.frame.height) for rows in part.links] == [("SENT", 1)]
    # The payment's own file, and the report that names it; six others tell of neither.
    assert [one.name for one in part.exhibits] == ["payments.csv", "reports.csv"]
    assert {row.file for row in part.sources} == {"payments.csv", "reports.csv"}


def test_nothing_to_hand_over_is_still_a_document(small: Case, export: Export) -> None:
    empty = small.handover(Scope("nothing", frozenset(), frozenset()))
    for _, chunks in export.files(empty):
        assert isinstance(b"".join(chunks), bytes)


def test_the_same_case_gives_the_same_bytes_anywhere(exported: Path, small: Case) -> None:
    script = (
        "import sys, hashlib, pathlib; from graphdb.case import Case; "
        "from graphdb.bundle.exports import EXPORTS\n"
        "handover = Case(pathlib.Path(sys.argv[1])).handover()\n"
        "for export in EXPORTS:\n"
        "    for name, chunks in export.files(handover):\n"
        "        print(name, hashlib.sha256(b''.join(chunks)).hexdigest())\n"
    )
    elsewhere = {
        **os.environ, "PYTHONHASHSEED": "4711", "TZ": "America/New_York", "LC_ALL": "C",
        "PYTHONPATH": str(Path.cwd()),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script, str(small.folder)],
        env=elsewhere, capture_output=True, text=True, check=True,
    )  # fmt: skip
    digests = dict(line.split() for line in done.stdout.splitlines())
    assert digests == {
        path.relative_to(exported).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in files_in(exported)
    }


def test_no_export_names_the_day_it_was_made(exported: Path) -> None:
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    for path in files_in(exported):
        if path.suffix != ".xlsx":
            content = path.read_bytes()
            encoding = "utf-16" if path.suffix == ".anx" else "utf-8"
            assert today not in content.decode(encoding), path.name


def test_every_engine_gives_the_same_columns_and_figures(store: Store) -> None:
    at = datetime(2025, 3, 1, tzinfo=UTC)
    rows = {
        "row": [2, 3],
        "payment": ["b", "a"],
        "from_account": ["bank:1", "bank:9"],
        "to_account": ["bank:8", "bank:1"],
        "amount_minor": [6000, 10000],
        "currency": ["CNY", "CNY"],
        "at": [at, at],
        "memo": [None, "佣金"],
    }
    payments = pl.DataFrame(rows).with_columns(pl.col("at").dt.cast_time_unit("ms"))
    held = {"row": [2], "person": ["p1"], "account": ["bank:1"], "relation": ["holds"]}
    store.load(resolve(Batch("payments", "E01", payments, read=2)))
    store.load(resolve(Batch("holdings", "E02", pl.DataFrame(held), read=1)))
    nodes = {rows.label: rows.frame for rows in nodes_as_columns(store)}
    assert nodes["Payment"]["id"].to_list() == ["payment:a", "payment:b"]
    assert nodes["Payment"]["evidence"].to_list() == [["E01:3"], ["E01:2"]]
    links = {rows.type: rows.frame for rows in links_as_columns(store)}
    assert links["SENT"].select("source", "target").rows() == [
        ("bank:1", "payment:b"),
        ("bank:9", "payment:a"),
    ]
    figures = {(one.of, one.measure): one.value for one in figures_of(store)}
    assert figures == {
        ("person:p1", "accounts_held"): 1,
        ("person:p1", "inflow"): 10000,
        ("person:p1", "outflow"): 6000,
        ("person:p1", "gain"): 10000,
    }
