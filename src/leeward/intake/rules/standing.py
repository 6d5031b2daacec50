"""What a reporter is told about an item: four coarse states, and one plain sentence for each reason. Pure.

The desk chooses a state and a reason from this table; nothing else of a case ever reaches a receipt.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from leeward.foundation.lazy_text import gettext_noop

RECEIVED, LOOKING, ACTED, CLOSED = "received", "looking", "acted", "closed"
STATES = (RECEIVED, LOOKING, ACTED, CLOSED)


_NOT_ILLEGAL = gettext_noop("It is not against the law here.")
_UNREACHED = gettext_noop("We could not get to it.")
_GONE_BEFORE = gettext_noop("It was gone before we got there.")

REASONS: dict[str, dict[str, str]] = {
    RECEIVED: {"": ""},
    LOOKING: {
        "": "",
        "again": gettext_noop("It came back, so we look at it again."),
        "review": gettext_noop("A review was asked for. A person who was not involved answers it."),
    },
    ACTED: {
        "": gettext_noop("Something is being done about it."),
        "police_told": gettext_noop("The police know."),
        "host_told": gettext_noop("The host, who keeps the page, has been asked to remove it."),
        "police_and_host": gettext_noop("The police know. The host, who keeps the page, has been asked to remove it."),
        "abroad": gettext_noop("It is kept in another country. Those who can act there have been told."),
        "forwarded": gettext_noop("We passed it on to the police. They decide what follows."),
        "read": gettext_noop("We passed it on to the police. They decide what follows."),
        "listed": gettext_noop("They are in our list. Services that use it look for copies."),
    },
    CLOSED: {
        "": gettext_noop("Our work on it is done."),
        "removed": gettext_noop("It is gone."),
        "forwarded": gettext_noop("We passed it on to the police. They decide what follows."),
        "not_illegal": _NOT_ILLEGAL,
        "not_found": gettext_noop("There was nothing like that at this address."),
        "out_of_scope": gettext_noop("We are not allowed to act on this. The police may be able to help."),
        "insufficient": gettext_noop("We don’t know enough to find it or to judge it."),
        "unreachable": gettext_noop("It could not be reached for a long time."),
        "withdrawn": gettext_noop("It was withdrawn."),
        "other": gettext_noop("Our work on it is done."),
        "over": gettext_noop("Two years are over, so we took them out of our list."),
        # ICCAM's reasons, as the desk knows them
        "content_not_found": gettext_noop("The page is there, but not what was reported."),
        "referrer_not_known": _UNREACHED,
        "unable_to_access": _UNREACHED,
        "password_protected": gettext_noop("It needs a password that we don’t have."),
        "account_disabled": gettext_noop("The account is closed."),
        "legally_unable_to_access": gettext_noop("The law does not let us open it."),
        "link_expired": _GONE_BEFORE,
        "not_found_or_down": _GONE_BEFORE,
        "temporarily_unavailable": gettext_noop("It was not there when we looked."),
        "premium_account_necessary": gettext_noop("It can only be opened with an account that costs money."),
        "missing_parts": gettext_noop("A part of the file is missing, so it can’t be opened."),
        "removed_before_assessment": _GONE_BEFORE,
        "adults": gettext_noop("Only grown-ups are in it."),
        "not_sexualised": _NOT_ILLEGAL,
        "below_threshold": _NOT_ILLEGAL,
        "too_small": gettext_noop("The pictures are too small to judge."),
        "virtual": gettext_noop("It is drawn or made by a computer, and not against the law here."),
        "links_only": gettext_noop("It only leads elsewhere, and that is not against the law here."),
        "age_unclear": gettext_noop("Nobody can tell from it how old the person is."),
        "age_over_threshold": _NOT_ILLEGAL,
    },
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a report's progress: its name, whether it is `done`, `now` or `later`, since when, and what it means."""

    title: str
    state: str
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """The state of one item."""

    state: str
    reason: str
    since: datetime


def is_known(state: str, reason: str) -> bool:
    """Return whether the desk may say this about an item."""
    return reason in REASONS.get(state, {})


def sentence(state: str, reason: str) -> str:
    """Return the plain sentence for a reason, in English."""
    return REASONS.get(state, {}).get(reason, "")


def is_decision(state: str, reason: str) -> bool:
    """Return whether the reporter may disagree with how an item was closed; if it was only passed on, nobody decided."""
    return state == CLOSED and reason != "forwarded"


def is_unread(state: str, reason: str) -> bool:
    """Return whether nobody here has looked at an item, as far as its reporter is told: it waits, or went to the police
    by itself.
    """
    return state == RECEIVED or (state, reason) == (ACTED, "forwarded")


