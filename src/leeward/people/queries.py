"""Reading hotlines, portals and staff."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language_info

from leeward.gate.paging import Page, page_of
from leeward.people.holiday_calendar import Holidays, free_days
from leeward.people.models import ApiToken, Hotline, Invitation, Portal, SecondFactorReset, User
from leeward.people.rules.names import OUR_PATHS
from leeward.people.rules.tokens import digest_of
from leeward.people.words import ROLE_TITLES

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class HotlineRow:
    """A hotline as other slices see it."""

    id: int
    slug: str
    name: str
    country: str
    mode: str
    email: str
    notify_foreign_hosts: bool


@dataclass(frozen=True, slots=True)
class PortalRow:
    """A portal as other slices see it; `languages` has the first language first."""

    id: int
    hotline_id: int
    slug: str
    name: str
    country: str
    languages: tuple[str, ...]
    emergency_number: str
    helpline_name: str
    helpline_number: str
    police_name: str
    police_email: str
    exit_url: str
    time_zone: str
    working_days: frozenset[int]
    holidays: frozenset[date]
    added_holidays: frozenset[date]
    hotline_name: str
    mode: str
    email: str
    is_open: bool
    takes_reports: bool = True


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

    def is_away(self, today: date) -> bool:
        """Whether they are on leave; `away_until` is the first day on which they are back."""
        return self.away_until is not None and today < self.away_until


def _hotline_row(hotline: Hotline) -> HotlineRow:
    return HotlineRow(
        hotline.pk,
        hotline.slug,
        hotline.name,
        hotline.country,
        hotline.mode,
        hotline.email,
        hotline.notify_foreign_hosts,
    )


def _portal_row(portal: Portal) -> PortalRow:
    return PortalRow(
        id=portal.pk,
        hotline_id=portal.hotline_id,
        slug=portal.slug,
        name=portal.name,
        country=portal.country,
        languages=tuple(portal.languages) or ("en",),
        emergency_number=portal.emergency_number,
        helpline_name=portal.helpline_name,
        helpline_number=portal.helpline_number,
        police_name=portal.police_name,
        police_email=portal.police_email,
        exit_url=portal.exit_url,
        time_zone=portal.time_zone,
        working_days=frozenset(portal.working_days or (1, 2, 3, 4, 5)),
        holidays=free_days(_holidays(portal)),
        added_holidays=_holidays(portal).added,
        hotline_name=portal.hotline.name,
        mode=portal.hotline.mode,
        email=portal.hotline.email,
        is_open=portal.is_open,
        takes_reports=portal.takes_reports,
    )


def _holidays(portal: Portal) -> Holidays:
    return Holidays(
        country=portal.country,
        follows=portal.follows_holidays,
        added=frozenset(date.fromisoformat(day) for day in portal.holidays),
        worked=frozenset(date.fromisoformat(day) for day in portal.worked_holidays),
    )


def holidays_of(portal_id: int) -> Holidays:
    """How a portal's holidays come about; raises Portal.DoesNotExist."""
    return _holidays(Portal.objects.get(pk=portal_id))


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
    )


def hotline(hotline_id: int) -> HotlineRow:
    """The hotline of this number; raises Hotline.DoesNotExist."""
    return _hotline_row(Hotline.objects.get(pk=hotline_id))


def hotlines() -> list[HotlineRow]:
    """Every hotline of the installation."""
    return [_hotline_row(row) for row in Hotline.objects.order_by("name")]


def portal(portal_id: int) -> PortalRow:
    """The portal of this number; raises Portal.DoesNotExist."""
    return _portal_row(Portal.objects.select_related("hotline").get(pk=portal_id))


def portal_by_slug(slug: str) -> PortalRow | None:
    """The open portal of this name, or None."""
    found = Portal.objects.select_related("hotline").filter(slug=slug, is_open=True).first()
    return _portal_row(found) if found else None


def rows_of(portal: Portal) -> tuple[PortalRow, HotlineRow]:
    """A portal that was read together with something else, and its hotline; no query where that was read along."""
    return _portal_row(portal), _hotline_row(portal.hotline)


def is_name_free(slug: str) -> bool:
    """Whether a new portal can have this name in addresses: no portal has it, and no page of ours."""
    return slug not in OUR_PATHS and not Portal.objects.filter(slug=slug).exists()


