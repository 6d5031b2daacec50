"""The hotline of the demonstration: its portal, its people, made by calling services: setting the stage is no step of the play."""

from leeward.demo.staff import PORTAL, log_ins
from leeward.demo.world import cast
from leeward.ground.actor import Actor
from leeward.people.queries import hotlines
from leeward.people.services import add_account, open_hotline, open_portal


def set_stage() -> int:
    """Make the demonstration's hotline, portal and people where they are missing; return the hotline's number."""
    known = hotlines()
    if known:
        return known[0].id
    actor = Actor(kind="command")
    hotline_id = open_hotline(
        slug="jm", name="Hotline of Jamaica", country="JM", mode="assess", email=cast.HOTLINE, actor=actor
    )
    open_portal(
        hotline_id,
        slug=PORTAL,
        actor=actor,
        name="Jamaica",
        country="JM",
        languages=["en", "fr", "ur"],
        emergency_number="119",
        helpline_name="Child helpline (example)",
        helpline_number="555 0116",
        police_name="Constabulary (example)",
        police_email=cast.POLICE,
        time_zone="America/Jamaica",
        working_days=[1, 2, 3, 4, 5],
        exit_url="https://worldweather.wmo.int/",
    )
    for person in log_ins():
        add_account(
            hotline_id,
            email=person.email,
            name=person.name,
            roles=list(person.roles),
            password=person.password,
            languages=["en"],
            actor=actor,
        )
    return hotline_id
