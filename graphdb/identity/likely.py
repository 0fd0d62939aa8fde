"""Likely pairs: two ids that may be one, each with what speaks for it and how much.

Nothing is joined by this: an officer decides. The points of a suggestion add up to its score, 1 to
99. Numbers are compared within blocks (the same last digits, the same device, the same birth
date), so the cost grows with the pairs that are alike and not with all pairs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from graphdb.identity.sameness import Pair, pair_of

MASK_MARKS: Final = "*•＊"
_FEWEST: Final = 4
_CROWD: Final = 30  # more accounts than this on one device, or of one birth date, say nothing
_NEAR: Final = 88
_LONG_ID, _SHORT_ID = 18, 15
_MOST: Final = 99


@dataclass(frozen=True, slots=True)
class Known:
    """What the graph knows of an account or person, as far as likeness goes."""

    id: str
    name: str | None = None
    nickname: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two ids that may be one; ``reasons`` are (points, words) and add up to the score."""

    pair: Pair
    score: int
    reasons: tuple[tuple[int, str], ...]


Reasons = dict[Pair, list[tuple[int, str]]]


def suggest(
    accounts: Sequence[Known],
    persons: Sequence[Known],
    devices: Iterable[tuple[str, str]],
    friends: Iterable[tuple[str, str, str]],
    paid: Iterable[tuple[str, str]],
    decided: Collection[Pair] = (),
) -> tuple[Suggestion, ...]:
    """Suggest pairs, the likeliest first.

    ``devices`` are (account, device), ``friends`` (account, name it uses, friend), ``paid``
    pairs of accounts that stand on the same side of one payment in two papers.

    >>> known = [Known("bank:6222000011115669"), Known("bank:1/6222******5669")]
    >>> [(one.pair, one.score) for one in suggest(known, (), (), (), ())]
    [(('bank:1/6222******5669', 'bank:6222000011115669'), 55)]
    """
    reasons: Reasons = defaultdict(list)
    by_id = {one.id: one for one in accounts}
    _by_mask(accounts, reasons)
    _by_payment(paid, reasons)
    _by_contact(by_id, friends, reasons)
    _by_device(by_id, devices, reasons)
    _by_birth(persons, reasons)
    known = {**by_id, **{one.id: one for one in persons}}
    for pair in list(reasons):
        _by_name(known, pair, reasons[pair])
    done = set(decided)
    found = []
    for pair, said in reasons.items():
        score = max(0, min(_MOST, sum(points for points, _ in said)))
        # A mask that stands only in papers of matched payments is no node of its own any more.
        if score and pair not in done and set(pair) <= set(known):
            found.append(Suggestion(pair, score, tuple(sorted(said, key=lambda one: -one[0]))))
    return tuple(sorted(found, key=lambda one: (-one.score, one.pair)))


def _written(id_: str) -> str | None:
    """Give what a paper writes for an account that it does not number."""
    return id_.partition(":")[2].partition("/")[2] or None


def _by_mask(accounts: Sequence[Known], reasons: Reasons) -> None:
    """Fit masked numbers to numbers of the same platform with the same last digits."""
    tails: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in accounts:
        platform, _, number = one.id.partition(":")
        if "/" not in number:
            for size in range(1, _FEWEST + 1):
                tails[platform, number[-size:]].append(number)
    for one in accounts:
        mask = _written(one.id)
        if mask is None or not any(mark in mask for mark in MASK_MARKS):
            continue
        platform = one.id.partition(":")[0]
        head, tail = _ends(mask)
        if not tail or len(head) + len(tail) < _FEWEST:
            continue
        fits = [
            number for number in tails[platform, tail[-_FEWEST:]]
            if number.startswith(head) and number.endswith(tail)
        ]  # fmt: skip
        shown = min(len(head) + len(tail), 10)
        for number in fits:
            pair = pair_of(one.id, f"{platform}:{number}")
            words = f"the mask {mask} fits; {shown} characters of it are shown"
            reasons[pair].append((15 + 5 * shown, words))
            if len(fits) > 1:
                reasons[pair].append((-15 * (len(fits) - 1), f"it fits {len(fits)} numbers"))


