"""The test buttons of the installation's settings: each contacts the configured server once, and describes the result
in a sentence."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leeward.administration.labels import FETCH_PROBLEMS, NAME_PROBLEMS
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.hosting.services import try_fetching, try_names
from leeward.installation.rules.choices import is_public
from leeward.installation.services import demand_test, note_trial
from leeward.notices.errors import MailboxUnreadable
from leeward.notices.queries.labels import problem_word
from leeward.notices.services import Letter, post, unread_mails
from leeward.people import queries as people_queries
from leeward.web_security.services import use_once

NAME = "www.icann.org"
MOST_NAME = 253


@dataclass(frozen=True, slots=True)
class Tried:
    """The result of a test: whether it worked, a word for the log, a sentence for the person testing."""

    worked: bool
    problem: str
    sentence: str


def try_group(group: str, *, lookup: str = "", to: str, once: str, actor: Actor) -> Tried | None:
    """Test a group's current settings; return None if this form was submitted before.

    `to` is the tester's address, `lookup` the name to look up in the name servers. Raises NotAllowed, TriedTooOften, and
    BadInput for a group without a test.
    """
    if group not in TESTS:
        raise BadInput(what=group, why=_("there is nothing to test"))
    demand_test(actor)
    if not use_once(once, purpose="installation test"):
        return None
    tried = TESTS[group](lookup, to, actor)
    note_trial(group, worked=tried.worked, problem=tried.problem, actor=actor)
    return tried


def _mail(_lookup: str, to: str, actor: Actor) -> Tried:
    hotline = people_queries.hotline(actor.hotline_id or 0).name
    body = _("This is a test message: the mail server of %(hotline)s works. You don’t need to do anything.")
    posted = post(Letter(to, _("Test of the mail server"), body % {"hotline": hotline} + "\n", hotline))
    if posted is not None and posted.is_sent:
        return Tried(True, "", _("The mail server accepted a message to %(to)s. Check that it arrives.") % {"to": to})
    problem = posted.problem if posted else "refused"
    return Tried(False, problem, _("No message was sent. %(problem)s") % {"problem": problem_word(problem)})


def _mailbox(_lookup: str, _to: str, _actor: Actor) -> Tried:
    try:
        waiting = unread_mails()
    except MailboxUnreadable as error:
        return Tried(False, "unreadable", error.text)
    text = ngettext(
        "The mailbox opens. It holds %(n)d message.", "The mailbox opens. It holds %(n)d messages.", waiting
    )
    return Tried(True, "", text % {"n": waiting})


def _names(lookup: str, _to: str, _actor: Actor) -> Tried:
    name = lookup.strip().rstrip(".")[:MOST_NAME] or NAME
    found = try_names(name)
    facts: dict[str, object] = {"name": name, "ms": found.milliseconds}
    if not found.addresses:
        facts["problem"] = str(NAME_PROBLEMS[found.problem])
        return Tried(False, found.problem, _("%(name)s: %(problem)s (%(ms)d ms).") % facts)
    public = [one for one in found.addresses if is_public(one)]
    if not public:  # internal names are nobody's business here
        return Tried(True, "", _("%(name)s: the answer is an address of a private network (%(ms)d ms).") % facts)
    return Tried(
        True, "", _("%(name)s is at %(addresses)s (%(ms)d ms).") % {**facts, "addresses": ", ".join(public[:6])}
    )


def _fetching(_lookup: str, _to: str, _actor: Actor) -> Tried:
    found = try_fetching()
    facts = {"url": found.url, "ms": found.milliseconds}
    if found.worked:
        return Tried(
            True, "", _("%(url)s answered after %(ms)d ms, with status %(status)d.") % {**facts, "status": found.status}
        )
    problem = str(FETCH_PROBLEMS.get(found.outcome, FETCH_PROBLEMS["connection_failed"]))
    return Tried(False, found.outcome, _("%(url)s: %(problem)s (%(ms)d ms).") % {**facts, "problem": problem})


TESTS: dict[str, Callable[[str, str, Actor], Tried]] = {
    "mail": _mail,
    "mailbox": _mailbox,
    "names": _names,
    "fetching": _fetching,
}
