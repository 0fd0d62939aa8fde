"""FollowTheMoney entities, one JSON object a line: persons, accounts, who owns them, payments.

All values are lists of texts. An entity names another by its id, so an account is known by the
number of its own entity when that stands above in the same file, and by the id when it does not.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from graphdb.evidence.format import DocumentFormat, Part, Sheet
from graphdb.evidence.layout import tidied
from graphdb.evidence.source import Source
from graphdb.evidence.together import ROWS_TOGETHER
from graphdb.model import Place, Reject

_FTM: Final = re.compile(r'^\s*\{(?=.*"schema"\s*:)(?=.*"properties"\s*:\s*\{)(?=.*"id"\s*:)')
_PERSONS: Final = ("Person", "LegalEntity", "Company", "Organization", "PublicBody")
_ACCOUNTS: Final = ("BankAccount", "UserAccount")
# Platforms whose accounts our own export gives as bank accounts, the only ones that pay there.
_WALLETS: Final = frozenset({"wechat", "qq", "tenpay", "alipay"})
_TABLES: Final = {
    "persons": ("person", "name"),
    "accounts": ("account", "name"),
    "holdings": ("person", "account", "since", "until"),
    "payments": ("payment", "from_account", "to_account", "amount", "currency", "at", "memo"),
}


def _recognises(source: Source) -> bool:
    return source.is_text and _FTM.match(source.head.partition("\n")[0]) is not None


def _sheets(source: Source, exhibit: str) -> Iterator[Sheet]:
    held: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _TABLES}
    rejects: list[Reject] = []
    known: dict[str, str] = {}
    left: dict[str, int] = {}
    number = 0
    for block in source.blocks():
        for text in block.split("\n"):
            number += 1
            if not text.strip():
                continue
            entity = _entity(text)
            if entity is None:
                what = "this line is no entity"
                rejects.append(Reject(Place(exhibit, number), None, what, "export it again"))
                continue
            table, cells = _cells(entity, known)
            if table is None:
                left[entity["schema"]] = left.get(entity["schema"], 0) + 1
                continue
            held[table].append((number, *cells))
            if len(held[table]) >= ROWS_TOGETHER:
                yield _table(exhibit, table, held[table])
                held[table] = []
        number -= block.endswith("\n")
    kinds = ", ".join(f"{count:,} {schema}" for schema, count in sorted(left.items()))
    warnings = (f"entities that are not read: {kinds}",) if kinds else ()
    given = [name for name, rows in held.items() if rows] or ["persons"]
    for at, name in enumerate(given):
        first = at == 0
        yield _table(exhibit, name, held[name], tuple(rejects) * first, warnings if first else ())


def _table(
    exhibit: str,
    name: str,
    rows: list[tuple[Any, ...]],
    rejects: tuple[Reject, ...] = (),
    warnings: tuple[str, ...] = (),
) -> Sheet:
    headers = _TABLES[name]
    schema = {"row": pl.Int64, **{f"c{at}": pl.String for at in range(len(headers))}}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return Sheet(exhibit, headers, frame, {"table": name}, rejects, warnings)


def _entity(text: str) -> dict[str, Any] | None:
    try:
        entity = json.loads(text)
    except (ValueError, RecursionError):
        return None
    is_one = isinstance(entity, dict) and isinstance(entity.get("properties"), dict)
    if not is_one or not isinstance(entity.get("id"), str):
        return None
    return entity if isinstance(entity.get("schema"), str) else None


def _cells(entity: dict[str, Any], known: dict[str, str]) -> tuple[str | None, tuple[Any, ...]]:
    """Give the table and the cells of an entity; no table where its schema is not read."""
    said, id_ = entity["properties"], entity["id"]

    def one(*names: str) -> str | None:
        values = (said[name] for name in names if name in said)
        return next((str(v[0]) for v in values if isinstance(v, list) and v), None)

    def account(name: str) -> str | None:
        named = one(name)
        return None if named is None else known.get(named, f"ftm:{named}")

    match entity["schema"]:
        case schema if schema in _PERSONS:
            return "persons", (id_, one("name", "lastName"))
        case schema if schema in _ACCOUNTS:
            number = one("accountNumber", "iban", "username", "email")
            platform = "bank" if schema == "BankAccount" else (one("service") or "user").lower()
            if (kind := (one("accountType") or "").lower()) in _WALLETS:
                platform = kind
            known[id_] = f"{platform}:{number}" if number else f"ftm:{id_}"
            return "accounts", (known[id_], one("name"))
        case "Ownership":
            return "holdings", (one("owner"), account("asset"), one("startDate"), one("endDate"))
        case "Payment":
            memo = one("purpose", "description")
            payer = account("payerAccount") or account("payer")
            payee = account("beneficiaryAccount") or account("beneficiary")
            amount, at = one("amount"), one("date", "startDate")
            return "payments", (id_, payer, payee, amount, one("currency"), at, memo)
    return None, ()


def _arrange(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    yield Part(sheet.about["table"], tidied(rows), zone="UTC")


FORMAT: Final = DocumentFormat(
    name="ftm_entities",
    says="FollowTheMoney JSON lines: persons, companies, accounts, ownership of them, payments",
    leaves="every other schema (counted), addresses, dates of birth, proofs",
    recognises=_recognises,
    sheets=_sheets,
    arrange=_arrange,
)
