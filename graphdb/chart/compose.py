"""From entities and links to what is drawn: payments become lines, repeated records merge."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from graphdb.chart.drawing import ChartLink, ChartNode
from graphdb.errors import CheckFailed
from graphdb.model import Cell, Chain, Entity, Link, money_text

# More payments than this between the same two nodes are one line with their count and sum.
_PARALLEL_SHOWN = 6
_NAMES = ("nickname", "full_name", "group_name", "shop_name")
_HIDDEN = {"evidence", "at_ms", "amount_minor", "price_minor", "loss_minor"}


def nodes_of(entities: Iterable[Entity], roles: Mapping[str, str]) -> dict[str, ChartNode]:
    """Give each entity once, by its id, with a caption people read."""
    nodes: dict[str, ChartNode] = {}
    for entity in entities:
        name = next((str(entity.properties[n]) for n in _NAMES if entity.properties.get(n)), "")
        number = entity.id.partition(":")[2] or entity.id
        nodes[entity.id] = ChartNode(
            entity.id,
            entity.label,
            roles.get(entity.id, ""),
            f"{name}\n{number}" if name and name != number else number,
            _texts(entity.properties),
            entity.evidence,
        )
    return nodes


def links_of(links: Sequence[Link], entities: Iterable[Entity]) -> tuple[list[ChartLink], set[str]]:
    """Give the lines, and the payments that became one and so are no nodes of their own.

    Raises:
        CheckFailed: a record got lost on the way to a line; nothing is drawn then.
    """
    payments = {entity.id: entity for entity in entities if entity.label == "Payment"}
    sent = {link.target: link for link in links if link.type == "SENT"}
    paid = {link.source: link for link in links if link.type == "PAID_TO"}
    folded = {id_ for id_ in payments if id_ in sent and id_ in paid}
    lines = [_payment(payments[id_], sent[id_], paid[id_]) for id_ in sorted(folded)]
    others = [
        link
        for link in links
        if not (link.type in {"SENT", "PAID_TO"} and {link.source, link.target} & folded)
    ]
    lines += merged([_line(link) for link in others])
    shown = sum(line.count for line in lines)
    if shown != len(folded) + len(others):
        raise CheckFailed(f"{len(folded) + len(others)} records, but {shown} on the chart")
    return lines, folded


def merged(lines: Iterable[ChartLink]) -> list[ChartLink]:
    """Merge lines of one type and basis between the same two nodes, with their count and time."""
    groups: dict[tuple[str, str, str, str], list[ChartLink]] = defaultdict(list)
    for line in lines:
        groups[line.type, line.source, line.target, line.basis].append(line)
    return [_merge(group) for _, group in sorted(groups.items())]


def crowded(lines: Sequence[ChartLink]) -> list[ChartLink]:
    """Merge payments where too many run between the same two nodes to be told apart."""
    groups: dict[tuple[str, str, str, str | None], list[ChartLink]] = defaultdict(list)
    for line in lines:
        groups[line.source, line.target, line.basis, line.currency].append(line)
    kept: list[ChartLink] = []
    for _, group in sorted(groups.items(), key=lambda item: (*item[0][:3], item[0][3] or "")):
        kept += [_merge(group)] if len(group) > _PARALLEL_SHOWN else group
    return kept


def roles_of(chains: Iterable[Chain]) -> dict[str, str]:
    """Say which part each entity plays in the chains; the part nearest the victim counts."""
    roles: dict[str, str] = {}
    for chain in chains:
        for payee in chain.receivers:
            roles.setdefault(payee.account, f"layer{payee.layer}")
    for chain in chains:
        roles |= dict.fromkeys(chain.accounts, "sold")
        roles |= dict.fromkeys(chain.operator_devices, "operator")
        roles |= {chain.seller: "seller", chain.group: "group", chain.victim: "victim"}
    return roles


def _payment(payment: Entity, sent: Link, paid: Link) -> ChartLink:
    amount, at = payment.properties.get("amount_minor"), payment.properties.get("at")
    when = str(at) if at else None
    return ChartLink(
        id=payment.id,
        type="PAYMENT",
        source=sent.source,
        target=paid.target,
        basis=str(payment.properties.get("basis", sent.basis)),
        count=1,
        evidence=_places((payment.evidence, sent.evidence, paid.evidence)),
        properties=_texts(payment.properties),
        amount_minor=int(str(amount)) if amount is not None else None,
        currency=str(payment.properties.get("currency", "CNY")),
        first_at=when,
        last_at=when,
        ids=(payment.id,),
    )


def _line(link: Link) -> ChartLink:
    at = link.properties.get("at") or link.properties.get("joined_at")
    price = link.properties.get("price_minor")
    when = str(at) if at else None
    return ChartLink(
        id="",
        type=link.type,
        source=link.source,
        target=link.target,
        basis=link.basis,
        count=1,
        evidence=link.evidence,
        properties=_texts(link.properties),
        amount_minor=int(str(price)) if price is not None else None,
        currency=str(link.properties.get("currency", "CNY")) if price is not None else None,
        first_at=when,
        last_at=when,
    )


def _merge(group: Sequence[ChartLink]) -> ChartLink:
    if len(group) == 1:
        return group[0]
    amounts = [line.amount_minor for line in group if line.amount_minor is not None]
    times = sorted(
        time for line in group for time in (line.first_at, line.last_at) if time is not None
    )
    # A property stays only where all agree; the rest stands in the source rows.
    first = group[0].properties
    same = {n: v for n, v in first.items() if all(line.properties.get(n) == v for line in group)}
    return replace(
        group[0],
        count=sum(line.count for line in group),
        evidence=_places(line.evidence for line in group),
        properties=same,
        amount_minor=sum(amounts) if amounts else None,
        first_at=times[0] if times else None,
        last_at=times[-1] if times else None,
        ids=tuple(id_ for line in group for id_ in line.ids),
    )


def _places(parts: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place for part in parts for place in part))


def _texts(properties: Mapping[str, Cell]) -> dict[str, str]:
    shown = {
        name: ", ".join(map(str, cell)) if isinstance(cell, list) else str(cell)
        for name, cell in properties.items()
        if name not in _HIDDEN and cell is not None
    }
    for name in ("amount_minor", "price_minor", "loss_minor"):
        amount = properties.get(name)
        if isinstance(amount, int):
            shown[name.removesuffix("_minor")] = money_text(
                amount, str(properties.get("currency", "CNY"))
            )
    return shown
