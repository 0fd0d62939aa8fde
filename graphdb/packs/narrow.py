"""Narrow a question to the entity it is asked of, before an engine plans it.

Packs write ``($seller IS NULL OR seller.id = $seller)``: asked without a seller, all of them are
looked at. No engine finds one node by its index behind an OR: both would look at every node of the
label, and a seeded question would feel the size of the case. So with a seller in hand the condition
itself is what they are asked.
"""

import re
from collections.abc import Collection
from typing import Final

# A condition of this form in parentheses, or as the whole of a WHERE; not in strings and comments.
_OPTIONAL: Final = re.compile(
    r"""'(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*" | //[^\n]*
      | (?P<begin>\( | \bWHERE\s+) \s* \$(?P<name>\w+) \s+IS\s+NULL\s+OR\s+
    """,
    re.IGNORECASE | re.VERBOSE,
)


def narrowed(text: str, given: Collection[str]) -> str:
    """Leave of each ``$name IS NULL OR condition`` the condition, where the name has a value.

    >>> narrowed("MATCH (a) WHERE ($id IS NULL OR a.id = $id) AND a.hub IS NULL", {"id"})
    'MATCH (a) WHERE (a.id = $id) AND a.hub IS NULL'
    """
    return _OPTIONAL.sub(lambda found: found["begin"] if found["name"] in given else found[0], text)
