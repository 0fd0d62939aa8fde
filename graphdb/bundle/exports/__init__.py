"""The forms in which a case is handed to other tools: one module and one line in ``EXPORTS`` each.

A stranger's export plugs in by the entry point group ``linkwright.exports``.
"""

from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

from graphdb.bundle.exports import (
    anx,
    case_jsonld,
    delimited,
    followthemoney,
    graphml,
    neo4j_admin,
    workbook,
)
from graphdb.bundle.exports.export import Export, File
from graphdb.bundle.handed import Exhibited, Handover
from graphdb.errors import WrongUsage, disk, quoted

__all__ = ["EXPORTS", "Exhibited", "Export", "File", "Handover", "export_named", "write_exports"]

EXPORTS: Final[tuple[Export, ...]] = (
    anx.EXPORT,
    graphml.EXPORT,
    delimited.EXPORT,
    workbook.EXPORT,
    case_jsonld.EXPORT,
    followthemoney.EXPORT,
    neo4j_admin.EXPORT,
)


def known_exports() -> tuple[Export, ...]:
    """Give our exports, then those of installed strangers in order of their names."""
    strangers = sorted(entry_points(group="linkwright.exports"), key=lambda point: point.name)
    return (*EXPORTS, *(point.load() for point in strangers))


def export_named(name: str) -> Export:
    """Find an export.

    >>> export_named("graphml").says
    'GraphML for yEd, Gephi, Cytoscape and networkx'

    Raises:
        WrongUsage: there is none of that name.
    """
    known = {export.name: export for export in known_exports()}
    if name not in known:
        raise WrongUsage(f"there is no export {quoted(name)}", fix=f"one of: {', '.join(known)}")
    return known[name]


def write_exports(handover: Handover, exports: Sequence[Export], folder: Path) -> tuple[Path, ...]:
    """Write the files of some exports into a folder, and name them.

    Raises:
        StoreUnreachable: the folder cannot be written.
    """
    paths = []
    with disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for export in exports:
            for name, chunks in export.files(handover):
                path = folder / name
                path.parent.mkdir(exist_ok=True)
                # What is there is not touched before the new file is whole.
                part = folder / f"{name}.part"
                with part.open("wb") as file:
                    file.writelines(chunks)
                part.replace(path)
                paths.append(path)
    return tuple(dict.fromkeys(paths))
