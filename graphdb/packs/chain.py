"""The whole chain as one answer: the rows of ``account_market/full_chain`` with their money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graphdb.model import Cell, Chain, Finding, Payee

FULL_CHAIN: Final = "account_market/full_chain"
# The columns of the pack that quote the evidence of each step, in the order of the chain.
_STEPS: Final = (
    ("accounts sold", "from_sale"),
    ("accounts run on operator devices", "from_login"),
    ("accounts and victim in the group", "from_group"),
    ("victim paid", "from_payment"),
    ("money passed on", "from_onward"),
)
# Each layer's payments, and the accounts that received them.
_LAYERS: Final = (("payments", "layer1"), ("onward", "layer2"), ("cash", "layer3"))


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment as the chain needs it."""

    payee: str
    amount_minor: int
    currency: str


def payments_in(findings: Sequence[Finding]) -> frozenset[str]:
    """Name every payment on the chains, so that the caller can look them up."""
    return frozenset(
        payment
        for finding in findings
        for column, _ in _LAYERS
        for payment in _texts(finding.values[column])
    )


def chains_of(findings: Sequence[Finding], paid: Mapping[str, Paid]) -> tuple[Chain, ...]:
    """Shape the findings of the full chain; amounts are summed within a layer, never across."""
    return tuple(_chain(finding, paid) for finding in findings)


def _chain(finding: Finding, paid: Mapping[str, Paid]) -> Chain:
    values = finding.values
    payees: list[Payee] = []
    for layer, (payments, accounts) in enumerate(_LAYERS, start=1):
        received = dict.fromkeys(_texts(values[accounts]), 0)
        for payment in _texts(values[payments]):
            if paid[payment].payee in received:
                received[paid[payment].payee] += paid[payment].amount_minor
        payees += [Payee(account, layer, amount) for account, amount in received.items()]
    return Chain(
        seller=str(values["seller"]),
        accounts=_texts(values["accounts"]),
        operator_devices=_texts(values["devices"]),
        group=str(values["group"]),
        victim=str(values["victim"]),
        payments=_texts(values["payments"]),
        receivers=tuple(payees),
        amount_minor=int(str(values["amount_minor"])),
        currency=str(values["currency"]),
        evidence=finding.evidence,
        steps=tuple((says, _texts(values[column])) for says, column in _STEPS),
    )


def _texts(cell: Cell) -> tuple[str, ...]:
    return tuple(str(item) for item in cell) if isinstance(cell, list) else ()
