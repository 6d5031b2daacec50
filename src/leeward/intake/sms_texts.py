"""The sentences of the conversation by text message, in the language of its address; each fits one message in English."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leeward.foundation.check_digit import in_groups
from leeward.intake.rules.sms_length import pack
from leeward.intake.rules.standing import ACTED, CLOSED, LOOKING, RECEIVED
from leeward.people.queries import PortalRow

_FIXED = {
    "ask_kind": gettext_lazy(
        "What is it? Answer with a number: 1 a child is in danger now, 2 somebody writes to a child, "
        "3 a picture of me, 4 something online, 5 something else"
    ),
    "notes": gettext_lazy(
        "Never send a picture. Your phone company keeps your number and your words; we keep no number. STOP ends this."
    ),
    "not_your_fault": gettext_lazy("It is not your fault."),
    "keep_messages": gettext_lazy("Don’t delete any messages."),
    "under_threat": gettext_lazy("Don’t pay, and don’t send anything more."),
    "ask_threat": gettext_lazy("Is anyone threatening to share it? 1 yes, 2 no, 3 not sure"),
    "ask_wish": gettext_lazy(
        "You decide: 1 have it removed, the police are told only if somebody threatens you or a child is in danger; "
        "2 have it removed, and tell the police"
    ),
    "ask_where": gettext_lazy("Where is it? Write the web address, or the name and the app. 0 if you don’t know"),
    "ask_reach": gettext_lazy("May we call you or write to this number? Then we keep it. 1 yes, 2 no"),
    "added": gettext_lazy("It is in your report. Write 1 if a child is in danger now."),
    "stopped": gettext_lazy("We write nothing more. What you wrote stays with us. START begins again."),
}


def danger(portal: PortalRow) -> str:
    """Return whom to call when a child is in danger: we can't come."""
    if portal.emergency_number:
        return _("Call %(number)s now. We can’t come to you. The police can.") % {"number": portal.emergency_number}
    return _("Call the police now. We can’t come to you. The police can.")


def no_picture() -> str:
    """Return why nothing of a message with a picture was kept."""
    return _("We kept nothing of your message: it came with a picture. Never send one. Write in words where it is.")


def not_open(portal: PortalRow) -> str:
    """Return that this portal takes no reports, and whom to call in danger."""
    return f"{_('We take no reports yet.')} {_in_danger(portal)}"


def slow_down(portal: PortalRow) -> str:
    """Return that there were too many messages; one about danger is taken all the same."""
    return f"{_('That was too many messages. Write again in an hour.')} {_in_danger(portal)} {_('Or answer 1.')}"


def state_of(state: str) -> str:
    """Return where a report stands, in words that name nothing of it."""
    labels = {RECEIVED: _("Received"), LOOKING: _("Being looked at"), ACTED: _("Acted on"), CLOSED: _("Closed")}
    return _("Your report: %(state)s.") % {"state": labels[state]}


def request_state(*, is_answered: bool) -> str:
    """Return whether a request for review is answered, and nothing of the answer."""
    return _("Your request for review: %(state)s.") % {
        "state": _("Answered") if is_answered else _("Waiting for an answer")
    }


def opens_nothing() -> str:
    """Return the one answer to every number that opens nothing."""
    return _("This number opens no report. Look at the digits again.")


def wait() -> str:
    """Return the answer to somebody who tried too many numbers."""
    return _("That was too many numbers. Wait a few minutes.")


def messages_for(
    names: Iterable[str], portal: PortalRow, *, receipt: str, says: frozenset[str], time: str
) -> list[str]:
    """Return the messages for the sentences of these names. `receipt`, `says` and `time` are of the report, if there is
    one: the digits, and what its receipt may claim.
    """
    return pack(text for name in names for text in _sentences(name, portal, receipt, says, time))


def _sentences(name: str, portal: PortalRow, receipt: str, says: frozenset[str], time: str) -> list[str]:
    if name == "receipt":
        text = _("%(digits)s is your receipt. Send us this number to see where it stands.")
        return [text % {"digits": " ".join(in_groups(receipt))}]
    if name == "next":
        return next_lines(says, time)
    return [danger(portal) if name == "danger" else str(_FIXED[name])]


def next_lines(says: frozenset[str], time: str) -> list[str]:
    """Return what happens now, as far as it is true of this report."""
    lines = []
    if "to_police" in says:
        lines.append(f"{_('We pass it on to the police.')} {_('They decide what follows.')}")
    if "police_now" in says:
        lines.append(_("We pass it on to the police at once, with your words, unless you withdraw it first."))
    if "within_time" in says:
        lines.append(_("A person looks at it within %(time)s, day or night.") % {"time": time})
    if "being_alerted" in says:
        lines.append(_("A person at the hotline is alerted at once, day or night."))
    if "usually_next_day" in says:
        lines.append(_("A trained person reads it, usually by the next working day."))
    if "host_if_illegal" in says:
        lines.append(
            _("If it is against the law: the host is asked to remove it. We don’t tell the police, as you wished.")
        )
    return lines


def _in_danger(portal: PortalRow) -> str:
    if portal.emergency_number:
        return _("If a child is in danger now, call %(number)s.") % {"number": portal.emergency_number}
    return _("If a child is in danger now, call the police.")
