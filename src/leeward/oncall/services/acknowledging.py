"""Somebody takes a page up: by the link in it, at the desk, or by taking the case. Then nobody more is paged about it."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.oncall.models import Acknowledgement, Page, PagedReport, PageMessage
from leeward.oncall.services.calling import call_rest, close, note
from leeward.people.access import staff_member
from leeward.people.services import authorize


def acknowledge_by_link(message_id: int, *, upto: int) -> None:
    """Whoever got this message presses the button. `upto` is the newest report that the page showed them: what came after it
    is paged again. A second time by the same person changes nothing. Raises NotAllowed where they may not take pages up (any more)."""
    with hotline_transaction():
        message = PageMessage.objects.select_related("person").get(pk=message_id)
        actor = Actor("staff", hotline_id=message.hotline_id)
        if message.person_id is not None:
            actor = staff_member(message.person_id, message.hotline_id) or actor
            if actor.id is None:
                raise NotAllowed(reason=_("this account is closed"))
            authorize(actor, "page.acknowledge", message.hotline_id)
        _acknowledge(_locked(message.page_id), actor, how="link", upto=upto, message=message)


def acknowledge_at_desk(page_id: int, *, upto: int, actor: Actor) -> None:
    """A signed-in person takes a page up."""
    with hotline_transaction():
        page = _locked(page_id)
        authorize(actor, "page.acknowledge", page.hotline_id)
        _acknowledge(page, actor, how="desk", upto=upto)


def take_over(report_ids: list[int], *, actor: Actor, how: str = "case") -> None:
    """Somebody has taken what these reports are about, or found it not urgent. Pages of which nothing else waits end; one with
    other reports goes on for those. In the caller's transaction."""
    now = datetime.now(UTC)
    found = PagedReport.objects.filter(report_id__in=report_ids, page__closed_at__isnull=True, taken_at__isnull=True)
    pages = sorted(set(found.values_list("page_id", flat=True)))
    found.update(taken_at=now, taken_by_id=actor.id)
    for page_id in pages:
        page = _locked(page_id)
        if not page.reports.filter(taken_at__isnull=True).exists():
            _acknowledge(page, actor, how=how, upto=_newest(page))


def end_for(report_ids: list[int]) -> None:
    """What these reports are about is over, and nobody here has to do anything: pages of which nothing else waits end. In the
    caller's turn."""
    now = datetime.now(UTC)
    found = PagedReport.objects.filter(report_id__in=report_ids, page__closed_at__isnull=True, taken_at__isnull=True)
    pages = sorted(set(found.values_list("page_id", flat=True)))
    found.update(taken_at=now)
    for page_id in pages:
        page = _locked(page_id)
        if not page.reports.filter(taken_at__isnull=True).exists():
            close(page, how="ended", actor=SYSTEM, now=now)


def _acknowledge(page: Page, actor: Actor, *, how: str, upto: int, message: PageMessage | None = None) -> None:
    now = datetime.now(UTC)
    mine = Acknowledgement.objects.filter(page=page)
    mine = mine.filter(person_id=actor.id) if actor.id is not None else mine.filter(message=message)
    if mine.exists():
        return
    Acknowledgement.objects.create(
        hotline_id=page.hotline_id, page=page, message=message, person_id=actor.id, how=how, at=now
    )
    if page.closed_at is not None:
        note("page.seen", page, actor=actor, facts={"how": how})
        return
    unseen = list(page.reports.filter(pk__gt=upto, taken_at__isnull=True).order_by("pk"))
    close(page, how=how, actor=actor, now=now)
    page.reports.filter(taken_at__isnull=True).exclude(pk__in=[row.pk for row in unseen]).update(
        taken_at=now, taken_by_id=actor.id
    )
    if unseen:
        call_rest(page, unseen, now=now)


def _locked(page_id: int) -> Page:
    page = Page.objects.select_for_update().filter(pk=page_id).first()
    if page is None:
        raise NotFound(what=_("page"))
    return page


def _newest(page: Page) -> int:
    return int(page.reports.order_by("-pk").values_list("pk", flat=True).first() or 0)
