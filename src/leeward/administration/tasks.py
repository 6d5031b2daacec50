"""Letters with invitations, written when "invitation.made" is heard."""

from datetime import timedelta

from leeward.administration.services.inviting import send_invitation
from leeward.duties.registry import hears


@hears("invitation.made", tries=6, first_delay=timedelta(minutes=1))
def send_letter(subject_id: int) -> None:
    """Send the letter of an invitation; a mail server that can't be reached is asked again later."""
    send_invitation(subject_id)
