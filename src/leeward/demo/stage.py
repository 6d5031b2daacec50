"""The hotline of the demonstration: its portal, its people, in a data directory of its own."""

from dataclasses import dataclass

from leeward.demo.world import cast
from leeward.ground.actor import Actor
from leeward.people.queries import hotlines
from leeward.people.services import add_account, open_hotline, open_portal

PASSWORD = "leeward-demonstration"
PORTAL = "jm"
PEOPLE = {
    "ana": ("Ana", ["analyst"]),
    "bela": ("Bela", ["analyst"]),
    "carl": ("Carl", ["supervisor"]),
    "adam": ("Adam", ["administrator"]),
    "pia": ("Pia", ["police_liaison"]),
    "otto": ("Otto", ["auditor"]),
}


@dataclass(frozen=True, slots=True)
class LogIn:
    """A log-in of the demonstration."""

    name: str
    roles: tuple[str, ...]
    email: str
    password: str


def log_ins() -> list[LogIn]:
    """Every log-in of the demonstration."""
    return [LogIn(name, tuple(roles), email_of(who), PASSWORD) for who, (name, roles) in PEOPLE.items()]


def email_of(who: str) -> str:
    """The sign-in address of a member of the demonstration's staff."""
    return f"{who}@leeward-hotline.example"


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
