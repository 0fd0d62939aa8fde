"""Commands that move a case's graph: push to a server, pull back, rebuild it from the rows."""

from typing import Annotated

import typer

from graphdb.store import Digest

from .output import (
    HERE,
    CaseOption,
    JsonOption,
    credentials,
    open_case,
    out,
    print_json,
    progress,
    visible,
)


def push(
    engine: Annotated[
        str, typer.Argument(metavar="URL", help="neo4j://HOST:7687, or with a database: .../NAME")
    ],
    case: CaseOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Move the case's graph to a Neo4j server, and prove the copy equal."""
    opened = open_case(case)
    with progress("pushing") as show:
        digest = opened.push(engine, credentials(engine), show)
    _tell(f"the graph of '{opened.name}' is on {engine}", engine, digest, as_json=as_json)


def pull(case: CaseOption = HERE, as_json: JsonOption = False) -> None:
    """Move the case's graph back from its server, and prove the copy equal."""
    opened = open_case(case)
    left = opened.engine
    with progress("pulling") as show:
        digest = opened.pull(show)
    _tell(
        f"the graph of '{opened.name}' is in its folder; {left} keeps its copy",
        opened.engine,
        digest,
        as_json=as_json,
    )


def rebuild(case: CaseOption = HERE, as_json: JsonOption = False) -> None:
    """Build the case's graph anew from the rows of its exhibits, after its loss."""
    from graphdb.case import Case
    from graphdb.store import digest_of

    opened = Case(case, credentials(Case(case).engine))
    with progress("rebuilding") as show:
        opened.rebuild(show)
    digest = digest_of(opened.store)
    what = f"the graph of '{opened.name}' is built anew"
    if as_json:
        print_json({"digest": digest.sha256, "nodes": digest.nodes, "links": digest.links})
        return
    out().print(visible(what), markup=False)
    out().print(f"{digest.nodes:,} nodes and {digest.links:,} links: {digest.sha256}")


def _tell(what: str, engine: str, digest: Digest, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "engine": engine,
                "digest": digest.sha256,
                "nodes": digest.nodes,
                "links": digest.links,
            }
        )
        return
    size = f"{digest.nodes:,} nodes and {digest.links:,} links"
    out().print(visible(what), markup=False)
    out().print(f"{size}, read back and equal: {digest.sha256}", markup=False)
