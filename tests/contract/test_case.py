"""The whole line, on the embedded engine and on a real Neo4j: files in, the known answer out."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graphdb.case import Case
from graphdb.errors import CheckFailed, StoreBusy, StoreUnreachable, WrongUsage
from graphdb.evidence import ReadOptions
from graphdb.model import Chain
from graphdb.sample import Truth, sample_truth, write_sample
from graphdb.store import EMBEDDED, Counts, Store, digest_of
from tests.conftest import SERVER, server_credentials

ENGINES = [EMBEDDED, pytest.param("neo4j", marks=pytest.mark.neo4j)]
NewCase = Callable[[Path], Case]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evidence")
    write_sample(folder)
    return folder


@pytest.fixture(scope="module")
def truth() -> Truth:
    return sample_truth()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, evidence: Path) -> Counts:
    """What the graph holds after a load that nothing disturbed."""
    case = Case.create(tmp_path_factory.mktemp("whole") / "case")
    case.add([evidence])
    counts = case.status().counts
    assert (counts.nodes["Payment"], counts.links["LOGGED_IN_ON"]) == (3592, 6396)
    return counts


@pytest.fixture(params=ENGINES)
def new_case(request: pytest.FixtureRequest) -> Iterator[NewCase]:
    """Make an empty case on each engine in turn, and close what was made."""
    made: list[Case] = []

    def embedded(folder: Path) -> Case:
        made.append(Case.create(folder))
        return made[-1]

    def on_server(folder: Path) -> Case:
        request.getfixturevalue("server").clear()
        assert SERVER is not None
        made.append(Case.create(folder, engine=SERVER, credentials=server_credentials()))
        return made[-1]

    yield embedded if request.param == EMBEDDED else on_server
    for case in made:
        case.close()


@pytest.fixture(scope="module", params=ENGINES)
def loaded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, evidence: Path
) -> Iterator[Case]:
    """The sample case, loaded once on each engine."""
    folder = tmp_path_factory.mktemp("case") / "case"
    if request.param == EMBEDDED:
        case = Case.create(folder)
    else:
        server: Store = request.getfixturevalue("server")
        server.clear()
        assert SERVER is not None
        case = Case.create(folder, engine=SERVER, credentials=server_credentials())
    case.add([evidence])
    yield case
    case.close()


def findings(case: Case, pack: str, **values: str) -> list[dict[str, object]]:
    (answer,) = case.run([pack], values)
    return [dict(finding.values) for finding in answer.findings]


# -- the known answer


def test_every_row_is_loaded_repeated_or_rejected(loaded: Case, truth: Truth) -> None:
    tallies = [report.tally for report in loaded.status().exhibits]
    assert len(tallies) == 14
    for tally in tallies:
        assert tally.read == tally.loaded + tally.repeated + tally.rejected
    assert sum(tally.repeated for tally in tallies) == truth.repeated
    assert sum(tally.rejected for tally in tallies) == truth.rejected


def test_both_sellers_and_all_their_sales_are_found(loaded: Case, truth: Truth) -> None:
    found = findings(loaded, "account_market/seller_inventory")
    assert {str(row["seller"]) for row in found} == set(truth.sellers)
    sold = {account for row in found for account in row["sold"]}  # type: ignore[attr-defined]
    assert sold == truth.sold_accounts


def test_the_nurseries_are_found(loaded: Case, truth: Truth) -> None:
    found = findings(loaded, "account_market/nursery_device")
    assert tuple(sorted(str(row["device"]) for row in found)) == truth.nursery_devices


def test_every_sold_account_shows_the_handover(loaded: Case, truth: Truth) -> None:
    found = findings(loaded, "account_market/resale_timeline")
    assert {row["account"] for row in found} == truth.sold_accounts


def test_the_sham_seller_and_his_buyers_are_found(loaded: Case, truth: Truth) -> None:
    (found,) = findings(loaded, "account_market/fake_seller")
    assert (found["seller"], found["buyers"], found["sales_held"]) == (
        truth.sham_seller,
        truth.cheated,
        0,
    )


def test_the_operators_devices_stand_out(loaded: Case, truth: Truth) -> None:
    found = {row["device"] for row in findings(loaded, "devices/many_accounts_one_device")}
    guilty = {*truth.operator_devices, *truth.nursery_devices}
    assert found == guilty | {"device:d-shop-bench"}


def test_the_staged_groups_are_found_and_the_clubs_are_not(loaded: Case, truth: Truth) -> None:
    found = {row["group"] for row in findings(loaded, "groups/shill_group")}
    assert found == {truth.group, truth.earlier_group}
    (pair,) = findings(loaded, "groups/same_cast")
    assert {pair["group_a"], pair["group_b"]} == {truth.group, truth.earlier_group}


def test_the_unreported_victims_are_found(loaded: Case, truth: Truth) -> None:
    found = {row["who"] for row in findings(loaded, "victims/unreported")}
    assert found == set(truth.unreported)


def test_the_first_receivers_are_found_with_the_loss_to_the_cent(
    loaded: Case, truth: Truth
) -> None:
    found = [
        row for row in findings(loaded, "money/first_receivers") if row["victims"] == [truth.victim]
    ]
    assert {row["receiver"] for row in found} == set(truth.first_receivers)
    assert sum(int(str(row["sum_minor"])) for row in found) == truth.loss_minor


def test_the_chain_runs_from_seller_to_cash(loaded: Case, truth: Truth) -> None:
    chains, _ = loaded.chain(victim=truth.victim)
    assert tuple(sorted(chain.seller for chain in chains)) == truth.sellers
    for chain in chains:
        assert (chain.group, chain.victim) == (truth.group, truth.victim)
        assert (chain.payments, chain.amount_minor) == (truth.victim_payments, truth.loss_minor)
        assert set(chain.operator_devices) == set(truth.operator_devices)
        by_layer = {payee.account: payee.layer for payee in chain.receivers}
        assert by_layer == {
            **dict.fromkeys(truth.first_receivers, 1),
            **dict.fromkeys(truth.second_layer, 2),
            **dict.fromkeys(truth.cash, 3),
        }
        assert all(rows for _, rows in chain.steps)
    sold = {account for chain in chains for account in chain.accounts}
    assert sold <= truth.sold_accounts


def test_a_chain_is_found_through_any_of_its_entities(loaded: Case, truth: Truth) -> None:
    everything, _ = loaded.chain()
    by_seller, _ = loaded.chain(seller=truth.sellers[0])
    by_account, _ = loaded.chain(account=truth.first_receivers[0])
    assert len(everything) == 2 * (1 + len(truth.unreported))
    assert {chain.seller for chain in by_seller} == {truth.sellers[0]}
    assert 0 < len(by_account) <= len(everything)


@pytest.mark.neo4j
def test_both_engines_give_equal_findings_and_chains(
    tmp_path: Path, evidence: Path, server: Store
) -> None:
    def asked(case: Case) -> tuple[list[tuple[object, ...]], tuple[Chain, ...]]:
        case.add([evidence])
        rows: list[tuple[object, ...]] = [
            (finding.pack, finding.key, dict(finding.values), finding.evidence)
            for answer in case.run()
            for finding in answer.findings
        ]
        chains, _ = case.chain()
        case.close()
        return rows, chains

    server.clear()
    assert SERVER is not None
    there = Case.create(tmp_path / "b", engine=SERVER, credentials=server_credentials())
    assert asked(Case.create(tmp_path / "a")) == asked(there)


def test_every_source_row_is_quoted_as_it_was_written(loaded: Case, truth: Truth) -> None:
    shown = loaded.show(truth.victim_payments[0])
    (source,) = shown.sources
    cells = dict(source.cells)
    assert cells["交易单号"] == truth.victim_payments[0].partition(":")[2]
    assert cells["金额"] == "5000.00"
    assert source.file == "交易流水.csv"


# -- adding


def test_adding_everything_again_changes_nothing(
    new_case: NewCase, tmp_path: Path, evidence: Path
) -> None:
    case = new_case(tmp_path / "case")
    case.add([evidence])
    before = case.status().counts
    again = case.add([evidence])
    assert all(report.tally.loaded == 0 for report in again.files)
    assert [report.exhibit.number for report in again.files] == [
        report.exhibit.number for report in case.status().exhibits
    ]
    assert case.status().counts == before


def test_the_same_file_again_does_not_touch_the_graph(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case")
    file = tmp_path / "logins.csv"
    file.write_text("account,device,at\nqq:1,d1,2025-03-01T10:00:00Z\n", encoding="utf-8")
    case.add([file])
    before = (tmp_path / "case" / "graph.kgl").stat()
    (again,) = case.add([file]).files
    after = (tmp_path / "case" / "graph.kgl").stat()
    assert (again.tally.loaded, again.tally.repeated) == (0, 1)
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_overlapping_export_adds_only_what_is_new(new_case: NewCase, tmp_path: Path) -> None:
    first, second = tmp_path / "one.csv", tmp_path / "two.csv"
    header = "payment,from_account,to_account,amount,at\n"
    row = "p{0},bank:1,bank:2,{0}.50,2025-03-0{0}T10:00:00+08:00\n"
    first.write_text(header + row.format(1) + row.format(2), encoding="utf-8")
    second.write_text(header + row.format(2) + row.format(3), encoding="utf-8")
    case = new_case(tmp_path / "case")
    report = case.add([first, second])
    assert [(one.tally.loaded, one.tally.repeated) for one in report.files] == [(2, 0), (1, 1)]
    assert case.status().counts.nodes == {"Account": 2, "Payment": 3}


def test_a_file_read_again_with_a_zone_loads_the_rows_that_lacked_one(tmp_path: Path) -> None:
    file = tmp_path / "logins.csv"
    file.write_text("account,device,at\nqq:1,d1,2025-03-01 10:00\n", encoding="utf-8")
    case = Case.create(tmp_path / "case")
    without = case.add([file])
    assert (without.files[0].tally.loaded, without.files[0].tally.rejected) == (0, 1)
    assert "Asia/Shanghai" in without.rejects[0].fix
    with_zone = case.add([file], ReadOptions(zone="Asia/Shanghai"))
    assert with_zone.files[0].exhibit.number == "E01"
    assert with_zone.files[0].tally.loaded == 1


def test_a_refused_file_leaves_nothing_behind(tmp_path: Path) -> None:
    bad, good = tmp_path / "a.csv", tmp_path / "b.csv"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    good.write_text("person,name\np1,Zhang\n", encoding="utf-8")
    case = Case.create(tmp_path / "case")
    report = case.add([bad, good])
    assert [refusal.name for refusal in report.refused] == ["a.csv"]
    assert [one.exhibit.number for one in report.files] == ["E01"]
    assert [path.name for path in (case.folder / "exhibits").iterdir()] == ["E01_b.csv"]


def test_exhibits_are_hashed_and_unchanged(tmp_path: Path) -> None:
    file = tmp_path / "名单.csv"
    file.write_text("person,name\np1,张三\n", encoding="gb18030")
    case = Case.create(tmp_path / "case")
    exhibit = case.add([file]).files[0].exhibit
    kept = case.folder / "exhibits" / exhibit.file
    assert kept.read_bytes() == file.read_bytes()
    # Taken with: sha256sum, openssl dgst -sm3
    assert len(exhibit.sha256) == 64
    assert len(exhibit.sm3) == 64
    assert exhibit.sha256 != exhibit.sm3


def test_a_case_whose_log_was_changed_does_not_open(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case")
    file = tmp_path / "p.csv"
    file.write_text("person,name\np1,Zhang\n", encoding="utf-8")
    case.add([file])
    log = case.folder / "case.log"
    log.write_bytes(
        log.read_bytes().replace(b'"read": 1', b'"read": 9').replace(b"p.csv", b"q.csv")
    )
    with pytest.raises(CheckFailed, match="hash chain"):
        Case(case.folder)


def test_a_second_case_in_one_folder_is_refused(tmp_path: Path) -> None:
    Case.create(tmp_path / "case")
    with pytest.raises(WrongUsage, match="a case already"):
        Case.create(tmp_path / "case")


@pytest.mark.neo4j
def test_a_database_that_holds_something_is_refused(tmp_path: Path, server: Store) -> None:
    server.clear()
    assert SERVER is not None
    first = Case.create(tmp_path / "a", engine=SERVER, credentials=server_credentials())
    file = tmp_path / "p.csv"
    file.write_text("person,name\np1,Zhang\n", encoding="utf-8")
    first.add([file])
    with pytest.raises(WrongUsage, match="holds another case"):
        Case.create(tmp_path / "b", engine=SERVER, credentials=server_credentials())


def test_two_writers_at_once_get_a_clear_error(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case")
    file = tmp_path / "p.csv"
    file.write_text("person,name\np1,Zhang\n", encoding="utf-8")
    refused: list[StoreBusy] = []

    def add_meanwhile(_what: str, _done: int, _of: int) -> None:
        try:
            Case(case.folder).add([file])
        except StoreBusy as error:
            refused.append(error)

    case.add([file], progress=add_meanwhile)
    assert refused
    assert "another process" in refused[0].what


# -- breaking off

KILLED = """
import os, sys
from pathlib import Path
from graphdb.case import Case
from graphdb.evidence import docket
from graphdb.evidence.log import CaseLog
from graphdb.store import Credentials, embedded, server

