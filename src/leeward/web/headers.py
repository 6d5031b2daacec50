"""The headers of every page, by area: public pages run no script, the desk runs only its own."""

from django.utils.csp import CSP, build_policy

_PUBLIC: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
_DESK = _PUBLIC | {"script-src": [CSP.SELF], "connect-src": [CSP.SELF], "img-src": [CSP.SELF, "data:"]}
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
PUBLIC = _ALWAYS | {"Content-Security-Policy": build_policy(_PUBLIC), "Referrer-Policy": "no-referrer"}
# With no-referrer a browser sends `Origin: null` with a form, which Django's CSRF check would refuse: the desk sends
# its address to itself only.
DESK = _ALWAYS | {
    "Content-Security-Policy": build_policy(_DESK),
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
# Pages behind a link with a token: as strict as public ones, and never indexed by a search engine.
TOKEN = PUBLIC | {"X-Robots-Tag": "noindex, nofollow"}


def headers_for(first: str) -> dict[str, str]:
    """Return the headers of a page whose path (without a language) begins with this segment."""
    if first == "desk":
        return DESK
    return TOKEN if first in {"notice", "notices", "referral"} else PUBLIC
