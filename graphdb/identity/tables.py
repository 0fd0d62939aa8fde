"""What the rows of each canonical table say: one function a table."""

from hashlib import sha256

import polars as pl

from graphdb.identity.build import Builder
from graphdb.identity.normal import account_id, device_id, ip_id, person_id, phone_id, prefixed


def accounts(b: Builder) -> None:
    """(:Person)-[:HOLDS]->(:Account)-[:BOUND_TO]->(:Phone|:Account)."""
    account = _account(
        b,
        "account",
        nickname=b.col("name"),
        holder_name=b.col("holder_name"),
        kind=b.col("kind"),
        registered_at=b.time("registered_at"),
        status=b.col("status"),
    )
    if b.has("phone"):
        phone = ("Phone", phone_id(pl.col("phone")))
        b.node(*phone)
        b.link("BOUND_TO", account, phone)
    if b.has("bound_account"):
        b.link("BOUND_TO", account, _account(b, "bound_account"))
    if b.has("holder"):
        holder = ("Person", person_id(pl.col("holder")))
        b.node(*holder, {"full_name": b.col("holder_name")})
        b.link("HOLDS", holder, account)


def devices(b: Builder) -> None:
    """(:Device)."""
    b.node("Device", device_id(pl.col("device")), {"kind": b.col("kind"), "model": b.col("model")})


def logins(b: Builder) -> None:
    """(:Account)-[:LOGGED_IN_ON]->(:Device), (:Account)-[:LOGGED_IN_FROM]->(:IP)."""
    account = _account(b, "account")
    when = {"at": b.time("at"), "at_ms": b.time_ms("at")}
    if b.has("device"):
        device = ("Device", device_id(pl.col("device")))
        b.node(*device, {"kind": b.col("device_kind")})
        b.link("LOGGED_IN_ON", account, device, {**when, "ip": b.col("ip")})
    if b.has("ip"):
        address = ("IP", ip_id(pl.col("ip")))
        b.node(*address)
        b.link("LOGGED_IN_FROM", account, address, when)


def members(b: Builder) -> None:
    """(:Account)-[:MEMBER_OF]->(:Group)."""
    group = ("Group", pl.col("group"))
    b.node(
        *group,
        {
            "group_name": b.col("group_name"),
            "created_at": b.time("group_created_at"),
            "dissolved_at": b.time("group_dissolved_at"),
        },
    )
    if b.has("invited_by"):
        _account(b, "invited_by")
    b.link(
        "MEMBER_OF",
        _account(b, "account"),
        group,
        {
            "joined_at": b.time("joined_at"),
            "left_at": b.time("left_at"),
            "role": b.col("role"),
            "invited_by": account_id(b.col("invited_by")),
        },
    )


def messages(b: Builder) -> None:
    """(:Account)-[:POSTED]->(:Message)-[:IN]->(:Group)."""
    account, group = _account(b, "account"), ("Group", pl.col("group"))
    text = pl.col("text")
    digest = text.map_batches(_sha256, return_dtype=pl.String)
    # Numbers and blanks vary from victim to victim while the script stays the same.
    template = text.str.replace_all(r"\d+", "#").str.replace_all(r"\s+", " ").str.slice(0, 200)
    # The place in the text, not the text: an id must not carry what people wrote.
    id_ = pl.concat_str(
        pl.lit("message:"), group[1], pl.lit("/"), account[1], pl.lit("/"), b.time("at"),
        pl.lit("/"), digest.str.slice(0, 12),
    )  # fmt: skip
    message = ("Message", id_)
    b.node(*group)
    b.node(
        *message,
        {
            "at": b.time("at"),
            "at_ms": b.time_ms("at"),
            "text_sha256": digest,
            "template": template.str.to_lowercase(),
        },
        basis="recorded",
    )
    b.link("POSTED", account, message)
    b.link("IN", message, group)


def payments(b: Builder) -> None:
    """(:Account)-[:SENT]->(:Payment)-[:PAID_TO]->(:Account)."""
    payment = ("Payment", prefixed(pl.col("payment"), "payment:"))
    b.node(
        *payment,
        {
            "amount_minor": b.money("amount_minor"),
            "currency": b.col("currency"),
            "at": b.time("at"),
            "at_ms": b.time_ms("at"),
            "channel": b.col("channel"),
            "kind": b.col("kind"),
            "status": b.col("status"),
            "memo": b.col("memo"),
            "reference": b.col("reference"),
        },
        basis="recorded",
    )
    payer = _account(b, "from_account", holder_name=b.col("from_name"))
    payee = _account(b, "to_account", holder_name=b.col("to_name"))
    b.link("SENT", payer, payment)
    b.link("PAID_TO", payment, payee)


