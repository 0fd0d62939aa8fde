"""Court bundles: a sealed folder that a stranger can check, and exports to other tools."""

from graphdb.bundle.nouns import Check, Master, Spec

__all__ = ["Check", "Master", "Spec"]
