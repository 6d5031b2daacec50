"""`leeward blocklist`: entries, partners' lists, look-ups here; giving lists out in `blocklist_feeds`."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leeward.cli import blocklist_feeds, blocklist_serving
from leeward.cli.arguments import day
from leeward.cli.hotline import in_hotline
from leeward.cli.output import NotWritten, complain, show
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound

if TYPE_CHECKING:
    from leeward.blocklist.services import ImportReport

app = typer.Typer()
for _one in (
    blocklist_feeds.publish,
    blocklist_feeds.publications,
    blocklist_feeds.rollback,
    blocklist_feeds.resume,
    blocklist_feeds.export,
    blocklist_feeds.verify,
    blocklist_feeds.key,
    blocklist_feeds.whose,
    blocklist_feeds.subscribers,
    blocklist_serving.add_subscriber,
    blocklist_serving.settings,
    blocklist_serving.serve_dns,
    blocklist_serving.stop_page,
):
    app.command()(_one)
HotlineName = Annotated[
    str, typer.Option("--hotline", help="The hotline's short name; needed where there are several.")
]
ListName = Annotated[str, typer.Option("--list", help="The list's name, for example national.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The file to read.")]
_SHOWN = 50
_LISTS = ("name", "kind", "title", "source", "listed", "proposed", "suspended")
_ENTRIES = ("id", "scope", "target", "state", "source", "review_on")


@app.command("lists")
def lists(hotline: HotlineName = "", as_json: AsJson = False) -> int:
    """Show the lists and their sizes; the two that every hotline has are created if they are missing.

    Example: leeward blocklist lists --json
    """
    with in_hotline(hotline) as actor:
        from leeward.blocklist import queries, services
        from leeward.blocklist.queries.entries import counts

        services.open_own_lists(actor.hotline_id or 0, actor=actor)
        counted = counts()
        rows = [
            {
                "name": row.name,
                "kind": row.kind,
                "title": row.title,
                "source": row.source,
                "country": row.country,
                "listed": counted.get(row.id, {}).get("approved", 0),
                "proposed": counted.get(row.id, {}).get("proposed", 0),
                "suspended": counted.get(row.id, {}).get("suspended", 0),
            }
            for row in queries.block_lists()
        ]
    show(rows, as_json=as_json, columns=None if as_json else _LISTS)
    return 0


@app.command("entries")
def entries(
    list_name: ListName,
    state: Annotated[str, typer.Option("--state", help="proposed, approved, suspended, removed or refused.")] = "",
    find: Annotated[str, typer.Option("--find", help="An address, or the beginning of a host.")] = "",
    most: Annotated[int, typer.Option("--most", help="At most this many, newest first.", min=1)] = 1000,
    hotline: HotlineName = "",
    as_json: AsJson = False,
) -> int:
    """Show the entries of a list, the newest first.

    Example: leeward blocklist entries --list national --state approved --json
    """
    with in_hotline(hotline):
        from leeward.blocklist import queries
        from leeward.blocklist.labels import STATES

        if state and state not in STATES:
            raise BadInput(what=f"The state {state[:20]!r}", why=f"it is not one of {', '.join(STATES)}")
        row = queries.block_list(list_name)
        found = queries.entries_listed(row.id, state=state, find=find)[:most]
        show(map(queries.entry_row, found), as_json=as_json, columns=None if as_json else _ENTRIES)
    return 0


@app.command("import")
def import_list(
    file: FileArgument,
    list_name: ListName,
    source: Annotated[str, typer.Option("--source", help="Whose list it is; kept with each entry.")],
    basis: Annotated[
        str, typer.Option("--basis", help="The law or contract by which it is blocked here; needed the first time.")
    ] = "",
    bad_lines: Annotated[
        Path | None, typer.Option("--bad-lines", help="A file for every line that can't be listed, as CSV.")
    ] = None,
    form: Annotated[str, typer.Option("--form", help="csv, rpz or plain; detected from the file without it.")] = "",
    mix: Annotated[bool, typer.Option("--mix", help="Allow entries of several sources on this list.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    hotline: HotlineName = "",
    as_json: AsJson = False,
) -> int:
    """Import a partner's current list. A list that does not exist yet is created for it.

    Lines that can't be listed are named and left out, and then nothing is removed; exits with 1 if there were any.
    Example: leeward blocklist import partner.csv --list partner --source "Hotline of Barbados"
    --basis "Agreement of 3 May 2026, section 4"
    """
    content = _content(file)
    with in_hotline(hotline) as actor:
        from django.db import transaction

        from leeward.blocklist import queries, services

        with transaction.atomic():  # if the file is refused, the list made for it doesn't stay
            list_id = _list_for(list_name, source.strip(), actor)
            report = services.import_list(
                list_id, content, source=source, basis=basis, form=form, mix=mix, dry_run=dry_run, actor=actor
            )
            is_own = queries.list_by_id(list_id).kind != "partner"
            transaction.set_rollback(dry_run)
        if is_own:
            complain(f"{list_name} is our own list: each entry keeps its source, {report.source}, beside it.")
    if bad_lines is not None:
        _write_bad(report, bad_lines)
    return _say(report, as_json=as_json, named_in=bad_lines)


@app.command("check")
def check(
    addresses: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses to look up.")],
    list_name: ListName,
    hotline: HotlineName = "",
    as_json: AsJson = False,
) -> int:
    """Say for each address whether a list blocks it now, and by which expression.

    Example: leeward blocklist check https://bad.example/1 --list national --json
    """
    with in_hotline(hotline):
        from leeward.blocklist import queries
        from leeward.hosting.rules.urls import BadAddress

        row, rows, bad = queries.block_list(list_name), [], []
        for address in addresses:
            try:
                rows += queries.check_addresses(row.id, [address])
            except BadAddress as error:
                bad.append(error)
    show(rows, as_json=as_json, columns=None if as_json else ("url", "blocked", "expression"))
    for problem in bad:
        complain(problem.text, str(problem.hint))
    return 2 if bad else 0


@app.command("names")
def names(
    file: FileArgument,
    kind: Annotated[str, typer.Option("--kind", help="platforms, popular or government.")],
    source: Annotated[str, typer.Option("--source", help="Whose list it is.")],
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The day it describes, YYYY-MM-DD; today without it.")
    ] = None,
    hotline: HotlineName = "",
) -> int:
    """Import a newer list of names that are never listed as a whole: shared platforms, most visited sites, the government's.

    Platforms are a CSV file with the columns name, shared_by, kind, as_of and source; the others have a name a line.
    Example: leeward blocklist names top.txt --kind popular --source "A top list" --as-of 2026-11-01
    """
    content = _content(file)
    on = day(as_of, "--as-of") if as_of else datetime.now(UTC).date()
    with in_hotline(hotline) as actor:
        from leeward.blocklist import services

        count = services.import_names(
            kind, content, source=source, as_of=on, hotline_id=actor.hotline_id or 0, actor=actor
        )
    print(f"Names in use from now on: {count}.")
    return 0


def _list_for(name: str, source: str, actor: Actor) -> int:
    """Return the list of this name; a new one for a partner if there is none."""
    from leeward.blocklist import queries, services

    hotline_id = actor.hotline_id or 0
    services.open_own_lists(hotline_id, actor=actor)
    try:
        return queries.block_list(name).id
    except NotFound:
        made = services.open_list(
            name, title=source[:120], kind="partner", source=source[:80], hotline_id=hotline_id, actor=actor
        )
        return made.id


def _write_bad(report: "ImportReport", path: Path) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(("line", "why", "text"))
            lines.writerows((line.line, line.why, line.text) for line in report.bad)
    except OSError as error:
        raise NotWritten.of(path, error) from error


def _say(report: "ImportReport", *, as_json: bool, named_in: Path | None) -> int:
    row = {
        "list": report.list,
        "source": report.source,
        "form": report.form,
        "good": report.good,
        "bad": len(report.bad),
        "repeated": report.repeated,
        "added": report.added,
        "kept": report.kept,
        "removed": report.removed,
        "lifted": report.lifted,
        "dry_run": report.dry_run,
    }
    if as_json:
        row["bad_lines"] = [{"line": line.line, "why": line.why, "text": line.text} for line in report.bad]
    show([row] if as_json else [{"what": name, "value": value} for name, value in row.items()], as_json=as_json)
    if named_in is not None and report.bad:
        complain(f"Lines that can't be listed: {len(report.bad)}, each with its reason in {named_in}.")
    else:
        for line in report.bad[:_SHOWN]:
            complain(f"Line {line.line}: {line.why}: {line.text}")
        if len(report.bad) > _SHOWN:
            complain(
                f"And {len(report.bad) - _SHOWN} more lines that can't be listed: --bad-lines FILE names them all."
            )
    if report.bad:
        complain("Nothing was removed from the list, because a line that can't be read may be one that is missing.")
    return 1 if report.bad else 0


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadInput(what=str(file), why=error.strerror or "it can't be opened") from error
