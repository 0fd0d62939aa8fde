"""The sample case: invented, in the shape of real ones, with the answer known.

``write_sample`` writes its evidence files; ``Truth`` is what an investigation must find.
``clean_city`` gives its innocents alone, as the ground on which packs are proved. All persons,
accounts, numbers and addresses are made up (documentation ranges and unassigned numbers).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graphdb.sample import aside, innocents, market, scam
from graphdb.sample.files import REJECTED, REPEATED, write_files
from graphdb.sample.rows import Rows

__all__ = ["Truth", "clean_city", "sample_truth", "write_sample"]

_PEOPLE = 600
_PEOPLE_IN_CITY = 120


@dataclass(frozen=True, slots=True)
class Truth:
    """The known answer of the sample case."""

    sellers: tuple[str, ...]
    sold_accounts: frozenset[str]
    nursery_devices: tuple[str, ...]
    operator_devices: tuple[str, ...]
    group: str
    earlier_group: str
    victim: str
    victim_payments: tuple[str, ...]
    loss_minor: int
    unreported: tuple[str, ...]
    first_receivers: tuple[str, ...]
    second_layer: tuple[str, ...]
    cash: tuple[str, ...]
    sham_seller: str
    cheated: int
    repeated: int
    rejected: int


def write_sample(folder: Path) -> Truth:
    """Write the evidence files of the sample case into a folder; the same bytes every time."""
    rows, truth = _told()
    write_files(rows, folder)
    return truth


def sample_truth() -> Truth:
    """Give the known answer without writing anything.

    >>> sample_truth().loss_minor
    8400000
    """
    return _told()[1]


def clean_city() -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Give the rows of a small city of innocents, by table."""
    rows = Rows()
    innocents.tell(rows, _PEOPLE_IN_CITY)
    return rows.tables


def _told() -> tuple[Rows, Truth]:
    rows = Rows()
    sold = market.tell(rows)
    story = scam.tell(rows, sold)
    innocents.tell(rows, _PEOPLE)
    aside.tell(rows, sold)
    return rows, Truth(
        sellers=tuple(f"seller:{name}" for name in market.SOLD_BY),
        sold_accounts=frozenset(one.account for one in (*sold, *story.fresh)),
        nursery_devices=tuple(f"device:{name}" for name in market.NURSERIES.values()),
        operator_devices=tuple(f"device:{name}" for name in market.DEVICES),
        group=scam.GROUP,
        earlier_group=scam.EARLIER_GROUP,
        victim=scam.VICTIM,
        victim_payments=tuple(f"payment:{number}" for number in story.victim_payments),
        loss_minor=100 * sum(yuan for _, yuan in scam.VICTIM_PAYS),
        unreported=tuple(scam.UNREPORTED),
        first_receivers=scam.LAYER_1,
        second_layer=scam.LAYER_2,
        cash=scam.CASH,
        sham_seller=f"seller:{market.SHAM}",
        cheated=len(market.CHEATED),
        repeated=REPEATED,
        rejected=REJECTED,
    )
