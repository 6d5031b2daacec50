"""Own words: only named places are filled, once; what a reader needs can't be left out; the nearest text is chosen."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.foundation.differences import differences
from leeward.notices.rules.wordings import KINDS, VARIABLES, Fault, choose, faults, filled, needed, tags_of

GOOD = "At {addresses}: answer on {link}"


@dataclass(frozen=True)
class Own:
    kind: str
    country: str
    language: str


@pytest.mark.parametrize(
    ("subject", "body", "fault"),
    [
        ("Hello", GOOD, None),
        ("Hello", f"{GOOD} {{{{literal}}}}", None),
        ("Hello", "At {addresses}", Fault("missing", "link")),
        ("Hello", f"{GOOD} {{settings}}", Fault("unknown", "settings")),
        ("Hello", f"{GOOD} {{link.x}}", Fault("unknown", "link.x")),
        ("Hello", f"{GOOD} {{% load static %}}", Fault("unknown", "% load static %")),
        ("Hello", f"{GOOD} }}", Fault("brace", "on {link} }")),
        ("{addresses}", GOOD, Fault("not_in_subject", "addresses")),
        ("", GOOD, Fault("empty")),
        ("x" * 151, GOOD, Fault("too_long")),
    ],
)
def test_what_may_be_saved(subject: str, body: str, fault: Fault | None) -> None:
    assert faults("host", subject, body) == ([fault] if fault else [])


@given(st.text(alphabet="{}lnk x%", max_size=30), st.text(alphabet="{}link%", max_size=10))
def test_what_is_put_in_is_never_looked_at_again(text: str, value: str) -> None:
    shown = filled(f"{{link}}|{text}", {"link": value, "lnk": "y"})
    assert shown.startswith(f"{value}|")


def test_every_kind_can_be_written_with_what_it_needs() -> None:
    for kind in KINDS:
        assert set(needed(kind)) <= set(VARIABLES[kind])
        assert "link" in needed(kind)
        assert ("addresses" in needed(kind)) is (kind not in ("police", "payment", "name_accuracy", "name_icann"))
        assert faults(kind, "Hello {hotline}", " ".join(f"{{{name}}}" for name in VARIABLES[kind])) == []


def test_the_nearest_text_is_chosen() -> None:
    own = [Own("host", "", "en"), Own("host", "MU", "fr"), Own("host", "", "es"), Own("owner", "MU", "fr")]

    def chosen(country: str, *languages: str) -> tuple[Own | None, str]:
        return choose(own, kind="host", country=country, languages=languages, shipped={"en", "fr"})

    assert chosen("MU", "fr-FR", "en") == (own[1], "fr")
    assert chosen("JM", "fr") == (None, "fr")  # ours in French before the hotline's English
    assert chosen("JM", "es-MX", "fr") == (own[2], "es")
    assert chosen("JM", "de") == (own[0], "en")
    assert chosen("JM") == (own[0], "en")


def test_differences_say_what_is_gone_and_new() -> None:
    assert differences("a\nb", "a\nc") == [("same", "a"), ("gone", "b"), ("new", "c")]


def test_the_limits_of_a_wording_and_where_its_faults_are() -> None:
    assert faults("host", "x" * 150, GOOD + "x" * (10_000 - len(GOOD))) == []
    assert faults("host", "x", GOOD + "x" * (10_001 - len(GOOD))) == [Fault("too_long")]
    assert faults("host", "Hello", "  ") == [Fault("empty"), Fault("missing", "addresses"), Fault("missing", "link")]
    assert faults("host", "x0123456789{0123456789abc", GOOD) == [Fault("brace", "0123456789{0123456789")]
    assert faults("host", "{0123456789abc", GOOD) == [Fault("brace", "{0123456789")]
    assert faults("host", "Hello {nothing}", f"{GOOD} {{nothing}}") == [Fault("unknown", "nothing")]
    assert faults("police", "Hello", "{urgent}{address}{summary}{link}") == []


def test_places_are_filled_and_braces_are_written_twice() -> None:
    assert filled("{{a}} {link} {unknown}{", {"link": "L"}) == "{a} L "
    assert tags_of(["fr-CA", "", "fr", "en"]) == ["fr-CA", "fr", "en"]
    assert tags_of(["zh-Hant-HK"]) == ["zh-Hant-HK", "zh"]


def test_without_any_text_it_is_english() -> None:
    assert choose([], kind="host", country="jm", languages=["fr"], shipped=set()) == (None, "en")
    own = [Own("host", "JM", "fr")]
    assert choose(own, kind="host", country="jm", languages=["fr"], shipped=set()) == (own[0], "fr")
