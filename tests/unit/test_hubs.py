"""Hubs are told by known names and by degree, whatever the order of the rows."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from graphdb.casework.proving import read_given
from graphdb.errors import InputRefused
from graphdb.identity import HubRules, Joins, hub_rows, hubs_of

Row = dict[str, str]
AT = "2025-03-01T10:00:00+08:00"
RULES = HubRules.standard()


def hubs(rules: HubRules = RULES, **tables: Sequence[Row]) -> dict[str, tuple[str, str]]:
    found = hubs_of(hub_rows(list(read_given(tables))), Joins(), rules)
    return {id_: (hub, rule) for _, id_, hub, rule in found.iter_rows()}


def paid(payers: int, payee: str, kind: str, *, start: int = 0) -> list[Row]:
    return [
        {"payment": f"{payee}-{kind}-{n}", "from_account": f"bank:{start + n}", "at": AT,
         "to_account": payee, "amount": "5", "kind": kind}
        for n in range(payers)
    ]  # fmt: skip


def test_a_shop_has_many_payers_of_purchases() -> None:
    assert hubs(payments=paid(30, "bank:shop", "purchase")) == {
        "bank:shop": ("merchant", "30 payers of purchases (from 30)")
    }
    assert hubs(payments=paid(29, "bank:shop", "purchase")) == {}


def test_a_collector_of_transfers_is_no_shop() -> None:
    mixed = paid(30, "bank:m", "purchase") + paid(40, "bank:m", "transfer", start=100)
    assert hubs(payments=mixed) == {}


def test_a_name_of_a_payment_company_makes_a_platform_and_a_nickname_does_not() -> None:
    accounts = [
        {"account": "bank:1", "holder_name": "财付通支付科技有限公司"},
        {"account": "bank:2", "holder_name": "待清算商户款"},
        {"account": "wechat:3", "name": "财付通"},
    ]
    assert hubs(accounts=accounts) == {
        "bank:1": ("platform", "known name '财付通支付科技有限公司'"),
        "bank:2": ("clearing", "known name '待清算商户款'"),
    }


def test_an_account_that_a_report_names_or_that_was_sold_is_no_hub() -> None:
    accounts = [{"account": f"bank:{n}", "holder_name": "支付宝"} for n in (1, 2, 3)]
    reports = [{"report": "r1", "person": "v", "names": "bank:1"}]
    sales = [{"seller": "s", "account": "bank:2", "at": AT}]
    assert [*hubs(accounts=accounts, reports=reports, sales=sales)] == ["bank:3"]


def test_a_cash_machine_is_paid_in_cash_only_by_two_who_also_do_other_things() -> None:
    wages = [{"payment": f"w{n}", "from_account": "bank:boss", "to_account": f"bank:{n}",
              "amount": "9", "at": AT, "kind": "transfer"} for n in range(3)]  # fmt: skip
    drawn = paid(2, "bank:atm", "cash")
    assert hubs(payments=wages + drawn) == {"bank:atm": ("cash", "2 payers, all in cash (from 2)")}
    paid_in = [{**row, "from_account": row["to_account"], "to_account": "bank:saver"}
               for row in paid(1, "bank:atm1", "cash") + paid(1, "bank:atm2", "cash")]  # fmt: skip
    assert "bank:saver" not in hubs(payments=wages + paid_in)


def test_an_address_is_public_by_devices_so_a_farm_is_none() -> None:
    cafe = [{"account": f"qq:{n}", "device": f"d{n}", "ip": "192.0.2.1", "at": AT}
            for n in range(50)]  # fmt: skip
    farm = [{"account": f"qq:f{n}", "device": f"f{n % 4}", "ip": "192.0.2.2", "at": AT}
            for n in range(200)]  # fmt: skip
    assert hubs(logins=cafe + farm) == {
        "ip:192.0.2.1": ("public", "50 devices behind the address (from 50)")
    }


def test_a_group_of_five_hundred_is_no_hub_and_one_more_makes_it_one() -> None:
    members = [{"group": "g1", "account": f"qq:{n}"} for n in range(501)]
    assert hubs(members=members[:500]) == {}
    assert hubs(members=members) == {"qq-group:g1": ("huge", "501 members (from 501)")}


def test_the_order_of_the_rows_changes_nothing() -> None:
    payments = [
        *paid(30, "bank:shop", "purchase"),
        *paid(3, "bank:atm", "cash"),
        *paid(1005, "bank:platform", "transfer"),
    ]
    accounts = [{"account": "bank:1", "holder_name": n} for n in ("支付宝", "财付通", "现金")]
    first = hubs(payments=payments, accounts=accounts)
    assert {hub for hub, _ in first.values()} == {"merchant", "platform", "cash"}
    chance = Random(3)  # noqa: S311
    for _ in range(5):
        chance.shuffle(payments)
        chance.shuffle(accounts)
        assert hubs(payments=payments, accounts=accounts) == first


def test_a_case_adds_its_own_hubs_and_says_what_is_none(tmp_path: Path) -> None:
    table = tmp_path / "hubs.toml"
    assert RULES.with_table(table) == RULES
    table.write_text(
        'never = ["bank:shop"]\n[degree]\nplatform_partners = 31\n'
        '[[known]]\nhub = "clearing"\nids = ["bank:9"]\n',
        encoding="utf-8",
    )
    payments = paid(30, "bank:shop", "purchase") + paid(31, "bank:p", "transfer")
    found = hubs(RULES.with_table(table), payments=payments)
    assert found == {
        "bank:9": ("clearing", "known id"),
        "bank:p": ("platform", "31 partners (from 31)"),
    }


@pytest.mark.parametrize(
    "text", ["nver = []", "[degree]\nshops = 3", '[[known]]\nhub = "bank"', "[[known]]", "x = ="]
)
def test_a_table_with_something_unknown_is_refused(tmp_path: Path, text: str) -> None:
    table = tmp_path / "hubs.toml"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(InputRefused, match="table of hubs"):
        RULES.with_table(table)
