"""The letter to the police address that a portal had until now: whoever reads it there can say that the change is wrong."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from leeward.administration.errors import LetterNotSent
from leeward.installation.queries import config_now
from leeward.notices.services import Letter, post
from leeward.people.queries import PortalRow, portal, portal_change


def former_police_letter(row: PortalRow, to: str) -> Letter:
    """The words of it, in the portal's first language; they don't say where referrals go now."""
    with override(row.languages[0]):
        subject = _("%(hotline)s: referrals now go to another address") % {"hotline": row.hotline_name}
        body = _(
            "Hello,\n\nUntil now, %(hotline)s has sent referrals about child sexual abuse material for "
            "%(portal)s to this address. From now on they go to another address, and this one gets no "
            "more.\n\nIf this is not right, please tell us at once: %(email)s\n"
        ) % {
            "hotline": row.hotline_name,
            "portal": row.name,
            "email": row.email or config_now().mail_replies or config_now().mail_from,
        }
    return Letter(to, subject, body, row.hotline_name)


def tell_former_police(change_id: int) -> None:
    """Send it, where a confirmed change replaced or removed a police address. Raises LetterNotSent where it has to be tried again."""
    change = portal_change(change_id)
    if change is None or not change.before.get("police_email"):
        return
    posted = post(former_police_letter(portal(change.portal_id), change.before["police_email"]))
    if posted is not None and posted.fate == "later":
        raise LetterNotSent(problem=posted.problem)
