"""Every pack has a time window and a limit to its work, and never answers in part."""

from datetime import timedelta
from typing import Final

import pytest

from graphdb.packs import Pack, load_packs
from graphdb.trace import WALKS
from tests.packs.conftest import Crowd

PACKS: Final = load_packs()
BEFORE: Final = {"until": "1990-01-01T00:00:00Z"}
AROUND: Final = {"since": "1990-01-01T00:00:00Z", "until": "2090-01-01T00:00:00Z"}
# What these find does not rest on the records in the window alone.
UNDATED: Final = {
    "case/cross_case": "what two reports name counts whatever was paid",
    "case/single_source": "an account that was sold or named counts by all rows about it",
    "victims/loss_reconciliation": "a report is compared also where no payment is in the window",
}


def packs(pack: Pack) -> str:
    return pack.id


@pytest.mark.parametrize("pack", PACKS, ids=packs)
def test_a_pack_has_a_window_that_is_open_by_default(pack: Pack) -> None:
    for side in ("since", "until"):
        assert pack.parameters[side].type == "time"
        assert pack.parameters[side].default is None


@pytest.mark.parametrize("pack", PACKS, ids=packs)
def test_nothing_is_found_in_a_window_before_all_records(pack: Pack, embedded: Crowd) -> None:
    found = embedded.ask(pack, BEFORE).findings
    assert bool(found) == (pack.id in UNDATED)


@pytest.mark.parametrize("pack", PACKS, ids=packs)
def test_a_window_around_all_records_changes_nothing(pack: Pack, embedded: Crowd) -> None:
    assert embedded.ask(pack, AROUND).findings == embedded.answers[pack.id].findings


@pytest.mark.parametrize("pack", PACKS, ids=packs)
def test_a_pack_at_its_limit_says_so_and_gives_no_part(pack: Pack, embedded: Crowd) -> None:
    answer = embedded.ask(pack, limit=timedelta(milliseconds=1))
    if answer.not_run is None:  # it was done in time
        assert answer.findings == embedded.answers[pack.id].findings
    else:
        assert answer.not_run.startswith("not finished: the query took longer than 0.001 s")
        assert answer.findings == ()


@pytest.mark.parametrize("pack", [pack for pack in PACKS if pack.walk], ids=packs)
def test_a_pack_that_walks_has_a_limit_to_its_steps(pack: Pack, embedded: Crowd) -> None:
    (walk,) = (walk for walk in WALKS if walk.name == pack.walk)
    assert "work" in walk.takes
    assert pack.parameters["work"].default
    answer = embedded.ask(pack, {"work": "1"})
    assert answer.not_run is not None
    assert answer.not_run.startswith("not finished: more than 1 steps")
    assert answer.findings == ()
