"""A small case for bundles, and a forger who knows the layout."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from graphdb.bundle import Spec
from graphdb.bundle.bag import TAGS, Content, bag_of
from graphdb.case import Case
from graphdb.casework.intake import AddReport
from graphdb.evidence.custody import Receipt

FILES = {
    "persons.csv": "person,name,role\nv-001,赵示例,victim\n",
    "holdings.csv": "person,account,relation\nv-001,bank:6200000101,holds\n",
    "payments.csv": (
        "payment,from_account,to_account,amount,at,currency\n"
        "p1,bank:6200000101,bank:6200000201,30000.00,2025-03-01T10:00:00+08:00,CNY\n"
        "p2,bank:6200000101,bank:6200000201,20000.00,2025-03-01T11:00:00+08:00,CNY\n"
        "p3,bank:6200000101,bank:6200000202,5000.00,2025-03-02T09:00:00+08:00,CNY\n"
        "p4,bank:6200000900,bank:6200000901,77.00,2025-03-02T09:30:00+08:00,CNY\n"
        "p5,bank:6200000900,bank:6200000901,seventy,2025-03-02T09:40:00+08:00,CNY\n"
        "p1,bank:6200000101,bank:6200000201,99.00,2025-03-01T10:00:00+08:00,CNY\n"
    ),
    "reports.csv": (
        "report,person,loss,currency,at,names\n"
        "r1,v-001,55000.00,CNY,2025-03-03T09:00:00+08:00,bank:6200000201;bank:6200000202\n"
    ),
    "payments_again.csv": (
        "payment,from_account,to_account,amount,at,currency\n"
        "p4,bank:6200000900,bank:6200000901,77.00,2025-03-02T09:30:00+08:00,CNY\n"
    ),
}
PACK = "money/first_receivers"
SPEC = Spec(
    number="LC-1", title="资金流向图 Flow of funds", case="", purpose="display", packs=(PACK,)
)
KEY = bytes(range(32))
RECEIPT = Receipt("bank return", "Bank of Example", "调证2025-17")


def clock() -> datetime:
    """Give the hour at which everything happens."""
    return datetime(2025, 4, 1, 2, 0, tzinfo=UTC)


def small_case(folder: Path, change: Callable[[str], str] = str) -> Case:
    """Make the case; ``change`` is what a forger does to the evidence."""
    source = folder / "evidence"
    source.mkdir(parents=True)
    case = Case.create(folder / "case", name="Case 7", clock=clock)
    for name, text in FILES.items():
        (source / name).write_text(change(text), encoding="utf-8")
        added: AddReport = case.add([source / name], receipt=RECEIPT)
        assert not added.refused, added.refused
    return case


def reseal(folder: Path) -> None:
    """Write all manifests anew, as a forger does who understands BagIt."""
    payload: dict[str, Content] = {
        path.relative_to(folder / "data").as_posix(): path.read_bytes()
        for path in (folder / "data").rglob("*")
        if path.is_file()
    }
    about = (folder / "bag-info.txt").read_text(encoding="utf-8").partition("Payload-Oxum")[0]
    tags = {"HOW_TO_OPEN.txt": (folder / "HOW_TO_OPEN.txt").read_bytes()}
    for name, content in bag_of(payload, tags, about).items():
        if not name.startswith("data/"):
            assert isinstance(content, bytes)
            (folder / name).write_bytes(content)


def edit(path: Path, old: str, new: str) -> None:
    """Change a text in a file, and make sure that it was there."""
    # i2 writes and reads its charts as UTF-16.
    code = "utf-16" if path.suffix == ".anx" else "utf-8"
    text = path.read_bytes().decode(code)
    assert old in text, old
    path.chmod(0o644)
    path.write_bytes(text.replace(old, new).encode(code))


def edit_graph(folder: Path, change: Callable[[dict[str, object]], None]) -> None:
    """Change the master as a document and write it back in its canonical form."""
    path = folder / "data" / "graph" / "graph.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    path.write_text(text, encoding="utf-8")


def root_of(folder: Path) -> str:
    """Give the hash that stands on paper."""
    return sha256((folder / TAGS).read_bytes()).hexdigest()


def tree(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
