"""What a question becomes once its values are known, and that its answer stays the same."""

from collections.abc import Mapping

import pytest

from graphdb.identity import resolve
from graphdb.model import Cell, Rows
from graphdb.packs import Pack, load_packs
from graphdb.packs.narrow import narrowed
from graphdb.packs.values import parameters_of
from graphdb.store import IN_MEMORY, Store, open_store
from tests.crowd import gang, seeds


@pytest.fixture(scope="module")
def graph() -> Store:
    held = open_store(IN_MEMORY)
    for batch in gang():
        held.load(resolve(batch))
    return held


def values(pack: Pack) -> Mapping[str, Cell]:
    wanted = seeds()
    return parameters_of(pack, {name: v for name, v in wanted.items() if name in pack.parameters})


def told(rows: Rows) -> list[str]:
    """Write rows so that neither their order nor that within a list counts."""
    return sorted(
        str([sorted(map(str, cell)) if isinstance(cell, list) else cell for cell in row])
        for row in rows.rows
    )


@pytest.mark.parametrize(
    "pack", [one for one in load_packs() if one.parameters.keys() & seeds()], ids=lambda one: one.id
)
def test_a_narrowed_question_has_the_answer_of_the_whole_text(pack: Pack, graph: Store) -> None:
    given = values(pack)
    asked = narrowed(pack.text, seeds())
    assert told(graph.read(asked, given)) == told(graph.read(pack.text, given))
    # Behind an OR no engine finds the entity by its index.
    assert not any(f"${name} IS NULL OR" in asked for name in seeds())


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("WHERE ($a IS NULL OR f(n.x) = $a)", "WHERE (f(n.x) = $a)"),
        ("WHERE ( $a is null or n.x = $a )", "WHERE (n.x = $a )"),
        ("WHERE $a IS NULL OR n.x = $a AND n.y RETURN n", "WHERE n.x = $a AND n.y RETURN n"),
        ("WHERE ($b IS NULL OR n.x = 1)", "WHERE ($b IS NULL OR n.x = 1)"),
        ("WHERE n.y AND $a IS NULL OR n.x", "WHERE n.y AND $a IS NULL OR n.x"),
        (
            "RETURN '($a IS NULL OR ', 1 // ($a IS NULL OR",
            "RETURN '($a IS NULL OR ', 1 // ($a IS NULL OR",
        ),
        ("// it's\nWHERE ($a IS NULL OR n.x = 'it')", "// it's\nWHERE (n.x = 'it')"),
    ],
)
def test_what_a_text_becomes(text: str, becomes: str) -> None:
    assert narrowed(text, {"a"}) == becomes
