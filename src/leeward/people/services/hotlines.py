"""Create and change hotlines and their portals."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.jobs.services import publish_event
from leeward.people.errors import FieldIsWrong, NameIsTaken
from leeward.people.models import Hotline, Portal
from leeward.people.queries.portals import portals_in_use
from leeward.people.rules.desk_parts import PARTS
from leeward.people.rules.names import OUR_PATHS, tidy_name
from leeward.people.rules.reach import HOTLINE, OF_HOTLINE, PORTAL, waiting_fields
from leeward.people.services.checking import (
    authorize,
    check,
    check_country,
    check_languages,
    check_zone,
    demand_no_record,
)
from leeward.people.services.portal_changes import (
    all_settings_of,
    ask_change,
    has_rivals,
    hotline_takes_two,
    is_in_use,
    is_one_of_two,
    note_change,
)

NAMES = frozenset({"name", "police_name", "police_for_hosts", "run_by", "accountable_to", "reached_at"})
TIMING = frozenset({"time_zone", "working_days", "holidays", "follows_holidays", "worked_holidays", "country"})


def open_hotline(*, slug: str, name: str, country: str, email: str, actor: Actor) -> int:
    """Make a hotline; return its number. Only whoever runs the installation can do this, on the command line."""
    if actor.kind not in ("command", "system"):
        raise NotAllowed(reason=_("only the command opens a hotline"))
    check_country(country)
    hotline = Hotline(slug=slug, name=tidy_name(name), country=country, email=email)
    check(hotline)
    with hotline_transaction():
        hotline.save()
        facts = {"country": country}
        record("hotline.opened", actor=actor, hotline_id=hotline.pk, subject=f"hotline:{hotline.pk}", facts=facts)
    return hotline.pk


def change_hotline(
    hotline_id: int,
    *,
    actor: Actor,
    name: str,
    email: str,
    notify_foreign_hosts: bool,
    unused_parts: Collection[str],
    commercial_first: bool | None = None,
) -> int | None:
    """Change a hotline's name, address, whether hosts abroad are told directly, and which parts its desk leaves
    out, and whether cases that ask for money go first (None leaves that).

    Once one of its portals was opened, a change of address waits for a second person; the number of that change
    is returned.
    """
    with hotline_transaction(hotline_id):
        hotline = Hotline.objects.select_for_update().filter(pk=hotline_id).first()
        if hotline is None:
            raise NotFound(what=_("hotline"))
        authorize(actor, "hotline.edit", hotline.pk)
        if not set(unused_parts) <= set(PARTS):
            raise FieldIsWrong(field="unused_parts", why=_("it names something that is not part of the desk."))
        values = {
            "name": tidy_name(name),
            "email": email.strip(),
            "notify_foreign_hosts": notify_foreign_hosts,
            "unused_parts": [part for part in PARTS if part in unused_parts],
        }
        values |= {} if commercial_first is None else {"commercial_first": commercial_first}
        before = {field: getattr(hotline, field) for field in values}
        changed = sorted(field for field, value in values.items() if before[field] != value)
        for field in changed:
            setattr(hotline, field, values[field])
        check(hotline)
        waits = _ask_of_hotline(hotline, before, {name: values[name] for name in OF_HOTLINE if name in changed}, actor)
        if waits is not None:
            changed = [field for field in changed if field not in OF_HOTLINE]
            for field in OF_HOTLINE:
                setattr(hotline, field, before[field])
        if not changed:
            return waits
        hotline.save(update_fields=changed)
        facts = {"fields": changed, "notify_foreign_hosts": hotline.notify_foreign_hosts}
        facts |= {"unused_parts": hotline.unused_parts, "commercial_first": hotline.commercial_first}
        if "commercial_first" in changed:
            for number in Portal.objects.filter(hotline_id=hotline.pk).values_list("pk", flat=True):
                publish_event("portal.order_changed", subject_id=number, hotline_id=hotline.pk)
        record("hotline.changed", actor=actor, hotline_id=hotline.pk, subject=f"hotline:{hotline.pk}", facts=facts)
    return waits


def _ask_of_hotline(
    hotline: Hotline, before: Mapping[str, object], wanted: Mapping[str, object], actor: Actor
) -> int | None:
    if not wanted:
        return None
    if hotline_takes_two(hotline.pk, actor):
        return ask_change(None, HOTLINE, hotline_id=hotline.pk, before=before, wanted=wanted, actor=actor)
    if actor.kind == "command" and portals_in_use(hotline.pk):
        note_change(None, HOTLINE, hotline_id=hotline.pk, before=before, wanted=wanted)
    return None


def open_portal(hotline_id: int, *, slug: str, actor: Actor, **fields: Any) -> int:
    """Make a portal of a hotline; return its number. Its slug can't be the name of one of our own pages. It follows its
    country’s holidays unless told otherwise.

    If the hotline or the country already has a portal that was ever opened, a portal made by staff is hidden and closed
    until a second person confirms that it is shown.
    """
    authorize(actor, "portal.edit", hotline_id)
    if slug in OUR_PATHS or Portal.objects.filter(slug=slug).exists():
        raise NameIsTaken(name=slug)
    portal = Portal(hotline_id=hotline_id, slug=slug, follows_holidays=True)
    _take_fields(portal, fields)
    with hotline_transaction(hotline_id):
        waits = is_one_of_two(actor) and has_rivals(portal)
        is_shown = portal.is_open
        if waits:
            portal.is_open = portal.takes_reports = False
        portal.was_opened = portal.takes_reports
        portal.save()
        facts = {"country": portal.country, "languages": portal.languages}
        record("portal.opened", actor=actor, hotline_id=hotline_id, subject=f"portal:{portal.pk}", facts=facts)
        if waits and is_shown:
            _ask(portal, {"is_open": False}, {"is_open": True}, actor, is_first=True)
    return portal.pk


def change_portal(portal_id: int, *, actor: Actor, **fields: Any) -> int | None:
    """Change fields of a portal; its slug never changes, since people have noted it down.

    For a portal in use, a member of staff can't alone change whom it tells, where it leads its visitors or whether they
    find it: such changes wait for a second person, and the number of the change is returned. So does showing a portal
    beside another. Before the portal is in use, or if whoever runs the server makes the change, everything changes at
    once.
    """
    with hotline_transaction(actor.hotline_id):
        portal = _locked(portal_id, actor)
        before = {name: getattr(portal, name) for name in fields}
        used = is_in_use(portal)
        _take_fields(portal, fields)
        wanted = {name: getattr(portal, name) for name in fields}
        leads = used or (portal.is_open and has_rivals(portal))
        guarded = waiting_fields(before, wanted) if leads else frozenset()
        waits = guarded if is_one_of_two(actor) else frozenset()
        for name in waits:
            setattr(portal, name, before[name])
        _save_portal(portal, sorted(name for name in fields if before[name] != getattr(portal, name)), actor)
        proposed = {name: wanted[name] for name in sorted(guarded)}
        if waits:
            return _ask(portal, before, proposed, actor, is_first=not used)
        if guarded:
            note_change(portal_id, PORTAL, hotline_id=portal.hotline_id, before=before, wanted=proposed)
    return None


def _locked(portal_id: int, actor: Actor, act: str = "portal.edit") -> Portal:
    """Return a portal of the actor's own hotline, locked, if the actor may do this."""
    portal = Portal.objects.select_for_update().filter(pk=portal_id, hotline_id=actor.hotline_id or 0).first()
    if portal is None:
        raise NotFound(what=_("portal"))
    authorize(actor, act, portal.hotline_id)
    demand_no_record(portal)
    return portal


