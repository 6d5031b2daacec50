"""Serve a copy over HTTP, with its serial, its signature and what its format could not express."""

from django.http import HttpRequest, HttpResponseBase

from leeward.blocklist.publishing.feeds import Made
from leeward.web_security.files import Giving, give


def answer_with(request: HttpRequest, made: Made, name: str) -> HttpResponseBase:
    """Return the response with a copy, with the requested range of it, or saying that the client already has it."""
    left_out = ", ".join(f"{why}={count}" for why, count in sorted(made.left_out.items())) or "none"
    headers = {
        "Leeward-Serial": str(made.serial),
        "Leeward-Since": str(made.since or 0),
        "Leeward-SHA256": made.sha256,
        "Leeward-Signature": made.signature,
        "Leeward-Left-Out": left_out,
    }
    return give(request, Giving(made.path, made.media_type, f"{name}.{made.ending}", made.sha256, headers))
