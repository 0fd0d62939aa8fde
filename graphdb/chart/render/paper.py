"""Paper: what a page is made of (strokes and texts, in millimetres), and how wide a text runs.

Every printed format draws the same pages, so what is legible in one is legible in all.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

# A3 landscape.
WIDTH: Final = 420.0
HEIGHT: Final = 297.0
MARGIN: Final = 12.0
# The smallest text and the thinnest line of a court exhibit.
SMALLEST: Final = 8.0
THINNEST: Final = 0.35
MM_PER_POINT: Final = 25.4 / 72

_COMMAND: Final = re.compile(r"([MLHVQCSAZ])([^MLHVQCSAZ]*)")
_HALF_CODE: Final = re.compile("[〈⟨](U(\\+[0-9A-F]*)?)?$")
_NUMBER: Final = re.compile(r"-?\d*\.?\d+")


@dataclass(frozen=True, slots=True)
class Stroke:
    """A path in SVG's absolute commands; black, and filled with white, black or nothing."""

    path: str
    width: float = THINNEST
    dash: tuple[float, ...] = ()
    fill: Literal["none", "white", "black"] = "none"


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text on its baseline; ``size`` is in points."""

    x: float
    y: float
    says: str
    size: float = SMALLEST
    anchor: Literal["start", "middle", "end"] = "start"


@dataclass(frozen=True, slots=True)
class Page:
    """A page: what is drawn on it, from the back to the front."""

    drawn: tuple[Stroke | Text, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that something takes up."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: "Box") -> float:
        """Tell how much of the other it covers, in square millimetres."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide * high if wide > 0 and high > 0 else 0.0


def mm(value: float) -> str:
    """Write a length the same way on every machine.

    >>> mm(12.0), mm(0.3528), mm(-0.0001)
    ('12', '0.35', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"", "-0"} else text


def width_of(text: str, size: float = SMALLEST) -> float:
    """Tell how wide a text runs at most, in millimetres.

    >>> round(width_of("资金流向"), 1)
    11.3
    """
    ems = sum(1.0 if ord(letter) >= 0x2E80 else 0.6 for letter in text)
    return ems * size * MM_PER_POINT


def wrapped(text: str, width: float, size: float = SMALLEST) -> list[str]:
    """Break a text into lines of at most a width: at spaces, between Chinese, else anywhere.

    >>> wrapped("two words", 10)
    ['two', 'words']
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in re.findall(r"[^\S\n]+|[\u2e80-\U0010ffff]|[^\s\u2e80-\U0010ffff]+", paragraph):
            if width_of(line + word.rstrip(), size) <= width:
                line += word
                continue
            if line.strip():
                lines.append(line.rstrip())
            line = word.lstrip()
            while width_of(line, size) > width:
                cut = next(n for n in range(len(line), 0, -1) if n == 1 or
                           width_of(line[:n], size) <= width)  # fmt: skip
                lines.append(line[:cut])
                line = line[cut:]
        lines.append(line.rstrip())
    return lines


def clipped(text: str, width: float, size: float = SMALLEST) -> str:
    """Cut a text that is too long for its place, with a sign; half a code would be another's.

    >>> clipped("赵〈U+20000〉〈U+1F600〉", 26)
    '赵〈U+20000〉…'
    """
    if width_of(text, size) <= width:
        return text
    while text and width_of(text + "…", size) > width:
        text = _HALF_CODE.sub("", text[:-1])
    return text + "…"


def moved(path: str, scale: float, dx: float, dy: float) -> str:
    """Scale a path and put it elsewhere."""
    parts: list[str] = []
    for letter, written in _COMMAND.findall(path):
        numbers = [float(number) for number in _NUMBER.findall(written)]
        if letter == "A":
            placed = [
                value * scale if at % 7 < 2
                else value if at % 7 < 5
                else value * scale + (dx if at % 7 == 5 else dy)
                for at, value in enumerate(numbers)
            ]  # fmt: skip
        elif letter == "V":
            placed = [value * scale + dy for value in numbers]
        else:
            placed = [v * scale + (dy if at % 2 else dx) for at, v in enumerate(numbers)]
        parts.append(letter + " ".join(mm(value) for value in placed))
    return "".join(parts)


def ruled(x1: float, y1: float, x2: float, y2: float, width: float = THINNEST) -> Stroke:
    """Draw a straight line."""
    return Stroke(f"M{mm(x1)} {mm(y1)}L{mm(x2)} {mm(y2)}", width)


def blank(box: Box) -> Stroke:
    """Cover what is drawn behind a box."""
    left, top, right, bottom = map(mm, (box.left, box.top, box.right, box.bottom))
    path = f"M{left} {top}L{right} {top}L{right} {bottom}L{left} {bottom}Z"
    return Stroke(path, 0, fill="white")


def block(x: float, y: float, lines: Sequence[str], size: float = SMALLEST) -> list[Text]:
    """Set lines of text under each other."""
    pitch = size * MM_PER_POINT * 1.3
    return [Text(x, y + at * pitch, line, size) for at, line in enumerate(lines)]
