"""What happened to one page: a message was made, sent, and perhaps answered, which are three different things."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from leeward.clocks.queries import addresses_on_call
from leeward.oncall.labels import HOWS, KINDS, MESSAGE_STATES, WAYS
from leeward.oncall.models import Acknowledgement, Page, PagedReport, PageMessage
from leeward.oncall.queries.pages import named
from leeward.people import queries as people_queries


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a timeline: when, what, and who or which round."""

    at: datetime
    what: str
    who: str = ""
    round: int = 0
    state: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page with everything that happened to it, in order."""

    page_id: int
    portal_name: str
    time_zone: str
    happenings: tuple[Happening, ...]


def timeline_of(page_id: int) -> Timeline | None:
    """Return what happened to a page of the scope, or None; six queries. Words of reports are not among it, nor
    the addresses of a partner's people, nor all of a webhook's address, which can be a secret.
    """
    page = Page.objects.filter(pk=page_id).first()
    if page is None:
        return None
    portal = people_queries.portal(page.portal_id)
    found = [
        Happening(at, "report", str(KINDS[urgency]), number)
        for number, urgency, at in PagedReport.objects.filter(page=page).values_list("report_id", "urgency", "added_at")
    ]
    own = addresses_on_call([page.portal_id]).values()
    for message in PageMessage.objects.filter(page=page).select_related("person"):
        who = message.person.name if message.person else _place(message, own)
        state = str(MESSAGE_STATES[message.state])
        found.append(
            Happening(
                message.sent_at or message.created_at, "message", f"{who} ({WAYS[message.way]})", message.round, state
            )
        )
    for one in Acknowledgement.objects.filter(page=page).select_related("person__hotline"):
        who = named(one.person, page.hotline_id) if one.person else ""
        found.append(Happening(one.at, "answer", who, 0, str(HOWS[one.how])))
    found.sort(key=lambda one: one.at)
    return Timeline(page.pk, portal.name, portal.time_zone, tuple(found))


def _place(message: PageMessage, own: Collection[str]) -> str:
    """Return where a message to no person here went: the portal's own address, else only the host."""
    if message.way == "webhook":
        return urlsplit(message.to).hostname or ""
    return message.to if message.to in own else f"@{message.to.rpartition('@')[2]}"
