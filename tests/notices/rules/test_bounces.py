"""What comes back means what the standards say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.notices.rules.bounces import grade_of, grade_of_refusal, is_bad, status_in
from leeward.notices.rules.contact_csv import guarded, read_table, write_table


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
