"""Create, change and close accounts, and give first passwords."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from django.db.models import F
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed
from leeward.jobs.services import publish_event
from leeward.people.access import has_second_factor
from leeward.people.errors import (
    AccountIsClosed,
    FieldIsWrong,
    LastOfRole,
    NameIsTaken,
    NoAdministratorLeft,
    OwnAccount,
    PasswordGivenAlready,
)
from leeward.people.labels import LEAVE_ENDS, ROLE_NAMES
from leeward.people.models import User
from leeward.people.queries.accounts import StaffCard
from leeward.people.queries.second_person import dated_accounts, passwords_given_since, second_person_obstacle
from leeward.people.rules.names import alike, tidy_name
from leeward.people.rules.permissions import ACTS, ADMINISTRATOR, AUDITOR, SUPERVISOR, acts_of
from leeward.people.rules.reading import mark_of
from leeward.people.rules.second_person import FIRST_DAY, hands
from leeward.people.services.checking import (
    account_of,
    authorize,
    check,
    check_countries,
    check_languages,
    check_roles,
    hotline_of,
)
from leeward.people.services.factors import refuse_resets_of
from leeward.people.services.passwords import check_password
from leeward.people.services.portal_changes import refuse_changes_of
from leeward.people.services.roles import demand_read, keep_roles, made_anew, moment, undo_confirmation
from leeward.people.services.withdrawing import end_what_stands_on


def add_account(
    hotline_id: int,
    *,
    email: str,
    name: str,
    roles: Sequence[str],
    password: str,
    actor: Actor,
    languages: Sequence[str] = (),
    countries: Sequence[str] = (),
    must_change_password: bool = False,
    made_at: datetime | None = None,
) -> int:
    """Make an account of a hotline; return its number.

    `made_at` backdates an account, for example in the demonstration; only whoever runs the server can pass it.
    """
    authorize(actor, "account.edit", hotline_id)
    if made_at is not None and actor.kind != "command":
        raise NotAllowed(reason=_("only the command dates an account"))
    made_at = made_at or datetime.now(UTC)
    address = email.strip().lower()
    user = User(
        email=address,
        name=tidy_name(name),
        hotline_id=hotline_id,
        roles=check_roles(roles),
        languages=check_languages(languages),
        countries=check_countries(countries),
        must_change_password=must_change_password,
        made_at=made_at,
        made_by_id=actor.id if actor.kind == "staff" else None,
    )
    if User.objects.filter(email=address).exists():
        raise NameIsTaken(name=address)
    check_password(password, user)
    user.set_password(password)
    check(user)
    with hotline_transaction(hotline_id):
        user.save()
        keep_roles(user, user.roles, actor=actor, at=made_at)
        _record("account.added", user, actor, {"roles": user.roles})
    return user.pk


def change_account(
    account_id: int,
    *,
    actor: Actor,
    name: str | None = None,
    roles: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
    countries: Sequence[str] | None = None,
) -> None:
    """Change an account's name, roles, languages or countries; administrators can't take that role from themselves.

    With roles goes what stands on them: the same act ends it (`withdrawing.py`). Countries and languages only say which
    cases come first; no right depends on them.
    """
    with hotline_transaction(hotline_of(account_id)):
        user = account_of(account_id, actor)
        is_work = name is None and roles is None
        authorize(actor, "account.work" if is_work else "account.edit", user.hotline_id)
        facts: dict[str, object] = {}
        if roles is not None and (kept := check_roles(roles)) != sorted(user.roles):
            before, lost = frozenset(user.roles), set(user.roles) - set(kept)
            if ADMINISTRATOR in lost and actor.id == user.pk:
                raise OwnAccount
            _need_others(user, lost, actor)
            keep_roles(user, kept, actor=actor)
            facts["roles"] = kept
            facts |= end_what_stands_on(user.pk, acts_of(before) - acts_of(frozenset(kept)), actor=actor)
        _take_name_and_languages(user, facts, name, languages)
        if countries is not None and (chosen := check_countries(countries)) != user.countries:
            user.countries = facts["countries"] = chosen
        if facts:
            check(user)
            user.save(update_fields=["name", "roles", "languages", "countries"])
            _record("account.changed", user, actor, facts)


def change_account_as_read(
    account_id: int,
    *,
    seen: str,
    actor: Actor,
    away_from: date | None,
    away_until: date | None,
    name: str | None = None,
    roles: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
    countries: Sequence[str] | None = None,
) -> None:
    """Change an account and when its owner is away by a page that shows both. `seen`: the mark of the account on that page
    (`mark_of_account`), which undoes nothing that a colleague has changed since. Raises EnteredSince, also what `change_account` and
    `set_leave` raise; then nothing is changed."""
    with hotline_transaction(hotline_of(account_id)):
        user = account_of(account_id, actor)
        authorize(actor, "account.work", user.hotline_id)
        wanted = mark_of(
            user.pk,
            user.name if name is None else tidy_name(name),
            sorted(user.roles) if roles is None else check_roles(roles),
            list(user.languages if languages is None else check_languages(languages)),
            list(user.countries if countries is None else check_countries(countries)),
            away_from,
            away_until,
        )
        if wanted != (mark := mark_of_account(user)):
            demand_read(mark, seen=seen)
        change_account(account_id, actor=actor, name=name, roles=roles, languages=languages, countries=countries)
        set_leave(account_id, away_until, start=away_from, actor=actor)


def mark_of_account(row: User | StaffCard) -> str:
    """Return a mark of what is changed by the pages of an account, so that another state of it has another mark."""
    return mark_of(
        row.pk if isinstance(row, User) else row.id,
        row.name,
        sorted(row.roles),
        list(row.languages),
        list(row.countries),
        row.away_from,
        row.away_until,
    )


def set_leave(account_id: int, until: date | None, *, actor: Actor, start: date | None = None) -> None:
    """Set when somebody is away: `until` is the first day back, or None for somebody who is here; a leave that is still
    to come also has a start. Raises FieldIsWrong if it would end before it begins."""
    if start and (until is None or start >= until):
        raise FieldIsWrong(field="away_until", why=LEAVE_ENDS)
    with hotline_transaction(hotline_of(account_id)):
        user = account_of(account_id, actor)
        authorize(actor, "account.work", user.hotline_id)
        if (user.away_from, user.away_until) != (start, until):
            user.away_from, user.away_until = start, until
            user.save(update_fields=["away_from", "away_until"])
            days = {"from": start, "until": until}
            facts = {name: day.isoformat() if day else "" for name, day in days.items()}
            _record("account.leave_set", user, actor, {**facts})


def change_own_account(*, actor: Actor, name: str, languages: Sequence[str]) -> None:
    """Change one's own name and languages."""
    with hotline_transaction(actor.hotline_id):
        user = account_of(actor.id or 0, actor)
        authorize(actor, "account.own", user.hotline_id)
        facts: dict[str, object] = {}
        _take_name_and_languages(user, facts, name, languages)
        if facts:
            check(user)
            user.save(update_fields=["name", "languages"])
            _record("account.changed", user, actor, facts)