def sellers(b: Builder) -> None:
    """(:Seller)-[:COLLECTS_AT]->(:Account)."""
    seller = _seller(b, {"shop_name": b.col("name")})
    if b.has("collects_at"):
        b.link("COLLECTS_AT", seller, _account(b, "collects_at"))


def listings(b: Builder) -> None:
    """(:Seller)-[:LISTED]->(:Account)."""
    b.link(
        "LISTED",
        _seller(b),
        _account(b, "account"),
        {
            "price_minor": b.money("price_minor"),
            "currency": b.col("currency"),
            "at": b.time("at"),
            "at_ms": b.time_ms("at"),
        },
    )


def sales(b: Builder) -> None:
    """(:Seller)-[:SOLD]->(:Sale)-[:OF|BOUGHT_BY]->(:Account), (:Sale)-[:SETTLED_BY]->(:Payment)."""
    seller, account = _seller(b), _account(b, "account")
    by_content = pl.concat_str(
        pl.lit("sale:"), pl.col("seller"), pl.lit("/"), account[1], pl.lit("/"), b.time("at")
    )
    sale = ("Sale", pl.coalesce(prefixed(b.col("sale"), "sale:"), by_content))
    b.node(
        *sale,
        {
            "price_minor": b.money("price_minor"),
            "currency": b.col("currency"),
            "at": b.time("at"),
            "at_ms": b.time_ms("at"),
            "condition": b.col("condition"),
        },
        basis="recorded",
    )
    b.link("SOLD", seller, sale)
    b.link("OF", sale, account)
    if b.has("buyer"):
        b.link("BOUGHT_BY", sale, _account(b, "buyer"))
    if b.has("payment"):
        payment = ("Payment", prefixed(pl.col("payment"), "payment:"))
        b.node(*payment)
        b.link("SETTLED_BY", sale, payment)


def persons(b: Builder) -> None:
    """(:Person)."""
    _person(b, {"full_name": b.col("name"), "role": b.col("role")})


def holdings(b: Builder) -> None:
    """(:Person)-[:HOLDS|CONTROLS]->(:Account)."""
    person, account = _person(b), _account(b, "account")
    controls = (
        (pl.col("relation") == "controls").fill_null(value=False)
        if b.has("relation")
        else pl.lit(value=False)
    )
    since = {"since": b.time("since"), "until": b.time("until")}
    stated = b.col("basis")
    b.link(
        "HOLDS",
        person,
        account,
        since,
        basis=pl.coalesce(stated, pl.lit("recorded")),
        where=~controls,
    )
    b.link(
        "CONTROLS",
        person,
        account,
        since,
        basis=pl.coalesce(stated, pl.lit("stated")),
        where=controls,
    )


def rebinds(b: Builder) -> None:
    """(:Account)-[:BOUND_TO]->(:Phone|:Account)."""
    account = _account(b, "account")
    when = {"at": b.time("at"), "at_ms": b.time_ms("at"), "until": b.time("until")}
    if b.has("phone"):
        phone = ("Phone", phone_id(pl.col("phone")))
        b.node(*phone)
        b.link("BOUND_TO", account, phone, when)
    if b.has("bound_account"):
        b.link("BOUND_TO", account, _account(b, "bound_account"), when)


def contacts(b: Builder) -> None:
    """(:Account)-[:FRIEND_OF]->(:Account)."""
    friend = _account(b, "friend", nickname=b.col("name"))
    when = {"name": b.col("name"), "at": b.time("at"), "at_ms": b.time_ms("at")}
    b.link("FRIEND_OF", _account(b, "account"), friend, when)


def calls(b: Builder) -> None:
    """(:Phone)-[:CALLED]->(:Phone)."""
    caller = ("Phone", phone_id(pl.col("caller")))
    callee = ("Phone", phone_id(pl.col("callee")))
    b.node(*caller)
    b.node(*callee)
    call = {
        "at": b.time("at"),
        "at_ms": b.time_ms("at"),
        "seconds": _seconds(b.col("seconds")),
        "kind": b.col("kind"),
    }
    b.link("CALLED", caller, callee, call)


