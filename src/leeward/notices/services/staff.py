"""Letters to our own staff: through the outbox, and once per subject, however often it comes up. Whoever asks for many
things that a second person has to confirm floods nobody: the first letter goes at once, the others become one."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM
from leeward.notices.models import Alert, SentSince, StaffNote
from leeward.notices.queries.persons import letters_to_staff, mails_from_staff
from leeward.notices.services import outbox
from leeward.people import queries as people_queries

STAFF = "staff"
TOGETHER = timedelta(minutes=10)


def tell_staff(hotline_id: int, *, what: str, key: str, path: str, roles: Collection[str], list_path: str = "") -> int:
    """Write to everybody of a hotline who has one of the roles; return how many. The same key is never told twice.

    With `list_path`, what comes up within ten minutes of a letter that says the same is told in one more letter when
    they are over, which leads to the list.
    """
    wanted = set(roles)
    return _tell(hotline_id, lambda row: bool(row.roles & wanted), what=what, key=key, path=path, list_path=list_path)


def tell_person(hotline_id: int, account_id: int, *, what: str, key: str, path: str) -> int:
    """Write to one member of a hotline's staff; return how many. The same key is never told twice."""
    return _tell(hotline_id, lambda row: row.id == account_id, what=what, key=key, path=path)


def _tell(
    hotline_id: int,
    is_meant: Callable[[people_queries.StaffRow], bool],
    *,
    what: str,
    key: str,
    path: str,
    list_path: str = "",
) -> int:
    at = now = datetime.now(UTC)
    with hotline_transaction(hotline_id):
        if StaffNote.objects.filter(hotline_id=hotline_id, key=key).exists():
            return 0
        newest = _newest(hotline_id, what, now) if list_path else None
        if newest is not None:
            if newest > now:
                return 0  # a letter that leads to the list is still to go
            at, path = newest + TOGETHER, list_path
        recipients = [row for row in people_queries.staff_of(hotline_id) if row.is_active and is_meant(row)]
        for person in recipients:
            note = StaffNote.objects.create(
                hotline_id=hotline_id, person_id=person.id, what=what, key=key, path=path, made_at=at
            )
            outbox.put(STAFF, note.pk, to=person.email, hotline_id=hotline_id, due_at=at, urgent=False)
        if recipients:
            facts = {"what": what, "people": [person.id for person in recipients]}
            record("staff.told", actor=SYSTEM, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)
    return len(recipients)


def _newest(hotline_id: int, what: str, now: datetime) -> datetime | None:
    """Return when the newest letter that says this goes or went, if that is less than ten minutes from now."""
    around = (now - TOGETHER, now + TOGETHER)
    notes = StaffNote.objects.filter(hotline_id=hotline_id, what=what, made_at__gt=around[0], made_at__lte=around[1])
    found: datetime | None = notes.order_by("-made_at").values_list("made_at", flat=True).first()
    return found


def erase_address(account_id: int, email: str, hotline_id: int) -> int:
    """Take the address of somebody who left out of every letter to them and every mail from them, in the caller's transaction, which
    logs it; no letter is sent any more. Return how many letters and mails it was."""
    nobody = f"erased-{account_id}@erased.invalid"
    letters = letters_to_staff(account_id, email, hotline_id)
    letters.filter(state__in=(*outbox.UNSENT, *outbox.STUCK)).update(state="stopped")
    gone: int = letters.update(to=nobody)
    Alert.objects.filter(hotline_id=hotline_id, to=email).update(to=nobody)
    SentSince.objects.filter(to__iexact=email).update(to=nobody)
    gone += mails_from_staff(email, hotline_id).update(sender=nobody)
    return gone
