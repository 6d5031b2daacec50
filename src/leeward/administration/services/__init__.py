"""All writes of the administrator's desk."""

from leeward.administration.services.inviting import send_invitation
from leeward.administration.services.leaving import NewKey, let_go
from leeward.administration.services.moving import Imported, PutBack, export_hotline, import_hotline, put_back_hotline
from leeward.administration.services.opening import (
    close_portal,
    confirm_referral_test,
    open_portal,
    referral_letter,
    send_referral_test,
)
from leeward.administration.services.restoring import (
    begin_numbers,
    confirm_clock,
    confirm_restored,
    confirm_restored_as_shown,
    mark_of_restoration,
    read_what_left,
    take_up,
)

__all__ = [
    "Imported",
    "NewKey",
    "PutBack",
    "begin_numbers",
    "close_portal",
    "confirm_clock",
    "confirm_referral_test",
    "confirm_restored",
    "confirm_restored_as_shown",
    "export_hotline",
    "import_hotline",
    "let_go",
    "mark_of_restoration",
    "open_portal",
    "put_back_hotline",
    "read_what_left",
    "referral_letter",
    "send_invitation",
    "send_referral_test",
    "take_up",
]
