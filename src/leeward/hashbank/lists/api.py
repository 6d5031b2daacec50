"""`/api/v1/hash-lists`: signed versions of lists of known images and files, for subscribers' programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Router, Schema

from leeward.audit.keys import public_key
from leeward.hashbank.errors import NoSuchForm, VersionInFuture, VersionUnreadable
from leeward.hashbank.lists.services.copying import copy_for, media_of, newest_version
from leeward.hashbank.lists.services.exporting import list_for_key, lists_for_key
from leeward.hashbank.lists.services.following import note_fetch, note_refusal
from leeward.people.bearer import bearer, in_hotline, key_of
from leeward.web_security.files import Giving, give

router = Router(tags=["hash-lists"])
_LARGEST = (1 << 63) - 1


class HashListOut(Schema):
    """A list that your key can fetch, with its current version (0: none yet)."""

    list: str
    title: str
    version: int
    entries: int
    published_at: datetime | None
    formats: Sequence[str]


class HashKeyOut(Schema):
    """The key that signs every file, and the lines of the signed text."""

    algorithm: str
    public_key: str
    copy_text: list[str]


@router.get("/key", response=HashKeyOut, summary="The key that signs lists of hashes", openapi_extra={"security": []})
def show_hash_key(request: HttpRequest) -> Any:
    """Open to everybody. The text has one line for each of its parts, in this order, each ending with a line break."""
    parts = ["leeward-hash-copy 1", "list", "format", "version", "since, or 0", "sha256"]
    return {"algorithm": "Ed25519", "public_key": public_key(), "copy_text": parts}


@router.get("/", response=list[HashListOut], auth=bearer("subscriber"), summary="The lists of hashes for your key")
@in_hotline
def list_hash_lists(request: HttpRequest) -> Any:
    """The lists that your key can fetch, with the current version and the formats."""
    return lists_for_key(key_of(request).id)


@router.api_operation(
    ["GET", "HEAD"],
    "/{list_name}/{form}",
    auth=bearer("subscriber"),
    summary="A list of hashes",
    openapi_extra={
        "responses": {
            200: {"description": "The file; version, digest and signature are in headers `Leeward-…`."},
            206: {"description": "The range of bytes that was asked for."},
            304: {"description": "You have it already."},
            409: {"description": "`since` is a version that was never published: fetch the whole list."},
            416: {"description": "There are no such bytes."},
        }
    },
)
@in_hotline
def fetch_hash_list(request: HttpRequest, list_name: str, form: str, since: str = "") -> HttpResponseBase:
    """Formats: csv, vics, ncmec, threatexchange, threatexchange-csv, plain, snapshot (the signed folder as tar), as far
    as the list is published in them.

    `since` is the version that you hold: the answer contains the changes, including removals, or the complete list if
    that version is too old or the format can't express changes (`Leeward-Since: 0`). 304 means that there is nothing
    newer. ETag, gzip and ranges are supported.
    """
    key_id = key_of(request).id
    row = list_for_key(list_name, key_id)
    try:
        found = copy_for(row, form, _version(since))
    except (NoSuchForm, VersionInFuture, VersionUnreadable) as refusal:
        note_refusal(row, key_id, refusal.code)
        raise
    if found is None:
        newest = newest_version(row)
        note_fetch(row, key_id, form=form, version=newest)
        return HttpResponse(status=304, headers={"Leeward-Version": str(newest), "Cache-Control": "private, no-cache"})
    path, facts = found
    media_type, ending = media_of(form)
    headers = {
        "Leeward-Version": str(facts.version),
        "Leeward-Since": str(facts.since),
        "Leeward-SHA256": facts.sha256,
        "Leeward-Signature": facts.signature,
        "Leeward-Left-Out": str(facts.left_out),
    }
    answer = give(request, Giving(path, media_type, f"{row.name}-{facts.version}.{ending}", facts.sha256, headers))
    if request.method == "GET" and answer.status_code < 400:
        note_fetch(row, key_id, form=form, version=facts.version)
    return answer


def _version(text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:20]) <= _LARGEST and len(text) <= 20):
        raise VersionUnreadable
    return int(text)
