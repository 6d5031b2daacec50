"""Changes of whom a portal tells, where it leads its visitors, or how the police are written to: one person asks and a
second one confirms; nothing changes until then."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import publish_event
from leeward.people.errors import ChangeIsSettled, ChangeWaits, TrialLetterNeeded
from leeward.people.models import Hotline, Portal, PortalChange
from leeward.people.queries.portal_changes import PortalChangeRow, about_same, portal_change
from leeward.people.rules.reach import HOTLINE, LEADS, MAIL_SERVER, PORTAL
from leeward.people.services.checking import authorize
from leeward.people.services.roles import demand_second

type CarryOut = Callable[[Portal, str, Mapping[str, Any], Actor], None]
_CHECKS: list[Callable[[PortalChangeRow], None]] = []
_CARRIES_OUT: dict[str, CarryOut] = {}


def carries_out(what: str) -> Callable[[CarryOut], CarryOut]:
    """Have a function of this slice make confirmed changes of this kind, in the same transaction: of a portal, about
    something, with what is wanted and who confirmed it."""

    def decorated(function: CarryOut) -> CarryOut:
        _CARRIES_OUT[what] = function
        return function

    return decorated


def before_confirming(check: Callable[[PortalChangeRow], None]) -> None:
    """Have `check` look at each change just before it takes effect; it raises if that must not happen now. For slices
    above, which know what this one can't."""
    _CHECKS.append(check)


def takes_two(portal_id: int, actor: Actor) -> bool:
    """Return whether this actor needs a second person to change whom a portal tells: once it is in use, everybody does
    but whoever runs the server and the system, which carries out what two people settled."""
    return is_one_of_two(actor) and is_in_use(Portal.objects.get(pk=portal_id))


def hotline_takes_two(hotline_id: int, actor: Actor) -> bool:
    """Return the same for what all portals of a hotline share: once one of them was opened to reports."""
    return is_one_of_two(actor) and _ever_opened(Q(hotline_id=hotline_id)).exists()


def installation_takes_two(actor: Actor) -> bool:
    """Return the same for what every hotline's letters go through: once any portal here was opened to reports."""
    return is_one_of_two(actor) and _ever_opened(Q()).exists()


def proof_of_arrival(change_id: int, account_id: int) -> str:
    """Return the proof in the link of one person's test letter: nothing else shows that a letter through a new mail
    server arrived."""
    return signing.Signer(salt="a trial letter arrived").signature(f"{change_id}:{account_id}")


def is_proved(change_id: int, actor: Actor, proof: str) -> bool:
    """Return whether the actor has the link of the test letter that was sent to them."""
    return actor.id is not None and constant_time_compare(proof, proof_of_arrival(change_id, actor.id))


def is_one_of_two(actor: Actor) -> bool:
    """Return whether this actor needs a second person for a two-person act: the command line doesn't, nor does the system."""
    return actor.kind not in ("command", "system")


def is_in_use(portal: Portal) -> bool:
    """Return whether a portal takes reports, ever did, or a request to open or show it is pending."""
    if portal.takes_reports or portal.was_opened:
        return True
    return PortalChange.objects.filter(portal=portal, what=PORTAL, outcome="").exists()


def has_rivals(portal: Portal) -> bool:
    """Return whether another portal of the same hotline or country takes reports or did: opening or showing this one
    too could draw visitors away from it."""
    others = _ever_opened(Q(hotline_id=portal.hotline_id) | Q(country=portal.country))
    return others.exclude(pk=portal.pk).exists()


def _ever_opened(which: Q) -> QuerySet[Portal]:
    return Portal.objects.filter(which).filter(Q(takes_reports=True) | Q(was_opened=True))


def all_settings_of(portal: Portal) -> dict[str, object]:
    """Return everything that a portal not yet in use says about whom it tells and where it leads: whoever confirms that
    it is opened or shown confirms exactly this."""
    return {name: getattr(portal, name) for name in LEADS}


def ask_change(
    portal_id: int | None,
    what: str,
    *,
    hotline_id: int,
    before: Mapping[str, object],
    wanted: Mapping[str, object],
    actor: Actor,
    about: str = "",
    missing: Sequence[str] = (),
) -> int:
    """Store a change until a second person confirms it, in the caller's transaction; return its number. The caller has
    checked the actor's permission. Without a portal, it is about something that all portals of the hotline share, and
    `about` says what.

    Changes of other fields wait beside it. An earlier change of the same field is merged into the new one if the same
    person asked for it; somebody else's has to be settled first: raises ChangeWaits.
    """
    waiting = about_same(hotline_id, portal_id, what, about).filter(outcome="").order_by("pk")
    same = [row for row in waiting if row.wanted.keys() & wanted.keys()]
    for row in same:
        if row.asked_by_id != actor.id:
            raise ChangeWaits(number=row.pk)
    whole: dict[str, object] = {}
    before = dict(before)
    for row in same:
        whole |= row.wanted
        before = row.before | before
    whole |= wanted
    if len(same) == 1 and same[0].wanted == whole:
        return same[0].pk
    replaced = [row.pk for row in same]
    PortalChange.objects.filter(pk__in=replaced).update(
        outcome="replaced", settled_at=datetime.now(UTC), settled_by_id=actor.id
    )
    change = _keep(
        portal_id, what, hotline_id=hotline_id, about=about, before=before, wanted=whole, actor=actor, missing=missing
    )
    _record("portal.change_asked", change, actor, replaces=replaced, missing=sorted(missing))
    publish_event("portal.change_asked", subject_id=change.pk, hotline_id=hotline_id)
    return change.pk


