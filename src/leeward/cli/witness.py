"""`leeward witness`: who cosigns our log, and whose logs we cosign."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from leeward.cli.output import show
from leeward.foundation.actor import Actor
from leeward.foundation.names import shown

app = typer.Typer()
COMMAND = Actor("command")
COLUMNS = ("kind", "name", "size", "cosigned_at", "problem", "restored")


@app.command("list")
def list_all(as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> int:
    """List the witnesses that are asked and the logs that are watched; exit with 1 if one has a problem.

    `restored` says of a log between which times it knows of nothing, as it says itself after restoring a backup.

    Example: leeward witness list
    """
    _start()
    from leeward.witnessing.queries import everything

    lines = everything()
    show(lines, as_json=as_json, columns=None if as_json else COLUMNS, with_heading=True)
    return 1 if any(line.problem for line in lines) else 0


@app.command()
def ask(
    url: Annotated[str, typer.Argument(help="The witness's address; /add-checkpoint is added.")],
    vkey: Annotated[str, typer.Argument(help="Its key: name+id+base64, compared by telephone.")],
) -> int:
    """Ask a witness, from now on, to cosign every checkpoint of this installation's log.

    Example: leeward witness ask https://hotline.example/witness hotline.example/witness+9c2477d8+BDVT…
    """
    _start()
    from leeward.witnessing.services import add_witness

    add_witness(url, vkey, actor=COMMAND, now=datetime.now(UTC))
    return 0


@app.command()
def watch(vkey: Annotated[str, typer.Argument(help="The log's key: name+id+base64, compared by telephone.")]) -> int:
    """Cosign the checkpoints of another installation's log from now on; its first one is taken on trust.

    Example: leeward witness watch hotline.example/audit/1+44bffe34+AbQs…
    """
    _start()
    from leeward.witnessing.services import watch_log

    watch_log(vkey, actor=COMMAND, now=datetime.now(UTC))
    return 0


@app.command()
def evidence(
    name: Annotated[str, typer.Argument(help="The name of the log, as list shows it.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a request.")] = False,
) -> int:
    """Print the signed requests of a watched log that don't fit what it showed before, each with the note that was cosigned here
    then; exit with 1 if there are any.

    Example: leeward witness evidence hotline.example/audit/1 --json
    """
    _start()
    from leeward.witnessing.queries import evidence as kept

    found = kept(name)
    if as_json:
        show(found, as_json=True)
        return 1 if found else 0
    for each in found:
        print(f"== request of {each.at:%Y-%m-%d %H:%M:%S} UTC ==\n{_lines(each.request)}")
        print(f"== cosigned here before ==\n{_lines(each.cosigned)}")
    return 1 if found else 0


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="The name of the witness or log, as list shows it.")],
    with_evidence: Annotated[
        bool, typer.Option("--with-evidence", help="Delete the evidence kept against the log, too.")
    ] = False,
) -> int:
    """Stop asking a witness or watching a log; refused while there is evidence against the log.

    Example: leeward witness remove hotline.example/witness
    """
    _start()
    from leeward.witnessing.services import remove as remove_it

    remove_it(name, actor=COMMAND, with_evidence=with_evidence)
    return 0


def _lines(text: str) -> str:
    """Return a text of others for the screen, line by line."""
    return "\n".join(shown(line) for line in text.split("\n"))


def _start() -> None:
    from leeward.site.start import start_on_tables

    start_on_tables()
