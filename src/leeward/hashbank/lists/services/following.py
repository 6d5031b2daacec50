"""Which versions subscribers hold and what is wrong: recorded at each fetch, checked every hour."""

from datetime import UTC, datetime

from leeward.audit.services import hotline_transaction
from leeward.audit.services import record as audit
from leeward.foundation.actor import SYSTEM
from leeward.hashbank.models import HashList, ListReader
from leeward.hashbank.queries import ReaderRow, reader_rows, readers
from leeward.hashbank.rules.freshness import alarm_of
from leeward.hashbank.scene import hotline_here
from leeward.jobs.services import publish_event


def keep_readers(row: HashList, *, now: datetime) -> None:
    """Make sure there is one row for each key that may fetch a list and none for others; existing rows are kept."""
    there = set(ListReader.objects.filter(list=row).values_list("key_id", flat=True))
    ListReader.objects.filter(list=row, key_id__in=there.difference(row.readers)).delete()
    fresh = [ListReader(hotline_id=row.hotline_id, list=row, key_id=key, since=now) for key in row.readers]
    ListReader.objects.bulk_create([one for one in fresh if one.key_id not in there], ignore_conflicts=True)


def note_fetch(row: HashList, key_id: int, *, form: str, version: int) -> None:
    """Record that a key now holds this version. It is not an action of a person, so it is not in the audit log."""
    now = datetime.now(UTC)
    values = {"form": form, "version": version, "at": now, "failed_at": None, "failure": ""}
    mine = ListReader.objects.filter(list=row, key_id=key_id)
    if not mine.update(**values):
        keep_readers(row, now=now)
        mine.update(**values)


def note_refusal(row: HashList, key_id: int, code: str) -> None:
    """Record a refused fetch: since when the key has been failing, and the latest reason."""
    mine = ListReader.objects.filter(list=row, key_id=key_id)
    mine.update(failure=code[:40])
    mine.filter(failed_at=None).update(failed_at=datetime.now(UTC))


def watch_readers(*, now: datetime) -> int:
    """Check every key of every list and raise or clear its alarm; return how many have one now."""
    for row in HashList.objects.filter(hotline_id=hotline_here()):
        keep_readers(row, now=now)
    return sum(_set_alarm(row, now) for row in reader_rows(list(readers())))


def _set_alarm(row: ReaderRow, now: datetime) -> bool:
    alarm = alarm_of(row.standing(now.date()), now)
    if alarm != row.alarm:
        hotline_id = hotline_here()
        event = "hash_reader.alarmed" if alarm else "hash_reader.calmed"
        with hotline_transaction(hotline_id):
            ListReader.objects.filter(pk=row.id).update(alarm=alarm, alarm_at=now if alarm else None)
            facts = {"alarm": alarm or "none", "list": row.list_id, "key": row.key_id}
            audit(event, actor=SYSTEM, hotline_id=hotline_id, subject=f"hash_reader:{row.id}", facts=facts)
            publish_event(event, subject_id=row.id, hotline_id=hotline_id)
    return bool(alarm)
