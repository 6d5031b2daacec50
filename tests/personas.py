"""The cast of the permission tests. Everybody works for the hotline of Jamaica but Dora, who must see nothing of it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache

import pytest
from django_scopes import scope

from leeward.foundation.actor import Actor
from tests.kept import kept

PASSWORD = "sheltered-side-of-the-island"
LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # accounts that are not new
ROLES = {
    "ana": ["analyst"],
    "bela": ["analyst"],
    "carl": ["supervisor"],
    "adam": ["administrator"],
    "pia": ["police_liaison"],
    "otto": ["auditor"],
}
DORAS_ROLES = ["administrator", "analyst", "auditor", "police_liaison", "supervisor"]


@dataclass(frozen=True)
class Persona:
    """A member of the cast: the account and the actor it is."""

    account_id: int
    email: str
    actor: Actor


@dataclass(frozen=True)
class Cast:
    """Two hotlines with a portal each, and the people who work there."""

    hotline_id: int
    portal_id: int
    other_hotline_id: int
    other_portal_id: int
    people: dict[str, Persona]

    def __getitem__(self, name: str) -> Persona:
        return self.people[name]


def _hotline(slug: str, name: str, country: str) -> tuple[int, int]:
    from leeward.people.models import Helpline, Hotline, Portal

    hotline = Hotline.objects.create(slug=slug, name=name, country=country, email=f"desk@{slug}.example")
    portal = Portal.objects.create(
        hotline=hotline,
        slug=slug,
        name=name.removeprefix("Hotline of "),
        country=country,
        languages=["en", "fr", "ur"],
        emergency_number="119",
        emergency_confirmed="119",
        emergency_confirmed_at=datetime.now(UTC),
        police_name="Constabulary",
        police_email="police@constabulary.example",
        time_zone="America/Jamaica",
        working_days=[1, 2, 3, 4, 5],
    )
    Helpline.objects.create(
        portal=portal,
        whom="child",
        name="Child helpline",
        number="116 111",
        is_shown=True,
        confirmed_at=datetime.now(UTC),
    )
    _open_all_day(hotline.pk)
    return hotline.pk, portal.pk


def _open_all_day(hotline_id: int) -> None:
    """Tests run at any hour, so the desk is open at any hour; those of the limits set their own."""
    from leeward.casework.models import DeskLimits

    with scope(hotline=hotline_id):
        DeskLimits.objects.create(
            hotline_id=hotline_id, desk_minutes=300, previews=200, stretch_minutes=50, break_minutes=10, last_hour=24,
            at=datetime.now(UTC),
        )  # fmt: skip


@cache
def _password_hash() -> str:
    """Hashing is slow on purpose; once is enough for a whole run."""
    from django.contrib.auth.hashers import make_password

    return make_password(PASSWORD)


def add_person(name: str, roles: list[str], hotline_id: int, *, made_at: datetime | None = None) -> Persona:
    """One more member of staff of a hotline, with a second factor; here for long unless `made_at` says otherwise."""
    return add_people({name: roles}, hotline_id, made_at=made_at)[name]


def add_people(roles: dict[str, list[str]], hotline_id: int, *, made_at: datetime | None = None) -> dict[str, Persona]:
    """More members of staff, with their roles; a few statements for all of them, since nearly every test has a cast."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator

    from leeward.people.models import RoleGrant, User

    at = made_at or LONG_AGO
    users = User.objects.bulk_create(
        User(
            email=f"{name}@staff.example", name=name.capitalize(), hotline_id=hotline_id, roles=held, languages=["en"],
            made_at=at, own_factor_at=at, password=_password_hash(),
        )
        for name, held in roles.items()
    )  # fmt: skip
    RoleGrant.objects.bulk_create(
        RoleGrant(hotline_id=hotline_id, account=user, role=role, given_at=at) for user in users for role in user.roles
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    Authenticator.objects.bulk_create(
        Authenticator(user=user, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"}) for user in users
    )
    return {
        name: Persona(user.pk, user.email, Actor("staff", user.pk, user.name, hotline_id, frozenset(user.roles)))
        for name, user in zip(roles, users, strict=True)
    }


def set_up_factor(account_id: int) -> None:
    """Let an account's owner have signed in, chosen a password and set up a second factor."""
    from allauth.mfa.models import Authenticator

    from leeward.people.models import User
    from leeward.people.services.factors import keep_own_factor

    User.objects.filter(pk=account_id).update(must_change_password=False)
    Authenticator.objects.create(user_id=account_id, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    keep_own_factor(User.objects.get(pk=account_id))


def date_roles(account_id: int, roles: list[str], *, at: datetime | None = None) -> None:
    """Let an account have these roles, and have had them for long unless `at` says since when."""
    from leeward.people.models import RoleGrant, User

    user = User.objects.get(pk=account_id)
    held = set(RoleGrant.objects.filter(account=user, ended_at=None).values_list("role", flat=True))
    RoleGrant.objects.bulk_create(
        RoleGrant(hotline_id=user.hotline_id, account=user, role=role, given_at=at or LONG_AGO)
        for role in set(roles) - held
    )
    RoleGrant.objects.filter(account=user, ended_at=None).exclude(role__in=roles).update(ended_at=datetime.now(UTC))
    User.objects.filter(pk=account_id).update(roles=roles)


@pytest.fixture
def cast(db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The cast: made once in each process, and put back in each further test unless somebody is there already."""
    from leeward.intake.rules import receipt
    from leeward.people.models import Hotline, User

    monkeypatch.setattr(receipt, "ARGON2_KIB", 8)  # slow on purpose, as the hash of a password; many tests send reports
    monkeypatch.setattr(receipt, "SCRYPT_N", 2)
    if Hotline.objects.exists() or User.objects.exists():
        return _cast()
    made, _ = kept("cast", _cast)
    return replace(made, people={**made.people})


def _cast() -> Cast:
    hotline_id, portal_id = _hotline("jm", "Hotline of Jamaica", "JM")
    other_id, other_portal_id = _hotline("bb", "Hotline of Barbados", "BB")
    people = add_people(ROLES, hotline_id) | add_people({"dora": DORAS_ROLES}, other_id)
    return Cast(hotline_id, portal_id, other_id, other_portal_id, people)


@pytest.fixture
def tara(cast: Cast) -> Persona:
    """Jamaica's translator, who does nothing else; added to the cast."""
    cast.people["tara"] = add_person("tara", ["translator"], cast.hotline_id)
    return cast["tara"]


@pytest.fixture
def noon() -> datetime:
    """A fixed time on a working day."""
    return datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
