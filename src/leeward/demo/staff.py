"""The staff of the demonstration's hotline. No Django here: visitors over HTTP need these names too."""

from dataclasses import dataclass

PASSWORD = "leeward-demonstration"
DOMAIN = "leeward-hotline.example"
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
    """A login of the demonstration."""

    name: str
    roles: tuple[str, ...]
    email: str
    password: str


def log_ins() -> list[LogIn]:
    """Every login of the demonstration."""
    return [LogIn(name, tuple(roles), email_of(who), PASSWORD) for who, (name, roles) in PEOPLE.items()]


def email_of(who: str) -> str:
    """The sign-in address of a member of the demonstration's staff."""
    return f"{who}@{DOMAIN}"
