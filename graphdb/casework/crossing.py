"""Is anything of this case already in another? Two cases compared by the ids that both hold.

Nothing is written to either case. Hubs of either are told apart: everybody meets at a shop.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from graphdb.case import Case
from graphdb.errors import WrongUsage
from graphdb.model import NODE_TYPES, Innocent
from graphdb.store import Store

Progress = Callable[[str, int, int], None]

# What a person uses or is. Payments are left out: two returns of one bank share thousands.
LABELS: Final = ("Person", "Seller", "Account", "Phone", "Device", "IP", "Group")
# What stands in both cases for a harmless reason, with the check that would tell.
INNOCENTS: Final = (
    Innocent(
        "recycled",
        "A telephone number or address that was given to another customer",
        "Compare the days in both cases; ask the provider since when it is his",
        "号码或地址后来分配给了另一位客户",
        "对照两案的日期；向运营单位查明自何时归其使用",
    ),
    Innocent(
        "customer",
        "A shop, a landlord or a friend whom people of both cases paid",
        "Look at what each case has on it; big shops are hubs",
        "两案的人都付过款的商店、房东或朋友",
        "看两案各有什么记录；大商户为枢纽",
    ),
    Innocent(
        "witness",
        "Somebody who is a witness or a victim in one of them",
        "His role belongs to a person in a case: hear him",
        "在其中一案是证人或受害人",
        "角色只属于某案中的某人：询问本人",
    ),
)


@dataclass(frozen=True, slots=True)
class Crossing:
    """An entity of two cases: the rows about it in each, and whether it is a hub in one of them."""

    label: str
    entity: str
    here: tuple[str, ...]
    there: tuple[str, ...]
    hub: str | None = None


def crossings(here: Case, there: Case, progress: Progress) -> tuple[Crossing, ...]:
    """Find what two cases both hold, label by label, in order of id.

    Raises:
        WrongUsage: they are one case, or one is a copy of the other.
    """
    if here.id == there.id:
        raise WrongUsage(
            "a case is not compared with itself or its copy",
            where=str(there.folder),
            fix="name the folder of another case",
        )
    found: list[Crossing] = []
    for at, label in enumerate(LABELS):
        progress(label, at, len(LABELS))
        ours, theirs = _known(here.store, label), _known(there.store, label)
        # Of one pair under several names, one name.
        pairs = {(ours[name], theirs[name]): name for name in sorted(ours.keys() & theirs.keys())}
        rows = _places(here.store, label, [one.id for one, _ in pairs])
        others = _places(there.store, label, [other.id for _, other in pairs])
        found += [
            Crossing(label, name, rows[one.id], others[other.id], one.hub or other.hub)
            for (one, other), name in pairs.items()
        ]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Known:
    """An entity of a case, and what kind of hub it is."""

    id: str
    hub: str | None


def _known(store: Store, label: str) -> dict[str, _Known]:
    """Give the entities of a label by each of their names: their id, and those joined to it."""
    has = {one.name for one in NODE_TYPES[label].properties}
    hub, aliases = (f"n.{name}" if name in has else "null" for name in ("hub", "aliases"))
    text = f"MATCH (n:{label}) RETURN n.id AS id, {hub} AS hub, {aliases} AS aliases"
    found: dict[str, _Known] = {}
    for id_, kind, others in store.read(text).rows:
        one = _Known(str(id_), None if kind is None else str(kind))
        for name in (id_, *(others if isinstance(others, list) else ())):
            found[str(name)] = one
    return found


def _places(store: Store, label: str, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Give the rows that speak of each of these entities."""
    if not ids:
        return {}
    text = (
        f"MATCH (n:{label})-[link]-() WHERE n.id IN $ids UNWIND link.evidence AS place "
        "RETURN DISTINCT n.id AS id, place ORDER BY id, place"
    )
    found: dict[str, list[str]] = {id_: [] for id_ in ids}
    for id_, place in store.read(text, {"ids": [*ids]}).rows:
        found[str(id_)].append(str(place))
    return {id_: tuple(places) for id_, places in found.items()}
