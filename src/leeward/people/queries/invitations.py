"""Invitations to join."""

from dataclasses import dataclass
from datetime import datetime

from leeward.people.models import Invitation
from leeward.people.rules.permissions import TITLES


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation as the administrator sees it; `mail_state` is the delivery state of its letter."""

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
        """Return the roles' labels, in the order of the table."""
        return [str(title) for role, title in TITLES.items() if role in self.roles]

    def is_expired(self, now: datetime) -> bool:
        """Return whether its link has expired."""
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
    """Return the invitation of this number, settled or not, or None."""
    found = Invitation.objects.select_related("invited_by").filter(pk=invitation_id).first()
    return _invitation_row(found) if found else None


def invitations_waiting(hotline_id: int, *, by: int | None = None) -> list[InvitationRow]:
    """Return a hotline's invitations that were neither accepted nor withdrawn, newest first; `by` limits them to those
    by one account."""
    found = Invitation.objects.filter(hotline_id=hotline_id, accepted_at=None, withdrawn_at=None)
    if by is not None:
        found = found.filter(invited_by_id=by)
    return [_invitation_row(row) for row in found.select_related("invited_by").order_by("-id")[:200]]
