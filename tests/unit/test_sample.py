"""The sample case is the same every time, holds what it claims, and its story adds up."""

from collections import defaultdict
from datetime import datetime
from pathlib import Path

import pytest

from graphdb.evidence import read_evidence
from graphdb.model import Batch
from graphdb.sample import Truth, clean_city, sample_truth, write_sample

Tables = dict[str, list[Batch]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder)
    return folder


@pytest.fixture(scope="module")
def truth() -> Truth:
    return sample_truth()


@pytest.fixture(scope="module")
def tables(folder: Path) -> Tables:
    found: Tables = defaultdict(list)
    for path in sorted(folder.iterdir()):
        for batch in read_evidence(path, "E01").batches:
            found[batch.table].append(batch)
    return found


def test_the_same_bytes_every_time(folder: Path, tmp_path: Path) -> None:
    write_sample(tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        path.name: path.read_bytes() for path in tmp_path.iterdir()
    }


def test_the_files_wear_the_dress_of_real_ones(folder: Path) -> None:
    payments = (folder / "交易流水.csv").read_bytes()
    assert payments.decode("gb18030").startswith("交易单号,付款账号")
    with pytest.raises(UnicodeDecodeError):
        payments.decode("utf-8")
    assert (folder / "members.xlsx").read_bytes().startswith(b"PK")
    assert (folder / "reports.csv").read_bytes().startswith(b"\xff\xfe")
    assert (folder / "sellers.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (folder / "messages.jsonl").read_text(encoding="utf-8").startswith("{")


def test_several_thousand_payments_and_logins(tables: Tables, truth: Truth) -> None:
    rows = {name: sum(batch.read for batch in batches) for name, batches in tables.items()}
    assert rows["payments"] > 3_000
    assert rows["logins"] > 6_000
    rejected = sum(len(batch.rejects) for batches in tables.values() for batch in batches)
    assert rejected == truth.rejected


def test_the_victim_pays_84000_yuan_in_several_transfers(tables: Tables, truth: Truth) -> None:
    numbers = [payment.partition(":")[2] for payment in truth.victim_payments]
    amounts = {
        number: amount
        for batch in tables["payments"]
        for number, amount in batch.frame.select("payment", "amount_minor").iter_rows()
    }
    assert len(numbers) == 6
    assert sum(amounts[number] for number in numbers) == truth.loss_minor == 8_400_000


def test_no_mule_passes_on_more_than_he_received(tables: Tables, truth: Truth) -> None:
    flows: dict[str, int] = defaultdict(int)
    seen: set[str] = set()
    for batch in tables["payments"]:
        columns = ("payment", "from_account", "to_account", "amount_minor")
        for number, payer, payee, amount in batch.frame.select(columns).iter_rows():
            if number not in seen:
                seen.add(number)
                flows[payer] -= amount
                flows[payee] += amount
    for mule in (*truth.first_receivers, *truth.second_layer):
        assert flows[mule] >= -20_000, mule  # the bait of 200 yuan came from elsewhere
    assert all(flows[cash] > 0 for cash in truth.cash)


def test_every_puppet_joined_after_it_was_sold(tables: Tables, truth: Truth) -> None:
    sold: dict[str, datetime] = {}
    for batch in tables["sales"]:
        sold |= dict(batch.frame.select("account", "at").iter_rows())
    assert set(sold) == truth.sold_accounts
    joined = tables["members"][0].frame.select("group", "account", "joined_at")
    members = {account for group, account, _ in joined.iter_rows() if group == truth.group}
    assert len(members) == 312
    assert len(members - set(sold)) == 6
    for _, account, at in joined.iter_rows():
        if account in sold:
            assert at >= sold[account], account


def test_prices_follow_the_kind_of_account(tables: Tables) -> None:
    prices = {
        (condition, price)
        for batch in tables["sales"]
        for condition, price in batch.frame.select("condition", "price_minor").iter_rows()
    }
    assert prices == {
        ("new", 5_800),
        ("aged", 12_800),
        ("semi_verified", 26_000),
        ("verified", 50_000),
    }


def test_the_city_of_innocents_holds_nobody_of_the_story(truth: Truth) -> None:
    city = clean_city()
    cells = {cell for rows in city.values() for row in rows for cell in row.values()}
    guilty = {*truth.sold_accounts, *truth.first_receivers, *truth.second_layer, truth.group}
    assert not cells & guilty
    assert "sales" not in city
    assert len(city["logins"]) > 500
