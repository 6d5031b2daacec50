"""`leeward witness`: who cosigns our log, and whose logs we cosign."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from leeward.cli.output import show
from leeward.foundation.actor import Actor

app = typer.Typer()
COMMAND = Actor("command")
COLUMNS = ("kind", "name", "size", "cosigned_at", "problem")


@app.command("list")
def list_all(as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False) -> int:
    """List the witnesses that are asked and the logs that are watched; exit with 1 if one has a problem.

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
def remove(name: Annotated[str, typer.Argument(help="The name of the witness or log, as list shows it.")]) -> int:
    """Stop asking a witness or watching a log.

    Example: leeward witness remove hotline.example/witness
    """
    _start()
    from leeward.witnessing.services import remove as remove_it

    remove_it(name, actor=COMMAND)
    return 0


def _start() -> None:
    from leeward.site.start import start

    start()
