"""Where a bundle came from: tool, environment, W3C PROV, validation, sampling, known issues."""

import json
import platform
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any, Final

from graphdb.bundle.master import canonical
from graphdb.bundle.nouns import Master

_NAME: Final = re.compile(r"^[A-Za-z0-9._-]+")
KNOWN_ISSUES: Final = """# Known issues and limits  已知问题与限制

- A finding is a lead. No error rate of the questions on real cases is known; what is known is that
  each question passes its own cases (see validation_report.md). 查询结果仅为线索，实案误差率未知。
- Who is behind an account is not told by records of the account. 账号记录不能证明实际使用人。
- Times are shown in UTC+08:00; the written time and the assumed zone stay with the evidence.
  时间按 UTC+08:00 显示，原文时间见证据。
- Layers hold the same money: sums of different layers are never added up. 各层金额不得相加。
- The PDF has the same bytes only with the same versions of fpdf2 and fontTools (environment.lock);
  it is reported apart. SVG, CSV, JSON and HTML do not depend on them.
  PDF 的字节取决于所列软件版本。
- The ANX file was checked against the structure that i2 documents, and was not opened in i2.
- What one pack does not cover stands with its text under spec/packs.
"""


def environment() -> str:
    """List the packages that this program stands on, with their versions, sorted."""
    found: dict[str, str] = {}
    waiting = ["linkwright"]
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        found[name] = package.version
        for needed in package.requires or ():
            match = _NAME.match(needed)
            if match and "extra ==" not in needed:
                waiting.append(match[0])
    return "".join(f"{name}=={version}\n" for name, version in sorted(found.items()))


def tool(version: str) -> dict[str, Any]:
    """Say which program made a bundle, on what."""
    return {
        "tool": "linkwright",
        "version": version,
        "python": platform.python_version(),
        "system": platform.system(),
    }


def tool_here(version: str) -> dict[str, str]:
    """Say which program checks a bundle, and by which engine it loads the evidence again."""
    return {**tool(version), "engine": f"kglite {package_version('kglite')}"}


def tool_of(data: Path) -> dict[str, str]:
    """Say by what a bundle was made, as it tells itself; the engine is the last in its log.

    The engine leaves no trace in any other file: both give the same bytes.
    """
    made = json.loads((data / "provenance" / "tool.json").read_bytes())
    lines = (data / "provenance" / "audit.jsonl").read_bytes().splitlines()
    engines = [one.get("engine") or one.get("to") for one in map(json.loads, lines)
               if one.get("event") in {"created", "moved"}]  # fmt: skip
    lock = (data / "provenance" / "environment.lock").read_text(encoding="utf-8").splitlines()
    versions = dict(line.split("==", 1) for line in lock if "==" in line)
    is_embedded = not engines or engines[-1] == "embedded"
    driver = "kglite" if is_embedded else "neo4j"
    engine = f"{driver} {versions.get(driver, '')}".strip()
    return {
        **{name: str(made.get(name, "")) for name in ("tool", "version", "python", "system")},
        "engine": engine if is_embedded else f"a Neo4j server, by the driver {engine}",
    }


def prov(master: Master, files: Mapping[str, str], officers: Mapping[str, str]) -> bytes:
    """Write W3C PROV-JSON: the files are made from the master, the master from the exhibits.

    ``files`` gives the SHA-256 of each file by name; ``officers`` who received each exhibit.
    """
    exhibits = {f"lw:{one['exhibit']}": one for one in master.exhibits}
    made = {f"lw:{name}": {"lw:sha256": found} for name, found in files.items()}
    agents = sorted(set(officers.values()))
    document = {
        "prefix": {"lw": "urn:linkwright:"},
        "entity": {
            **{id_: {"lw:sha256": one["sha256"], "lw:name": one["name"]}
               for id_, one in exhibits.items()},
            **made,
        },
        "activity": {
            "lw:derive": {
                "prov:label": "load the exhibits, ask the packs, gather the master",
                "prov:endTime": master.spec.as_of,
            },
            "lw:draw": {"prov:label": "draw the exhibit from the master"},
        },
        "agent": {f"lw:officer/{name}": {"prov:label": name} for name in agents},
        "used": {
            **{f"_:u{at}": {"prov:activity": "lw:derive", "prov:entity": id_}
               for at, id_ in enumerate(exhibits)},
            "_:m": {"prov:activity": "lw:draw", "prov:entity": "lw:graph/graph.json"},
        },
        "wasGeneratedBy": {
            f"_:g{at}": {
                "prov:entity": id_,
                "prov:activity": "lw:draw" if "exhibit/" in id_ else "lw:derive",
            }
            for at, id_ in enumerate(made)
        },
        "wasAttributedTo": {
            f"_:a{at}": {"prov:entity": f"lw:{exhibit}", "prov:agent": f"lw:officer/{who}"}
            for at, (exhibit, who) in enumerate(sorted(officers.items()))
        },
    }  # fmt: skip
    return canonical(document)


def validation(master: Master, proofs: Mapping[str, tuple[int, int]]) -> str:
    """Say what is known of the questions that were asked: their own cases, and nothing more.

    ``proofs`` gives for each pack how many of its cases passed, and how many there are.
    """
    lines = [
        "# Validation report  验证报告\n",
        "Each question (pack) carries cases that it must find and innocents that it must not.",
        "各查询自带应命中与不应命中的样例，结果如下。\n",
        "| pack | revision | cases passed | text SHA-256 |",
        "|---|---|---|---|",
    ]
    for asked in master.asked:
        passed, whole = proofs.get(asked.pack, (0, 0))
        told = f"{passed} of {whole}" if whole else "not run here"
        lines.append(f"| {asked.pack} | {asked.revision} | {told} | {asked.sha256} |")
    if master.spec.trace:
        lines.append(
            f"\nMoney is followed by the rule '{master.spec.rule}': an assumption that the law "
            "makes, which no record proves.\n"
            f"资金按“{master.spec.rule}”规则追踪：系法律上的推定方法，非记录所能证明。"
        )
    lines.append(
        "\nNot validated on real cases: precision and recall are unknown.\n"
        "未在实案上测定准确率与召回率。\n"
    )
    return "\n".join(lines)


def sampling(master: Master) -> bytes:
    """Record that nothing was sampled: all rows of all exhibits were read."""
    return canonical(
        {
            "method": "none: every row of every exhibit was read",
            "frame_rows": master.controls["source_rows"],
            "unselected": 0,
        }
    )
