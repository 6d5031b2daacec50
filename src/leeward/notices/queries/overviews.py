"""Every open address of one contact, as shown on its page."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from leeward.notices.models import Contact, NoticeItem
from leeward.notices.queries.pages import PER_PAGE, PageItem, page_items
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


def overview_page(contact_id: int, number: str | None, *, search: str = "", only: Collection[int] = ()) -> OverviewPage:
    """Return the addresses that wait for this contact, longest first; for an address that was told several times, the
    newest notice. `only` limits them to the addresses that a form was submitted for, open or not."""
    contact = Contact.objects.get(pk=contact_id)
    sent = NoticeItem.objects.filter(notice__contact_id=contact_id, notice__sent_at__isnull=False)
    found: QuerySet[NoticeItem] = sent.filter(pk__in=only) if only else _open(sent)
    if search and not only:
        found = found.filter(address__icontains=search)
    page = page_of(found.select_related("notice_case").order_by("pk"), number, per_page=PER_PAGE)
    return OverviewPage(
        contact.pk, contact.kind, people_queries.hotline(contact.hotline_id), page_items(page.rows), page
    )


def _open(sent: QuerySet[NoticeItem]) -> QuerySet[NoticeItem]:
    newest = (
        sent.exclude(notice_case__state="stopped").values("notice_case_id").annotate(newest=Max("pk")).values("newest")
    )
    return sent.filter(pk__in=newest).exclude(answer="wrong_contact")
