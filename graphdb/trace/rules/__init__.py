"""The rules of tracing, one file each with its source."""

from typing import Final

from graphdb.errors import WrongUsage
from graphdb.trace.nouns import Rule
from graphdb.trace.rules.fifo import Fifo
from graphdb.trace.rules.lifo import Lifo
from graphdb.trace.rules.lowest_balance import LowestBalance
from graphdb.trace.rules.poison import Poison
from graphdb.trace.rules.pro_rata import ProRata

RULES: Final[tuple[type[Rule], ...]] = (Fifo, Lifo, ProRata, LowestBalance, Poison)


def rule_named(name: str) -> type[Rule]:
    """Find a rule.

    >>> rule_named("fifo").says
    'first in, first out'

    Raises:
        WrongUsage: there is no such rule.
    """
    for rule in RULES:
        if rule.name == name:
            return rule
    raise WrongUsage(
        f"there is no tracing rule '{name}'", fix=f"one of: {', '.join(r.name for r in RULES)}"
    )


def rules_named(text: str, *, backward: bool = False) -> list[str]:
    """Read the names of rules with commas between, or ``all`` that can run in this direction.

    >>> rules_named("fifo, lifo"), len(rules_named("all"))
    (['fifo', 'lifo'], 5)

    Raises:
        WrongUsage: there is no such rule.
    """
    if text == "all":
        return [rule.name for rule in RULES if rule.is_reversible or not backward]
    return [rule_named(name.strip()).name for name in text.split(",")]