def notices(b: Builder) -> None:
    """(:Account)-[:NOTED]->(:Notice)."""
    account = _account(b, "account")
    digest = b.col("note").fill_null("").map_batches(_sha256, return_dtype=pl.String)
    # The same answer in two deliveries is one notice; another text of the same day is another.
    id_ = pl.concat_str(
        pl.lit("notice:"), account[1], pl.lit("/"), pl.col("kind"), pl.lit("/"),
        pl.coalesce(b.time("at"), b.time("until"), pl.lit("")), pl.lit("/"),
        digest.str.slice(0, 12),
    )  # fmt: skip
    notice = ("Notice", id_)
    properties = {
        "kind": pl.col("kind"),
        "at": b.time("at"),
        "at_ms": b.time_ms("at"),
        "until": b.time("until"),
        "note": b.col("note"),
    }
    b.node(*notice, properties, basis="recorded")
    b.link("NOTED", account, notice)


def reports(b: Builder) -> None:
    """(:Person)-[:FILED]->(:Report)-[:NAMES]->(:Account|:Group|:Payment)."""
    report = ("Report", prefixed(pl.col("report"), "report:"))
    b.node(
        *report,
        {
            "at": b.time("at"),
            "at_ms": b.time_ms("at"),
            "loss_minor": b.money("loss_minor"),
            "currency": b.col("currency"),
            "station": b.col("station"),
        },
        basis="stated",
    )
    b.link("FILED", _person(b), report)
    if not b.has("names"):
        return
    named = b.explode("names", ";；,，")
    name = pl.col("names").str.strip_chars()
    kinds = {
        "Payment": name.str.starts_with("payment:"),
        "Group": name.str.contains(r"^[a-z]+-group:"),
    }
    kinds["Account"] = name.str.contains(":") & ~kinds["Payment"] & ~kinds["Group"]
    for label, is_kind in kinds.items():
        known = account_id(name) if label == "Account" else name
        end = (label, pl.when(is_kind).then(known))
        if label == "Account":
            named.node(*end, _parts(end[1]))
        else:
            named.node(*end)
        named.link("NAMES", report, end, basis="stated")


def penalties(b: Builder) -> None:
    """(:Account)-[:PENALISED]->(:Penalty)."""
    account = _account(b, "account")
    id_ = pl.concat_str(
        pl.lit("penalty:"), account[1], pl.lit("/"), pl.col("kind"), pl.lit("/"), b.time("at")
    )
    penalty = ("Penalty", id_)
    properties = {"kind": pl.col("kind"), "at": b.time("at"), "at_ms": b.time_ms("at")}
    b.node(*penalty, properties, basis="recorded")
    b.link("PENALISED", account, penalty)


def _seconds(length: pl.Expr) -> pl.Expr:
    """Read a length in seconds, or by the clock (``00:01:30``)."""
    clock = [
        length.str.extract(r"^(\d+):(\d{2}):(\d{2})$", at).cast(pl.Int64) * unit
        for at, unit in ((1, 3600), (2, 60), (3, 1))
    ]
    return pl.coalesce(length.cast(pl.Int64, strict=False), clock[0] + clock[1] + clock[2])


def _account(b: Builder, column: str, **properties: pl.Expr) -> tuple[str, pl.Expr]:
    id_ = account_id(b.col(column))
    b.node("Account", id_, {**_parts(id_), **properties})
    return "Account", id_


def _parts(id_: pl.Expr) -> dict[str, pl.Expr]:
    parts = id_.str.splitn(":", 2)
    return {"platform": parts.struct.field("field_0"), "number": parts.struct.field("field_1")}


def _seller(b: Builder, properties: dict[str, pl.Expr] | None = None) -> tuple[str, pl.Expr]:
    id_ = prefixed(pl.col("seller"), "seller:")
    b.node("Seller", id_, properties)
    return "Seller", id_


def _person(b: Builder, properties: dict[str, pl.Expr] | None = None) -> tuple[str, pl.Expr]:
    id_ = person_id(pl.col("person"))
    b.node("Person", id_, properties)
    return "Person", id_


def _sha256(texts: pl.Series) -> pl.Series:
    return pl.Series([sha256((text or "").encode()).hexdigest() for text in texts], dtype=pl.String)
