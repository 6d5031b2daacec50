"""Exports: made, validated, and kept as a record with the case, whether they held or not."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from django.utils import translation
from django.utils.translation import gettext as _

from leeward.audit.keys import sign
from leeward.audit.rules.chain import covered_of
from leeward.audit.services import hotline_transaction
from leeward.audit.services import record as record_act
from leeward.audit.tree.checkpoints import openssl_script
from leeward.casework.acting.queries.quarter import span_of
from leeward.foundation.actor import Actor
from leeward.foundation.crypto.openpgp import CertificateUnusable
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.laws.rules.facts import parse_facts
from leeward.outputs.errors import ChangedSincePreview, ExportRefused
from leeward.outputs.models import Export
from leeward.outputs.rules import bundle, inhope
from leeward.outputs.rules.papers import SEALED_TYPE
from leeward.outputs.rules.records import CaseRecord
from leeward.outputs.rules.refusals import Refusal, written
from leeward.outputs.services.formats import BUNDLE, PDF, POLICE, STATS_FORMAT, Format, Made, Options, format_of, sealed
from leeward.outputs.services.gathering import case_for, proof_of, proof_page, record_of
from leeward.people.queries import hotline
from leeward.people.services import authorize

SCOPE = "export"


@dataclass(frozen=True, slots=True)
class Exported:
    """An export: the number of its record, its file, why it was refused, and the file that goes beside it; without refusals the file is
    whole."""

    export_id: int
    name: str
    media_type: str
    content: bytes
    refusals: tuple[Refusal, ...]
    beside: bytes = b""

    def demand(self) -> "Exported":
        """Return the export if it holds; raises ExportRefused with the reasons."""
        if self.refusals:
            raise ExportRefused(why=" ".join(sentence(one) for one in self.refusals))
        return self


def sentence(refusal: Refusal) -> str:
    """Return a refusal in words, with its place."""
    return f"{refusal.sentence} ({refusal.where})" if refusal.where else str(refusal.sentence)


def preview(name: str, reference: str, *, options: Options, actor: Actor) -> Made:
    """Return what an export would hold now, without making a record; of a PDF, the paper that it prints. Raises NotFound,
    NotAllowed, FormatUnknown."""
    form = format_of(POLICE if name == PDF else name)
    found = case_for(reference, actor)
    allow(actor, found.case.hotline_id)
    return _made(form, _record(form, reference, actor), options, found.case.hotline_id)


def export_case(name: str, reference: str, *, options: Options, actor: Actor, seen: str | None = None) -> Exported:
    """Make an export of a case and keep its verdict. `seen`: the mark of the preview that somebody read, of which it may not differ.
    Raises NotFound, NotAllowed, FormatUnknown, BadInput, ChangedSincePreview."""
    form = format_of(name)
    found = case_for(reference, actor)
    hotline_id = found.case.hotline_id
    allow(actor, hotline_id)
    if options.certificate and not form.can_be_sealed:
        raise BadInput(what=_("The key"), why=_("this format is not encrypted"))
    record = _record(form, reference, actor)
    made = _made(form, record, options, hotline_id)
    if seen is not None and not made.refusals and made.mark != seen:
        raise ChangedSincePreview
    row = Export(
        hotline_id=hotline_id,
        case_id=found.case.pk,
        subject=reference,
        format=form.name,
        is_valid=not made.refusals,
        refusals=written(made.refusals),
        validator=made.validator or form.validator,
        is_sealed=bool(options.certificate) and not made.refusals,
    )
    if made.refusals:
        content = b""
        _keep(row, b"", actor)
    elif form.name == BUNDLE:
        with hotline_transaction():  # one that can't be encrypted to the key leaves nothing behind
            content = _sealed(_bundle(row, record, made.content, actor), options)
    else:
        content = _sealed(made.content, options)
        _keep(row, content, actor)
    return replace(_exported(row, form, content, made.refusals), beside=made.beside)


def export_quarter(text: str, *, hotline_id: int, actor: Actor) -> Exported:
    """Make the figures of a quarter, such as 2026Q3, and keep their verdict. Raises BadInput, NotAllowed."""
    allow(actor, hotline_id)
    found = inhope.bounds(text)
    if found is None:
        raise BadInput(what=_("The quarter"), why=_("it is written like 2026Q3"))
    name, since, until = found
    span = span_of(since, until)
    facts = tuple(parse_facts(one) for one in span.illegal)
    quarter = inhope.Quarter(name, span.reports, span.items, span.cases, facts)
    content = inhope.build(quarter, hotline(hotline_id).country)
    refusals = inhope.check(content)
    row = Export(
        hotline_id=hotline_id,
        subject=name,
        format=STATS_FORMAT.name,
        is_valid=not refusals,
        refusals=written(refusals),
        validator=STATS_FORMAT.validator,
    )
    content = b"" if refusals else content
    _keep(row, content, actor)
    return _exported(row, STATS_FORMAT, content, refusals)


def allow(actor: Actor, hotline_id: int) -> None:
    """Raise NotAllowed unless somebody may export in this hotline: its analysts and supervisors, a program with a key for
    it, and the command."""
    if actor.kind == "token":
        if actor.hotline_id != hotline_id or SCOPE not in actor.roles:
            raise NotAllowed(reason=_("the key has no scope for it"))
        return
    authorize(actor, "case.export", hotline_id)


def _record(form: Format, reference: str, actor: Actor) -> CaseRecord:
    language = "en" if form.in_english else translation.get_language() or "en"
    with translation.override(language):
        return record_of(case_for(reference, actor), with_proofs=form.has_proofs)


def _made(form: Format, record: CaseRecord, options: Options, hotline_id: int) -> Made:
    proof = proof_of(hotline_id)
    return form.make(record, options, proof[1] if proof else None)


def _sealed(content: bytes, options: Options) -> bytes:
    try:
        return sealed(content, options)
    except CertificateUnusable as error:
        raise BadInput(what=_("The key"), why=_("nothing can be encrypted to it")) from error


def _bundle(row: Export, record: CaseRecord, paper: bytes, actor: Actor) -> bytes:
    """Make a bundle and keep its record in one transaction: the log's row that names the list of files is in the bundle."""
    files = bundle.listed_files(record, paper, proof_page(), openssl_script())
    listing = bundle.manifest(record, files)
    with hotline_transaction():
        _keep(row, listing, actor)
        newest = proof_of(row.hotline_id)
        assert newest is not None
        entry, proof = newest
        files |= bundle.proofs(listing, sign(listing), proof, covered_of(entry), entry.facts)
        content = bundle.archive(files, record.made_at)
        if refusals := bundle.check(content):
            raise ExportRefused(why=" ".join(sentence(one) for one in refusals))
        row.bytes = len(content)
        row.save(update_fields=["bytes"])
    return content


