"""Reading records, banks and what came in. All within the open hotline's scope."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leeward.foundation.errors import NotFound
from leeward.hashbank.models import Bank, Import, Investigation, Quarantine, Record, RecordHash, Sighting, Upload, Vote
from leeward.hashbank.records.queries.looking_up import classification_of
from leeward.hashbank.records.rows import BankRow, HashRow, InvestigationRow, RecordRow, VoteRow
from leeward.hashbank.rules.kinds import KIND_NAMES, written
from leeward.hashbank.rules.standing import CONFIRMED
from leeward.hashbank.scene import hotline_here


def record(record_id: int, *, agency: str = "") -> RecordRow:
    """Everything about one record; restricted investigations only those of `agency`. Raises NotFound."""
    row = Record.objects.select_related("bank").filter(pk=record_id).first()
    if row is None:
        raise NotFound(what=_("record"))
    open_to_all = Investigation.objects.filter(record_id=record_id).order_by("-at", "-id")
    return RecordRow(
        id=row.pk,
        bank=row.bank.name,
        is_harmless=row.bank.harmless,
        state=row.state,
        is_baseline=row.is_baseline,
        media=row.media,
        facts=row.facts,
        classification=classification_of(row.facts),
        series=row.series,
        victim_status=row.victim_status,
        offender_status=row.offender_status,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        brought_by=row.brought_by,
        hashes=hashes_of(record_id),
        votes=tuple(
            VoteRow(vote.source, vote.verdict, vote.label, vote.at, vote.case_id, vote.brought_by)
            for vote in Vote.objects.filter(record_id=record_id).order_by("at", "id")
        ),
        investigations=tuple(
            InvestigationRow(one.pk, one.agency, one.reference, one.contact, one.outcome, one.restricted, one.at)
            for one in open_to_all
            if not one.restricted or (agency and one.agency == agency)
        ),
        sightings=tuple(
            Sighting.objects.filter(record_id=record_id).order_by("-at", "-id").values_list("case_id", flat=True)[:200]
        ),
    )


def hashes_of(record_id: int) -> tuple[HashRow, ...]:
    """The hashes of a record, as text."""
    return tuple(
        HashRow(
            one.pk,
            KIND_NAMES[one.kind],
            written(KIND_NAMES[one.kind], bytes(one.value)),
            bytes(one.value),
            one.quality,
            one.second,
            one.aside,
        )
        for one in RecordHash.objects.filter(record_id=record_id).order_by("kind", "second", "id")
    )


def hashes_that_count(bank: str) -> Iterator[tuple[int, str, bytes]]:
    """Every hash of a bank that takes part in matches, as record, kind and bytes; raises NotFound."""
    rows = RecordHash.objects.filter(
        hotline_id=hotline_here(), record__bank__number=bank_named(bank).number, record__state=CONFIRMED, aside=False
    )
    columns = rows.order_by("id").values_list("record_id", "kind", "value")
    for record_id, kind, value in columns.iterator(chunk_size=20_000):
        yield record_id, KIND_NAMES[kind], bytes(value)


def banks() -> list[BankRow]:
    """The banks, by number."""
    rows = Bank.objects.filter(hotline_id=hotline_here()).order_by("number")
    return [BankRow(row.number, row.name, row.radius, row.harmless, row.paused_until) for row in rows]


def bank_named(name: str) -> BankRow:
    """The bank of this name; raises NotFound."""
    for row in banks():
        if row.name == name:
            return row
    raise NotFound(what=_("bank"))


def seen_in(case_id: int, *, match: str = "") -> list[int]:
    """The records that were seen in a case, as the same file (`known`), as one that looks alike (`near`), or either."""
    rows = Sighting.objects.filter(hotline_id=hotline_here(), case_id=case_id).order_by("record_id")
    return list((rows.filter(match=match) if match else rows).values_list("record_id", flat=True))


def records(state: str = "") -> QuerySet[Record]:
    """The records, the newest first."""
    rows = Record.objects.filter(hotline_id=hotline_here()).select_related("bank").order_by("-id")
    return rows.filter(state=state) if state else rows


def open_quarantines() -> QuerySet[Quarantine]:
    """Hashes that wait for a person, the oldest first."""
    rows = Quarantine.objects.filter(hotline_id=hotline_here(), settled_at__isnull=True)
    return rows.select_related("hash").order_by("at", "id")


def imports() -> QuerySet[Import]:
    """The lists that were brought in, the newest first."""
    return Import.objects.filter(hotline_id=hotline_here()).select_related("bank").order_by("-id")


def import_row(import_id: int) -> Import:
    """One list that was brought in; raises NotFound."""
    row = imports().filter(pk=import_id).first()
    if row is None:
        raise NotFound(what=_("import"))
    return row


def uploads_waiting() -> list[Upload]:
    """Lists that were sent from the desk and are not in yet, the newest first."""
    rows = Upload.objects.filter(hotline_id=hotline_here()).exclude(state="done")
    return list(rows.order_by("-id")[:50])


def upload(upload_id: int) -> Upload:
    """One of them, also when it is done; raises NotFound."""
    row = Upload.objects.filter(hotline_id=hotline_here(), pk=upload_id).first()
    if row is None:
        raise NotFound(what=_("upload"))
    return row


def is_upload_kept(token: str) -> bool:
    """Whether the file of this token belongs to an upload."""
    return bool(token) and Upload.objects.filter(hotline_id=hotline_here(), token=token).exists()
