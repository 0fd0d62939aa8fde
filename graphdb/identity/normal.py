"""Normal forms: one spelling for one thing, as polars expressions.

Each function takes an expression of texts and gives an expression of ids; null stays null.
"""

import polars as pl

# Mainland mobile numbers have eleven digits and begin with 1; that is the only national form
# that can be told without knowing the country (ITU-T E.164 numbers begin with "+").
_CHINESE_MOBILE = r"^(?:\+?86|0086)?(1\d{10})$"


def account_id(cell: pl.Expr) -> pl.Expr:
    """Write an account as ``platform:number`` with the platform in lower case.

    A card is written in groups of digits as often as not.

    >>> pl.select(account_id(pl.lit("WeChat:wxid_a1"))).item()
    'wechat:wxid_a1'
    >>> pl.select(account_id(pl.lit("bank:6222 0200 0000 0001"))).item()
    'bank:6222020000000001'
    """
    parts = cell.str.splitn(":", 2)
    platform = parts.struct.field("field_0").str.strip_chars().str.to_lowercase()
    number = parts.struct.field("field_1").str.strip_chars()
    is_grouped = number.str.contains(r"^\d[\d -]+[ -][\d -]*\d$")
    card = pl.when(is_grouped).then(number.str.replace_all("[ -]", "")).otherwise(number)
    return platform + ":" + card


def person_id(cell: pl.Expr) -> pl.Expr:
    """Write a person as ``person:<number>``; the check digit X of an identity number is a capital.

    >>> pl.select(person_id(pl.lit("11010119900307123x"))).item()
    'person:11010119900307123X'
    """
    number = _bare(cell, "person:")
    capital = pl.when(number.str.contains(r"^\d{17}x$")).then(number.str.to_uppercase())
    return pl.lit("person:") + capital.otherwise(number)


def device_id(cell: pl.Expr) -> pl.Expr:
    """Write a device as ``device:<fingerprint>``."""
    return pl.lit("device:") + _bare(cell, "device:")


def ip_id(cell: pl.Expr) -> pl.Expr:
    """Write an address as ``ip:<address>`` in lower case (IPv6 is hexadecimal).

    >>> pl.select(ip_id(pl.lit("2001:DB8::1"))).item()
    'ip:2001:db8::1'
    """
    return pl.lit("ip:") + _bare(cell, "ip:").str.to_lowercase()


def phone_id(cell: pl.Expr) -> pl.Expr:
    """Write a telephone number as ``phone:<E.164>`` where it can be told, else as its digits.

    >>> pl.select(phone_id(pl.lit("0086 170-0000-0001"))).item()
    'phone:+8617000000001'
    """
    digits = _bare(cell, "phone:").str.replace_all(r"[\s\-()]", "")
    mobile = digits.str.extract(_CHINESE_MOBILE, 1)
    return pl.lit("phone:") + pl.coalesce(pl.lit("+86") + mobile, digits)


def prefixed(cell: pl.Expr, prefix: str) -> pl.Expr:
    """Put a prefix before a number that does not carry it yet."""
    return pl.lit(prefix) + _bare(cell, prefix)


def _bare(cell: pl.Expr, prefix: str) -> pl.Expr:
    return cell.str.strip_chars().str.strip_prefix(prefix)
