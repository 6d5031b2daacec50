"""The sections of people in the settings file: the hotline, its portals, its staff. No passwords, no keys."""

from collections.abc import Mapping
from typing import Any

from leeward.ground.actor import Actor
from leeward.ground.errors import BadInput
from leeward.people import queries, services
from leeward.people.models import Invitation, Portal, User
from leeward.people.settings_file import Plain, Section, offer

HOTLINE = {"name": str, "email": str, "mode": str, "notify_foreign_hosts": bool}
# Whether a portal takes reports is not here: an administrator opens it by its checklist, on the machine where it stands.
PORTAL = {
    "name": str,
    "country": str,
    "languages": list,
    "emergency_number": str,
    "helpline_name": str,
    "helpline_number": str,
    "police_name": str,
    "police_email": str,
    "exit_url": str,
    "time_zone": str,
    "working_days": list,
    "follows_holidays": bool,
    "holidays": list,
    "worked_holidays": list,
    "is_open": bool,
}
STAFF = {"name": str, "roles": list, "languages": list}


def _hotline(hotline_id: int) -> Plain:
    row = queries.hotline(hotline_id)
    return {name: getattr(row, name) for name in HOTLINE}


def _take_hotline(hotline_id: int, values: Plain, actor: Actor) -> None:
    services.change_hotline(hotline_id, actor=actor, **{**_hotline(hotline_id), **values})


def _portals(hotline_id: int) -> Plain:
    found = Portal.objects.filter(hotline_id=hotline_id).order_by("slug")
    return {row.slug: {name: getattr(row, name) for name in PORTAL} for row in found}


def _take_portals(hotline_id: int, values: Plain, actor: Actor) -> None:
    known = dict(Portal.objects.filter(hotline_id=hotline_id).values_list("slug", "pk"))
    for slug, fields in values.items():
        if not set(fields.get("working_days", [])) <= set(range(1, 8)):
            raise BadInput(what=f"portals.{slug}.working_days", why="days are numbers from 1 (Monday) to 7")
        if slug in known:
            services.change_portal(known[slug], actor=actor, **fields)
        else:
            services.open_portal(hotline_id, slug=slug, actor=actor, takes_reports=False, **fields)


def _staff(hotline_id: int) -> Plain:
    found = User.objects.filter(hotline_id=hotline_id, is_active=True).order_by("email")
    return {row.email: {name: getattr(row, name) for name in STAFF} for row in found}


def _take_staff(hotline_id: int, values: Plain, actor: Actor) -> None:
    """Who has an account is changed; who has none is invited, since no file holds a password."""
    known = dict(User.objects.filter(hotline_id=hotline_id).values_list("email", "pk"))
    waiting = set(
        Invitation.objects.filter(hotline_id=hotline_id, accepted_at=None, withdrawn_at=None).values_list(
            "email", flat=True
        )
    )
    for email, fields in values.items():
        address = email.strip().lower()
        if address in known:
            services.change_account(known[address], actor=actor, **fields)
        elif address not in waiting:
            _invite(hotline_id, address, fields, actor)


def _invite(hotline_id: int, address: str, fields: Mapping[str, Any], actor: Actor) -> None:
    services.invite(
        hotline_id,
        email=address,
        name=fields.get("name", ""),
        roles=fields.get("roles", []),
        languages=fields.get("languages", []),
        actor=actor,
    )


offer(Section("hotline", HOTLINE, _hotline, _take_hotline))
offer(Section("portals", PORTAL, _portals, _take_portals, is_table=True))
offer(Section("staff", STAFF, _staff, _take_staff, is_table=True))