def _ends(mask: str) -> tuple[str, str]:
    first = min(mask.index(mark) for mark in MASK_MARKS if mark in mask)
    last = max(mask.rindex(mark) for mark in MASK_MARKS if mark in mask)
    return mask[:first], mask[last + 1 :]


def _by_payment(paid: Iterable[tuple[str, str]], reasons: Reasons) -> None:
    """Take accounts that two papers of one payment write on the same side."""
    times: dict[Pair, int] = defaultdict(int)
    for one, two in paid:
        if one != two:
            times[pair_of(one, two)] += 1
    for pair, n in times.items():
        words = "two papers of one payment name both on one side" + (f", {n} times" * (n > 1))
        reasons[pair].append((min(90, 50 + 10 * n), words))


def _by_contact(
    accounts: Mapping[str, Known], friends: Iterable[tuple[str, str, str]], reasons: Reasons
) -> None:
    """Find the name that a bill writes among the contacts of the bill's owner."""
    lists: dict[tuple[str, str], set[str]] = defaultdict(set)
    for owner, name, friend in friends:
        lists[owner, name].add(friend)
    for id_ in accounts:
        written = _written(id_)
        owner = id_.partition("/")[0]
        fits = lists.get((owner, written), set()) if written else set()
        for friend in sorted(fits - {id_}):
            reasons[pair_of(id_, friend)].append((65, f"'{written}' is so named in his contacts"))
            if len(fits) > 1:
                words = f"{len(fits)} contacts are so named"
                reasons[pair_of(id_, friend)].append((-15 * (len(fits) - 1), words))


def _by_device(
    accounts: Mapping[str, Known], devices: Iterable[tuple[str, str]], reasons: Reasons
) -> None:
    """Compare nicknames of accounts that were used on one device."""
    # Imported here, as it is seldom needed: every command would wait for it.
    from rapidfuzz import fuzz

    used: dict[str, set[str]] = defaultdict(set)
    for account, device in devices:
        used[device].add(account)
    for device, on_it in sorted(used.items()):
        named = sorted(a for a in on_it if a in accounts and accounts[a].nickname)
        if len(on_it) > _CROWD:
            continue
        for one, two in combinations(named, 2):
            likeness = fuzz.ratio(accounts[one].nickname or "", accounts[two].nickname or "")
            if likeness >= _NEAR:
                words = f"like nicknames ({likeness:.0f} of 100) on one device, {device}"
                reasons[pair_of(one, two)].append((round(likeness / 2), words))


def _by_birth(persons: Sequence[Known], reasons: Reasons) -> None:
    """Compare persons of one name and birth date: identity numbers of 15 and 18 digits."""
    blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in persons:
        birth = birth_date(one.id.partition(":")[2])
        if one.name and birth:
            blocks[one.name, birth].append(one.id)
    for (_, day), ids in blocks.items():
        if len(ids) > _CROWD:
            continue
        for left, right in combinations(sorted(ids), 2):
            reasons[pair_of(left, right)].append((60, f"the same name and birth date ({day})"))
            if _same_number(left.partition(":")[2], right.partition(":")[2]):
                words = "one number is the other in its old form of 15 digits"
                reasons[pair_of(left, right)].append((35, words))


def birth_date(number: str) -> str | None:
    """Read the birth date from an identity number of 18 or, before 1999, 15 digits.

    >>> birth_date("110101199003070000"), birth_date("110101900307000"), birth_date("ID-1")
    ('1990-03-07', '1990-03-07', None)
    """
    if len(number) == _LONG_ID and number[:17].isdigit():
        day = number[6:14]
    elif len(number) == _SHORT_ID and number.isdigit():
        day = "19" + number[6:12]
    else:
        return None
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"


def _same_number(one: str, two: str) -> bool:
    short, long = sorted((one, two), key=len)
    is_old = (len(short), len(long)) == (_SHORT_ID, _LONG_ID)
    return is_old and long[:6] + long[8:17] == short


def _by_name(known: Mapping[str, Known], pair: Pair, said: list[tuple[int, str]]) -> None:
    """Let the names of the holders speak for or against a pair."""
    names = [known[id_].name if id_ in known else None for id_ in pair]
    if pair[0].startswith("person:") or None in names:
        return
    if names[0] == names[1]:
        said.append((20, "the holders have the same name"))
    else:
        said.append((-40, "the holders have different names"))
