"""All writes of the catalogue: entries added, changed, imported, reviewed, removed, and their addresses visited."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.awareness.errors import CatalogueFull, EntryExists, ReviewUnfinished
from leeward.awareness.line import visit
from leeward.awareness.models import Resource
from leeward.awareness.queries import details_of
from leeward.awareness.rules.entries import MOST_ENTRIES, EntryDetails
from leeward.awareness.rules.standing import after_visit, verdict_of
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import cancel, schedule
from leeward.people.errors import FieldIsWrong
from leeward.people.services import authorize

ACT = "material.edit"
CHECK = "awareness.check"
MOST_NOTE = 400


def add_entry(details: EntryDetails, *, hotline_id: int, actor: Actor) -> int:
    """Add an entry, unreviewed and unchecked; return its number. Raises EntryExists, CatalogueFull."""
    authorize(actor, ACT, hotline_id)
    with hotline_transaction():
        _room_for(1)
        row = Resource(hotline_id=hotline_id)
        _take(row, details)
        _save(row)
        _record("learning_entry.added", row, actor)
        schedule(CHECK, subject_id=row.pk, hotline_id=hotline_id)
    return row.pk


def change_entry(number: int, details: EntryDetails, *, actor: Actor) -> None:
    """Change an entry. With another title, address, audience or age it has to be reviewed anew, and with another title or
    address checked anew. Raises NotFound, EntryExists.
    """
    with hotline_transaction():
        row = _row(number, actor)
        before, place = details_of(row).judged, (row.sha256, row.address)
        _take(row, details)
        if details.judged != before:
            _forget_review(row)
        if (row.sha256, row.address) != place:
            row.link, row.misses, row.checked_at, row.next_at = "unchecked", 0, None, None
        _save(row)
        _record("learning_entry.changed", row, actor)
        if row.next_at is None:
            schedule(CHECK, subject_id=row.pk, hotline_id=row.hotline_id)


def remove_entry(number: int, *, actor: Actor) -> None:
    """Remove an entry; the log keeps its number. Raises NotFound."""
    with hotline_transaction():
        row = _row(number, actor)
        cancel(CHECK, subject_id=row.pk, hotline_id=row.hotline_id)
        _record("learning_entry.removed", row, actor)
        row.delete()


def import_entries(rows: Sequence[EntryDetails], *, hotline_id: int, actor: Actor) -> int:
    """Add those entries that the catalogue doesn't have, all or none; return how many. Raises CatalogueFull."""
    authorize(actor, ACT, hotline_id)
    with hotline_transaction():
        known = set(Resource.objects.values_list("sha256", flat=True))
        new = {digest: row for row in rows if (digest := digest_of(row.key)) not in known}
        _room_for(len(new))
        made = []
        for details in new.values():
            row = Resource(hotline_id=hotline_id)
            _take(row, details)
            made.append(row)
        for row in Resource.objects.bulk_create(made, batch_size=500):
            schedule(CHECK, subject_id=row.pk, hotline_id=hotline_id)
        record(
            "learning_entries.imported",
            actor=actor,
            hotline_id=hotline_id,
            subject=f"hotline:{hotline_id}",
            facts={"rows": len(rows), "added": len(made)},
        )
    return len(made)


def note_export(count: int, *, hotline_id: int, actor: Actor) -> None:
    """Record in the log that the catalogue was downloaded."""
    authorize(actor, ACT, hotline_id)
    with hotline_transaction():
        record(
            "learning_entries.exported",
            actor=actor,
            hotline_id=hotline_id,
            subject=f"hotline:{hotline_id}",
            facts={"rows": count},
        )


def review_entry(number: int, answers: Mapping[str, bool], note: str, *, seen: str, actor: Actor) -> str:
    """Review an entry against every criterion; return `good` or `refused`. `seen` is the mark (`mark_of`) of what the
    reviewer had before them. Raises ReviewUnfinished, NotFound, and FieldIsWrong if the entry says something else by now.
    """
    verdict = verdict_of(answers)
    if not verdict:
        raise ReviewUnfinished(why=_("answer every criterion"))
    if verdict == "refused" and not note.strip():
        raise ReviewUnfinished(why=_("say in a sentence why it is refused"))
    if len(note) > MOST_NOTE:
        raise ReviewUnfinished(why=_("the note is longer than %(most)s characters") % {"most": MOST_NOTE})
    with hotline_transaction():
        row = _row(number, actor)
        if seen != mark_of(details_of(row)):
            raise FieldIsWrong(field=_("Learning material"), why=_("it was changed in the meantime."))
        row.verdict, row.answers, row.note = verdict, dict(answers), " ".join(note.split())
        row.reviewed_by_id, row.reviewed_at = actor.id, datetime.now(UTC)
        row.save()
        _record("learning_entry.reviewed", row, actor, {"verdict": verdict})
    return verdict


def check_soon(number: int, *, actor: Actor) -> None:
    """Have the address visited as soon as a worker is free. Raises NotFound."""
    with hotline_transaction():
        row = _row(number, actor)
        row.next_at = datetime.now(UTC)
        row.save(update_fields=["next_at"])
        schedule(CHECK, subject_id=row.pk, hotline_id=row.hotline_id)
        _record("learning_check.requested", row, actor)


def check_address(number: int) -> datetime | None:
    """Visit the address if it is due and keep what came of it; return when to visit it next (None: never).

    Safe to run twice: of two that visit at the same time, the second keeps nothing.
    """
    row = Resource.objects.filter(pk=number).first()
    if row is None:
        return None
    if row.next_at is not None and row.next_at > datetime.now(UTC):
        return row.next_at
    answer, now = visit(row.address), datetime.now(UTC)
    with hotline_transaction():
        current = Resource.objects.select_for_update().filter(pk=number).first()
        if current is None or (current.checked_at, current.address) != (row.checked_at, row.address):
            return current.next_at if current else None
        current.link, current.misses, current.next_at = after_visit(current.misses, answer, now)
        current.checked_at = now
        current.save(update_fields=["link", "misses", "next_at", "checked_at"])
        return current.next_at


def digest_of(key: Sequence[str]) -> str:
    """Return what is stored of the key of an entry."""
    return hashlib.sha256("\n".join(key).encode()).hexdigest()


def mark_of(details: EntryDetails) -> str:
    """Return a mark of what a review is about, by which one of an older version is known."""
    return digest_of(details.judged)


def _row(number: int, actor: Actor) -> Resource:
    row = Resource.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NotFound(what=_("entry"))
    authorize(actor, ACT, row.hotline_id)
    return row


def _room_for(more: int) -> None:
    if Resource.objects.count() + more > MOST_ENTRIES:
        raise CatalogueFull(most=MOST_ENTRIES)


def _take(row: Resource, details: EntryDetails) -> None:
    row.title, row.publisher, row.address = details.title, details.publisher, details.address
    row.sha256 = digest_of(details.key)
    for name in ("audiences", "topics", "languages"):
        words = getattr(details, name)
        setattr(row, name, f" {' '.join(words)} " if words else " ")
    row.age_from, row.age_to, row.form = details.age_from, details.age_to, details.form
    row.licence, row.source = details.licence, details.source


def _forget_review(row: Resource) -> None:
    row.verdict, row.answers, row.note, row.reviewed_by_id, row.reviewed_at = "", {}, "", None, None


def _save(row: Resource) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise EntryExists from error


def _record(event: str, row: Resource, actor: Actor, facts: dict[str, object] | None = None) -> None:
    subject = f"learning:{row.pk}"
    record(event, actor=actor, hotline_id=row.hotline_id, subject=subject, facts=facts or {})
