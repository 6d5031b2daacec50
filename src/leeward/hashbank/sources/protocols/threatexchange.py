"""ThreatExchange-like JSON: the updates of a privacy group in chronological order, page by page; reactions to a
descriptor by POST.

An update is complete for its indicator: all descriptions of it within the group. The access token is sent with each
request and never stored in a checkpoint.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.formats import Broken, Entry
from leeward.hashbank.records.services.voting import name_key
from leeward.hashbank.rules.categories import SHARE_LEVELS
from leeward.hashbank.rules.kinds import BadHash, read_hash
from leeward.hashbank.rules.sources import lap_of
from leeward.hashbank.rules.standing import CONFIRM, DISPUTE
from leeward.hashbank.sources.errors import PullStopped
from leeward.hashbank.sources.protocols.line import Feed, FeedbackItem, FeedbackResult, Line, Page, not_too_many
from leeward.hashbank.sources.protocols.reading import json_of, rows_of

PAGE_SIZE = 500
_FIELDS = (
    "id,indicator,type,last_updated,should_delete,descriptors{id,reactions,owner{id,name},tags,status,share_level}"
)
_KINDS = {
    "HASH_PDQ": "pdq",
    "HASH_MD5": "md5",
    "HASH_VIDEO_MD5": "md5",
    "HASH_SHA1": "sha1",
    "HASH_SHA256": "sha256",
    "HASH_SHA512": "sha512",
}
_REACTIONS = {"HELPFUL": CONFIRM, "DISAGREE_WITH_TAGS": DISPUTE}


def page(line: Line, feed: Feed, checkpoint: dict[str, Any]) -> Page:
    """Fetch the next page of changes since the last one."""
    since = int(checkpoint.get("since", 0))
    query = {"start_time": since, "limit": PAGE_SIZE, "fields": _FIELDS}
    first = f"{feed.url}/{quote(feed.part, safe='')}/threat_updates/?{urlencode(query)}"
    found = json_of(line.get(_opened(feed, line.inside(checkpoint.get("next") or first)), {}))
    rows = rows_of(found, "data")
    not_too_many(len(rows))
    paging = found.get("paging")
    link = str(paging.get("next") or "") if isinstance(paging, Mapping) else ""
    moments = [row["last_updated"] for row in rows if isinstance(row, Mapping) and type(row.get("last_updated")) is int]
    if moments and max(moments) < since:
        raise PullStopped(_("it goes backwards: its newest entry is older than what was asked for"))
    seen = max([since, int(checkpoint.get("seen", 0)), *moments])
    where: dict[str, Any] = {"since": seen}
    if link:
        link = _closed(line.inside(link))
        lap = lap_of(checkpoint.get("lap", {})).after(link)
        if lap is None:
            raise PullStopped(_("the links to its next pages go in circles"))
        where = {"since": since, "seen": seen, "next": link, "lap": lap.kept()}
    entries: list[Entry] = []
    broken: list[Broken] = []
    whole: set[str] = set()
    gone: dict[str, datetime | None] = {}
    for place, row in enumerate(rows, 1):
        try:
            number, at, described = _update(place, row, feed)
        except BadHash as error:
            broken.append(Broken(place, error.lazy_text))
            continue
        if described is None:
            gone[number] = at
        else:
            whole.add(number)
            entries += described
    return Page(where, not link, tuple(entries), tuple(broken), frozenset(whole), gone, under=True)


def send_feedback(line: Line, feed: Feed, item: FeedbackItem, may_send: Callable[[], bool]) -> FeedbackResult | None:
    """React to a descriptor."""
    _indicator, _colon, descriptor = item.foreign_id.partition(":")
    if not descriptor.isdecimal():
        return FeedbackResult(0, is_there=False, is_refused=True)
    body = urlencode({"access_token": feed.secrets["access_token"], "reactions": item.reply}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    return line.send("POST", f"{feed.url}/{descriptor}", body, headers, may_send)


def _opened(feed: Feed, link: str) -> str:
    return f"{link}{'&' if '?' in link else '?'}{urlencode({'access_token': feed.secrets['access_token']})}"


def _closed(link: str) -> str:
    """Return a link without the access token that the other side put into it."""
    parts = urlsplit(link)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "access_token"]
    return parts._replace(query=urlencode(kept)).geturl()


def _share(level: object) -> str:
    """Return how far a descriptor may be passed on; with an unknown level it stays here."""
    return SHARE_LEVELS.get(str(level).upper(), "red") if level else ""


def _own_app(feed: Feed) -> str:
    return feed.secrets["access_token"].replace("%7C", "|").partition("|")[0]


def _update(place: int, row: Any, feed: Feed) -> tuple[str, datetime | None, list[Entry] | None]:
    """Return the id of an indicator, its time, and its entries; None where it no longer exists."""
    if not isinstance(row, Mapping) or not str(row.get("id") or "").isdecimal():
        raise BadHash("entry", _("it has no number"))
    number, moment = str(row["id"])[:24], row.get("last_updated")
    at = datetime.fromtimestamp(moment, UTC) if type(moment) is int and 0 <= moment < 1 << 33 else None
    described = row.get("descriptors")
    descriptors = described.get("data") if isinstance(described, Mapping) else None
    if row.get("should_delete") is True or not isinstance(descriptors, list):
        return number, at, None
    kind = str(row.get("type"))
    if kind not in _KINDS:
        raise BadHash("entry", _("its type %(kind)s is not a kind of hash that is kept here", kind=repr(kind[:30])))
    one = read_hash(_KINDS[kind], str(row.get("indicator") or ""))
    media = "video" if kind == "HASH_VIDEO_MD5" else "image"
    found: list[Entry] = []
    base = Entry(place, (one,), media, at=at)
    for descriptor in descriptors:
        if isinstance(descriptor, Mapping):
            found += _described(base, number, descriptor, feed)
    return number, at, found


def _described(base: Entry, number: str, descriptor: Mapping[str, Any], feed: Feed) -> list[Entry]:
    """Return the entries of a descriptor and the reactions to it, without our own."""
    owner = descriptor.get("owner")
    if not isinstance(owner, Mapping) or not str(owner.get("id") or ""):
        return []
    own = _own_app(feed)
    mine = replace(base, foreign_id=f"{number}:{str(descriptor.get('id') or '')[:24]}")
    tags = descriptor.get("tags")
    if isinstance(tags, Mapping):
        tags = [tag.get("text") for tag in tags.get("data") or () if isinstance(tag, Mapping)]
    found = []
    name = str(owner.get("name") or owner["id"])[:60]
    if str(owner["id"]) != own and name_key(name) != name_key(feed.own_name):
        entry = replace(
            mine,
            label=", ".join(map(str, tags))[:40] if isinstance(tags, list) else "",
            source=name,
            category=str(descriptor.get("status") or "UNKNOWN")[:40],
            share=_share(descriptor.get("share_level")),
        )
        found.append(entry)
    for reaction in descriptor.get("reactions") or ():
        if isinstance(reaction, Mapping) and reaction.get("key") in _REACTIONS:
            who = [one.strip() for one in str(reaction.get("value") or "").split(",")]
            verdict = _REACTIONS[reaction["key"]]
            found += [replace(mine, source=one[:60], verdict=verdict) for one in who if one not in ("", own)]
    return found