def close_account(account_id: int, *, actor: Actor) -> None:
    """Close an account: it can't sign in, its sessions end at once, and listeners to "account.closed" reassign its work.

    The same act revokes the keys that it made (it has seen them), its open invitations, also of outside reviewers, and its requests.
    """
    with hotline_transaction(hotline_of(account_id)):
        user = account_of(account_id, actor)
        authorize(actor, "account.edit", user.hotline_id)
        if actor.id == user.pk:
            raise OwnAccount
        if not user.is_active:
            return
        _need_others(user, set(user.roles), actor)
        User.objects.filter(pk=user.pk).update(is_active=False, session_epoch=F("session_epoch") + 1)
        left = end_what_stands_on(user.pk, ACTS.keys(), actor=actor) | {
            "resets": refuse_resets_of(user.pk),
            "portal_changes": refuse_changes_of(user.pk),
        }
        _record("account.closed", user, actor, {name: numbers for name, numbers in left.items() if numbers} or None)
        publish_event("account.closed", subject_id=user.pk, hotline_id=user.hotline_id)


def reopen_account(account_id: int, *, actor: Actor) -> None:
    """Let a closed account sign in again, with its old password and second factor."""
    with hotline_transaction(hotline_of(account_id)):
        user = account_of(account_id, actor)
        authorize(actor, "account.edit", user.hotline_id)
        if user.is_active:
            return
        User.objects.filter(pk=user.pk).update(is_active=True)
        _record("account.reopened", user, actor)


