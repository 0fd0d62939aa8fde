"""The formats in which a chart can be written: one module and one line in ``RENDERERS`` each."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from graphdb.chart.nouns import Chart
from graphdb.chart.render.html import html_bytes
from graphdb.errors import WrongUsage, quoted

RENDERERS: Final[tuple[tuple[str, Callable[[Chart], bytes]], ...]] = ((".html", html_bytes),)


def render(chart: Chart, path: Path) -> None:
    """Write a chart in the format that the suffix of the file names.

    Raises:
        WrongUsage: no renderer knows the suffix.
    """
    for suffix, bytes_of in RENDERERS:
        if path.suffix.lower() == suffix:
            path.write_bytes(bytes_of(chart))
            return
    known = ", ".join(suffix for suffix, _ in RENDERERS)
    raise WrongUsage(
        f"a chart cannot be written as {quoted(path.suffix or path.name)}",
        where=str(path),
        fix=f"give the file one of these suffixes: {known}",
    )
