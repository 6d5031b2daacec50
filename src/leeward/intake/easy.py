"""The easy-read form of the report: short sentences, one idea a line, a pictogram beside each."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Lines = tuple[tuple[str, str | Promise], ...]

# In the order of the form; each is a kind of report.
KINDS: Lines = (
    ("page", _("I saw something bad.")),
    ("contact", _("Somebody scares or threatens a child.")),
    ("me", _("It is a picture of me.")),
    ("danger", _("A child is in danger now.")),
    ("else", _("Something else. Or I don’t know.")),
)
WHERE: Lines = (
    ("where", _("Where was it? On which app?")),
    ("page", _("Do you have the link? Paste it here.")),
    ("contact", _("Do you know the name? Write it here.")),
    ("else", _("You don’t know? Press “Continue”.")),
)
WORDS: Lines = (
    ("words", _("Tell us what happened.")),
    ("else", _("You can leave it empty.")),
    ("dont_send", _("Don’t send a picture.")),
)
NUMBER: Lines = (
    ("number", _("This is your number. Write it down.")),
    ("where", _("With the number you can see what happens.")),
    ("talk", _("Lost it? Then report again.")),
)


def easy_values(*, easy: bool) -> dict[str, Any]:
    """Return what the easy-read form needs; nothing for the other one."""
    if not easy:
        return {}
    return {"easy": True, "easy_kinds": KINDS, "easy_where": lines(WHERE), "easy_words": lines(WORDS)}


def lines(of: Lines) -> list[dict[str, str]]:
    """Return sentences with the pictogram that stands beside each."""
    return [{"code": code, "sentence": str(sentence)} for code, sentence in of]
