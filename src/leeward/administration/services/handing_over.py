"""A portal goes to another hotline of this installation: offered by one, accepted by the other, all or nothing."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from django_scopes import scope

from leeward.administration.errors import HandOverBlocked, HandOverSettled
from leeward.administration.handing import Plan, going_of, plan_of
from leeward.administration.labels import IN_THE_WAY
from leeward.administration.models import PortalHandOver
from leeward.administration.rules.handing import AT_ONCE, pieces_of
from leeward.audit.queries import newest_entry
from leeward.audit.services import hotline_transaction, record
from leeward.backup.queries import require_free
from leeward.casework.errors import WrongTransition
from leeward.casework.queue.services.leaving import count_again, leave
from leeward.clocks.services.ruling import copy_rules
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput, NotAllowed, NotFound
from leeward.hashbank.own_pictures.services import hand_over_own_pictures
from leeward.intake.services.handing import NewHome, hand_over_report
from leeward.jobs.services import publish_event, schedule
from leeward.oncall import services as oncall_services
from leeward.oncall.queries.rotas import police_number
from leeward.people import queries as people_queries
from leeward.people.queries import PortalRow
from leeward.people.services import authorize, demand_second
from leeward.people.services.handing import move_keys, succeed

__all__ = [
    "SWEEP",
    "accept_offer",
    "bring_after",
    "offer_of_portal",
    "offer_portal",
    "plan_of",
    "refuse_offer",
    "withdraw_offer",
]
SWEEP = "administration.bring_after"
SWEEP_AFTER = timedelta(seconds=30)


def offer_portal(portal: PortalRow, to_hotline_id: int, *, keys: Collection[int], actor: Actor) -> int:
    """Offer a portal to another hotline; return the offer's number. Nothing changes until somebody there accepts."""
    authorize(actor, "portal.edit", portal.hotline_id)
    if to_hotline_id == portal.hotline_id or to_hotline_id not in {row.id for row in people_queries.hotlines()}:
        raise BadInput(what=_("hotline"), why=_("it is not another hotline of this installation"))
    with hotline_transaction(portal.hotline_id):
        if portal.handed_over_at is not None:
            raise HandOverSettled
        PortalHandOver.objects.filter(portal_id=portal.id, outcome="").update(
            outcome="withdrawn", settled_at=datetime.now(UTC), settled_by_id=actor.id
        )
        made = PortalHandOver.objects.create(
            hotline_id=portal.hotline_id,
            portal_id=portal.id,
            to_id=to_hotline_id,
            keys=sorted(keys),
            asked_by_id=actor.id,
            asked_at=datetime.now(UTC),
        )
        _record("portal.offered", portal.hotline_id, portal.id, actor, {"to": to_hotline_id, "offer": made.pk})
        publish_event("portal.offered", subject_id=made.pk, hotline_id=portal.hotline_id)
    return int(made.pk)


def withdraw_offer(offer_id: int, *, actor: Actor) -> None:
    """Take an offer back, as the hotline that made it."""
    with hotline_transaction():
        row = _open_offer(offer_id)
        if row.hotline_id != actor.hotline_id:
            raise NotFound(what=_("offer"))
        authorize(actor, "portal.edit", row.hotline_id)
        _settle(row, "withdrawn", actor)
        _record("portal.offer_withdrawn", row.hotline_id, row.portal_id, actor, {"offer": row.pk})


def refuse_offer(offer_id: int, *, actor: Actor) -> None:
    """Refuse a portal, as the hotline that it was offered to."""
    row = _open_offer(offer_id)
    with scope(hotline=row.hotline_id), hotline_transaction():
        row = _for_receiver(offer_id, actor)
        _settle(row, "refused", actor)
        _record("portal.offer_refused", row.hotline_id, row.portal_id, actor, {"offer": row.pk})
        publish_event("portal.offer_answered", subject_id=row.pk, hotline_id=row.hotline_id)


def accept_offer(offer_id: int, *, like: int | None, actor: Actor) -> int:
    """Take a portal over, as somebody of the hotline that it was offered to; return the portal's number there.

    `like` is the portal of that hotline whose people on call are on call for this one, too; by default the one that the plan
    names. One transaction: if the process dies, nothing has changed. Of many reports the oldest go along in it, and the others
    follow in pieces (`bring_after`). Raises NotFound for another portal, NotSecondPerson,
    HandOverBlocked, HandOverSettled.
    """
    require_free()
    row = _open_offer(offer_id)
    first, second = sorted((row.hotline_id, int(row.to_id or 0)))
    with hotline_transaction(first), hotline_transaction(second), scope(hotline=row.hotline_id):
        row = _for_receiver(offer_id, actor)
        demand_second(actor, {row.asked_by_id}, act="portal.confirm")
        portal = people_queries.portal(row.portal_id)
        plan = plan_of(portal, row.to_id, like=like)
        if like is not None and plan.like is None:
            raise NotFound(what=_("portal"))
        if plan.in_the_way:
            raise HandOverBlocked(points=", ".join(str(IN_THE_WAY[one]) for one in plan.in_the_way))
        return _hand_over(row, portal, plan, actor)


