"""Slow and obvious: every unit of money is a coin with a mark, and an account is a row of coins."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

Paid = tuple[str, str, str, int]  # payment, payer, payee, amount
Coin = str | None


def carried(
    payments: Sequence[Paid], origins: Mapping[str, str], homes: set[str], *, newest: bool
) -> dict[str, dict[str, int]]:
    """Tell how many coins of each origin every payment carried, by FIFO or LIFO."""
    held: dict[str, list[Coin]] = defaultdict(list)
    told: dict[str, dict[str, int]] = {}
    for payment, payer, payee, amount in payments:
        lacking = max(0, amount - len(held[payer]))
        held[payer] += [None] * lacking
        if newest:
            coins = held[payer][len(held[payer]) - amount :]
            del held[payer][len(held[payer]) - amount :]
        else:
            coins = held[payer][:amount]
            del held[payer][:amount]
        if payment in origins:
            coins = [coin or origins[payment] for coin in coins]
        told[payment] = _count(coins)
        # Money that is back where the trace began has arrived; it is not followed again.
        held[payee] += [None] * amount if payee in homes else coins
    return {payment: shares for payment, shares in told.items() if shares}


def _count(coins: Sequence[Coin]) -> dict[str, int]:
    shares: dict[str, int] = defaultdict(int)
    for coin in coins:
        if coin is not None:
            shares[coin] += 1
    return dict(shares)
