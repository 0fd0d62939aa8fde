"""Slow and obvious: the five rules over the whole case, payment by payment.

By FIFO and LIFO every unit of money is a coin with a mark, and an account is a row of coins. By
the other rules an account is a balance and, for each origin, a part of it; shares are fractions.
"""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil, floor

Paid = tuple[str, str, str, int]  # payment, payer, payee, amount
Coin = str | None


def carried(
    payments: Sequence[Paid],
    origins: Mapping[str, str],
    homes: set[str],
    *,
    newest: bool,
    opening: Mapping[str, int] | None = None,
) -> dict[str, dict[str, int]]:
    """Tell how many coins of each origin every payment carried, by FIFO or LIFO."""
    held: dict[str, list[Coin]] = defaultdict(list)
    for account, minor in (opening or {}).items():
        held[account] = [None] * minor
    told: dict[str, dict[str, int]] = {}
    for payment, payer, payee, amount in payments:
        lacking = max(0, amount - len(held[payer]))
        # What no row records is spent last.
        unseen: list[Coin] = [None] * lacking
        held[payer] = unseen + held[payer] if newest else held[payer] + unseen
        if newest:
            coins = held[payer][len(held[payer]) - amount :][::-1]
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


def mixed(
    payments: Sequence[Paid],
    origins: Mapping[str, str],
    homes: set[str],
    rule: str,
    opening: Mapping[str, int] | None = None,
) -> dict[str, dict[str, int]]:
    """Tell what every payment carried, by pro rata, lowest balance or poison."""
    if rule == "pro_rata":
        return _haircut(payments, origins, homes, opening or {})
    balance: dict[str, int] = defaultdict(int, opening or {})
    parts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    spent = {"lowest_balance": _own_first, "poison": _whole}[rule]
    told: dict[str, dict[str, int]] = {}
    for payment, payer, payee, amount in payments:
        # What is lacking came in just before, unrecorded; poison takes it for touched too.
        before = balance[payer]
        balance[payer] = max(before, amount)
        if rule == "poison" and parts[payer]["any"]:
            parts[payer]["any"] = balance[payer]
        shares = spent(amount, balance[payer], parts[payer])
        balance[payer] -= amount
        for origin, minor in shares.items():
            parts[payer][origin] -= minor
        if payment in origins:
            who = "any" if rule == "poison" else origins[payment]
            own = amount - sum(shares.values())
            shares[who] = shares.get(who, 0) + own
        told[payment] = {origin: minor for origin, minor in shares.items() if minor}
        balance[payee] += amount
        if payee not in homes:
            for origin, minor in told[payment].items():
                parts[payee][origin] += minor
        if rule == "poison" and parts[payee]["any"]:
            parts[payee]["any"] = balance[payee]
    return {payment: shares for payment, shares in told.items() if shares}


def _haircut(
    payments: Sequence[Paid],
    origins: Mapping[str, str],
    homes: set[str],
    opening: Mapping[str, int],
) -> dict[str, dict[str, int]]:
    """Tell what every payment carried, pro rata: what stays behind of a part is rounded up.

    An account is what stood in it when money last came in, of whom, and what it has now.
    """
    then: dict[str, int] = defaultdict(int, opening)
    now: dict[str, int] = defaultdict(int, opening)
    of: dict[str, dict[str, int]] = defaultdict(dict)
    has: dict[str, dict[str, int]] = defaultdict(dict)

    def come(account: str, minor: int, shares: Mapping[str, int]) -> None:
        now[account] += minor
        for origin, part in shares.items():
            has[account][origin] = has[account].get(origin, 0) + part
        then[account], of[account] = now[account], dict(has[account])

    told: dict[str, dict[str, int]] = {}
    for payment, payer, payee, amount in payments:
        if amount > now[payer]:
            come(payer, amount - now[payer], {})
        now[payer] -= amount
        shares = {}
        for origin, part in has[payer].items():
            stays = ceil(Fraction(now[payer], then[payer]) * of[payer][origin])
            shares[origin], has[payer][origin] = part - stays, stays
        if payment in origins:
            who = origins[payment]
            shares[who] = shares.get(who, 0) + amount - sum(shares.values())
        told[payment] = {origin: minor for origin, minor in shares.items() if minor}
        come(payee, amount, {} if payee in homes else told[payment])
    return {payment: shares for payment, shares in told.items() if shares}


def _own_first(amount: int, balance: int, parts: Mapping[str, int]) -> dict[str, int]:
    """Take of the parts what the rest does not cover, in proportion, to the unit."""
    whole = sum(parts.values())
    short = max(0, amount - (balance - whole))
    if not short:
        return {}
    exact = {o: Fraction(minor * short, whole) for o, minor in parts.items() if minor}
    taken = {o: floor(share) for o, share in exact.items()}
    by_rest = sorted(exact, key=lambda o: (taken[o] - exact[o], o))
    for origin in by_rest[: short - sum(taken.values())]:
        taken[origin] += 1
    return taken


def _whole(amount: int, balance: int, parts: Mapping[str, int]) -> dict[str, int]:
    """Take all of it, once anything was touched."""
    return {"any": amount} if parts.get("any") else {}


def queued(
    payments: Sequence[Paid], opening: Mapping[str, int] | None = None
) -> list[tuple[str, str, int]]:
    """Tell which deposit every payment spent and how much of it, by one deque an account."""
    held: dict[str, deque[list[object]]] = defaultdict(deque)
    for account, minor in (opening or {}).items():
        held[account].append(["opening", minor])
    lots: list[tuple[str, str, int]] = []
    for payment, payer, payee, amount in payments:
        row, lacking = held[payer], amount
        while lacking:
            if not row:
                lots.append((payment, "short", lacking))
                break
            first = row[0]
            taken = min(int(str(first[1])), lacking)
            lots.append((payment, str(first[0]), taken))
            lacking -= taken
            if taken == first[1]:
                row.popleft()
            else:
                first[1] = int(str(first[1])) - taken
        held[payee].append([payment, amount])
    return lots
