"""The nouns of a bundle: what was asked for, what was found, and what a check says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphdb.model import Chain, Entity, Finding, Link, SourceRow


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a verification; ``ok`` is None where it could not be checked here."""

    name: str
    ok: bool | None
    what: str


@dataclass(frozen=True, slots=True)
class Spec:
    """What a bundle was asked to show: everything that, with the evidence, decides its bytes.

    ``packs`` are asked with ``settings``; without packs it is the chain through ``through``, or
    the money from the entities of ``trace``, followed by ``rule``.
    ``as_of`` and ``log_head`` name the last entry of the case log that was looked at.
    """

    number: str
    title: str
    case: str
    purpose: str
    packs: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    through: tuple[tuple[str, str], ...] = ()
    recorded_only: bool = False
    examiner: str = ""
    redact: str = ""
    as_of: str = ""
    log_head: str = ""
    trace: tuple[str, ...] = ()
    rule: str = ""
    backward: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A pack that was asked: its text, its parameters, and the hash of what it found."""

    pack: str
    revision: int
    sha256: str
    parameters: Mapping[str, Any]
    found: int
    result_sha256: str
    not_run: str = ""


@dataclass(frozen=True, slots=True)
class Master:
    """The canonical graph of an exhibit, from which every drawing is made.

    ``excluded`` and ``contradicting`` name rows with the reason; ``controls`` are the sums that
    must agree; ``trails`` are what the rule says of the money, as plain JSON.
    """

    spec: Spec
    entities: tuple[Entity, ...]
    links: tuple[Link, ...]
    findings: tuple[Finding, ...]
    chains: tuple[Chain, ...]
    sources: tuple[SourceRow, ...]
    asked: tuple[Asked, ...]
    excluded: tuple[tuple[str, str], ...]
    contradicting: tuple[tuple[str, str], ...]
    exhibits: tuple[Mapping[str, Any], ...]
    controls: Mapping[str, int]
    trails: tuple[Mapping[str, Any], ...] = ()
