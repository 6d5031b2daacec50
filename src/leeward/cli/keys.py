"""`leeward keys`: the secret and the keys that this installation was made with."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from leeward.cli.output import show

app = typer.Typer()


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a key.")] = False,
) -> int:
    """Compare every key with its fingerprint in the database; exit with 1 if one is missing, damaged or different.

    Example: leeward keys status
    """
    from leeward.site.start import start

    start()
    from leeward.audit.fingerprints import NAMES, problems

    wrong = {str(problem.values["name"]): problem.text for problem in problems()}
    rows = [{"key": name, "ok": name not in wrong, "problem": wrong.get(name)} for name in NAMES]
    show(rows, as_json=as_json)
    return 1 if wrong else 0


@app.command()
def accept(
    name: Annotated[str, typer.Argument(help="secret, audit.key or lists.key.")],
) -> int:
    """Accept a key as it is now, or a new one if it is missing: the old one is lost for good.

    With another secret, no earlier receipt or link works; with another key, nobody can check earlier signatures with the key that
    is published now. This is logged.

    Example: leeward keys accept lists.key
    """
    from leeward.site.config import Config, make_secret
    from leeward.site.start import prepare_database, start

    if name == "secret":
        make_secret(Config())
    start()
    from leeward.audit.fingerprints import accept as accept_key
    from leeward.foundation.actor import Actor

    prepare_database()
    accept_key(name, actor=Actor(kind="command"), now=datetime.now(UTC))
    print(f"Accepted: {name} as it is now.")
    return 0
