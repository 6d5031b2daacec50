"""The letter of an invitation. At most one letter per link is sent automatically."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from leeward.administration.errors import LetterNotSent
from leeward.installation.queries import config_now
from leeward.notices.services import Letter, post
from leeward.people import queries as people_queries
from leeward.people.queries import InvitationRow
from leeward.people.services.invitations import link_of, note_letter, take_for_sending


def invitation_letter(row: InvitationRow) -> Letter:
    """Return the text of an invitation, in the first language of the hotline's first portal."""
    hotline = people_queries.hotline(row.hotline_id)
    portals = people_queries.portals_of(row.hotline_id, with_records=False)
    until = row.expires_at.astimezone(ZoneInfo(people_queries.time_zone_of(row.hotline_id)))
    with override(portals[0].languages[0] if portals else "en"):
        subject = _("%(hotline)s invites you") % {"hotline": hotline.name}
        body = _(
            "Hello %(name)s,\n\n%(hotline)s invites you to open an account. Follow this link and choose a "
            "password:\n%(link)s\n\nThe link works once, until %(day)s. You then set up a second factor: an "
            "app on your phone, or a passkey.\nIf you did not expect this, don’t open the link, and tell "
            "us: %(email)s\n"
        ) % {
            "name": row.name,
            "hotline": hotline.name,
            "link": f"{settings.LEEWARD.base_url}{link_of(row.id)}",
            "day": until.date().isoformat(),
            "email": hotline.email or config_now().mail_replies or config_now().mail_from,
        }
    return Letter(row.email, subject, body, hotline.name)


def send_invitation(invitation_id: int) -> None:
    """Send the letter if it is waiting. Raises LetterNotSent if it has to be retried.

    The row says `sending` from just before the message until the server's answer: a letter interrupted there is never
    sent again automatically; the page says that its delivery is unknown, and a person may send a new link.
    """
    row = people_queries.invitation(invitation_id)
    if row is None or row.mail_state not in ("waiting", "failed"):
        return
    posted = post(invitation_letter(row), may_go=lambda: take_for_sending(invitation_id))
    if posted is None:
        return
    state = "failed" if posted.fate == "later" else posted.fate
    note_letter(invitation_id, state=state, code=posted.code, problem=posted.problem)
    if state == "failed":
        raise LetterNotSent(problem=posted.problem)