def _keep(row: Export, content: bytes, actor: Actor) -> None:
    """Store an export's record and its row of the log."""
    row.digest = sha256(content).hexdigest() if row.is_valid else ""
    row.bytes, row.at = len(content), datetime.now(UTC)
    row.by_id = actor.id if actor.kind == "staff" else None
    row.by_label = actor.label
    facts: dict[str, object] = {"format": row.format, "sha256": row.digest}
    if not row.is_valid:
        facts = {"format": row.format, "codes": sorted({code for code, _where in row.refusals})}
    if row.case_id is None:
        event, subject = ("figures.exported" if row.is_valid else "figures.export_refused"), f"hotline:{row.hotline_id}"
    else:
        event, subject = ("case.exported" if row.is_valid else "case.export_refused"), f"case:{row.case_id}"
    with hotline_transaction():
        row.save()
        record_act(event, actor=actor, hotline_id=row.hotline_id, subject=subject, facts=facts)


def _exported(row: Export, form: Format, content: bytes, refusals: tuple[Refusal, ...]) -> Exported:
    suffix = f"{form.suffix}.asc" if row.is_sealed else form.suffix
    media_type = SEALED_TYPE if row.is_sealed else form.media_type
    return Exported(row.pk, f"{row.subject}-{row.format}.{suffix}", media_type, content, refusals)
