"""Test letters through a proposed mail server, to everybody who could confirm it: only somebody who received theirs can."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from leeward.administration.errors import LetterNotSent
from leeward.installation.services import values_once_agreed
from leeward.notices.services import Letter, MailServer, post
from leeward.people.queries import PortalChangeRow, hotline, portal_change, staff_of
from leeward.people.rules.permissions import ADMINISTRATOR, SUPERVISOR
from leeward.people.rules.reach import MAIL_SERVER
from leeward.people.services import proof_of_arrival

WHO_CONFIRM = frozenset({ADMINISTRATOR, SUPERVISOR})


def send_trial_letters(change_id: int) -> None:
    """Send them while the change is pending. Raises LetterNotSent if the server can't be reached now, to be retried."""
    change = portal_change(change_id)
    if change is None or change.what != MAIL_SERVER or change.outcome:
        return
    wanted = values_once_agreed(change)
    if not wanted["smtp_host"]:
        return
    server = MailServer(
        host=str(wanted["smtp_host"]),
        port=int(str(wanted["smtp_port"])),
        security=wanted["smtp_security"],  # type: ignore[arg-type]  # one of the choice's options
        user=str(wanted["smtp_user"]),
        password=str(wanted["smtp_password"]),
        hello=urlsplit(settings.LEEWARD.base_url).hostname or "localhost",
    )
    for person in staff_of(change.hotline_id):
        if person.is_active and person.id != change.asked_by_id and WHO_CONFIRM & person.roles:
            with override(person.languages[0] if person.languages else "en"):
                letter = _letter(change, person.id, person.email)
            posted = post(letter, server=server, sender_now=str(wanted["mail_from"]))
            if posted is not None and posted.fate == "later":
                raise LetterNotSent(problem=posted.problem)


def _letter(change: PortalChangeRow, account_id: int, to: str) -> Letter:
    proof = proof_of_arrival(change.id, account_id)
    link = f"{settings.LEEWARD.base_url}/desk/portals/changes/{change.id}?proof={proof}"
    body = _(
        "This is a trial letter. %(who)s asks that every letter of every hotline here goes through another mail server, and this "
        "letter came through it. If that is right, confirm it here:\n%(link)s"
    ) % {"who": change.asked_by, "link": link}
    return Letter(to, _("Test of the mail server"), f"{body}\n", hotline(change.hotline_id).name)
