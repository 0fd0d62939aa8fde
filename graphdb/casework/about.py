"""What a case says about itself: ``case.toml`` with its id, its name and where its graph is."""

import json
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graphdb.errors import InputRefused, WrongUsage

_FILE: Final = "case.toml"


@dataclass(frozen=True, slots=True)
class About:
    """The id (made once, at random), the name that people gave, and the engine of a case."""

    id: str
    name: str
    engine: str

    @staticmethod
    def of(folder: Path) -> "About":
        """Read what the case in a folder says.

        Raises:
            WrongUsage: there is no case.
            InputRefused: the file cannot be read.
        """
        file = folder / _FILE
        try:
            about = tomllib.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise WrongUsage(
                "there is no case here",
                where=str(folder),
                fix="'linkwright new DIR' makes one; --case DIR names one",
            ) from error
        except (OSError, ValueError) as error:
            raise InputRefused(f"the case cannot be read: {error}", where=str(file)) from error
        name = str(about.get("name", folder.name))
        return About(str(about.get("id", name)), name, str(about.get("engine", "embedded")))

    def write(self, folder: Path) -> None:
        """Replace the file atomically."""
        # JSON strings are TOML strings, so a name with quotes cannot break the file.
        lines = (
            f"id = {json.dumps(self.id)}",
            f"name = {json.dumps(self.name, ensure_ascii=False)}",
            f"engine = {json.dumps(self.engine)}",
        )
        draft = folder / f"{_FILE}.new"
        draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
        os.replace(draft, folder / _FILE)  # noqa: PTH105 - replaces on Windows too


def is_case(folder: Path) -> bool:
    """Tell whether a folder holds a case."""
    return (folder / _FILE).exists()
