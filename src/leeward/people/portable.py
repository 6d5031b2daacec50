"""The sections of people in the settings file: the hotline, its portals, its staff, and the scopes of keys. No
passwords and no keys."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.people import queries, services
from leeward.people.errors import AccountIsClosed, InvitedAlready
from leeward.people.labels import HOTLINE_WAITS, WAITS_OF
from leeward.people.models import Invitation, Portal, User
from leeward.people.rules.helplines import CHILD, FIELDS
from leeward.people.rules.modes import ASSESS
from leeward.people.rules.own_picture import OFF, REMOVAL_WAYS, UNKNOWN, WAYS
from leeward.people.rules.police_moments import AT_ONCE, MOMENTS
from leeward.people.rules.reach import HOTLINE as HOTLINE_CHANGE
from leeward.people.rules.reach import OF_HOTLINE
from leeward.people.settings_file import Kind, Plain, Section, offer

HOTLINE: dict[str, Kind] = {
    "name": str,
    "email": str,
    "notify_foreign_hosts": bool,
    "commercial_first": bool,
    "unused_parts": list,
}
# Files of earlier versions say here what happens to the reports of all portals.
HOTLINE_BEFORE: dict[str, Kind] = {"mode": str}
# Whether a portal takes reports is left out: an administrator opens it by its checklist, on the machine where it runs.
PORTAL: dict[str, Kind] = {
    "name": str,
    "country": str,
    "mode": str,
    "languages": list,
    "emergency_number": str,
    "police_name": str,
    "police_email": str,
    "police_for_hosts": str,
    "run_by": str,
    "accountable_to": str,
    "reached_at": str,
    "police_on_danger": str,
    "police_on_urgent": str,
    "own_picture": str,
    "own_removal": str,
    "exit_url": str,
    "time_zone": str,
    "working_days": list,
    "follows_holidays": bool,
    "holidays": list,
    "worked_holidays": list,
    "is_open": bool,
}
# Files of earlier versions name a portal's one helpline here; it is imported as a helpline, and never exported so again.
PORTAL_BEFORE: dict[str, Kind] = {"helpline_name": str, "helpline_number": str}
HELPLINE: dict[str, Kind] = {name: {"names": dict, "access": list}.get(name, str) for name in FIELDS if name != "name"}
INVITED = {"name": str, "roles": list, "languages": list}
STAFF = INVITED | {"countries": list}
KEY = {"scopes": list, "agency": str, "expires_on": str}


def _hotline(hotline_id: int) -> Plain:
    row = queries.hotline(hotline_id)
    return {name: getattr(row, name) for name in HOTLINE} | {"unused_parts": list(row.unused_parts)}


def _take_hotline(hotline_id: int, values: Plain, actor: Actor) -> None:
    if values.get("mode", ASSESS) != ASSESS:
        raise BadInput(what="hotline.mode", why=_("each portal has its own: write it there"))
    values = {name: value for name, value in values.items() if name not in HOTLINE_BEFORE}
    services.change_hotline(hotline_id, actor=actor, **{**_hotline(hotline_id), **values})


def _not_yet_hotline(hotline_id: int, values: Plain) -> list[str]:
    waiting = any(row.what == HOTLINE_CHANGE for row in queries.portal_changes_waiting(hotline_id))
    return [str(HOTLINE_WAITS)] if waiting and set(values) & set(OF_HOTLINE) else []


def _portals(hotline_id: int) -> Plain:
    found = Portal.objects.filter(hotline_id=hotline_id).order_by("slug")
    return {row.slug: {name: getattr(row, name) for name in PORTAL} for row in found}


def _take_portals(hotline_id: int, values: Plain, actor: Actor) -> None:
    known = dict(Portal.objects.filter(hotline_id=hotline_id).values_list("slug", "pk"))
    for slug, given in values.items():
        fields = {name: value for name, value in given.items() if name not in PORTAL_BEFORE}
        if not set(fields.get("working_days", [])) <= set(range(1, 8)):
            raise BadInput(what=f"portals.{slug}.working_days", why=_("days are numbers from 1 (Monday) to 7"))
        for name in ("police_on_danger", "police_on_urgent"):
            if fields.get(name, AT_ONCE) not in MOMENTS:
                why = _("it is one of %(moments)s") % {"moments": ", ".join(MOMENTS)}
                raise BadInput(what=f"portals.{slug}.{name}", why=why)
        for name, ways, otherwise in (("own_picture", WAYS, OFF), ("own_removal", REMOVAL_WAYS, UNKNOWN)):
            if fields.get(name, otherwise) not in ways:
                why = _("it is one of %(moments)s") % {"moments": ", ".join(ways)}
                raise BadInput(what=f"portals.{slug}.{name}", why=why)
        if slug in known:
            services.change_portal(known[slug], actor=actor, **fields)
        else:
            known[slug] = services.open_portal(hotline_id, slug=slug, actor=actor, takes_reports=False, **fields)
        if given.get("helpline_number"):
            name = given.get("helpline_name") or given["helpline_number"]
            _take_helpline(known[slug], name, {"whom": CHILD, "number": given["helpline_number"]}, actor)


def _take_helpline(portal_id: int, name: str, values: Plain, actor: Actor) -> None:
    """Enter or change a helpline without confirming it: visitors see a new one once somebody has."""
    has_it = any(row.name == name for row in queries.helplines_of(portal_id))
    services.save_helpline(
        portal_id, name if has_it else "", values={**values, "name": name}, is_confirmed=False, actor=actor
    )


def _helplines(hotline_id: int) -> Plain:
    rows = queries.helplines_of_hotline(hotline_id)
    return {
        f"{slug}/{row.name}": {name: value for name, value in row.values.items() if name != "name"}
        for slug, row in rows
    }


def _take_helplines(hotline_id: int, values: Plain, actor: Actor) -> None:
    known = dict(Portal.objects.filter(hotline_id=hotline_id).values_list("slug", "pk"))
    for title, fields in values.items():
        slug, _slash, name = title.partition("/")
        if slug not in known:
            raise BadInput(what=f"helplines.{title}", why=_("it begins with the name of a portal: jm/Its name"))
        _take_helpline(known[slug], name, fields, actor)


def _not_yet_helplines(hotline_id: int, values: Plain) -> list[str]:
    text = _("Confirm the helpline %(name)s on the portal’s page of numbers; until then visitors don’t see it.")
    rows = queries.helplines_of_hotline(hotline_id)
    unseen = {f"{slug}/{row.name}" for slug, row in rows if not row.is_shown}
    return [text % {"name": title} for title in values if title in unseen]


def _not_yet_portals(hotline_id: int, values: Plain) -> list[str]:
    waiting = queries.slugs_waiting(hotline_id, "portal", values)
    return _closed_portals(hotline_id, values) + [str(WAITS_OF) % {"name": slug} for slug in waiting]


def _closed_portals(hotline_id: int, values: Plain) -> list[str]:
    found = Portal.objects.filter(hotline_id=hotline_id, slug__in=list(values), takes_reports=False).order_by("slug")
    text = _("The portal %(name)s takes no reports until it is opened by its checklist.")
    return [text % {"name": row.slug} for row in found]


def _waiting(hotline_id: int) -> list[Invitation]:
    rows = Invitation.objects.filter(hotline_id=hotline_id, accepted_at=None, withdrawn_at=None)
    return list(rows.order_by("email"))


def _staff(hotline_id: int) -> Plain:
    """Return open accounts and pending invitations; an invitation has no countries."""
    found = User.objects.filter(hotline_id=hotline_id, is_active=True).order_by("email")
    accounts = {row.email: {name: getattr(row, name) for name in STAFF} for row in found}
    invited = {row.email: {name: getattr(row, name) for name in INVITED} for row in _waiting(hotline_id)}
    return dict(sorted((invited | accounts).items()))


def _take_staff(hotline_id: int, values: Plain, actor: Actor) -> None:
    """Change existing accounts and invite everybody else, since no file holds a password."""
    known = {row.email: row for row in User.objects.filter(hotline_id=hotline_id)}
    waiting = {row.email: row for row in _waiting(hotline_id)}
    for email, fields in values.items():
        address = email.strip().lower()
        if address in known:
            if not known[address].is_active:
                raise AccountIsClosed
            services.change_account(known[address].pk, actor=actor, **fields)
        elif address not in waiting:
            _invite(hotline_id, address, fields, actor)
        elif _differs(waiting[address], fields):
            raise InvitedAlready


def _differs(row: Invitation, fields: Mapping[str, Any]) -> bool:
    """Return whether the file asks for a different invitation than the pending one."""
    roles, languages = fields.get("roles", row.roles), fields.get("languages", row.languages)
    same = (sorted(set(roles)), list(languages), fields.get("name", row.name)) == (row.roles, row.languages, row.name)
    return not same


def _invite(hotline_id: int, address: str, fields: Mapping[str, Any], actor: Actor) -> None:
    services.invite(
        hotline_id,
        email=address,
        name=fields.get("name", ""),
        roles=fields.get("roles", []),
        languages=fields.get("languages", []),
        actor=actor,
    )


def _not_come_yet(hotline_id: int, values: Plain) -> list[str]:
    """List who must set a password first, and which of their settings wait until they have."""
    waiting = {row.email for row in _waiting(hotline_id)}
    sentences = []
    for email, fields in values.items():
        if email.strip().lower() in waiting:
            sentences.append(_("%(email)s sets a password by the link in the invitation.") % {"email": email})
            if fields.get("countries"):
                countries = ", ".join(map(str, fields["countries"]))
                text = _("Then enter the countries of %(email)s: %(countries)s.")
                sentences.append(text % {"email": email, "countries": countries})
    return sentences


def _keys(hotline_id: int) -> Plain:
    """Return the scopes of outside programs by the name of the key; the keys themselves are stored nowhere."""
    today = datetime.now(UTC).date()
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(queries.tokens_of(hotline_id), key=lambda one: one.id):
        if row.is_good(today):
            expires = row.expires_on.isoformat() if row.expires_on else ""
            opens = {"scopes": list(row.scopes), "agency": row.agency, "expires_on": expires}
            same = sum(name == row.name or name.startswith(f"{row.name} #") for name in found)
            found[f"{row.name} #{same + 1}" if same else row.name] = opens
    return found


def _take_keys(hotline_id: int, values: Plain, actor: Actor) -> None:
    """Never make a key from a file, since its recipient must see it when it is made: see `by_hand`."""


def _keys_to_make(hotline_id: int, values: Plain) -> list[str]:
    here = _keys(hotline_id)
    text = _("Create a key for %(name)s with: %(scopes)s.")
    return [
        text % {"name": name, "scopes": ", ".join(map(str, fields.get("scopes", [])))}
        for name, fields in values.items()
        if name not in here
    ]


offer(
    Section(
        "hotline",
        HOTLINE | HOTLINE_BEFORE,
        _hotline,
        _take_hotline,
        title=gettext_lazy("Hotline"),
        by_hand=_not_yet_hotline,
    )
)
offer(
    Section(
        "portals",
        PORTAL | PORTAL_BEFORE,
        _portals,
        _take_portals,
        is_table=True,
        title=gettext_lazy("Portals"),
        by_hand=_not_yet_portals,
    )
)
offer(
    Section(
        "helplines",
        HELPLINE,
        _helplines,
        _take_helplines,
        is_table=True,
        title=gettext_lazy("Helplines"),
        by_hand=_not_yet_helplines,
    )
)
offer(Section("staff", STAFF, _staff, _take_staff, is_table=True, title=gettext_lazy("People"), by_hand=_not_come_yet))
offer(
    Section("keys", KEY, _keys, _take_keys, is_table=True, title=gettext_lazy("Scopes of keys"), by_hand=_keys_to_make)
)
