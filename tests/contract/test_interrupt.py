"""A run can be stopped: by Ctrl-C within a second (embedded), by its limit with a word."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from graphdb.case import Case
from graphdb.packs import new_pack
from graphdb.store import EMBEDDED, Store
from tests.conftest import SERVER, server_credentials

ENGINES = [EMBEDDED, pytest.param("neo4j", marks=pytest.mark.neo4j)]
# Sixty accounts on sixty devices: 60 to the power of 8 ways, which nothing counts in a minute.
ENDLESS = """
MATCH (a:Account)-[:LOGGED_IN_ON]->(d1:Device)<-[:LOGGED_IN_ON]-(b:Account)
MATCH (b)-[:LOGGED_IN_ON]->(d2:Device)<-[:LOGGED_IN_ON]-(c:Account)
MATCH (c)-[:LOGGED_IN_ON]->(d3:Device)<-[:LOGGED_IN_ON]-(e:Account)
MATCH (e)-[:LOGGED_IN_ON]->(device:Device)
WHERE a.id < e.id AND d1.id < d3.id AND b.id <> e.id
WITH device, count(*) AS accounts
RETURN device.id AS device, accounts, [device.id] AS members, ['E01:2'] AS evidence
ORDER BY accounts DESC, device
"""
# Says when everything is imported, then does what the command does.
PROGRAM = "import sys, graphdb.case; from cli import app; print('begun', flush=True); app()"


@pytest.fixture(params=ENGINES)
def endless(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Case, Path]:
    """A case, and a folder with a pack that would take for ever on it."""
    pack, _ = new_pack("devices/endless", tmp_path / "packs")
    text = pack.read_text(encoding="utf-8")
    front = text[: text.index("MATCH (account")]
    cut = front.index("// [parameter.min_accounts]"), front.index("// [column]")
    pack.write_text(front[: cut[0]] + front[cut[1] :] + ENDLESS.lstrip(), encoding="utf-8")
    logins = [f"wechat:{a},d{d},2025-03-01T10:00:00Z" for a in range(60) for d in range(60)]
    text = "\n".join(["account,device,at", *logins]) + "\n"
    (tmp_path / "logins.csv").write_text(text, encoding="utf-8")
    if request.param == EMBEDDED:
        case = Case.create(tmp_path / "case")
    else:
        server: Store = request.getfixturevalue("server")
        server.clear()
        assert SERVER is not None
        keys = server_credentials()
        case = Case.create(tmp_path / "case", engine=SERVER, credentials=keys)
    case.add([tmp_path / "logins.csv"])
    return case, tmp_path / "packs"


def test_a_pack_that_hits_its_limit_says_so(endless: tuple[Case, Path]) -> None:
    case, packs = endless
    began = time.monotonic()
    (answer,) = case.run(folder=packs, limit=timedelta(seconds=1))
    case.close()
    assert answer.findings == ()
    assert answer.not_run is not None
    assert answer.not_run.startswith("not finished: the query took longer than 1 s")
    assert time.monotonic() - began < 20


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a console, not to a process")
def test_ctrl_c_ends_a_run_within_a_second(endless: tuple[Case, Path]) -> None:
    case, packs = endless
    words = ["run", "--packs", str(packs), "--case", str(case.folder)]
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"begun\n"
        if case.engine == EMBEDDED:
            time.sleep(4)
        elif asked(case, 1) != 1:
            running.kill()
        assert running.poll() is None, "it ended before it could be interrupted"
        began = time.monotonic()
        running.send_signal(signal.SIGINT)
        code = running.wait(timeout=30)
        took = time.monotonic() - began
        said = running.stderr.read().decode() if running.stderr else ""
    assert code in (1, 130, -signal.SIGINT), said
    assert took < 1.0, said
    assert "Traceback" not in said
    if case.engine != EMBEDDED:
        assert asked(case, 0) == 0, "the server still works on it"
    case.close()


def asked(case: Case, until: int) -> int:
    """Say how many endless queries the server works on, once it is so many or for want of time."""
    text = (
        "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS $part "
        "RETURN count(*) AS n"
    )
    patience = time.monotonic() + 20
    while True:
        found = int(str(case.store.read(text, {"part": "d1.id < d3.id"}).rows[0][0]))
        if found == until or time.monotonic() > patience:
            return found
        time.sleep(0.1)
