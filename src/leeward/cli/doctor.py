"""`leeward doctor`: what is missing or unsafe, and whether this installation keeps its promises."""

from itertools import groupby
from textwrap import fill
from typing import Annotated

import typer

from leeward.cli.output import show
from leeward.foundation.errors import BadInput


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a finding.")] = False,
    deploy: Annotated[
        bool, typer.Option("--deploy", help="Check this installation against each line of THREAT_MODEL.md instead.")
    ] = False,
) -> int:
    """Report what is missing or unsafe in this installation; exit with 1 if anything is. Files that other users may open are
    closed to them once reported.

    Example: leeward doctor --deploy
    """
    from leeward.site.start import start_watching

    start_watching()
    from leeward.site.refusing import database_file, need_database_of_keys, need_whole
    from leeward.site.upgrading import need_no_newer

    if (file := database_file()) is not None:
        need_whole(file)  # before anything opens it
    need_database_of_keys()
    need_no_newer()
    from leeward.cli.words import take_passphrase_of_command
    from leeward.sealing.queries import is_closed_here
    from leeward.site.doctor import Finding, findings, repairs
    from leeward.site.doctor_words import CLOSED

    untaken = []
    try:
        take_passphrase_of_command()
    except BadInput as error:
        untaken = [Finding("leeward.sealing.E002", error.text, str(error.hint))]
    if deploy:
        return _deploy(as_json=as_json)
    found = [*untaken, *findings(), *repairs()]
    if as_json:
        show(found, as_json=True)
    else:
        for finding in found:
            print(f"{finding.id}  {finding.sentence}\n    {finding.hint}")
        if is_closed_here():
            print(CLOSED[0])
        if not found:
            print("Nothing is missing or unsafe.")
    return 1 if found else 0


def _deploy(*, as_json: bool) -> int:
    """Print line by line of THREAT_MODEL.md whether it holds here; return 1 if one doesn't."""
    from datetime import UTC, datetime

    from leeward.installation.queries import config_now
    from leeward.site.deployment.report import not_checkable, rows, state_of
    from leeward.site.deployment.seen import Here

    found = list(rows(Here(config_now(), datetime.now(UTC))))
    if as_json:
        show(found, as_json=True)
        return 1 if state_of(found) == "doesn't" else 0
    explained, words = set[str](), {"holds": "holds", "doesn't": "DOESN'T", "unseen": "can't be seen from here"}
    for (promise, line), group in groupby(found, key=lambda row: (row.promise, row.words)):
        mine = list(group)
        print(_wrapped(f"{promise:<5} {line}: {words[state_of(mine)]}", 6))
        for sentence, row in {row.sentence: row for row in mine if row.state != "holds"}.items():
            print(_wrapped(f"      {words[row.state]}: {sentence}", 8))
            if sentence not in explained:
                print(_wrapped(f"        do this: {row.hint}", 10))
            explained.add(sentence)
    by_program, elsewhere = not_checkable()
    text = (
        f"{by_program} other promises are kept by the program alone, the same on every installation, and proved by the tests that "
        f"THREAT_MODEL.md names; {elsewhere} of its limits lie outside of any machine of yours."
    )
    print(_wrapped(text, 0))
    return 1 if state_of(found) == "doesn't" else 0


def _wrapped(line: str, indent: int) -> str:
    """Return a line as several of at most 80 columns, the later ones indented; no word is broken, since it may be a path."""
    return fill(line, 80, subsequent_indent=" " * indent, break_long_words=False, break_on_hyphens=False)
