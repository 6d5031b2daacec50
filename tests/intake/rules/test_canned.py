"""Questions to reporters that are known by a code."""

from leeward.intake.rules.canned import SHIPPED, best_text, choices_for


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
