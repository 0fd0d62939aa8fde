"""The scam: a group full of puppets around a few real members, and where their money goes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from graphdb.sample.market import DEVICES, Sold, fresh
from graphdb.sample.rows import Rows, day

GROUP = "wechat-group:20250125"
EARLIER_GROUP = "wechat-group:20250110"
VICTIM = "person:zhao-001"
VICTIM_CHAT, VICTIM_BANK = "wechat:wxid_zhao", "bank:6200000000000101"
VICTIM_PAYS = (("2-13", 5_000), ("2-15", 9_000), ("2-18", 15_000), ("2-20", 20_000),
               ("2-24", 15_000), ("2-26", 20_000))  # fmt: skip
LAYER_1 = tuple(f"bank:62000000000002{number:02d}" for number in (1, 2, 3))
LAYER_2 = tuple(f"bank:62000000000003{number:02d}" for number in (1, 2, 3, 4))
CASH = ("bank:ATM-0017", "bank:ATM-0032")
REPORT = "report:R-2025-031"
# Further victims who never reported: person, and what each paid.
UNREPORTED = {
    "person:qian-002": (3_000, 5_000),
    "person:sun-003": (12_000,),
    "person:li-004": (30_000,),
    "person:zhou-005": (8_000, 8_000),
    "person:wu-006": (6_500,),
}
_SCRIPT = (
    "老师今天带的单又涨了{}个点，感谢老师", "平台提现{}元秒到账，放心", "跟着老师三天赚了{}元",
    "我昨天入金{}元，今天已经翻倍", "名额只剩{}个，想跟的抓紧", "截图为证，收益{}元",
    "新手从{}元开始就行", "客服小姐姐说今晚还有{}个内部名额",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scam:
    """What happened: the victim's payments, and the puppets who were replaced."""

    victim_payments: tuple[str, ...]
    cash_payments: tuple[str, ...]
    fresh: tuple[Sold, ...]


def tell(rows: Rows, puppets: list[Sold]) -> Scam:
    """Tell how the groups were stuffed, the victims brought in and the money moved away."""
    _fill_groups(rows, puppets)
    _post(rows, puppets)
    _victims_join(rows, puppets)
    payments, cash = _pay(rows)
    rows.add("reports", report=REPORT.partition(":")[2], person=VICTIM.partition(":")[2],
             loss="84000.00", currency="CNY", at=day(3, 1, 9, 30),
             names=f"{LAYER_1[0]};{GROUP}", station="示例派出所")  # fmt: skip
    return Scam(payments, cash, _penalise(rows, puppets))


def _fill_groups(rows: Rows, puppets: list[Sold]) -> None:
    for number, puppet in enumerate(puppets):
        role = "owner" if number == 0 else "admin" if number < 4 else "member"
        if number % 5 < 3:
            _join(rows, EARLIER_GROUP, puppet.account, puppet.at + timedelta(days=3), role)
        at = day(1, 25, 10) + timedelta(minutes=13 * number)
        inviter = puppets[0].account if number else ""
        _join(rows, GROUP, puppet.account, max(at, puppet.at + timedelta(days=4)), role, inviter)


def _join(
    rows: Rows, group: str, account: str, at: datetime, role: str = "member", inviter: str = ""
) -> None:
    names = {GROUP: "财富交流二群", EARLIER_GROUP: "财富交流一群"}
    created = {GROUP: day(1, 25, 9), EARLIER_GROUP: day(1, 8, 9)}
    rows.add("members", group=group, account=account, joined_at=at, left_at="", role=role,
             invited_by=inviter, group_name=names[group],
             group_created_at=created[group])  # fmt: skip


def _post(rows: Rows, puppets: list[Sold]) -> None:
    for date in range(20):
        for turn in range(15):
            puppet = puppets[(date * 15 + turn * 7) % 120]
            text = _SCRIPT[(date + turn) % len(_SCRIPT)].format(rows.chance.randint(2, 90) * 100)
            at = day(2, 10, 19) + timedelta(days=date, minutes=3 * turn)
            rows.add("messages", group=GROUP, account=puppet.account, at=at, text=text)


