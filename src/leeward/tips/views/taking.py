"""Tips from a file: first a preview of what would become of each, then, with a second button, they are taken in.

Between the two the page carries the tips' facts, signed and packed: the file itself is never kept.
"""

from dataclasses import asdict

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.people.access import actor_of, staff
from leeward.people.queries import portals_of
from leeward.tips import services
from leeward.tips.errors import PreviewGone, TooManyForDesk
from leeward.tips.labels import DOUBTS, EFFECTS, LABELS, raised_in_words, refusal
from leeward.tips.rules.becoming import SYSTEMS
from leeward.tips.rules.tip import LABELS as LABEL_CODES
from leeward.tips.rules.tip import Found, Unread, tip_from
from leeward.web_security.files import take_whole

MOST_TIPS, MOST_UPLOAD, MOST_PACKED = 200, 20_000_000, 2_000_000
SALT, SECONDS = "leeward.tips.preview", 3600


@csrf_exempt  # checked in `_taken`: the check reads the form, and the file must have a place to go before that
@require_http_methods(["GET", "HEAD", "POST"])
@staff("report.enter")
def take(request: HttpRequest) -> HttpResponse:
    """Choose a file, see what would become of each of its tips, and take them in."""
    if request.method == "POST" and not take_whole(request, MOST_UPLOAD):
        raise TooManyForDesk
    return _taken(request)


@csrf_protect
def _taken(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    assert actor.hotline_id is not None
    portals = portals_of(actor.hotline_id, with_records=False)
    values: dict[str, object] = {"portals": portals, "labels": LABELS.items()}
    if request.method != "POST":
        return render(request, "tips/take.html", values)
    portal = request.POST.get("portal", "")
    chosen = next((row for row in portals if str(row.id) == portal), None)
    label = next((code for code in LABEL_CODES if code == request.POST.get("label")), None)
    if chosen is None or label is None:
        raise BadInput(what=_("The form"), why=_("it is not complete"))
    if "packed" in request.POST:
        found = _unpacked(request.POST["packed"], actor)
        taken = services.take_in(
            found, hotline_id=actor.hotline_id, portal_id=chosen.id, label=label, way="desk", actor=actor
        )
        _tell(request, taken)
        return redirect("tips:list-tips")
    given = request.FILES.get("file")
    if given is None:
        raise BadInput(what=_("The file"), why=_("none was chosen"))
    if (given.size or 0) > MOST_UPLOAD:
        raise TooManyForDesk
    read = services.read_file(given.name or "", given.read())
    found = [one for one in read if isinstance(one, Found)]
    packed = _packed(found, actor)
    coming = services.preview(found, hotline_id=actor.hotline_id, actor=actor)
    values |= {
        "portal": chosen,
        "label": label,
        "packed": packed,
        "coming": [
            {
                "one": one,
                "tip": one.found.tip,
                "system": SYSTEMS[one.found.tip.system],
                "effect": EFFECTS[one.effect],
                "doubts": [DOUBTS[code] for code in one.doubts],
                "raised": raised_in_words(one.found.tip.raised),
            }
            for one in coming
        ],
        "refused": [(one.name, refusal(one.code)) for one in read if isinstance(one, Unread)],
        "is_preview": True,
    }
    return render(request, "tips/take.html", values)


def _packed(found: list[Found], actor: Actor) -> str:
    if len(found) > MOST_TIPS:
        raise TooManyForDesk
    text = signing.dumps([asdict(one) for one in found], salt=f"{SALT} {actor.hotline_id} {actor.id}", compress=True)
    if len(text) > MOST_PACKED:
        raise TooManyForDesk
    return text


def _unpacked(text: str, actor: Actor) -> list[Found]:
    try:
        rows = signing.loads(text, salt=f"{SALT} {actor.hotline_id} {actor.id}", max_age=SECONDS)
    except signing.BadSignature:
        raise PreviewGone from None
    return [Found(row["name"], tip_from(row["tip"])) for row in rows]


def _tell(request: HttpRequest, taken: services.Taken) -> None:
    if not taken.new + taken.versions:
        messages.warning(request, _("Nothing was taken in: everything was here already."))
        return
    parts = []
    if taken.new:
        parts.append(
            ngettext("%(count)s tip was taken in.", "%(count)s tips were taken in.", taken.new) % {"count": taken.new}
        )
    if taken.versions:
        text = ngettext("%(count)s has a new version.", "%(count)s have a new version.", taken.versions)
        parts.append(text % {"count": taken.versions})
    if taken.held:
        text = ngettext("%(count)s waits for somebody to decide.", "%(count)s wait for somebody to decide.", taken.held)
        parts.append(text % {"count": taken.held})
    messages.success(request, " ".join(parts))
