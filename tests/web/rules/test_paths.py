"""Paths of public pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.web.rules.paths import OURS, cut, is_ours, portal_path, site_path

WORDS = st.from_regex(r"[a-z][a-z0-9-]{1,12}", fullmatch=True)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "/jm/report"), ("fr", "/jm/fr/report"), ("ur", "/jm/ur/report"), ("sw", "/jm/report")],
)
def test_only_further_languages_stand_in_the_path(language: str, expected: str) -> None:
    assert portal_path("jm", "report", language, ("en", "fr", "ur")) == expected
    assert portal_path("jm", "/report", language, ("en", "fr", "ur")) == expected


def test_the_first_page_of_a_portal_ends_with_a_slash() -> None:
    assert portal_path("jm", "", "en", ("en",)) == "/jm/"
    assert portal_path("jm", "", "fr", ("en", "fr")) == "/jm/fr/"
    assert portal_path("jm", "", "en", ()) == "/jm/"


def test_site_paths() -> None:
    assert site_path("proof", "") == site_path("/proof", "") == "/proof"
    assert site_path("proof", "ur") == "/lang/ur/proof"
    assert site_path("", "ur") == "/lang/ur/"


@given(slug=WORDS, page=WORDS)
def test_a_path_is_cut_where_it_was_joined(slug: str, page: str) -> None:
    parts = cut(portal_path(slug, page, "fr", ("en", "fr")))
    assert (parts.first, parts.second, parts.after_first, parts.after_second) == (slug, "fr", f"fr/{page}", page)
    assert not parts.is_bare


@given(st.text(max_size=60))
def test_any_path_can_be_cut(path: str) -> None:
    parts = cut(path)
    assert "/" not in parts.first
    assert "/" not in parts.second


def test_only_the_first_slash_is_not_part_of_a_path() -> None:
    assert cut("/jm/fr/a/b").after_second == "a/b"
    assert cut("//elsewhere.example/report").first == ""


def test_bare_names_are_known() -> None:
    assert cut("/jm").is_bare
    assert not cut("/jm/").is_bare


def test_our_own_first_parts_are_never_a_portal() -> None:
    assert is_ours("")
    assert is_ours("desk")
    assert not is_ours("jm")
    assert {"desk", "api", "notice", "referral", "static", "lang"} <= OURS
