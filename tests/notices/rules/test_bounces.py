"""What comes back means what the standards say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.notices.rules.bounces import grade_of, grade_of_post, grade_of_refusal, is_bad, status_in
from leeward.notices.rules.contact_csv import NotATable, guarded, is_yes, read_table, row_of, write_table


@pytest.mark.parametrize(
    ("status", "grade"), [("5.1.1", "gone"), ("5.2.1", "gone"), ("5.2.2", "hard"), ("5.7.1", "hard"), ("4.4.7", "soft")]
)
def test_the_status_says_how_grave_it_is(status: str, grade: str) -> None:
    assert grade_of(status) == grade
    assert grade_of_refusal(550, status) == grade
    assert status_in(f"host mx.example said: 550 {status} see http://x.example/1.2.3.4") == status


def test_a_refusal_without_a_status_is_read_by_its_code() -> None:
    assert [grade_of_refusal(code, "") for code in (550, 554, 450)] == ["gone", "hard", "soft"]
    assert status_in("from 15.1.1.4 at 5.1.1.2") == ""


def test_a_contact_is_bad_when_it_is_gone_or_after_enough() -> None:
    assert is_bad("gone", hard=1, soft=0, most=9)
    assert [is_bad("hard", hard=hard, soft=0, most=3) for hard in (1, 2, 3)] == [False, False, True]
    assert [is_bad("soft", hard=2, soft=soft, most=3) for soft in (2, 3)] == [False, True]


@given(st.text(alphabet="=+-@'\t ,;\"abc\n", max_size=20))
def test_a_table_reads_back_what_was_written_and_no_cell_is_a_formula(name: str) -> None:
    assert guarded(name)[:1] not in ("=", "+", "-", "@", "\t", "\r")
    text = write_table(
        ("kind", "email", "name"), [("host", "a@b.example", f"x{name}"), ("host", "c@d.example", f"={name}")]
    )
    rows = read_table(text)
    assert [row["name"] for row in rows] == [f"x{name}".strip(), f"={name}".strip()]


def test_a_webhook_is_gone_only_where_its_receiver_says_so() -> None:
    assert [grade_of_post(code, is_refusal=no) for code, no in ((410, True), (404, True), (503, False))] == [
        "gone",
        "hard",
        "soft",
    ]
    assert [grade_of_refusal(code, "") for code in (499, 500)] == ["soft", "hard"]


def test_only_so_much_of_a_text_is_searched_for_a_status() -> None:
    assert status_in("x" * 19_995 + "5.1.1") == "5.1.1"
    assert status_in("x" * 19_996 + "5.1.1") == ""


def test_a_table_in_either_form_is_read_by_its_columns() -> None:
    head = {
        "kind": "host",
        "country": "",
        "name": "",
        "email": "a@b.example",
        "languages": "",
        "retired": "",
        "service": "",
    }
    for text in ("\ufeffKind ,EMAIL,colour\nhost, a@b.example ,red\n , \n", "kind;email;x,y\r\nhost;a@b.example\r\n"):
        assert read_table(text) == [head]
    assert read_table("kind,email,x;y;z\nhost,a@b.example,\n") == [head]
    assert read_table("kind,email\nhost,a;b;c;@b.example\n")[0]["email"] == "a;b;c;@b.example"
    assert read_table("kind,email,name\nhost,a@b.example,'plain\n")[0]["name"] == "'plain"
    blank = read_table("kind,email\n\nhost,a;b;c@b.example\n,\nhost,d@b.example\n")
    assert [row["email"] for row in blank] == ["a;b;c@b.example", "d@b.example"]
    assert write_table(("a", "b"), [("=x", 1)]) == "a,b\r\n'=x,1\r\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "its first line does not name the columns kind and email"),
        ("kind,name\nhost,x\n", "its first line does not name the columns kind and email"),
        ("kind,email\n" + "host,a@b.example\n" * 2001, "it has more than 2000 rows"),
        ("kind,email\nhost,a\rb\n", "it can't be read as CSV"),
        ("kind,email\n" + "x" * 499_990, "it is too long"),
    ],
)
def test_a_text_that_is_no_table_says_why(text: str, why: str) -> None:
    with pytest.raises(NotATable) as caught:
        read_table(text)
    assert str(caught.value.why) == str(caught.value) == why
    assert len(read_table("kind,email\n" + "host,a@b.example\n" * 2000)) == 2000
    assert len(read_table("kind,email\n" + "x" * 499_989)) == 1


def test_yes_and_the_cells_of_a_row() -> None:
    assert [is_yes(cell) for cell in (" Yes ", "TRUE", "1", "x", "no", "")] == [True, True, True, True, False, False]
    assert row_of({"email": "a@b.example", "asked": 3}) == ["", "", "", "a@b.example", "", "", "", 3, "", "", "", ""]
