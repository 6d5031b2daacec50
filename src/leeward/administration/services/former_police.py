"""Letters to a police address that is no longer used, or is written to differently from now on, so that its readers can
object if the change is wrong. They are never encrypted: the key itself may be wrong."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from leeward.administration.errors import LetterNotSent
from leeward.installation.queries import config_now
from leeward.notices.services import Letter, post
from leeward.people.queries import (
    HotlineRow,
    PortalChangeRow,
    PortalRow,
    hotline,
    portal,
    portal_change,
    portals_of,
)
from leeward.people.rules.reach import POLICE_CONTACT, PORTAL

# The fields of an entry that decide whether its address is written to at all.
MOVES = frozenset({"kind", "country", "email", "retired", "unconfirmed", "bounces"})


def former_police_letter(row: PortalRow, to: str) -> Letter:
    """Return its text, in the portal's first language; it doesn't say where referrals go now."""
    with override(row.languages[0]):
        subject = _("%(hotline)s: referrals now go to another address") % {"hotline": row.hotline_name}
        body = _(
            "Hello,\n\nUntil now, %(hotline)s has sent referrals about child sexual abuse material for "
            "%(portal)s to this address. From now on they go to another address, and this one gets no "
            "more.\n\nIf this is not right, please tell us at once: %(email)s\n"
        ) % {
            "hotline": row.hotline_name,
            "portal": row.name,
            "email": _reply_to(row.email),
        }
    return Letter(to, subject, body, row.hotline_name)


def key_letter(hotline: HotlineRow, language: str, to: str, fingerprint: str) -> Letter:
    """Return the text of the letter saying which key encrypts mail to an address from now on; without a key, that mail
    isn't encrypted."""
    with override(language):
        subject = _("%(hotline)s: how we encrypt messages to you has changed") % {"hotline": hotline.name}
        if fingerprint:
            key_sentence = _(
                "From now on they are encrypted with the OpenPGP key that has this fingerprint:\n%(fingerprint)s\n\nIf this "
                "is not your key, you can’t read what we send."
            ) % {"fingerprint": " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))}
        else:
            key_sentence = _("From now on they are sent without OpenPGP encryption.")
        body = _(
            "Hello,\n\n%(hotline)s writes to this address about child sexual abuse material. %(said)s\n\nIf this is not "
            "right, please tell us at once: %(email)s\n"
        ) % {"hotline": hotline.name, "said": key_sentence, "email": _reply_to(hotline.email)}
    return Letter(to, subject, body, hotline.name)


def elsewhere_letter(hotline: HotlineRow, language: str, to: str) -> Letter:
    """Return the text of the letter to a directory address that gets no more mail, or gets it in another role."""
    with override(language):
        subject = _("%(hotline)s: how we write to you has changed") % {"hotline": hotline.name}
        body = _(
            "Hello,\n\n%(hotline)s has this address in its directory, for messages about child sexual abuse material. The entry "
            "has been changed, and messages may go to another address from now on.\n\nIf this is not right, please tell us at "
            "once: %(email)s\n"
        ) % {"hotline": hotline.name, "email": _reply_to(hotline.email)}
    return Letter(to, subject, body, hotline.name)


def tell_former_police(change_id: int) -> None:
    """Send them, in plain text, if a confirmed change replaced or removed a police address, or changed the entry by
    which police or child protection are written to. Raises LetterNotSent if it has to be retried."""
    change = portal_change(change_id)
    letter = _letter(change) if change is not None and change.outcome == "confirmed" else None
    posted = post(letter) if letter is not None else None
    if posted is not None and posted.fate == "later":
        raise LetterNotSent(problem=posted.problem)


def _letter(change: PortalChangeRow) -> Letter | None:
    if change.what == PORTAL and change.portal_id is not None:
        to = change.before.get("police_email", "")
        return former_police_letter(portal(change.portal_id), to) if to else None
    if change.what != POLICE_CONTACT or not change.before:
        return None
    to, portals = change.about.split("/", 2)[2], portals_of(change.hotline_id)
    language = portals[0].languages[0] if portals else "en"
    of_hotline = hotline(change.hotline_id)
    if MOVES & change.wanted.keys():
        return elsewhere_letter(of_hotline, language, to)
    if "fingerprint" in change.wanted:
        return key_letter(of_hotline, language, to, change.wanted["fingerprint"])
    return None


def _reply_to(email: str) -> str:
    return email or config_now().mail_replies or config_now().mail_from
