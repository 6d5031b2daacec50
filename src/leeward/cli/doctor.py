"""`leeward doctor`: what is missing or unsafe."""

from typing import Annotated

import typer

from leeward.cli.output import show


def doctor(as_json: Annotated[bool, typer.Option("--json", help="One JSON object a finding.")] = False) -> int:
    """Report what is missing or unsafe in this installation; exit with 1 if anything is. Files that other users may open are
    closed to them once reported.

    Example: leeward doctor --json
    """
    from leeward.site.start import start_watching

    start_watching()
    from leeward.site.doctor import findings, repairs

    found = [*findings(), *repairs()]
    if as_json:
        show(found, as_json=True)
    else:
        for finding in found:
            print(f"{finding.id}  {finding.sentence}\n    {finding.hint}")
        if not found:
            print("Nothing is missing or unsafe.")
    return 1 if found else 0
