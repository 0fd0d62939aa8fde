"""Thresholds of law: dated, exact, and never a finding of guilt."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from graphdb.bundle.thresholds import (
    CAUTION_EN,
    CAUTION_ZH,
    MEASURES,
    TABLE,
    Figure,
    compare,
    read_thresholds,
)
from graphdb.case import Case
from graphdb.errors import InputRefused

LAW = read_thresholds()
ACT = date(2025, 3, 1)
DOCS = Path(__file__).parents[2] / "docs" / "thresholds.md"


def figure(measure: str, value: int, of: str = "", first: date = ACT, last: date = ACT) -> Figure:
    return Figure(of, measure, value, 1, (), first, last, ("E01:2",))


def reached(*figures: Figure, at: date | None = None) -> dict[str, bool]:
    return {one.threshold.id: one.is_reached for one in compare(figures, LAW, at)}


@pytest.mark.parametrize(
    ("minor", "large", "huge", "most"),
    [
        (2_999_99, False, False, False),
        (3_000_00, True, False, False),
        (29_999_99, True, False, False),
        (30_000_00, True, True, False),
        (500_000_00, True, True, True),
    ],
)
def test_a_figure_is_reached_to_the_fen(minor: int, large: bool, huge: bool, most: bool) -> None:
    found = reached(figure("loss", minor))
    assert [found[f"telecom_2016_{name}"] for name in ("large", "huge", "most")] == [
        large, huge, most,
    ]  # fmt: skip


def test_over_is_more_than_at_least() -> None:
    def own(minor: int) -> bool:
        day = date(2025, 8, 1)
        count = figure("own_accounts_given", 3, "p", day, day)
        return reached(count, figure("own_given_inflow", minor, "p", day, day))["helping_2025_own"]

    assert (own(300_000_00), own(300_000_01)) == (False, True)


def test_all_conditions_of_a_threshold_must_be_reached_by_one_entity() -> None:
    day = date(2025, 8, 1)
    count = figure("own_accounts_given", 2, "p", day, day)
    inflow = figure("own_given_inflow", 900_000_00, "p", day, day)
    assert reached(count, inflow) == {"helping_2025_own": False}
    assert reached(replace(count, of="q", value=9), inflow) == {}


def test_the_law_of_the_day_of_the_act_applies() -> None:
    sold = figure("accounts_given", 6, "seller:a")
    assert reached(sold, at=date(2025, 7, 27)) == {"helping_2021_accounts": True}
    assert reached(sold, at=date(2025, 7, 28)) == {}
    assert reached(figure("loss", 9_000_00), at=date(2016, 12, 19)).keys() == {
        "fraud_2011_large", "fraud_2011_huge", "fraud_2011_most",
    }  # fmt: skip
    assert reached(figure("loss", 9_000_00), at=date(2010, 1, 1)) == {}


def test_acts_that_span_a_change_of_law_stand_beside_both() -> None:
    spread = [
        figure(measure, value, "seller:a", date(2025, 7, 1), date(2025, 9, 1))
        for measure, value in (
            ("accounts_given", 6), ("accounts_sold", 6), ("sold_inflow", 400_000_00)
        )
    ]  # fmt: skip
    found = compare(spread, LAW)
    assert {one.threshold.id: str(one.day) for one in found} == {
        "helping_2021_accounts": "2025-07-27",
        "helping_2025_others": "2025-09-01",
    }


def test_every_threshold_names_instrument_article_source_and_measures_of_the_docs() -> None:
    page = DOCS.read_text(encoding="utf-8")
    for one in LAW:
        assert all((one.zh, one.en, one.instrument, one.article, one.source, one.fact))
        assert one.until is None or one.since <= one.until
    assert all(f"`{name}`" in page for name in MEASURES)
    assert "TO BE CHECKED BY COUNSEL" in TABLE.read_text(encoding="utf-8")
    assert len({one.id for one in LAW}) == len(LAW)


def test_the_example_of_the_docs_is_an_entry_of_the_table(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "own.toml"
    path.write_text(example, encoding="utf-8")
    (entry,) = read_thresholds(path)
    assert entry in LAW


@pytest.mark.parametrize(
    "text", ["", "[[threshold]]\nid = 'x'", "not toml", "[threshold]\na = 1"]
)  # fmt: skip
def test_a_broken_table_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "law.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputRefused, match="no table of thresholds"):
        read_thresholds(path)


TABLES = {
    "accounts.csv": "account,holder,holder_name\nbank:1,p1,A\nbank:2,p1,A\nbank:2,p1,A B\n",
    "payments.csv": "payment,from_account,to_account,amount,at,memo,currency\n"
    "a,bank:9,bank:1,100,2025-03-01T00:00:00Z,,CNY\n"
    "b,bank:1,bank:2,70,2025-03-01T01:00:00Z,,CNY\n"
    "c,bank:2,bank:8,60,2025-03-01T02:00:00Z,,CNY\n"
    "d,bank:8,bank:1,5,2025-03-01T03:00:00Z,佣金,CNY\n"
    "e,bank:9,bank:2,999,2025-03-01T04:00:00Z,,USD\n",
    "sales.csv": "seller,account,price,at,sale\n"
    "s,bank:1,50,2025-03-01T02:30:00Z,x1\ns,bank:1,60,2025-03-04T00:00:00Z,x2\n",
    "reports.csv": "report,person,loss,at\nr1,v,3000,2025-03-02T00:00:00Z\n"
    "r2,v,3000,2025-03-03T00:00:00Z\n",
}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("law")
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    case = Case.create(folder / "case")
    report = case.add([folder / name for name in TABLES])
    assert report.rejects == ()
    return case


def test_gross_in_gross_out_and_gain_are_three_numbers(case: Case) -> None:
    found = {(one.of, one.measure): one for one in case.figures()}
    person = {measure: one.value for (of, measure), one in found.items() if of == "person:p1"}
    # Money moved between own accounts came in once; dollars are not converted.
    assert (person["inflow"], person["outflow"], person["gain"]) == (10500, 6000, 500)
    assert person["accounts_held"] == 2
    assert all(one.evidence for one in found.values() if one.value)


def test_batch_counts_are_distinct_and_list_their_duplicates(case: Case) -> None:
    found = {(one.of, one.measure): one for one in case.figures()}
    sold = found["seller:s", "accounts_sold"]
    assert (sold.value, sold.rows, sold.duplicates) == (1, 2, ("bank:1",))
    assert found["", "loss"].value == 600_000
    assert found["", "loss"].duplicates == ("report:r1", "report:r2")
    # What came in before the sale is not counted.
    assert found["seller:s", "sold_inflow"].value == 500


def test_the_command_prints_figures_dates_and_the_caution_and_no_guilt(case: Case) -> None:
    done = CliRunner().invoke(app, ["thresholds", "--case", str(case.folder)])
    assert done.exit_code == 0, done.output
    text = re.sub(r"\s+", " ", done.stdout)
    assert CAUTION_EN in text
    assert CAUTION_ZH in text
    assert "told more than once" in text
    # The word stands only where it is denied.
    assert "guilt" not in text.replace(CAUTION_EN, "")
    assert "构成犯罪" not in text.replace(CAUTION_ZH, "")
