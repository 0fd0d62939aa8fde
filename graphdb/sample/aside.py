"""Smaller threads of the story, told last so that the numbers of the rest stay as they are."""

from datetime import timedelta

from graphdb.sample.market import DEVICES, Sold
from graphdb.sample.rows import Rows, day
from graphdb.sample.scam import EARLIER_GROUP, GROUP

SECOND_VICTIM, SECOND_REPORT = "person:zheng-007", "report:R-2025-044"
SIDE_MULE = "bank:6200000000000299"
STRAW_MAN = "person:straw-001"
_LINES = (
    "感谢老师带队，今日收益{}元已到账",
    "恭喜群友提现{}元成功，平台真靠谱",
    "跟紧老师节奏，账户又多了{}元",
)


def tell(rows: Rows, sold: list[Sold]) -> None:
    """Tell who stood behind the accounts, what the puppets said, and how it touched others."""
    _operator_shows_himself(rows)
    _one_identity(rows, sold)
    _sleepers(rows, sold)
    _rebound_again(rows, sold)
    _common_stock(rows, sold)
    _chorus(rows, sold)
    _successors(rows, sold)
    _wages(rows)
    _second_report(rows)


def _operator_shows_himself(rows: Rows) -> None:
    """The buyer once logs in with his own account on a machine of the farm."""
    rows.log_in("wechat:boss_lin", DEVICES[0], day(2, 3, 22, 10), "198.51.100.1")


def _one_identity(rows: Rows, sold: list[Sold]) -> None:
    """Five of the verified accounts stand in the name of one straw man."""
    rows.add("persons", person=STRAW_MAN.partition(":")[2], name="吴示例", role="")
    for one in sold[10:15]:
        rows.add("holdings", person=STRAW_MAN.partition(":")[2], account=one.account,
                 relation="holds", basis="recorded")  # fmt: skip


def _sleepers(rows: Rows, sold: list[Sold]) -> None:
    """Old accounts that nobody had used since the summer before wake up on the farm."""
    for number in range(3):
        account = f"wechat:wxid_old{number}"
        rows.log_in(account, f"d-old-{number}", day(6, 20, 9, number, year=2024), "203.0.113.77")
        for later in range(6):
            at = day(2, 11 + later, 13, 5 * number)
            rows.log_in(account, DEVICES[number], at, sold[number].ip)


def _rebound_again(rows: Rows, sold: list[Sold]) -> None:
    for number, one in enumerate(sold[:4]):
        rows.add("rebinds", account=one.account, phone=f"+8617140000{number:03d}",
                 at=one.at + timedelta(days=30, minutes=number))  # fmt: skip


def _common_stock(rows: Rows, sold: list[Sold]) -> None:
    """The second shop offers accounts that the first one sells, before they are sold."""
    for number, one in enumerate(sold[160:166]):
        rows.add("listings", seller="laohao_shop", account=one.account, price="138",
                 currency="CNY", at=day(1, 2, 11, number))  # fmt: skip


def _chorus(rows: Rows, sold: list[Sold]) -> None:
    """Five puppets praise the teacher within ten minutes, evening after evening, in both groups."""
    for evening in range(6):
        for voice in range(5):
            text = _LINES[evening % 3].format(800 + 130 * voice)
            for group, hour in ((GROUP, 21), (EARLIER_GROUP, 22)):
                at = day(2, 11 + evening, hour, 1 + 2 * voice)
                rows.add("messages", group=group, account=sold[5 * voice].account, at=at, text=text)


def _successors(rows: Rows, sold: list[Sold]) -> None:
    """Where three puppets fell silent, new accounts begin two days later on the same devices."""
    for number, one in enumerate(sold[:3]):
        account = f"wechat:wxid_next{number}"
        begin = one.at + timedelta(days=60, minutes=number)
        for later in range(3):
            rows.log_in(account, one.device, begin + timedelta(days=later), one.ip)
        rows.add("members", group=EARLIER_GROUP, account=account, joined_at=begin,
                 left_at="", role="member", invited_by="")  # fmt: skip


def _wages(rows: Rows) -> None:
    """An operator pays two helpers the same sum every Friday."""
    for week in range(5):
        for number in range(2):
            at = day(1, 17, 18, 3 * number) + timedelta(weeks=week)
            rows.pay("tenpay:700000002", f"wechat:wxid_staff{number}", 1_500, at, memo="周结")


def _second_report(rows: Rows) -> None:
    """A second victim, approached outside the group, whose money buys accounts."""
    person, report = SECOND_VICTIM.partition(":")[2], SECOND_REPORT.partition(":")[2]
    bank = "bank:6200000000000177"
    rows.add("persons", person=person, name="郑示例", role="")
    rows.add("holdings", person=person, account=bank, relation="holds", basis="recorded")
    rows.pay(bank, SIDE_MULE, 6_000, day(3, 4, 15, 20), memo="入金")
    rows.pay(SIDE_MULE, "tenpay:700000001", 500, day(3, 5, 21), memo="")
    rows.add("reports", report=report, person=person, loss="6000.00", currency="CNY",
             at=day(3, 8, 10), names=f"{SIDE_MULE};{GROUP}", station="示例派出所")  # fmt: skip
