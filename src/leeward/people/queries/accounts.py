"""Accounts of staff, their second factors, and requests to remove one."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from leeward.audit.queries import log_of
from leeward.people.models import SecondFactorReset, User
from leeward.people.rules.names import alike
from leeward.people.rules.permissions import TITLES
from leeward.web_security.paging import Page, page_of

A_DAY = timedelta(days=1)
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class StaffRow:
    """An account as other slices see it."""

    id: int
    name: str
    email: str
    hotline_id: int
    roles: frozenset[str]
    languages: tuple[str, ...]
    is_active: bool
    away_until: date | None = None
    countries: tuple[str, ...] = ()
    away_from: date | None = None

    def is_away(self, today: date) -> bool:
        """Return whether they are on leave: from `away_from` (or always, if empty) to the day before `away_until`, the
        first day back."""
        return self.away_until is not None and (self.away_from or today) <= today < self.away_until


def _staff_row(user: User) -> StaffRow:
    return StaffRow(
        user.pk,
        user.name,
        user.email,
        user.hotline_id,
        frozenset(user.roles),
        tuple(user.languages),
        user.is_active,
        user.away_until,
        tuple(user.countries),
        user.away_from,
    )


def staff_of(hotline_id: int) -> list[StaffRow]:
    """Return every account of a hotline, by name."""
    return [_staff_row(row) for row in User.objects.filter(hotline_id=hotline_id).order_by("name")]


def staff_and_unsecured(hotline_id: int) -> tuple[list[StaffRow], int]:
    """Return every account of a hotline, by name, and how many open ones have no second factor: in one query."""
    secured = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    users = User.objects.filter(hotline_id=hotline_id).order_by("name").annotate(is_secured=Exists(secured))
    rows = [(_staff_row(user), user.is_secured) for user in users]
    return [row for row, _secured in rows], sum(row.is_active and not is_secured for row, is_secured in rows)


def staff_names(hotline_id: int) -> dict[int, str]:
    """Return a mapping of account number to name, for showing who did what; where several have one name, with the number behind it."""
    names = dict(User.objects.filter(hotline_id=hotline_id).values_list("id", "name"))
    counts = Counter(map(alike, names.values()))
    return {number: f"{name} ({number})" if counts[alike(name)] > 1 else name for number, name in names.items()}


def names_of_accounts(numbers: Collection[int]) -> dict[int, str]:
    """Return a mapping of these accounts' numbers to names, of every hotline; no query where there are none."""
    return dict(User.objects.filter(pk__in=numbers).values_list("id", "name")) if numbers else {}


@dataclass(frozen=True, slots=True)
class StaffCard:
    """An account as the administrator sees it."""

    id: int
    name: str
    email: str
    roles: frozenset[str]
    languages: tuple[str, ...]
    is_active: bool
    has_second_factor: bool
    must_change_password: bool
    last_login: datetime | None
    away_until: date | None
    own_factor_at: datetime | None
    session_epoch: int
    countries: tuple[str, ...] = ()
    away_from: date | None = None

    @property
    def role_titles(self) -> list[str]:
        """Return the roles' labels, in the order of the table."""
        return [str(title) for role, title in TITLES.items() if role in self.roles]


@dataclass(frozen=True, slots=True)
class ResetRow:
    """An open request for the removal of a second factor."""

    id: int
    account_id: int
    account_name: str
    asked_by_id: int
    asked_by_name: str
    asked_at: datetime


def staff_page(hotline_id: int, number: str | int | None, *, find: str = "") -> Page[StaffCard]:
    """Return one page of a hotline's accounts, open ones first, by name; `find` is part of a name or address. Two
    queries."""
    users = _staff_of(hotline_id)
    if find:
        users = users.filter(Q(name__icontains=find) | Q(email__icontains=find))
    page = page_of(users.order_by("-is_active", "name", "pk"), number)
    return replace(page, rows=_staff_cards(page.rows))


