"""Questions to reporters that are known by a code."""

import pytest

from leeward.intake.rules.canned import SHIPPED, best_text, choices_for, leads_elsewhere


def test_a_question_is_worded_in_the_language_that_is_wanted_or_the_next_best() -> None:
    texts = {"en": "English", "fr": "French", "pt-BR": "Portuguese"}
    assert best_text(texts, "pt-BR", "fr") == ("Portuguese", "pt-BR")
    assert best_text(texts, "fr-Latn-CA", "pt-BR") == ("French", "fr")
    assert best_text(texts, "ur", "pt-BR", "fr") == ("Portuguese", "pt-BR")
    assert best_text(texts, "ur") == ("English", "en")
    assert best_text({"to": "Tongan", "en": "English"}, "ur") == ("English", "en")
    assert best_text({"to": "Tongan"}, "ur") == ("Tongan", "to")
    assert best_text({"fr": ""}, "fr") == ("", "")


def test_every_question_can_be_answered_with_not_knowing() -> None:
    assert choices_for(SHIPPED["still-there"].form) == ("yes", "no", "unknown")
    assert choices_for(SHIPPED["when-seen"].form) == ("unknown",)


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("Write to help@puppet.example instead.", True),
        ("Write to help\uff20home instead.", True),
        ("Tell it at puppet.example, please.", True),
        ("Go to https://puppet/", True),
        ("Call 555 1234.", True),
        ("Call (55) 5-12.", True),
        ("Call \u0665\u0665\u0665\u0661\u0662.", True),
        ("go.to it", True),
        ("Write to t.me/puppet instead.", True),
        ("puppet\u3002example", True),
        ("2026, was it then?", False),
        ("Was it room 12X345?", False),
        ("Which school was it in 2026?", False),
        ("Was it a school, e.g. yours? Which one.", False),
        ("Was it at 3 p.m.? Hier, z.B. heute, \u0438 \u0442.\u0434.", False),
        ("Were there 3 or 4, or 12 people, and 15 cars?", False),
        ("t.me", True),
    ],
)
def test_what_leads_a_reporter_elsewhere(text: str, leads: bool) -> None:
    assert leads_elsewhere(text) is leads


def test_no_shipped_question_leads_elsewhere() -> None:
    assert not any(leads_elsewhere(one.text) for one in SHIPPED.values())
