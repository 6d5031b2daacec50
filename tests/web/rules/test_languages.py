"""Languages: direction, own names, Accept-Language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.web.rules.languages import direction, own_name, wished

OFFERED = ("en", "fr", "ur")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("en-GB;q=0.7, ur-PK", "ur"),
        ("de, ur;q=0.1", "ur"),
        ("de", "en"),
        ("", "en"),
        ("*", "en"),
        ("fr;q=0", "en"),
        ("UR", "ur"),
        ("fr;q=2", "en"),
        ("fr;q=abc, ;;;,,", "en"),
        ("x" * 5000 + ",fr", "en"),
        ("," * 498 + "fr", "fr"),
        ("," * 499 + "fr", "en"),
        ("fr-Latn-CA", "fr"),
        ("ur, fr", "ur"),
        ("fr;q=1, ur", "fr"),
        ("fr;q=2, ur", "ur"),
    ],
)
def test_the_best_liked_offered_language_wins(header: str, expected: str) -> None:
    assert wished(header, OFFERED, "en") == expected


def test_a_language_with_a_region_can_be_offered() -> None:
    assert wished("pt-BR, en", ("en", "pt", "pt-BR"), "en") == "pt-BR"


@given(st.text(max_size=300))
def test_any_header_gives_an_offered_language(header: str) -> None:
    assert wished(header, OFFERED, "en") in OFFERED


def test_direction_and_own_name() -> None:
    assert (direction("ur"), direction("ar-EG"), direction("fr")) == ("rtl", "rtl", "ltr")
    assert (direction("UR"), direction("pa-Arab-PK"), direction("ur-Arab-PK")) == ("rtl", "ltr", "rtl")
    assert (own_name("fr"), own_name("pt-MZ"), own_name("xx")) == ("Français", "Português", "xx")
    assert own_name("pt-Latn-MZ") == "Português"