def portals_open() -> list[PortalRow]:
    """Every open portal, by name."""
    return [_portal_row(row) for row in Portal.objects.select_related("hotline").filter(is_open=True).order_by("name")]


def portals_of(hotline_id: int) -> list[PortalRow]:
    """Every portal of a hotline, open or not, by name."""
    return [
        _portal_row(row)
        for row in Portal.objects.select_related("hotline").filter(hotline_id=hotline_id).order_by("name")
    ]


def time_zone_of(hotline_id: int) -> str:
    """The time zone that a hotline's people live by: its own country's portal's, else its first one's, else UTC."""
    found = Portal.objects.filter(hotline_id=hotline_id).order_by("pk")
    zones = list(found.values_list("country", "hotline__country", "time_zone"))
    return next((zone for country, own, zone in zones if country == own), zones[0][2] if zones else "UTC")


def staff_of(hotline_id: int) -> list[StaffRow]:
    """Every account of a hotline, by name."""
    return [_staff_row(row) for row in User.objects.filter(hotline_id=hotline_id).order_by("name")]


def staff_names(hotline_id: int) -> dict[int, str]:
    """Account number -> name, for showing who did what."""
    return dict(User.objects.filter(hotline_id=hotline_id).values_list("id", "name"))


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
    countries: tuple[str, ...] = ()

    @property
    def role_titles(self) -> list[str]:
        """The roles in words, in the order of the table."""
        return [str(title) for role, title in ROLE_TITLES.items() if role in self.roles]


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
    """One page of a hotline's accounts, open ones first, by name; `find` is a part of a name or address. Three queries."""
    users = User.objects.filter(hotline_id=hotline_id)
    if find:
        users = users.filter(Q(name__icontains=find) | Q(email__icontains=find))
    page = page_of(users.order_by("-is_active", "name", "pk"), number)
    return replace(page, rows=_staff_cards(page.rows))


def staff_card(account_id: int, hotline_id: int) -> StaffCard | None:
    """An account of this hotline, or None."""
    return next(iter(_staff_cards(list(User.objects.filter(pk=account_id, hotline_id=hotline_id)))), None)


def account_with_email(email: str, hotline_id: int | None = None) -> int | None:
    """The number of the account that signs in with this address, or None; staff name their hotline."""
    found = User.objects.filter(email=email.strip().lower())
    if hotline_id is not None:
        found = found.filter(hotline_id=hotline_id)
    return found.values_list("pk", flat=True).first()


def _staff_cards(users: list[User]) -> list[StaffCard]:
    secured = set(
        Authenticator.objects.filter(user__in=users, type__in=SECOND_FACTORS).values_list("user_id", flat=True)
    )
    return [
        StaffCard(
            id=user.pk,
            name=user.name,
            email=user.email,
            roles=frozenset(user.roles),
            languages=tuple(user.languages),
            is_active=user.is_active,
            has_second_factor=user.pk in secured,
            must_change_password=user.must_change_password,
            last_login=user.last_login,
            away_until=user.away_until,
            countries=tuple(user.countries),
        )
        for user in users
    ]


def without_second_factor(hotline_id: int) -> int:
    """How many open accounts of a hotline have no second factor."""
    secured = Authenticator.objects.filter(type__in=SECOND_FACTORS).values("user_id")
    return User.objects.filter(hotline_id=hotline_id, is_active=True).exclude(pk__in=secured).count()


def resets_open(hotline_id: int) -> list[ResetRow]:
    """Requests of a hotline that wait for a second person, oldest first."""
    rows = SecondFactorReset.objects.filter(hotline_id=hotline_id, outcome="").select_related("account", "asked_by")
    return [
        ResetRow(row.pk, row.account_id, row.account.name, row.asked_by_id, row.asked_by.name, row.asked_at)
        for row in rows.order_by("asked_at")
    ]


def resets_waiting(hotline_id: int) -> int:
    """How many requests of a hotline wait for a second person."""
    return SecondFactorReset.objects.filter(hotline_id=hotline_id, outcome="").count()


def reset_of(account_id: int) -> int | None:
    """The open request for this account's second factor, or None."""
    waiting = SecondFactorReset.objects.filter(account_id=account_id, outcome="")
    return waiting.values_list("pk", flat=True).first()


