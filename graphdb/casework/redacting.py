"""Redacting: a served copy of a master and of its log, from which nobody withheld can be told.

Joins store, case and bundle: who belongs to whom is asked of the whole case, because a quoted row
names telephones and holders that are not on the chart.
"""

import ast
import hmac
import json
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from graphdb.bundle import Master, Spec
from graphdb.bundle.leaks import views
from graphdb.bundle.master import master_json, master_of
from graphdb.bundle.provenance import environment
from graphdb.bundle.redaction import NOT_TOLD, Redaction, chosen_by, redaction_of
from graphdb.case import Case
from graphdb.casework.gathering import drawn, link_order, result_of
from graphdb.errors import WrongUsage
from graphdb.model import Cell
from graphdb.packs import load_packs
from graphdb.store import Store, entities_of

# Whose is what: a person's accounts, and what is bound to an account.
_THEIRS: Final = (
    "MATCH (p:Person)-[:HOLDS|CONTROLS]->(x:Account) WHERE p.id IN $ids RETURN DISTINCT x.id AS id",
    "MATCH (a:Account)-[:BOUND_TO]->(x:Account) WHERE a.id IN $ids RETURN DISTINCT x.id AS id",
    "MATCH (a:Account)-[:BOUND_TO]->(x:Phone) WHERE a.id IN $ids RETURN DISTINCT x.id AS id",
)
_HELD: Final = "MATCH (x:Person)-[:HOLDS|CONTROLS]->(a:Account) WHERE a.id IN $ids"
_HOLDERS: Final = (f"{_HELD} RETURN DISTINCT x.id AS id",)
# A trail shows accounts alone; who holds them may be a victim.
_VICTIMS: Final = (
    f"{_HELD} AND x.role = 'victim' RETURN DISTINCT x.id AS id",
    f"MATCH (x:Person)-[:FILED]->(:Report) {_HELD} RETURN DISTINCT x.id AS id",
)
_TOLD_BY_NAME: Final = frozenset({"holder", "holder_name", "full_name", "nickname", "shop_name"})
# The demo's people are words of this program, and yet names.
_INVENTED: Final = "sample"


def redaction_for(
    case: Case, master: Master, whom: str, listed: Collection[str], key: bytes
) -> Redaction:
    """Choose whom a served copy withholds, and by which texts they could be told.

    Raises:
        WrongUsage: nobody on the chart is withheld.
    """
    chosen = chosen_by(master, whom, listed)
    if whom == "victims":
        chosen |= _reached_once(case.store, {one.id for one in master.entities}, _VICTIMS)
    ways = (*_THEIRS, *_HOLDERS) if whom == "all" else _THEIRS
    ids = _reached(case.store, chosen, ways)
    entities = entities_of(case.store, ids)
    on_chart = {one.id for one in master.entities}
    texts = set(listed) - {one.id for one in entities}
    if not texts and not any(one.id in on_chart for one in entities):
        raise WrongUsage(f"--redact {whom} withholds nothing that is on this chart")
    further: dict[str, list[str]] = {}
    for conflict in case.likeness().conflicts:
        if conflict.property in _TOLD_BY_NAME:
            further.setdefault(conflict.id, []).extend(value for value, _ in conflict.values)
    return redaction_of(whom, key, master, entities, further, texts, _own_words())


def _reached(store: Store, ids: set[str], ways: tuple[str, ...]) -> set[str]:
    reached = set(ids)
    for _ in range(3):
        found = _reached_once(store, reached, ways)
        if found <= reached:
            break
        reached |= found
    return reached


def _reached_once(store: Store, ids: set[str], ways: tuple[str, ...]) -> set[str]:
    given: list[Cell] = [*sorted(ids)]
    return {str(id_) for way in ways for (id_,) in store.read(way, {"ids": given}).rows}


def redacted(master: Master, redaction: Redaction, log: bytes) -> tuple[Master, bytes]:
    """Put pseudonyms for what is withheld, in an order that it does not decide."""
    plain = redaction.document(master_json(master))
    plain["entities"].sort(key=lambda one: (one["label"], one["id"]))
    if redaction.whom == "all":
        # What is said of rows that are not on the chart may name anybody.
        plain["excluded"] = [[place, why.partition(":")[0]] for place, why in plain["excluded"]]
        plain["contradicting"] = [
            [place, says if says != before[1] else NOT_TOLD]
            for (place, says), before in zip(
                plain["contradicting"], master.contradicting, strict=True
            )
        ]
    served = master_of(plain)
    served_log, head = redacted_log(log, redaction)
    asked = tuple(
        replace(one, result_sha256=result_of(one.pack, served.findings)) for one in served.asked
    )
    spec = replace(served.spec, log_head=head)
    links = tuple(sorted(served.links, key=link_order))
    return replace(served, spec=spec, links=links, asked=asked), served_log


def redacted_log(log: bytes, redaction: Redaction) -> tuple[bytes, str]:
    """Write the log with pseudonyms, chained by HMACs of the entries as they were; give its head.

    The hash of an entry would be found by trying all names in its place.
    """
    lines, previous = [], ""
    for line in log.split(b"\n")[:-1]:
        before = json.loads(line)
        del before["previous"]
        entry = redaction.document(before)
        if entry["event"] == "decided" and redaction.whom == "all":
            # Who was joined may not be on the chart, and then has no pseudonym.
            for name in ("one", "two", "reason"):
                if entry.get(name) and entry[name] == before[name]:
                    entry[name] = NOT_TOLD
        own = hashed_entry(line, redaction.key)
        entry |= {"previous_hmac": previous, "line_hmac": own}
        lines.append(json.dumps(entry, ensure_ascii=False, sort_keys=True).encode() + b"\n")
        previous = own
    return b"".join(lines), previous


def hashed_entry(line: bytes, key: bytes) -> str:
    """Give the HMAC of an entry of the log."""
    return hmac.digest(key, line, "sha256").hex()


@cache
def _own_words() -> str:
    """Give what this program writes of its own accord: a name that it uses cannot be sought."""
    blank = dict.fromkeys(("source_rows", "charted_rows", "excluded_rows", "entities", "links"), 0)
    spec = Spec("", "", "", "display", as_of="2000-01-01T00:00:00+00:00")
    empty = drawn(Master(spec, *((),) * 9, controls=blank)).values()
    said = [text for content in empty if isinstance(content, bytes) for text in views(content)]
    said += [pack.path.read_text(encoding="utf-8") for pack in load_packs()]
    home = Path(__file__).parent.parent
    for path in sorted(home.rglob("*.py")):
        if _INVENTED not in path.relative_to(home).parts:
            said += _said(ast.parse(path.read_text(encoding="utf-8")))
    return "\n".join([*said, environment()])


def _said(module: ast.Module) -> Iterator[str]:
    """Give the texts and the fields of a module, but no docstring: its examples have names."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs: set[Any] = {
        node.body[0].value
        for node in ast.walk(module)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs:
            yield node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
