"""Read records, banks and imports. Everything is within the scope of the current hotline."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leeward.foundation.errors import NotFound
from leeward.hashbank.models import (
    Bank,
    Import,
    Investigation,
    Membership,
    Quarantine,
    Record,
    RecordHash,
    Ruling,
    Sighting,
    Upload,
    Vote,
    VoteChange,
)
from leeward.hashbank.records.live import folder
from leeward.hashbank.records.marks import mark_of_back
from leeward.hashbank.records.queries.looking_up import classification_of
from leeward.hashbank.records.rows import (
    BankRow,
    HashRow,
    InvestigationRow,
    RecordRow,
    ReturnRow,
    RulingRow,
    VoteChangeRow,
    VoteRow,
)
from leeward.hashbank.records.votes import name_of, prospect, ruling_of, source_facts, vote_of
from leeward.hashbank.rules.kinds import KIND_NAMES, KINDS, LEAST_QUALITY, LIKENESS, written
from leeward.hashbank.rules.standing import HARMLESS_STATE, ILLEGAL_STATES, Standing, standing
from leeward.hashbank.scene import hotline_here
from leeward.people.queries import staff_names
from leeward.people.rules.reading import mark_of

_LIKENESS = tuple(KINDS[name].number for name in LIKENESS)


def record(record_id: int, *, agency: str = "") -> RecordRow:
    """Return everything about one record; restricted investigations only for their own `agency`. Raises NotFound."""
    row = Record.objects.filter(pk=record_id).first()
    if row is None:
        raise NotFound(what=_("record"))
    names = banks_of(record_id)
    votes = list(Vote.objects.filter(record_id=record_id).select_related("source", "via").order_by("at", "id"))
    rulings = list(Ruling.objects.filter(record_id=record_id, ended_at__isnull=True))
    waiting = next((one for one in rulings if _waits(one)), None)
    counting = next((one for one in rulings if not _waits(one)), None)
    given = _standing(votes, counting)
    open_to_all = Investigation.objects.filter(record_id=record_id).order_by("-at", "-id")
    return RecordRow(
        id=row.pk,
        bank=names[0] if names else "",
        banks=names,
        is_harmless=given.state == HARMLESS_STATE,
        state=given.state,
        is_baseline=given.is_baseline,
        media=row.media,
        facts=given.facts,
        classification=classification_of(given.facts),
        series=row.series,
        victim_status=row.victim_status,
        offender_status=row.offender_status,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        brought_by=row.brought_by,
        hashes=hashes_of(record_id),
        votes=tuple(_vote_row(vote) for vote in votes),
        investigations=tuple(
            InvestigationRow(one.pk, one.agency, one.reference, one.contact, one.outcome, one.restricted, one.at)
            for one in open_to_all
            if not one.restricted or (agency and one.agency == agency)
        ),
        sightings=tuple(
            Sighting.objects.filter(record_id=record_id).order_by("-at", "-id").values_list("case_id", flat=True)[:200]
        ),
        ruling=_ruling_row(waiting or counting),
        vote_change=_vote_change(record_id),
        is_unconfirmed=given.is_unconfirmed,
    )


def banks_of(record_id: int) -> tuple[str, ...]:
    """Return the names of the banks that a record is in, by number."""
    rows = Membership.objects.filter(record_id=record_id).order_by("bank__number")
    return tuple(rows.values_list("bank__name", flat=True))


def _standing(votes: Iterable[Vote], ruling: Ruling | None) -> Standing:
    live = [vote for vote in votes if vote.withdrawn_at is None]
    sources = source_facts({number for vote in live for number in (vote.source_id, vote.via_id)})
    cast = [
        vote_of((vote.source_id, vote.via_id, vote.verdict, json.dumps(vote.facts), vote.at, vote.brought_by), sources)
        for vote in live
    ]
    return standing(cast, ruling_of(ruling.verdict, ruling.covers) if ruling is not None else None)


def _waits(ruling: Ruling) -> bool:
    return ruling.needs_second and ruling.second_at is None


def _vote_change(record_id: int) -> VoteChangeRow | None:
    row = VoteChange.objects.filter(record_id=record_id, answered_at__isnull=True).first()
    if row is None:
        return None
    found = prospect(record_id, row.verdict, facts=row.facts)
    by = name_of_actor(row.by, staff_names(row.hotline_id))
    return VoteChangeRow(row.verdict, row.reason, row.by, by, row.at, found.before, found.after, mark_of(row.pk))


def _vote_row(vote: Vote) -> VoteRow:
    return VoteRow(
        name_of(vote.source.name, vote.via.name),
        vote.verdict,
        vote.label,
        vote.at,
        vote.case_id,
        vote.brought_by,
        vote.withdrawn_at,
    )


def _ruling_row(row: Ruling | None) -> RulingRow | None:
    if row is None:
        return None
    waits = _waits(row)
    names = staff_names(row.hotline_id)
    by, second = name_of_actor(row.by, names), name_of_actor(row.second_by, names)
    return RulingRow(row.verdict, row.reason, row.by, by, row.at, waits, second, row.second_at, mark_of(row.pk))


def name_of_actor(label: str, names: Mapping[int, str]) -> str:
    """Return the name of the person whose label is `staff:12`; any other label is returned as it is."""
    kind, _colon, number = label.partition(":")
    return names.get(int(number), label) if kind == "staff" and number.isdecimal() else label


def second_name(row: Import) -> str:
    """Return the name of whoever confirmed an import as the second person, "" for none."""
    return name_of_actor(row.second_by, staff_names(row.hotline_id)) if row.second_by else ""


def hashes_of(record_id: int) -> tuple[HashRow, ...]:
    """Return the hashes of a record as text."""
    rows = list(RecordHash.objects.filter(record_id=record_id).order_by("kind", "second", "id"))
    aside = _set_aside(record_id) if any(one.aside for one in rows) else {}
    return tuple(
        HashRow(
            one.pk,
            KIND_NAMES[one.kind],
            written(KIND_NAMES[one.kind], bytes(one.value)),
            bytes(one.value),
            one.quality,
            one.second,
            one.aside,
            one.aside and one.pk in aside,
            aside.get(one.pk),
        )
        for one in rows
    )


def _set_aside(record_id: int) -> dict[int, ReturnRow | None]:
    """Return the hashes of a record that people set aside, each with the proposal to use it again."""
    rows = Quarantine.objects.filter(hash__record_id=record_id, kept=False).order_by("id")
    names = staff_names(hotline_here()) if rows else {}
    return {
        row.hash_id: ReturnRow(
            row.back_by, name_of_actor(row.back_by, names), row.back_at, row.back_why, mark_of_back(row)
        )
        if row.back_by and row.back_at
        else None
        for row in rows
    }


def hashes_that_count(bank: str, states: Collection[str] = ILLEGAL_STATES) -> Iterator[tuple[int, str, bytes]]:
    """Yield every hash of a bank that can match by itself, as record, kind and bytes; raises NotFound.

    Hashes of pictures with little detail are left out, because they mean something only where another is almost equal.
    """
    number = bank_named(bank).number
    rows = RecordHash.objects.filter(
        hotline_id=hotline_here(),
        record__memberships__bank__number=number,
        record__memberships__bank__hotline_id=hotline_here(),
        record__state__in=states,
        aside=False,
    ).exclude(kind__in=_LIKENESS, quality__lt=LEAST_QUALITY)
    columns = rows.order_by("id").values_list("record_id", "kind", "value")
    for record_id, kind, value in columns.iterator(chunk_size=20_000):
        yield record_id, KIND_NAMES[kind], bytes(value)


def banks() -> list[BankRow]:
    """Return the banks, by number."""
    rows = Bank.objects.filter(hotline_id=hotline_here()).order_by("number")
    return [
        BankRow(row.number, row.name, row.radius, row.harmless, row.paused_until, row.keeps_windows) for row in rows
    ]


def keeps_windows(name: str) -> bool:
    """Return whether a bank keeps windows of files that are hashed here."""
    return Bank.objects.filter(hotline_id=hotline_here(), name=name, keeps_windows=True).exists()


def bank_named(name: str) -> BankRow:
    """Return the bank of this name; raises NotFound."""
    for row in banks():
        if row.name == name:
            return row
    raise NotFound(what=_("bank"))


def seen_in(case_id: int, *, match: str = "") -> list[int]:
    """Return the records seen in a case: as the same file (`known`), as one that looks alike (`near`), or either."""
    rows = Sighting.objects.filter(hotline_id=hotline_here(), case_id=case_id).order_by("record_id")
    return list((rows.filter(match=match) if match else rows).values_list("record_id", flat=True))


def records(state: str = "") -> QuerySet[Record]:
    """Return the records, those that changed last first."""
    rows = Record.objects.filter(hotline_id=hotline_here()).prefetch_related("memberships__bank")
    rows = rows.order_by("-revision", "-id")  # in the order of an index: there are millions
    return rows.filter(state=state) if state else rows


def open_quarantines() -> QuerySet[Quarantine]:
    """Return the hashes that wait for a person: those with the heaviest reports first, then the oldest."""
    rows = Quarantine.objects.filter(hotline_id=hotline_here(), settled_at__isnull=True)
    return rows.select_related("hash").order_by("-weight", "at", "id")


def imports() -> QuerySet[Import]:
    """Return the imports, newest first."""
    return Import.objects.filter(hotline_id=hotline_here()).select_related("bank").order_by("-id")


def import_row(import_id: int) -> Import:
    """Return one import; raises NotFound."""
    row = imports().filter(pk=import_id).first()
    if row is None:
        raise NotFound(what=_("import"))
    return row


def has_errors(row: Import) -> bool:
    """Return whether an import has an error file."""
    return bool(row.sha256) and _errors(row).exists()


def errors_of_import(import_id: int) -> Path:
    """Return the path of an import's error file; raises NotFound."""
    row = import_row(import_id)
    if not has_errors(row):
        raise NotFound(what=_("file of errors"))
    return _errors(row)


def _errors(row: Import) -> Path:
    return folder(hotline_here()) / "errors" / f"{row.sha256}.csv"


def uploads_waiting() -> list[Upload]:
    """Return the lists that were sent from the desk and are not yet imported, newest first."""
    rows = Upload.objects.filter(hotline_id=hotline_here()).exclude(state="done")
    return list(rows.order_by("-id")[:50])


def upload(upload_id: int) -> Upload:
    """Return an upload, including a finished one; raises NotFound."""
    row = Upload.objects.filter(hotline_id=hotline_here(), pk=upload_id).first()
    if row is None:
        raise NotFound(what=_("upload"))
    return row


def is_upload_kept(token: str) -> bool:
    """Return whether the file of this token belongs to an upload."""
    return bool(token) and Upload.objects.filter(hotline_id=hotline_here(), token=token).exists()
