"""Run the command line in a checkout: ``python -m cli``."""

from .app import app

app(prog_name="linkwright")
