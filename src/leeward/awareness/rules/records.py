"""Entries as schema.org's LearningResource inside a JSON feed (version 1.1), both ways. Pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leeward.awareness.rules.entries import MOST_ENTRIES, EntryDetails
from leeward.awareness.rules.vocabulary import AUDIENCES, FORMS, OLDEST, YOUNGEST

VERSION = "https://jsonfeed.org/version/1.1"
# Our words where schema.org leaves them to whoever writes; EducationalAudience takes any text.
ROLES = {
    "child": "student",
    "parent": "parent",
    "teacher": "teacher",
    "social_worker": "social worker",
    "police": "police officer",
    "industry": "company",
}
OWN = "_learning_resource"
MOST_BYTES = 5_000_000
TOO_LARGE = f"it is larger than {MOST_BYTES // 1_000_000} MB"
NEITHER = "it is neither JSON nor XML in UTF-8"
NOTHING = "it holds no learning material"


class NotAFeed(ValueError):
    """A document that isn't a feed of learning material; the message says why."""


@dataclass(frozen=True, slots=True)
class Record:
    """An entry that is given to others: its number, and when it was last changed or reviewed."""

    number: int
    changed_at: datetime
    details: EntryDetails


def learning_resource(details: EntryDetails, changed_at: datetime) -> dict[str, Any]:
    """Return an entry in schema.org's words; what nobody noted is left out."""
    found: dict[str, Any] = {
        "@type": "LearningResource",
        "name": details.title,
        "url": details.address,
        "learningResourceType": details.form,
        "dateModified": f"{changed_at:%Y-%m-%d}",
    }
    if details.publisher:
        found["publisher"] = {"@type": "Organization", "name": details.publisher}
    if details.audiences:
        found["audience"] = [
            {"@type": "EducationalAudience", "educationalRole": ROLES[one]} for one in details.audiences
        ]
    if details.age_from is not None or details.age_to is not None:
        found["typicalAgeRange"] = f"{_age(details.age_from)}-{_age(details.age_to)}"
    for name, value in (
        ("teaches", list(details.topics)),
        ("inLanguage", list(details.languages)),
        ("license", details.licence),
    ):
        if value:
            found[name] = value
    return found


def feed(records: Iterable[Record], *, title: str, home: str, address: str) -> dict[str, Any]:
    """Return a JSON feed whose items hold an entry in schema.org's words each."""
    items = []
    for record in records:
        item: dict[str, Any] = {
            "id": f"{home}#{record.number}",
            "url": record.details.address,
            "title": record.details.title,
            "content_text": record.details.title,
            "date_modified": record.changed_at.isoformat(timespec="seconds"),
            OWN: {"@context": "https://schema.org"} | learning_resource(record.details, record.changed_at),
        }
        if record.details.publisher:
            item["authors"] = [{"name": record.details.publisher}]
        if record.details.topics:
            item["tags"] = list(record.details.topics)
        items.append(item)
    return {"version": VERSION, "title": title, "home_page_url": home, "feed_url": address, "items": items}


def rows_of_feed(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a JSON feed, or of LearningResources as JSON-LD (one, a list, or under @graph), as a table
    would hold them. Raises NotAFeed.
    """
    if len(content) > MOST_BYTES:
        raise NotAFeed(TOO_LARGE)
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise NotAFeed(NEITHER) from None
    found = _things(document)
    if found is None:
        raise NotAFeed(NOTHING)
    if len(found) > MOST_ENTRIES:
        raise NotAFeed(f"it has more than {MOST_ENTRIES} rows")
    return [_row(one) for one in found]


def _things(document: Any) -> list[Mapping[str, Any]] | None:
    if isinstance(document, dict) and str(document.get("version", "")).startswith("https://jsonfeed.org/version/"):
        items = document.get("items")
        if not isinstance(items, list):
            return None
        return [_of_item(item) for item in items if isinstance(item, dict)]
    if isinstance(document, dict):
        inside = document.get("@graph")
        document = inside if isinstance(inside, list) else [document]
    if not isinstance(document, list):
        return None
    found: list[Mapping[str, Any]] = [
        one for one in document if isinstance(one, dict) and "LearningResource" in _list(one.get("@type"))
    ]
    return found or None


def _of_item(item: Mapping[str, Any]) -> Mapping[str, Any]:
    own = item.get(OWN)
    if isinstance(own, dict):
        return own
    authors = [one for one in _list(item.get("authors")) if isinstance(one, dict)]
    return {
        "name": item.get("title"),
        "url": item.get("url"),
        "inLanguage": item.get("language"),
        "publisher": authors[0] if authors else "",
    }


def _row(one: Mapping[str, Any]) -> dict[str, str]:
    """Return a row; words that aren't ours are left out, for another's list is not wrong."""
    roles = {role: name for name, role in ROLES.items()}
    audiences = []
    for audience in _list(one.get("audience")):
        for role in _list(audience.get("educationalRole") if isinstance(audience, dict) else audience):
            word = _text(role).lower()
            audiences.append(roles.get(word, word if word in AUDIENCES else ""))
    low, _dash, high = _text(one.get("typicalAgeRange")).partition("-")
    form = _text((_list(one.get("learningResourceType")) or [""])[0]).lower()
    return {
        "title": _text(one.get("name")),
        "publisher": _name(one.get("publisher")),
        "address": _text(one.get("url")),
        "audiences": " ".join(filter(None, audiences)),
        "age_from": _in_range(low),
        "age_to": _in_range(high),
        "topics": " ".join(map(_text, _list(one.get("teaches")))),
        "languages": " ".join(_text(tag).partition("-")[0].lower() for tag in _list(one.get("inLanguage"))),
        "form": form if form in FORMS else "page",
        "licence": _text(one.get("license")),
        "source": "",
    }


def _age(number: int | None) -> str:
    return "" if number is None else str(number)


def _in_range(text: str) -> str:
    """Return an age as our tables can hold it; older than our oldest is no limit to us."""
    number = text.strip()
    is_one = number.isascii() and number.isdecimal() and len(number) < 3 and YOUNGEST <= int(number) <= OLDEST
    return number if is_one else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _name(value: Any) -> str:
    first = (_list(value) or [""])[0]
    return _text(first.get("name") if isinstance(first, dict) else first)
