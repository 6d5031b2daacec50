"""The headers of every page, by area: public pages run no script, the desk runs only its own."""

from django.utils.csp import build_policy

from leeward.web_security import policies

_REFUSED = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _REFUSED),
    "Cache-Control": "no-store",
}
PUBLIC = _ALWAYS | {"Content-Security-Policy": build_policy(policies.PUBLIC), "Referrer-Policy": "no-referrer"}
# With no-referrer a browser sends `Origin: null` with a form, which Django's CSRF check would refuse: the desk sends
# its address to itself only.
DESK = _ALWAYS | {
    "Content-Security-Policy": build_policy(policies.DESK),
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
# Pages behind a link with a token: as strict as public ones, and never indexed by a search engine.
TOKEN = PUBLIC | {"X-Robots-Tag": "noindex, nofollow"}


def headers_for(first: str) -> dict[str, str]:
    """Return the headers of a page whose path (without a language) begins with this segment."""
    if first == "desk":
        return DESK
    return TOKEN if first in {"notice", "notices", "payment", "provider", "referral"} else PUBLIC
