"""Canned questions to reporters: plain, neutral ones that suggest no answer. Pure.

None asks for a picture or what one shows. They are translated where they are shown; a hotline adds its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import normalize

from leeward.foundation.lazy_text import gettext_noop

WORDS, YES_NO = FORMS = ("words", "yes_no")
YES, NO, UNKNOWN = CHOICES = ("yes", "no", "unknown")
MOST_OWN = 40
MOST_LETTERS = 500
MOST_DIGITS = 4  # a year
DOTS = ".\u3002"  # browsers take the second for the first


@dataclass(frozen=True, slots=True)
class Canned:
    """One question: its English sentence, and whether it is answered with yes or no."""

    text: str
    form: str = YES_NO


SHIPPED: Mapping[str, Canned] = {
    "still-there": Canned(gettext_noop("Is the page still there?")),
    "way-to-it": Canned(gettext_noop("Which words or buttons lead to it?"), WORDS),
    "password": Canned(gettext_noop("Did you need a password?")),
    "whole-address": Canned(gettext_noop("What is the whole address, as your browser shows it?"), WORDS),
    "which-app": Canned(gettext_noop("Which app or website was it in?"), WORDS),
    "account-name": Canned(gettext_noop("What is the name of the account or the group?"), WORDS),
    "when-seen": Canned(gettext_noop("When did you see it?"), WORDS),
    "child-known": Canned(gettext_noop("Do you know the child?")),
    "told-others": Canned(gettext_noop("Have you told anybody else about it?")),
}


def leads_elsewhere(text: str) -> bool:
    """Return whether a text has something in it that reporters could follow away from their receipt: an address of the
    web or of mail, or a number to call.
    """
    text, digits = normalize("NFKC", text), 0
    for letter in text:
        digits = digits + 1 if letter.isdigit() else digits if letter in " -./()" else 0
        if digits > MOST_DIGITS:
            return True
    inner = (number for number, letter in enumerate(text) if letter in DOTS)
    is_name = any(text[max(at - 1, 0) : at].isalnum() and _is_word(text[at + 1 : at + 3]) for at in inner)
    return "@" in text or "://" in text or is_name


def _is_word(text: str) -> bool:
    return len(text) == 2 and text.isalnum()


def choices_for(form: str) -> tuple[str, ...]:
    """Return the answers that need no text."""
    return CHOICES if form == YES_NO else (UNKNOWN,)


def best_text(texts: Mapping[str, str], wanted: str, *others: str) -> tuple[str, str]:
    """Return the text in the wanted language and its tag, else the next best available; two empty strings if there is
    none.
    """
    for tag in (wanted, wanted.split("-", maxsplit=1)[0], *others, "en", *texts):
        if texts.get(tag):
            return texts[tag], tag
    return "", ""
