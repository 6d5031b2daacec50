"""Invitations of people from other hotlines, each to review one subject."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from leeward.people.models import OutsideReview
from leeward.people.rules.permissions import ACTS


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """An invitation: who is invited by which hotline to what (`subject_kind` is case, appeal or entry), until when, and
    how it ended."""

    id: int
    hotline_id: int
    hotline: str
    account_id: int
    account: str
    account_hotline_id: int
    account_hotline: str
    subject_kind: str
    subject_id: int
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    state: str


def review_row(row: OutsideReview) -> ReviewRow:
    """Return an invitation as other slices see it."""
    return ReviewRow(
        id=row.pk,
        hotline_id=row.hotline_id,
        hotline=row.hotline.name,
        account_id=row.account_id,
        account=row.account.name,
        account_hotline_id=row.account.hotline_id,
        account_hotline=row.account.hotline.name,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        invited_by=row.invited_by.name,
        invited_at=row.invited_at,
        expires_at=row.expires_at,
        state=row.state,
    )


def may_still_invite(row: OutsideReview) -> bool:
    """Return whether whoever invited has an open account that may still invite: the invitation stands on that."""
    inviter = row.invited_by
    is_theirs = inviter.is_active and inviter.hotline_id == row.hotline_id
    return is_theirs and not ACTS["reviewer.invite"].isdisjoint(inviter.roles)


def _good(rows: QuerySet[OutsideReview]) -> list[ReviewRow]:
    return [review_row(row) for row in rows if may_still_invite(row)]


def _rows() -> QuerySet[OutsideReview]:
    return OutsideReview.objects.select_related("hotline", "account__hotline", "invited_by")


def review(review_id: int) -> ReviewRow | None:
    """Return the invitation of this number, whatever its state, or None."""
    found = _rows().filter(pk=review_id).first()
    return review_row(found) if found else None


def open_review(review_id: int, account_id: int, now: datetime) -> ReviewRow | None:
    """Return the invitation of this number if it is for this person and still valid, else None: it is not if whoever
    invited may no longer invite."""
    rows = _rows().filter(pk=review_id, account_id=account_id, state="open", expires_at__gt=now)
    return next(iter(_good(rows)), None)


def reviews_for(account_id: int, now: datetime) -> list[ReviewRow]:
    """Return the invitations that somebody can still answer, the first to expire first."""
    rows = _rows().filter(account_id=account_id, state="open", expires_at__gt=now).order_by("expires_at")
    return _good(rows)


def reviews_open_by(account_id: int, now: datetime) -> list[ReviewRow]:
    """Return the invitations by somebody that can still be answered, the first to expire first."""
    rows = _rows().filter(invited_by_id=account_id, state="open", expires_at__gt=now).order_by("expires_at")
    return _good(rows)


def reviews_of(hotline_id: int, *, most: int = 100) -> list[ReviewRow]:
    """Return a hotline's invitations, newest first."""
    return [review_row(row) for row in _rows().filter(hotline_id=hotline_id).order_by("-id")[:most]]


def review_about(hotline_id: int, subject_kind: str, subject_id: int, now: datetime) -> ReviewRow | None:
    """Return the valid invitation about this subject, or None."""
    rows = _rows().filter(
        hotline_id=hotline_id, subject_kind=subject_kind, subject_id=subject_id, state="open", expires_at__gt=now
    )
    return next(iter(_good(rows)), None)
