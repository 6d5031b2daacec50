"""All writes of the catalogue: entries added, changed, imported, reviewed, removed, and their addresses visited."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.awareness.errors import (
    CatalogueFull,
    EntryExists,
    OfferChanged,
    PartnerExists,
    PartnersFull,
    ReviewUnfinished,
)
from leeward.awareness.harvesting import Harvest, NoAnswer, TooMuch, read
from leeward.awareness.line import visit
from leeward.awareness.models import Partner, Resource
from leeward.awareness.queries import details_of, languages
from leeward.awareness.rules.entries import MOST_ENTRIES, EntryDetails, is_web_address, read_entry
from leeward.awareness.rules.partners import MOST_OFFERED, MOST_PARTNERS, Reading, next_reading
from leeward.awareness.rules.records import NotAFeed
from leeward.awareness.rules.sheet import read_sheet, write_sheet
from leeward.awareness.rules.standing import after_visit, verdict_of
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import cancel, schedule
from leeward.people.errors import FieldIsWrong
from leeward.people.rules.names import tidy_name
from leeward.people.services import authorize

ACT = "material.edit"
CHECK, HARVEST = "awareness.check", "awareness.harvest"
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


def move_visits(resources: list[int], after: datetime, by: timedelta) -> None:
    """Move the next visit of these addresses by `by` if it is later than `after`: the clock that it was set by was ahead."""
    Resource.objects.filter(pk__in=resources, next_at__gt=after).update(next_at=F("next_at") + by)


def move_readings(partners: list[int], after: datetime, by: timedelta) -> None:
    """Do the same for the next reading of these catalogues."""
    Partner.objects.filter(pk__in=partners, next_at__gt=after).update(next_at=F("next_at") + by)


def add_partner(name: str, address: str, *, is_oai: bool, hotline_id: int, actor: Actor) -> int:
    """Have another's catalogue read from now on; return its number. Raises FieldIsWrong, PartnerExists, PartnersFull."""
    authorize(actor, ACT, hotline_id)
    if not is_web_address(address):
        raise FieldIsWrong(field=_("Web address"), why=_("it is not a complete web address."))
    with hotline_transaction():
        if Partner.objects.count() >= MOST_PARTNERS:
            raise PartnersFull(most=MOST_PARTNERS)
        row = Partner(hotline_id=hotline_id, name=tidy_name(name) or address[:120], address=address, is_oai=is_oai)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            raise PartnerExists from error
        _record("partner_catalogue.added", row, actor)
        schedule(HARVEST, subject_id=row.pk, hotline_id=hotline_id)
    return row.pk


def remove_partner(number: int, *, actor: Actor) -> None:
    """Read another's catalogue no more; what was added from it stays. Raises NotFound."""
    with hotline_transaction():
        row = _partner(number, actor)
        cancel(HARVEST, subject_id=row.pk, hotline_id=row.hotline_id)
        _record("partner_catalogue.removed", row, actor)
        row.delete()


def read_soon(number: int, *, actor: Actor) -> None:
    """Have another's catalogue read as soon as a worker is free. Raises NotFound."""
    with hotline_transaction():
        row = _partner(number, actor)
        row.next_at = datetime.now(UTC)
        row.save(update_fields=["next_at"])
        schedule(HARVEST, subject_id=row.pk, hotline_id=row.hotline_id)
        _record("partner_catalogue.asked_for", row, actor)


def read_partner(number: int) -> datetime | None:
    """Read another's catalogue if it is due, and keep as a table what ours doesn't have; nothing is added to ours.

    Returns when to read it next (None: never). Safe to run twice. Where nothing can be read, what was offered stays.
    """
    row = Partner.objects.filter(pk=number).first()
    if row is None:
        return None
    if row.next_at is not None and row.next_at > datetime.now(UTC):
        return row.next_at
    reading, found = _reading_of(row)
    now = datetime.now(UTC)
    with hotline_transaction():
        current = Partner.objects.select_for_update().filter(pk=number).first()
        if current is None or current.read_at != row.read_at:
            return current.next_at if current else None
        current.reading, current.read_at, current.next_at = reading, now, next_reading(reading, now)
        if found is not None:
            known = set(Resource.objects.values_list("sha256", flat=True))
            new = [one for one in found.entries if digest_of(one.key) not in known]
            current.offered = write_sheet(new[:MOST_OFFERED]) if new else ""
            current.new, current.left_out = len(new), len(found.left_out)
        current.save()
        return current.next_at


def take_offered(number: int, *, seen: str, actor: Actor) -> int:
    """Add what a partner's catalogue offers, unreviewed; return how many. `seen` is the digest of the table that was
    shown. Raises NotFound, OfferChanged, CatalogueFull.
    """
    with hotline_transaction():
        row = _partner(number, actor)
        if not row.offered or seen != digest_of([row.offered]):
            raise OfferChanged
        lines = read_sheet(row.offered)
        found = [details for line in lines if (details := read_entry(line.cells, languages())[0])]
        added = import_entries(found, hotline_id=row.hotline_id, actor=actor)
        row.new, row.offered = max(row.new - len(found), 0), ""
        row.next_at = datetime.now(UTC) if row.new else row.next_at
        row.save(update_fields=["new", "offered", "next_at"])
        if row.new:
            schedule(HARVEST, subject_id=row.pk, hotline_id=row.hotline_id)
    return added


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


def _partner(number: int, actor: Actor) -> Partner:
    row = Partner.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NotFound(what=_("catalogue"))
    authorize(actor, ACT, row.hotline_id)
    return row


def _reading_of(row: Partner) -> tuple[Reading, Harvest | None]:
    try:
        return "read", read(row.address, is_oai=row.is_oai)
    except NoAnswer:
        return "no_answer", None
    except TooMuch:
        return "too_much", None
    except NotAFeed:
        return "not_material", None


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


def _record(event: str, row: Resource | Partner, actor: Actor, facts: dict[str, object] | None = None) -> None:
    subject = f"{'learning' if isinstance(row, Resource) else 'partner_catalogue'}:{row.pk}"
    record(event, actor=actor, hotline_id=row.hotline_id, subject=subject, facts=facts or {})
