"""What a browser may load on our pages, by area: public pages run no script, the desk runs only its own."""

from django.http import HttpResponse
from django.utils.csp import CSP, build_policy

PUBLIC: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
DESK = PUBLIC | {"script-src": [CSP.SELF], "connect-src": [CSP.SELF], "img-src": [CSP.SELF, "data:"]}


def let_play[Answer: HttpResponse](answer: Answer, policy: dict[str, list[str]]) -> Answer:
    """Let a page of this area play our own recordings; no other page loads any."""
    answer["Content-Security-Policy"] = build_policy(policy | {"media-src": [CSP.SELF]})
    return answer
