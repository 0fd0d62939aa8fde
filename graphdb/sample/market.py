"""The market: two sellers who farm, list and sell accounts, and one who only takes the money."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from graphdb.sample.rows import Rows, day

PRICES = {"new": 58, "aged": 128, "semi_verified": 260, "verified": 500}
# Of a hundred accounts sold, how many are of each kind.
_MIX = ("new",) * 55 + ("aged",) * 25 + ("semi_verified",) * 12 + ("verified",) * 8
SOLD_BY = {"haoshang_88": 172, "laohao_shop": 122}
NURSERIES = {"haoshang_88": "d-nursery-1", "laohao_shop": "d-nursery-2"}
COLLECTS = {"haoshang_88": "tenpay:900000001", "laohao_shop": "tenpay:900000002"}
SHAM = "cheap_wx_shop"
SHAM_COLLECTS = "tenpay:900000003"
OPERATORS = ("boss_lin", "boss_mo", "boss_qi")
DEVICES = tuple(f"d-op-{number}" for number in range(1, 7))
CHEATED = (10, 15, 20, 25, 30, 38, 45, 50, 58, 68, 88, 100)


@dataclass(frozen=True, slots=True)
class Sold:
    """An account that was sold, when, and the operator's device it ran on afterwards."""

    account: str
    seller: str
    at: datetime
    device: str
    ip: str


def tell(rows: Rows) -> list[Sold]:
    """Tell how the accounts were reared, listed, sold, paid, rebound and taken over."""
    for name in OPERATORS:
        wallet = f"tenpay:7000{OPERATORS.index(name) + 1:05d}"
        _account(rows, f"wechat:{name}", name, "aged", bound=wallet)
        rows.log_in(f"wechat:{name}", f"d-own-{name}", day(1, 4, 9), "198.51.100.200")
    sold: list[Sold] = []
    for seller, size in SOLD_BY.items():
        names = {"haoshang_88": "号商八八", "laohao_shop": "老号小铺"}
        rows.add("sellers", seller=seller, name=names[seller], collects_at=COLLECTS[seller])
        for first in range(0, size, 10):
            sold += _batch(rows, seller, range(first, min(first + 10, size)), len(sold))
    _sham_seller(rows)
    return sold


def _batch(rows: Rows, seller: str, numbers: range, before: int) -> list[Sold]:
    """Sell ten accounts to one operator for one payment."""
    at = day(1, 5 + numbers.start // 12, 20, numbers.start % 60)
    buyer = OPERATORS[(numbers.start // 10) % len(OPERATORS)]
    kinds = [_MIX[(number * 37) % 100] for number in numbers]
    wallet = f"tenpay:7000{OPERATORS.index(buyer) + 1:05d}"
    total = sum(PRICES[kind] for kind in kinds)
    payment = rows.pay(wallet, COLLECTS[seller], total, at - timedelta(minutes=4), memo="号")
    batch = []
    for place, (number, kind) in enumerate(zip(numbers, kinds, strict=True)):
        account = f"wechat:wxid_{'a' if seller == 'haoshang_88' else 'b'}{number:03d}"
        nth = before + place
        _account(rows, account, _nickname(nth), kind, phone=f"+86170{10_000_000 + nth}")
        _reared(rows, account, NURSERIES[seller])
        price = str(PRICES[kind])
        rows.add("listings", seller=seller, account=account, price=price, currency="CNY",
                 at=day(1, 2, 10, number % 60))  # fmt: skip
        rows.add("sales", seller=seller, account=account, price=price, currency="CNY", at=at,
                 buyer=f"wechat:{buyer}", payment=payment, condition=kind)  # fmt: skip
        one = Sold(account, seller, at, DEVICES[nth % 6], f"198.51.100.{1 + nth // 15}")
        rows.add("rebinds", account=account, phone=f"+86171{10_000_000 + nth}",
                 at=at + rows.minutes(60, 2000))  # fmt: skip
        _run(rows, one)
        batch.append(one)
    return batch


def _reared(rows: Rows, account: str, nursery: str) -> None:
    for week in range(4):
        at = day(11, 18, 10, year=2024) + timedelta(weeks=week) + rows.minutes(0, 400)
        rows.log_in(account, nursery, at, f"203.0.113.{10 if nursery.endswith('1') else 11}")


def _run(rows: Rows, sold: Sold) -> None:
    """Log in on the operator's device, day after day, minutes after the account before."""
    for number in range(6):
        at = sold.at + timedelta(days=2 + 11 * number) + rows.minutes(0, 600)
        rows.log_in(sold.account, sold.device, at, sold.ip)


def fresh(rows: Rows, number: int, device: str) -> Sold:
    """Sell one more account, to take the place of one that was banned."""
    at = day(3, 6, 21, number)
    sold = Sold(
        f"wechat:wxid_f{number:03d}", "laohao_shop", at, device, f"198.51.100.{60 + number}"
    )
    wallet = "tenpay:700000001"
    payment = rows.pay(wallet, COLLECTS[sold.seller], 128, at - timedelta(minutes=2), memo="补号")
    _account(rows, sold.account, _nickname(400 + number), "aged", phone=f"+861703000{number:04d}")
    _reared(rows, sold.account, NURSERIES[sold.seller])
    rows.add("sales", seller=sold.seller, account=sold.account, price="128", currency="CNY", at=at,
             buyer="wechat:boss_lin", payment=payment, condition="aged")  # fmt: skip
    rows.add("rebinds", account=sold.account, phone=f"+861713000{number:04d}",
             at=at + rows.minutes(60, 900))  # fmt: skip
    for later in range(3):
        when = at + timedelta(days=1 + later) + rows.minutes(0, 300)
        rows.log_in(sold.account, device, when, sold.ip)
    return sold


def _sham_seller(rows: Rows) -> None:
    """List accounts at a low price, take ten to a hundred yuan from each buyer, sell nothing."""
    rows.add("sellers", seller=SHAM, name="便宜微信号", collects_at=SHAM_COLLECTS)
    for number, yuan in enumerate(CHEATED):
        rows.add("listings", seller=SHAM, account=f"wechat:wxid_sham{number:02d}",
                 price=str(yuan), currency="CNY", at=day(2, 1, 9, number))  # fmt: skip
        wallet = f"tenpay:8000{number:05d}"
        _account(rows, f"wechat:buyer{number:02d}", f"买家{number}", "verified", bound=wallet)
        rows.pay(wallet, SHAM_COLLECTS, yuan, day(2, 3 + number, 19, number), memo="买号")


def _account(
    rows: Rows, account: str, name: str, kind: str, *, phone: str = "", bound: str = ""
) -> None:
    registered = day(1, 1, year=2023) if kind != "new" else day(11, 10, year=2024)
    rows.add("accounts", account=account, name=name, kind=kind, registered_at=registered,
             phone=phone, bound_account=bound, status="active")  # fmt: skip


def _nickname(number: int) -> str:
    first, second = "春夏秋冬晨暮云月江山", "风雨雪花鸟鱼竹石松梅"
    return f"{first[number % 10]}{second[number // 10 % 10]}{number}"
