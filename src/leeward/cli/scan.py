"""`leeward scan`: files, archives, mailboxes and object stores against known hashes."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from leeward.cli.output import complain
from leeward.foundation.errors import BadInput
from leeward.foundation.patterns import Pattern

if TYPE_CHECKING:  # numpy and the decoders are loaded when the command runs, not at every start of `leeward`
    from leeward.scanning.lists import ListFiles
    from leeward.scanning.services import Outcome, Plan
    from leeward.scanning.tally import Tally

_SHOWN_BAD_LINES = 5
_SPAN = Pattern(r"(\d+)([hdw])")
_SPAN_SECONDS = {"h": 3600, "d": 86400, "w": 604800}


def scan(
    sources: Annotated[
        list[str],
        typer.Argument(metavar="PATH|URL...", help="Files, folders, or addresses such as s3://bucket/folder."),
    ],
    *,
    lists: Annotated[
        list[Path] | None,
        typer.Option("--list", help="An index, a file of hashes, or the folder of a signed list; may be repeated."),
    ] = None,
    banks: Annotated[list[str] | None, typer.Option("--bank", help="A list of the hash bank; may be repeated.")] = None,
    hotline: Annotated[
        str, typer.Option("--hotline", help="Whose hash bank: the short name; not needed where there is only one.")
    ] = "",
    kind: Annotated[
        str | None, typer.Option(help="What hashes without a kind in text files are: md5, sha1, sha256, pdq and so on.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="The public key (base 64) that signed lists must be signed with.")
    ] = None,
    radius: Annotated[int, typer.Option(min=0, max=63, help="How many bits of a picture's hash may differ.")] = 31,
    altered: Annotated[
        bool, typer.Option(help="Find pictures too that were framed, cropped, turned or written over; for review only.")
    ] = True,
    engine: Annotated[
        Literal["local", "dask"], typer.Option(help="Processes of this machine, or a Dask cluster.")
    ] = "local",
    scheduler: Annotated[
        str | None, typer.Option(help="The address of a Dask scheduler; one is started here without it.")
    ] = None,
    processes: Annotated[int, typer.Option(min=0, max=1024, help="How many processes; 0: one for each core.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Where to write the rows; standard output without it.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue where --out ends: after a crash, or for what is new.")
    ] = False,
    since: Annotated[
        str | None, typer.Option(help="Only what was changed since: 2026-11-24, 2026-11-24T08:00, or 12h, 7d, 2w ago.")
    ] = None,
    only_matches: Annotated[
        bool, typer.Option("--only-matches", help="Write only rows with a match or an error; count all.")
    ] = False,
    depth: Annotated[int, typer.Option(min=0, max=20, help="How many archives may lie in each other.")] = 6,
    report: Annotated[
        str | None, typer.Option(help="A summary without pictures: html (beside --out), or the name of the file.")
    ] = None,
) -> int:
    """Compare files with lists of known hashes: a row of JSON for each file and for each thing inside an archive or mailbox.

    Exit with 1 if something matched, 0 if not; what is wrong with single files is in their rows. Nothing is written but
    rows: what is in archives is unpacked in memory.

    Example: leeward scan /srv/storage --list known.index --out scan.jsonl --report html
    """
    from leeward.scanning.containers.bounds import Bounds
    from leeward.scanning.lists.reading import KINDS
    from leeward.scanning.services import Plan
    from leeward.scanning.services import scan as run

    if not lists and not banks:
        raise BadInput(what="The command", why="--list or --bank is missing")
    if kind is not None and kind not in KINDS:
        raise BadInput(what=f"--kind {kind}", why=f"choose from {', '.join(KINDS)}")
    if resume and out is None:
        raise BadInput(what="--resume", why="it needs --out")
    plan = Plan(
        sources=tuple(sources), lists=tuple(lists or ()), banks=tuple(banks or ()), kind=kind, key=key, radius=radius,
        since=_moment(since), out=out, resume=resume, only_matches=only_matches, engine=engine, scheduler=scheduler,
        processes=processes, bounds=Bounds(depth=depth), licensed=os.environ.get("LEEWARD_LICENSED_HASHERS", ""),
        altered=altered,
    )  # fmt: skip
    page = _report_path(report, out)
    started = time.monotonic()
    try:
        with _scope(plan, hotline), _progress(plan) as progress:
            outcome = run(plan, on_lists=_tell_lists, progress=progress)
        if page is not None:
            _write_report(page, plan, outcome, time.monotonic() - started)
    except OSError as error:
        raise BadInput(what=str(error.filename or out or page), why=(error.strerror or str(error)).lower()) from error
    _tell_outcome(outcome)
    return int(outcome.tally.matched > 0)


@contextmanager
def _scope(plan: "Plan", slug: str) -> Iterator[None]:
    """Open the hotline's scope if its hash bank is asked for; nothing else needs the database."""
    if not plan.banks:
        yield
        return
    from leeward.site.start import start_on_tables

    start_on_tables()
    from django_scopes import scope

    from leeward.people.queries import hotlines

    rows = [row for row in hotlines() if slug in ("", row.slug)]
    if len(rows) != 1:
        names = ", ".join(row.slug for row in hotlines())
        raise BadInput(what="The hotline", why=f"say --hotline with one of {names}" if names else "there is none")
    with scope(hotline=rows[0].id):
        yield


