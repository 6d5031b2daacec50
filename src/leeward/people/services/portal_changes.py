"""A change of whom a portal tells or calls: one person asks, a second one confirms, and until then all stays as it is."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import publish_event
from leeward.people.errors import ChangeIsSettled
from leeward.people.models import Portal, PortalChange
from leeward.people.services.checking import authorize
from leeward.people.services.roles import demand_second


def takes_two(portal_id: int, actor: Actor) -> bool:
    """Whether this actor can't change alone whom a portal tells or calls: once it was opened to reports, only whoever runs the server
    can, and the system, which carries out what two people settled."""
    found = Portal.objects.get(pk=portal_id)
    return actor.kind not in ("command", "system") and is_in_use(found)


def is_in_use(portal: Portal) -> bool:
    """Whether a portal takes reports or ever did."""
    return portal.takes_reports or portal.was_opened


def ask_change(
    portal_id: int, what: str, *, before: Mapping[str, object], wanted: Mapping[str, object], actor: Actor
) -> int:
    """Keep a change until a second person confirms it, in the caller's transaction, which asked whether the actor may; return its
    number. A newer one takes the place of one that waits."""
    portal = Portal.objects.get(pk=portal_id)
    waiting = PortalChange.objects.filter(portal=portal, what=what, outcome="")
    same = waiting.filter(wanted=dict(wanted), asked_by_id=actor.id).first()
    if same is not None:
        return same.pk
    waiting.update(outcome="replaced", settled_at=datetime.now(UTC), settled_by_id=actor.id)
    change = _keep(portal, what, before=before, wanted=wanted, actor=actor)
    _record("portal.change_asked", change, actor)
    publish_event("portal.change_asked", subject_id=change.pk, hotline_id=portal.hotline_id)
    return change.pk


def note_change(portal: Portal, *, before: Mapping[str, object], wanted: Mapping[str, object]) -> None:
    """Keep a change that whoever runs the server made and that took effect at once, in the caller's transaction."""
    change = _keep(portal, "portal", before=before, wanted=wanted, actor=Actor("command"), outcome="confirmed")
    publish_event("portal.change_confirmed", subject_id=change.pk, hotline_id=portal.hotline_id)


def settle_change(change_id: int, *, confirm: bool, actor: Actor) -> None:
    """Confirm a change, so that it takes effect, or refuse it, which whoever asked for it can do too.

    Confirmed only by somebody who counts as a second person to who asked. Raises NotFound, ChangeIsSettled, NotSecondPerson.
    """
    found = PortalChange.objects.filter(pk=change_id).values_list("hotline_id", flat=True).first()
    with hotline_transaction(found):
        rows = PortalChange.objects.select_for_update().filter(pk=change_id)
        if actor.kind == "staff":
            rows = rows.filter(hotline_id=actor.hotline_id or 0)
        change = rows.first()
        if change is None:
            raise NotFound(what=_("change"))
        authorize(actor, "portal.confirm", change.hotline_id)
        if change.outcome:
            raise ChangeIsSettled
        if confirm:
            demand_second(actor, {change.asked_by_id}, act="portal.confirm")
        change.outcome = "confirmed" if confirm else "refused"
        change.settled_by_id, change.settled_at = actor.id, datetime.now(UTC)
        change.save(update_fields=["outcome", "settled_by", "settled_at"])
        _record("portal.change_confirmed" if confirm else "portal.change_refused", change, actor)
        if confirm:
            _take_effect(change)


def refuse_changes_of(account_id: int) -> list[int]:
    """Refuse every change that somebody who leaves asked for, in the caller's transaction; return their numbers."""
    found = PortalChange.objects.filter(asked_by_id=account_id, outcome="")
    numbers = sorted(found.values_list("pk", flat=True))
    PortalChange.objects.filter(pk__in=numbers).update(outcome="refused", settled_at=datetime.now(UTC))
    return numbers


def _take_effect(change: PortalChange) -> None:
    """The portal's own fields now; where its pages go by whoever hears that it was confirmed."""
    if change.what == "portal":
        Portal.objects.filter(pk=change.portal_id).update(**change.wanted)
        if change.portal.takes_reports:
            publish_event("portal.reach_changed", subject_id=change.portal_id, hotline_id=change.hotline_id)
    publish_event("portal.change_confirmed", subject_id=change.pk, hotline_id=change.hotline_id)


def _keep(
    portal: Portal,
    what: str,
    *,
    before: Mapping[str, object],
    wanted: Mapping[str, object],
    actor: Actor,
    outcome: str = "",
) -> PortalChange:
    now = datetime.now(UTC)
    return PortalChange.objects.create(
        hotline_id=portal.hotline_id,
        portal=portal,
        what=what,
        before={name: before[name] for name in wanted if name in before},
        wanted=dict(wanted),
        asked_by_id=actor.id,
        asked_at=now,
        outcome=outcome,
        settled_at=now if outcome else None,
    )


def _record(event: str, change: PortalChange, actor: Actor) -> None:
    facts = {"change": change.pk, "what": change.what, "fields": sorted(change.wanted)}
    record(event, actor=actor, hotline_id=change.hotline_id, subject=f"portal:{change.portal_id}", facts=facts)
