"""NCMEC's hash sharing, version 2: entries between two times, page by page, as XML; feedback on one fingerprint by PUT.

Its pages are not in chronological order, so only a time span that was read to the end counts. The next one begins an hour
before that one ended: entries can appear later than their time stamp says, and two clocks differ. What is read twice is
recognised by its id.
"""

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape, quoteattr

from leeward.foundation import sandbox
from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.lazy_text import lazy_text_from
from leeward.hashbank.formats import FORMATS, Broken, Entry
from leeward.hashbank.formats.entries import ListUnreadable, moment
from leeward.hashbank.formats.ncmec import SPACE
from leeward.hashbank.records.services.voting import name_key
from leeward.hashbank.rules.sources import lap_of
from leeward.hashbank.sources.errors import PullStopped
from leeward.hashbank.sources.protocols.line import Feed, FeedbackItem, FeedbackResult, Line, Page, not_too_many, spread

BEHIND = timedelta(seconds=5)
OVERLAP = timedelta(hours=1)
LINKS_KEEP_FOR = timedelta(hours=12)
_FINGERPRINTS = {"md5": "MD5", "sha1": "SHA1", "photodna": "PDNA", "pdq": "PDQ"}
_DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


def page(line: Line, feed: Feed, checkpoint: dict[str, Any]) -> Page:
    """Fetch the next page of changes since the last span and the hour before its end; if the link is older than half a
    day, the span starts again.
    """
    now = _now()
    span = _span(checkpoint, now)
    own = _own(line, feed, span)
    query = urlencode({"from": span["since"], "to": span["to"]})
    answer = line.get(feed.url + (span["next"] or f"/v2/entries?{query}"), _opening(feed))
    frame = _frame(answer.body)
    if frame.newest is not None and frame.newest < _at(span["since"]):
        raise PullStopped(_("it goes backwards: its newest entry is older than what was asked for"))
    entries, broken, gone = _entries(answer.body, frame, frozenset({name_key(own)}))
    newest = max(filter(None, (frame.newest, span["newest"] and _at(span["newest"]))), default=None)
    dated = {"newest": _stamp(newest)} if newest else {}
    where = {"since": span["since"], "again": span["again"], "to": span["to"], "own": own} | dated
    if frame.next:
        lap = lap_of(span["lap"]).after(frame.next)
        if lap is None:
            raise PullStopped(_("the links to its next pages go in circles"))
        line.inside(feed.url + frame.next if frame.next.startswith("/") else frame.next)
        where |= {"next": _relative(feed, frame.next), "lap": lap.kept(), "at": now.isoformat()}
    else:
        where = {"since": span["to"], "own": own} | dated
    whole = frozenset(one.foreign_id for one in entries)
    again = _at(span["again"])
    return Page(where, not frame.next, tuple(entries), tuple(broken), whole, gone, again_until=again)


def send_feedback(line: Line, feed: Feed, item: FeedbackItem, may_send: Callable[[], bool]) -> FeedbackResult | None:
    """Confirm or dispute an entry, by the first of our fingerprints that it has."""
    member, _dash, entry = item.foreign_id.partition("-")
    kinds = [_FINGERPRINTS[one] for one in _FINGERPRINTS if any(hash_.kind == one for hash_ in item.hashes)]
    result: FeedbackResult | None = FeedbackResult(404, is_there=False, is_refused=True)
    for kind in kinds:
        body = _feedback(line, feed, kind, item.reply)
        address = f"{feed.url}/v2/entries/{quote(member, safe='')}/{quote(entry, safe='')}/{kind}/feedback"
        headers = {**_opening(feed), "Content-Type": "application/xml; charset=utf-8"}
        result = line.send("PUT", address, body, headers, may_send)
        if result is None or result.status != 404:
            return result
    return result


def _feedback(line: Line, feed: Feed, kind: str, reply: str) -> bytes:
    inside = ""
    if reply == "negative":
        inside = f"<reasonIds><guid>{escape(_reason(line, feed, kind))}</guid></reasonIds>"
    return f"{_DECLARED}<feedbackSubmission xmlns={quoteattr(SPACE)}><{reply}>{inside}</{reply}></feedbackSubmission>".encode()


