"""What an entry may say, how tables are read and written, and what reviews and visits mean."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.awareness.rules.cards import MOST_CODE, SIZES, fits_in_code, short_address
from leeward.awareness.rules.entries import (
    MOST_ENTRIES,
    MOST_LANGUAGES,
    EntryDetails,
    is_web_address,
    key_of,
    read_entry,
)
from leeward.awareness.rules.sheet import (
    COLUMNS,
    MOST_BYTES,
    Line,
    NotACatalogue,
    decoded,
    doubles,
    is_formula,
    plain,
    read_sheet,
    write_sheet,
)
from leeward.awareness.rules.standing import (
    MISSES,
    OFTEN,
    SOON,
    after_visit,
    answer_of,
    is_public,
    verdict_of,
)
from leeward.awareness.rules.vocabulary import AGES, AUDIENCES, CRITERIA, band_named, chosen

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
TAGS = ("en", "fr", "ur")
GOOD = {"title": "Talk about pictures", "address": "https://school.example/pictures"}


def faults(**cells: str) -> str:
    found, wrong = read_entry(GOOD | cells, TAGS)
    assert (found is None) == bool(wrong)
    return "; ".join(map(str, wrong))


def test_an_entry_is_read_whole() -> None:
    found, wrong = read_entry(
        GOOD
        | {
            "title": " Talk  about pictures ",
            "publisher": "School",
            "audiences": "parent, child",
            "age_from": "3",
            "age_to": "18",
            "topics": "pictures;time",
            "languages": "fr EN",
            "form": "Video",
            "licence": "CC BY 4.0",
            "source": "A letter",
        },
        TAGS,
    )
    assert wrong == []
    assert found == EntryDetails(
        "Talk about pictures",
        "School",
        "https://school.example/pictures",
        ("child", "parent"),
        3,
        18,
        ("pictures", "time"),
        ("en", "fr"),
        "video",
        "CC BY 4.0",
        "A letter",
    )
    bare, _ = read_entry(GOOD, TAGS)
    assert bare == EntryDetails("Talk about pictures", "", "https://school.example/pictures")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"title": "x" * 201}, "the title is longer than 200 characters"),
        ({"publisher": "x" * 121}, "the publisher is longer than 120 characters"),
        ({"address": "https://a.example/" + "x" * 500}, "the address is longer than 500 characters"),
        ({"licence": "x" * 81}, "the licence is longer than 80 characters"),
        ({"source": "x" * 201}, "the source is longer than 200 characters"),
        ({"title": "  "}, "the title is empty"),
        ({"title": "<b>bold</b>"}, "it contains markup; write plain words"),
        ({"source": "a > b"}, "it contains markup; write plain words"),
        ({"publisher": "a < b"}, "it contains markup; write plain words"),
        ({"licence": "<br"}, "it contains markup; write plain words"),
        ({"address": "school"}, "the address is not a complete web address"),
        ({"audiences": "child friend"}, "“friend” is not a word of this list"),
        ({"topics": "weather"}, "“weather” is not a word of this list"),
        ({"languages": "en xx"}, "“xx” is not a language here"),
        ({"form": "stone"}, "“stone” is not a word of this list"),
        ({"age_from": "2"}, "an age is a whole number from 3 to 18"),
        ({"age_to": "19"}, "an age is a whole number from 3 to 18"),
        ({"age_to": "004"}, "an age is a whole number from 3 to 18"),
        ({"age_from": "five"}, "an age is a whole number from 3 to 18"),
        ({"age_from": "٥"}, "an age is a whole number from 3 to 18"),
        ({"age_from": "9" * 5000}, "an age is a whole number from 3 to 18"),
        ({"age_from": "9", "age_to": "8"}, "the first age is above the last"),
    ],
)
def test_each_fault_has_a_sentence(cells: dict[str, str], sentence: str) -> None:
    assert faults(**cells) == sentence


def test_the_longest_that_is_allowed_is_taken() -> None:
    assert [str(one) for one in read_entry({"title": "A"}, TAGS)[1]] == ["the address is not a complete web address"]
    longest = {"title": "x" * 200, "publisher": "x" * 120, "licence": "x" * 80, "source": "x" * 200}
    assert not faults(**longest, address="https://a.example/" + "x" * 482, age_from="9", age_to="9")
    many = tuple(f"l{number}" for number in range(MOST_LANGUAGES + 1))
    assert read_entry(GOOD | {"languages": " ".join(many[:-1])}, many)[1] == []
    assert [str(one) for one in read_entry(GOOD | {"languages": " ".join(many)}, many)[1]] == [
        f"it names more than {MOST_LANGUAGES} languages"
    ]


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://school.example/", True),
        ("http://school.example:8080/a?b=c", True),
        ("ftp://school.example/", False),
        ("javascript:alert(1)", False),
        ("https://localhost/", False),
        ("https://name:word@school.example/", False),
        ("https://school.example/!", True),
        ("https://school.example/a b", False),
        ("https://school.example/\n", False),
        ("https://[school.example/", False),
        ("https:///path.html", False),
        ("", False),
    ],
)
def test_a_web_address(address: str, *, is_one: bool) -> None:
    assert is_web_address(address) is is_one


def test_what_makes_two_entries_the_same() -> None:
    same = key_of(" https://WWW.School.example/Path/ ", "Talk  about PICTURES")
    assert same == key_of("http://school.example/Path", "talk about pictures")
    assert same == EntryDetails("Talk about pictures", "x", "https://school.example/Path").key
    assert same != key_of("http://school.example/path", "talk about pictures")
    assert same != key_of("http://school.example/Path", "talk about picture")
    assert same == ("school.example/Path", "talk about pictures")
    assert key_of("https://a.example/X?u=http://b.example/X", "a")[0] == "a.example/X?u=http://b.example/X"
    assert key_of("school.example", "a") == key_of("https://school.example/", "A")


def test_words_of_a_cell() -> None:
    assert chosen("Parent,child; child aunt", AUDIENCES) == (("child", "parent"), ("aunt",))
    assert chosen("", AUDIENCES) == ((), ())
    assert [band_named(f"{low}-{high}") for low, high in AGES] == list(AGES)
    assert band_named("9-13") is None


def test_a_table_comes_back_as_it_was_written() -> None:
    entry = EntryDetails("=1+1", "-School", GOOD["address"], ("child",), 9, None, ("time",), ("en", "fr"), "game")
    text = write_sheet([entry])
    assert "'=1+1,'-School,child,9,,time,en fr,game," in text
    (row,) = read_sheet(text)
    assert read_entry(row.cells, TAGS)[0] == entry
    assert not row.has_formula
    assert read_sheet("title,address\n=1+1,a\n")[0].has_formula
    assert plain("'quoted'") == "'quoted'"
    assert [is_formula(cell) for cell in ("=a", "+a", "-a", "@a", "\ta", "\ra", "a", "")] == [True] * 6 + [False] * 2


def test_what_cannot_be_seen_is_left_out() -> None:
    """XML can't hold these characters, so one entry with them would end every harvest of the catalogue."""
    hidden = "\x01\0\uffff\ud800\u202e\x7f"
    row = {
        "title": f"A{hidden}b",
        "publisher": hidden,
        "address": "https://a.example",
        "source": hidden,
        "licence": "\x1b",
    }
    entry, faults = read_entry(row, TAGS)
    assert (entry, faults) == (EntryDetails("Ab", "", "https://a.example"), [])
    for sign in (*hidden, "\u2028", "\u200f", " ", "\n"):
        assert not is_web_address(f"https://a.example/{sign}x")


