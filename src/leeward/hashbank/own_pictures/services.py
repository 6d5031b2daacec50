"""Put fingerprints of a person's own picture into the list, and take them out again; all in the hotline's scope."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.db.models import F
from django_scopes import scope

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM
from leeward.hashbank.models import OwnPictureHash
from leeward.hashbank.records.queries.looking_up import known_many
from leeward.hashbank.rules.flood import LEAST_MATCHES
from leeward.hashbank.rules.kinds import KINDS, Hash, key_of
from leeward.hashbank.scene import hotline_here
from leeward.jobs.services import erased, publish_event

MATCHES_MUCH = "own_picture.matches_much"
MOST_A_DAY = 2_000
"""Fingerprints that the list takes in a day. What comes beyond waits for the next day: a flood fills no list."""


def keep_own_pictures(report_id: int, files: Sequence[Sequence[Hash]], *, now: datetime, until: datetime) -> int | None:
    """Put the fingerprints of a report into the list; return how many are there, or None if today's room is used up.

    A file that is like a known harmless picture, such as a logo, is left out: it would match what belongs to everybody.
    Idempotent.
    """
    known = known_many(files) if files else []
    good = {place: hashes for place, hashes in enumerate(files) if not any(row.is_harmless for row in known[place])}
    hotline_id = hotline_here()
    with hotline_transaction():
        mine = OwnPictureHash.objects.filter(hotline_id=hotline_id)
        if there := mine.filter(report_id=report_id).count():
            return there
        rows = [
            OwnPictureHash(
                hotline_id=hotline_id,
                report_id=report_id,
                file=place,
                kind=KINDS[one.kind].number,
                key=key_of(one.value),
                value=one.value,
                quality=one.quality,
                second=None if one.second is None else int(one.second),
                at=now,
                until=until,
            )
            for place, hashes in good.items()
            for one in hashes
        ]
        if rows and mine.filter(at__gt=now - timedelta(days=1), at__lte=now).count() + len(rows) > MOST_A_DAY:
            return None
        OwnPictureHash.objects.bulk_create(rows)
        facts = {"files": len(good), "fingerprints": len(rows), "harmless": len(files) - len(good)}
        _note("own_picture.kept", report_id, facts)
    return len(rows)


def note_own_matches(counts: Mapping[int, int], *, now: datetime | None = None) -> set[int]:
    """Count matches of fingerprints (number -> how many uploads); return those that matched more uploads today than a
    picture in wide circulation does. Of one that has just come to that, the desk hears.

    It goes on matching: whoever wants a picture not found could otherwise upload it often.
    """
    today = (now or datetime.now(UTC)).date()
    common: set[int] = set()
    with hotline_transaction():
        for number, count in counts.items():
            row = OwnPictureHash.objects.filter(hotline_id=hotline_here(), pk=number)
            if not row.filter(matched_on=today).update(matches=F("matches") + count):
                row.update(matched_on=today, matches=count)
            for matches, report_id in row.filter(matches__gt=LEAST_MATCHES).values_list("matches", "report_id"):
                common.add(number)
                if matches - count <= LEAST_MATCHES:
                    publish_event(MATCHES_MUCH, subject_id=report_id, hotline_id=hotline_here())
                    _note(MATCHES_MUCH, report_id, {"matches": matches})
    return common


def forget_own_pictures(report_id: int) -> int:
    """Delete the fingerprints that a report brought, so that no look-up and no fetch of the list finds them any more;
    return how many there were. Idempotent.
    """
    with hotline_transaction():
        gone, _by_table = OwnPictureHash.objects.filter(hotline_id=hotline_here(), report_id=report_id).delete()
        if gone:
            erased(OwnPictureHash)
            _note("own_picture.forgotten", report_id, {"fingerprints": gone})
    return gone


def hand_over_own_pictures(report_id: int, *, to_hotline_id: int, to_report_id: int) -> int:
    """Put the fingerprints of a report into the list of the hotline that the report went to, in the caller's transaction;
    return how many. They are kept there until the same day.
    """
    mine = OwnPictureHash.objects.filter(hotline_id=hotline_here(), report_id=report_id)
    count = mine.update(hotline_id=to_hotline_id, report_id=to_report_id)
    if count:
        _note("own_picture.handed_over", report_id, {"fingerprints": count, "to": to_hotline_id})
        with scope(hotline=to_hotline_id):
            _note("own_picture.taken_over", to_report_id, {"fingerprints": count})
    return count


def reports_over(now: datetime) -> list[int]:
    """Return the reports whose fingerprints have been kept for as long as was promised."""
    over = OwnPictureHash.objects.filter(hotline_id=hotline_here(), until__lt=now)
    return sorted(set(over.values_list("report_id", flat=True)))


def _note(event: str, report_id: int, facts: dict[str, int]) -> None:
    record(event, actor=SYSTEM, hotline_id=hotline_here(), subject=f"report:{report_id}", facts=facts)
