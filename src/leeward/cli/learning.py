"""`leeward learning`: catalogues of learning material that others publish."""

from pathlib import Path
from typing import Annotated

import typer

from leeward.cli.output import complain, show
from leeward.foundation.errors import BadInput

app = typer.Typer()


@app.command("harvest")
def harvest_catalogue(
    address: Annotated[str, typer.Argument(help="A JSON feed or JSON-LD; with --oai the address of a repository.")],
    oai: Annotated[bool, typer.Option("--oai", help="Harvest an OAI-PMH repository, page by page.")] = False,
    out: Annotated[Path | None, typer.Option(help="The table to write; standard output without it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object an entry, instead of a table.")] = False,
) -> int:
    """Fetch another catalogue as a CSV table, to be read over and imported on the desk; nothing is imported by it.

    Example: leeward learning harvest https://l.example/jm/learn/feed.json --out others.csv
    """
    from leeward.site.start import start_on_tables

    start_on_tables()
    from leeward.awareness.harvesting import harvest
    from leeward.awareness.rules.sheet import write_sheet

    found = harvest(address, is_oai=oai)
    for sentence in found.left_out:
        complain(f"left out {sentence}")
    if as_json:
        show(found.entries, as_json=True)
        return 0
    text = write_sheet(found.entries)
    if out is None:
        print(text, end="")
        return 0
    try:
        out.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise BadInput(what=f"--out {out}", why=(error.strerror or str(error)).lower()) from error
    print(f"{out}\t{len(found.entries)}")
    return 0
