"""Showing an entity: how papers write it and by which rule, what is one with it, and why."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from graphdb.case import Case
from graphdb.errors import WrongUsage
from tests.contract.test_same import ALIAS, HEAD, PAYEE, PAYER, A, B, written

CARD = "bank:6222020000000001"
EQUAL = "equal to the id as it is written"
GROUPED = "blanks and hyphens between the digits of a card are left out"
FROM_ROW = "the row, its file or the officer says that the platform is bank"
TIDIED = "blanks, tabs, invisible characters and a guarding apostrophe around it are left out"
HOLDER = "11010119900307123X"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    made = Case.create(tmp_path / "case")
    yield made
    made.close()


def forms(case: Case, entity: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {one.text: (one.rule, one.places) for one in case.show(entity).written}


def test_each_form_of_an_account_has_its_places_and_its_rule(case: Case, tmp_path: Path) -> None:
    register = (
        "account,platform,name\n"
        f"{CARD},,a\n6222 0200 0000 0001,银行,b\n6222020000000001\t,bank,c\n"
        "银行：6222-0200-0000-0001,,d\nbank:６２２２０２０００００００００１,,e\n"
    )
    case.add(written(tmp_path / "in", register=register))
    told = forms(case, CARD)
    assert told == {
        CARD: (EQUAL, ("E01:2",)),
        "6222 0200 0000 0001": (f"{FROM_ROW}; {GROUPED}", ("E01:3",)),
        "6222020000000001\t": (f"{TIDIED}; {FROM_ROW}", ("E01:4",)),
        "银行：6222-0200-0000-0001": (
            f"the platform '银行' is called bank; {GROUPED}",
            ("E01:5",),
        ),
        "bank:６２２２０２０００００００００１": (
            "full-width characters are written in half width",
            ("E01:6",),
        ),
    }


def test_persons_and_telephones_are_shown_in_their_forms(case: Case, tmp_path: Path) -> None:
    register = (
        f"account,holder,phone\nqq:100001,{HOLDER},0086 170-0000-0001\n"
        f"qq:100002,{HOLDER.lower()},17000000001.0\n"
    )
    case.add(written(tmp_path / "in", register=register))
    capital = "the check digit of an identity number is a capital X"
    assert forms(case, f"person:{HOLDER}")[HOLDER.lower()] == (capital, ("E01:3",))
    mobile = "blanks, hyphens and brackets are left out, a mainland mobile number has +86"
    assert forms(case, "phone:+8617000000001") == {
        "0086 170-0000-0001": (mobile, ("E01:2",)),
        "17000000001.0": (
            f"the .0 that a spreadsheet puts behind a number is left out; {mobile}",
            ("E01:3",),
        ),
    }


def test_an_address_is_shown_in_its_forms(case: Case, tmp_path: Path) -> None:
    logins = "account,ip,at\nqq:100001,2001:DB8::1,2025-03-01T10:00:00Z\n"
    case.add(written(tmp_path / "in", logins=logins))
    small = "an address is written in small letters"
    assert forms(case, "ip:2001:DB8::1") == {"2001:DB8::1": (small, ("E01:2",))}


def test_an_entity_is_found_by_another_spelling(case: Case, tmp_path: Path) -> None:
    case.add(written(tmp_path / "in", register=f"account,phone\n{CARD},17000000001\n"))
    assert case.show("BANK:6222 0200 0000 0001").entity.id == CARD
    assert case.show("phone:0086 170-0000-0001").entity.id == "phone:+8617000000001"


def test_a_short_number_is_not_looked_for_among_amounts(case: Case, tmp_path: Path) -> None:
    paid = "payment,from_account,to_account,amount,at\n100,bank:100,bank:7,100,2025-03-01\n"
    case.add(written(tmp_path / "in", paid=paid.replace("03-01", "03-01T10:00:00Z")))
    assert forms(case, "bank:100") == {"bank:100": (EQUAL, ("E01:2",))}


def test_a_masked_number_is_told_to_be_known_in_its_paper_only(case: Case, tmp_path: Path) -> None:
    case.add(written(tmp_path / "in", payer=HEAD + PAYER))
    rule, places = forms(case, ALIAS)["6222******0002"]
    assert rule.endswith("partly hidden or rounded, is known in its own paper only")
    assert places == ("E01:2", "E01:3")


def test_a_payment_is_found_by_the_number_of_its_paper_and_shows_both_papers(
    case: Case, tmp_path: Path
) -> None:
    papers = {name: HEAD + text.replace(",L1", ",LONG-1").replace(",M1", ",MUCH-1")
              for name, text in (("payer", PAYER), ("payee", PAYEE))}  # fmt: skip
    case.add(written(tmp_path / "in", **papers))
    by_payer, by_payee = case.show("payment:LONG-1"), case.show("payment:MUCH-1")
    assert by_payer.entity == by_payee.entity
    (other,) = by_payer.joined
    assert {by_payer.entity.id, other.id} == {one.id for one in by_payer.written}
    assert other.why == "E01:2 and E02:2: equal amount, 30 s apart, 5 points for the accounts"
    found = {one.text: (one.rule, one.places) for one in by_payer.written}
    digest = "a digest of the row parts it from other payments of that number"
    assert {text: places for text, (rule, places) in found.items() if rule == digest} == {
        "LONG-1": ("E01:2",),
        "MUCH-1": ("E02:2",),
    }
    assert {one.place for one in by_payer.sources} == {"E01:2", "E02:2"}


def test_of_a_number_that_several_payments_have_each_is_named(case: Case, tmp_path: Path) -> None:
    case.add(written(tmp_path / "in", payer=HEAD + PAYER.replace(",L2", ",L1")))
    with pytest.raises(WrongUsage, match="2 payments have the number of 'payment:L1'") as refused:
        case.show("payment:L1")
    named = str(refused.value.fix).removeprefix("name one of them: ").split(", ")
    assert [case.show(one).entity.id for one in named] == named


def test_what_an_officer_confirmed_is_shown_with_who_when_and_why(
    case: Case, tmp_path: Path
) -> None:
    case.add(written(tmp_path / "in", payer=HEAD + PAYER, payee=HEAD + PAYEE))
    assert case.show(B).joined == ()
    case.decide("confirm", ALIAS, B, reason="same card", by="Li")
    for name in (ALIAS, B):
        shown = case.show(name)
        (one,) = shown.joined
        assert (shown.entity.id, one.id) == (B, ALIAS)
        assert one.why.startswith(f"confirmed as one with {B} by Li at 20")
        assert one.why.endswith(": same card")
        assert {(form.id, form.text) for form in shown.written} == {
            (B, B.partition(":")[2]),
            (ALIAS, "6222******0002"),
        }
    case.decide("undo", ALIAS, B, by="Li")
    assert case.show(ALIAS).joined == ()


def test_the_command_prints_and_gives_json_of_the_same(case: Case, tmp_path: Path) -> None:
    case.add(written(tmp_path / "in", payer=HEAD + PAYER, payee=HEAD + PAYEE))
    case.decide("confirm", ALIAS, B, reason="same card", by="Li")
    case.close()
    words = ["show", ALIAS, "--case", str(case.folder)]
    told = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert [one["id"] for one in told["joined"]] == [ALIAS]
    assert {"id", "text", "rule", "places"} == set(told["written"][0])
    printed = CliRunner().invoke(app, words, env={"COLUMNS": "300"}).output
    assert f"{ALIAS} is {B} here." in printed
    for form in told["written"]:
        assert form["text"] in printed
        assert form["rule"] in printed
    assert "confirmed as one with" in printed


def test_the_number_that_a_format_takes_out_of_a_cell_is_told(case: Case, tmp_path: Path) -> None:
    rows = f"payment,from_account,to_account,amount,at,memo\np1,{A},{B},1,2025-03-01T10:00:00Z,"
    case.add(written(tmp_path / "in", paid=f"{rows}pays {A} again\n"))
    assert set(forms(case, A)) == {A}
    report = "report,person,loss,currency,at,names\n77777,1,5,CNY,2025-03-02T10:00:00Z,"
    case.add(written(tmp_path / "more", reports=f"{report}{A}; {B}\n"))
    assert forms(case, A)[f"{A}; {B}"] == (
        "the format takes the number out of a cell that says more",
        ("E02:2",),
    )
