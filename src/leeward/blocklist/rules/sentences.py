"""Why an address can't be listed: every reason that this slice's rules show to people. Marked here, translated at the door."""

from dataclasses import dataclass


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for translation and return it as it is."""
    return sentence


_ = gettext_noop


@dataclass(frozen=True, slots=True)
class Why:
    """A reason: half a sentence with placeholders, and what they stand for. As text it is English."""

    sentence: str
    values: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return self.sentence % dict(self.values)


def because(sentence: str, **values: object) -> Why:
    """Return a reason; `sentence` is one of those below."""
    return Why(sentence, tuple(values.items()))


ELSEWHERE = _("it would not block this address")
NO_ADDRESS = _("the address is missing")
NO_SCOPE = _("the scope %(word)s is none of %(scopes)s")
NO_TEXT = _("it holds bytes that are no text")
A_SPACE = _("it holds a space")
NO_WEB_ADDRESS = _("it is no web address")
NO_DOT = _("its host has no dot")
EMPTY_LABEL = _("its host has an empty label")
LONG_LABEL = _("a label of its host is longer than %(most)s letters")
NO_COLUMN = _("its first line names no column %(names)s")
WRONG_QUOTES = _("its quotation marks don’t match")
A_STAR = _("a * stands for names only as *. at the beginning of a line")
NO_RECORD = _("it is no record of a policy zone")
NO_VALUE = _("the record has no value")
LONE_WILDCARD = _("the wildcard stands without its name")
EXCEPTION = _("it is an exception, not a block")
OUTSIDE = _("the name lies outside the zone")
OTHER_TRIGGER = _("it is a rule on addresses or servers, not on a name")
BAD_ESCAPE = _("a character is escaped in a wrong way")
DOT_IN_LABEL = _("a label holds a dot, which no address can say")
HAS_PATH = _("it has a path; a host or a domain has none")
NOT_A_FOLDER = _("a path ends with a slash and has no query")
ROOT = _("the root is the whole host")
DEEP_FOLDER = _("a path has at most %(most)s folders")
NUMBER = _("a number has no sub-names; use the scope host")
MANY_OWNERS = _("names of many owners lie below it")
DEEP_NAME = _("a domain lies at most %(most)s labels below %(site)s")
