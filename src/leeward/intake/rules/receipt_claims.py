"""Which sentences a receipt may contain, so that a new reporter is told only what is true of this very report. Pure."""

from dataclasses import dataclass

from leeward.people.rules.police_moments import AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A report from its receipt's point of view. `moment` is when the portal's police are told of such a report;
    `has_number`: the portal has an emergency number; `has_time`: its procedure says how long a first assessment takes.
    `is_own`: it is of fingerprints of its sender's own picture; `is_quiet`: the police are not told, as its sender wishes.
    """

    kind: str
    urgency: str
    young: bool
    post_box: bool
    moment: str
    has_number: bool
    has_time: bool
    is_own: bool = False
    is_quiet: bool = False


def on_receipt(report: Reported) -> frozenset[str]:
    """Return the sentences of a receipt, by their names in the template."""
    sentences = {_lead(report)}
    if report.urgency in ("contact", "threat"):
        sentences.add("keep_messages")
    if report.is_own:
        sentences.add("own_quiet" if report.is_quiet else "police_now" if report.moment == AT_ONCE else "own_police")
        return frozenset(sentences)
    if report.post_box:
        sentences.add("police_now" if report.urgency else "to_police")
    elif report.urgency:
        sentences.add("within_time" if report.has_time else "being_alerted")
        sentences.add("police_now" if report.moment == AT_ONCE else "police_if_needed")
    else:
        sentences |= {"usually_next_day", "host_if_illegal" if report.is_quiet else "police_if_illegal"}
    return frozenset(sentences)


def _lead(report: Reported) -> str:
    """Return the leading sentence: for danger the emergency number, and never that nothing is left to be done."""
    if report.urgency == "danger":
        return "call_now" if report.has_number else "call_police"
    return "call_if_danger" if report.urgency else "nothing_more"


def on_status(urgency: str, *, has_time: bool) -> str:
    """Return which promise of a first assessment the page behind a receipt makes."""
    if not urgency:
        return "usually_next_day"
    return "within_time" if has_time else "being_alerted"
