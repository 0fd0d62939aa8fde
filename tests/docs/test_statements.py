"""The statements for administrators in the docs are ones that a real server understands."""

import re
from pathlib import Path

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import ClientError

from tests.conftest import SERVER, server_credentials

DOCS = Path(__file__).parent.parent.parent / "docs"
STATEMENT = re.compile(r"\b(?:CREATE (?:ROLE|USER|DATABASE)|GRANT) [^;`]+(?=[;`])")


def statements(page: str) -> list[str]:
    return STATEMENT.findall((DOCS / page).read_text(encoding="utf-8"))


def refusal(statement: str) -> str | None:
    """Ask the server to plan a statement, and give the code of its refusal."""
    assert SERVER is not None
    keys = server_credentials()
    with GraphDatabase.driver(SERVER, auth=(keys.user, keys.password)) as driver:
        try:
            driver.execute_query(f"EXPLAIN {statement}", database_="system")
        except ClientError as error:
            return error.code
    return None


@pytest.mark.neo4j
@pytest.mark.parametrize(("page", "count"), [("neo4j.md", 9), ("cluster.md", 5)])
def test_a_server_understands_the_statements_of_the_docs(page: str, count: int) -> None:
    """Community refuses what only Enterprise has, but another code tells a faulty statement."""
    found = statements(page)
    assert len(found) == count
    unsupported = "Neo.ClientError.Statement.UnsupportedAdministrationCommand"
    assert {refusal(one) for one in found} <= {unsupported, None}
    faulty = found[0].replace(" ", " NONSENSE ", 1)
    assert refusal(faulty) == "Neo.ClientError.Statement.SyntaxError"
