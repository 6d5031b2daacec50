"""`/api/v1/feeds`: lists for subscribers, and look-ups of addresses in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Field, Router, Schema

from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.publishing import answering, feeds, keys, queries, services
from leeward.blocklist.publishing.copies import keyed_key
from leeward.blocklist.publishing.errors import ContractEnded, SerialUnreadable
from leeward.blocklist.publishing.http import answer_with
from leeward.blocklist.publishing.queries import SubscriberRow
from leeward.blocklist.publishing.rules.statements import ALGORITHM
from leeward.blocklist.queries import ListRow
from leeward.blocklist.rules.scopes import scope_letters
from leeward.blocklist.rules.search import MAX_PREFIXES, answer_as_json, read_question
from leeward.people.bearer import bearer, in_hotline, key_of, token_actor

router = Router(tags=["feeds"])
MOST_URLS = 1000
_LARGEST = (1 << 32) - 1


class FeedOut(Schema):
    """A list in your contract, with its current publication (null: none yet)."""

    list: str
    title: str
    serial: int | None
    published_at: datetime | None
    formats: Sequence[str]


class KeyOut(Schema):
    """The key that signs every publication and every copy."""

    algorithm: str
    public_key: str
    publication_text: list[str]
    copy_text: list[str]


class KeyedKeyOut(Schema):
    """The key of the current keyed list, in hexadecimal; it changes every month."""

    epoch: str
    key: str


class SearchIn(Schema):
    """Prefixes of four bytes in hexadecimal."""

    prefixes: list[str] = Field(min_length=1, max_length=MAX_PREFIXES)


class CheckIn(Schema):
    """Addresses to look up."""

    urls: list[str] = Field(min_length=1, max_length=MOST_URLS)


class CheckedOut(Schema):
    """Whether an address is on the list, by which expression and in which scopes (letters); `problem`: it is not a web
    address.
    """

    url: str
    blocked: bool
    expression: str
    scopes: str
    problem: str


class CheckOut(Schema):
    """The answers, in the order of the questions."""

    list: str
    serial: int
    results: Sequence[CheckedOut]


class TestIn(Schema):
    """The result of this quarter's test: `blocked` or `open`."""

    answer: Literal["blocked", "open"]


class TestOut(Schema):
    """The recorded result."""

    list: str
    quarter: str
    answer: str


def _subscriber(request: HttpRequest) -> SubscriberRow:
    found = queries.subscriber_of_token(key_of(request).id)
    if found is None:
        raise ContractEnded
    return found


def _list_of(subscriber: SubscriberRow, list_name: str, form: str | None = None) -> ListRow:
    row = blocklist_queries.block_list(list_name)
    feeds.check_contract(subscriber, row, form)
    return row


def _since(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:11]) <= _LARGEST):
        raise SerialUnreadable
    return int(text)


@router.get("/key", response=KeyOut, summary="The key that signs lists", openapi_extra={"security": []})
def show_key(request: HttpRequest) -> Any:
    """Open to everybody. Each text has one line for each of its parts, in this order, each ending with a line break."""
    return {
        "algorithm": ALGORITHM,
        "public_key": keys.public_key(),
        "publication_text": ["leeward-list-publication 1", "list", "serial", "time", "entries", "sha256"],
        "copy_text": ["leeward-list-copy 1", "list", "format", "serial", "since, or 0", "sha256"],
    }


@router.get("/", response=list[FeedOut], auth=bearer("subscriber"), summary="What your contract holds")
@in_hotline
def list_feeds(request: HttpRequest) -> Any:
    """The lists and formats of your contract, with the current serial."""
    subscriber = _subscriber(request)
    rows = [row for row in blocklist_queries.block_lists() if row.id in subscriber.list_ids]
    newest = {row.id: queries.newest(row.id) for row in rows}
    return [
        {
            "list": row.name,
            "title": row.title,
            "serial": found.serial if (found := newest[row.id]) else None,
            "published_at": found.at if found else None,
            "formats": list(subscriber.formats),
        }
        for row in rows
    ]


