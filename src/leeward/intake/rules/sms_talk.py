"""The short conversation with somebody who reports by text message: what each answer means and what is written back.
Pure.

Every text that says something is kept, also where it answers no question. Answers are digits, since words such as STOP
or END belong to the networks. What has to go fast comes first, and `1` means a child in danger wherever it answers no
other question.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import partial

from leeward.foundation.check_digit import plain_digits
from leeward.intake.rules.own_picture import POLICE, QUIET

START, KIND, KIND_AGAIN, THREAT, WISH, WISH_AGAIN, QUIETED, INFORMED, WHERE, REACH, DONE, STOPPED = (
    "", "kind", "kind_again", "threat", "wish", "wish_again", "quieted", "informed", "where", "reach", "done", "stopped",
)  # fmt: skip
STEPS = (START, KIND, KIND_AGAIN, THREAT, WISH, WISH_AGAIN, QUIETED, INFORMED, WHERE, REACH, DONE, STOPPED)
ABOUT_WISH = frozenset({THREAT, WISH, WISH_AGAIN, QUIETED, INFORMED})  # where an answer can lead to a wish, or be one
KIND_OF = {"1": "danger", "2": "contact", "3": "me", "4": "page", "5": "else"}
THREAT_OF = {"1": "yes", "2": "no", "3": "unsure"}
WISH_OF = {"1": QUIET, "2": POLICE}
YES, NO, NOTHING = "1", "2", "0"
# At these steps too many texts of one number can be put off; at the others one digit ends what was begun.
MAY_WAIT = frozenset({START, KIND, KIND_AGAIN, WHERE, DONE, STOPPED})
MOST_GREETING = 14  # a shorter text that names no place is a greeting and no report
_STOP = frozenset("stop stopall unsubscribe cancel end quit arret arrêt parar detener pare".split())
_GO_ON = frozenset("start unstop".split())
_AROUND_DIGIT = ".,:;)-"


@dataclass(frozen=True, slots=True)
class Turn:
    """What follows from one text: the next step, what to write back (names of sentences), and what the report gains.

    `keeps`: there is something to store. `reach`: its sender may be written to or called.
    """

    step: str
    replies: tuple[str, ...]
    kind: str = ""
    threat: str = ""
    text: str = ""
    reach: bool = False
    wish: str = ""

    @property
    def keeps(self) -> bool:
        """Return whether the report gains anything."""
        return bool(self.kind or self.threat or self.text or self.reach or self.wish)

    @property
    def is_urgent(self) -> bool:
        """Return whether a child needs help fast; such a text is never put off."""
        return self.kind in ("danger", "contact") or self.threat in ("yes", "unsure")


def turn(step: str, text: str, *, names_place: bool, asks_wish: bool = False) -> Turn:
    """Return what follows from a text at this step; `names_place`: an address or an account was recognised in it. `asks_wish`:
    whoever reports a picture of themselves is asked whether the police shall be told.
    """
    command = text.strip(" .!").casefold()
    if command in _STOP:
        return Turn(STOPPED, () if step == STOPPED else ("stopped",))
    if command in _GO_ON:
        return Turn(KIND, ("ask_kind", "notes"))
    if step in (START, KIND, KIND_AGAIN):
        return _kind(step, text, names_place=names_place)
    if step == THREAT:
        return _threat(text, asks_wish=asks_wish)
    return _AFTER[step](text)


def _kind(step: str, text: str, *, names_place: bool) -> Turn:
    digit, rest = _answer(text, KIND_OF)
    if digit:
        kind = KIND_OF[digit]
        if kind == "me":
            return Turn(THREAT, ("not_your_fault", "ask_threat"), kind, text=rest)
        first = {"danger": ("danger",), "contact": ("keep_messages",)}.get(kind, ())
        return Turn(WHERE, (*first, "ask_where"), kind, text=rest)
    if step == START:
        is_greeting = len(text) <= MOST_GREETING and not names_place
        return Turn(KIND, ("ask_kind", "notes"), text="" if is_greeting else text)
    if step == KIND:
        return Turn(KIND_AGAIN, ("ask_kind",), text=text)
    return Turn(WHERE, ("ask_where",), "else", text=text)


def _threat(text: str, *, asks_wish: bool) -> Turn:
    """Return what follows from the answer about a threat; whoever answers something else is taken as threatened."""
    digit, rest = _answer(text, THREAT_OF)
    threat = THREAT_OF[digit] if digit else "unsure"
    if threat == "no" and asks_wish:
        return Turn(WISH, ("ask_wish",), "me", threat, rest)
    first = () if threat == "no" else ("under_threat", "keep_messages")
    return Turn(WHERE, (*first, "ask_where"), "me", threat, rest)


def _wish(step: str, text: str) -> Turn:
    """Return what follows from the answer about the police; whoever answers something else is asked once more. Words after
    a digit are no clear answer ("1 of my friends"); the second time they are, and all of them is kept for people.
    """
    digit, rest = _answer(text, WISH_OF)
    if step == WISH and (not digit or rest):
        return Turn(WISH_AGAIN, ("ask_wish",), "me", text=text)
    return Turn(
        _AFTER_WISH[digit], ("ask_where",), "me", text="" if digit and not rest else text, wish=WISH_OF.get(digit, "")
    )


def _wished(step: str, text: str) -> Turn:
    """Return what follows from the text after the wish. A digit alone is no place: the wish was sent twice, or changed to the
    police. It never changes to quiet so, for a 1 may mean danger: where it was quiet already, its sender is asked, else it does.
    """
    digit, rest = _answer(text, WISH_OF)
    if rest or not digit or (step == INFORMED and digit == YES):
        return _where(text)
    if step == QUIETED and digit == YES:
        return Turn(WHERE, ("added", "ask_where"), "me", text=text)
    return Turn(WHERE, ("ask_where",), "me", wish=POLICE)


def _where(text: str) -> Turn:
    if _answer(text, (YES,)) == (YES, ""):  # no place is called so
        return Turn(REACH, ("danger", "ask_reach"), "danger")
    return Turn(REACH, ("ask_reach",), text=_answer(text, (NOTHING,))[1])


def _answer(text: str, digits: Container[str]) -> tuple[str, str]:
    """Return which of these digits a text begins with, in whatever script, and the words after it; "" and the text if it
    begins with none."""
    first, _, rest = text.strip().partition(" ")
    digit = plain_digits(first.strip(_AROUND_DIGIT))
    return (digit, rest.strip()) if digit in digits else ("", text)


def _reach(text: str) -> Turn:
    digit, rest = _answer(text, (YES, NO))
    return Turn(DONE, ("receipt", "next"), text=rest, reach=digit == YES)


def _more(text: str) -> Turn:
    digit, rest = _answer(text, (YES,))
    return Turn(DONE, ("danger", "added") if digit else ("added",), "danger" if digit else "", text=rest)


def _unanswered(text: str) -> Turn:
    digit, rest = _answer(text, (YES,))
    return Turn(STOPPED, (), "danger" if digit else "", text=rest)


_AFTER_WISH = {"": WHERE, "1": QUIETED, "2": INFORMED}
_AFTER: dict[str, Callable[[str], Turn]] = {
    **{step: partial(_wish, step) for step in (WISH, WISH_AGAIN)},
    **{step: partial(_wished, step) for step in (QUIETED, INFORMED)},
    WHERE: _where,
    REACH: _reach,
    DONE: _more,
    STOPPED: _unanswered,
}
