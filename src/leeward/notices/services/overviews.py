"""The page on which a contact sees every open address: its link is issued, renewed and revoked here, and answers are
recorded."""

from collections.abc import Sequence
from typing import Literal

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.notices.models import Contact, NoticeItem
from leeward.notices.rules.overviews import WITH_PAGE
from leeward.notices.services.answers import Given, answer_notice
from leeward.people.services import authorize

Act = Literal["open", "renew", "close", "tell", "keep"]
_EVENTS: dict[str, str] = {
    "open": "contact.page_opened",
    "renew": "contact.page_renewed",
    "close": "contact.page_closed",
    "tell": "contact.page_told",
    "keep": "contact.page_not_told",
}


def change_page(contact_id: int, act: str, *, actor: Actor) -> None:
    """Open a contact's page with a new link, renew its link, close the page, or include the link in notices or no longer."""
    with hotline_transaction():
        contact = Contact.objects.select_for_update().filter(pk=contact_id).first()
        if contact is None:
            raise NotFound(what=_("contact"))
        authorize(actor, "contact.edit", contact.hotline_id)
        if act not in _EVENTS or contact.kind not in WITH_PAGE or (act != "open" and not contact.page_is_open):
            raise BadInput(what=_("act"), why=_("this contact has no page where this could be done"))
        _change(contact, act)
        contact.save(update_fields=["page_serial", "page_is_open", "page_is_told"])
        facts = {"serial": contact.page_serial}
        subject = f"contact:{contact.pk}"
        record(_EVENTS[act], actor=actor, hotline_id=contact.hotline_id, subject=subject, facts=facts)


def _change(contact: Contact, act: str) -> None:
    if act in ("open", "renew"):
        # Never reuse a link: a revoked one stays invalid.
        contact.page_serial, contact.page_is_open = contact.page_serial + 1, True
    elif act == "close":
        contact.page_is_open = contact.page_is_told = False
    else:
        contact.page_is_told = act == "tell"


def answer_overview(contact_id: int, given: Sequence[Given], *, actor: Actor) -> int:
    """Record answers about addresses of any notice to this contact; return how many were new. Either all or none are
    recorded."""
    wanted = [one.item_id for one in given]
    with hotline_transaction():
        mine = NoticeItem.objects.filter(pk__in=wanted, notice__contact_id=contact_id, notice__sent_at__isnull=False)
        notice_of = dict(mine.values_list("pk", "notice_id"))
        if set(wanted) - set(notice_of):
            raise BadInput(what=_("answer"), why=_("it names an address that this contact was not told of"))
        taken = 0
        for notice_id in sorted(set(notice_of.values())):
            its = [one for one in given if notice_of[one.item_id] == notice_id]
            taken += answer_notice(notice_id, its, actor=actor)
    return taken
