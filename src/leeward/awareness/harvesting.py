"""Catalogues of others, fetched as a whole: a JSON feed, LearningResources as JSON-LD, or an OAI-PMH repository."""

import json
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from leeward.awareness.line import fetch
from leeward.awareness.queries import languages
from leeward.awareness.rules.entries import MOST_ENTRIES, EntryDetails, is_web_address, read_entry
from leeward.awareness.rules.oai import PREFIX
from leeward.awareness.rules.records import MOST_BYTES, NEITHER, TOO_LARGE, NotAFeed, rows_of_feed
from leeward.awareness.rules.vocabulary import TOPICS, chosen
from leeward.foundation import sandbox
from leeward.foundation.errors import BadInput

MOST_PAGES = 200
# Of all pages of one harvest together.
MOST_BYTES_IN_ALL, MOST_SECONDS = 20_000_000, 90.0


class NoAnswer(NotAFeed):
    """Nothing came that could be read."""


class TooMuch(NotAFeed):
    """More came than is taken from another, or it took longer."""


@dataclass(frozen=True, slots=True)
class Harvest:
    """What was read, by title and address once each, and why other rows were left out, one sentence a row."""

    entries: list[EntryDetails]
    left_out: list[str]


def harvest(address: str, *, is_oai: bool) -> Harvest:
    """Fetch another catalogue through the guarded client; nothing is kept here. Raises BadInput."""
    if not is_web_address(address):
        raise BadInput(what=address[:200], why="it is not a complete web address")
    try:
        return read(address, is_oai=is_oai)
    except NotAFeed as error:
        raise BadInput(what=address, why=str(error)) from None


def read(address: str, *, is_oai: bool) -> Harvest:
    """Fetch another catalogue as `harvest` does. Raises NoAnswer, TooMuch, NotAFeed."""
    rows = _pages(address) if is_oai else rows_of_feed(_body(address))
    return _read(rows, f"Harvested from {address}"[:200])


def _pages(address: str) -> list[dict[str, str]]:
    """Return the rows of every page of a list; a list that is too long, or goes round in circles, is refused."""
    began, size = monotonic(), 0
    rows: list[dict[str, str]] = []
    asked: dict[str, str] = {"metadataPrefix": PREFIX}
    seen: set[str] = set()
    for _page in range(MOST_PAGES):
        joint = "&" if "?" in address else "?"
        body = _body(f"{address}{joint}{urlencode({'verb': 'ListRecords', **asked})}")
        found, token = _rows_of_page(body)
        rows, size = rows + found, size + len(body)
        if len(rows) > MOST_ENTRIES:
            raise TooMuch(f"it has more than {MOST_ENTRIES} rows")
        if size > MOST_BYTES_IN_ALL:
            raise TooMuch(f"its pages are larger than {MOST_BYTES_IN_ALL // 1_000_000} MB together")
        if monotonic() - began > MOST_SECONDS:
            raise TooMuch(f"its pages take longer than {MOST_SECONDS:.0f} seconds together")
        if not token:
            return rows
        if token in seen:
            raise NotAFeed("its pages go round in circles")
        seen.add(token)
        asked = {"resumptionToken": token}
    raise TooMuch(f"it has more than {MOST_PAGES} pages")


def _rows_of_page(body: bytes) -> tuple[list[dict[str, str]], str]:
    """Return the rows of a page, and the token of the next one ("": none); it is read in a child. Raises NotAFeed; NoAnswer
    where the child came to no end."""
    answer = sandbox.call("leeward.awareness.decoders.pages:read", body)
    if isinstance(answer, sandbox.Finding):
        raise NoAnswer(str(answer.why))
    try:
        found: dict[str, Any] = json.loads(answer)
        if "why" not in found:
            return found["rows"], str(found["token"])
    except (ValueError, LookupError, TypeError, RecursionError):
        found = {"why": NEITHER}
    raise NotAFeed(str(found["why"]))


def _body(address: str) -> bytes:
    found = fetch(address, most_bytes=MOST_BYTES)
    if found.outcome in ("too_large", "packed_too_well"):
        raise TooMuch(TOO_LARGE)
    if found.outcome != "answered" or found.status != 200:
        raise NoAnswer(f"no answer came ({found.outcome}, status {found.status})")
    return found.body


def _read(rows: list[dict[str, str]], source: str) -> Harvest:
    """Return entries of rows; another's topics and languages that we have no word for are dropped, faulty rows left out."""
    found: dict[tuple[str, str], EntryDetails] = {}
    left_out = []
    for number, row in enumerate(rows, 1):
        topics, _other = chosen(row["topics"], TOPICS)
        tags, _other_tags = chosen(row["languages"], languages())
        ours = {**row, "topics": " ".join(topics), "languages": " ".join(tags), "source": source}
        details, faults = read_entry(ours, languages())
        if details is None:
            left_out.append(f"record {number}: {'; '.join(map(str, faults))}")
        elif details.key in found:
            left_out.append(f"record {number}: it stands there twice")
        else:
            found[details.key] = details
    return Harvest(list(found.values()), left_out)
