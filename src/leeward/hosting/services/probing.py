"""Checks whether something is still there, with little traffic, and stores only the verdict."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings

from leeward.audit.services import hotline_transaction
from leeward.hosting.fetching.in_memory import FetchResult, client, fetch_page
from leeward.hosting.models import Fetch, Finding, FoundFile, Location
from leeward.hosting.rows import Probe
from leeward.hosting.rules.comparison import GONE_STATUS, Content, Print, compare
from leeward.hosting.rules.registration import is_suspended
from leeward.hosting.rules.whereabouts import listed
from leeward.hosting.services.healing import heal_soon
from leeward.hosting.services.locating import locate
from leeward.hosting.services.places import access_of

GONE_OUTCOMES = frozenset({"no_such_name", "no_address"})
FILES_COMPARED = 40
NAME_MOST_OLD = timedelta(minutes=15)  # of what a registry answered, when a name is gone
_CLEAR_SIGNS = frozenset({"status_404", "status_410", "no_such_name", "no_address"})


def probe(location_id: int) -> Probe:
    """Visit once, and compare with the last visit that saw content. Gone is 404, 410 or no such name; changed is other
    content; everything inconclusive (time-outs, 403, 429, server errors) is unreachable. Where it is hosted is looked up anew if its
    name led nowhere when that was asked, and leads here now."""
    place = Location.objects.get(pk=location_id)
    if place.kind not in ("url", "onion"):
        return Probe("unreachable", reason="no_host")
    last = Fetch.objects.filter(location_id=location_id).exclude(sha256="").order_by("-at", "-pk").first()
    files = list(FoundFile.objects.filter(fetch=last).exclude(sha256="").order_by("position")[:200]) if last else []
    first, most = [file.url for file in files], FILES_COMPARED if files else 0
    access = access_of(place)
    result = fetch_page(place.display, access, most_files=most, first=first)
    verdict = _without_content(result) or _compared(last, files, result)
    if verdict.outcome in ("same", "changed") and _led_nowhere(place):
        with hotline_transaction():
            heal_soon(place, datetime.now(UTC))
    if verdict.reason not in GONE_OUTCOMES or not _is_suspended(place):
        return verdict
    if last is None:
        return Probe("unreachable", reason="name_suspended")
    # The name is held: the host is visited where it was. Whatever else answers there now proves nothing.
    there = {place.host: _last_address(place)}
    result = fetch_page(place.display, access, most_files=most, first=first, known=there if there[place.host] else {})
    at_host = _without_content(result) or _compared(last, files, result)
    return at_host if at_host.outcome == "same" else Probe("unreachable", at_host.status, "name_suspended")


def _led_nowhere(place: Location) -> bool:
    newest = Finding.objects.filter(location=place, kind="name_problem").order_by("-at", "-pk").first()
    return newest is not None and newest.value != ""


def _last_address(place: Location) -> str:
    newest = Finding.objects.filter(location=place, kind="ip").exclude(value="").order_by("-at", "-pk").first()
    return newest.value if newest else ""


def _is_suspended(place: Location) -> bool:
    """Return whether the name of a place is held by its registry: then it leads nowhere, and the content can still be up."""
    locate(place.pk, at_most_old=NAME_MOST_OLD)
    newest = Finding.objects.filter(location=place, kind="domain_status").order_by("-at", "-pk").first()
    return newest is not None and is_suspended(listed(newest.value))


def _without_content(result: FetchResult) -> Probe | None:
    """Return the verdict if no content came, else None."""
    answer, status = result.answer, result.answer.status or None
    if answer.outcome in GONE_OUTCOMES:
        return Probe("gone", None, answer.outcome)
    if answer.outcome not in ("answered", "cut_short"):
        return Probe("unreachable", status, answer.outcome)
    if answer.status in GONE_STATUS:
        return Probe("gone", status, "not_there")
    is_unread = result.reason in ("log_in", "password") or result.reason.startswith("page_")
    if not 200 <= answer.status < 300 or is_unread:
        return Probe("unreachable", status, result.reason or "refused")
    return None


def _compared(last: Fetch | None, files: Sequence[FoundFile], result: FetchResult) -> Probe:
    status = result.answer.status
    if last is None:
        return Probe("same", status, "nothing_to_compare")
    before = Content(
        last.sha256,
        last.text_print,
        tuple(Print(one.sha256, one.pdq, one.pdq_quality, min(one.width, one.height)) for one in files),
    )
    verdict, distance = compare(before, _content(result))
    if verdict == "changed" and (result.answer.outcome == "cut_short" or _is_silent(result, files)):
        return Probe("unreachable", status, "files_unreachable", distance)
    return Probe(verdict, status, "" if verdict == "same" else "other_content", distance)


def control_answers() -> bool:
    """Return whether the control address answers, so that a failure elsewhere is not our own outage."""
    with client() as asks:
        answer = asks.get(settings.LEEWARD.control_url, seconds=10.0, max_bytes=1_000_000)
    return answer.outcome in ("answered", "too_large") and answer.status < 500


def _content(result: FetchResult) -> Content:
    made = [seen.fingerprint for seen in result.files if seen.fingerprint is not None]
    prints = tuple(Print(one.sha256, one.pdq, one.pdq_quality, min(one.width, one.height)) for one in made)
    return Content(result.sha256, result.text_print, prints)


def _is_silent(result: FetchResult, files: Sequence[FoundFile]) -> bool:
    """Return whether the known files (or, if the page names none of them, any) were unavailable for an inconclusive
    reason."""
    known = {file.url for file in files}
    checked = [seen for seen in result.files if seen.url in known] or result.files
    return any(
        seen.problem not in _CLEAR_SIGNS and (seen.fingerprint is None or seen.problem.startswith("decoder_"))
        for seen in checked
    )
