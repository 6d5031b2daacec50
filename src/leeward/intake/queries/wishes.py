"""What may be asked of somebody who reports a picture of themselves."""

from datetime import UTC, datetime
from typing import Literal

from leeward.intake.rules.own_picture import asked_here
from leeward.laws.queries import duty_of_everybody
from leeward.people.queries import PortalRow
from leeward.people.rules.modes import POST_BOX


def police_line(portal: PortalRow) -> Literal["wish", "police", "unknown", "post_box"]:
    """Return what somebody who reports a picture of themselves by its address hears of the police, by the portal's setting and
    the law on record today; the same on the form, on the telephone, by text message and through another's form.
    """
    is_duty = duty_of_everybody(portal.country, datetime.now(UTC).date()) is not None
    return asked_here(portal.own_removal, is_duty=is_duty, is_post_box=portal.mode == POST_BOX)


def asks_wish(portal: PortalRow) -> bool:
    """Return whether they are asked if the police shall be told."""
    return police_line(portal) == "wish"
