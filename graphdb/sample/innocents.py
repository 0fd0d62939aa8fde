"""The innocents: people who look a little like the guilty and are not.

They make the sample case honest, and they are the city in which packs are proved: every hit among
them must be a known one.
"""

from datetime import timedelta

from graphdb.sample.rows import Rows, day

TABLET, BENCH = "d-tablet", "d-shop-bench"
CAFE_IP, DORM_IP = "192.0.2.80", "192.0.2.90"
MERCHANT = "wechat:shop_yunduan"
EMPLOYER = "bank:6200000000009001"
LANDLORD = "wechat:wxid_landlord"
HOBBY_GROUP, HIKING_GROUP = "wechat-group:77001", "wechat-group:77002"
_GREETINGS = ("周末去爬山吗", "新年快乐", "谁有多余的鱼竿", "拍到一只翠鸟", "明天八点集合")


def tell(rows: Rows, people: int) -> None:
    """Tell the ordinary life of that many people, and of a few places they share."""
    accounts = [_person(rows, number) for number in range(people)]
    _pay_each_other(rows, accounts)
    _merchant(rows, accounts[: people * 2 // 3])
    _family(rows)
    _cafe(rows)
    _phone_shop(rows)
    _hobby_groups(rows, accounts)
    _payroll(rows)
    _landlord(rows, accounts[:12])
    _dormitory(rows)


def _person(rows: Rows, number: int) -> str:
    account = f"wechat:wxid_o{number:04d}"
    rows.add("accounts", account=account, name=f"居民{number}", kind="verified",
             registered_at=day(1 + number % 12, 1 + number % 28, year=2012 + number % 10),
             phone=f"+86173{10_000_000 + number}", bound_account="", status="active")  # fmt: skip
    for month in range(5):
        at = day(1 + month, 3 + number % 20, 7) + rows.minutes(0, 900)
        rows.log_in(account, f"d-o{number:04d}", at, f"2001:db8::{number + 1:x}")
    return account


def _pay_each_other(rows: Rows, accounts: list[str]) -> None:
    for number, account in enumerate(accounts):
        friends = [accounts[(number + step) % len(accounts)] for step in (1, 2, 7, 20)]
        for friend in friends:
            at = day(1, 2, 8) + timedelta(days=rows.chance.randint(0, 140)) + rows.minutes(0, 800)
            kind = rows.chance.choice(("transfer", "red_packet", "transfer"))
            rows.pay(account, friend, rows.chance.randint(5, 900), at, kind, memo="饭钱")


def _merchant(rows: Rows, customers: list[str]) -> None:
    rows.add("accounts", account=MERCHANT, name="云端小超市", kind="verified",
             registered_at=day(3, 1, year=2018), phone="", bound_account="",
             status="active")  # fmt: skip
    for number, customer in enumerate(customers):
        for visit in range(1 + number % 3):
            at = day(1, 5, 9) + timedelta(days=rows.chance.randint(0, 140)) + rows.minutes(0, 700)
            rows.pay(customer, MERCHANT, rows.chance.randint(300, 15_000) / 100, at, "purchase",
                     memo=f"商品{visit}")  # fmt: skip


def _family(rows: Rows) -> None:
    """Four members of a family on one tablet, for months."""
    for number in range(4):
        account = f"wechat:wxid_family{number}"
        for week in range(16):
            at = day(1, 4, 18) + timedelta(weeks=week) + rows.minutes(0, 240)
            rows.log_in(account, TABLET, at, "2001:db8:fa::1", "tablet")


def _cafe(rows: Rows) -> None:
    """An internet cafe: many guests, ten machines, one address."""
    for number in range(28):
        for visit in range(3):
            at = day(2, 1 + visit * 7, 20) + rows.minutes(0, 300)
            rows.log_in(f"qq:10000{number:03d}", f"d-cafe-{number % 10}", at, CAFE_IP, "computer")


def _phone_shop(rows: Rows) -> None:
    """A shop that tries each customer's account once on its bench phone."""
    for number in range(10):
        at = day(3, 1, 11) + timedelta(days=4 * number)
        rows.log_in(f"wechat:wxid_cust{number}", BENCH, at, "2001:db8:5b::1")


def _hobby_groups(rows: Rows, accounts: list[str]) -> None:
    """A birdwatchers' group of sixty, and a hiking group that shares thirty-five of them."""
    hikers = [*accounts[25:60], *accounts[60:80]]
    for group, name, members in (
        (HOBBY_GROUP, "翠鸟观察", accounts[:60]),
        (HIKING_GROUP, "周末徒步", hikers),
    ):
        for number, account in enumerate(members):
            joined = day(1, 1, 12, year=2022) + timedelta(days=9 * number)
            rows.add("members", group=group, account=account, joined_at=joined, left_at="",
                     role="owner" if number == 0 else "member", invited_by="",
                     group_name=name, group_created_at=day(1, 1, 10, year=2022))  # fmt: skip
            if number % 3 == 0:
                at = day(3, 1, 20) + timedelta(days=number)
                text = _GREETINGS[number % len(_GREETINGS)]
                rows.add("messages", group=group, account=account, at=at, text=text)


def _payroll(rows: Rows) -> None:
    for month in range(1, 6):
        for number in range(40):
            staff = f"bank:62000000000080{number:02d}"
            rows.pay(EMPLOYER, staff, 5_000 + 100 * (number % 9), day(month, 10, 10, number),
                     memo="工资")  # fmt: skip


def _landlord(rows: Rows, tenants: list[str]) -> None:
    for month in range(1, 6):
        for number, tenant in enumerate(tenants):
            rows.pay(tenant, LANDLORD, 1_800 + 50 * number, day(month, 1, 9, number), memo="房租")


def _dormitory(rows: Rows) -> None:
    """Eighteen students, each with a phone, behind one address."""
    for number in range(18):
        for week in range(6):
            at = day(3, 3, 22) + timedelta(weeks=week) + rows.minutes(0, 90)
            rows.log_in(f"qq:20000{number:03d}", f"d-dorm-{number}", at, DORM_IP)
