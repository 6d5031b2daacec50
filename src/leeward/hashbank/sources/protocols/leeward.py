"""Another Leeward: the signed versions of one of its lists, complete or as changes since the version we hold.

The file is fetched in pieces into the data directory and read only once it is complete and its signature by the agreed
key is valid.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import batched
from typing import Any
from urllib.parse import quote

from leeward.audit.keys import is_signed
from leeward.foundation.http import Answer
from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.patterns import Pattern
from leeward.hashbank.formats import Broken, Entry
from leeward.hashbank.formats.entries import ListUnreadable
from leeward.hashbank.formats.tables import read_csv
from leeward.hashbank.lists.services.copying import copy_text
from leeward.hashbank.records.services.voting import name_key
from leeward.hashbank.sources.errors import PullStopped
from leeward.hashbank.sources.protocols.line import Feed, FeedbackItem, FeedbackResult, Line, Page, spread

FORM = "csv"
PIECE_BYTES = 16 << 20
MOST_BYTES = 8 << 30
AT_ONCE = 20_000
_RANGE = Pattern(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


def pages(line: Line, feed: Feed, checkpoint: dict[str, Any]) -> Iterator[Page]:
    """Yield the pieces of the newest version as they arrive, then its entries."""
    held, coming = int(checkpoint.get("version", 0)), checkpoint.get("coming")
    if coming is None or not _is_there(feed, coming):
        coming = None
        answer = _ask(line, feed, held, begin=0, etag="")
        if answer.status == 304:
            yield Page({"version": held}, is_last=True)
            return
        have, size = _keep(feed, answer, 0)
        coming = _of(answer, held) | {"have": have, "size": size, "etag": answer.header("etag"), "done": 0}
        yield Page({"version": held, "coming": coming}, is_last=False)
    while coming["have"] < coming["size"]:
        answer = _ask(line, feed, held, begin=coming["have"], etag=coming["etag"])
        if answer.status == 416 or _of(answer, held)["sha256"] != coming["sha256"]:
            yield Page({"version": held}, is_last=False)
            raise PullStopped(_("it gave out another version while this one was fetched; the next pull fetches that"))
        have, size = _keep(feed, answer, coming["have"] if answer.status == 206 else 0)
        coming = coming | {"have": have, "size": size}
        yield Page({"version": held, "coming": coming}, is_last=False)
    yield from _read(feed, held, coming)


def send_feedback(line: Line, feed: Feed, item: FeedbackItem, may_send: Callable[[], bool]) -> FeedbackResult | None:
    """Tell the other side whether a record belongs on its list; its people settle what we call wrong."""
    body = json.dumps({"record": int(item.foreign_id), "is_right": item.reply == "right"}).encode()
    headers = {"Authorization": f"Bearer {feed.secrets['key']}", "Content-Type": "application/json"}
    return line.send("POST", f"{feed.url}/api/v1/check/feedback", body, headers, may_send)


def _ask(line: Line, feed: Feed, held: int, *, begin: int, etag: str) -> Answer:
    since = f"?since={held}" if held else ""
    headers = {
        "Authorization": f"Bearer {feed.secrets['key']}",
        "Range": f"bytes={begin}-{begin + PIECE_BYTES - 1}",
        **({"If-Range": etag} if etag else {}),
    }
    address = f"{feed.url}/api/v1/hash-lists/{quote(feed.part, safe='')}/{FORM}{since}"
    answer = line.get(address, headers, accepts=frozenset({200, 206, 304, 409, 416}))
    if answer.status == 409:
        raise PullStopped(_("it goes backwards: it never published version %(held)s, which is held here", held=held))
    return answer


def _of(answer: Answer, held: int) -> dict[str, Any]:
    """Return what an answer states about its file."""
    names = ("leeward-version", "leeward-since")
    version, since = (
        int(text) if (text := answer.header(name)).isdecimal() and len(text) < 16 else -1 for name in names
    )
    sha256 = answer.header("leeward-sha256")
    if version < 1 or since not in (0, held) or len(sha256) != 64:
        raise PullStopped(_("it does not say which version of the list it gives out"))
    if version <= held:
        raise PullStopped(
            _(
                "it goes backwards: it gives out version %(version)s, and %(held)s is held here",
                version=version,
                held=held,
            )
        )
    return {"version": version, "since": since, "sha256": sha256, "signature": answer.header("leeward-signature")}


def _keep(feed: Feed, answer: Answer, begin: int) -> tuple[int, int]:
    """Write a piece at its place; return how much is there and how much there will be."""
    size = len(answer.body)
    if answer.status == 206:
        found = _RANGE.fullmatch(answer.header("content-range"))
        if found is None or int(found[1]) != begin or int(found[2]) + 1 != begin + len(answer.body):
            raise PullStopped(_("it gives other bytes than those that were asked for"))
        size = int(found[3])
    if size > MOST_BYTES:
        raise PullStopped(_("its list is longer than %(most)s GB", most=MOST_BYTES >> 30))
    feed.spool.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with feed.spool.open("r+b" if begin else "wb") as out:
        out.truncate(begin)
        out.seek(begin)
        out.write(answer.body)
    return begin + len(answer.body), size


def _is_there(feed: Feed, coming: dict[str, Any]) -> bool:
    return feed.spool.exists() and feed.spool.stat().st_size >= coming["have"]


def _read(feed: Feed, held: int, coming: dict[str, Any]) -> Iterator[Page]:
    """Yield the entries of a complete file; those read before are only counted."""
    _verify(feed, coming)
    own = frozenset({name_key(feed.own_name)} if feed.own_name else ())
    is_all = coming["since"] == 0
    numbers: set[str] = set()
    done = 0
    with feed.spool.open("rb") as stream:
        for some in batched(_listed(stream), AT_ONCE):
            numbers.update(one.foreign_id for one in some if isinstance(one, Entry) and is_all)
            done += len(some)
            if done > coming["done"]:
                yield _page(some, {"version": held, "coming": coming | {"done": done}}, own)
    yield Page({"version": coming["version"]}, is_last=True, whole=frozenset(numbers), is_all=is_all)
    feed.spool.unlink(missing_ok=True)


def _page(some: tuple[Entry | Broken, ...], where: dict[str, Any], own: frozenset[str]) -> Page:
    gone: dict[str, datetime | None] = {
        one.foreign_id: one.at for one in some if isinstance(one, Entry) and one.gone and one.foreign_id
    }
    entries = [
        entry
        for one in some
        if isinstance(one, Entry) and not one.gone
        for entry in spread(replace(one, category=None), own)
    ]
    broken = tuple(one for one in some if isinstance(one, Broken))
    return Page(where, False, tuple(entries), broken, frozenset(one.foreign_id for one in entries), gone)


def _listed(stream: Any) -> Iterator[Entry | Broken]:
    try:
        yield from read_csv(stream)
    except ListUnreadable as error:
        raise PullStopped(error.values["why"]) from error


def _verify(feed: Feed, coming: dict[str, Any]) -> None:
    with feed.spool.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    if sha256 != coming["sha256"]:
        feed.spool.unlink()
        raise PullStopped(_("the file that came is not the one that it announced"))
    text = copy_text(
        list_name=feed.part, form=FORM, version=coming["version"], since=coming["since"], sha256=coming["sha256"]
    )
    if not is_signed(text, coming["signature"], feed.public_key):
        feed.spool.unlink()
        raise PullStopped(_("its list is signed by another key than the one that was agreed, such as an old one"))
