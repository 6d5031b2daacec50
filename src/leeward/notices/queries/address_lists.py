"""The addresses of a notice, or all that are open with a contact, as a file."""

from collections.abc import Sequence
from typing import Literal

from leeward.notices.machine import address_list, address_table
from leeward.notices.models import Contact, Notice
from leeward.notices.queries.overviews import open_items
from leeward.notices.rules.claims import WITH_HASHES
from leeward.notices.rules.name_acts import WITHOUT_ADDRESS
from leeward.notices.writing import compose
from leeward.notices.writing.blocks import Line
from leeward.people import queries as people_queries

Form = Literal["csv", "json"]


def list_of_notice(notice_id: int, form: Form) -> str:
    """Return the addresses of a notice that are still worth acting on."""
    notice = Notice.objects.select_related("contact").get(pk=notice_id)
    found = [] if notice.kind in WITHOUT_ADDRESS else compose.items_to_send(notice)
    items = [item for item in found if item.notice_case.stopped_at is None]
    lines = compose.lines_of(items, reader_id=notice.contact_id, notice_id=notice.pk)
    link = compose.link_to(compose.NOTICE, notice.pk)
    return _file(lines, form, hotline_id=notice.hotline_id, link=link, has_hashes=notice.kind in WITH_HASHES)


def list_of_contact(contact_id: int, form: Form) -> str:
    """Return every address that waits for a contact."""
    contact = Contact.objects.get(pk=contact_id)
    items = list(open_items(contact_id).select_related("notice_case").order_by("pk"))
    lines = compose.lines_of(items, reader_id=contact_id)
    link = compose.overview_link(contact.pk, contact.page_serial)
    return _file(lines, form, hotline_id=contact.hotline_id, link=link, has_hashes=contact.kind in WITH_HASHES)


def _file(lines: Sequence[Line], form: Form, *, hotline_id: int, link: str, has_hashes: bool) -> str:
    if form == "csv":
        return address_table(lines, has_hashes=has_hashes)
    return address_list(lines, hotline=people_queries.hotline(hotline_id), link=link, has_hashes=has_hashes)
