"""Why something about care is refused."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class NoCounsellor(LeewardError):
    """Nobody is appointed, or they have set no key."""

    code = "no_counsellor"
    sentence = _("Nobody can read notes here yet: no counsellor is appointed, or they have set no key.")
    hint = _("Nothing was kept.")
    status = 409


class NotTheCounsellor(LeewardError):
    """Somebody else is the counsellor."""

    code = "not_the_counsellor"
    sentence = _("Only the counsellor sees this page.")
    hint = ""
    status = 403


class CounsellorInOtherHands(LeewardError):
    """Somebody who made an account, or gave it a new way to sign in, could still use it: nobody else has confirmed it."""

    code = "counsellor_in_other_hands"
    sentence = _("Whoever made this account could sign in to it and read what others confide.")
    hint = _("Another administrator confirms the account first, on its page under People.")
    status = 409


class DateTaken(LeewardError):
    """Somebody else has taken the date."""

    code = "care_date_taken"
    sentence = _("Somebody else has taken this date, or it is over.")
    hint = _("Choose another.")
    status = 409


class DateExists(LeewardError):
    """The counsellor offers this date already."""

    code = "care_date_exists"
    sentence = _("This date is offered already.")
    hint = _("Nothing was changed.")
    status = 409
