"""One payment seen from two sides: what the rule joins, what it leaves apart, what it lists."""

from datetime import UTC, datetime, timedelta

import polars as pl

from graphdb.identity.two_sides import Matching, match_payments

TEN = datetime(2025, 3, 1, 10, tzinfo=UTC)
A, B = "bank:6222020000000000001", "bank:6222020000000000002"


def papers(*rows: tuple[str, str, str, str, int], **names: str) -> pl.DataFrame:
    """Rows of (exhibit, number, payer, payee, seconds after ten), all of 100 yuan."""
    return pl.DataFrame(
        {
            "exhibit": [row[0] for row in rows],
            "row": list(range(2, 2 + len(rows))),
            "payment": [row[1] for row in rows],
            "from_account": [row[2] for row in rows],
            "to_account": [row[3] for row in rows],
            "amount_minor": [10_000] * len(rows),
            "currency": ["CNY"] * len(rows),
            "at": [TEN + timedelta(seconds=row[4]) for row in rows],
            "from_name": [names.get(f"from_{row[1]}") for row in rows],
            "to_name": [names.get(f"to_{row[1]}") for row in rows],
            "reference": [None] * len(rows),
        },
        schema_overrides={
            "from_name": pl.String, "to_name": pl.String, "at": pl.Datetime("ms", "UTC"),
            "reference": pl.String,
        },
    )  # fmt: skip


def joined(found: Matching) -> dict[str, tuple[str, str, str]]:
    return {
        number: (into, payer, payee) for number, into, payer, payee, _ in found.joined.iter_rows()
    }


def test_a_mask_that_fits_joins_and_the_numbers_stand() -> None:
    found = match_payments(
        papers(("E01", "L1", A, f"{A}/6222******0002", 0), ("E02", "M1", A, B, 30))
    )
    assert joined(found) == {"L1": ("L1", A, B), "M1": ("L1", A, B)}


def test_one_side_alone_needs_two_minutes() -> None:
    near = papers(("E01", "L1", A, f"{A}/?", 0), ("E02", "M1", A, B, 119))
    far = papers(("E01", "L1", A, f"{A}/?", 0), ("E02", "M1", A, B, 121))
    assert len(joined(match_payments(near))) == 2
    assert joined(match_payments(far)) == {}


def test_both_sides_may_lie_ten_minutes_apart_and_no_more() -> None:
    assert (
        len(joined(match_payments(papers(("E01", "L1", A, B, 0), ("E02", "M1", A, B, 600))))) == 2
    )
    assert joined(match_payments(papers(("E01", "L1", A, B, 0), ("E02", "M1", A, B, 601)))) == {}


def test_equal_payments_of_one_paper_stay_two() -> None:
    assert joined(match_payments(papers(("E01", "L1", A, B, 0), ("E01", "L2", A, B, 0)))) == {}


def test_what_fits_several_stays_apart_and_is_listed() -> None:
    rows = papers(
        ("E01", "L1", A, f"{A}/?", 0), ("E01", "L2", A, f"{A}/?", 60), ("E02", "M1", A, B, 30)
    )
    found = match_payments(rows)
    assert joined(found) == {}
    assert [row[:2] for row in found.doubtful.iter_rows()] == [("L1", "M1"), ("L2", "M1")]
    chosen = match_payments(rows, confirmed=[("payment:L2", "payment:M1")])
    assert joined(chosen)["M1"] == ("L2", A, B)
    parted = match_payments(rows, rejected=[("payment:L2", "payment:M1")])
    assert joined(parted)["M1"] == ("L1", A, B)


def test_two_different_numbers_or_names_on_one_side_never_match() -> None:
    other = "bank:6222020000000000003"
    assert joined(match_payments(papers(("E01", "L1", A, B, 0), ("E02", "M1", A, other, 0)))) == {}
    wrong = papers(("E01", "L1", A, f"{A}/6222******0009", 0), ("E02", "M1", A, B, 0))
    assert joined(match_payments(wrong)) == {}
    names = papers(("E01", "L1", A, f"{A}/王某", 0), ("E02", "M1", A, B, 0), to_M1="李某")
    assert joined(match_payments(names)) == {}


def test_equal_names_on_both_sides_are_not_enough_and_with_a_number_are() -> None:
    rows = papers(("E01", "L1", A, f"{A}/李某", 0), ("E02", "M1", A, B, 500), to_M1="李某")
    assert joined(match_payments(rows))["M1"] == ("L1", A, B)


def test_an_equal_number_joins_across_a_day_unless_it_contradicts() -> None:
    digest = "N1.0123456789abcdef"
    rows = papers(("E01", digest, "alipay:a", "alipay:a/店", 0), ("E02", "N1", "alipay:a",
                  "alipay:b", 3600))  # fmt: skip
    assert joined(match_payments(rows))["N1"] == (digest, "alipay:a", "alipay:b")
    apart = papers(("E01", digest, "alipay:a", "alipay:c", 0), ("E02", "N1", "alipay:a",
                   "alipay:b", 3600))  # fmt: skip
    assert joined(match_payments(apart)) == {}


def test_three_papers_of_one_payment_are_one() -> None:
    rows = papers(("E01", "L1", A, B, 0), ("E02", "M1", A, B, 5), ("E03", "N1", A, f"{A}/?", 9))
    assert {into for into, _, _ in joined(match_payments(rows)).values()} == {"L1"}
    assert len(joined(match_payments(rows))) == 3


def test_what_was_said_to_be_two_is_not_joined_by_a_third_paper() -> None:
    rows = papers(("E01", "L1", A, B, 0), ("E02", "M1", A, B, 5), ("E03", "N1", A, B, 9))
    two = ("payment:L1", "payment:N1")
    found = match_payments(rows, rejected=[two])
    assert joined(found) == {}
    assert [row[:2] for row in found.doubtful.iter_rows()] == [("L1", "M1"), ("M1", "N1")]
    chosen = match_payments(rows, rejected=[two], confirmed=[("payment:M1", "payment:N1")])
    assert set(joined(chosen)) == {"M1", "N1"}


def test_what_was_confirmed_is_listed_no_more_and_nor_is_what_it_rules_out() -> None:
    rows = papers(("E01", "L9", A, B, 0), ("E02", "M1", A, B, 30), ("E02", "M2", A, B, 60))
    assert match_payments(rows).doubtful.height == 2
    for pair in (("payment:L9", "payment:M1"), ("payment:M1", "payment:L9")):
        found = match_payments(rows, confirmed=[pair])
        assert set(joined(found)) == {"L9", "M1"}
        assert found.doubtful.is_empty()


def test_a_reason_names_the_two_rows() -> None:
    found = match_payments(papers(("E01", "L1", A, B, 0), ("E02", "M1", A, B, 5)))
    assert set(found.joined["why"]) == {
        "E01:2 and E02:3: equal amount, 5 s apart, 4 points for the accounts"
    }
