"""The pages of the docs that are generated from the code; `make golden` writes them."""

from collections.abc import Callable, Mapping

from graphdb.bundle.exports import known_exports
from graphdb.evidence import TABLES
from graphdb.evidence.formats import known_formats
from graphdb.model import LINK_TYPES, NODE_TYPES, Property
from graphdb.packs import example_of, load_packs, pattern_of

HEAD = "<!-- Generated from the code by `make golden`; do not edit. -->\n"
TYPES = {"text": "", "int": ": int", "float": ": float", "time": ": time", "texts": ": list"}


def tables() -> str:
    """docs/tables.md: the canonical tables."""
    lines = [
        HEAD,
        "# The canonical tables",
        "",
        "A file is recognised by its columns, whatever it is called: CSV (comma, tab, semicolon or bar; UTF-8, UTF-16,",
        "GB18030), XLSX (each sheet a table) or JSON Lines. Only the **bold** columns are required.",
        "",
        "An account is `platform:number` (`wechat:wxid_1`, `bank:6222...`), or a number with a column `platform`, or with",
        "`--platform`. An amount is plain digits in major units (`84000.00`). A time has an offset",
        "(`2025-03-01 10:00:00+08:00`), or the command gives the zone: `--tz Asia/Shanghai`.",
    ]
    for table in TABLES.values():
        lines += ["", f"## {table.name}: {table.says}", "", "| column | Chinese headers | holds |"]
        lines.append("|---|---|---|")
        for column in table.columns:
            name = f"**{column.name}**" if column.required else column.name
            words = ", ".join(dict.fromkeys(column.words.values()))
            zh = " ".join(column.aliases)
            holds = f"one of {words}" if column.closed else words or column.kind
            lines.append(f"| {name} | {zh} | {holds} |")
    return "\n".join(lines) + "\n"


def formats() -> str:
    """The table of formats in the README."""
    lines = ["| format | is read | is not read |", "|---|---|---|"]
    lines += [f"| `{one.name}` | {one.says} | {one.leaves} |" for one in known_formats()]
    return "\n".join(lines) + "\n"


def exports() -> str:
    """The table of exports in docs/exports.md."""
    lines = ["| form | hands over | what it loses |", "|---|---|---|"]
    lines += [f"| `{one.name}` | {one.says} | {one.loses} |" for one in known_exports()]
    return "\n".join(lines) + "\n"


def schema() -> str:
    """docs/schema.md: the graph."""
    lines = [
        HEAD,
        "# The graph",
        "",
        "Every node has `id`. Every link, and every node that a row states, has `evidence` (a list of places",
        "`<exhibit>:<row>`, never empty) and `basis`: `recorded` (a row says so), `stated` (a person says so) or `inferred`",
        "(a rule says so). Money is integer minor units; times are ISO 8601 UTC text, and `at_ms` for arithmetic.",
        "",
        "| node | | says | properties | from the tables |",
        "|---|---|---|---|---|",
    ]
    for node in NODE_TYPES.values():
        listed = properties(node.properties)
        lines.append(
            f"| {node.label} | {node.zh} | {node.says} | {listed} | {', '.join(node.tables)} |"
        )
    lines += ["", "| link | | says | between | properties |", "|---|---|---|---|---|"]
    for link in LINK_TYPES.values():
        ends = ", ".join(f"{source} → {target}" for source, target in link.ends)
        listed = properties(link.properties)
        lines.append(f"| {link.type} | {link.zh} | {link.says} | {ends} | {listed} |")
    return "\n".join(lines) + "\n"


def properties(declared: tuple[Property, ...]) -> str:
    return ", ".join(
        f"`{one.name}`{TYPES[one.type]}"
        for one in declared
        if one.name not in {"evidence", "basis"}
    )


def catalogue() -> str:
    """queries/README.md: the packs."""
    packs = load_packs()
    lines = [
        HEAD,
        "# The catalogue of packs",
        "",
        f"{len(packs)} questions, each a file of Cypher with its cases beside it. `linkwright packs show ID` prints one whole, with an",
        "example; `linkwright packs test ID` proves it. fact: arithmetic on records; indicator: inference with named innocents;",
        "lead: look here. Every legal element is to be checked by counsel.",
        "",
        "| pack | level | question | 问题 |",
        "|---|---|---|---|",
    ]
    for pack in packs:
        anchor = pack.id.replace("/", "")
        lines.append(
            f"| [{pack.id}](#{anchor}) | {pack.level} | {pack.question} | {pack.question_zh} |"
        )
    for pack in packs:
        lines += [
            "",
            f"## {pack.id}",
            "",
            f"{pack.title}: *{pack.question}* {pack.question_zh} ({pack.level}, revision {pack.revision})",
            "",
            "```text",
            *pattern_of(pack),
            "```",
            "",
        ]
        lines += [
            f"- `{name}` ({p.type}, default {'any' if p.default is None else p.default}): {p.says}"
            for name, p in pack.parameters.items()
        ]
        columns = ", ".join(f"**{n}**" if c.key else n for n, c in pack.columns.items())
        lines.append(f"- Gives: {columns}.")
        lines += [
            f"- May be innocent: {i.says}. Check: {i.check}. 可能无害：{i.says_zh}。核查：{i.check_zh}。"
            for i in pack.innocents
        ]
        lines.append(f"- Not covered: {pack.not_covered}. 未涵盖：{pack.not_covered_zh}。")
        lines.append(f"- Example, proved: {example_of(pack).name}.")
        lines.append(f"- Source: {'; '.join(pack.references)}. Serves: {'; '.join(pack.legal)}.")
    return "\n".join(lines) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/tables.md": tables,
    "docs/schema.md": schema,
    "queries/README.md": catalogue,
}

# A table within a page that people write: page, name of the place, text.
PARTS: tuple[tuple[str, str, Callable[[], str]], ...] = (
    ("README.md", "formats", formats),
    ("docs/exports.md", "exports", exports),
)