def staff_card(account_id: int, hotline_id: int) -> StaffCard | None:
    """Return an account of this hotline, or None."""
    return next(iter(_staff_cards(_staff_of(hotline_id).filter(pk=account_id))), None)


@dataclass(frozen=True, slots=True)
class WrongTries:
    """Failed sign-ins to an account within a day: how many, and when the last was."""

    number: int
    last: datetime


def own_factor_since(account_id: int) -> datetime | None:
    """Return since when an account's owner has had a second factor that they set up themselves, or None."""
    return User.objects.values_list("own_factor_at", flat=True).get(pk=account_id)


def wrong_tries(account_id: int, hotline_id: int, now: datetime) -> WrongTries | None:
    """Return the failed passwords and codes of the last day by the log, or None; if there are very many, only the
    newest are counted."""
    lines = log_of(hotline_id, f"account:{account_id}", most=1000)
    failed = [datetime.fromisoformat(line.at) for line in lines if line.event == "account.sign_in_failed"]
    recent = [at for at in failed if at > now - A_DAY]
    return WrongTries(len(recent), recent[0]) if recent else None


def account_with_email(email: str, hotline_id: int | None = None) -> int | None:
    """Return the number of the account that signs in with this address, or None; staff must name their hotline."""
    found = User.objects.filter(email=email.strip().lower())
    if hotline_id is not None:
        found = found.filter(hotline_id=hotline_id)
    return found.values_list("pk", flat=True).first()


def _staff_of(hotline_id: int) -> QuerySet[Any]:
    """Return the accounts of a hotline as `_staff_cards` takes them."""
    secured = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS)
    return User.objects.filter(hotline_id=hotline_id).annotate(has_second_factor=Exists(secured))


def _staff_cards(users: Iterable[Any]) -> list[StaffCard]:
    return [
        StaffCard(
            id=user.pk,
            name=user.name,
            email=user.email,
            roles=frozenset(user.roles),
            languages=tuple(user.languages),
            is_active=user.is_active,
            has_second_factor=user.has_second_factor,
            must_change_password=user.must_change_password,
            last_login=user.last_login,
            away_until=user.away_until,
            own_factor_at=user.own_factor_at,
            session_epoch=user.session_epoch,
            countries=tuple(user.countries),
            away_from=user.away_from,
        )
        for user in users
    ]


def without_second_factor(hotline_id: int) -> int:
    """Return how many open accounts of a hotline have no second factor."""
    secured = Authenticator.objects.filter(type__in=SECOND_FACTORS).values("user_id")
    return User.objects.filter(hotline_id=hotline_id, is_active=True).exclude(pk__in=secured).count()


def resets_open(hotline_id: int) -> list[ResetRow]:
    """Return a hotline's requests that wait for a second person, oldest first."""
    rows = SecondFactorReset.objects.filter(hotline_id=hotline_id, outcome="").select_related("account", "asked_by")
    return [
        ResetRow(row.pk, row.account_id, row.account.name, row.asked_by_id, row.asked_by.name, row.asked_at)
        for row in rows.order_by("asked_at")
    ]


def resets_waiting(hotline_id: int) -> int:
    """Return how many requests of a hotline wait for a second person."""
    return SecondFactorReset.objects.filter(hotline_id=hotline_id, outcome="").count()


def reset_of(account_id: int) -> int | None:
    """Return the open request for this account's second factor, or None."""
    waiting = SecondFactorReset.objects.filter(account_id=account_id, outcome="")
    return waiting.values_list("pk", flat=True).first()


def names_without_second_factor() -> list[str]:
    """Return the names of the open accounts of all hotlines that have no second factor yet."""
    kept = Authenticator.objects.filter(type__in=SECOND_FACTORS).values("user_id")
    return list(User.objects.filter(is_active=True).exclude(pk__in=kept).order_by("pk").values_list("name", flat=True))