def _ask(
    portal: Portal,
    before: Mapping[str, object],
    wanted: Mapping[str, object],
    actor: Actor,
    *,
    is_first: bool,
    missing: Sequence[str] = (),
) -> int:
    """Request a change of a portal; whoever confirms the first one confirms everything that the portal says."""
    whole = {**all_settings_of(portal), **wanted} if is_first else wanted
    return ask_change(
        portal.pk,
        PORTAL,
        hotline_id=portal.hotline_id,
        before=before,
        wanted=whole,
        actor=actor,
        missing=missing,
    )


def _save_portal(portal: Portal, changed: list[str], actor: Actor) -> None:
    if not changed:
        return
    portal.save(update_fields=changed)
    facts = {"fields": changed}
    record("portal.changed", actor=actor, hotline_id=portal.hotline_id, subject=f"portal:{portal.pk}", facts=facts)
    if TIMING.intersection(changed):
        publish_event("portal.calendar_changed", subject_id=portal.pk, hotline_id=portal.hotline_id)


def change_calendar(
    portal_id: int, *, follows: bool, added: Collection[date], worked: Collection[date], actor: Actor
) -> bool:
    """Change a portal's holidays: whether it follows its country's, which are added, and which are worked. Listeners to
    "portal.calendar_changed" move deadlines. Return whether anything changed."""
    with hotline_transaction(actor.hotline_id):
        portal = _locked(portal_id, actor, "clock.edit")
        values = {"follows_holidays": follows, "holidays": _dates(added), "worked_holidays": _dates(worked)}
        changed = sorted(name for name, value in values.items() if getattr(portal, name) != value)
        if not changed:
            return False
        for name in changed:
            setattr(portal, name, values[name])
        portal.save(update_fields=changed)
        facts = {"follows": follows, "added": values["holidays"], "worked": values["worked_holidays"]}
        subject = f"portal:{portal.pk}"
        record("portal.calendar_changed", actor=actor, hotline_id=portal.hotline_id, subject=subject, facts=facts)
        publish_event("portal.calendar_changed", subject_id=portal.pk, hotline_id=portal.hotline_id)
    return True


