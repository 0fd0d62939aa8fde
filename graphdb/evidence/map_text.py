"""Write a proposed map as the small TOML that an officer reads, corrects and uses."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import tomlkit
from tomlkit.items import Table

from graphdb.evidence.guess import Proposal

_LONGEST: Final = 40


def map_text(proposal: Proposal, file: str) -> str:
    r"""Write the map of a proposal; samples and reasons stand beside it as comments.

    >>> from graphdb.evidence.guess import Proposal
    >>> from graphdb.evidence.mapping import TableMap
    >>> given = TableMap("devices", {"device": ("mediumId",)})
    >>> print(map_text(Proposal(given, (), ()), "medium.csv").splitlines()[-1])
    device = "mediumId"
    """
    document = tomlkit.document()
    document.add(tomlkit.comment(f"A map for {_plain(file)}: a guess. Check each line, then"))
    document.add(tomlkit.comment(f"linkwright add {_plain(file)} --map THIS_FILE"))
    given = proposal.map
    document["table"] = given.table
    for key in ("delimiter", "encoding", "zone", "platform", "name"):
        value = getattr(given, key)
        if value is not None:
            document[key] = value
    if given.zone is None:
        document.add(tomlkit.comment('zone = "Asia/Shanghai"  # of times that name none'))
    if given.platform is None:
        document.add(tomlkit.comment('platform = "bank"  # of account numbers that name none'))
    document["columns"] = _columns(proposal)
    for name, parts in (("values", given.values), ("times", given.times)):
        if parts:
            document[name] = _sections(parts)
    return tomlkit.dumps(document)


def _columns(proposal: Proposal) -> Table:
    section = tomlkit.table()
    told = {guess.header: guess for guess in proposal.columns}
    for column, headers in proposal.map.columns.items():
        for header in headers:
            if header in told:
                guess = told[header]
                section.add(tomlkit.comment(f"{_samples(guess.samples)}: {_plain(guess.why)}"))
        section.add(column, headers[0] if len(headers) == 1 else list(headers))
    for column in proposal.missing:
        section.add(tomlkit.comment(f'required, and not found: {column} = "header in the file"'))
    for guess in proposal.columns:
        if guess.column is None:
            what = f"not used: {_plain(guess.header)} ({_samples(guess.samples)})"
            section.add(tomlkit.comment(what))
    return section


def _sections(parts: Mapping[str, Mapping[str, str]]) -> Table:
    section = tomlkit.table(is_super_table=True)
    for name, words in parts.items():
        inner = tomlkit.table()
        for written, word in words.items():
            inner.add(written, word)
        section.add(name, inner)
    return section


def _samples(samples: Sequence[str]) -> str:
    return ", ".join(map(_plain, samples)) or "empty"


def _plain(text: str) -> str:
    """Write text of the file as part of one comment: it can end no line and hide no other."""
    one = "".join(character if character.isprintable() else " " for character in text)
    one = re.sub(r" +", " ", one)
    return one if len(one) <= _LONGEST else one[:_LONGEST] + "..."