left = int(sys.argv[3])

def counting(real):
    def step(*args, **kwargs):
        global left
        left -= 1
        if left == 0:
            os._exit(137)  # as kill -9: no handler, no flush, nothing is closed
        return real(*args, **kwargs)
    return step

embedded.EmbeddedStore._create_links = counting(embedded.EmbeddedStore._create_links)
embedded.EmbeddedStore._load_nodes = counting(embedded.EmbeddedStore._load_nodes)
embedded.EmbeddedStore.publish = counting(embedded.EmbeddedStore.publish)
server.ServerStore._persist = counting(server.ServerStore._persist)
docket.keep = counting(docket.keep)
CaseLog.append = counting(CaseLog.append)
keys = [os.environ.get(f"LINKWRIGHT_NEO4J_{name}", "") for name in ("USER", "PASSWORD")]
Case(Path(sys.argv[1]), Credentials(*keys)).add([Path(sys.argv[2])])
"""


@pytest.mark.parametrize("step", [2, 5, 9, 22, 35, 60])
def test_a_load_that_is_killed_anywhere_is_finished_by_the_next_one(
    new_case: NewCase, tmp_path: Path, evidence: Path, whole: Counts, step: int
) -> None:
    case = new_case(tmp_path / "case")
    broken = subprocess.run(
        [sys.executable, "-c", KILLED, str(case.folder), str(evidence), str(step)],
        check=False,
        capture_output=True,
    )
    assert broken.returncode == 137, broken.stderr.decode()
    Case(case.folder, server_credentials()).add([evidence])
    case = Case(case.folder, server_credentials())
    status = case.status()
    assert status.unfinished == ()
    assert status.counts == whole
    case.close()


def test_a_full_disk_loses_nothing(tmp_path: Path, evidence: Path, whole: Counts) -> None:
    resource = pytest.importorskip("resource", reason="needs a POSIX system")
    case = Case.create(tmp_path / "case")
    command = [sys.executable, "-m", "cli", "add", str(evidence), "--case", str(case.folder)]

    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    full = subprocess.run(command, preexec_fn=small_disk, capture_output=True, check=False)
    assert full.returncode == 3, full.stderr.decode()
    what, where, fix = full.stderr.decode().splitlines()[-3:]
    assert "File too large" in what
    assert where.startswith("  at  ")
    assert fix.startswith("  fix free some disk space")
    Case(case.folder).add([evidence])
    assert Case(case.folder).status().counts == whole


def test_an_account_that_many_rows_name_is_one_and_learns_what_later_rows_say(
    new_case: NewCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphdb.casework.joining._ROWS_AT_ONCE", 2)
    head = "payment,from_account,to_account,amount,at,from_name,to_name\n"
    rows = "".join(
        f"p{n},qq:1,qq:{2 + n % 3},1,2025-03-01T10:00:00Z,{'张某' if n == 5 else ''},\n"
        for n in range(8)
    )
    file = tmp_path / "payments.csv"
    file.write_text(head + rows, encoding="utf-8")
    case = new_case(tmp_path / "case")
    case.add([file])
    counts = case.status().counts
    assert (counts.nodes["Account"], counts.nodes["Payment"]) == (4, 8)
    assert (counts.links["SENT"], counts.links["PAID_TO"]) == (8, 8)
    assert case.show("qq:1").entity.properties["holder_name"] == "张某"


@pytest.mark.parametrize("left", [b"not a graph", None], ids=["damaged", "gone"])
def test_a_graph_that_is_lost_is_built_anew_from_the_rows(
    left: bytes | None, tmp_path: Path, evidence: Path
) -> None:
    case = Case.create(tmp_path / "case")
    case.add([evidence])
    before = digest_of(case.store)
    case.close()
    (case.folder / "graph.kgl").unlink()
    if left is not None:
        (case.folder / "graph.kgl").write_bytes(left)
    with pytest.raises(StoreUnreachable, match="linkwright rebuild"):
        case.status()
    more = tmp_path / "more.csv"
    more.write_text("account\nqq:900001\n", encoding="utf-8")
    with pytest.raises(StoreUnreachable, match="linkwright rebuild"):
        case.add([more])
    case.rebuild()
    assert digest_of(case.store) == before
    case.close()
