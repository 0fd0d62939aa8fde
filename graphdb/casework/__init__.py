"""Casework: each module joins some of the stages for one of the things a case does."""
