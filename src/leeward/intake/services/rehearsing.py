"""Test reports: the way through the form before a portal is open, for whoever holds a pass from the desk."""

from django.core import signing

PASS_SECONDS = 24 * 60 * 60
_SALT = "leeward.intake.rehearsal"


def rehearsal_pass(portal_id: int) -> str:
    """A pass with which the form of a portal takes a test report for a day, whether the portal is open or not."""
    return signing.TimestampSigner(salt=_SALT).sign(str(portal_id))


def is_rehearsal_pass(text: str, portal_id: int) -> bool:
    """Whether this is a pass for this portal that is still good."""
    try:
        return signing.TimestampSigner(salt=_SALT).unsign(text[:200], max_age=PASS_SECONDS) == str(portal_id)
    except signing.BadSignature:
        return False
