"""The page on which a person's own device works out fingerprints of a picture of themselves: the one public page with a
script. The server never sees the picture, and answers what comes before anything is looked up.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.csp import CSP, build_policy
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from leeward.intake.errors import AlreadyWithdrawn
from leeward.intake.labels import HAPPENED as HAPPENED_WORDS
from leeward.intake.labels import WISHES as WISH_WORDS
from leeward.intake.rules.draft import Problem
from leeward.intake.rules.own_picture import (
    HAPPENED,
    MOST_CHARACTERS,
    OwnPicture,
    count_of,
    read_lines,
    way_here,
    wish_here,
)
from leeward.intake.services.ways import Page, way
from leeward.intake.views.arrived import to_receipt
from leeward.intake.views.not_kept import keeping
from leeward.intake.views.public import by_field, file_was_sent, public, summary
from leeward.intake.views.slowing import slowed_as
from leeward.laws.queries import duty_of_everybody
from leeward.people.queries import PortalRow
from leeward.people.rules.own_picture import BY_WISH
from leeward.web_security.keys import new_form_key
from leeward.web_security.remembered import alike

SCRIPTS = Path(__file__).parents[1] / "scripts"
STYLE = "leeward/leeward.css"
FILE_NAME = "page.html"
IDS = {"young": "young-yes", "wish": "w-quiet", "fingerprints": "files"}


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with the form, as far as it can be anything that the page asks."""

    once: str
    lines: str
    young: str
    happened: str
    wish: str


@public
def own_picture(request: HttpRequest, portal: PortalRow) -> HttpResponse:
    """GET: the page, or with `file` the same page as one file. POST: the receipt, or what must be corrected first."""
    if not portal.offers_own_picture:
        raise Http404
    if request.method != "POST":
        return _file(request, portal) if "file" in request.GET else _empty(request, portal)
    stays = request.POST.get("go") == "stay"
    if (page := slowed_as(request, "form" if stays else "urgent")) is not None:
        return page
    sent = _read(request)
    problems = [] if stays else _problems(request, sent, portal)
    if stays or problems or sent.young == "no":
        return _page(request, portal, sent, problems)
    try:
        with keeping():
            own = OwnPicture(sent.lines, sent.happened or "else", wish_here(_way(portal), sent.wish), under_18=True)
            kept = way().own_picture(own, sent.once, Page(portal, get_language() or ""))
    except AlreadyWithdrawn:
        return _page(request, portal, sent, [Problem("form", "withdrawn")])
    return to_receipt(request, kept)


def _read(request: HttpRequest) -> Sent:
    lines = request.POST.get("fingerprints", "")[: MOST_CHARACTERS + 1].replace("\r\n", "\n").strip()
    young, happened, wish = (request.POST.get(name, "") for name in ("young", "happened", "wish"))
    return Sent(
        once=request.POST.get("once", "")[:64],
        lines=lines if read_lines(lines) is not None else "",
        young=young if young in ("yes", "no") else "",
        happened=happened if happened in HAPPENED else "",
        wish=wish if wish in WISH_WORDS else "",
    )


def _problems(request: HttpRequest, sent: Sent, portal: PortalRow) -> list[Problem]:
    if sent.young == "no":
        return []  # nothing of theirs is kept
    problems = [] if sent.lines else [Problem("fingerprints", "fingerprints")]
    if not sent.young:
        problems.append(Problem("young", "young_missing"))
    if not wish_here(_way(portal), sent.wish):
        problems.append(Problem("wish", "wish_missing"))
    if file_was_sent(request):
        problems.append(Problem("form", "file"))
    if not way().may_be_sent(sent.once):  # also of a page that was saved as a file, which has none
        problems.append(Problem("form", "form_key"))
    return problems


def _empty(request: HttpRequest, portal: PortalRow) -> HttpResponse:
    once = new_form_key()
    sent = Sent(once, "", "", "", "")
    if request.GET:
        return _page(request, portal, sent)
    return alike(request, (once,), lambda: _page(request, portal, sent))


def _page(request: HttpRequest, portal: PortalRow, sent: Sent, problems: list[Problem] | None = None) -> HttpResponse:
    is_known = way().may_be_sent(sent.once)
    values = _values(portal, sent) | {
        "once": sent.once if is_known and sent.young != "no" else new_form_key(),
        "problems": summary(problems or [], IDS),
        "wrong": by_field(problems or []),
        "by_form": request.method == "POST",
    }
    status = 422 if problems else 200
    return _with_policy(render(request, "intake/my_picture.html", values, status=status), scripts=(_program(),))


def _file(request: HttpRequest, portal: PortalRow) -> HttpResponse:
    """Return the page as one file, which works without a network until it is sent. It has no key: the form that comes
    from it is shown again, to be sent once more.
    """
    site = f"{request.scheme}://{request.get_host()}"
    policy = _policy(scripts=(_program(),), styles=[_source(_style())], forms=site)
    extra = {"site": site, "style": _style(), "policy": policy.replace("; frame-ancestors 'none'", "")}
    answer = render(request, "intake/my_picture_file.html", _values(portal, Sent("", "", "", "", "")) | extra)
    answer["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    answer["Content-Security-Policy"] = policy
    return answer


def _way(portal: PortalRow) -> str:
    """Return how the portal takes fingerprints today, by its own setting and the law on record."""
    is_duty = duty_of_everybody(portal.country, datetime.now(UTC).date()) is not None
    return way_here(portal.own_picture, is_duty=is_duty)


def _values(portal: PortalRow, sent: Sent) -> dict[str, Any]:
    return {
        "asks_wish": _way(portal) == BY_WISH,
        "said": sent,
        "lines": sent.lines,
        "count": count_of(read_lines(sent.lines) or []),
        "happened": [(code, HAPPENED_WORDS[code]) for code in HAPPENED],
        "wishes": list(WISH_WORDS.items()),
        "program": _program(),
        "program_sha256": hashlib.sha256(_program().encode()).hexdigest(),
    }


def _with_policy(answer: HttpResponse, *, scripts: tuple[str, ...]) -> HttpResponse:
    answer["Content-Security-Policy"] = _policy(scripts=scripts, styles=[CSP.SELF], forms=CSP.SELF)
    # Closes what no content policy does: WebRTC. A browser that doesn't know it ignores it.
    answer["Connection-Allowlist"] = "(response-origin);webrtc=block;redirects=allow"
    answer["X-DNS-Prefetch-Control"] = "off"
    return answer


def _policy(*, scripts: tuple[str, ...], styles: list[str], forms: str) -> str:
    """Return a policy under which only these programs run, nothing is fetched by them, and only the form goes out."""
    return build_policy(
        {
            "default-src": [CSP.NONE],
            "script-src": [_source(text) for text in scripts] or [CSP.NONE],
            "connect-src": [CSP.NONE],
            "style-src": styles,
            "img-src": [CSP.SELF],
            "media-src": ["blob:"],  # a chosen video, on the device
            "form-action": [forms],
            "base-uri": [CSP.NONE],
            "frame-ancestors": [CSP.NONE],
        }
    )


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _program() -> SafeString:
    """Return the program of the page: both scripts, as they are in the project."""
    parts = [(SCRIPTS / name).read_text(encoding="utf-8") for name in ("fingerprints.js", "my_picture.js")]
    return mark_safe("\n" + "\n".join(parts))  # noqa: S308 - our own files


@cache
def _style() -> SafeString:
    """Return the style sheet of all public pages."""
    found = finders.find(STYLE)
    return mark_safe(Path(str(found)).read_text(encoding="utf-8"))  # noqa: S308 - our own file
