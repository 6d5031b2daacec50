"""`leeward bank`: the bank of known hashes."""

import typer

from leeward.cli import bank_police

app = typer.Typer()
app.command()(bank_police.ask)
app.command()(bank_police.triage)
app.command()(bank_police.overlaps)