def _victims_join(rows: Rows, puppets: list[Sold]) -> None:
    people = {VICTIM: ("赵示例", VICTIM_CHAT, VICTIM_BANK, "victim")}
    for number, person in enumerate(UNREPORTED, start=2):
        chat, bank = f"wechat:wxid_real{number:02d}", f"bank:620000000000010{number}"
        people[person] = (f"{'钱孙李周吴'[number - 2]}示例", chat, bank, "")
    for number, (person, (name, chat, bank, role)) in enumerate(people.items()):
        key = person.partition(":")[2]
        rows.add("persons", person=key, name=name, role=role)
        for account in (chat, bank):
            rows.add("holdings", person=key, account=account, relation="holds", basis="recorded")
        rows.add("accounts", account=chat, name=f"{name[0]}先生", kind="verified",
                 registered_at=day(5, 1, year=2016), phone=f"+861720000{number:04d}",
                 bound_account="", status="active")  # fmt: skip
        for week in range(12):
            at = day(1, 6, 20) + timedelta(weeks=week) + rows.minutes(0, 200)
            rows.log_in(chat, f"d-real-{number}", at, f"2001:db8:aa::{number + 1:x}")
        inviter = puppets[1 + number].account
        _join(rows, GROUP, chat, day(2, 8, 15) + timedelta(hours=5 * number), inviter=inviter)


def _pay(rows: Rows) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Let the victims pay, and pass each payment on through two layers to the cash machine."""
    rows.pay(LAYER_1[0], VICTIM_BANK, 200, day(2, 12, 16, 5), memo="返利")
    payments, cash = [], []
    for turn, (date, yuan) in enumerate(VICTIM_PAYS):
        month, day_ = (int(part) for part in date.split("-"))
        at = day(month, day_, 14, 10 + turn)
        mule = LAYER_1[turn % 3]
        payments.append(rows.pay(VICTIM_BANK, mule, yuan, at, memo="入金"))
        cash += _pass_on(rows, mule, yuan * 100, at, turn)
    for turn, (person, sums) in enumerate(UNREPORTED.items()):
        bank = f"bank:620000000000010{turn + 2}"
        for nth, yuan in enumerate(sums):
            at = day(2, 14 + 2 * turn + nth, 10, 20 + turn)
            rows.pay(bank, LAYER_1[(turn + nth) % 3], yuan, at, memo="入金")
            _pass_on(rows, LAYER_1[(turn + nth) % 3], yuan * 100, at, turn + nth + len(person))
    return tuple(payments), tuple(cash)


def _pass_on(rows: Rows, mule: str, fen: int, at: datetime, turn: int) -> list[str]:
    """Pass 97 percent on in two parts within the hour, and each part to cash within two."""
    kept = fen * 97 // 100
    cash = []
    for part, share in enumerate((kept // 2, kept - kept // 2)):
        second = LAYER_2[(turn + 2 * part) % 4]
        later = at + rows.minutes(5, 50)
        rows.pay(mule, second, f"{share / 100:.2f}", later)
        drawn = share * 98 // 100
        out = later + rows.minutes(10, 90)
        number = rows.pay(
            second, CASH[turn % 2], f"{drawn / 100:.2f}", out, kind="cash", memo="ATM"
        )
        cash.append(number)
    return cash


def _penalise(rows: Rows, puppets: list[Sold]) -> tuple[Sold, ...]:
    """Limit some puppets, ban others, and bring fresh accounts onto the same devices."""
    stages = (("feature_limit", 40, 10), ("login_limit", 60, 8), ("ban", 80, 6))
    for kind, first, size in stages:
        for number in range(first, first + size):
            at = day(3, 3, 8, number % 60) + timedelta(days=stages.index((kind, first, size)))
            rows.add("penalties", account=puppets[number].account, kind=kind, at=at)
    newcomers = tuple(fresh(rows, number, DEVICES[number % 6]) for number in range(12))
    for one in newcomers:
        _join(rows, GROUP, one.account, one.at + timedelta(days=2), inviter=puppets[0].account)
    return newcomers
