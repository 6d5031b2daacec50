"""Looking whether a thing is still there: light, and without keeping more than the verdict."""

from django.conf import settings

from leeward.hosting.looking import Look, client, look_at
from leeward.hosting.models import Fetch, FoundFile, Location
from leeward.hosting.rows import Probe
from leeward.hosting.rules.comparison import GONE_STATUS, Content, compare

GONE_OUTCOMES = frozenset({"no_such_name", "no_address"})
FILES_COMPARED = 40


def probe(location_id: int) -> Probe:
    """Look once, and compare with the last look that saw content. Gone is 404, 410 or no such name; changed is other content;
    everything that doesn't tell (time-outs, 403, 429, errors of the server) is unreachable."""
    place = Location.objects.get(pk=location_id)
    if place.kind not in ("url", "onion"):
        return Probe("unreachable", reason="no_host")
    before = _last_content(location_id)
    look = look_at(place.display, place.access, most_files=FILES_COMPARED if before else 0)
    answer = look.answer
    if answer.outcome in GONE_OUTCOMES:
        return Probe("gone", None, answer.outcome)
    if answer.outcome != "answered":
        return Probe("unreachable", answer.status or None, answer.outcome)
    if answer.status in GONE_STATUS:
        return Probe("gone", answer.status, "not_there")
    if not 200 <= answer.status < 300 or look.reason in ("log_in", "password"):
        return Probe("unreachable", answer.status, look.reason or "refused")
    if before is None:
        return Probe("same", answer.status, "nothing_to_compare")
    verdict, distance = compare(before, _content(look))
    if verdict == "changed" and _files_silent(look):
        return Probe("unreachable", answer.status, "files_unreachable", distance)
    return Probe(verdict, answer.status, "" if verdict == "same" else "other_content", distance)


def control_answers() -> bool:
    """Whether the control address answers, so that a miss elsewhere is not our own outage."""
    with client() as asks:
        answer = asks.get(settings.LEEWARD.control_url, seconds=10.0, max_bytes=1_000_000)
    return answer.outcome in ("answered", "too_large") and answer.status < 500


def _last_content(location_id: int) -> Content | None:
    row = Fetch.objects.filter(location_id=location_id).exclude(sha256="").order_by("-at", "-pk").first()
    if row is None:
        return None
    files = list(FoundFile.objects.filter(fetch=row).exclude(sha256="").order_by("position")[:200])
    return Content(
        row.sha256,
        frozenset(file.sha256 for file in files),
        tuple(file.pdq for file in files if file.pdq)[:FILES_COMPARED],
    )


def _content(look: Look) -> Content:
    made = [seen.fingerprint for seen in look.files if seen.fingerprint is not None]
    return Content(look.sha256, frozenset(one.sha256 for one in made), tuple(one.pdq for one in made if one.pdq))


def _files_silent(look: Look) -> bool:
    """Whether the page still names files but none could be fetched: then it doesn't tell."""
    return bool(look.files) and all(
        seen.fingerprint is None and not seen.problem.startswith("status_4") for seen in look.files
    )
