"""`leeward blocklist publish|export|rollback|resume|verify|whose|subscribers|key|settings`: giving lists out, and getting them back under control."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leeward.cli.output import complain, show
from leeward.foundation.errors import BadInput, NotFound

if TYPE_CHECKING:
    from leeward.blocklist.publishing.services import Outcome
    from leeward.blocklist.queries import ListRow
    from leeward.foundation.actor import Actor

HotlineName = Annotated[
    str, typer.Option("--hotline", help="The hotline's short name; needed where there are several.")
]
ListName = Annotated[str, typer.Option("--list", help="The list's name, for example national.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Out = Annotated[Path | None, typer.Option("--out", help="Where to write; standard output without it.")]


def publish(
    list_name: ListName,
    accept_size: Annotated[
        bool, typer.Option("--accept-size", help="The jump in size is right: I have checked.")
    ] = False,
    hotline: HotlineName = "",
    as_json: AsJson = False,
) -> int:
    """Publish a list as it is now; exit with 1 and name the release checks that stopped it, if any did.

    Example: leeward blocklist publish --list national
    """
    hotline_id, actor = begin(hotline)
    from django_scopes import scope

    from leeward.blocklist import queries as blocklist_queries
    from leeward.blocklist.publishing import services

    with scope(hotline=hotline_id):
        row = blocklist_queries.block_list(list_name)
        outcome = services.publish(row.id, actor=actor, accept=services.SIZES if accept_size else ())
    return _say(row, outcome, as_json=as_json)


def rollback(
    list_name: ListName,
    to: Annotated[int, typer.Option("--to", help="The serial to go back to; see leeward blocklist publications.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the list.")],
    hotline: HotlineName = "",
    as_json: AsJson = False,
) -> int:
    """Publish an earlier publication again, under a new serial, and hold the list there until it is resumed.

    Example: leeward blocklist rollback --list national --to 41 --reason "a wrong import"
    """
    hotline_id, actor = begin(hotline)
    from django_scopes import scope

    from leeward.blocklist import queries as blocklist_queries
    from leeward.blocklist.publishing import services

    with scope(hotline=hotline_id):
        row = blocklist_queries.block_list(list_name)
        outcome = services.roll_back(row.id, to, reason=reason, actor=actor)
    return _say(row, outcome, as_json=as_json)


def resume(list_name: ListName, hotline: HotlineName = "", as_json: AsJson = False) -> int:
    """Publish a list as it is now, after a rollback held it.

    Example: leeward blocklist resume --list national
    """
    hotline_id, actor = begin(hotline)
    from django_scopes import scope

    from leeward.blocklist import queries as blocklist_queries
    from leeward.blocklist.publishing import services

    with scope(hotline=hotline_id):
        row = blocklist_queries.block_list(list_name)
        outcome = services.resume(row.id, actor=actor)
    return _say(row, outcome, as_json=as_json)


def publications(
    list_name: ListName,
    most: Annotated[int, typer.Option(help="At most this many, newest first.", min=1)] = 100,
    hotline: HotlineName = "",
    as_json: AsJson = False,
) -> int:
    """List what was published of a list and what was stopped, the newest first.

    Example: leeward blocklist publications --list national --json
    """
    hotline_id, _ = begin(hotline)
    from django_scopes import scope

    from leeward.blocklist import queries as blocklist_queries
    from leeward.blocklist.publishing import queries

    with scope(hotline=hotline_id):
        row = blocklist_queries.block_list(list_name)
        found = [queries.publication_row(one) for one in queries.publications(row.id)[:most]]
    columns = ("serial", "at", "state", "why", "entries", "added", "removed", "gates")
    show((_publication(one) for one in found), as_json=as_json, columns=columns)
    return 0


def export(
    list_name: ListName,
    form: Annotated[
        str, typer.Option("--format", help="rpz, hashes, keyed, urls, hosts, adblock, domains, e2guardian, ip.")
    ],
    subscriber: Annotated[
        str, typer.Option("--subscriber", help="Short name: the copy of this subscriber, with its canaries.")
    ] = "",
    since: Annotated[int, typer.Option("--since", help="The serial that is held already (hashes, urls).", min=0)] = 0,
    out: Out = None,
    hotline: HotlineName = "",
) -> int:
    """Write a copy of the current publication, with its signature in FILE.sig. Exit with 0 even if nothing is newer.

    Example: leeward blocklist export --list national --format rpz --subscriber alpha --out national.zone
    """
    hotline_id, _ = begin(hotline)
    from django_scopes import scope

    from leeward.blocklist import queries as blocklist_queries
    from leeward.blocklist.publishing import feeds, queries, store

    with scope(hotline=hotline_id):
        row = blocklist_queries.block_list(list_name)
        taker = queries.subscriber_by_slug(subscriber) if subscriber else None
        if subscriber and taker is None:
            raise NotFound(what="subscriber")
        if taker:
            feeds.check_contract(taker, row, form)
        made = feeds.copy_for(row, form, subscriber=taker, since=since or None)
    if made is None:
        complain(f"Nothing is newer than serial {since}; nothing was written.")
        return 0
    content = made.path.read_bytes()
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        statement = {
            "list": row.name,
            "format": form,
            "serial": made.serial,
            "since": made.since or 0,
            "sha256": made.sha256,
            "signature": made.signature,
        }
        try:
            store.put(out, [content])
            store.put(out.with_name(out.name + ".sig"), [json.dumps(statement).encode() + b"\n"])
        except OSError as error:
            raise BadInput(what=str(out), why=(error.strerror or "it can't be written").lower()) from error
    reasons = ", ".join(f"{why} {count}" for why, count in sorted(made.left_out.items()))
    complain(
        f"Serial {made.serial}, {'whole' if made.since is None else f'changes since {made.since}'}."
        + (f" Entries that this format can't express: {reasons}." if reasons else "")
        + ("" if taker else " Without canaries: keep it inside.")
    )
    return 0


def verify(
    file: Annotated[Path, typer.Argument(help="A copy of a list; its signature is in FILE.sig.")],
    key: Annotated[
        str, typer.Option("--key", help="The public key you trust (base64); this installation's without it.")
    ] = "",
) -> int:
    """Check a copy's signature; exit with 1 if it is not ours, byte for byte.

    Example: leeward blocklist verify national.zone --key BASE64
    """
    from hashlib import sha256

    from leeward.blocklist.publishing.rules.statements import copy_text
    from leeward.cli.arguments import json_content

    given = json_content(file.with_name(file.name + ".sig"))
    try:
        content = file.read_bytes()
        text = copy_text(
            list_name=str(given["list"]),
            form=str(given["format"]),
            serial=int(given["serial"]),
            since=int(given["since"]),
            sha256=sha256(content).hexdigest(),
        )
        signature = str(given["signature"])
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise BadInput(what=str(file), why="it or its signature can't be read") from error
    _start()
    from leeward.blocklist.publishing import keys

    is_good = keys.is_signed(text, signature, key or keys.public_key())
    print("good" if is_good else "not signed by this key, or changed")
    return 0 if is_good else 1


def whose(
    file: Annotated[Path, typer.Argument(help="A leaked file of any format, or a text that quotes one.")],
    hotline: HotlineName = "",
    as_json: AsJson = False,
) -> int:
    """Say whose copy a leaked file is, by the canaries in it; exit with 1 where nobody's were found.

    Example: leeward blocklist whose leaked.txt
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(what=str(file), why=(error.strerror or "it can't be read").lower()) from error
    hotline_id, _ = begin(hotline)
    from leeward.blocklist.publishing.tracing import suspects

    found = suspects(content, hotline_id=hotline_id)
    show(found, as_json=as_json, columns=("subscriber", "found", "of", "is_certain"))
    if not found:
        complain("No canary of any subscriber is in this file.")
    return 0 if found else 1