@router.get("/{list_name}/keyed/key", response=KeyedKeyOut, auth=bearer("subscriber"), summary="The keyed list's key")
@in_hotline
def show_keyed_key(request: HttpRequest, list_name: str) -> Any:
    """Your key for the current keyed list."""
    subscriber = _subscriber(request)
    row = _list_of(subscriber, list_name, "keyed")
    secret = settings.LEEWARD.secret_bytes
    epoch, key = keyed_key(secret, row.name, subscriber, feeds.newest_of(row).at.date())
    return {"epoch": epoch, "key": key.hex()}


@router.post("/{list_name}/search", auth=bearer("subscriber"), summary="The digests behind prefixes")
@in_hotline
def search(request: HttpRequest, list_name: str, body: SearchIn) -> Any:
    """Returns at least four digests for each prefix, some of them made up; docs/how-to/hash-list.md describes how to
    ask.
    """
    subscriber = _subscriber(request)
    row = _list_of(subscriber, list_name, "hashes")
    return answer_as_json(answering.search(row, subscriber, read_question({"prefixes": body.prefixes})))


@router.post("/{list_name}/check", response=CheckOut, auth=bearer("check", "subscriber"), summary="Is it blocked?")
@in_hotline
def check(request: HttpRequest, list_name: str, body: CheckIn) -> Any:
    """Whether addresses are on the current list, and by which expression. Nothing of the request is stored."""
    is_check = "check" in key_of(request).scopes
    row = blocklist_queries.block_list(list_name) if is_check else _list_of(_subscriber(request), list_name)
    serial, found = answering.hits(row, body.urls)
    results = [
        {
            "url": url,
            "blocked": hit is not None,
            "expression": hit.expression if hit else "",
            "scopes": scope_letters(hit.scopes) if hit else "",
            "problem": problem,
        }
        for url, hit, problem in found
    ]
    return {"list": row.name, "serial": serial, "results": results}


@router.post("/{list_name}/test", response=TestOut, auth=bearer("subscriber"), summary="Record the quarterly test")
@in_hotline
def record_test(request: HttpRequest, list_name: str, body: TestIn) -> Any:
    """Query your own resolver or proxy for the list's test name, and report here whether it was blocked."""
    subscriber = _subscriber(request)
    row = _list_of(subscriber, list_name)
    quarter = services.answer_test(
        subscriber.id, row.id, answer=body.answer, actor=token_actor(key_of(request)), by_programme=True
    )
    return {"list": row.name, "quarter": quarter, "answer": body.answer}


# The last one, because its path would match the others' too.
@router.api_operation(
    ["GET", "HEAD"],
    "/{list_name}/{form}",
    auth=bearer("subscriber"),
    summary="Your copy of a list",
    openapi_extra={
        "responses": {
            200: {"description": "The copy; its serial, signature and what it can't say are in headers `Leeward-…`."},
            206: {"description": "The range of bytes that was asked for."},
            304: {"description": "You have it already."},
            409: {"description": "`since` is a serial that was never published: fetch the whole list."},
            416: {"description": "There are no such bytes."},
        }
    },
)
@in_hotline
def fetch_list(request: HttpRequest, list_name: str, form: str, since: str = "") -> HttpResponseBase:
    """Formats: rpz, hashes, keyed, urls, hosts, adblock, domains, e2guardian, ip.

    `since` is the serial that you hold. hashes and urls answer with the changes since then, or with the complete list
    if that serial is too old; the others with the complete list. 304 means that there is nothing newer. ETag, gzip and
    byte ranges are supported.
    """
    subscriber = _subscriber(request)
    feeds.format_named(form)
    row = _list_of(subscriber, list_name, form)
    made = feeds.copy_for(row, form, subscriber=subscriber, since=_since(since))
    newest = feeds.newest_of(row).serial or 0
    services.note_fetch(
        hotline_id=row.hotline_id, subscriber_id=subscriber.id, list_id=row.id, form=form, serial=newest
    )
    if made is None:
        return HttpResponse(status=304, headers={"Leeward-Serial": str(newest), "Cache-Control": "private, no-cache"})
    return answer_with(request, made, f"{row.name}-{made.serial}")