def _dates(days: Collection[date]) -> list[str]:
    return sorted(day.isoformat() for day in days)


def open_to_reports(portal_id: int, *, actor: Actor, missing: Sequence[str] = ()) -> int | None:
    """Let a portal take reports; `missing` names what was not ready yet, for the log. Repeating it changes nothing.

    The first portal of a new hotline is opened at once. Any other waits for a second person, unless whoever runs the
    server opens it; the number of the pending change is returned.
    """
    return _set_taking(portal_id, actor, takes=True, missing=missing)


def close_to_reports(portal_id: int, *, actor: Actor) -> int | None:
    """Stop a portal from taking reports; its pages, receipts and appeals stay. This waits for a second person, unless
    whoever runs the server does it; the number of the pending change is returned."""
    return _set_taking(portal_id, actor, takes=False)


def _set_taking(portal_id: int, actor: Actor, *, takes: bool, missing: Sequence[str] = ()) -> int | None:
    with hotline_transaction(actor.hotline_id):
        portal = _locked(portal_id, actor)
        if portal.takes_reports == takes:
            return None
        used = is_in_use(portal)
        guarded = used or has_rivals(portal)
        before, wanted = {"takes_reports": portal.takes_reports}, {"takes_reports": takes}
        if guarded and is_one_of_two(actor):
            return _ask(portal, before, wanted, actor, is_first=not used, missing=missing)
        portal.takes_reports, portal.was_opened = takes, True  # a portal that is closed now was opened before
        portal.save(update_fields=["takes_reports", "was_opened"])
        event = "portal.opened_to_reports" if takes else "portal.closed_to_reports"
        facts = {"missing": sorted(missing)} if takes else {}
        record(event, actor=actor, hotline_id=portal.hotline_id, subject=f"portal:{portal.pk}", facts=facts)
        if guarded:
            note_change(portal_id, PORTAL, hotline_id=portal.hotline_id, before=before, wanted=wanted)
    return None


def _take_fields(portal: Portal, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(portal, name, tidy_name(value) if name in NAMES else value)
    portal.working_days = portal.working_days or [1, 2, 3, 4, 5]
    check_country(portal.country)
    portal.languages = check_languages(portal.languages)
    if not portal.languages:
        raise FieldIsWrong(field=_("Languages"), why=_("the list is empty; a portal needs at least one language."))
    check_zone(portal.time_zone)
    for day in (*portal.holidays, *portal.worked_holidays):
        try:
            date.fromisoformat(day)
        except (TypeError, ValueError) as error:
            raise FieldIsWrong(field=_("Holidays"), why=_("enter a date like 2027-08-06.")) from error
    check(portal)