def give_first_password(account_id: int, *, password: str, actor: Actor) -> None:
    """Give an account a password that its owner must change at the next sign-in; its sessions end, and so does its confirmation."""
    with hotline_transaction(hotline_of(account_id)):
        user = account_of(account_id, actor)
        authorize(actor, "account.edit", user.hotline_id)
        if actor.id == user.pk:
            raise OwnAccount
        if not user.is_active:
            raise AccountIsClosed
        check_password(password, user)
        now = datetime.now(UTC)
        _refuse_another_password(user, actor, now)
        user.set_password(password)
        user.must_change_password = True
        user.session_epoch += 1
        undo_confirmation(user)
        if not has_second_factor(user):
            made_anew(user, by=actor.id if actor.kind == "staff" else None, at=now)
        user.save()
        _record("password.given", user, actor)
        if actor.kind == "staff":
            publish_event("password.given", subject_id=user.pk, hotline_id=user.hotline_id)


def _refuse_another_password(user: User, actor: Actor, at: datetime) -> None:
    """Require a second administrator for another password within a day of a first one, so that nobody alone can lock
    somebody out."""
    given = passwords_given_since(user.pk, user.hotline_id, at - FIRST_DAY)
    if given and second_person_obstacle(actor, given, act="account.edit", at=at) is not None:
        raise PasswordGivenAlready(when=moment(max(given.values()) + FIRST_DAY, actor.hotline_id))


def _take_name_and_languages(
    user: User, facts: dict[str, object], name: str | None, languages: Sequence[str] | None
) -> None:
    if name is not None and (tidy := tidy_name(name)) != user.name:
        _need_own_name(user, tidy)
        user.name, facts["name"] = tidy, "changed"
    if languages is not None and (kept := check_languages(languages)) != user.languages:
        user.languages = facts["languages"] = kept


def _need_own_name(user: User, name: str) -> None:
    """Raise NameIsTaken if somebody else of the hotline is called so: the desk says by names who did what."""
    others = User.objects.filter(hotline_id=user.hotline_id).exclude(pk=user.pk).values_list("name", flat=True)
    if any(alike(other) == alike(name) for other in others):
        raise NameIsTaken(name=name)


def _need_others(user: User, lost: set[str], actor: Actor) -> None:
    """Raise if a hotline would be left without an administrator, or if one administrator alone would leave nobody to
    watch over them: there must be another supervisor or auditor who can't be in this actor's hands.

    Roles are a JSON list, which SQLite can't search; a hotline has few accounts and this is rarely needed.
    """
    others = User.objects.filter(hotline_id=user.hotline_id, is_active=True).exclude(pk=user.pk)
    roles_of = dict(others.values_list("pk", "roles"))
    if ADMINISTRATOR in lost and not any(ADMINISTRATOR in roles for roles in roles_of.values()):
        raise NoAdministratorLeft
    watching = lost & {SUPERVISOR, AUDITOR}
    if not watching:
        return
    accounts, now = dated_accounts(roles_of), datetime.now(UTC)
    free = [roles for pk, roles in roles_of.items() if actor.id not in hands(pk, accounts, now)]
    for role in sorted(watching):
        if not any(role in roles for roles in free):
            raise LastOfRole(role=ROLE_NAMES[role])


def _record(event: str, user: User, actor: Actor, facts: dict[str, object] | None = None) -> None:
    record(event, actor=actor, hotline_id=user.hotline_id, subject=f"account:{user.pk}", facts=facts)
