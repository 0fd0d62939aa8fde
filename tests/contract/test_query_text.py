"""No query holds evidence: what engines are asked is one finite set of texts, whatever rows say.

A case is added to, asked, followed, moved and joined, once with plain words and once with hostile
ones. On a server every text is read off the wire; on the embedded engine it is read at its door.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import kglite
import pytest

from graphdb.case import Case
from graphdb.store import EMBEDDED, digest_of, links_at
from tests.conftest import SERVER, server_credentials
from tests.neo4j.proxy import Proxy

PLAIN = "plain"
HOSTILE = "'}) DETACH DELETE n //`]->(b) ${x} $rows \\u0027 \u202e\""
ENGINES = [EMBEDDED, pytest.param("neo4j", marks=pytest.mark.neo4j)]
PACKS = ("account_market/seller_inventory", "groups/same_script", "money/cycle")
# Every W is a word of the evidence.
EVIDENCE = {
    "accounts": """account|name|kind|phone|holder|holder_name|status|bound_account
wechat:a1|W|new|+8613800138000|W1|W|W|bank:1
wechat:b2|W|W|+8613800138001|W2|W|W|bank:2""",
    "logins": """account|device|at|ip|device_kind
wechat:a1|W|2025-02-01T00:00:00Z|10.0.0.1|W
wechat:b2|W|2025-02-01T00:00:01Z|10.0.0.1|W""",
    "members": """group|account|joined_at|left_at|role|invited_by|group_name
W|wechat:a1|2025-02-01T00:00:00Z|2025-02-09T00:00:00Z|W|wechat:b2|W
W|wechat:b2|2025-02-01T00:00:00Z|2025-02-09T00:00:00Z|W|wechat:a1|W""",
    "messages": """group|account|at|text
W|wechat:a1|2025-02-02T00:00:00Z|W W W
W|wechat:b2|2025-02-02T00:00:09Z|W W W""",
    "payments": """payment|from_account|to_account|amount|at|currency|channel|kind|status|memo
W7|bank:1|bank:2|84.00|2025-03-01T10:00:00Z|CNY|W|W|W|W
W8|bank:2|bank:1|83.00|2025-03-01T10:05:00Z|CNY|W|W|W|W""",
    "sellers": """seller|name|collects_at
W|W|bank:2""",
    "sales": """seller|account|price|currency|at|buyer|condition
W|wechat:a1|9.00|CNY|2025-01-01T00:00:00Z|wechat:b2|W""",
    "persons": """person|name|role
W|W|victim""",
    "reports": """report|person|loss|currency|at|names|station
W|W|84|CNY|2025-03-05T00:00:00Z|payment:W7|W""",
    "penalties": """account|kind|at
wechat:a1|ban|2025-03-06T00:00:00Z""",
}


def evidence(folder: Path, word: str) -> Path:
    """Write the tables with a word of its own in every cell that takes any."""
    folder.mkdir()
    for name, table in EVIDENCE.items():
        lines = [
            ",".join('"' + cell.replace("W", word).replace('"', '""') + '"' for cell in cells)
            for cells in (line.split("|") for line in table.splitlines())
        ]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


class Door:
    """An embedded graph that keeps every text it is asked."""

    def __init__(self, graph: Any, asked: set[str]) -> None:
        self._graph = graph
        self._asked = asked

    def cypher(self, text: str, **values: Any) -> Any:
        self._asked.add(text)
        return self._graph.cypher(text, **values)

    def freeze(self) -> "Door":
        return Door(self._graph.freeze(), self._asked)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._graph, name)


@pytest.fixture(params=ENGINES)
def asked(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, set[str]]]:
    """Where a case is to be made, and the texts that are asked there from now on."""
    if request.param == EMBEDDED:
        texts: set[str] = set()

        def at_the_door(opened: Any, *words: Any, **settings: Any) -> Door:
            return Door(opened(*words, **settings), texts)

        for name in ("open", "load"):
            monkeypatch.setattr(kglite, name, partial(at_the_door, getattr(kglite, name)))
        yield EMBEDDED, texts
        return
    request.getfixturevalue("server")
    with Proxy(urlsplit(SERVER).port or 0) as proxy:
        yield proxy.url(), proxy.queries


def lived(folder: Path, word: str, engine: str, request: pytest.FixtureRequest) -> None:
    """Do with a case what an investigation does, all that a word of the evidence comes near."""
    keys = None if engine == EMBEDDED else server_credentials()
    if keys:
        request.getfixturevalue("server").clear()
    case = Case.create(folder / "case", name=word, engine=engine, credentials=keys)
    report = case.add([evidence(folder / "evidence", word)])
    assert (report.refused, report.rejects) == ((), ())
    case.run(PACKS)
    ((seller,),) = case.store.read("MATCH (s:Seller) RETURN s.id AS id").rows
    case.chain(seller=str(seller))
    case.trace(["bank:1"])
    assert links_at(case.store, str(seller))
    assert case.handover(quotes=False).nodes
    if keys:
        case.pull()
        case.push(engine, keys)
    digest_of(case.store)
    case.close()


def test_hostile_evidence_asks_nothing_that_plain_evidence_does_not(
    asked: tuple[str, set[str]], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    engine, texts = asked
    found = []
    for name, word in (("plain", PLAIN), ("hostile", HOSTILE)):
        texts.clear()
        (tmp_path / name).mkdir()
        lived(tmp_path / name, word, engine, request)
        found.append(set(texts))
        assert len(texts) > 100
        # Hostile or not, no word of the evidence, no part of it and no id stands in a text.
        for told in (word, "DETACH DELETE n //", "wechat:a1", "bank:1", "13800138000", "E01:"):
            assert not [text for text in texts if told in text], told
    # What rows say may spare a step (nothing to join), but brings no text of its own.
    assert found[1] <= found[0]
