"""How a portal takes the fingerprints of a person's own picture, or its address, and what that means for the police. Pure."""

from leeward.people.rules.modes import ASSESS

OFF, BY_WISH, POLICE_INFORMED = "off", "wish", "police"
WAYS = (OFF, BY_WISH, POLICE_INFORMED)
"""Not at all; the police are told only if the person wants it; the law obliges the hotline to tell them."""
UNKNOWN = "unknown"
REMOVAL_WAYS = (UNKNOWN, BY_WISH, POLICE_INFORMED)
"""Of a picture that is reported by its address: nobody has found out; the law lets the hotline have it removed without telling the police
if the person wants that; the law obliges it to tell them."""


def offers_own_picture(*, way: str, mode: str, has_bank: bool, takes_reports: bool) -> bool:
    """Return whether the page is there: the portal is set to it, and its hotline has people who read reports and a list
    that fingerprints can go to.
    """
    return way in (BY_WISH, POLICE_INFORMED) and mode == ASSESS and has_bank and takes_reports
