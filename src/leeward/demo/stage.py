"""Creates the demonstration's hotline, portal and people by calling services; this is not a step of the play."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django_scopes import scope

from leeward.blocklist.services import import_list, open_list, open_own_lists
from leeward.demo.blocking import BASIS, LIST, SOURCE
from leeward.demo.staff import PORTAL, log_ins
from leeward.demo.world import cast
from leeward.exchange.queries import active_peers
from leeward.exchange.services import stop_peer
from leeward.foundation.actor import Actor
from leeward.oncall.services import put_on_call
from leeward.people.queries import hotlines
from leeward.people.rules.permissions import SUPERVISOR
from leeward.people.services import (
    add_account,
    confirm_emergency_number,
    open_hotline,
    open_portal,
    open_to_reports,
    save_helpline,
)

# The people of the demonstration have worked here for a while: new accounts can't be the second person.
MADE_BEFORE = timedelta(days=30)
HELPLINES: tuple[dict[str, Any], ...] = (
    {
        "whom": "child",
        "name": "Child helpline (example)",
        "names": {"fr": "Ligne d’écoute pour enfants (exemple)", "ur": "بچوں کی ہیلپ لائن (مثال)"},
        "number": "555 0116",
        "whatsapp": "555 0117",
        "hours": "24/7",
        "charge": "free",
        "languages": "en, Patwa",
        "access": ["relay"],
    },
    {
        "whom": "own",
        "name": "Help to stop (example)",
        "names": {"fr": "Aide pour arrêter (exemple)", "ur": "رکنے میں مدد (مثال)"},
        "number": "555 0118",
        "hours": "1-5 09:00-17:00",
        "languages": "en",
    },
)


def set_stage() -> int:
    """Create the demonstration's hotline, portal and people if they are missing; return the hotline's number."""
    known = hotlines()
    if known:
        return known[0].id
    actor = Actor(kind="command")
    hotline_id = open_hotline(slug="jm", name="Hotline of Jamaica", country="JM", email=cast.HOTLINE, actor=actor)
    portal_id = open_portal(
        hotline_id,
        slug=PORTAL,
        actor=actor,
        name="Jamaica",
        country="JM",
        languages=["en", "fr", "ur"],
        emergency_number="119",
        run_by="Harbour Trust for Children (example)",
        accountable_to="Ministry of Justice (example)",
        reached_at="1 Harbour Street, Kingston (example)",
        police_name="Constabulary (example)",
        police_email=cast.POLICE,
        police_for_hosts="Constabulary (example), desk for online harm, 555 0119",
        own_picture="wish",
        time_zone="America/Jamaica",
        working_days=[1, 2, 3, 4, 5],
        exit_url="https://worldweather.wmo.int/",
        takes_reports=False,
    )
    confirm_emergency_number(portal_id, "119", actor=actor)
    for line in HELPLINES:
        save_helpline(portal_id, "", values=line, is_confirmed=True, actor=actor)
    open_to_reports(
        portal_id, actor=Actor("command", hotline_id=hotline_id)
    )  # nobody is written to about its beginning
    made_at = datetime.now(UTC) - MADE_BEFORE
    for person in log_ins():
        account_id = add_account(
            hotline_id,
            email=person.email,
            name=person.name,
            roles=list(person.roles),
            password=person.password,
            languages=["en"],
            actor=actor,
            made_at=made_at,
        )
        if SUPERVISOR in person.roles:
            with scope(hotline=hotline_id):
                put_on_call(portal_id, account_id, actor=actor)
    _list_a_name(hotline_id, actor)
    return hotline_id


def _list_a_name(hotline_id: int, actor: Actor) -> None:
    """A partner's list with one name abroad; nothing of it is published yet."""
    with scope(hotline=hotline_id):
        open_own_lists(hotline_id, actor=actor)
        row = open_list(LIST, title=SOURCE, kind="partner", source=SOURCE, hotline_id=hotline_id, actor=actor)
        import_list(row.id, f"{cast.FAR_PICTURES}\n".encode(), source=SOURCE, basis=BASIS, actor=actor)


def leave_peers(hotline_id: int) -> None:
    """Stop exchanging with the hotlines of an earlier demonstration: they are gone."""
    with scope(hotline=hotline_id):
        for peer_id in active_peers():
            stop_peer(peer_id, hotline_id=hotline_id, actor=Actor(kind="command"))