def note_change(
    portal_id: int | None,
    what: str,
    *,
    hotline_id: int,
    before: Mapping[str, object],
    wanted: Mapping[str, object],
    about: str = "",
) -> None:
    """Record a change that whoever runs the server made and that took effect at once, in the caller's transaction."""
    change = _keep(
        portal_id,
        what,
        hotline_id=hotline_id,
        about=about,
        before=before,
        wanted=wanted,
        actor=Actor("command"),
        outcome="confirmed",
    )
    publish_event("portal.change_confirmed", subject_id=change.pk, hotline_id=hotline_id)


def settle_change(change_id: int, *, confirm: bool, actor: Actor, proof: str = "") -> None:
    """Confirm a change, so that it takes effect, or refuse it; whoever asked for it can refuse it too.

    Only somebody who counts as a second person to the one who asked can confirm it; for a mail server they also need
    the proof that a letter through it arrived. Raises NotFound, ChangeIsSettled, NotSecondPerson, TrialLetterNeeded,
    and whatever is raised by those who look at it `before_confirming`.
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
            if change.what == MAIL_SERVER and is_one_of_two(actor) and not is_proved(change_id, actor, proof):
                raise TrialLetterNeeded
            if (row := portal_change(change_id)) is not None:
                for check in _CHECKS:
                    check(row)
        change.outcome = "confirmed" if confirm else "refused"
        change.settled_by_id, change.settled_at = actor.id, datetime.now(UTC)
        change.save(update_fields=["outcome", "settled_by", "settled_at"])
        _record("portal.change_confirmed" if confirm else "portal.change_refused", change, actor)
        if confirm:
            _take_effect(change, actor)


def refuse_changes_of(account_id: int) -> list[int]:
    """Refuse every change that somebody who leaves asked for, in the caller's transaction; return their numbers."""
    found = PortalChange.objects.filter(asked_by_id=account_id, outcome="")
    numbers = sorted(found.values_list("pk", flat=True))
    PortalChange.objects.filter(pk__in=numbers).update(outcome="refused", settled_at=datetime.now(UTC))
    return numbers


def _take_effect(change: PortalChange, actor: Actor) -> None:
    """Apply changes of a portal's and a hotline's own fields and of what this slice keeps beside them; everything else is
    done by whoever listens for the confirmation."""
    if change.portal is not None and change.what in _CARRIES_OUT:
        _CARRIES_OUT[change.what](change.portal, change.about, change.wanted, actor)
    if change.what == HOTLINE:
        Hotline.objects.filter(pk=change.hotline_id).update(**change.wanted)
    if change.what == PORTAL and change.portal_id is not None:
        # From now on its fields are guarded on their own account: visitors find it, or did.
        Portal.objects.filter(pk=change.portal_id).update(**change.wanted, was_opened=True)
        if change.wanted.keys() & {"country", "time_zone"}:
            publish_event("portal.calendar_changed", subject_id=change.portal_id, hotline_id=change.hotline_id)
    publish_event("portal.change_confirmed", subject_id=change.pk, hotline_id=change.hotline_id)


def _keep(
    portal_id: int | None,
    what: str,
    *,
    hotline_id: int,
    about: str,
    before: Mapping[str, object],
    wanted: Mapping[str, object],
    actor: Actor,
    outcome: str = "",
    missing: Sequence[str] = (),
) -> PortalChange:
    now = datetime.now(UTC)
    return PortalChange.objects.create(
        hotline_id=hotline_id,
        portal_id=portal_id,
        what=what,
        about=about,
        before={name: before[name] for name in wanted if name in before},
        wanted=dict(wanted),
        asked_by_id=actor.id,
        asked_at=now,
        missing=sorted(missing),
        outcome=outcome,
        settled_at=now if outcome else None,
    )


def _record(event: str, change: PortalChange, actor: Actor, **more: Any) -> None:
    facts = {"change": change.pk, "what": change.what, "fields": sorted(change.wanted)}
    facts |= {name: value for name, value in more.items() if value}
    subject = f"portal:{change.portal_id}" if change.portal_id else f"hotline:{change.hotline_id}"
    record(event, actor=actor, hotline_id=change.hotline_id, subject=subject, facts=facts)
