"""Invitations: somebody gets a link by e-mail, sets a password behind it and has an account.

The letter itself is written in a higher layer, by the listener to "invitation.made"; its delivery state is recorded
here.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.crypto.tokens import make_token, read_token
from leeward.foundation.errors import NotFound
from leeward.foundation.patterns import Pattern
from leeward.jobs.services import publish_event
from leeward.people.access import staff_member
from leeward.people.errors import InvitationIsOver, InvitedAlready, InviterMayNot, NameIsTaken
from leeward.people.models import Invitation, User
from leeward.people.rules.names import tidy_name
from leeward.people.rules.permissions import may
from leeward.people.services.checking import authorize, check, check_languages, check_roles
from leeward.people.services.passwords import check_password
from leeward.people.services.roles import keep_roles

GOOD_FOR = timedelta(days=7)
_NUMBER = Pattern(r"^([0-9]{1,18})-")


def invite(
    hotline_id: int, *, email: str, name: str, roles: Sequence[str], actor: Actor, languages: Sequence[str] = ()
) -> int:
    """Invite somebody; return the invitation's number. Raises NameIsTaken, InvitedAlready, FieldIsWrong, UnknownRole."""
    authorize(actor, "account.edit", hotline_id)
    address, now = email.strip().lower(), datetime.now(UTC)
    kept_roles, kept_languages = check_roles(roles), check_languages(languages)
    check(User(email=address, name=tidy_name(name), hotline_id=hotline_id), but=("password", "email"))
    with hotline_transaction(hotline_id):
        if User.objects.filter(email=address).exists():
            raise NameIsTaken(name=address)
        waiting = Invitation.objects.filter(hotline_id=hotline_id, email=address, accepted_at=None, withdrawn_at=None)
        if waiting.exists():
            raise InvitedAlready
        made = Invitation.objects.create(
            hotline_id=hotline_id,
            email=address,
            name=tidy_name(name),
            roles=kept_roles,
            languages=kept_languages,
            invited_by_id=actor.id,
            invited_at=now,
            expires_at=now + GOOD_FOR,
        )
        _tell("invitation.made", made, actor, {"roles": kept_roles})
        publish_event("invitation.made", subject_id=made.pk, hotline_id=hotline_id)
    return made.pk


def renew_invitation(invitation_id: int, *, actor: Actor) -> None:
    """Send a new link, valid from now; the old one stops working. It stays the invitation of whoever sent it first, in whose
    hands its account is at the beginning. Raises InvitationIsOver if the invitation is settled, InviterMayNot."""
    with hotline_transaction(actor.hotline_id):
        found = _waiting(invitation_id, actor)
        if not may_still_invite(found):
            raise InviterMayNot
        found.links += 1
        found.expires_at = datetime.now(UTC) + GOOD_FOR
        found.mail_state, found.mail_problem, found.mail_code = "waiting", "", 0
        found.save()
        _tell("invitation.renewed", found, actor, {})
        publish_event("invitation.made", subject_id=found.pk, hotline_id=found.hotline_id)


def withdraw_invitation(invitation_id: int, *, actor: Actor) -> None:
    """Withdraw an invitation; its link stops working. Raises InvitationIsOver if it is settled."""
    with hotline_transaction(actor.hotline_id):
        found = _waiting(invitation_id, actor)
        found.withdrawn_at = datetime.now(UTC)
        found.save(update_fields=["withdrawn_at"])
        _tell("invitation.withdrawn", found, actor, {})


def accept_invitation(token: str, *, name: str, password: str) -> int:
    """Make the account that an invitation offers, with the password that its owner chose; return its number.

    The link works once, and only while whoever sent it may still invite; otherwise it is withdrawn, and the log says why.
    Raises InvitationIsOver, InviterMayNot, PasswordIsWeak, FieldIsWrong.
    """
    behind = invitation_behind(token)
    if behind is None:
        raise InvitationIsOver
    with hotline_transaction(behind.hotline_id):
        found = Invitation.objects.select_for_update().get(pk=behind.pk)
        if not is_good(found) or found.links != behind.links:
            raise InvitationIsOver
        if may_still_invite(found):
            return _make_account(found, name=name, password=password)
        found.withdrawn_at = datetime.now(UTC)
        found.save(update_fields=["withdrawn_at"])
        _tell("invitation.withdrawn", found, SYSTEM, {"may_not_invite": found.invited_by_id})
    raise InviterMayNot