def subscribers(
    hotline: HotlineName = "",
    ended: Annotated[bool, typer.Option("--ended", help="Also those whose contract has ended.")] = False,
    as_json: AsJson = False,
) -> int:
    """List who loads lists: contract, last fetch, the serial held, what is wrong.

    Example: leeward blocklist subscribers --json
    """
    hotline_id, _ = begin(hotline)
    from django_scopes import scope

    from leeward.blocklist import queries as blocklist_queries
    from leeward.blocklist.publishing import queries

    with scope(hotline=hotline_id):
        names = {row.id: row.name for row in blocklist_queries.block_lists()}
        rows = [queries.subscriber_row(found) for found in queries.subscribers(with_ended=ended)]
        fetches = queries.fetches_of([row.id for row in rows])
    shown = [
        {
            "slug": row.slug,
            "name": row.name,
            "kind": row.kind,
            "lists": sorted(names[list_id] for list_id in row.list_ids),
            "formats": list(row.formats),
            "last_fetch": str(fetches[row.id][0].at) if fetches[row.id] else None,
            "serial": fetches[row.id][0].serial if fetches[row.id] else None,
            "alarm": row.alarm,
            "ended": row.ended_at is not None,
        }
        for row in rows
    ]
    show(shown, as_json=as_json)
    return 0


def key() -> int:
    """Print the public key under which every publication and every copy is signed.

    Example: leeward blocklist key
    """
    _start()
    from leeward.blocklist.publishing import keys

    print(keys.public_key())
    return 0


def _start() -> None:
    from leeward.site.start import start_on_tables

    start_on_tables()


def begin(slug: str) -> "tuple[int, Actor]":
    """Set up, and return the hotline's number and the command as its actor."""
    _start()
    from leeward.foundation.actor import Actor
    from leeward.people.queries import hotlines

    found = [row for row in hotlines() if slug in ("", row.slug)]
    if not found:
        raise NotFound("See leeward setup.", what="hotline")
    if len(found) > 1:
        raise BadInput(what="--hotline", why=f"there are several: {', '.join(row.slug for row in found)}")
    return found[0].id, Actor(kind="command", hotline_id=found[0].id)


def _publication(row: Any) -> dict[str, Any]:
    return {
        "serial": row.serial,
        "at": row.at.isoformat(),
        "state": row.state,
        "why": row.why,
        "entries": row.entries,
        "added": row.added,
        "removed": row.removed,
        "gates": [failure.gate for failure in row.failures],
        "sha256": row.sha256,
        "signature": row.signature,
    }


def _say(row: "ListRow", outcome: "Outcome", *, as_json: bool) -> int:
    if as_json:
        rows = [one for one in (outcome.stopped, outcome.published) if one]
        show((_publication(one) for one in rows), as_json=True)
    if outcome.stopped:
        for failure in outcome.stopped.failures:
            examples = ", ".join(failure.examples[:3])
            allowed = f", allowed {failure.allowed}" if failure.allowed is not None else ""
            is_size = failure.gate in ("size_jump", "emptied")
            way = "If that is right, say so: --accept-size." if is_size else examples
            complain(f"Stopped by the release check {failure.gate}: {failure.count}{allowed}. {way}")
    found = outcome.published
    if found and not as_json:
        print(
            f"{row.name} serial {found.serial}: {found.entries} entries, {found.added} added, {found.removed} removed"
        )
    return 1 if outcome.stopped else 0
