"""Entries as schema.org and as a JSON feed, out and in again."""

import json
from datetime import UTC, datetime

import pytest

from leeward.awareness.rules.entries import MOST_ENTRIES, EntryDetails, read_entry
from leeward.awareness.rules.records import (
    MOST_BYTES,
    OWN,
    ROLES,
    NotAFeed,
    Record,
    feed,
    learning_resource,
    rows_of_feed,
)
from leeward.awareness.rules.vocabulary import AUDIENCES

WHEN = datetime(2026, 11, 28, 12, 30, tzinfo=UTC)
FULL = EntryDetails(
    "Talk about pictures",
    "School",
    "https://school.example/p",
    ("child", "social_worker"),
    9,
    12,
    ("pictures", "time"),
    ("en", "fr"),
    "video",
    "CC BY 4.0",
)
BARE = EntryDetails("Talk", "", "https://school.example/t")


def test_an_entry_in_the_words_of_schema_org() -> None:
    assert list(ROLES) == list(AUDIENCES)
    assert learning_resource(FULL, WHEN) == {
        "@type": "LearningResource",
        "name": "Talk about pictures",
        "url": "https://school.example/p",
        "learningResourceType": "video",
        "dateModified": "2026-11-28",
        "publisher": {"@type": "Organization", "name": "School"},
        "audience": [
            {"@type": "EducationalAudience", "educationalRole": "student"},
            {"@type": "EducationalAudience", "educationalRole": "social worker"},
        ],
        "typicalAgeRange": "9-12",
        "teaches": ["pictures", "time"],
        "inLanguage": ["en", "fr"],
        "license": "CC BY 4.0",
    }
    assert set(learning_resource(BARE, WHEN)) == {"@type", "name", "url", "learningResourceType", "dateModified"}
    assert learning_resource(EntryDetails("a", "", "b", age_from=9), WHEN)["typicalAgeRange"] == "9-"
    assert learning_resource(EntryDetails("a", "", "b", age_to=9), WHEN)["typicalAgeRange"] == "-9"


def test_a_feed_comes_back_as_it_was() -> None:
    made = feed(
        [Record(7, WHEN, FULL), Record(8, WHEN, BARE)], title="Jamaica", home="https://l/jm", address="https://l/f"
    )
    assert {name: made[name] for name in made if name != "items"} == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Jamaica",
        "home_page_url": "https://l/jm",
        "feed_url": "https://l/f",
    }
    first, second = made["items"]
    assert first[OWN]["@context"] == "https://schema.org"
    assert {name: first[name] for name in first if name != OWN} == {
        "id": "https://l/jm#7",
        "url": "https://school.example/p",
        "title": "Talk about pictures",
        "content_text": "Talk about pictures",
        "date_modified": "2026-11-28T12:30:00+00:00",
        "authors": [{"name": "School"}],
        "tags": ["pictures", "time"],
    }
    assert not {"authors", "tags"} & set(second)
    rows = rows_of_feed(json.dumps(made).encode())
    assert [read_entry(row, ("en", "fr"))[0] for row in rows] == [FULL, BARE]


def test_what_others_write_is_read_as_far_as_we_have_words() -> None:
    other = {
        "@type": ["CreativeWork", "LearningResource"],
        "name": " A  lesson ",
        "url": "https://a.example/",
        "publisher": ["School", "Other"],
        "audience": [{"educationalRole": ["teacher", "pilot"]}, "parent", {"x": 1}, "social_worker"],
        "typicalAgeRange": "7-99",
        "inLanguage": "en-GB",
        "teaches": "time",
        "learningResourceType": ["lesson plan"],
        "license": {"@id": "x"},
    }
    wanted = {
        "title": "A lesson",
        "publisher": "School",
        "address": "https://a.example/",
        "audiences": "teacher parent social_worker",
        "age_from": "7",
        "age_to": "",
        "topics": "time",
        "languages": "en",
        "form": "page",
        "licence": "",
        "source": "",
    }
    for document in (other, [other, {"@type": "Person"}, 3], {"@graph": [other]}):
        assert rows_of_feed(json.dumps(document).encode()) == [wanted]
    plain = {
        "version": "https://jsonfeed.org/version/1",
        "items": [3, {"title": "A", "url": "https://a.example", "language": "fr", "authors": [3, {"name": "B"}]}],
    }
    (row,) = rows_of_feed(json.dumps(plain).encode())
    assert (row["title"], row["address"], row["languages"], row["publisher"]) == ("A", "https://a.example", "fr", "B")
    (row,) = rows_of_feed(json.dumps(plain | {"items": [{"title": "A"}]}).encode())
    assert (row["title"], row["publisher"]) == ("A", "")
    assert rows_of_feed(json.dumps(plain | {"items": []}).encode()) == []
    assert [
        rows_of_feed(json.dumps({"@type": "LearningResource", "typicalAgeRange": text}).encode())[0]["age_from"]
        for text in ("3-", "18", "2-", "19-", "012", "x", "٥")
    ] == ["3", "18", "", "", "", "", ""]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{" + b" " * MOST_BYTES, "it is larger than 5 MB"),
        (b"<html>", "it is neither JSON nor XML in UTF-8"),
        ("é".encode("latin-1"), "it is neither JSON nor XML in UTF-8"),
        (b"[" * 100_000, "it is neither JSON nor XML in UTF-8"),
        (b"{}", "it holds no learning material"),
        (b"3", "it holds no learning material"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "it holds no learning material"),
        (b'{"version": 3, "items": []}', "it holds no learning material"),
        (
            json.dumps([{"@type": "LearningResource"}] * (MOST_ENTRIES + 1)).encode(),
            f"it has more than {MOST_ENTRIES} rows",
        ),
    ],
)
def test_what_is_no_feed(content: bytes, why: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        rows_of_feed(content)
    assert str(refused.value) == why


def test_as_much_as_allowed() -> None:
    assert len(rows_of_feed(json.dumps([{"@type": "LearningResource"}] * MOST_ENTRIES).encode())) == MOST_ENTRIES
    exact = json.dumps({"@type": "LearningResource"}).encode()
    assert len(rows_of_feed(exact + b" " * (MOST_BYTES - len(exact)))) == 1
