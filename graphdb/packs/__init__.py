"""Packs: tested questions in Cypher, each with its evidence and its innocent explanations.

``run_pack`` is the door; ``prove`` is the self-test. A pack is one ``.cypher`` file whose id is
its path; its cases stand beside it in a ``.test.toml``.
"""

from collections.abc import Sequence
from pathlib import Path

from graphdb.errors import WrongUsage
from graphdb.packs.cases import Tables
from graphdb.packs.chain import FULL_CHAIN, Paid, chains_of, payments_in
from graphdb.packs.front import Pack, Parameter, read_pack
from graphdb.packs.picture import Example, example_of, pattern_of
from graphdb.packs.proof import Bench, Graph, Parts, Proof, prove
from graphdb.packs.rank import Ranked, Reason, rank, reasons_of, weights
from graphdb.packs.run import Answer, Walker, run_pack, tables_of
from graphdb.packs.skeleton import new_pack
from graphdb.packs.values import duration_ms

__all__ = [
    "FULL_CHAIN",
    "Answer",
    "Bench",
    "Example",
    "Graph",
    "Pack",
    "Paid",
    "Parameter",
    "Parts",
    "Proof",
    "Ranked",
    "Reason",
    "Tables",
    "Walker",
    "catalogue",
    "chains_of",
    "duration_ms",
    "example_of",
    "load_packs",
    "new_pack",
    "pack_ids",
    "pattern_of",
    "payments_in",
    "prove",
    "rank",
    "read_pack",
    "reasons_of",
    "run_pack",
    "tables_of",
    "weights",
]


def catalogue() -> Path:
    """Find the folder of the packs that come with Linkwright, installed or in a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "queries"
    return installed if installed.is_dir() else package.parent / "queries"


def pack_ids(folder: Path | None = None) -> dict[str, Path]:
    """Name the packs of a folder (the catalogue by default), in order, each with its file."""
    root = folder or catalogue()
    return {
        path.relative_to(root).with_suffix("").as_posix(): path
        for path in sorted(root.glob("*/*.cypher"))
    }


def load_packs(ids: Sequence[str] = (), folder: Path | None = None) -> tuple[Pack, ...]:
    """Read the packs of a folder (the catalogue by default), or those named, in order of id.

    >>> [pack.level for pack in load_packs(["devices/many_accounts_one_device"])]
    ['lead']

    Raises:
        WrongUsage: there is no pack of that id.
        InputRefused: a pack cannot be read.
    """
    there = pack_ids(folder)
    if folder is not None and not there:
        raise WrongUsage(
            "there is no pack in the folder",
            where=str(folder),
            fix="'linkwright packs new AREA/NAME --packs DIR' writes one",
        )
    for id_ in ids:
        if id_ not in there:
            near = [known for known in there if id_.rpartition("/")[2] in known]
            raise WrongUsage(
                f"there is no pack '{id_}'",
                fix=f"perhaps {near[0]}" if near else "linkwright packs list names them all",
            )
    return tuple(read_pack(there[id_], id_) for id_ in (ids or there))
