"""Reads what was exported, and how far a report to a receiver has come."""

from dataclasses import dataclass
from datetime import date, datetime

from leeward.outputs.labels import SERVICES
from leeward.outputs.models import Export, FiuProfile, Receiver, Submission
from leeward.outputs.rules import goaml
from leeward.outputs.rules.baseless import ANEW, BASELESS
from leeward.outputs.rules.cybertip_steps import RETRACT
from leeward.outputs.rules.refusals import Refusal, read
from leeward.outputs.rules.unsure import UNSURE
from leeward.people.rules.reading import mark_of

MOST = 50
_KEPT = (RETRACT, UNSURE)  # nobody withdraws what is being withdrawn, or what may never have gone


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One export with its verdict."""

    id: int
    format: str
    at: datetime
    is_valid: bool
    refusals: tuple[Refusal, ...]
    validator: str
    digest: str
    bytes: int
    is_sealed: bool
    by_id: int | None
    by_name: str

    @property
    def is_shape_only(self) -> bool:
        """Return whether nobody's own schema judged it: not validated."""
        return self.validator == goaml.VALIDATOR


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """A report to a receiver: the step that comes next, or how it ended."""

    id: int
    service: str
    is_test: bool
    step: str
    problem: str
    receipt: dict[str, object] | None
    made_at: datetime
    ended_at: datetime | None
    remote_id: str
    is_unsure: bool
    can_be_withdrawn: bool

    @property
    def is_baseless(self) -> bool:
        """Return whether it ended since its case's decision no longer stands."""
        return self.problem == BASELESS

    @property
    def is_looked_at_anew(self) -> bool:
        """Return whether it waits since its case has no decision now."""
        return self.problem == ANEW


@dataclass(frozen=True, slots=True)
class ReceiverRow:
    """A receiver, and the agreement with it if there is one."""

    service: str
    url: str
    is_test: bool
    terms: str
    agreed_on: date | None
    agreed_by: str
    is_on: bool

    @property
    def mark(self) -> str:
        """Return a mark of the agreement: another one, or one that was stopped, has another mark."""
        return mark_of(self.service, self.url, self.is_test, self.terms, self.agreed_on, self.agreed_by, self.is_on)


def submissions_of(case_id: int) -> list[SubmissionRow]:
    """Return the newest reports of a case to receivers, newest first; one query."""
    rows = Submission.objects.filter(case_id=case_id).order_by("-pk")[:MOST]
    return [
        SubmissionRow(
            id=row.pk,
            service=row.service,
            is_test=row.is_test,
            step=row.step,
            problem=row.problem,
            receipt=row.receipt,
            made_at=row.made_at,
            ended_at=row.ended_at,
            remote_id=row.remote_id,
            is_unsure=row.step == UNSURE,
            can_be_withdrawn=row.service == "cybertipline" and row.ended_at is None and row.step not in _KEPT,
        )
        for row in rows
    ]


def receivers() -> list[ReceiverRow]:
    """Return every receiver that the software knows, with the agreement of the current hotline."""
    found = {row.service: row for row in Receiver.objects.select_related("agreed_by")}
    return [_receiver(service, found.get(service)) for service in SERVICES]


def services_on() -> list[str]:
    """Return the receivers to which something may be sent now."""
    return sorted(Receiver.objects.filter(stopped_at=None).values_list("service", flat=True))


def _receiver(service: str, row: Receiver | None) -> ReceiverRow:
    if row is None:
        return ReceiverRow(service, "", is_test=False, terms="", agreed_on=None, agreed_by="", is_on=False)
    return ReceiverRow(
        service,
        row.url,
        is_test=row.is_test,
        terms=row.terms,
        agreed_on=row.agreed_on,
        agreed_by=row.agreed_by.name,
        is_on=row.stopped_at is None,
    )


def exports_of(subject: str) -> list[ExportRow]:
    """Return the newest exports of a case, or of a quarter, newest first; one query."""
    rows = Export.objects.select_related("by").filter(subject=subject).order_by("-pk")[:MOST]
    return [_row(row) for row in rows]


def _row(row: Export) -> ExportRow:
    return ExportRow(
        id=row.pk,
        format=row.format,
        at=row.at,
        is_valid=row.is_valid,
        refusals=read(row.refusals),
        validator=row.validator,
        digest=row.digest,
        bytes=row.bytes,
        is_sealed=row.is_sealed,
        by_id=row.by_id,
        by_name=row.by.name if row.by else "",
    )


@dataclass(frozen=True, slots=True)
class FiuRow:
    """What our financial intelligence unit has said; all empty if nothing is recorded."""

    codes: dict[str, str]
    schema_name: str = ""
    digest: str = ""


def fiu() -> FiuRow:
    """Return what the financial intelligence unit has said; one query."""
    found = FiuProfile.objects.defer("schema").first()
    if found is None:
        return FiuRow({})
    names = ("entity_id", "report_code", "currency", "live_streamed", "extortion")
    return FiuRow({name: getattr(found, name) for name in names}, found.schema_name, found.digest)
