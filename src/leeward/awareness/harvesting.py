"""Catalogues of others, fetched as a whole: a JSON feed, LearningResources as JSON-LD, or an OAI-PMH repository."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from leeward.awareness.line import fetch
from leeward.awareness.queries import languages
from leeward.awareness.rules.entries import MOST_ENTRIES, EntryDetails, is_web_address, read_entry
from leeward.awareness.rules.oai import PREFIX, rows_of_page
from leeward.awareness.rules.records import MOST_BYTES, NotAFeed, rows_of_feed
from leeward.awareness.rules.vocabulary import TOPICS, chosen
from leeward.foundation.errors import BadInput

MOST_PAGES = 200


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
        rows = _pages(address) if is_oai else rows_of_feed(_body(address))
    except NotAFeed as error:
        raise BadInput(what=address, why=str(error)) from None
    return _read(rows, f"Harvested from {address}"[:200])


def _pages(address: str, get: Callable[[str], bytes] | None = None) -> list[dict[str, str]]:
    """Return the rows of every page of a list; a list that is too long, or goes round in circles, is refused."""
    rows: list[dict[str, str]] = []
    asked: dict[str, str] = {"metadataPrefix": PREFIX}
    seen: set[str] = set()
    for _page in range(MOST_PAGES):
        joint = "&" if "?" in address else "?"
        found, token = rows_of_page((get or _body)(f"{address}{joint}{urlencode({'verb': 'ListRecords', **asked})}"))
        rows += found
        if len(rows) > MOST_ENTRIES:
            raise NotAFeed(f"it has more than {MOST_ENTRIES} rows")
        if not token:
            return rows
        if token in seen:
            raise NotAFeed("its pages go round in circles")
        seen.add(token)
        asked = {"resumptionToken": token}
    raise NotAFeed(f"it has more than {MOST_PAGES} pages")


def _body(address: str) -> bytes:
    found = fetch(address, most_bytes=MOST_BYTES)
    if found.outcome in ("too_large", "packed_too_well"):
        raise NotAFeed(f"it is larger than {MOST_BYTES // 1_000_000} MB")
    if found.outcome != "answered" or found.status != 200:
        raise NotAFeed(f"no answer came ({found.outcome}, status {found.status})")
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
