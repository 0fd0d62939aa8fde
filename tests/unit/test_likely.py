"""Likely pairs and decisions: what speaks for a pair, and what nobody may decide."""

import pytest

from graphdb.errors import WrongUsage
from graphdb.identity import Decision, Decisions, Known, Suggestion, groups_of, suggest

CARD = "bank:6222020000005669"
MASK = "bank:6222020000000001/6222******5669"


def one(found: tuple[Suggestion, ...]) -> Suggestion:
    assert len(found) == 1, found
    return found[0]


def test_a_mask_is_worth_what_it_shows_and_less_when_it_fits_several() -> None:
    alone = one(suggest([Known(CARD), Known(MASK)], (), (), (), ()))
    assert (alone.pair, alone.score) == ((MASK, CARD), 55)
    twin = "bank:6222029999995669"
    two = suggest([Known(CARD), Known(MASK), Known(twin)], (), (), (), ())
    assert [found.score for found in two] == [40, 40]
    assert any("fits 2 numbers" in words for _, words in two[0].reasons)


def test_names_of_holders_speak_for_and_against() -> None:
    same = suggest([Known(CARD, "李某"), Known(MASK, "李某")], (), (), (), ())
    other = suggest([Known(CARD, "李某"), Known(MASK, "王某")], (), (), (), ())
    assert (one(same).score, one(other).score) == (75, 15)


def test_papers_of_one_payment_speak_for_a_pair() -> None:
    known = [Known("bank:1/李某"), Known("bank:2")]
    assert one(suggest(known, (), (), (), [("bank:1/李某", "bank:2")] * 3)).score == 80


def test_a_name_on_a_bill_is_found_in_the_contacts_of_its_owner() -> None:
    known = [Known("wechat:a/老师"), Known("wechat:b"), Known("wechat:c/老师")]
    friends = [("wechat:a", "老师", "wechat:b")]
    assert one(suggest(known, (), (), friends, ())).pair == ("wechat:a/老师", "wechat:b")


def test_like_nicknames_on_one_device() -> None:
    known = [Known("qq:1", None, "黄金老师一号"), Known("qq:2", None, "黄金老师一号"),
             Known("qq:3", None, "别人")]  # fmt: skip
    used = [("qq:1", "device:d"), ("qq:2", "device:d"), ("qq:3", "device:d")]
    assert one(suggest(known, (), used, (), ())).pair == ("qq:1", "qq:2")
    crowd = [(f"qq:{n}", "device:d") for n in range(40)]
    assert suggest(known, (), crowd, (), ()) == ()


def test_identity_numbers_of_15_and_18_digits() -> None:
    old, new = "person:110101900307123", "person:110101199003071233"
    found = one(suggest((), [Known(old, "张某"), Known(new, "张某")], (), (), ()))
    assert (found.pair, found.score) == ((new, old), 95)
    assert suggest((), [Known(old, "张某"), Known(new, "王某")], (), (), ()) == ()


def test_what_was_decided_is_not_suggested_again() -> None:
    known = [Known(CARD), Known(MASK)]
    assert suggest(known, (), (), (), (), decided=[(MASK, CARD)]) == ()


def made(*told: tuple[str, str, str]) -> Decisions:
    return Decisions.of(
        Decision(verdict, (one_, two), "Li", "2025-03-01", "")  # type: ignore[arg-type]
        for verdict, one_, two in told
    )


def test_the_last_decision_about_a_pair_counts() -> None:
    told = made(("confirm", "a:1", "a:2"), ("reject", "a:1", "a:2"))
    assert (told.confirmed, told.rejected) == ((), (("a:1", "a:2"),))


@pytest.mark.parametrize(
    ("verdict", "pair", "what"),
    [
        ("confirm", ("a:1", "a:1"), "the same as itself"),
        ("confirm", ("a:1", "person:1"), "of the kind"),
        ("undo", ("a:1", "a:9"), "nothing was decided"),
        ("confirm", ("a:1", "a:3"), "were decided to be two"),
        ("reject", ("a:4", "a:6"), "other confirmed pairs"),
    ],
)
def test_a_decision_that_contradicts_others_is_refused(
    verdict: str, pair: tuple[str, str], what: str
) -> None:
    told = made(("confirm", "a:1", "a:2"), ("reject", "a:2", "a:3"), ("confirm", "a:4", "a:5"),
                ("confirm", "a:5", "a:6"))  # fmt: skip
    with pytest.raises(WrongUsage, match=what):
        told.check(verdict, pair)  # type: ignore[arg-type]


def test_a_group_is_joined_under_a_number_and_not_under_a_name() -> None:
    joined = groups_of([("qq:1/老师", "qq:9"), ("qq:9", "qq:5"), ("qq:2/x", "qq:1/老师")])
    assert set(joined.values()) == {"qq:5"}
