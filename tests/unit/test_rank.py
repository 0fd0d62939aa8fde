"""Findings are ranked by a score whose every part is a reason, grouped by entity."""

from dataclasses import replace

from graphdb.model import Finding
from graphdb.packs import Answer, load_packs, rank, reasons_of, weights

(DEVICES,) = load_packs(["devices/many_accounts_one_device"])
(RECEIVERS,) = load_packs(["money/first_receivers"])
DEVICE = Finding(
    pack=DEVICES.id,
    level="lead",
    key="device:d1",
    values={"device": "device:d1"},
    evidence=("E01:2",),
    nodes=(("Device", "device:d1"), ("Account", "wechat:a1")),
    innocents=DEVICES.innocents,
)
RECEIVER = Finding(
    pack=RECEIVERS.id,
    level="indicator",
    key="bank:m1 / CNY",
    values={"sum_minor": 2_000_000, "currency": "CNY", "victims": ["person:v"]},
    evidence=("E01:2", "E02/1:9"),
    nodes=(("Account", "bank:m1"), ("Person", "person:v"), ("Payment", "payment:p1")),
    innocents=RECEIVERS.innocents,
)


def answers(*found: Finding) -> list[Answer]:
    of = {DEVICES.id: DEVICES, RECEIVERS.id: RECEIVERS}
    return [Answer(of[one.pack], {}, (one,)) for one in found]


def test_a_score_is_the_sum_of_reasons_that_each_say_what_they_stand_for() -> None:
    reasons = {reason.part: reason for reason in reasons_of([(RECEIVERS, RECEIVER)])}
    assert {part: reason.points for part, reason in reasons.items()} == {
        "level": 20, "sum": 10, "people": 3, "unseparable": -3,
    }  # fmt: skip
    assert reasons["sum"].says == "the largest sum is CNY 20,000.00"
    (one,) = rank(answers(RECEIVER))
    assert one.score == 30 == sum(reason.points for reason in one.reasons)


def test_one_exhibit_alone_counts_against_a_finding_and_names_it() -> None:
    reasons = {reason.part: reason for reason in reasons_of([(DEVICES, DEVICE)])}
    assert (reasons["sources"].points, reasons["sources"].says) == (-10, "it rests on E01 alone")


def test_what_several_areas_name_stands_first() -> None:
    also = replace(RECEIVER, key="device:d1", nodes=(("Device", "device:d1"),))
    ranked = rank(
        answers(DEVICE, also, replace(DEVICE, key="device:d2", nodes=(("Device", "device:d2"),)))
    )
    assert [one.entity for one in ranked] == ["device:d1", "device:d2"]
    assert "named in 2 areas: devices, money" in [reason.says for reason in ranked[0].reasons]


def test_a_finding_stands_under_the_entities_of_its_key_with_its_innocent_explanations() -> None:
    (one,) = rank(answers(DEVICE))
    assert (one.label, one.entity, one.findings) == ("Device", "device:d1", (DEVICE,))
    assert one.innocents == DEVICES.innocents
    assert all(innocent.check for innocent in one.innocents)


def test_a_victim_is_said_to_be_one() -> None:
    victim = replace(RECEIVER, key="person:v", values={**RECEIVER.values, "victim": "person:v"})
    (one,) = rank(answers(victim))
    assert (one.entity, one.is_victim) == ("person:v", True)
    assert not rank(answers(DEVICE))[0].is_victim


def test_the_order_of_the_answers_changes_nothing() -> None:
    one, two = answers(DEVICE, RECEIVER)
    assert rank([one, two]) == rank([two, one])


def test_every_part_of_the_table_says_its_sense() -> None:
    table = weights()
    assert {reason.part for reason in reasons_of([(RECEIVERS, RECEIVER)])} <= set(table)
    assert all(len(part["says"]) > 20 for part in table.values())
