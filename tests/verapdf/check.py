"""Let veraPDF judge whether PDF files keep PDF/A-3u; its jars come from Maven, once.

python tests/verapdf/check.py chart.pdf
"""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
JARS = HERE.parent.parent / ".verapdf" / "lib"


def is_possible() -> bool:
    """Tell whether this machine has Java and Maven."""
    return bool(shutil.which("java") and shutil.which("mvn"))


def judge(files: list[Path]) -> tuple[bool, str]:
    """Say whether all files pass, and what veraPDF said of each."""
    if not any(JARS.glob("validation-model-*.jar")):
        maven = [shutil.which("mvn") or "mvn", "-q", "-f", str(HERE / "pom.xml")]
        copy = ["dependency:copy-dependencies", f"-DoutputDirectory={JARS}"]
        subprocess.run([*maven, *copy], check=True)
    java = ["java", "-Xmx512m", "-cp", str(JARS / "*"), str(HERE / "Judge.java")]
    done = subprocess.run([*java, *map(str, files)], capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout + done.stderr


if __name__ == "__main__":
    good, said = judge([Path(name) for name in sys.argv[1:]])
    sys.stdout.write(said)
    sys.exit(0 if good else 1)
