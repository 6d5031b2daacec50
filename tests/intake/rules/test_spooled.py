"""A form on its way through the spool is read again as it was read first."""

from typing import Any

import pytest

from leeward.intake.rules.draft import Draft, read_draft
from leeward.intake.rules.spooled import SentFields, Unreadable, as_fields, number_of, text_of, texts_of

FULL = Draft(
    once="k", kind="me", young=True, threat="yes", wish="quiet", where="a.example\nben", services={"ben": "Chat", "x": ""}, login=True,
    password="p", referrer="r", when="week", text="t", mail="someone@mail.example",
)  # fmt: skip


@pytest.mark.parametrize("draft", [FULL, Draft(), Draft(kind="page", where="a.example")])
def test_a_draft_comes_back_as_it_was(draft: Draft) -> None:
    assert read_draft(SentFields(as_fields(draft))) == draft


@pytest.mark.parametrize(
    "wrong", [{"kind": 3}, {"text": None}, {"named": "ab"}, {"service": [1]}, {"named": [[]]}, {"where": ["a"]}]
)
def test_what_no_form_sends_is_unreadable(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read_draft(SentFields(as_fields(FULL) | wrong))


def test_other_lists_are_empty() -> None:
    assert SentFields({"changed": ["x"], "named": ["y"]}).getlist("changed") == []
    assert SentFields({"named": ["y"]}).getlist("named") == ["y"]
    assert SentFields({}).getlist("named") == []
    assert SentFields({}).get("kind", "page") == "page"
    assert (as_fields(Draft())["young"], as_fields(Draft())["login"]) == ("", "")


def test_single_values_are_read_strictly() -> None:
    assert (text_of({"a": "b"}, "a"), text_of({}, "a"), text_of({}, "a", "c")) == ("b", "", "c")
    assert (texts_of({"a": ["b", "c"]}, "a", 2), texts_of({}, "a", 2)) == (["b", "c"], [])
    assert (number_of({"a": 5}, "a"), number_of({}, "a"), number_of({"a": 0}, "a")) == (5, 0, 0)
    assert number_of({"a": 2**63 - 1}, "a") == 2**63 - 1


@pytest.mark.parametrize("wrong", [True, -1, 2**63, 1.0, "5", None])
def test_a_number_is_a_number(wrong: object) -> None:
    with pytest.raises(Unreadable):
        number_of({"a": wrong}, "a")


@pytest.mark.parametrize("wrong", [["a", "b", "c"], "ab", [1], None])
def test_a_list_is_short_and_of_texts(wrong: object) -> None:
    with pytest.raises(Unreadable):
        texts_of({"a": wrong}, "a", 2)


def test_a_text_is_a_text() -> None:
    with pytest.raises(Unreadable):
        text_of({"a": 1}, "a")
