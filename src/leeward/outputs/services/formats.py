"""Every format by name: how it is made of a case, what refuses it, and what it is called."""

import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.util import find_spec
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from leeward.foundation.crypto import openpgp
from leeward.foundation.sandbox.paper import as_pdf
from leeward.outputs.errors import FormatUnknown
from leeward.outputs.rules import bundle, cybertip, cybertip_grammar, dsa, goaml, iccam, inhope, papers, xarf
from leeward.outputs.rules.papers import Proof
from leeward.outputs.rules.records import CaseRecord
from leeward.outputs.rules.refusals import Refusal
from leeward.outputs.rules.xarf_schema import EXPLOITATIONS
from leeward.outputs.services import fiu
from leeward.outputs.services.checking import cybertip_refusals, goaml_refusals
from leeward.people.rules.reading import mark_of

STATS, BUNDLE, POLICE, PDF = "stats-inhope", "bundle", "police", "police-pdf"
# Not of a case: the figures of a quarter.
OF_NO_CASE = frozenset({STATS})


@dataclass(frozen=True, slots=True)
class Options:
    """What a person chooses for an export: a kind of exploitation, the officer's key, a vocabulary of labels as JSON."""

    exploitation: str = ""
    certificate: str = ""
    vocabulary: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, or why it was refused; without refusals the content is complete. `validator`: which one judged it, where
    that isn't the format's own; `beside`: a second file that goes to the receiver with it."""

    content: bytes
    refusals: tuple[Refusal, ...]
    validator: str = ""
    beside: bytes = b""

    @property
    def mark(self) -> str:
        """A mark of all that a receiver gets, by which it is known whether somebody read just this."""
        return mark_of(self.content, self.beside)


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `make` gets the case, the options and what the key of documents says of the newest row of the
    log; `has_proofs`: also proofs that the case's rows stand in the log.
    """

    name: str
    validator: str
    media_type: str
    suffix: str
    make: Callable[[CaseRecord, Options, Proof | None], Made]
    can_be_sealed: bool = False
    has_proofs: bool = False
    takes_exploitation: Sequence[str] = ()
    in_english: bool = True


def format_of(name: str) -> Format:
    """Return the format of this name; raises FormatUnknown."""
    if name not in FORMATS:
        raise FormatUnknown(name=name)
    return FORMATS[name]


def is_installed(name: str) -> bool:
    """Return whether the library that a format needs is installed."""
    return name != PDF or find_spec("weasyprint") is not None


def sealed(content: bytes, options: Options) -> bytes:
    """Return content encrypted to the officer's key where there is one; raises openpgp.CertificateUnusable."""
    return openpgp.encrypted(content, options.certificate, armored=True) if options.certificate else content


def _xarf(record: CaseRecord, options: Options, proof: Proof | None) -> Made:
    refusals = xarf.obstacles(record, options.exploitation)
    if refusals:
        return Made(b"", refusals)
    content = xarf.build(record, _report_id(record, options), options.exploitation)
    return Made(content, xarf.check(content))


def _report_id(record: CaseRecord, options: Options) -> str:
    """Return the identifier of a case's report; it stays the same however often it is exported."""
    text = f"leeward export {record.brief.case_id} {options.exploitation}".encode()
    return str(UUID(bytes=hmac.new(settings.LEEWARD.secret_bytes, text, sha256).digest()[:16], version=4))


def _xarf_3(record: CaseRecord, options: Options, proof: Proof | None) -> Made:
    refusals = xarf.obstacles_3(record)
    if refusals:
        return Made(b"", refusals)
    content = xarf.build_3(record)
    return Made(content, xarf.check_3(content))


def _cybertipline(record: CaseRecord, options: Options, proof: Proof | None) -> Made:
    refusals = cybertip.obstacles(record, options.exploitation)
    if refusals:
        return Made(b"", refusals)
    content = cybertip.build(record, options.exploitation)
    return Made(content, cybertip_refusals(content, datetime.now(UTC)), beside=cybertip.hash_list(record))


