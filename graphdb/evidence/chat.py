"""Chats: who wrote what to whom and when, in groups and in private, whatever exported it.

A format gives messages; this module knows what they become. A group's messages are read with their
text; of a private chat only who knew whom, since when.
"""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

import polars as pl

from graphdb.evidence.cells import cleaned
from graphdb.evidence.format import Part, Sheet
from graphdb.evidence.together import ROWS_TOGETHER

_MILLISECONDS: Final = 100_000_000_000


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was written; ``group`` is None in a private chat with ``peer``.

    ``sender`` and ``peer`` are accounts (``wechat:wxid_a``); a message without a sender is the
    platform's. ``own`` is "1" where the owner of the phone wrote it.
    """

    row: int
    at: str | None
    group: str | None = None
    group_name: str | None = None
    peer: str | None = None
    sender: str | None = None
    name: str | None = None
    kind: str | None = None
    text: str | None = None
    own: str | None = None


HEADERS: Final = tuple(one.name for one in fields(Message))[1:]


def moment(seconds: Any) -> str | None:
    """Write a Unix time, in seconds or milliseconds, as ISO 8601; what is none stays as it is.

    >>> moment(1740798000), moment("1740798000000"), moment("soon")
    ('2025-03-01T03:00:00+00:00', '2025-03-01T03:00:00+00:00', 'soon')
    """
    if seconds is None:
        return None
    try:
        number = int(seconds)
        number = number // 1000 if number > _MILLISECONDS else number
        return datetime.fromtimestamp(number, UTC).isoformat()
    except (ValueError, OverflowError, OSError, TypeError):
        return str(seconds)


def texted(value: Any) -> str | None:
    """Give a value of JSON as text; None for what is empty or no text or number."""
    return str(value) if isinstance(value, str | int) and str(value) != "" else None


def nameless(platform: str, exhibit: str, name: str) -> str:
    """Name an account that only this export's display name tells."""
    return f"{platform}:{exhibit}/{name}"


def chat_sheets(
    exhibit: str, messages: Iterable[Message], platform: str, warnings: tuple[str, ...] = ()
) -> Iterator[Sheet]:
    """Give messages in sheets of bounded length."""
    stream = iter(messages)
    schema = {"row": pl.Int64, **{f"c{at}": pl.String for at in range(len(HEADERS))}}
    first = True
    while (batch := [astuple(one) for one in islice(stream, ROWS_TOGETHER)]) or first:
        frame = pl.DataFrame(batch, schema=schema, orient="row")
        yield Sheet(exhibit, HEADERS, frame, {"platform": platform}, (), warnings)
        warnings, first = (), False


def chat_parts(rows: pl.DataFrame, sheet: Sheet) -> Iterator[Part]:
    """Give a sheet of messages under the canonical tables."""
    tidy = ("group", "group_name", "peer", "sender", "name", "kind")
    rows = rows.with_columns(cleaned(rows[name]).replace("", None).alias(name) for name in tidy)
    by_platform = rows["sender"].is_null()
    people = rows.filter(~by_platform)
    said = (f"{by_platform.sum():,} notes of the platform are left out",) * by_platform.any()
    in_groups = people.filter(pl.col("group").is_not_null())
    # An empty text is still a message: a picture, a voice, a file.
    label = "[" + pl.col("kind").fill_null("message") + "]"
    written = pl.col("text").str.strip_chars().replace("", None)
    zone = sheet.about.get("zone", "Asia/Shanghai")
    yield Part(
        "messages",
        in_groups.select("row", "group", "at", account="sender", text=pl.coalesce(written, label)),
        zone=zone,
        warnings=said,
    )
    yield Part(
        "members",
        in_groups.select("row", "group", "group_name", account="sender").unique(
            ["group", "account"], keep="first", maintain_order=True
        ),
        derived=True,
    )
    yield Part("accounts", _names(people), derived=True)
    yield from _private(people.filter(pl.col("group").is_null()), sheet, zone)


def _names(people: pl.DataFrame) -> pl.DataFrame:
    named = people.filter(pl.col("name").is_not_null())
    return named.select("row", "name", account="sender").unique(
        "account", keep="first", maintain_order=True
    )


def _private(chats: pl.DataFrame, sheet: Sheet, zone: str) -> Iterator[Part]:
    """Give who wrote with the owner in private, from when on."""
    if chats.is_empty():
        return
    platform = sheet.about["platform"]
    owner = sheet.about.get("owner") or nameless(platform, sheet.exhibit, "owner")
    own = chats.filter(pl.col("own") == "1")
    owner = owner if own.is_empty() else own["sender"][0]
    peer = pl.when(pl.col("own") == "1").then("peer").otherwise("sender")
    met = chats.with_columns(friend=pl.coalesce("peer", peer)).filter(
        pl.col("friend").is_not_null() & (pl.col("friend") != owner)
    )
    names = pl.when(pl.col("sender") == pl.col("friend")).then("name")
    yield Part(
        "contacts",
        met.group_by("friend", maintain_order=True).agg(
            pl.col("row").first(), pl.col("at").first(), name=names.drop_nulls().first()
        ).select("row", "friend", "at", "name", account=pl.lit(owner)),
        zone=zone,
        warnings=(f"{chats.height:,} private messages are read only as who knew whom",),
    )  # fmt: skip