def _reason(line: Line, feed: Feed, kind: str) -> str:
    """Return the reason that a person chose, or the only one there is."""
    answer = line.get(f"{feed.url}/v2/feedback/{kind}/reasons", _opening(feed))
    found = _frame(answer.body).reasons
    if feed.reason in found:
        return feed.reason
    if len(found) == 1:
        return next(iter(found))
    named = "; ".join(f"{guid} {name}" for guid, name in found.items())[:300]
    raise PullStopped(
        _("it wants one of several reasons for a denial, and nobody has chosen one: %(known)s", known=named)
    )


def _opening(feed: Feed) -> dict[str, str]:
    pair = f"{feed.secrets['user']}:{feed.secrets['password']}".encode()
    return {"Authorization": f"Basic {b64encode(pair).decode()}"}


def _span(checkpoint: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return the span that is under way, or the next one. `again`: what is dated before that may have been read before.

    `newest`: the time of the newest entry so far, by the other side's clock. Where our own was ahead when the last span
    ended, the next one begins there, since entries have come meanwhile that are older than that end.
    """
    since, newest = str(checkpoint.get("since") or _stamp(_FIRST)), str(checkpoint.get("newest") or "")
    if not checkpoint.get("next") and _at(since) > now:
        since = _stamp(_at(newest) + timedelta(seconds=1)) if newest else _stamp(_FIRST)
    if checkpoint.get("next") and now - _at(str(checkpoint["at"])) < LINKS_KEEP_FOR:
        return {"since": since, "again": checkpoint.get("again", since), "to": checkpoint["to"], "newest": newest} | {
            name: checkpoint[name] for name in ("next", "lap", "own")
        }
    again = str(checkpoint["to"]) if checkpoint.get("next") else since
    if not checkpoint.get("next") and _at(since) > _FIRST:
        since = _stamp(_at(since) - OVERLAP)
    to = max(now - BEHIND, _at(again))
    begun = {"since": since, "again": again, "to": _stamp(to), "newest": newest}
    return begun | {"next": "", "lap": {}, "own": checkpoint.get("own", "")}


def _own(line: Line, feed: Feed, span: dict[str, Any]) -> str:
    """Return our member name there; asked once."""
    if span["own"] or feed.own_name:
        return str(feed.own_name or span["own"])
    answer = line.get(f"{feed.url}/v2/status", _opening(feed))
    found = _frame(answer.body).own
    if not found:
        raise PullStopped(_("it does not say as which member it knows us"))
    return found[:80]


@dataclass(frozen=True, slots=True)
class _Frame:
    """What an answer contains beside its entries: the members' ids in the order of the entries, its newest time, the next link,
    the reasons for a denial by their number, the first member that it names.
    """

    members: list[str]
    newest: datetime | None
    next: str
    reasons: dict[str, str]
    own: str


def _frame(body: bytes) -> _Frame:
    """Read an answer in a child; raises PullStopped."""
    answer = sandbox.call("leeward.hashbank.decoders.answers:read", body)
    if isinstance(answer, sandbox.Finding):
        raise PullStopped(answer.why)
    try:
        found = json.loads(answer)
        if "why" not in found:
            not_too_many(len(found["members"]))
            return _Frame(
                found["members"], moment(found["newest"]), found["next"], found["reasons"], found["own"] or ""
            )
        why = lazy_text_from(found["why"])
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise PullStopped(sandbox.Finding("crashed").why) from error
    raise PullStopped(why)


def _entries(
    body: bytes, frame: _Frame, own: frozenset[str]
) -> tuple[list[Entry], list[Broken], dict[str, datetime | None]]:
    entries: list[Entry] = []
    broken: list[Broken] = []
    gone: dict[str, datetime | None] = {}
    try:
        for one in FORMATS["ncmec"].read(BytesIO(body)):
            if isinstance(one, Broken):
                if one.is_end:  # its child ended in the middle: the page is no page that was read
                    raise PullStopped(one.why)
                broken.append(one)
                continue
            number = f"{frame.members[one.place - 1]}-{one.foreign_id}"[:60]
            if one.gone:
                gone[number] = one.at
            else:
                entries += spread(replace(one, foreign_id=number), own)
    except ListUnreadable as error:
        raise PullStopped(error.values["why"]) from error
    return entries, broken, gone


def _relative(feed: Feed, link: str) -> str:
    """Return a link relative to the source's address, as NCMEC writes it; an absolute URL is cut down to that."""
    return link if link.startswith("/") else "/" + link.removeprefix(feed.url).lstrip("/")


def _now() -> datetime:
    return datetime.now(UTC)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _at(text: str) -> datetime:
    found = moment(text)
    return _FIRST if found is None else found
