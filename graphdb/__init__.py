"""Linkwright: turn a folder of evidence into a graph, ask it, and draw link charts for court.

``graphdb.open_case(folder)`` is where a notebook begins (docs/api.md).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphdb.answers import Chains, Drawing, Findings, Trails
    from graphdb.desk import Desk, open_case

__version__ = "0.1.0"
__all__ = ["Chains", "Desk", "Drawing", "Findings", "Trails", "__version__", "open_case"]


def __getattr__(name: str) -> Any:
    """Load the notebook's door when it is used: commands start without it."""
    if name in __all__:
        from graphdb import desk

        return getattr(desk, name)
    raise AttributeError(f"module 'graphdb' has no attribute {name!r}")
