"""`leeward intake`: tips from abroad as reports, and what their senders hear."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from leeward.cli.hotline import in_hotline
from leeward.cli.output import complain, show
from leeward.foundation.errors import BadInput

app = typer.Typer()
COLUMNS = ("new", "versions", "same", "urgent", "held", "folded", "refused")
MOST_FILE = 500_000_000


@app.callback()
def intake() -> None:
    """Tips from abroad, taken in as reports."""


@app.command("cybertips")
def cybertips(
    source: Annotated[Path, typer.Argument(metavar="FILE|DIR", help="A ZIP, JSON or XML, or a folder of them.")],
    label: Annotated[
        str, typer.Option("--label", help="What the sender calls them: unknown, referral or informational.")
    ] = "unknown",
    portal: Annotated[
        str, typer.Option("--portal", help="The portal's short name; needed where there are several.")
    ] = "",
    hotline: Annotated[
        str, typer.Option("--hotline", help="Our hotline's short name; needed where there are several.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken in.")] = False,
) -> int:
    """Take in CyberTips, items of ICCAM and X-ARF reports: each once, later versions beside the earlier ones.

    What was interrupted is run again. Pictures and films are not opened. The exit code is 1 if a file was refused.
    Example: leeward intake cybertips downloads/ --label referral
    """
    with in_hotline(hotline) as actor:
        from leeward.people.queries import portals_of
        from leeward.tips import services
        from leeward.tips.labels import refusal
        from leeward.tips.rules.tip import LABELS, Found, Unread

        assert actor.hotline_id is not None
        portals = [row for row in portals_of(actor.hotline_id, with_records=False) if portal in ("", row.slug)]
        if len(portals) != 1:
            raise BadInput(
                what="--portal",
                why=f"they are: {', '.join(row.slug for row in portals_of(actor.hotline_id, with_records=False))}",
            )
        kinds = [one for one in LABELS if one == label]
        if not kinds:
            raise BadInput(what="--label", why=f"it is one of {', '.join(LABELS)}")
        refused = 0
        total = services.Taken()
        for path in _files(source):
            try:
                read = (
                    services.read_file(path.name, path.read_bytes())
                    if path.stat().st_size <= MOST_FILE
                    else [Unread(path.name, "too_large")]
                )
            except OSError:
                read = [Unread(path.name, "unreadable")]
            for one in read:
                if isinstance(one, Unread):
                    refused += 1
                    complain(f"{one.name}: {refusal(one.code)} ({one.code})")
            found = [one for one in read if isinstance(one, Found)]
            if dry_run:
                for coming in services.preview(found, hotline_id=actor.hotline_id, actor=actor):
                    total.new += coming.effect == "new"
                    total.versions += coming.effect == "version"
                    total.same += coming.effect == "same"
                    total.urgent += coming.is_urgent and coming.effect == "new"
                continue
            taken = services.take_in(
                found, hotline_id=actor.hotline_id, portal_id=portals[0].id, label=kinds[0], way="command", actor=actor
            )
            for name in COLUMNS[:-1]:
                setattr(total, name, getattr(total, name) + getattr(taken, name))
    row = {name: getattr(total, name) for name in COLUMNS[:-1]} | {"refused": refused}
    show([row], as_json=False, with_heading=True, columns=COLUMNS)
    return 1 if refused else 0


@app.command("feedback")
def feedback(
    sender: Annotated[str, typer.Option("--sender", help="Whose tips; all if left out.")] = "",
    hotline: Annotated[
        str, typer.Option("--hotline", help="Our hotline's short name; needed where there are several.")
    ] = "",
) -> int:
    """Print what became of each tip as CSV, to be sent back.

    Example: leeward intake feedback --sender NCMEC > feedback.csv
    """
    with in_hotline(hotline) as actor:
        from leeward.tips import services

        assert actor.hotline_id is not None
        print(services.feedback(sender=sender, hotline_id=actor.hotline_id, actor=actor), end="")
    return 0


def _files(source: Path) -> Iterator[Path]:
    """Yield the file, or those of a folder that may hold tips, by name; and paper where nothing beside it says the same.
    Media isn't opened."""
    if source.is_file():
        yield source
    elif source.is_dir():
        every = sorted(path for path in source.rglob("*") if path.is_file())
        read = [path for path in every if path.suffix.lower() in (".zip", ".json", ".xml")]
        yield from read
        beside = {path.parent for path in read}
        yield from (path for path in every if path.suffix.lower() == ".pdf" and path.parent not in beside)
    else:
        raise BadInput(what=str(source), why="it isn’t there")
