"""StopNCII: hashes that people submitted themselves, by the time of their last change, as JSON; feedback by hash.

A record states everything known of a hash now and replaces what was said before. Its cases are about intimate pictures
of the people who submitted them, of any age, so this module must not assume that they are illegal here. A person says
what the categories `case` and `Blocked` mean.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.formats import Broken, Entry
from leeward.hashbank.records.services.voting import name_key
from leeward.hashbank.rules.kinds import BadHash, read_hash
from leeward.hashbank.rules.sources import lap_of
from leeward.hashbank.sources.errors import PullStopped
from leeward.hashbank.sources.protocols.line import Feed, FeedbackItem, FeedbackResult, Line, Page, not_too_many
from leeward.hashbank.sources.protocols.reading import json_of, number_of, rows_of

PAGE_SIZE = 800
_KINDS = {"ImagePDQ": ("pdq", "image"), "VideoMD5": ("md5", "video")}
_GONE = frozenset({"Withdrawn", "Deleted"})
_FEEDBACK = frozenset({"Blocked", "NotBlocked"})
_FIRST = 10


def page(line: Line, feed: Feed, checkpoint: dict[str, Any]) -> Page:
    """Fetch the next page of changes since the last one."""
    since = int(checkpoint.get("since", _FIRST))
    query = {"startTimestamp": since, "pageSize": PAGE_SIZE}
    if checkpoint.get("next"):
        query["nextPageToken"] = checkpoint["next"]
    found = json_of(line.get(f"{feed.url}/FetchHashes?{urlencode(query)}", _opening(feed, "fetch_key")))
    rows = rows_of(found, "hashRecords")
    not_too_many(len(rows))
    following = number_of(found, "nextSetTimestamp") if found.get("nextSetTimestamp") else since
    if following < since:
        raise PullStopped(_("it goes backwards: its next moment is before the one that was asked for"))
    link = str(found.get("nextPageToken") or "")
    is_last = not (found.get("hasMoreRecords") is True and link)
    where: dict[str, Any] = {"since": following}
    if not is_last:
        lap = lap_of(checkpoint.get("lap", {})).after(link)
        if lap is None:
            raise PullStopped(_("the links to its next pages go in circles"))
        where = {"since": since, "next": link, "lap": lap.kept()}
    return _page(rows, where, is_last=is_last, own=frozenset({name_key(feed.own_name)} if feed.own_name else ()))


def _page(rows: list[Any], where: dict[str, Any], *, is_last: bool, own: frozenset[str]) -> Page:
    entries: list[Entry] = []
    broken: list[Broken] = []
    whole: set[str] = set()
    gone: dict[str, datetime | None] = {}
    for place, row in enumerate(rows, 1):
        try:
            parts = _record(place, row)
        except BadHash as error:
            broken.append(Broken(place, error.lazy_text))
            continue
        number = parts[0].foreign_id
        if row.get("hashStatus") in _GONE:
            gone[number] = parts[0].at
        else:
            whole.add(number)
            entries += [one for one in parts if not one.source or name_key(one.source) not in own]
    return Page(where, is_last, tuple(entries), tuple(broken), frozenset(whole), gone)


def send_feedback(line: Line, feed: Feed, item: FeedbackItem, may_send: Callable[[], bool]) -> FeedbackResult | None:
    """Report whether a hash was blocked."""
    kind = "md5" if item.media == "video" else "pdq"
    hashes = [one.text for one in item.hashes if one.kind == kind and one.text[:60] == item.foreign_id]
    if not hashes:
        return FeedbackResult(0, is_there=False, is_refused=True)
    feedback = [{"hashValue": hashes[0], "feedbackValue": item.reply, "tags": []}]
    body = json.dumps({"count": 1, "hashFeedbacks": feedback}).encode()
    headers = {**_opening(feed, "feedback_key"), "Content-Type": "application/json", "Accept": "application/json"}
    return line.send("POST", f"{feed.url}/SubmitFeedback", body, headers, may_send)


def _opening(feed: Feed, key: str) -> dict[str, str]:
    return {"x-functions-key": feed.secrets[key], "Ocp-Apim-Subscription-Key": feed.secrets["subscription_key"]}


def _record(place: int, row: Any) -> list[Entry]:
    """Return the entries of a record: the case itself, then each company's feedback."""
    if not isinstance(row, Mapping):
        raise BadHash("entry", _("it is not an object"))
    kind = str(row.get("signalType"))
    if kind not in _KINDS:
        raise BadHash("entry", _("its type %(kind)s is not a kind of hash that is kept here", kind=repr(kind[:30])))
    name, media = _KINDS[kind]
    one = read_hash(name, str(row.get("hashValue") or ""))
    try:
        at = datetime.fromtimestamp(float(row.get("lastModtimestamp") or 0), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise BadHash("entry", _("its moment can’t be read")) from None
    case = Entry(place, (one,), media, category="case", foreign_id=one.text[:60], at=at)
    feedback = [
        opinion for opinion in row.get("CSPFeedbacks") or () if isinstance(opinion, Mapping) and opinion.get("source")
    ]
    known_opinions = [opinion for opinion in feedback if opinion.get("feedbackValue") in _FEEDBACK]
    return [case] + [
        replace(case, source=str(opinion["source"])[:60], category=str(opinion["feedbackValue"]))
        for opinion in known_opinions
    ]