def _make_account(found: Invitation, *, name: str, password: str) -> int:
    user = User(
        email=found.email,
        name=tidy_name(name),
        hotline_id=found.hotline_id,
        roles=found.roles,
        languages=found.languages,
        made_by_id=found.invited_by_id,
    )
    if User.objects.filter(email=found.email).exists():
        raise InvitationIsOver
    check_password(password, user)
    user.set_password(password)
    check(user)
    user.save()
    keep_roles(user, user.roles, actor=Actor("staff", found.invited_by_id) if found.invited_by_id else SYSTEM)
    found.accepted_at, found.account = datetime.now(UTC), user
    found.save(update_fields=["accepted_at", "account"])
    actor = Actor("staff", user.pk, user.name, user.hotline_id, frozenset(user.roles))
    _tell("invitation.accepted", found, actor, {"account": user.pk, "roles": user.roles})
    return user.pk


def is_good(invitation: Invitation) -> bool:
    """Return whether its link can still make an account."""
    settled = invitation.accepted_at or invitation.withdrawn_at
    return not settled and datetime.now(UTC) < invitation.expires_at


def may_still_invite(invitation: Invitation) -> bool:
    """Return whether whoever sent an invitation has an open account that may invite; whoever runs the server always may."""
    if invitation.invited_by_id is None:
        return True
    inviter = staff_member(invitation.invited_by_id, invitation.hotline_id)
    return inviter is not None and bool(may(inviter, "account.edit", invitation.hotline_id))


def link_of(invitation_id: int) -> str:
    """Return the path of the newest link of an invitation."""
    links = Invitation.objects.values_list("links", flat=True).get(pk=invitation_id)
    token = make_token(settings.LEEWARD.secret_bytes, f"invitation {links}", invitation_id)
    return f"/desk/account/invited/{token}"


def invitation_behind(token: str) -> Invitation | None:
    """Return the invitation whose newest link this is if it is still valid, else None."""
    number = _NUMBER.match(token)
    found = Invitation.objects.select_related("hotline").filter(pk=int(number[1])).first() if number else None
    purpose = f"invitation {found.links}" if found else "invitation 0"
    good = read_token(settings.LEEWARD.secret_bytes, purpose, token) is not None
    return found if found and good and is_good(found) else None


def take_for_sending(invitation_id: int) -> bool:
    """Claim an invitation's letter for sending, just before the point of no return; False if it is being sent or was sent."""
    waiting = Invitation.objects.filter(pk=invitation_id, mail_state__in=("waiting", "failed"))
    return bool(waiting.filter(accepted_at=None, withdrawn_at=None).update(mail_state="sending"))


def note_letter(invitation_id: int, *, state: str, code: int = 0, problem: str = "") -> None:
    """Record the outcome of sending an invitation's letter: sent, unsure, failed (will be retried) or dead."""
    Invitation.objects.filter(pk=invitation_id).update(mail_state=state, mail_code=code, mail_problem=problem)


def withdraw_invitations_of(account_id: int) -> list[int]:
    """Withdraw every open invitation by somebody who may no longer invite, in the caller's transaction; return their numbers."""
    found = Invitation.objects.filter(invited_by_id=account_id, accepted_at=None, withdrawn_at=None)
    numbers = sorted(found.values_list("pk", flat=True))
    found.update(withdrawn_at=datetime.now(UTC))
    return numbers


def _waiting(invitation_id: int, actor: Actor) -> Invitation:
    found = Invitation.objects.select_for_update().filter(pk=invitation_id, hotline_id=actor.hotline_id or 0).first()
    if found is None:
        raise NotFound(what=_("invitation"))
    authorize(actor, "account.edit", found.hotline_id)
    if found.accepted_at or found.withdrawn_at:
        raise InvitationIsOver
    return found


def _tell(event: str, invitation: Invitation, actor: Actor, facts: dict[str, object]) -> None:
    subject = f"invitation:{invitation.pk}"
    record(event, actor=actor, hotline_id=invitation.hotline_id, subject=subject, facts=facts)
