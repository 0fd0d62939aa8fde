"""Pages of a PDF as pictures, for Word, which cannot hold a page of a PDF."""

import io
from typing import Final

# Dots an inch at which 8 pt on A3 stays legible when it is shown across A4.
_DPI: Final = 150


def pages_as_png(pdf: bytes, most: int) -> tuple[tuple[bytes, ...], int]:
    """Draw the first pages of a PDF in grey; give them, and how many it has."""
    import pypdfium2

    pictures = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number in range(min(len(document), most)):
            page = document[number]
            image = page.render(scale=_DPI / 72, grayscale=True).to_pil()
            file = io.BytesIO()
            image.save(file, "PNG", dpi=(_DPI, _DPI))
            pictures.append(file.getvalue())
            page.close()
        return tuple(pictures), len(document)
