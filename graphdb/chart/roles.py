"""Roles: what an entity is in the chain, and the column of the chart in which it stands."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from graphdb.chart.nouns import PAYMENT, Event, Said
from graphdb.model import NODE_TYPES, Chain, Entity

# Columns from left to right; receivers follow, one column a layer.
SELLERS, SOLD, ACCOUNTS, DEVICES, GROUPS, CHATS, PEOPLE, PAYERS = range(8)
_OF_LABEL: Final = {
    "Seller": SELLERS,
    "Sale": SOLD,
    "Account": ACCOUNTS,
    "Device": DEVICES,
    "IP": DEVICES,
    "Phone": DEVICES,
    "Penalty": DEVICES,
    "Notice": DEVICES,
    "Group": GROUPS,
    "Message": GROUPS,
    "Person": PEOPLE,
    "Report": PEOPLE,
    "Payment": PAYERS,
}
_RECEIVER: Final = "receiver_"
# More layers than this share the look of the last one; the number stands in the caption anyway.
LAST_LAYER: Final = 9
# Never folded into a stack: the ends of a chain are what the chart is about.
PRINCIPALS: Final = frozenset({"victim", "victim_account", "cash_out"})


@dataclass(frozen=True, slots=True)
class Role:
    """A role and its names: of one entity, and of many in a stack."""

    id: str
    one: Said
    many: Said


def _role(id_: str, en: str, many: str, zh: str) -> Role:
    return Role(id_, Said(en, zh), Said(many, zh))


_PLURALS: Final = {"Penalty": "penalties", "IP": "IP addresses", "Person": "persons"}

# Neutral words: a role says where an entity stands on the records, never that anybody is guilty.
ROLES: Final = {
    role.id: role
    for role in (
        _role("sold_account", "Sold account", "sold accounts", "售出账号"),
        _role("operator_device", "Device after the sale", "devices after the sale", "售后登录设备"),
        _role("victim", "Suspected victim", "suspected victims", "疑似受害人"),
        _role("victim_account", "Account of the victim", "accounts of victims", "受害人账号"),
        *(
            _role(f"{_RECEIVER}{n}", f"Receiver, layer {n}", f"receivers, layer {n}",
                  f"第{n}层收款账号")
            for n in range(1, LAST_LAYER + 1)
        ),
        _role("cash_out", "Cash-out", "cash-outs", "取现"),
        *(
            _role(node.label, "IP address" if node.label == "IP" else node.label,
                  _PLURALS.get(node.label, f"{node.label.lower()}s"), node.zh)
            for node in NODE_TYPES.values()
        ),
    )
}  # fmt: skip


def roles_of(
    entities: Sequence[Entity], events: Sequence[Event], chains: Sequence[Chain]
) -> dict[str, tuple[str, ...]]:
    """Give each entity its roles, the weightiest first; without a chain it is what its label says.

    A receiver of several chains stands in the lowest of its layers.
    """
    layers: dict[str, int] = {}
    for chain in chains:
        for payee in chain.receivers:
            layers[payee.account] = min(payee.layer, layers.get(payee.account, payee.layer))
    victims = {chain.victim for chain in chains}
    paid_by = {payment for chain in chains for payment in chain.payments}
    own = {e.target for e in events if e.source in victims and e.type in {"HOLDS", "CONTROLS"}}
    own |= {e.source for e in events if e.entity and e.entity.id in paid_by and e.type == PAYMENT}
    drawn = {e.target for e in events if e.type == PAYMENT and e.properties.get("kind") == "cash"}
    sold = {account for chain in chains for account in chain.accounts}
    devices = {device for chain in chains for device in chain.operator_devices}

    def of(entity: Entity) -> tuple[str, ...]:
        found = []
        if entity.id in own or (entity.id in victims and entity.label == "Account"):
            found.append("victim_account")
        if entity.id in victims and entity.label != "Account":
            found.append("victim")
        if entity.id in drawn or entity.properties.get("hub") == "cash":
            found.append("cash_out")
        if entity.id in layers:
            found.append(f"{_RECEIVER}{min(layers[entity.id], LAST_LAYER)}")
        if entity.id in sold:
            found.append("sold_account")
        if entity.id in devices:
            found.append("operator_device")
        return tuple(found) or (entity.label,)

    return {entity.id: of(entity) for entity in entities}


def bands_of(
    entities: Sequence[Entity], events: Sequence[Event], roles: dict[str, tuple[str, ...]]
) -> dict[str, int]:
    """Say in which column each entity stands; money always runs to the right where it can."""
    depths = _depths(events)
    payers = {event.source for event in events if event.type == PAYMENT}
    first = [role for role, *_ in roles.values()]
    layered = [layer_of(role) for role in first]
    # An account that a chain names stands where the chain has it, however the money ran.
    deepest = max((*layered, *depths.values(), 1))
    bands: dict[str, int] = {}
    for entity in entities:
        role = roles[entity.id][0]
        if layer := layer_of(role):
            bands[entity.id] = PAYERS + layer
        elif role == "cash_out":
            bands[entity.id] = PAYERS + deepest
        elif role == "sold_account":
            bands[entity.id] = SOLD
        elif role == "victim_account":
            # group <- chat account <- victim -> wallet -> receiver: the story from left to right
            bands[entity.id] = PAYERS if entity.id in payers else CHATS
        elif role == "Account" and entity.id in depths:
            bands[entity.id] = PAYERS + depths[entity.id]
        else:
            bands[entity.id] = _OF_LABEL[entity.label]
    return bands


def layer_of(role: str) -> int:
    """Tell the layer of a receiver from its role; 0 for every other role.

    >>> layer_of("receiver_2"), layer_of("Account")
    (2, 0)
    """
    return int(role.removeprefix(_RECEIVER)) if role.startswith(_RECEIVER) else 0


def _depths(events: Sequence[Event]) -> dict[str, int]:
    """Count for each account that pays or is paid how many payments lie before it.

    The count starts at those that only pay; in a ring of payments, at the first by id.
    """
    paid = sorted({(e.source, e.target) for e in events if e.type == PAYMENT})
    onward: dict[str, list[str]] = {}
    for payer, payee in paid:
        onward.setdefault(payer, []).append(payee)
    payees = {payee for _, payee in paid}
    depths: dict[str, int] = {}
    starts = [payer for payer in onward if payer not in payees] + sorted(onward)
    for at in starts:
        if at in depths:
            continue
        depths[at] = 0
        walk = deque([at])
        while walk:
            reached = walk.popleft()
            for payee in onward.get(reached, ()):
                if payee not in depths:
                    depths[payee] = min(depths[reached] + 1, LAST_LAYER)
                    walk.append(payee)
    return depths
