"""`leeward keys`: the secret and the keys that this installation was made with."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from leeward.cli.output import show

app = typer.Typer()
NEW = "new"  # as `audit.fingerprints` has it, which needs settings and so a secret


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a key.")] = False,
) -> int:
    """Compare every key with its fingerprint in the database; exit with 1 if one is missing, damaged or different.

    Example: leeward keys status
    """
    from leeward.site.start import start_on_tables

    start_on_tables()
    from leeward.audit.fingerprints import NAMES, problems

    wrong = {str(problem.values["name"]): problem.text for problem in problems()}
    rows = [{"key": name, "ok": name not in wrong, "problem": wrong.get(name)} for name in NAMES]
    show(rows, as_json=as_json)
    return 1 if wrong else 0


@app.command()
def accept(
    name: Annotated[str, typer.Argument(help="secret, audit.key or lists.key.")],
    fingerprint: Annotated[
        str,
        typer.Option("--fingerprint", help="The key’s fingerprint as it is shown, or NEW where it will be made anew."),
    ] = "",
) -> int:
    """Accept a key as it is now, or a new one if it is missing: the old one is lost for good.

    The fingerprint of the key is shown, and must be typed or given with --fingerprint: compare it first with whoever made the key.
    With another secret, no earlier receipt or link works; with another key, nobody can check earlier signatures with the key that
    is published now. This is logged with the fingerprint.

    Example: leeward keys accept lists.key
    """
    from leeward.audit.errors import WrongFingerprint
    from leeward.site.config import Config
    from leeward.site.secret_file import is_none, make_secret
    from leeward.site.start import prepare_database

    makes_secret = name == "secret" and is_none(Config())
    shown = NEW if makes_secret else _shown(name)
    if shown == NEW:
        print(f"{name} is missing or damaged: it will be made anew. To accept that, the fingerprint is the word NEW.")
    else:
        print(f"{name} as it is now: {shown}")
    if not fingerprint:
        if not sys.stdin.isatty():
            print("Nothing was accepted. Compare it, then give it with --fingerprint.")
            return 2
        fingerprint = typer.prompt("Compare it with whoever made the key, then type it")
    if makes_secret:  # without one nothing starts, so it is made only now
        if fingerprint.strip().casefold() != NEW:
            raise WrongFingerprint(name=name)
        make_secret(Config())
        fingerprint = _shown(name)
    prepare_database()
    from leeward.audit.fingerprints import accept as accept_key
    from leeward.foundation.actor import Actor

    accepted = accept_key(name, shown=fingerprint, actor=Actor(kind="command"), now=datetime.now(UTC))
    print(f"Accepted: {name}, {accepted}.")
    return 0


def _shown(name: str) -> str:
    from leeward.site.start import start

    start()
    from leeward.audit.fingerprints import fingerprint_now

    return fingerprint_now(name)