def _moment(text: str | None) -> float | None:
    if text is None:
        return None
    span = _SPAN.fullmatch(text.strip())
    if span is not None:
        return time.time() - int(span[1]) * _SPAN_SECONDS[span[2]]
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        why = "it is no day (2026-11-24), no moment (2026-11-24T08:00) and no span (12h, 7d, 2w)"
        raise BadInput(what=f"--since {text[:40]}", why=why) from None
    return (moment if moment.tzinfo else moment.astimezone()).timestamp()


def _report_path(report: str | None, out: Path | None) -> Path | None:
    if report is None:
        return None
    if report.lower() != "html":
        return Path(report)
    if out is None:
        raise BadInput(what="--report html", why="it needs --out, or give the name of a file instead of html")
    return out.with_suffix(".html")


def _write_report(page: Path, plan: "Plan", outcome: "Outcome", seconds: float) -> None:
    from leeward.scanning.report import report

    page.write_text(report(plan, outcome, ended=datetime.now(UTC), seconds=seconds), encoding="utf-8")


def _tell_lists(lists: "tuple[ListFiles, ...]") -> None:
    for files in lists:
        for bad in files.bad[:_SHOWN_BAD_LINES]:
            complain(f"{files.name}, line {bad.line}: {bad.why}.")
        if files.bad_count > _SHOWN_BAD_LINES:
            complain(f"{files.name}: {files.bad_count} lines in all are left out.")
        if files.unsure:
            complain(
                f"{files.name}: {files.unsure} hashes may be of several kinds and are compared as all of them.",
                "Say which with --kind.",
            )


def _tell_outcome(outcome: "Outcome") -> None:
    tally = outcome.tally
    earlier = f", {outcome.skipped} finished earlier" if outcome.skipped else ""
    complain(
        f"{tally.files} files ({tally.rows} rows): {tally.matched} with a match, {tally.errors} with an error{earlier}."
    )


@contextmanager
def _progress(plan: "Plan") -> "Iterator[Callable[[Tally], None]]":
    """Return a function that shows counts, rate and time left; it does nothing if standard error is not a terminal."""
    if not sys.stderr.isatty():
        yield lambda tally: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from leeward.scanning.counting import Count

    columns = (
        TextColumn("{task.fields[files]} files, {task.fields[rate]}"),
        BarColumn(),
        TextColumn("{task.fields[matched]} matches, {task.fields[errors]} errors"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Count(plan.sources, plan.since) as count, Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None, files=0, rate="", matched=0, errors=0)
        started, first = time.monotonic(), [0]

        def show(tally: "Tally") -> None:
            first[0] = first[0] or tally.files - 1
            rate = f"{(tally.files - first[0]) / max(time.monotonic() - started, 0.001):.1f}/s"
            bar.update(
                task,
                completed=tally.files,
                total=count.total,
                files=tally.files,
                rate=rate,
                matched=tally.matched,
                errors=tally.errors,
            )

        yield show
