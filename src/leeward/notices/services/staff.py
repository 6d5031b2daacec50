"""Letters to our own staff: through the outbox, and once per subject, however often it comes up."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM
from leeward.notices.models import StaffNote
from leeward.notices.services import outbox
from leeward.people import queries as people_queries

STAFF = "staff"


def tell_staff(hotline_id: int, *, what: str, key: str, path: str, roles: Collection[str]) -> int:
    """Write to everybody of a hotline who has one of the roles; return how many. The same key is never told twice."""
    wanted = set(roles)
    return _tell(hotline_id, lambda row: bool(row.roles & wanted), what=what, key=key, path=path)


def tell_person(hotline_id: int, account_id: int, *, what: str, key: str, path: str) -> int:
    """Write to one member of a hotline's staff; return how many. The same key is never told twice."""
    return _tell(hotline_id, lambda row: row.id == account_id, what=what, key=key, path=path)


def _tell(
    hotline_id: int, is_meant: Callable[[people_queries.StaffRow], bool], *, what: str, key: str, path: str
) -> int:
    now = datetime.now(UTC)
    with hotline_transaction(hotline_id):
        if StaffNote.objects.filter(hotline_id=hotline_id, key=key).exists():
            return 0
        recipients = [row for row in people_queries.staff_of(hotline_id) if row.is_active and is_meant(row)]
        for person in recipients:
            note = StaffNote.objects.create(
                hotline_id=hotline_id, person_id=person.id, what=what, key=key, path=path, made_at=now
            )
            outbox.put(STAFF, note.pk, to=person.email, hotline_id=hotline_id, due_at=now, urgent=False)
        if recipients:
            facts = {"what": what, "people": [person.id for person in recipients]}
            record("staff.told", actor=SYSTEM, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)
    return len(recipients)
