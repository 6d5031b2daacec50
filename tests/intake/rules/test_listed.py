"""A list of reports as CSV."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.listed import MOST_ROWS, Unreadable, ranges, read_list
from leeward.intake.rules.where import item_drafts


def test_a_line_is_read_in_the_portals_country_and_its_own_language() -> None:
    text = "where,language\nWhatsApp 876 555 0100,en\nwa badguy77,en\nwa badguy77,sw\n"
    number, english, swahili = (line.draft.items[0] for line in read_list(text, country="JM"))
    assert number.comparable == "+18765550100"
    assert english.kind == "account" != swahili.kind


def test_commas_semicolons_tabs_byte_order_marks_and_quotes() -> None:
    for separator in ",;\t":
        text = '\ufeffWhere{0}words\r\nhttp://a.example/{0}"two\nlines"\r\n\r\nhttp://b.example/{0}x\r\n'.replace(
            "{0}", separator
        )
        lines = read_list(text)
        assert [line.number for line in lines] == [2, 5]
        assert lines[0].draft.text == "two\nlines"
        assert [line.draft.items[0].display for line in lines] == ["http://a.example/", "http://b.example/"]
        assert all(line.is_good for line in lines)


def test_every_column_is_read() -> None:
    (line,) = read_list(
        "where,words,kind,when,language,urgent,under_18,contact,received_at,needs_login,password,referrer\n"
        "http://a.example/,seen,contact,week,fr,yes,x,someone@mail.example,2026-03-12T14:05+02:00,1,open,http://b.example/\n"
    )
    draft = line.draft
    assert line.is_good
    assert (draft.kind, draft.when_seen, line.language, draft.is_marked, draft.under_18) == (
        "contact",
        "week",
        "fr",
        True,
        True,
    )
    assert (draft.contact, draft.needs_login, draft.password, draft.referrer) == (
        "someone@mail.example",
        True,
        "open",
        "http://b.example/",
    )
    assert line.received_at.isoformat() == "2026-03-12T12:05:00+00:00"


@pytest.mark.parametrize(
    ("cells", "urgency"),
    [
        ("danger,,,", "danger"),
        ("contact,,,", "contact"),
        ("me,yes,,", "threat"),
        ("me,UNSURE,,", "threat"),
        ("me,no,,", ""),
        ("me,,,", ""),
        ("page,yes,,", ""),
        ("page,,yes,the school called", "marked"),
        ("page,,yes,", "marked"),
        ("page,,no,the school called", ""),
    ],
)
def test_urgency_of_a_line_follows_the_one_rule_and_never_waits_for_a_reason(cells, urgency) -> None:
    (line,) = read_list(f"where,under_18,kind,threat,urgent,urgent_because\nhttp://a.example/,yes,{cells}\n")
    assert line.is_good
    assert line.draft.urgency == urgency


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (",,,,,", "row", "row_says_nothing"),
        ("a.example,boat,,,,", "kind", "kind_unknown"),
        ("a.example,,never,,,", "when", "when_unknown"),
        ("a.example,,,perhaps,,", "urgent", "not_yes_or_no"),
        ("a.example,,,,someone@,", "contact", "contact_unreadable"),
        ("a.example,,,,,yesterday", "received_at", "moment_unreadable"),
        ("a.example,,,,,0001-01-01T00:00+14:00", "received_at", "moment_unreadable"),
        ("a.example,,,,,,and more", "row", "row_too_long"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_column(row, column, code) -> None:
    lines = read_list(
        f"where,kind,when,urgent,contact,received_at\nhttp://good.example/,,,,,\n{row}\n"
        if row != ",,,,,"
        else "where,kind,when,urgent,contact,received_at\nhttp://good.example/,,,,,\n,else,,,,\n"
    )
    assert [line.is_good for line in lines] == [True, False]
    assert lines[1].number == 3
    assert (column, code) in lines[1].problems


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "list_empty"),
        ("where,words\n", "list_empty"),
        ("colour,shape\nred,round\n", "list_without_columns"),
        ("where,colour\nhttp://a.example/,red\n", "list_with_other_columns"),
        ("where,where\nx,y\n", "list_with_other_columns"),
        ('where\n"http://a.example/\n', "list_torn"),
        ("where\n" + "http://a.example/\n" * (MOST_ROWS + 1), "list_too_many_rows"),
        ("where\n" + "x" * 1_000_001, "list_too_long"),
        ("words\n" + "\n" * 999_994, "list_empty"),
        ("\twhere\n\thttp://a.example/\n", "list_with_other_columns"),
    ],
)
def test_a_list_that_is_none_says_why(text, code) -> None:
    with pytest.raises(Unreadable, match=f"^{code}$"):
        read_list(text)


@given(st.text(max_size=400))
def test_no_text_is_an_error_of_another_kind(text) -> None:
    for start in ("", "where,words\n", "where;kind;contact;received_at\n"):
        with contextlib.suppress(Unreadable):
            read_list(start + text)


def test_numbers_as_ranges() -> None:
    assert ranges([3, 1, 2, 7, 9, 10]) == "1-3 7 9-10"
    assert ranges([]) == ""


def test_what_makes_a_line_urgent_is_kept_with_it() -> None:
    (line,) = read_list("where,threat,urgent,urgent_because,words\nhttp://a.example/,NO,Y,the  school\tcalled,seen\n")
    assert line.draft == ReportDraft(
        kind="page", items=line.draft.items, where="http://a.example/", text="seen", threat="no", is_marked=True,
        marked_because="the  school called",
    )  # fmt: skip
    assert line.draft.when_seen == "unknown"
    assert (line.language, line.received_at) == ("en", None)


@pytest.mark.parametrize(
    ("value", "is_yes"),
    [
        *((one, True) for one in ("1", "yes", "Y", "TRUE", "x")),
        *((one, False) for one in ("", "0", "No", "n", "false")),
    ],
)
def test_yes_and_no_in_every_way_that_people_write_them(value, is_yes) -> None:
    (line,) = read_list(f"where,urgent,under_18,needs_login\nhttp://a.example/,{value},{value},{value}\n")
    assert line.is_good
    assert (line.draft.is_marked, line.draft.under_18, line.draft.needs_login) == (is_yes, is_yes, is_yes)


@pytest.mark.parametrize(
    ("column", "most"),
    [("where", 100_000), ("words", 20_000), ("password", 300), ("referrer", 2000), ("urgent_because", 500)],
)
def test_a_cell_that_is_too_long_is_named(column, most) -> None:
    columns = f"kind,threat,{column}" if column in ("where", "words") else f"kind,threat,words,{column}"
    seen = "" if column in ("where", "words") else "seen,"
    for length, problems in ((most, ()), (most + 1, ((column, "cell_too_long"),))):
        (line,) = read_list(f"{columns}\nelse,,{seen}{'x' * length}\n")
        assert line.problems == problems


@pytest.mark.parametrize(
    ("language", "is_good"),
    [
        ("pt-BR", True),
        ("en-abcdefgh-abcdefgh", True),
        ("eng-abcdefgh-abcdefgh", False),
        ("en-abcdefghi", False),
        ("en--GB", False),
        ("français", False),
        ("en GB", False),
    ],
)
def test_a_language_is_a_tag(language, is_good) -> None:
    (line,) = read_list(f"where,language\nhttp://a.example/,{language}\n")
    assert line.problems == (() if is_good else (("language", "language_unknown"),))
    assert line.language == language


def test_a_threat_that_is_no_answer_and_too_many_addresses_are_named() -> None:
    many = " ".join(f"http://a.example/{number}" for number in range(201))
    first, second, third = read_list(f"where,threat\nhttp://a.example/,perhaps\n{many},\n{many.rpartition(' ')[0]},\n")
    assert first.problems == (("threat", "threat_unknown"),)
    assert second.problems == (("where", "cell_too_many_addresses"),)
    assert third.is_good


def test_lines_that_are_empty_short_or_hold_nul_are_read_as_they_were_meant() -> None:
    lines = read_list("\r\nwhere;words\r\n ; \r\nht\x00tp://a.example/\r\n;seen, and more\r\n")
    assert [(line.number, line.draft.where, line.draft.text, line.is_good) for line in lines] == [
        (4, "http://a.example/", "", True),
        (5, "", "seen, and more", True),
    ]
    (old,) = read_list("where,words\rhttp://a.example/,a;b;c;d\r")
    assert (old.draft.where, old.draft.text) == ("http://a.example/", "a;b;c;d")
    (one,) = read_list("where,words\nhttp://a.example/,a;b;c;d\n")
    assert one.draft.text == "a;b;c;d"
    (line,) = read_list("where,received_at\nhttp://a.example/,2026-03-12T14:05\n")
    assert line.received_at is not None
    assert line.received_at.isoformat() == "2026-03-12T14:05:00+00:00"


def test_a_moment_without_a_zone_is_utc_wherever_the_server_stands(monkeypatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        lines = read_list("where,received_at\na.example,2026-03-12T14:05\na.example,2026-03-12T14:05+02:00\n")
        moments = [line.received_at.isoformat() for line in lines]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert moments == ["2026-03-12T14:05:00+00:00", "2026-03-12T12:05:00+00:00"]


def test_as_many_lines_as_are_allowed() -> None:
    (line,) = read_list("words\nseen at X\n")
    assert line.draft.text == "seen at X"
    (line,) = read_list("words\nseen\n")
    assert line.is_good
    assert line.draft == ReportDraft(kind="page", items=item_drafts("", {}), text="seen")
    assert len(read_list("words\n" + "seen\n" * MOST_ROWS)) == MOST_ROWS
