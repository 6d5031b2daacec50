"""Acknowledging a page: by its link, by a reply, at the desk, or by taking the case. After that nobody else is paged
about it, unless nobody takes up what somebody answered for.
"""

from datetime import UTC, datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput, NotAllowed, NotFound
from leeward.jobs.clockwatch import is_sure
from leeward.oncall.labels import OUTCOMES
from leeward.oncall.models import Acknowledgement, Page, PagedReport, PageMessage
from leeward.oncall.queries.links import is_to_a_partner, message_answered, partner_behind
from leeward.oncall.services.calling import call_rest, close, hold, note
from leeward.people.access import staff_member
from leeward.people.queries import is_somebody_surer
from leeward.people.rules.permissions import may
from leeward.people.services import authorize


def acknowledge_by_link(message_id: int, *, upto: int) -> None:
    """Acknowledge a page as the recipient of this message. `upto` is the newest report that the page showed them: later
    ones are paged again. Repeating it as the same person changes nothing. Raises NotAllowed if they may not acknowledge
    pages (any more).
    """
    _acknowledge_as_recipient(message_id, upto=upto, how="link")


def acknowledge_by_reply(text: str, *, sender: str | None) -> bool:
    """Acknowledge the page whose code a reply contains, as far as the message named its reports; return whether it had
    one that works. A mail counts only from the address that was written to; a gateway's `sender` is None, since numbers
    can be forged: there the code alone counts. Needs no scope.
    """
    message = message_answered(text, sender=sender)
    if message is None:
        return False
    with scope(hotline=message.hotline_id):
        _acknowledge_as_recipient(message.pk, upto=_newest_named(message), how="reply")
    return True


def _newest_named(message: PageMessage) -> int:
    """Return the newest report that a message surely named: only the first of its page, where the clock doesn't tell which came before it."""
    reports = PagedReport.objects.filter(page_id=message.page_id)
    named = reports.filter(added_at__lte=message.created_at).order_by("-pk")
    if not is_sure(message.created_at, datetime.now(UTC)):
        named = reports.order_by("pk")
    return int(named.values_list("pk", flat=True).first() or 0)


def _acknowledge_as_recipient(message_id: int, *, upto: int, how: str) -> None:
    with hotline_transaction():
        message = PageMessage.objects.select_related("person", "page").get(pk=message_id)
        actor, ends = Actor("staff", hotline_id=message.hotline_id), None
        if message.person_id is not None:
            actor = staff_member(message.person_id, message.hotline_id) or actor
            if actor.id is None:
                raise NotAllowed(reason=_("this account is closed"))
            authorize(actor, "page.acknowledge", message.hotline_id)
        elif is_to_a_partner(message):
            person = partner_behind(message)
            actor, ends = person or actor, person is not None and _holds_it(person)
        _acknowledge(_locked(message.page_id), actor, how=how, upto=upto, message=message, ends=ends)


def _holds_it(person: Actor) -> bool:
    """Return whether the word of somebody at a partner's is enough for a while: they may take cases in their own hotline.
    Behind an address that several people read nobody in particular has it, so it is nobody's word.
    """
    return bool(may(person, "case.claim", person.hotline_id)) and _ends_paging(person, datetime.now(UTC))


def acknowledge_at_desk(page_id: int, *, upto: int, actor: Actor) -> bool:
    """Acknowledge a page as a signed-in person. Returns whether paging about it has ended."""
    with hotline_transaction():
        page = _locked(page_id)
        authorize(actor, "page.acknowledge", page.hotline_id)
        _acknowledge(page, actor, how="desk", upto=upto)
    return page.closed_at is not None


def take_over(report_ids: list[int], *, actor: Actor, how: str = "case") -> None:
    """Record that somebody has taken the work on these reports, or found it not urgent. Pages with no other waiting
    report end; others go on for the rest. In the caller's transaction. Nothing ends by somebody while others are surer
    to be a person who may take a case: they go on being paged.
    """
    now = datetime.now(UTC)
    found = PagedReport.objects.filter(report_id__in=report_ids, page__closed_at__isnull=True, taken_at__isnull=True)
    pages = sorted(set(found.values_list("page_id", flat=True)))
    is_known = PagedReport.objects.filter(report_id__in=report_ids, settled_at__isnull=True).exists()
    ends = is_known and _ends_paging(actor, now)
    if ends:
        _settle(report_ids, now)
        found.update(taken_at=now, taken_by_id=actor.id)
    for page_id in pages:
        page = _locked(page_id)
        if not ends or not page.reports.filter(taken_at__isnull=True).exists():
            _acknowledge(page, actor, how=how, upto=_newest(page), ends=ends)


