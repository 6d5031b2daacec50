"""Invite somebody from another hotline to be the second person for one subject, and end such invitations."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import publish_event
from leeward.people.access import actor_for
from leeward.people.errors import NoSuchReviewer, ReviewerInvitedAlready
from leeward.people.models import OutsideReview, User
from leeward.people.queries.reviews import ReviewRow, may_still_invite, review_row
from leeward.people.queries.second_person import second_person_obstacle
from leeward.people.services.checking import authorize, staff_id

GOOD_FOR = timedelta(days=7)


def invite_reviewer(
    subject_kind: str, subject_id: int, *, email: str, act: str, firsts: Iterable[int | None], actor: Actor
) -> int:
    """Invite whoever signs in with this address at another hotline here to do `act` about one subject; return the
    invitation's number.

    They must be able to be the second person to all of `firsts`. Raises NotAllowed, NoSuchReviewer,
    ReviewerInvitedAlready.
    """
    hotline_id, now = actor.hotline_id or 0, datetime.now(UTC)
    authorize(actor, "reviewer.invite", hotline_id)
    found = (
        User.objects.filter(email=email.strip().lower()[:254], is_active=True).exclude(hotline_id=hotline_id).first()
    )
    if found is None or second_person_obstacle(actor_for(found), firsts, act=act) is not None:
        raise NoSuchReviewer
    with hotline_transaction(hotline_id):
        there = OutsideReview.objects.filter(
            hotline_id=hotline_id, subject_kind=subject_kind, subject_id=subject_id, state="open"
        )
        there.filter(expires_at__lte=now).update(state="expired", ended_at=now)
        for row in there.select_related("invited_by").select_for_update(of=("self",)):
            if not may_still_invite(row):
                _end(row, "withdrawn", SYSTEM)
        if there.exists():
            raise ReviewerInvitedAlready
        made = OutsideReview.objects.create(
            hotline_id=hotline_id,
            account=found,
            subject_kind=subject_kind,
            subject_id=subject_id,
            invited_by_id=staff_id(actor),
            invited_at=now,
            expires_at=now + GOOD_FOR,
        )
        _note("outside_review.invited", made, actor)
        publish_event("outside_review.invited", subject_id=made.pk, hotline_id=found.hotline_id)
    return made.pk


def withdraw_review(review_id: int, *, actor: Actor) -> ReviewRow:
    """Withdraw an invitation; the reviewer loses access at once. Raises NotAllowed, NotFound."""
    hotline_id = actor.hotline_id or 0
    authorize(actor, "reviewer.invite", hotline_id)
    with hotline_transaction(hotline_id):
        found = (
            OutsideReview.objects.select_for_update().filter(pk=review_id, hotline_id=hotline_id, state="open").first()
        )
        if found is None:
            raise NotFound(what=_("invitation"))
        _end(found, "withdrawn", actor)
    return review_row(found)


def withdraw_reviews_of(account_id: int, *, actor: Actor) -> list[int]:
    """Withdraw every open invitation of an outside reviewer by somebody who may no longer invite any, in the caller's
    transaction; return their numbers. `actor` took the right away."""
    found = OutsideReview.objects.select_for_update().filter(invited_by_id=account_id, state="open").order_by("pk")
    rows = list(found)
    for row in rows:
        _end(row, "withdrawn", actor)
    return [row.pk for row in rows]


def end_review(review_id: int, *, actor: Actor) -> None:
    """End an invitation whose reviewer has answered, in the caller's transaction; they lose access to the subject."""
    found = OutsideReview.objects.select_for_update().get(pk=review_id, account_id=staff_id(actor), state="open")
    _end(found, "answered", actor)


def _end(found: OutsideReview, state: str, actor: Actor) -> None:
    found.state, found.ended_at, found.ended_by_id = state, datetime.now(UTC), actor.id
    found.save(update_fields=["state", "ended_at", "ended_by"])
    _note(f"outside_review.{state}", found, actor)


def _note(event: str, review: OutsideReview, actor: Actor) -> None:
    facts = {"review": review.pk, "subject_kind": review.subject_kind, "account": review.account_id}
    subject = f"{review.subject_kind}:{review.subject_id}"
    record(event, actor=actor, hotline_id=review.hotline_id, subject=subject, facts=facts)