def test_semicolons_unknown_columns_and_empty_lines() -> None:
    assert read_sheet("Title ; address;colour\r\n;;\r\nA;https://a.example;red\r\nB\r\n") == [
        Line(3, dict.fromkeys(COLUMNS, "") | {"title": "A", "address": "https://a.example"}, False),
        Line(4, dict.fromkeys(COLUMNS, "") | {"title": "B"}, False),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name,address\n", "its first line does not name the columns title and address, each once"),
        ("", "its first line does not name the columns title and address, each once"),
        ("title,address,title\n", "its first line does not name the columns title and address, each once"),
        ("title,address\n" + "a,b\n" * (MOST_ENTRIES + 1), f"it has more than {MOST_ENTRIES} rows"),
        ('title,address\n"a,b\nc,d\n', "it can't be read as CSV"),
    ],
)
def test_what_is_no_table(text: str, why: str) -> None:
    with pytest.raises(NotACatalogue) as refused:
        read_sheet(text)
    assert str(refused.value.why) == why
    assert str(refused.value) == why


def test_the_first_line_alone_says_what_separates() -> None:
    (row,) = read_sheet('title,address,a;b\r\n"a;b;c;d\r\ne",x\r\n')
    assert (row.cells["title"], row.cells["address"]) == ("a;b;c;d\r\ne", "x")


