"""After rows of a hotline were put back from a file: who lost their rights since the file was written doesn't get them back by it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import F

from leeward.audit.queries import LogLine, log_of_each, log_page
from leeward.people.models import ApiToken, Invitation, Portal, User
from leeward.people.rules.handing import name_of_record

# After these an account of the file isn't its owner's present one: its roles, its password or its second factors are others.
_CLOSED_BY = (
    "account.closed",
    "account.reopened",
    "password.given",
    "password.changed",
    "second_factor.reset_approved",
)
_ENDS_KEY, _ENDS_INVITATION = ("token.revoked",), ("invitation.withdrawn", "invitation.accepted", "invitation.renewed")
_MOST = 100_000
_ROUNDS = 1000  # sessions that anybody had since the file was written end as well, however many times they ended since


def as_handed_over(hotline_id: int, rows: Sequence[Any]) -> None:
    """Let a portal that is about to be put back, and that the log says went to another hotline, come back as the closed record that it was
    left as: its name and its visitors are that hotline's. Rows of other tables stay as they are."""
    portals = {row.pk: row for row in rows if isinstance(row, Portal)}
    subjects = [f"portal:{number}" for number in portals]
    for line in (
        log_of_each(hotline_id, subjects, events=("portal.handed_over",), about=len(subjects)) if subjects else ()
    ):
        portal = portals[_number_in(line)]
        if portal.handed_over_at is None:
            portal.slug, portal.handed_over_at = name_of_record(portal.slug, portal.pk), _moment_of(line)
        portal.is_open = portal.takes_reports = portal.was_opened = False


def end_again(hotline_id: int, put_back: Mapping[str, Collection[int]], *, since: int) -> list[int]:
    """Take from what came back what the log says that it lost after row `since`, the last that the file has: keys and invitations that were
    ended, and accounts that were closed, got other roles, or had their password or second factors changed. Those come back closed, until
    an administrator has looked, and all sessions are over. `put_back` has the numbers of the rows that came back, by table. In the caller's
    transaction, once the log is whole; return the numbers of the accounts that are closed."""
    came = {model: set(put_back[model._meta.label]) for model in (User, ApiToken, Invitation)}
    gone: dict[Any, set[int]] = {model: set() for model in came}
    if any(came.values()):
        for line in _acts_since(hotline_id, since):
            if line.event in _CLOSED_BY or "roles" in line.facts:
                gone[User].update(_account_in(line))
            gone[ApiToken].update(line.facts.get("keys", ()) if line.event.startswith("account.") else ())
            gone[Invitation].update(line.facts.get("invitations", ()) if line.event.startswith("account.") else ())
            if line.event in (*_ENDS_KEY, *_ENDS_INVITATION):
                gone[ApiToken if line.event in _ENDS_KEY else Invitation].add(_number_in(line))
    now = datetime.now(UTC)
    User.objects.filter(pk__in=came[User]).update(session_epoch=F("session_epoch") + _ROUNDS)
    User.objects.filter(pk__in=came[User] & gone[User]).update(is_active=False)
    keys = ApiToken.objects.filter(pk__in=came[ApiToken] & gone[ApiToken], revoked_at=None)
    keys.update(revoked_at=now)
    open_ones = Invitation.objects.filter(
        pk__in=came[Invitation] & gone[Invitation], accepted_at=None, withdrawn_at=None
    )
    open_ones.update(withdrawn_at=now)
    return sorted(came[User] & gone[User])


def _acts_since(hotline_id: int, row: int) -> Iterator[LogLine]:
    for begins in ("account.", "password.", "second_factor.", "token.", "invitation."):
        yield from log_page(hotline_id, after=row, event=begins, most=_MOST)


def _account_in(line: LogLine) -> Iterator[int]:
    if line.subject.startswith("account:"):
        yield _number_in(line)


def _number_in(line: LogLine) -> int:
    return int(line.subject.partition(":")[2])


def _moment_of(line: LogLine) -> datetime:
    return datetime.fromisoformat(line.at).astimezone(UTC)
