"""Every open address of one contact, as shown on its page."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, Max, QuerySet

from leeward.notices.models import Contact, NoticeItem
from leeward.notices.queries.pages import PER_PAGE, PageItem, page_items, police_of_items
from leeward.notices.rules.name_acts import NAME_KINDS
from leeward.people import queries as people_queries
from leeward.web_security.paging import Page, page_of


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """One page of a contact's open addresses."""

    contact_id: int
    kind: str
    hotline: people_queries.HotlineRow
    items: tuple[PageItem, ...]
    page: Page[NoticeItem]
    police: tuple[str, ...]


def overview_page(contact_id: int, number: str | None, *, search: str = "", only: Collection[int] = ()) -> OverviewPage:
    """Return the addresses that wait for this contact, longest first; for an address that was told several times, the
    newest notice. `only` limits them to the addresses that a form was submitted for, open or not."""
    contact = Contact.objects.get(pk=contact_id)
    found = _sent(contact_id).filter(pk__in=only) if only else open_items(contact_id)
    if search and not only:
        found = found.filter(address__icontains=search)
    page = page_of(found.select_related("notice_case", "notice").order_by("pk"), number, per_page=PER_PAGE)
    return OverviewPage(
        contact.pk,
        contact.kind,
        people_queries.hotline(contact.hotline_id),
        page_items(page.rows),
        page,
        police_of_items(contact.kind, page.rows, hotline_id=contact.hotline_id),
    )


def open_items(contact_id: int) -> QuerySet[NoticeItem]:
    """Return the addresses that wait for this contact, each as its newest notice has it. What was begun anew waits only once it is told
    anew: before that the police may come first."""
    sent = _sent(contact_id)
    newest = (
        sent.exclude(notice_case__state="stopped")
        .filter(round=F("notice_case__round"))
        .values("notice_case_id")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    return sent.filter(pk__in=newest).exclude(answer="wrong_contact")


def _sent(contact_id: int) -> QuerySet[NoticeItem]:
    found: QuerySet[NoticeItem] = NoticeItem.objects.filter(
        notice__contact_id=contact_id, notice__sent_at__isnull=False
    ).exclude(notice__kind__in=list(NAME_KINDS))  # each has a page of its own, with other answers
    return found