def test_as_many_rows_as_allowed() -> None:
    assert len(read_sheet("title,address\n" + "a,b\n" * MOST_ENTRIES)) == MOST_ENTRIES


def test_encodings() -> None:
    assert decoded("\ufefftitle,é".encode()) == "title,é"
    assert decoded(b"a" * MOST_BYTES) == "a" * MOST_BYTES
    for wrong, why in (
        ("title,é".encode("latin-1"), "it is not in UTF-8; save it as “CSV UTF-8”"),
        ("title".encode("utf-16-le"), "it is not in UTF-8; save it as “CSV UTF-8”"),
        (b"a" * (MOST_BYTES + 1), "it is larger than 2 MB"),
    ):
        with pytest.raises(NotACatalogue) as refused:
            decoded(wrong)
        assert str(refused.value.why) == why


def test_doubles_are_found_where_they_stand() -> None:
    assert doubles([("a", "b"), ("a", "c"), ("a", "b"), ("a", "b")]) == [2, 3]


def test_a_review_needs_every_answer_and_only_yes_recommends() -> None:
    every = dict.fromkeys(CRITERIA, True)
    assert verdict_of(every) == "good"
    for name in CRITERIA:
        assert verdict_of(every | {name: False}) == "refused"
        assert verdict_of({other: True for other in CRITERIA if other != name}) == ""
    assert verdict_of({}) == ""
    assert [is_public(verdict, "answers") for verdict in ("good", "refused", "")] == [True, False, False]
    assert [is_public("good", link) for link in ("unchecked", "unsure", "gone")] == [True, True, False]


@pytest.mark.parametrize(
    ("outcome", "status", "answer"),
    [
        ("answered", 200, "answers"),
        ("answered", 204, "answers"),
        ("too_large", 200, "answers"),
        ("cut_short", 200, "answers"),
        ("packed_too_well", 200, "answers"),
        ("not_unpackable", 200, "answers"),
        ("answered", 404, "gone"),
        ("answered", 410, "gone"),
        ("no_such_name", 0, "gone"),
        ("no_address", 0, "gone"),
        ("timed_out", 404, "unsure"),
        ("timed_out", 200, "unsure"),
        ("answered", 199, "unsure"),
        ("answered", 300, "unsure"),
        ("answered", 403, "unsure"),
        ("answered", 500, "unsure"),
        ("forbidden_address", 0, "unsure"),
    ],
)
def test_what_one_visit_says(outcome: str, status: int, answer: str) -> None:
    assert answer_of(outcome, status) == answer


def test_gone_takes_two_visits_in_a_row() -> None:
    assert (2, timedelta(days=30), timedelta(days=1)) == (MISSES, OFTEN, SOON)
    assert after_visit(1, "answers", NOW) == ("answers", 0, NOW + OFTEN)
    assert after_visit(0, "gone", NOW) == ("unsure", 1, NOW + SOON)
    assert after_visit(1, "gone", NOW) == ("gone", 2, NOW + OFTEN)
    assert after_visit(2, "gone", NOW) == ("gone", 3, NOW + OFTEN)
    assert after_visit(1, "unsure", NOW) == ("unsure", 1, NOW + SOON)


def test_what_is_gone_stays_so_until_it_answers() -> None:
    assert after_visit(2, "unsure", NOW) == ("gone", 2, NOW + OFTEN)
    assert after_visit(3, "unsure", NOW) == ("gone", 3, NOW + OFTEN)
    assert after_visit(3, "answers", NOW) == ("answers", 0, NOW + OFTEN)


def test_codes_and_sizes() -> None:
    assert short_address("https://leeward.example/jm/") == "leeward.example/jm"
    assert short_address("leeward.example/jm") == "leeward.example/jm"
    assert short_address("https://leeward.example/X?u=https://b.example") == "leeward.example/X?u=https://b.example"
    assert short_address("https://leeward.example/X") == "leeward.example/X"
    assert fits_in_code("a")
    assert fits_in_code("a" * MOST_CODE)
    assert not any(map(fits_in_code, ("", "a" * (MOST_CODE + 1), "a\nb", "a\u202eb")))
    assert list(SIZES) == ["a6", "a5", "a3"]
