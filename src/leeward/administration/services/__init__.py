"""Every write of the administrator's desk."""

from leeward.administration.services.opening import (
    close_portal,
    confirm_referral_test,
    open_portal,
    referral_letter,
    send_referral_test,
)

__all__ = ["close_portal", "confirm_referral_test", "open_portal", "referral_letter", "send_referral_test"]