def language_choices(hotline_id: int, *, also: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Languages that reports to this hotline can come in, with their own names: those installed, those of its portals, and
    `also` those that were chosen before."""
    spoken = Portal.objects.filter(hotline_id=hotline_id).values_list("languages", flat=True)
    tags = [tag for tag, _ in settings.LANGUAGES] + [tag for tags in spoken for tag in tags] + list(also)
    return [(tag, own_name(tag)) for tag in dict.fromkeys(tags)]


def country_choices(hotline_id: int, *, also: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The countries that this hotline has portals for, with the portals' names, and `also` those that were chosen before."""
    found = dict(Portal.objects.filter(hotline_id=hotline_id).order_by("name").values_list("country", "name"))
    return list((found | {code: code for code in also if code not in found}).items())


def own_name(tag: str) -> str:
    """A language's name in that language, or its tag where Django doesn't know it."""
    try:
        return str(get_language_info(tag)["name_local"])
    except KeyError:
        return tag


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A key of the API as others see it: never the key itself."""

    id: int
    hotline_id: int
    name: str
    agency: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_on: date | None
    revoked_at: datetime | None
    last_used_on: date | None
    made_by: int | None = None

    def is_good(self, today: date) -> bool:
        """Whether it opens something on this day."""
        return self.revoked_at is None and (self.expires_on is None or today < self.expires_on)


def _token_row(token: ApiToken) -> TokenRow:
    return TokenRow(
        id=token.pk,
        hotline_id=token.hotline_id,
        name=token.name,
        agency=token.agency,
        scopes=tuple(token.scopes),
        made_at=token.made_at,
        expires_on=token.expires_on,
        revoked_at=token.revoked_at,
        last_used_on=token.last_used_on,
        made_by=token.made_by_id,
    )


def token_of(key: str) -> TokenRow | None:
    """The row of a key, whether it is good or not, or None."""
    digest = digest_of(key)
    found = ApiToken.objects.filter(digest=digest).first() if digest else None
    return _token_row(found) if found else None


def token(token_id: int) -> TokenRow | None:
    """The key of this number, or None."""
    found = ApiToken.objects.filter(pk=token_id).first()
    return _token_row(found) if found else None


def tokens_of(hotline_id: int) -> list[TokenRow]:
    """Every key of a hotline, those that work first, newest first."""
    found = ApiToken.objects.filter(hotline_id=hotline_id).order_by("-pk")
    return sorted((_token_row(row) for row in found), key=lambda row: row.revoked_at is not None)


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation as the administrator sees it; `mail_state` is what became of its letter."""

    id: int
    hotline_id: int
    email: str
    name: str
    roles: tuple[str, ...]
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    mail_state: str
    mail_problem: str
    mail_code: int

    @property
    def role_titles(self) -> list[str]:
        """The roles in words, in the order of the table."""
        return [str(title) for role, title in ROLE_TITLES.items() if role in self.roles]

    def is_expired(self, now: datetime) -> bool:
        """Whether its link works no more because of its age."""
        return now >= self.expires_at


def _invitation_row(row: Invitation) -> InvitationRow:
    return InvitationRow(
        id=row.pk,
        hotline_id=row.hotline_id,
        email=row.email,
        name=row.name,
        roles=tuple(row.roles),
        invited_by=row.invited_by.name if row.invited_by else "",
        invited_at=row.invited_at,
        expires_at=row.expires_at,
        mail_state=row.mail_state,
        mail_problem=row.mail_problem,
        mail_code=row.mail_code,
    )


def invitation(invitation_id: int) -> InvitationRow | None:
    """The invitation of this number, settled or not, or None."""
    found = Invitation.objects.select_related("invited_by").filter(pk=invitation_id).first()
    return _invitation_row(found) if found else None


def invitations_waiting(hotline_id: int, *, by: int | None = None) -> list[InvitationRow]:
    """A hotline's invitations that nobody accepted or took back, newest first; `by` one account only."""
    found = Invitation.objects.filter(hotline_id=hotline_id, accepted_at=None, withdrawn_at=None)
    if by is not None:
        found = found.filter(invited_by_id=by)
    return [_invitation_row(row) for row in found.select_related("invited_by").order_by("-id")[:200]]