def bring_after(offer_id: int, *, until: Callable[[], bool] = lambda: False) -> int:
    """Bring reports after a portal that was handed over: the rest of many, those that came in at the same moment, or were
    closed then and are open again. Each piece is a transaction, so that others can write in between, and whoever begins
    again after a crash goes on where it ended. Idempotent. Return how many are left once it is time to stop (`until`), or
    because somebody here is telling others about them just now.
    """
    row = PortalHandOver.of_every_hotline.get(pk=offer_id)
    if row.became is None:
        return 0
    with scope(hotline=row.hotline_id):
        pieces = pieces_of(going_of(row.portal_id))
    for piece in pieces:
        if until():
            break
        try:
            _bring_piece(row, piece)
        except WrongTransition:  # one of them can't go just now: the others don't wait for it
            for report_id in piece:
                with suppress(WrongTransition):
                    _bring_piece(row, (report_id,))
    with scope(hotline=row.hotline_id):
        return len(going_of(row.portal_id))


def _bring_piece(row: PortalHandOver, piece: Sequence[int]) -> None:
    first, second = sorted((row.hotline_id, int(row.to_id or 0)))
    with hotline_transaction(first), hotline_transaction(second), scope(hotline=row.hotline_id):
        still = set(going_of(row.portal_id))
        reports = [one for one in piece if one in still]
        if reports:
            portal = people_queries.portal(row.portal_id)
            _bring(portal, int(row.became or 0), int(row.to_id or 0), reports, is_last=still <= set(piece))


def offer_of_portal(portal_id: int) -> int | None:
    """Return the offer by which a portal was handed over, or None."""
    found = PortalHandOver.of_every_hotline.filter(portal_id=portal_id, outcome="done").order_by("-pk")
    return found.values_list("pk", flat=True).first()


def _hand_over(row: PortalHandOver, portal: PortalRow, plan: Plan, actor: Actor) -> int:
    now, to_hotline_id = datetime.now(UTC), int(row.to_id or 0)
    made = succeed(portal.id, hotline_id=to_hotline_id, actor=actor, now=now)
    number = police_number(portal.id)
    copy_rules(portal.id, made, to_hotline_id=to_hotline_id, now=now)
    keys = move_keys(row.keys, hotline_id=portal.hotline_id, to_hotline_id=to_hotline_id)
    reports = going_of(portal.id)
    facts = {"to": to_hotline_id, "as": made, "offer": row.pk, "reports": len(reports), "keys": keys}
    _record("portal.handed_over", portal.hotline_id, portal.id, actor, facts)
    newest = newest_entry(portal.hotline_id)
    proof = {"row": newest.number, "sha256": newest.hash} if newest else {}
    with scope(hotline=to_hotline_id):
        oncall_services.share_rota(made, like=plan.like.id if plan.like else None, police_number=number, now=now)
        facts = {"from": portal.hotline_id, "portal": portal.id, "reports": len(reports), "keys": keys, **proof}
        _record("portal.taken_over", to_hotline_id, made, actor, facts)
    _bring(portal, made, to_hotline_id, reports[:AT_ONCE], is_last=len(reports) <= AT_ONCE)
    row.became, row.reports, row.cases = made, len(reports), plan.counts["cases"]
    row.last_report = max(reports, default=0)
    _settle(row, "done", actor)
    publish_event("portal.offer_answered", subject_id=row.pk, hotline_id=portal.hotline_id)
    due_at = now if len(reports) > AT_ONCE else now + SWEEP_AFTER
    schedule(SWEEP, subject_id=row.pk, hotline_id=portal.hotline_id, due_at=due_at)
    return made


def _bring(portal: PortalRow, to_portal_id: int, to_hotline_id: int, reports: list[int], *, is_last: bool) -> None:
    newest = newest_entry(portal.hotline_id)
    known = leave(portal.id, set(reports), to_hotline_id=to_hotline_id, is_last=is_last)
    to = NewHome(
        to_hotline_id,
        to_portal_id,
        by=portal.hotline_name,
        log_row=newest.number if newest else 0,
        at=datetime.now(UTC),
    )
    for report_id in reports:
        number = hand_over_report(report_id, to, known)
        hand_over_own_pictures(report_id, to_hotline_id=to_hotline_id, to_report_id=number)
    count_again(reports)


def _open_offer(offer_id: int) -> PortalHandOver:
    row = PortalHandOver.of_every_hotline.filter(pk=offer_id).first()
    if row is None:
        raise NotFound(what=_("offer"))
    return row


def _for_receiver(offer_id: int, actor: Actor) -> PortalHandOver:
    """Return an open offer, locked, for somebody of the hotline that it was made to."""
    row = PortalHandOver.of_every_hotline.select_for_update().get(pk=offer_id)
    if actor.kind == "staff" and actor.hotline_id != row.to_id:
        raise NotFound(what=_("offer"))
    if row.to_id is None:
        raise NotAllowed(reason=_("the hotline that it was offered to is not here"))
    authorize(actor, "portal.confirm", row.to_id)
    if row.outcome:
        raise HandOverSettled
    return row


def _settle(row: PortalHandOver, outcome: str, actor: Actor) -> None:
    if row.outcome:
        raise HandOverSettled
    row.outcome, row.settled_at, row.settled_by_id = outcome, datetime.now(UTC), actor.id
    row.save()


def _record(event: str, hotline_id: int, portal_id: int, actor: Actor, facts: dict[str, object]) -> None:
    record(event, actor=actor or SYSTEM, hotline_id=hotline_id, subject=f"portal:{portal_id}", facts=facts)
