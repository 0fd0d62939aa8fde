"""The formats in which a chart can be written: one module and one line in ``RENDERERS`` each."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from graphdb.chart.nouns import Chart
from graphdb.chart.render.html import html_bytes
from graphdb.chart.render.pdf import pdf_bytes
from graphdb.chart.render.svg import svg_bytes
from graphdb.errors import WrongUsage, quoted

# A renderer gives the bytes of one file or of several, one a page.
Renderer = Callable[[Chart], bytes | tuple[bytes, ...]]
RENDERERS: Final[tuple[tuple[str, Renderer], ...]] = (
    (".html", html_bytes),
    (".svg", svg_bytes),
    (".pdf", pdf_bytes),
)


def rendered(chart: Chart, suffix: str) -> tuple[bytes, ...]:
    """Draw a chart in the format of a suffix: one file, or one for each page.

    Raises:
        WrongUsage: no renderer knows the suffix.
    """
    for known, bytes_of in RENDERERS:
        if suffix.lower() == known:
            drawn = bytes_of(chart)
            return (drawn,) if isinstance(drawn, bytes) else drawn
    raise WrongUsage(
        f"a chart cannot be written as {quoted(suffix)}",
        fix=f"give the file one of these suffixes: {', '.join(known for known, _ in RENDERERS)}",
    )


def render(chart: Chart, path: Path) -> tuple[Path, ...]:
    """Write a chart in the format that the suffix of the file names; further pages get numbers.

    Raises:
        WrongUsage: no renderer knows the suffix.
    """
    try:
        files = rendered(chart, path.suffix or path.name)
    except WrongUsage as error:
        error.where = str(path)
        raise
    written = []
    for number, content in enumerate(files, start=1):
        file = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
        file.write_bytes(content)
        written.append(file)
    return tuple(written)
