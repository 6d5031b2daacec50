"""The wording of lists: states, scopes, kinds, reasons for refusal."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leeward.foundation.lazy_text import LazyText
from leeward.laws.rules.basis import Lack

Labels = dict[str, str | Promise]

KINDS: Labels = {"national": _("National"), "worst_of": _("Worst of"), "partner": _("Partner’s")}
STATES: Labels = {
    "proposed": _("Proposed"),
    "approved": _("Listed"),
    "suspended": _("Suspended"),
    "removed": _("Removed"),
    "refused": _("Refused"),
}
STATE_TAGS = {
    "proposed": "waiting",
    "approved": "acting",
    "suspended": "held",
    "removed": "closed",
    "refused": "closed",
}
SCOPES: Labels = {"url": _("One page"), "path": _("A folder"), "host": _("One host"), "domain": _("A domain")}
SCOPE_HINTS: Labels = {
    "url": _("Only this address. Resolvers can’t block a single page; proxies, search engines and filters can."),
    "path": _("Every page whose address begins with this one."),
    "host": _("Every page of this host, but of no name below or beside it."),
    "domain": _("Every page of this name and of all names below it."),
}
TRIED: Labels = {"notice": _("Notice to the host"), "exchange": _("Report to the hosting country")}
ENDINGS: Labels = {
    "gone": _("it is gone: three checks in a row found nothing"),
    "withdrawn": _("somebody withdrew it"),
    "appeal": _("an appeal was upheld"),
    "asked": _("a request to lift it has not been answered yet"),
    "nobody": _("a request to lift it came in, and everybody who could answer had a part in it or is away"),
    "case": _("its case was closed or overturned"),
    "partner": _("the partner no longer lists it"),
    "expired": _("its review is overdue"),
}
CRITERIA: Labels = {
    "law": _("by this country’s law it is not likely to be illegal"),
    "real_child": _("the facts don’t say that the child is real"),
    "under_13": _("the facts don’t say that the child is under 13 or appears so"),
    "severe": _("the abuse is not severe: level A or B"),
    "confirmed": _("fewer than two countries or agencies confirm it"),
    "domain": _("this list has whole domains only"),
}
LACKS: dict[Lack, Promise] = {
    "law_says_no": _("by the law of %(country)s it is unlikely to be illegal"),
    "no_law": _("no law of %(country)s on this material is recorded that somebody has read"),
    "not_likely": _("it is not certain that the law of %(country)s covers it"),
    "not_baseline": _("the facts don’t say that it meets the international baseline"),
    "no_agreement": _("no agreement with the operators is recorded for this list"),
}
CORRECT_FACTS = _("Correct the facts if they are wrong, or choose another list.")
MENDS: dict[Lack, Promise] = {
    "law_says_no": CORRECT_FACTS,
    "no_law": _("Record what somebody has read of the country’s law."),
    "not_likely": _("Record more of the country’s law, or more facts."),
    "not_baseline": CORRECT_FACTS,
    "no_agreement": _("A supervisor can record the operators’ agreement on the page of the list."),
}
LIMITS: Labels = {
    "own_names": _("the name is our own"),
    "government_names": _("the name is the government’s"),
    "popular_names": _("it is one of the most visited sites"),
    "too_wide": _("many others share this name"),
}
RELATIONS: Labels = {
    "owner": _("Owner of the site"),
    "host": _("Host"),
    "shown": _("Person shown in it"),
    "provider": _("Internet provider"),
    "visitor": _("Visitor who saw the stop page"),
    "other": _("Somebody else"),
}
APPEAL_STATES: Labels = {
    "open": _("Open"),
    "lifted": _("Lifted"),
    "kept": pgettext_lazy("block", "Kept"),
    "withdrawn": _("Withdrawn"),
}
EVENTS: Labels = {
    "list.agreement_changed": _("The operators’ agreement was changed"),
    "entry.proposed": _("Proposed"),
    "entry.approved": _("Approved: it is on the list"),
    "entry.refused": _("Refused"),
    "entry.suspended": _("Suspended: the next publication is without it"),
    "entry.resumed": _("Put back on the list"),
    "entry.removed": _("Taken off the list"),
    "entry.reviewed": _("Reviewed: it stays"),
    "entry.moved": _("Its case was merged with another, or that was undone"),
    "entry.missed": _("A check found nothing"),
    "block_appeal.opened": _("A request to lift it came in"),
    "block_appeal.decided": _("That request was answered"),
    "block_appeal.withdrawn": _("That request was withdrawn"),
    "block_appeal.unanswerable": _("Nobody here can answer that request: everybody who could had a part, or is away"),
}
NAME_KINDS: Labels = {
    "platforms": _("Shared platforms"),
    "popular": _("Most visited sites"),
    "government": _("The government’s names"),
}
NOT_WEB = _("only web addresses can be blocked")
OURSELVES = _("our own")


def lack_label(lack: Lack, country: str) -> str:
    """Return why a block has no basis, in the active language."""
    return str(LACKS[lack]) % {"country": country}


def why_not(refused: LazyText | None, stopped: Iterable[str]) -> str:
    """Return what prevents an entry, in the active language; "" if nothing does."""
    if refused is not None:
        return str(refused)
    return "; ".join(str(LIMITS[gate]) for gate in stopped)
