"""Fetching: look at what is there, keep fingerprints, let go of the rest."""

from datetime import UTC, datetime

from leeward.audit.services import record, turn
from leeward.ground.actor import SYSTEM
from leeward.hosting.looking import Look, Seen, look_at
from leeward.hosting.models import Fetch, FoundFile, Location
from leeward.hosting.queries import latest_fetch
from leeward.hosting.rows import FetchRow

FETCHABLE = ("url", "onion")


def fetch(location_id: int) -> FetchRow | None:
    """Look at what is at a place now and keep what was seen; a failure is kept as well. None for things that can't be fetched
    (shared files, accounts, numbers). No transaction is open while the network is asked."""
    place = Location.objects.get(pk=location_id)
    if place.kind not in FETCHABLE:
        return None
    at = datetime.now(UTC)
    look = look_at(place.display, place.access)
    keep(place, look, at)
    return latest_fetch(location_id)


def keep(place: Location, look: Look, at: datetime) -> int:
    """Write down one look; return its number."""
    answer = look.answer
    with turn():
        row = Fetch.objects.create(
            hotline_id=place.hotline_id,
            location=place,
            at=at,
            outcome=answer.outcome,
            reason=look.reason[:32],
            status=answer.status,
            final_url=answer.url[:8000],
            content_type=answer.content_type,
            bytes=len(answer.body),
            sha256=look.sha256,
            words=look.words,
            files_named=look.files_named,
            tls_problem=answer.tls_problem[:120],
            duration_ms=answer.duration_ms,
        )
        FoundFile.objects.bulk_create(
            [_file(row, number, seen) for number, seen in enumerate(look.files, start=1)], batch_size=200
        )
        record(
            "location.fetched",
            actor=SYSTEM,
            hotline_id=place.hotline_id,
            subject=f"location:{place.pk}",
            facts={"fetch": row.pk, "outcome": answer.outcome, "status": answer.status, "files": len(look.files)},
        )
    return row.pk


def _file(row: Fetch, number: int, seen: Seen) -> FoundFile:
    made = seen.fingerprint
    found = FoundFile(
        hotline_id=row.hotline_id,
        fetch=row,
        position=number,
        url=seen.url,
        media=seen.kind,
        problem=seen.problem[:32],
        content_type=seen.content_type[:100],
    )
    if made is not None:
        found.bytes, found.width, found.height = made.bytes, made.width, made.height
        found.md5, found.sha1, found.sha256 = made.md5, made.sha1, made.sha256
        found.pdq, found.pdq_quality, found.pdq_nn512 = made.pdq, made.pdq_quality, made.pdq_nn512
        found.licensed = dict(made.licensed)
    return found
