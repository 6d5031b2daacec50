"""`leeward bank sources`: other people's collections of hashes: added, agreed on, pulled from, fed back to."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leeward.cli.bank_lists import AsJson, HotlineName, readable
from leeward.cli.hotline import in_hotline
from leeward.cli.output import complain, show
from leeward.foundation.errors import BadInput

if TYPE_CHECKING:
    from leeward.hashbank.sources.services.pulling import Pulled

app = typer.Typer()
Name = Annotated[str, typer.Argument(metavar="NAME", help="The source's short name.")]
Secrets = Annotated[
    Path | None,
    typer.Option("--secrets", help="A file with NAME=VALUE on each line; - for standard input. Asked for without it."),
]
Categories = Annotated[
    list[str] | None,
    typer.Option(
        "--category", help="What a category means: CATEGORY=illegal, not-illegal, harmless, disputed or leave-out."
    ),
]
_COLUMNS = ("name", "protocol", "source", "state", "last_at", "next_at", "rows", "withdrawn", "problem")


@app.command("list")
def list_sources(hotline: HotlineName = "", as_json: AsJson = False) -> int:
    """List the sources: how each is asked, its agreement, the last pull and the next.

    Example: leeward bank sources list --json
    """
    with in_hotline(hotline):
        from leeward.hashbank.queries import live_sources

        show(live_sources(), as_json=as_json, columns=None if as_json else _COLUMNS)
    return 0


@app.command("status")
def status(name: Name, hotline: HotlineName = "", as_json: AsJson = False) -> int:
    """Show one source; exits with 1 if its last pull failed.

    Example: leeward bank sources status ncmec
    """
    with in_hotline(hotline):
        from leeward.foundation.errors import NotFound
        from leeward.hashbank.queries import live_sources

        row = next((one for one in live_sources() if one.name == name), None)
        if row is None:
            raise NotFound(what="source")
        values = {field: getattr(row, field) for field in row.__dataclass_fields__}
    show([values] if as_json else [{"name": key, "value": value} for key, value in values.items()], as_json=as_json)
    return 1 if row.failures else 0


@app.command("add")
def add(
    name: Name,
    protocol: Annotated[str, typer.Option("--protocol", help="ncmec, stopncii, threatexchange or leeward.")],
    url: Annotated[str, typer.Option("--url", help="The address below which everything of it is asked.")],
    source: Annotated[str, typer.Option("--source", help="Who it is; its votes are kept under this name.")],
    part: Annotated[
        str, typer.Option("--part", help="Which list (leeward) or privacy group (threatexchange) is asked.")
    ] = "",
    own_name: Annotated[
        str, typer.Option("--own-name", help="Under which name it knows us, so that our own words are not counted.")
    ] = "",
    key: Annotated[str, typer.Option("--key", help="The key that signs its lists (leeward), in base 64.")] = "",
    bank: Annotated[str, typer.Option("--bank", help="The bank; created if it is new.")] = "general",
    category: Categories = None,
    every: Annotated[int, typer.Option("--every", help="Pull every so many minutes.")] = 60,
    secrets: Secrets = None,
    hotline: HotlineName = "",
) -> int:
    """Add a source. Nothing is asked of it before its agreement is recorded by one person and confirmed by another.

    Example: leeward bank sources add ncmec --protocol ncmec --url https://hashsharing.ncmec.org/npo --source NCMEC
    """
    with in_hotline(hotline) as actor:
        from leeward.hashbank.sources.services import agreeing

        agreeing.add_source(
            name,
            protocol=protocol,
            url=url,
            source=source,
            part=part,
            own_name=own_name,
            public_key=key,
            bank=bank,
            mapping=_mapping(category),
            every_minutes=every,
            secrets=_secrets(protocol, secrets),
            actor=actor,
        )
    print(f"{name}: added and off. Record its agreement: leeward bank sources agree {name} --terms DOCUMENT --date DAY")
    return 0


@app.command("change")
def change(
    name: Name,
    new_secrets: Annotated[bool, typer.Option("--new-secrets", help="Give other secrets.")] = False,
    secrets: Secrets = None,
    key: Annotated[str | None, typer.Option("--key", help="Another key that signs its lists.")] = None,
    category: Categories = None,
    reason: Annotated[str | None, typer.Option("--reason", help="Which reason a denial gives (ncmec).")] = None,
    hotline: HotlineName = "",
) -> int:
    """Give a source's new secrets or key, or say what its categories mean. Another key has to be agreed on anew.

    Example: leeward bank sources change stopncii --category case=leave-out
    """
    with in_hotline(hotline) as actor:
        from leeward.hashbank.queries import live_source
        from leeward.hashbank.sources.services import agreeing

        given = _secrets(live_source(name).protocol, secrets) if new_secrets or secrets else None
        mapping = _mapping(category) or None
        agreeing.change_source(name, secrets=given, public_key=key, mapping=mapping, reason=reason, actor=actor)
    print(f"{name}: changed")
    return 0


@app.command("agree")
def agree(
    name: Name,
    terms: Annotated[str, typer.Option("--terms", help="The document and where it is kept.")] = "",
    day: Annotated[str, typer.Option("--date", help="Since when it holds, as 2026-05-31.")] = "",
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Confirm, as the second person, what another recorded.")
    ] = False,
    seen: Annotated[
        str, typer.Option("--seen", help="With --confirm: the mark that was shown; only exactly that is confirmed.")
    ] = "",
    hotline: HotlineName = "",
) -> int:
    """Record the agreement with a source, or confirm as the second person the one that somebody recorded on the desk.

    --confirm without --seen only shows what would be confirmed, with its mark, and exits with 1.

    Example: leeward bank sources agree ncmec --terms "Memorandum 2026-4, safe" --date 2026-05-31
    """
    with in_hotline(hotline) as actor:
        from leeward.hashbank.sources.services import agreeing

        if confirm:
            if not seen:
                return _show_agreement(name)
            agreeing.confirm(name, seen=seen, actor=actor)
            print(f"{name}: on; it is pulled from now on")
            return 0
        agreeing.agree(name, terms=terms, agreed_on=_day(day), actor=actor)
    print(f"{name}: recorded; a second person confirms it on the desk: Known images, Exchange")
    return 0


def _show_agreement(name: str) -> int:
    from leeward.hashbank.queries import live_source, mark_of_agreement

    row = live_source(name)
    print(f"Would be confirmed: {row.terms or 'no agreement'}, in force since {row.agreed_on}, by {row.agreed_by}.")
    print(f"To confirm exactly this: leeward bank sources agree {name} --confirm --seen {mark_of_agreement(row)}")
    return 1


@app.command("pull")
def pull(
    name: Name,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change; nothing is written.")] = False,
    hotline: HotlineName = "",
    as_json: AsJson = False,
) -> int:
    """Pull what is new from a source now; exits with 1 if it could not be read to its end.

    Example: leeward bank sources pull ncmec --dry-run
    """
    with in_hotline(hotline) as actor:
        from leeward.hashbank.queries import live_source
        from leeward.hashbank.sources.services import pulling

        number = live_source(name).pk
        done = pulling.preview_pull(number, actor=actor) if dry_run else pulling.pull(number, actor=actor)
    return _tell(done, as_json=as_json)


@app.command("feedback")
def feedback(
    name: Name,
    send: Annotated[bool, typer.Option("--send", help="Send it, and from now on after each pull.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Send nothing by itself any more.")] = False,
    again: Annotated[
        int, typer.Option("--again", metavar="RECORD", help="Send what was said of this record again.")
    ] = 0,
    hotline: HotlineName = "",
    as_json: AsJson = False,
) -> int:
    """Show what would be said back to a source about its entries, or send it; exits with 1 if it could not all be sent.

    Nothing is sent before somebody has looked at it. Example: leeward bank sources feedback ncmec
    """
    with in_hotline(hotline) as actor:
        from leeward.hashbank.sources.services import feeding_back

        if stop:
            feeding_back.stop_feedback(name, actor=actor)
            print(f"{name}: nothing is sent by itself any more")
            return 0
        if again:
            feeding_back.send_again(name, again, actor=actor)
        if not send:
            rows = feeding_back.preview_feedback(name, actor=actor)
            show(rows, as_json=as_json)
            if not as_json:
                complain(f"{len(rows)} would be sent: leeward bank sources feedback {name} --send")
            return 0
        done = feeding_back.send_feedback(name, actor=actor)
    counts = ("sent", "refused", "unsure", "waiting")
    show([{one: getattr(done, one) for one in counts} | {"why": done.why and str(done.why)}], as_json=as_json)
    return 1 if done.refused or done.unsure or done.waiting or done.why else 0


@app.command("pause")
def pause(
    name: Name,
    resume: Annotated[bool, typer.Option("--resume", help="Ask it again from now on.")] = False,
    hotline: HotlineName = "",
) -> int:
    """Ask nothing of a source until it is resumed; what it said stays.

    Example: leeward bank sources pause ncmec
    """
    with in_hotline(hotline) as actor:
        from leeward.hashbank.sources.services import agreeing

        agreeing.pause(name, paused=not resume, actor=actor)
    print(f"{name}: {'is asked again' if resume else 'paused'}")
    return 0


@app.command("remove")
def remove(
    name: Name,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Withdraw everything that it said here.")] = False,
    hotline: HotlineName = "",
) -> int:
    """Ask a source no more and forget its secrets; what it said stays, unless it is withdrawn.

    Example: leeward bank sources remove ncmec --withdraw
    """
    with in_hotline(hotline) as actor:
        from leeward.hashbank.sources.services import agreeing

        withdrawn = agreeing.remove(name, withdraw=withdraw, actor=actor)
    print(f"{name}: removed, {withdrawn} votes withdrawn")
    return 0


def _tell(done: "Pulled", *, as_json: bool) -> int:
    counts = ("pages", "rows", "added", "joined", "withdrawn", "broken", "left_out")
    row: dict[str, Any] = {"name": done.name, **{one: getattr(done, one) for one in counts}, "more": done.has_more}
    row["why"] = None if done.why is None else str(done.why)
    if as_json:
        problems = [{"entry": place, "why": str(why)} for place, why in done.problems]
        show([row | {"categories": done.categories, "problems": problems}], as_json=True)
    else:
        print(", ".join(f"{key} {value}" for key, value in row.items() if key != "why"))
        for place, why in done.problems[:20]:
            complain(f"{done.name}, entry {place}: {why}")
        if done.why is not None:
            complain(f"{done.name}: {done.why}.")
    return 1 if done.why is not None else 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(what="--date", why="it is no day such as 2026-05-31") from None


def _mapping(given: list[str] | None) -> dict[str, str]:
    from leeward.cli.bank import mapping_of

    return mapping_of(given or [])


def _secrets(protocol: str, path: Path | None) -> dict[str, str]:
    """Return a source's secrets: from a file or standard input, or by asking; never from the command line, which others
    can see."""
    from leeward.hashbank.rules.sources import PROTOCOLS

    wanted = PROTOCOLS[protocol].secrets if protocol in PROTOCOLS else ()
    if path is None:
        return {one: typer.prompt(one, hide_input=True) for one in wanted}
    with readable(path):
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, sign, value = line.partition("=")
        if not sign:
            raise BadInput(what="--secrets", why="its lines are not NAME=VALUE")
        found[name.strip()] = value.strip()
    return found
