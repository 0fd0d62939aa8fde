"""Places from the facts alone: columns by part played, order by neighbours and id, no chance.

Money runs from left to right. The same input gives the same picture, on every machine.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from graphdb.chart.drawing import ChartLink, ChartNode

_COLUMN_PX: Final = 215
_ROW_PX: Final = 112
_ROWS: Final = 14
_SWEEPS: Final = 6
# Columns from left to right: who sells, what is sold, on what it runs, where, whom, the money.
_BY_ROLE: Final[Mapping[str, int]] = {
    "seller": 0, "sold": 1, "operator": 2, "group": 3, "victim": 5,
    "layer1": 7, "layer2": 8, "layer3": 9,
}  # fmt: skip
_BY_LABEL: Final[Mapping[str, int]] = {
    "Seller": 0, "Sale": 1, "Account": 1, "Device": 2, "IP": 2, "Phone": 2, "Group": 3,
    "Message": 3, "Person": 5, "Report": 5, "Penalty": 2, "Payment": 6,
}  # fmt: skip
_MEMBER, _PAYER, _FIRST_PAYEE, _LAST = 4, 6, 7, 12


def laid_out(nodes: Sequence[ChartNode], links: Sequence[ChartLink]) -> list[ChartNode]:
    """Give every node its place."""
    column = _columns(nodes, links)
    neighbours: dict[str, list[str]] = defaultdict(list)
    for link in links:
        neighbours[link.source].append(link.target)
        neighbours[link.target].append(link.source)
    columns: dict[int, list[ChartNode]] = defaultdict(list)
    for node in sorted(nodes, key=lambda node: (node.label, node.id)):
        columns[column[node.id]].append(node)
    height: dict[str, float] = {}
    for group in columns.values():
        height |= {node.id: at - len(group) / 2 for at, node in enumerate(group)}
    for sweep in range(_SWEEPS):
        # To the right by the neighbours on the left, then back: crossings get fewer each time.
        rightward = sweep % 2 == 0
        for number in sorted(columns, reverse=not rightward):
            centre = {
                node.id: _mean(
                    [
                        height[other]
                        for other in neighbours[node.id]
                        if (column[other] < number if rightward else column[other] > number)
                    ],
                    height[node.id],
                )
                for node in columns[number]
            }
            columns[number] = sorted(
                columns[number], key=lambda node: (centre[node.id], node.label, node.id)
            )
            size = len(columns[number])
            height |= {node.id: at - size / 2 for at, node in enumerate(columns[number])}
    return _placed(columns)


def _columns(nodes: Sequence[ChartNode], links: Sequence[ChartLink]) -> dict[str, int]:
    in_chain = any(node.role for node in nodes)
    column = {node.id: _BY_ROLE.get(node.role, _BY_LABEL[node.label]) for node in nodes}
    label = {node.id: node.label for node in nodes}
    role = {node.id: node.role for node in nodes}
    if in_chain:
        # A victim's accounts: where he was a member stands left of him, where he paid right.
        for link in links:
            if not role[link.source] and link.type == "MEMBER_OF":
                column[link.source] = _MEMBER
        for link in links:
            if not role[link.source] and link.type == "PAYMENT":
                column[link.source] = _PAYER
        return column
    payees: dict[str, set[str]] = defaultdict(set)
    for link in links:
        if link.type == "PAYMENT" and link.source != link.target:
            payees[link.source].add(link.target)
    received = {payee for group in payees.values() for payee in group}
    front = sorted(set(payees) - received) or sorted(payees)[:1]
    depth = dict.fromkeys(front, _PAYER)
    while front:
        later = sorted({payee for payer in front for payee in payees[payer]} - set(depth))
        depth |= dict.fromkeys(later, min(_LAST, max(depth[payer] for payer in front) + 1))
        front = later
    for id_ in {*payees, *received}:
        if label[id_] == "Account":
            column[id_] = depth.get(id_, _FIRST_PAYEE)
    return column


def _placed(columns: Mapping[int, Sequence[ChartNode]]) -> list[ChartNode]:
    """Turn columns into pixels; a tall column is set in several strips side by side."""
    placed: list[ChartNode] = []
    left = 0
    for number in sorted(columns):
        group = columns[number]
        strips = max(1, -(-len(group) // _ROWS))
        rows = -(-len(group) // strips)
        for at, node in enumerate(group):
            strip, row = at % strips, at // strips
            placed.append(
                replace(
                    node,
                    x=left + strip * _COLUMN_PX * 3 // 5,
                    y=round((row - (rows - 1) / 2) * _ROW_PX) + (strip % 2) * _ROW_PX // 3,
                )
            )
        # Lines of money carry their amounts, so they are given more room.
        width = _COLUMN_PX if number < _PAYER else _COLUMN_PX * 3 // 2
        left += width + (strips - 1) * _COLUMN_PX * 3 // 5
    return placed


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