def end_for(report_ids: list[int]) -> None:
    """Record that the work on these reports is over and nobody here has anything to do: pages with no other waiting
    report end. In the caller's transaction.
    """
    now = datetime.now(UTC)
    found = PagedReport.objects.filter(report_id__in=report_ids, page__closed_at__isnull=True, taken_at__isnull=True)
    pages = sorted(set(found.values_list("page_id", flat=True)))
    found.update(taken_at=now)
    _settle(report_ids, now)
    for page_id in pages:
        page = _locked(page_id)
        if not page.reports.filter(taken_at__isnull=True).exists():
            close(page, how="ended", actor=SYSTEM, now=now)


def settle_at_desk(page_id: int, outcome: str, *, actor: Actor) -> bool:
    """State what came of everything in a page that somebody has answered: nobody is paged about it anew. Return whether
    this person's word is enough for that.
    """
    if outcome not in OUTCOMES:
        raise BadInput(what=_("outcome"), why=_("it is none of those offered"))
    now = datetime.now(UTC)
    with hotline_transaction():
        page = _locked(page_id)
        authorize(actor, "page.acknowledge", page.hotline_id)
        if page.held_until is None:  # nothing is left, or people are paged about it anew
            mine = page.reports.values("report_id")
            return not PagedReport.objects.filter(report_id__in=mine, settled_at=None).exists()
        if not _ends_paging(actor, now):
            return False
        page.reports.filter(settled_at__isnull=True).update(settled_at=now)
        page.held_until = None
        page.save(update_fields=["held_until"])
        note("page.settled", page, actor=actor, facts={"outcome": outcome})
    return True


def _settle(report_ids: list[int], now: datetime) -> None:
    """Record that these reports are taken up; pages with nothing else left wait for nothing more."""
    found = PagedReport.objects.filter(report_id__in=report_ids, settled_at__isnull=True)
    held = list(Page.objects.filter(held_until__isnull=False, reports__in=found).values_list("pk", flat=True))
    found.update(settled_at=now)
    left = PagedReport.objects.filter(page_id=OuterRef("pk"), settled_at__isnull=True)
    Page.objects.filter(~Exists(left), pk__in=held).update(held_until=None)


def _acknowledge(
    page: Page, actor: Actor, *, how: str, upto: int, message: PageMessage | None = None, ends: bool | None = None
) -> None:
    now = datetime.now(UTC)
    if ends is None:
        ends = page.kind != "urgent" or _ends_paging(actor, now)
    mine = Acknowledgement.objects.filter(page=page)
    mine = mine.filter(person_id=actor.id) if actor.id is not None else mine.filter(message=message)
    is_new = not mine.exists()
    if is_new:
        Acknowledgement.objects.create(
            hotline_id=page.hotline_id, page=page, message=message, person_id=actor.id, how=how, at=now
        )
    if page.closed_at is not None or not ends:
        if is_new:
            note("page.seen", page, actor=actor, facts={"how": how})
        return
    unseen = list(page.reports.filter(pk__gt=upto, taken_at__isnull=True).order_by("pk"))
    close(page, how=how, actor=actor, now=now)
    page.reports.filter(taken_at__isnull=True).exclude(pk__in=[row.pk for row in unseen]).update(
        taken_at=now, taken_by_id=actor.id
    )
    if unseen:
        call_rest(page, unseen, now=now)
    hold(page, now=now)


def _ends_paging(actor: Actor, now: datetime) -> bool:
    """Return whether nobody else has to be paged: not while others are surer to be a person who may take a case. One
    administrator, or an account that they made for it, could otherwise silence a report of danger.
    """
    return not is_somebody_surer(actor, act="case.claim", at=now)


def _locked(page_id: int) -> Page:
    page = Page.objects.select_for_update().filter(pk=page_id).first()
    if page is None:
        raise NotFound(what=_("page"))
    return page


def _newest(page: Page) -> int:
    return int(page.reports.order_by("-pk").values_list("pk", flat=True).first() or 0)