def overall(states: Sequence[str]) -> str:
    """Return the state of a whole report: closed when all items are, acted on once any item is acted on or closed, else
    the furthest state reached.
    """
    if states and all(state == CLOSED for state in states):
        return CLOSED
    if ACTED in states or CLOSED in states:
        return ACTED
    return LOOKING if LOOKING in states else RECEIVED


ASSESSED_WHEN = {
    "usually_next_day": gettext_noop("A trained person looks at it, usually by the next working day."),
    "within_time": gettext_noop("A person looks at it within %(time)s, day or night."),
    "being_alerted": gettext_noop("A person at the hotline is alerted at once, day or night."),
}

ACTED_ON = {
    "to_police": gettext_noop("We pass it on to the police."),
    "police_now": gettext_noop("To the police at once, with your words, unless you withdraw it first."),
    "own_quiet": gettext_noop("We don’t tell the police, as you wished."),
    "own_police": gettext_noop("A person here reads your answers and tells the police."),
    "police_if_needed": gettext_noop("The person who reads it decides whether the police have to know at once."),
    "host_if_illegal": gettext_noop(
        "If it is against the law: the host is asked to remove it. We don’t tell the police, as you wished."
    ),
    "police_if_illegal": gettext_noop(
        "If it is against the law: the police are told and the host is asked to remove it."
    ),
}


def own_picture_life(received_at: datetime, stand: Stand, *, acted: str) -> list[Step]:
    """Return the lines of a report of a person's own picture: nobody looks at it, so none says so. `acted` is the one of
    `ACTED_ON` that is true.
    """
    is_listed, is_over = stand.state != RECEIVED, stand.state == CLOSED
    became = sentence(stand.state, stand.reason)
    return [
        Step(gettext_noop("Received"), "done" if is_listed else "now", at=received_at),
        Step(
            gettext_noop("In our list"),
            "done" if is_over else "now" if is_listed else "later",
            "" if is_over else became or gettext_noop("Your fingerprints go into our list within a day or two."),
            stand.since if is_listed and not is_over else None,
        ),
        Step(gettext_noop("The police"), "done" if is_over else "later", ACTED_ON[acted]),
        Step(
            gettext_noop("Closed"),
            "done" if is_over else "later",
            became if is_over else gettext_noop("After two years, or when you take them back."),
            stand.since if is_over else None,
        ),
    ]


def life(
    received_at: datetime,
    stands: Sequence[Stand],
    *,
    post_box: bool,
    assessed_by: str,
    sentences: Collection[str],
    is_urgent: bool,
) -> list[Step]:
    """Return the lines of a report's progress, from its items; a hotline that only forwards says so, and assesses
    nothing.

    `assessed_by` is the promise of a first assessment that applies (`ASSESSED_WHEN`); the receipt's `sentences` include one of
    `ACTED_ON`. An urgent report may end without a decision that anybody could disagree with.
    """
    state = overall([stand.state for stand in stands])
    since = max((stand.since for stand in stands if stand.state == state), default=None)
    reasons = {stand.reason for stand in stands if stand.state == state}
    only = sentence(state, next(iter(reasons))) if len(reasons) == 1 else ""
    if state == ACTED and all(stand.state != ACTED for stand in stands):
        since, only = None, gettext_noop("Some of it is closed. We still work on the rest.")
    promise = ASSESSED_WHEN[assessed_by]
    acted = next(sentence for code, sentence in ACTED_ON.items() if code in sentences)
    later = [
        "",
        promise,
        acted,
        gettext_noop("With a reason in plain words.")
        if post_box or is_urgent
        else gettext_noop("With a reason in plain words. If you disagree, you can ask for a second look."),
    ]
    titles = {
        RECEIVED: gettext_noop("Received"),
        LOOKING: gettext_noop("Being looked at"),
        ACTED: gettext_noop("Passed on") if post_box else gettext_noop("Acted on"),
        CLOSED: gettext_noop("Closed"),
    }
    is_unread = reasons == {"forwarded"} and all(stand.state in (RECEIVED, ACTED) for stand in stands)
    order = (RECEIVED, ACTED, LOOKING, CLOSED) if state == ACTED and is_unread else STATES
    at = order.index(state)
    steps = []
    for number, name in enumerate(order):
        title = titles[name]
        if post_box and name == LOOKING != state:
            continue
        if number < at:
            steps.append(Step(title, "done", "", received_at if number == 0 else None))
        elif number == at:
            here = received_at if number == 0 else since
            steps.append(
                Step(title, "done" if state == CLOSED else "now", only or (promise if name == LOOKING else ""), here)
            )
        else:
            steps.append(Step(title, "later", later[STATES.index(name)]))
    return steps
