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
    """Hold every key against the fingerprint that the database keeps; leave with 1 where one is missing, damaged or another.

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
    """Go on with a key as it is now, made anew where it is missing: the one from before is lost for good.

    With another secret no receipt and no link from before opens anything; with another key nobody can check what was signed
    before by the one that is published now. It is written to the log.

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
