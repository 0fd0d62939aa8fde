"""What is withheld, and the one rule by which it is found: for pseudonyms and for the leak scan.

An id or a Latin name is found only where no further letter or digit joins it; Chinese has no such
bounds. The longest text at the leftmost place wins, so the name of somebody who is not withheld
stays whole although a withheld name is a part of it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

# Letters and digits that make words by standing together; Han characters are not among them.
_SOLID: Final = "0-9a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u1fff"
_IS_SOLID: Final = re.compile(f"[{_SOLID}]")
_WIDE: Final = re.compile("[\uff01-\uff5e]")
_NARROW: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# A number that long is also found when it is written in groups: 6200 0000 0000 0101.
_GROUPED: Final = 11
_GAP: Final = "[ \u00a0-]?"
_GAPS: Final = re.compile(_GAP[:-1])

_Trie = dict[str, "_Trie"]


@dataclass(frozen=True)
class Withheld:
    """Texts that are withheld, by what stands for each, and longer names that are not.

    >>> who = Withheld({"李明": "Person-001", "a17": "Account-001"}, frozenset({"李明华"}))
    >>> who.text("李明付给李明华, A17; a170")
    'Person-001付给李明华, Account-001; a170'
    >>> [*who.found("ａ17 / 李明华")]
    ['a17']
    """

    names: Mapping[str, str]
    kept: frozenset[str] = field(default=frozenset())

    def text(self, text: str) -> str:
        """Put what stands for it wherever a withheld text is found."""
        parts, at = [], 0
        for start, end, name in self._matches(text):
            parts += [text[at:start], self.names[name]]
            at = end
        return "".join([*parts, text[at:]]) if parts else text

    def found(self, text: str) -> Iterator[str]:
        """Give the withheld texts that are found, each once."""
        yield from dict.fromkeys(name for _, _, name in self._matches(text))

    def _matches(self, text: str) -> Iterator[tuple[int, int, str]]:
        if self._pattern is None:
            return
        for match in self._pattern.finditer(_folded(text)):
            found = match[0] if match[0] in self._known else _GAPS.sub("", match[0])
            name = self._known.get(found)
            if name is not None:
                yield match.start(), match.end(), name

    @cached_property
    def _known(self) -> dict[str, str | None]:
        """Give each text as it is searched for, with the text as written; None is kept."""
        known: dict[str, str | None] = {}
        for name in self.names:
            known.setdefault(_folded(name), name)
        return {**dict.fromkeys(map(_folded, self.kept)), **known}

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        inner, outer, grouped = _Trie(), _Trie(), _Trie()
        for text in filter(None, self._known):
            is_number = text.isascii() and text.isdecimal() and len(text) >= _GROUPED
            trie = grouped if is_number else inner if _IS_SOLID.match(text) else outer
            for letter in text:
                trie = trie.setdefault(letter, _Trie())
            trie[""] = _Trie()
        solid = [_written(one, gap) for one, gap in ((grouped, _GAP), (inner, "")) if one]
        ways = [f"(?<![{_SOLID}])(?:{'|'.join(solid)})"] if solid else []
        ways += [_written(outer, "")] if outer else []
        return re.compile("|".join(ways)) if ways else None


def _written(trie: _Trie, gap: str, last: str = "") -> str:
    """Write a trie as a pattern: the longest text first, none within a longer word.

    An alternation of thousands of texts is tried one by one at every place; a trie only along one
    of its paths.
    """
    ways = [
        re.escape(letter) + _written(rest, gap, letter)
        for letter, rest in sorted(trie.items())
        if letter
    ]
    between = gap if last else ""
    inside = between + (ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})") if ways else ""
    if "" not in trie:
        return inside
    end = f"(?![{_SOLID}])" if _IS_SOLID.match(last) else ""
    return f"(?:{inside}|{end})" if inside else end


def _folded(text: str) -> str:
    """Write capitals small and full-width signs narrow; every character stays in its place."""
    if _WIDE.search(text):
        text = text.translate(_NARROW)
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
