"""A graph goes to a server by files: import of a first load, backup and restore."""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from graphdb.bundle.exports import export_named
from graphdb.case import Case
from graphdb.errors import StoreUnreachable
from graphdb.model import GraphRows, NodeRows
from graphdb.sample import write_sample
from graphdb.store import Credentials, digest_of, open_store
from tests.contract.test_faults import certificates
from tests.neo4j.server import LTS, VERSIONS, Neo4j, one_server

ROOT = Path(__file__).parent.parent.parent
TEXTS = (
    "", " ", " led", "a,b", '"', '""', 'a"b', "'", "line\nbreak", "cr\rlf\r\n", "\ttab",
    "\x1f\x1e", "\x1d", "\\", '\\"', "a\\", "\u202eabc", "\ufeffmark", "😀\U0010ffff", "null",
    "NULL", "true", "-1", "1e5", ";", "|", "'}) DETACH DELETE n //", "\u2028", "\x85", "\x00x",
    "x" * 70_000, "\n", '"\n"', 'ends"', "#c", "@f", "$x", "${x}", "=1+1", "U+001F",
)  # fmt: skip


def composed(name: str, tls: Path | None = None) -> dict[str, str]:
    """Read the settings that a compose file gives the server, as the image turns them into some.

    Where the server listens, and how much memory it takes, is a matter of the machine.
    """
    written = (ROOT / name).read_text(encoding="utf-8")
    settings = {}
    for variable, value in re.findall(r'^ +NEO4J_(\w+): "?([^"\n]+)', written, re.MULTILINE):
        setting = re.sub(r"(?<!_)_(?!_)", ".", variable).replace("__", "_")
        if not re.search("AUTH|address|memory", setting):
            settings[setting] = value.replace("/ssl", str(tls))
    return settings


def test_the_server_that_compose_starts_is_the_one_that_is_tested() -> None:
    written = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert f"image: neo4j:{VERSIONS[LTS]}-community\n" in written
    ports = re.findall(r'- "([\d.:]+):\d+"', written)
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """The sample case, and in its graph every text that a file could mistake for its own signs."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "evidence").mkdir()
    write_sample(folder / "evidence")
    made = Case.create(folder / "case", name='甲案 "quoted",\n;\x1f\\')
    made.add([folder / "evidence"])
    made.close()
    frame = pl.DataFrame(
        {
            "id": [f"device:{at}{text[:100]}" for at, text in enumerate(TEXTS)],
            "kind": TEXTS,
            "model": [f"{text}{text}" for text in TEXTS],
            "aliases": [[text or "-", f"{text}z"] for text in TEXTS],
        }
    )
    amounts = pl.DataFrame(
        {"id": ["payment:most", "payment:least"], "amount_minor": [2**63 - 1, -(2**63)]}
    )
    store = open_store("embedded", made.folder / "graph.kgl", write=True)
    store.load(GraphRows((NodeRows("Device", frame), NodeRows("Payment", amounts)), ()))
    store.publish()
    store.close()
    case = Case(made.folder)
    yield case
    case.close()


@pytest.fixture(scope="module")
def files(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    case.hand_over([export_named("neo4j-admin")], folder)
    return folder / "neo4j-admin"


def test_the_arguments_end_with_what_is_no_file(files: Path) -> None:
    """The database's name comes next, and after a name of files it would be taken for one."""
    arguments = (files / "import.args").read_text(encoding="utf-8").splitlines()
    assert arguments[-1] == "--id-type=string"
    named = {one.rpartition("=./")[2] for one in arguments if one.endswith(".csv")}
    assert named | {"import.args"} == {path.name for path in files.iterdir()}


def test_the_parting_of_lists_is_in_none_of_them(files: Path) -> None:
    arguments = (files / "import.args").read_text(encoding="utf-8")
    assert "--array-delimiter=U+001C\n" in arguments
    assert "--multiline-fields=true\n" in arguments


@pytest.mark.neo4j
def test_import_backup_and_restore_give_the_graph_that_push_gives(
    case: Case, files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Imported into one server, dumped there, loaded into another: the push then only proves."""
    before = digest_of(case.store)
    password = secrets.token_hex(16)
    first = Neo4j(tmp_path, password)
    first.take_in(files)
    (tmp_path / "backups").mkdir()
    first.admin("database", "dump", "neo4j", f"--to-path={tmp_path / 'backups'}")
    told: list[str] = []
    context, root = certificates(tmp_path, days=5)
    assert context
    monkeypatch.setenv("SSL_CERT_FILE", str(root))
    settings = composed("docker-compose.yml") | composed("docker-compose.tls.yml", tmp_path)
    with one_server(password, settings=settings, restored=tmp_path / "backups") as second:
        keys = Credentials("neo4j", password)
        with pytest.raises(StoreUnreachable):
            open_store(second.url, credentials=keys)
        url = second.url.replace("bolt:", "bolt+s:")
        pushed = case.push(url, keys, lambda what, _done, _of: told.append(what))
        assert pushed == before
        assert "rows written" not in told
        text = "SHOW CONSTRAINTS YIELD name RETURN collect(name) AS names"
        ((names,),) = case.store.read(text).rows
        case.close()
    assert {"device_id", "payment_id", "case_mark"} <= set(names)  # type: ignore[arg-type]
