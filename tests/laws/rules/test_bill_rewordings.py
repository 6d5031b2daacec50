"""Which words of the principal Act an amendment changes, and of which places it says that nobody holds the words."""

from datetime import date
from typing import Any

import pytest

from leeward.laws.rules.bill_need import Need, Rewording, need_of
from tests.laws.rules.test_bill_need import TOPIC, law_file, law_reading

TODAY = date(2026, 11, 27)
WORDS = {"rewording": {"for": "to sell", "substitute": "to keep"}, "source": "Gazette"}


def _need(*halves: dict[str, Any]) -> Need:
    """A need of an Act that somebody read and that has everything, but for what it has by halves."""
    partly = {row["topic"] for row in halves}
    met = [law_reading(name, "yes", at="s 30") for name, topic in TOPIC.items() if topic not in partly]
    return need_of(law_file(readings=(*met, *halves)), TODAY)


@pytest.mark.parametrize(
    ("at", "place"),
    [
        ("s 7", "7"),
        ("s. 7", "7"),
        ("sec 7A", "7A"),
        ("section 376EB(1)(a)(ii)", "376EB(1)(a)(ii)"),
        ("art. 12(3)", "12(3)"),
        ("article 12", "12"),
    ],
)
def test_words_are_changed_at_one_place(at: str, place: str) -> None:
    need = _need(law_reading("c4", "partial", at=at) | WORDS)
    assert need.rewordings == (Rewording("c4", place, "to sell", "to keep", "Gazette"),)
    assert need.unworded == ()


@pytest.mark.parametrize("at", ["ss 7-9", "s 7, Schedule", "Part 7", "s 7(1){ref:x}", ""])
def test_what_is_no_single_place_keeps_its_words(at: str) -> None:
    need = _need(law_reading("c4", "partial", at=at) | WORDS)
    assert (need.rewordings, need.unworded) == ((), (at,))


def test_each_half_is_changed_or_named_once() -> None:
    need = _need(
        law_reading("c4", "partial", at="s 7") | WORDS,
        law_reading("c3", "partial", at="s 8"),
        law_reading("c2", "partial", at="s 8"),
        law_reading("c5", "partial", at="s 9") | WORDS,
        law_reading("grooming", "partial", at="s 10") | WORDS,
    )
    assert [(row.criterion, row.at) for row in need.rewordings] == [("c4", "7"), ("c5", "9"), ("grooming", "10")]
    assert need.unworded == ("s 8",)
    assert need.wanted == {"c2", "c3"}, "what the words close needs no section"


@pytest.mark.parametrize(
    "changed",
    [
        {"seen": "heading"},
        {"source_kind": "secondary"},
        {"status": "bill"},
        {"value": "no"},
        {"work": "other"},
        {"topic": "blocking"},
    ],
)
def test_words_of_anything_else_stay(changed: dict[str, Any]) -> None:
    rows = [law_reading(name, "yes", at="s 30") for name in TOPIC if name != "c4"]
    half = law_reading("c4", "no", at="s 30")
    other = {"id": "other", "title": "A Act", "short": "A", "kind": "act", "made": "2013", "expressions": []}
    file = law_file(readings=(*rows, half, law_reading("c4", "partial", at="s 7") | WORDS | changed))
    need = need_of({**file, "works": [*file["works"], other]}, TODAY)
    assert (need.kind, need.missing) == ("amending", ("c4",))
    assert (need.rewordings, need.unworded) == ((), ())


def test_only_an_amendment_changes_words() -> None:
    half = law_reading("c4", "partial", at="s 7") | WORDS
    file = law_file(readings=(half,))
    assert need_of(file, TODAY).rewordings != ()
    model = need_of(file, TODAY, clauses="all")
    assert (model.kind, model.rewordings, model.unworded) == ("model", (), ())
    assert need_of(law_file(), TODAY).unworded == ()
