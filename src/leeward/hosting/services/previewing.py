"""Shows a picture small, grey and blurred, in memory: fetched again, compared with the recorded one, and discarded. A
video becomes a strip of such pictures, without sound."""

from django.utils.translation import gettext as _

from leeward.foundation.errors import NotFound
from leeward.foundation.http import Kind
from leeward.foundation.sandbox import Finding
from leeward.hosting.errors import PreviewImpossible
from leeward.hosting.fetching.files import LIMITS_OF_PAGES, distance_bits, fingerprint, is_video, small
from leeward.hosting.fetching.in_memory import client
from leeward.hosting.fetching.strips import strip_of
from leeward.hosting.models import FoundFile
from leeward.hosting.rows import Preview
from leeward.hosting.rules.comparison import LEAST_QUALITY, SAME_PICTURE_BITS

WIDTH = 320


def preview(file_id: int, *, width: int = WIDTH, blurred: bool = True, part: float = 1.0, page: int = 1) -> Preview:
    """Fetch a recorded picture or video again and return it small (never more than 320 pixels wide) and grey; for a
    video, one page of its strip (`rules/strip.py`). Raises PreviewImpossible if it is gone, can't be drawn, or can't be
    reached. Nothing is written or stored."""
    row = FoundFile.objects.select_related("fetch").filter(pk=file_id).first()
    if row is None:
        raise NotFound(what=_("picture"))
    with client() as asks:
        wanted: Kind = "video" if row.media == "video" else "image"
        answer = asks.get(row.url, referrer=row.fetch.final_url, kind=wanted)
    had = ("answered", "cut_short") if row.media == "video" else ("answered",)  # the start of a long video is enough
    if answer.outcome not in had or not 200 <= answer.status < 300:
        raise PreviewImpossible(why=_("it is not there any more, or can’t be reached now"))
    if is_video(answer.body):
        strip = strip_of(answer.body, width=min(width, WIDTH), blurred=blurred, part=part, page=page)
        if isinstance(strip, Finding):
            raise PreviewImpossible(why=_("it could not be decoded: %(why)s") % {"why": strip.why})
        if strip is None:
            nothing = _("no picture of this video can be drawn")
            raise PreviewImpossible(why=_("no picture of this part of the video can be drawn") if page > 1 else nothing)
        changed = _changed(row, answer.body)
        return Preview(strip.png, changed, strip.frames, strip.seconds, strip.pages, strip.is_cut)
    made = small(answer.body, width=min(width, WIDTH), blurred=blurred, part=part)
    if isinstance(made, Finding):
        raise PreviewImpossible(why=_("it could not be decoded: %(why)s") % {"why": made.why})
    if made is None:
        raise PreviewImpossible(why=_("it is not a picture that can be drawn"))
    return Preview(made, changed=_changed(row, answer.body))


def _changed(row: FoundFile, body: bytes) -> bool:
    if not row.sha256:
        return False
    now = fingerprint(body, limits=LIMITS_OF_PAGES)
    if now.sha256 == row.sha256:
        return False
    is_comparable = row.pdq and now.pdq and min(row.pdq_quality, now.pdq_quality) >= LEAST_QUALITY
    return not (is_comparable and distance_bits(row.pdq, now.pdq) <= SAME_PICTURE_BITS)
