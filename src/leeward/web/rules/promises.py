"""Our promises to reporters, and how each is kept.

THREAT_MODEL.md names the test of each promise by the same number.
"""

from dataclasses import dataclass

from leeward.foundation.lazy_text import gettext_noop


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise of the public page: its number, its sentence, and how it is kept."""

    id: str
    sentence: str
    how: str


PROMISES = (
    Promise(
        "P1",
        gettext_noop("You need no name, no account and no cookie."),
        gettext_noop(
            "The pages ask for none, set none and load nothing from elsewhere. They run no script, but for the page of a "
            "picture of your own, which says so."
        ),
    ),
    Promise(
        "P2",
        gettext_noop("We don’t keep your internet address."),
        gettext_noop(
            "It is in no table, no log and no error message. Too many tries are counted by a code whose random key is "
            "deleted at midnight."
        ),
    ),
    Promise(
        "P3",
        gettext_noop("No picture is kept here."),
        gettext_noop(
            "What we fetch stays in memory, is turned into fingerprints and is dropped. Nothing of it goes to a disk."
        ),
    ),
    Promise(
        "P4",
        gettext_noop("We never ask you for a picture and never take one."),
        gettext_noop("No form for the public accepts a file."),
    ),
    Promise(
        "P5",
        gettext_noop("Your receipt is the only way back to your report, and only you have it."),
        gettext_noop(
            "We keep a scrambled form that can’t be turned back. Anyone who guesses is slowed down and learns nothing."
        ),
    ),
    Promise(
        "P6",
        gettext_noop("You can withdraw your report."),
        gettext_noop("Your words and your contact are deleted at once. What we know about the address stays."),
    ),
    Promise(
        "P7",
        gettext_noop("Your contact is deleted after the case is closed."),
        gettext_noop("That happens automatically after the number of days that the form named when you gave it."),
    ),
    Promise(
        "P8",
        gettext_noop("A person decides, never a machine alone."),
        gettext_noop(
            "Programs put the work in order. Two people look at serious cases, and neither knows what the other said."
        ),
    ),
    Promise(
        "P9",
        gettext_noop("If we say no, you can ask for another look."),
        gettext_noop("A person who had no part in the decision looks again."),
    ),
    Promise(
        "P10",
        gettext_noop("The police are told before the host."),
        gettext_noop(
            "So that no evidence is lost. The host is told when the police agree or when their time to "
            "answer is over. That time starts only when the mail server has taken our message, when the "
            "police have answered, or when a person has noted how they were told. Until then nobody else "
            "is told, here or abroad. One exception: whoever reports a picture of themselves decides about "
            "the police where two people of the hotline found out that the law lets them. A person carries "
            "that out, never the computer alone, and danger or a threat goes to the police all the same. What "
            "a person exports, or reports to a receiver by a program, is not held back."
        ),
    ),
    Promise(
        "P11",
        gettext_noop("Our own people see as little as possible."),
        gettext_noop(
            "A preview is small, grey and blurred. Seeing more takes a reason, is counted and is written down."
        ),
    ),
    Promise(
        "P12",
        gettext_noop("Nobody at another hotline sees your report."),
        gettext_noop("Each query of the data names its hotline; one that names none fails."),
    ),
    Promise(
        "P13",
        gettext_noop("Every act is written to a log that nobody can change without it being seen."),
        gettext_noop("Each line carries the seal of the line before it. A signed seal is published every day."),
    ),
    Promise(
        "P14",
        gettext_noop("Opening a link does nothing by itself."),
        gettext_noop("Only a button acts, and pressing it twice counts once."),
    ),
)
