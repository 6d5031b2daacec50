"""A contact says that somebody else is in charge: nothing is sent automatically until a person has chosen the recipient.

Each address of a notice can be moved to another contact once on its reader's word, however often they repeat it.
"""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.hosting import services as hosting_services
from leeward.notices.errors import AddressNotMail, NothingToRedirect, PoliceComeFirst
from leeward.notices.models import NoticeCase, NoticeItem
from leeward.notices.recipients import CONTACT_KIND, is_mail_address
from leeward.notices.rules.ladder import LADDER_KINDS, next_step_at
from leeward.notices.rules.police_first import WAITS
from leeward.notices.rules.redirects import LIST_PAGE, PAGE
from leeward.notices.services import ladder
from leeward.notices.services.police_first import WHO_CHOOSES, follow_police
from leeward.notices.services.staff import tell_staff
from leeward.notices.timing import rungs
from leeward.people.services import authorize

# The finding through which the ladder's next steps know the address that a person chose.
FINDING = {"host": "abuse_email", "foreign_host": "abuse_email", "owner": "owner_email"}


def note_wrong_contact(item: NoticeItem, now: datetime) -> None:
    """Record that a contact says, or no longer says, that somebody else is in charge: the ladder waits for a person, or
    continues when its next step was due anyway. The caller holds the lock."""
    if item.notice.kind not in LADDER_KINDS or item.redirected:
        return
    notice_case = NoticeCase.objects.select_for_update().get(pk=item.notice_case_id)
    follow_police(notice_case, now)
    if _is_claimed_anew(item) and notice_case.state in ("person", *WAITS):
        path, key = PAGE.format(item=item.pk), f"redirect:{item.pk}:{now.isoformat()}"
        tell_staff(item.hotline_id, what=item.answer, key=key, path=path, roles=WHO_CHOOSES, list_path=LIST_PAGE)


def _is_claimed_anew(item: NoticeItem) -> bool:
    """Return whether a contact says again what it said before and took back since: who was told of it then may have seen it settled."""
    earlier = [one["answer"] for one in item.earlier]
    return item.answer == "wrong_contact" and "wrong_contact" in earlier[:-1] and earlier[-1] != "wrong_contact"


def keep_contact(item_id: int, *, actor: Actor) -> None:
    """Keep the contact despite its answer: it is reminded when the next step is due."""
    with hotline_transaction():
        item = _open_item(item_id, actor)
        _settle(item, "kept", actor)


def write_instead(item_id: int, email: str, *, actor: Actor) -> None:
    """Write to another address about this one from now on, once now, and again when the next steps are due. Raises PoliceComeFirst where
    nobody may be told now and nothing keeps the address for later."""
    address, now = email.strip().lower(), datetime.now(UTC)
    with hotline_transaction():
        item = _open_item(item_id, actor)
        if not is_mail_address(address) or address == item.notice.contact.email:
            raise AddressNotMail(address=email[:100] or "—")
        finding = FINDING.get(item.notice.kind)
        if finding is None and item.notice_case.state in WAITS:  # no next step would know the address
            raise PoliceComeFirst
        if finding is not None:
            reason = "A contact says that somebody else is in charge."
            hosting_services.correct_finding(item.location_id, kind=finding, value=address, reason=reason, actor=actor)
        notice_case = _settle(item, "moved", actor)
        if notice_case.state == "open":
            kind = item.notice.kind
            contact = ladder.contact_for(CONTACT_KIND[kind], address, hotline_id=item.hotline_id, source="staff")
            ladder.place(notice_case, contact, kind, step=item.step, now=now, instead_of=item.notice.contact.email)


def _open_item(item_id: int, actor: Actor) -> NoticeItem:
    item = (
        NoticeItem.objects.select_for_update(of=("self",)).select_related("notice__contact").filter(pk=item_id).first()
    )
    if item is None:
        raise NotFound(what=_("address"))
    authorize(actor, "case.act", item.hotline_id)
    if item.answer != "wrong_contact" or item.redirected:
        raise NothingToRedirect
    return item


def _settle(item: NoticeItem, how: str, actor: Actor) -> NoticeCase:
    """Record the decision, and continue the ladder if nothing else holds it back: when its next step was due anyway, or where somebody else
    is written to now, a whole interval after that."""
    now = datetime.now(UTC)
    item.redirected = how
    item.save(update_fields=["redirected"])
    facts = {"case": item.case_id, "item": item.pk, "how": how}
    subject = f"notice:{item.notice_id}"
    record("contact.settled", actor=actor, hotline_id=item.hotline_id, subject=subject, facts=facts)
    notice_case = NoticeCase.objects.select_for_update().get(pk=item.notice_case_id)
    follow_police(notice_case, now)
    if how == "moved" and notice_case.state == "open" and notice_case.tells_host:
        ladder.go_on(notice_case, next_step_at(now, rungs()))
    return notice_case
