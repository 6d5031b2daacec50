"""What the link in a page shows."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr

from django.conf import settings
from django_scopes import scope

from leeward.clocks.queries import addresses_on_call
from leeward.foundation.actor import Actor
from leeward.foundation.crypto.tokens import read_token
from leeward.oncall.models import Acknowledgement, Page, PageMessage
from leeward.oncall.queries.rotas import agreements_of
from leeward.oncall.rules.links import PURPOSE, answered_by, has_expired
from leeward.people import queries as people_queries
from leeward.people.access import staff_member


@dataclass(frozen=True, slots=True)
class Behind:
    """Reports by number, kind and time, and the state of the page; nothing else about them, and nothing at all once it
    has expired. `is_partner`: it was sent to another hotline's people, who may know only how many there are.
    """

    message_id: int
    hotline_id: int
    hotline_name: str
    portal_name: str
    time_zone: str
    kind: str
    reports: tuple[tuple[int, str, datetime], ...]
    upto: int
    closed_at: datetime | None
    acknowledged_at: datetime | None
    has_expired: bool
    is_partner: bool


def behind_link(token: str) -> Behind | None:
    """Return what a link leads to, or None; needs no scope."""
    number = read_token(settings.LEEWARD.secret_bytes, PURPOSE, token)
    message = PageMessage.of_every_hotline.filter(pk=number).first() if number else None
    if message is None:
        return None
    with scope(hotline=message.hotline_id):
        page = Page.objects.get(pk=message.page_id)
        portal = people_queries.portal(page.portal_id)
        expired = has_expired(message.created_at, datetime.now(UTC))
        reports = [] if expired else list(page.reports.order_by("pk"))
        mine = Acknowledgement.objects.filter(page=page)
        mine = mine.filter(person_id=message.person_id) if message.person_id else mine.filter(message=message)
        return Behind(
            message_id=message.pk,
            hotline_id=message.hotline_id,
            hotline_name=portal.hotline_name,
            portal_name=portal.name,
            time_zone=portal.time_zone,
            kind=page.kind,
            reports=tuple((row.report_id, row.urgency, row.received_at) for row in reports),
            upto=reports[-1].pk if reports else 0,
            closed_at=page.closed_at,
            acknowledged_at=mine.values_list("at", flat=True).first(),
            has_expired=expired,
            is_partner=is_to_a_partner(message),
        )


def is_to_a_partner(message: PageMessage) -> bool:
    """Return whether a message goes to people of a partner's hotline, who are nobody here."""
    if message.person_id is not None or message.way != "mail":
        return False
    return message.to not in addresses_on_call([message.page.portal_id]).values()


def partner_behind(message: PageMessage) -> Actor | None:
    """Return the one person of a partner's staff to whom a message was written; None for an address of no person, and
    where there is no such agreement any more.
    """
    partner = agreements_of(message.page.portal_id).partner
    if partner is None or not partner.is_agreed:
        return None
    staff = people_queries.staff_of(partner.portal.hotline_id)
    person = next((row.id for row in staff if row.email.lower() == message.to.lower()), None)
    return staff_member(person, partner.portal.hotline_id) if person is not None else None


def message_answered(text: str, *, sender: str | None) -> PageMessage | None:
    """Return the message whose code a reply contains, unless it is too old or (by mail) comes from another address than
    was written to; needs no scope.
    """
    number = answered_by(settings.LEEWARD.secret_bytes, text)
    message = PageMessage.of_every_hotline.filter(pk=number).first() if number else None
    if message is None or has_expired(message.created_at, datetime.now(UTC)):
        return None
    is_from_there = sender is None or parseaddr(sender)[1].lower() == message.to.lower()
    return message if is_from_there else None
