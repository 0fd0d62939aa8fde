"""The command line: parse, call one door of ``graphdb``, print."""

from .app import app

__all__ = ["app"]
