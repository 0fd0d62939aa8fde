"""What a server refuses, said plainly: what happened, where, and what to do about it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConnectionPoolError,
    ConstraintError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ResultFailedError,
    TransactionError,
    WriteServiceUnavailable,
)

from graphdb.errors import CheckFailed, GraphdbError, StoreUnreachable, WrongUsage
from graphdb.store.protocol import TimeLimitReached
from graphdb.store.server_load import RECEIPT

_CREDENTIALS: Final = "set LINKWRIGHT_NEO4J_USER and LINKWRIGHT_NEO4J_PASSWORD"
_AGAIN: Final = "then run the same command again: what was loaded stays, the rest follows"
_NO_LEADER: Final = (
    "the cluster has no leader to write to",
    f"use a neo4j:// URL, wait until the cluster has chosen one, {_AGAIN}",
)
# What says nothing about the transaction itself, so that it may be tried again.
_OPEN: Final = (IncompleteCommit, TransactionError, ConnectionPoolError, ConnectionError)
# The server's codes, by what they end with: what to say, and what to do.
_CODES: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "CredentialsExpired",
        "the password must be changed before its first use",
        "change it in Neo4j Browser, or by ALTER CURRENT USER SET PASSWORD",
    ),
    (
        "AuthenticationRateLimit",
        "the server refuses more attempts after wrong passwords",
        f"wait a minute, then {_CREDENTIALS}",
    ),
    (
        "Security.Forbidden",
        "the server does not allow this user to do it",
        "use a user with the loader role to add, the reader role to ask (docs/neo4j.md)",
    ),
    (
        "DatabaseNotFound",
        "the server has no such database",
        "name another at the end of the URL, or create it (docs/neo4j.md)",
    ),
    (
        "UnsupportedAdministrationCommand",
        "this edition of Neo4j has one database only",
        "give each case a server of its own, or use an edition with several databases",
    ),
    (
        "ReadOnlyAccessDatabase",
        "the database takes no writing",
        "let its administrator set it to read and write; questions can be asked all the same",
    ),
    (
        "DatabaseUnavailable",
        "the database is not available",
        f"look for a full disk or a start that has not ended in its logs/neo4j.log, {_AGAIN}",
    ),
    ("NotALeader", *_NO_LEADER),
)


def may_pass(error: BaseException) -> bool:
    """Tell whether the same transaction may succeed when it is tried again.

    A connection that breaks while a commit is answered leaves open whether it was committed. That
    is no reason not to try: the receipt of a batch tells, and the second time does nothing then.
    """
    if certificate_of(error) is not None:
        return False
    error = cause_of(error)
    if isinstance(error, _OPEN):
        return True
    # What fills a disk ends as this; a server that was started again takes the batch.
    if isinstance(error, Neo4jError) and (error.code or "").endswith("DatabaseUnavailable"):
        return True
    return isinstance(error, Neo4jError | DriverError) and error.is_retryable()


def is_receipt(error: BaseException) -> bool:
    """Tell whether a transaction failed because its receipt stands already."""
    error = cause_of(error)
    return isinstance(error, ConstraintError) and RECEIPT in str(error.message)


def cause_of(error: BaseException) -> BaseException:
    """Give what failed a transaction, where the driver says only that it failed."""
    while isinstance(error, TransactionError | ResultFailedError) and error.__cause__ is not None:
        error = error.__cause__
    return error


@contextmanager
def said_plainly(url: str, limit: timedelta) -> Iterator[None]:
    """Turn the driver's errors into ours."""
    try:
        yield
    except (Neo4jError, DriverError, OSError) as error:
        cause = cause_of(error)
        if isinstance(cause, Neo4jError):
            raise _refusal(cause, url, limit) from error
        raise _no_connection(cause, url) from error


def _refusal(error: Neo4jError, url: str, limit: timedelta) -> GraphdbError:
    code = error.code or ""
    if "TransactionTimedOut" in code:
        return TimeLimitReached(
            f"the query took longer than {limit.total_seconds():g} s and was stopped",
            fix="narrow it by a time window or a seed, or raise the limit",
        )
    if code.endswith("AccessMode"):
        return WrongUsage("a query may not write", fix="use MATCH and RETURN only")
    for ending, what, fix in _CODES:
        if code.endswith(ending):
            return StoreUnreachable(f"{what}: {first_line(error)}", where=url, fix=fix)
    if isinstance(error, AuthError):
        return StoreUnreachable(
            "the server refuses the user name or password", where=url, fix=_CREDENTIALS
        )
    if isinstance(error, ClientError):
        return CheckFailed(f"the engine refused the query: {first_line(error)}")
    return StoreUnreachable(
        f"the server failed ({code}): {first_line(error)}",
        where=url,
        fix=f"look for a full disk or too little memory in its logs/neo4j.log, {_AGAIN}",
    )


def _no_connection(error: BaseException, url: str) -> StoreUnreachable:
    certificate = certificate_of(error)
    if certificate is not None:
        return StoreUnreachable(
            f"the server's certificate is not accepted: {certificate}",
            where=url,
            fix="let its administrator renew it; for an authority of your own set "
            "SSL_CERT_FILE to its certificate (docs/neo4j.md)",
        )
    if isinstance(error, WriteServiceUnavailable):
        return StoreUnreachable(
            f"{_NO_LEADER[0]}: {first_line(error)}", where=url, fix=_NO_LEADER[1]
        )
    return StoreUnreachable(
        f"no server answers: {first_line(error)}",
        where=url,
        fix="start it (docker compose up -d) or correct the case's engine URL; "
        "what was loaded stays, and the same command finishes the rest",
    )


def certificate_of(error: BaseException | None) -> str | None:
    """Say what is wrong with the server's certificate, if that is why there is no connection."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        error = error.__cause__ or error.__context__
    return None


def first_line(error: BaseException) -> str:
    """Give the first line of a message, cut at 200 characters."""
    text = error.message if isinstance(error, Neo4jError) else str(error)
    return (str(text).splitlines() or [type(error).__name__])[0][:200]
