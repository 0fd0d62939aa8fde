"""Start a real Neo4j Community server from Maven's jars, run a command against it, stop it.

    python tests/neo4j/server.py -- pytest -m neo4j
    python tests/neo4j/server.py --servers 2 -- pytest --numprocesses 2

The command sees GRAPHDB_TEST_NEO4J (the Bolt URLs, one for each worker of the tests) and
LINKWRIGHT_NEO4J_USER / _PASSWORD.
It needs Java 17 and Maven, no Docker; jars are kept in .neo4j/ between runs.
"""

import argparse
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

HERE = Path(__file__).parent
JARS = HERE.parent.parent / ".neo4j" / "lib"
START_SECONDS = 120
# Neo4j reaches into these packages of the JDK by reflection.
OPENED = ("java.nio", "java.io", "java.lang", "java.util.concurrent", "sun.nio.ch")


def jars() -> Path:
    """Let Maven bring the server's jars, once."""
    if not any(JARS.glob("neo4j-5.*.jar")):
        maven = shutil.which("mvn")
        if maven is None or shutil.which("java") is None:
            raise SystemExit("a real Neo4j needs Java 17 and Maven on the PATH")
        command = [maven, "-q", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
        subprocess.run([*command, f"-DoutputDirectory={JARS}"], check=True)
    return JARS


def free_port() -> int:
    """Ask the system for a loopback port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(servers: int = 1) -> Iterator[dict[str, str]]:
    """Run servers in throw-away folders and give the environment that reaches them."""
    password = secrets.token_hex(16)  # no sign that a command reads as an option
    with ExitStack() as stack:
        urls = [stack.enter_context(_running(password)) for _ in range(servers)]
        yield {
            "GRAPHDB_TEST_NEO4J": " ".join(urls),
            "LINKWRIGHT_NEO4J_USER": "neo4j",
            "LINKWRIGHT_NEO4J_PASSWORD": password,
        }


@contextmanager
def _running(password: str) -> Iterator[str]:
    lib = jars()
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="neo4j-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        conf = home / "conf"
        conf.mkdir()
        (conf / "neo4j.conf").write_text(
            f"server.bolt.listen_address=127.0.0.1:{port}\n"
            f"server.bolt.advertised_address=127.0.0.1:{port}\n"
            "server.http.enabled=false\n"
            "server.https.enabled=false\n"
            "dbms.usage_report.enabled=false\n"
            "server.memory.pagecache.size=256m\n",
            encoding="utf-8",
        )
        environment = os.environ | {"NEO4J_HOME": str(home), "NEO4J_CONF": str(conf)}
        java = ["java", "-cp", str(lib / "*")]
        subprocess.run(
            [*java, "org.neo4j.cli.AdminTool", "dbms", "set-initial-password", password],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED]
        entry = ["org.neo4j.server.CommunityEntryPoint", f"--home-dir={home}"]
        with (home / "console.log").open("wb") as console:
            server = subprocess.Popen(
                ["java", "-Xmx1g", *opens, *java[1:], *entry, f"--config-dir={conf}"],
                env=environment,
                stdout=console,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_until_started(server, home)
            yield f"bolt://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(60)


def wait_until_started(server: "subprocess.Popen[bytes]", home: Path) -> None:
    """Wait for the log to say Started; show the console if the server dies instead."""
    log = home / "logs" / "neo4j.log"
    patience = time.monotonic() + START_SECONDS
    while time.monotonic() < patience:
        if server.poll() is not None:
            break
        if log.exists() and "Started." in log.read_text(encoding="utf-8", errors="replace"):
            return
        time.sleep(0.2)
    console = (home / "console.log").read_text(encoding="utf-8", errors="replace")
    raise SystemExit(f"the Neo4j server did not start:\n{console[-2000:]}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Run a command against real Neo4j servers.")
    parser.add_argument("--servers", type=int, default=1)
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    with running(asked.servers) as reached:
        sys.exit(subprocess.run(asked.command, env=os.environ | reached, check=False).returncode)
