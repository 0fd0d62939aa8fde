"""A city of ordinary people as typed rows, of any size, the same every time.

Each person has a chat account, a bank account, a phone and a telephone number; families share a
tablet, friends pay each other, employers pay wages and tenants rent, shops have customers, groups
have members who know each other; carriers put thousands behind one address and give numbers out
again. Cafes have machines that strangers share, and shops try repaired phones on a bench; parents
send money every week, shops settle with suppliers. Some 35 links a person. Nobody here is guilty
of anything.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from graphdb.casework.proving import read_given
from graphdb.model import Batch
from graphdb.sample import market, sample_truth, scam
from graphdb.sample.rows import Rows

LINKS_A_PERSON: Final = 32
_START_MS: Final = 1_735_689_600_000  # 2025-01-01T00:00:00Z
_DAY_MS: Final = 86_400_000
_WORDS: Final = ("早上好", "周末去爬山吗", "谁有多余的鱼竿", "明天八点集合", "生日快乐", "收到")


def city(links: int) -> tuple[Batch, ...]:
    """Give the rows of a city of about that many links; exhibits are ``city-<table>``."""
    people = max(links // LINKS_A_PERSON, 40)
    chance = np.random.default_rng(20250117)
    number = np.arange(people)
    tables = {
        "accounts": _accounts(number, chance),
        "logins": _logins(number, chance),
        "members": pl.concat([_members(number), _streets_of(_moved(number))]),
        "messages": _messages(number, chance),
        "payments": _payments(number, chance),
        "rebinds": _recycled(number),
        "listings": _offers(),
    }
    return tuple(_batch(table, frame) for table, frame in tables.items())


def _batch(table: str, frame: pl.DataFrame) -> Batch:
    frame = frame.with_columns(row=pl.int_range(2, frame.height + 2, dtype=pl.Int64))
    return Batch(table, f"city-{table}", frame, read=frame.height)


def _texts(form: str, numbers: Any) -> pl.Series:
    """Write a number of seven digits into each text."""
    digits = pl.col("n").cast(pl.String).str.zfill(7)
    frame = pl.DataFrame({"n": np.asarray(numbers, dtype=np.int64)})
    return frame.select(text=pl.format(form, digits))["text"]


def _times(ms: Any) -> pl.Series:
    return pl.Series(np.asarray(ms, dtype=np.int64)).cast(pl.Datetime("ms", "UTC"))


def _accounts(number: Any, chance: Any) -> pl.DataFrame:
    years = chance.integers(2, 12, len(number)) * 365 + chance.integers(0, 365, len(number))
    registered = _times(_START_MS - years * _DAY_MS - chance.integers(0, _DAY_MS, len(number)))
    chat = {
        "account": _texts("wechat:o{}", number),
        "kind": ["verified"] * len(number),
        "registered_at": registered,
        "phone": _texts("+86173{}0", number * 7919 % 10_000_000),
        "bound_account": _texts("bank:62{}", number),
        # In some families one person has verified the accounts of all.
        "holder": _texts("o{}", np.where(number // 4 % 25 == 6, number // 4 * 4, number)),
    }
    bank = {"account": _texts("bank:62{}", number), "holder": _texts("o{}", number)}
    return pl.concat([pl.DataFrame(chat), pl.DataFrame(bank)], how="diagonal")


def _moved(number: Any) -> Any:
    """One in fifty had another account before, on the same phone, and left it for this one."""
    return number[number % 50 == 11]


def _logins(number: Any, chance: Any) -> pl.DataFrame:
    """Four evenings on one's own phone, at home or behind a carrier; one on the family tablet."""
    parts: list[pl.DataFrame] = []
    for turn in range(4):
        at = _START_MS + (number % 29 + 30 * turn) * _DAY_MS
        at = at + 36_000_000 + chance.integers(0, 4 * 3_600_000, len(number))
        carrier = number % 3 == turn % 3
        home, shared = _texts("2001:db8::{}", number // 4), _texts("carrier-{}", number % 3)
        ip = pl.DataFrame({"home": home, "shared": shared, "carrier": carrier}).select(
            pl.when("carrier").then("shared").otherwise("home").alias("ip")
        )["ip"]
        own = {"account": _texts("wechat:o{}", number), "device": _texts("o{}", number)}
        parts.append(pl.DataFrame({**own, "at": _times(at), "ip": ip}))
    tablet = {
        "account": _texts("wechat:o{}", number),
        "device": _texts("tablet{}", number // 4),
        "at": _times(_START_MS + (number % 90) * _DAY_MS + (40 + number % 4 * 2) * 1_000_000),
        "ip": _texts("2001:db8::{}", number // 4),
    }
    moved = _moved(number)
    left = {
        "account": _texts("wechat:left{}", moved),
        "device": _texts("o{}", moved),
        "at": _times(_START_MS + (moved % 29 - 3) * _DAY_MS),
        "ip": _texts("2001:db8::{}", moved // 4),
    }
    parts += [pl.DataFrame(tablet), pl.DataFrame(left)]
    return pl.concat([*parts, *_cafes(number, chance), _benches(number)])


def _cafes(number: Any, chance: Any) -> list[pl.DataFrame]:
    """One in five goes to the cafe of his quarter twice: four machines, one address, strangers."""
    guest = number[number % 5 == 2]
    visits = []
    for turn in range(2):
        at = _START_MS + ((guest * 7 + 45 * turn) % 110) * _DAY_MS + 14_400_000
        visit = {
            "account": _texts("wechat:o{}", guest),
            "device": _texts("cafe{}", guest // 250 * 4 + guest // 5 % 4),
            "at": _times(at + chance.integers(0, 8 * 3_600_000, len(guest))),
            "ip": _texts("cafe-{}", guest // 250),
        }
        visits.append(pl.DataFrame(visit))
    return visits


def _benches(number: Any) -> pl.DataFrame:
    """One in forty had his phone repaired, and the shop tried his account once on its bench."""
    owner = number[number % 40 == 7]
    at = _START_MS + owner % 90 * _DAY_MS + 10_800_000 + owner % 7 * 1_200_000
    bench = {
        "account": _texts("wechat:o{}", owner),
        "device": _texts("bench{}", owner // 800),
        "at": _times(at),
        "ip": _texts("shop-{}", owner // 800),
    }
    return pl.DataFrame(bench)


def _members(number: Any) -> pl.DataFrame:
    """A neighbourhood of forty and a club of a hundred whose members come from all of them."""
    clubs = len(number) // 100 + 1
    parts = [
        pl.DataFrame(
            {
                "group": _texts(form, groups),
                "account": _texts("wechat:o{}", number),
                "joined_at": _times(_START_MS - (900 - number % 700) * _DAY_MS),
            }
        )
        for form, groups in (
            ("wechat-group:street{}", number // 40),
            ("wechat-group:club{}", number % clubs),
        )
    ]
    return pl.concat(parts)


def _streets_of(moved: Any) -> pl.DataFrame:
    """The accounts that were left were in the group of the street, too."""
    return pl.DataFrame(
        {
            "group": _texts("wechat-group:street{}", moved // 40),
            "account": _texts("wechat:left{}", moved),
            "joined_at": _times(_START_MS - (900 - moved % 700) * _DAY_MS),
        }
    )


def _messages(number: Any, chance: Any) -> pl.DataFrame:
    who = number[::2]
    return pl.DataFrame(
        {
            "group": _texts("wechat-group:street{}", who // 40),
            "account": _texts("wechat:o{}", who),
            "at": _times(_START_MS + chance.integers(0, 120 * _DAY_MS, len(who))),
            "text": [_WORDS[at] for at in chance.integers(0, len(_WORDS), len(who)).tolist()],
        }
    )


def _payments(number: Any, chance: Any) -> pl.DataFrame:
    size = len(number)
    chats, cards = "wechat:o{}", "bank:62{}"
    parts = []

    def paid(payer: pl.Series, payee: pl.Series, yuan: Any, at: Any, kind: str) -> None:
        parts.append(
            pl.DataFrame(
                {
                    "from_account": payer,
                    "to_account": payee,
                    "amount_minor": pl.Series(np.asarray(yuan, dtype=np.int64) * 100),
                    "at": _times(at),
                    "kind": [kind] * len(payer),
                }
            )
        )

    for step in (1, 3, 11):
        at = _START_MS + chance.integers(0, 120 * _DAY_MS, size)
        friend = (number + step) % size
        paid(
            _texts(chats, number),
            _texts(chats, friend),
            chance.integers(5, 600, size),
            at,
            "transfer",
        )
    for visit in range(2):
        at = _START_MS + (number % 60 + 60 * visit) * _DAY_MS + chance.integers(0, 3_600_000, size)
        shop = _texts("wechat:shop{}", number // 50)
        paid(_texts(chats, number), shop, chance.integers(10, 300, size), at, "purchase")
    for month in range(2):
        pay_day = _START_MS + (9 + 31 * month) * _DAY_MS + number % 60 * 60_000
        wages = 5_000 + number % 9 * 100
        paid(
            _texts("bank:employer{}", number // 50),
            _texts(cards, number),
            wages,
            pay_day,
            "transfer",
        )
    rent_day = _START_MS + 31 * _DAY_MS + number % 600 * 60_000
    landlord = _texts("wechat:landlord{}", number // 12)
    paid(_texts(chats, number), landlord, 1_800 + number % 12 * 50, rent_day, "transfer")
    _regular(number, paid)
    frame = pl.concat(parts)
    return frame.with_columns(
        payment=pl.format("c{}", pl.int_range(frame.height)), currency=pl.lit("CNY")
    )


def _regular(number: Any, paid: Callable[..., None]) -> None:
    """Equal sums again and again: every week to a student, to suppliers, monthly, and by chance."""
    chats = "wechat:o{}"
    parent, shop = number[number % 100 == 3], np.arange(len(number) // 50)
    buyer, worker = number[number % 60 == 5], number[number % 50 == 9]
    for week in range(8):
        sunday = _START_MS + (4 + 7 * week) * _DAY_MS + 36_000_000
        child = _texts(chats, parent + 1)
        paid(_texts(chats, parent), child, 300 + parent % 7 * 50, sunday + parent, "transfer")
        till = _texts("wechat:shop{}", shop)
        paid(till, _texts("bank:supplier{}", shop // 10), 2_000 + shop, sunday + shop, "transfer")
    for month in range(4):
        due = _START_MS + (14 + 30 * month) * _DAY_MS + buyer
        dealer = _texts("bank:dealer{}", buyer // 600)
        paid(_texts(chats, buyer), dealer, 500 + buyer % 3 * 100, due, "transfer")
    for day in (0, 3, 11, 30):
        at = _START_MS + day * _DAY_MS + 50_000_000 + worker
        paid(_texts(chats, worker - 1), _texts(chats, worker), 450 + worker % 5, at, "transfer")


def _recycled(number: Any) -> pl.DataFrame:
    """One in a hundred gave up his number for one that another had given up half a year before."""
    new = number[::100]
    old = (new + 50) % len(number)
    phone = _texts("+86176{}1", new)
    given_up = _times([_START_MS - 200 * _DAY_MS] * len(new))
    before = {"account": _texts("wechat:o{}", old), "phone": phone, "until": given_up,
              "at": _times([_START_MS - 900 * _DAY_MS] * len(new))}  # fmt: skip
    after = {"account": _texts("wechat:o{}", new), "phone": phone,
             "at": _times([_START_MS - 10 * _DAY_MS] * len(new))}  # fmt: skip
    first = {"account": _texts("wechat:o{}", new), "phone": _texts("+86177{}1", new),
             "at": _times([_START_MS - 2_000 * _DAY_MS] * len(new))}  # fmt: skip
    bound = [pl.DataFrame(rows) for rows in (before, after, first)]
    return pl.concat(bound, how="diagonal")


def _offers() -> pl.DataFrame:
    """A shop for accounts of a game, and another that posts its offers again and holds none."""
    offer = np.arange(20)
    return pl.concat(
        [
            pl.DataFrame(
                {
                    "seller": [shop] * len(offer),
                    "account": _texts("game:{}", offer),
                    "at": _times(_START_MS + (offer + day) * _DAY_MS),
                }
            )
            for day, shop in enumerate(("games", "repost"))
        ]
    )


def gang() -> tuple[Batch, ...]:
    """Give the rows of the sample's market and scam; exhibits are ``gang-<table>``."""
    told = Rows()
    scam.tell(told, market.tell(told))
    return read_given(told.tables, "gang-")


def seeds() -> Mapping[str, str]:
    """Name an entity of the gang for each parameter of packs that can name one."""
    truth = sample_truth()
    return {
        "seller": truth.sellers[0],
        "victim": truth.victim,
        "account": truth.first_receivers[0],
        "group": truth.group,
        "person": truth.victim,
        "device": truth.operator_devices[0],
    }