def _iccam(record: CaseRecord, options: Options, proof: Proof | None) -> Made:
    refusals = iccam.obstacles(record)
    if refusals:
        return Made(b"", refusals)
    labels = (
        iccam.labels_of(record.facts, json.loads(options.vocabulary)) if options.vocabulary and record.facts else ()
    )
    content = iccam.build(record, labels)
    return Made(content, iccam.check(content))


def _dsa16(record: CaseRecord, options: Options, proof: Proof | None) -> Made:
    refusals = dsa.obstacles(record)
    if refusals:
        return Made(b"", refusals)
    content = dsa.build(record)
    return Made(content, dsa.check(content, record))


def _goaml(record: CaseRecord, options: Options, proof: Proof | None) -> Made:
    refusals = goaml.obstacles(record, options.exploitation)
    if refusals:
        return Made(b"", refusals)
    profile, schema, name = fiu.profile_of(record.brief.hotline_id)
    verdict = f"VALIDATED by {name}" if schema else "NOT_VALIDATED, shape only"
    content = goaml.build(record, options.exploitation, profile, verdict=verdict)
    refusals = goaml_refusals(content)
    if refusals or not schema:
        return Made(content, refusals)
    faults = tuple(Refusal("fiu_schema", fault) for fault in fiu.faults_by(schema, content))
    return Made(content, faults, f"{goaml.BY_SCHEMA} {name}"[:60])


def _police(record: CaseRecord, options: Options, proof: Proof | None) -> Made:
    refusals = papers.obstacles(record)
    if refusals:
        return Made(b"", refusals)
    content = papers.build(record, proof)
    return Made(content, papers.check(content, record))


def _police_pdf(record: CaseRecord, options: Options, proof: Proof | None) -> Made:
    refusals = _police(record, options, proof).refusals
    if refusals:
        return Made(b"", refusals)
    values = {"paper": papers.paper(record, proof), "record": record, "language": translation.get_language()}
    return Made(as_pdf(render_to_string("outputs/paper.html", values)), ())


FORMATS = {
    one.name: one
    for one in (
        Format("xarf", xarf.VALIDATOR, xarf.MEDIA_TYPE, "json", _xarf, takes_exploitation=EXPLOITATIONS),
        Format("xarf-3", xarf.VALIDATOR_3, xarf.MEDIA_TYPE, "json", _xarf_3),
        Format(
            "cybertipline",
            cybertip_grammar.VALIDATOR,
            cybertip.MEDIA_TYPE,
            "xml",
            _cybertipline,
            takes_exploitation=cybertip.EXPLOITATIONS,
        ),
        Format("iccam", iccam.VALIDATOR, iccam.MEDIA_TYPE, "json", _iccam),
        Format("dsa16", dsa.VALIDATOR, dsa.MEDIA_TYPE, "txt", _dsa16),
        Format("goaml", goaml.VALIDATOR, goaml.MEDIA_TYPE, "xml", _goaml, takes_exploitation=tuple(goaml.TYPOLOGIES)),
        Format(POLICE, papers.VALIDATOR, papers.MEDIA_TYPE, "json", _police, can_be_sealed=True, has_proofs=True),
        Format(
            PDF,
            papers.VALIDATOR,
            papers.PDF_TYPE,
            "pdf",
            _police_pdf,
            can_be_sealed=True,
            has_proofs=True,
            in_english=False,
        ),
        Format(BUNDLE, bundle.VALIDATOR, bundle.MEDIA_TYPE, "zip", _police, can_be_sealed=True, has_proofs=True),
    )
}
STATS_FORMAT = Format(
    STATS, inhope.VALIDATOR, inhope.MEDIA_TYPE, "csv", lambda record, options, proof: Made(b"", (Refusal("malformed"),))
)
