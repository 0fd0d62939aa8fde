"""Linkwright: turn a folder of evidence into a graph, ask it, and draw link charts for court."""

__version__ = "0.1.0"
