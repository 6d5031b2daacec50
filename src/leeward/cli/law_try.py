"""`leeward law try`: a draft law held against past cases."""

from dataclasses import asdict
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated, Any

import typer

from leeward.cli.arguments import codes as codes_of
from leeward.cli.arguments import day, text
from leeward.cli.case import begin
from leeward.cli.law_register import Json
from leeward.cli.output import complain, show
from leeward.cli.progress import progress_of
from leeward.foundation.errors import BadInput


def try_bill(
    bill: Annotated[str, typer.Argument(help="A country, such as DM, or a file of choices that names its `country`.")],
    cases: Annotated[str, typer.Option(help="Decisions made on this day (UTC) or later, YYYY-MM-DD.")],
    hotline: Annotated[str, typer.Option(help="The hotline, where there are several.")] = "",
    as_json: Json = False,
) -> int:
    """Try a draft on past cases: how many opinions would change, and by which clause; exit 1 where any would.

    The draft's definition and offences are held against the facts of past decisions, beside the country's law of today; no case is
    changed and none is named. `about` is content (the definition), deed (an offence) or not_tried (an offence, such as soliciting a
    child, that no fact of a case speaks of).

    Example: leeward law try DM --cases 2026-01-01
    """
    code, given = _bill_given(bill)
    start_of_day = datetime.combine(day(cases, "--cases"), time(), UTC)
    hotline_id = begin(hotline)
    from django_scopes import scope

    from leeward.casework.assessment.queries.trial import trial_of
    from leeward.laws.queries import draft_to_try
    from leeward.laws.rules.bill_offences import not_tried

    draft = draft_to_try(code, given, day(None))
    with scope(hotline=hotline_id), progress_of("trying the draft") as progress:
        tried = trial_of(draft, start_of_day, day(None), progress=progress)
    rows = [{**asdict(row), "of": tried.decisions} for row in tried.rows]
    names = ("about", "clause", "heading", "before", "after", "count", "of")
    if as_json:
        untried = [{"about": "not_tried", "clause": row.clause, "heading": row.heading} for row in not_tried(draft)]
        show([*rows, *untried], as_json=True)
    else:
        show(rows, as_json=False, columns=names)
        complain(f"{draft.title}: an opinion on {tried.changed} of {tried.decisions} decisions would change.")
        for row in not_tried(draft):
            fact = (
                "no fact of a case is on an approach to a child"
                if row.on_approach
                else "no fact of a case speaks of it"
            )
            complain(f"Not tried: {row.clause} {row.heading}; {fact}.")
    return 1 if tried.changed else 0


def _bill_given(bill: str) -> tuple[str, dict[str, Any]]:
    """Return the country and the choices: from a code, or a file that holds both."""
    if not Path(bill).suffix:
        return next(iter(codes_of([bill])), ""), {}
    from leeward.laws.files.yaml_text import read_yaml

    content = read_yaml(text(Path(bill)), name=bill)
    if not isinstance(content, dict) or not isinstance(content.get("country"), str):
        raise BadInput(what=bill, why="it names no `country`")
    return content["country"], {name: value for name, value in content.items() if name != "country"}
