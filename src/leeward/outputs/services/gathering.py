"""Reads what an export may hold about a case: facts only once it is decided, nothing of reporters, nobody's name."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from leeward.audit.keys import public_key, sign
from leeward.audit.queries import entries_of, newest_entry
from leeward.audit.rules.chain import Entry, covered_of, signed_text
from leeward.audit.rules.proofs import row_file
from leeward.audit.tree.checkpoints import RowProof, prove_rows
from leeward.casework.acting.services.case_briefs import deciding_assessment, is_quiet, make_brief, reports_of
from leeward.casework.acting.services.summaries import Summary, summary_now
from leeward.casework.assessment.queries.opened import Found, found
from leeward.casework.assessment.services.seeing import note_reader
from leeward.casework.errors import CaseIsBlind
from leeward.casework.money import queries as money_queries
from leeward.foundation.actor import SYSTEM, Actor
from leeward.hosting import queries as hosting_queries
from leeward.hosting.queries import Whereabouts
from leeward.installation.queries import config_now
from leeward.laws.rules.facts import Facts, parse_facts
from leeward.laws.rules.schemes import derive
from leeward.notices.rules.xarf import Desk
from leeward.outputs.rules.papers import Proof
from leeward.outputs.rules.records import CaseRecord, HashedFile, LogRow, PaidTo, Place, Row
from leeward.payments import queries as payments_queries
from leeward.payments.rules.records import LOCATION
from leeward.people.queries import hotline

MOST_LOG_ROWS = 500


def case_for(reference: str, actor: Actor) -> Found:
    """Return a case of the current hotline for somebody who may read it. Raises NotFound, CaseIsBlind."""
    person = actor.id if actor.kind == "staff" and actor.id is not None else 0
    row = found(reference, person_id=person)
    if row.sampler_id is not None and row.sampler_id == person:
        raise CaseIsBlind
    if row.drawn_id is not None and person:
        note_reader(row.drawn_id, person)
    return row


def record_of(row: Found, *, with_proofs: bool = False) -> CaseRecord:
    """Return the case as an export may hold it now, in the active language; `with_proofs`: of its rows of the log."""
    case = row.case
    summary = summary_now(case, "")
    own = hotline(case.hotline_id)
    facts, grade = None, ""
    if case.outcome == "illegal" and case.decided_at is not None:
        decided = deciding_assessment(case)
        facts = parse_facts(decided.facts)
        grade = _grade(facts, decided.opinions, own.country)
    return CaseRecord(
        brief=make_brief(case, where=summary.where, is_shown=True),
        hotline=Desk(own.name, own.email or config_now().mail_replies or config_now().mail_from),
        hotline_country=own.country,
        made_at=datetime.now(UTC).replace(microsecond=0),
        decided_at=case.decided_at if facts else None,
        facts=facts,
        grade=grade,
        is_quiet=is_quiet(case, reports_of(case)),
        place=_place(summary.where),
        paid_to=_paid_to(row),
        files=_files(case.location_id),
        done=_done(row),
        close_reason=case.close_reason or 0,
        visits=_visits(case.location_id),
        log=_log_of(case.hotline_id, f"case:{case.pk}", with_proofs=with_proofs),
        **_histories(summary),
    )


def proof_of(hotline_id: int) -> tuple[Entry, Proof] | None:
    """Return the newest row of a hotline's log, and what the key of documents says of it: that it stands there. The signer, which
    signs no row before it is committed, says so in the next checkpoint."""
    newest = newest_entry(hotline_id)
    return (newest, _proof(newest)) if newest else None


def proof_page() -> str:
    """Return the address of the page with the public key."""
    return f"{settings.LEEWARD.base_url}/proof"


def _proof(entry: Entry) -> Proof:
    text = signed_text(chain=entry.chain, number=entry.number, row=entry.hash, at=entry.at)
    return Proof(public_key(), text, sign(text))


def _grade(facts: Facts, opinions: list[Mapping[str, Any]], country: str) -> str:
    national = next((str(row["verdict"]) for row in opinions if str(row["country"]).upper() == country.upper()), None)
    return derive(facts, national=national)["iccam"]


def _place(where: Whereabouts) -> Place:
    return Place(where.host, where.ip, where.network, where.asn, where.behind, where.registrar)


def _files(location_id: int) -> tuple[HashedFile, ...]:
    return tuple(
        HashedFile(one.url, one.kind, one.bytes, one.md5, one.sha1, one.sha256, one.pdq)
        for one in hosting_queries.files_now(location_id)
        if one.sha256
    )


def _done(row: Found) -> tuple[tuple[str, datetime], ...]:
    case = row.case
    times = (("police_told", case.police_told_at), ("host_told", case.host_told_at), ("removed", case.removed_at))
    return tuple((what, at) for what, at in times if at is not None)


def _paid_to(row: Found) -> tuple[PaidTo, ...]:
    """Return who is asked to be paid at the case's place and in its reports, as it was seen there; brands name nobody."""
    where = set(money_queries.where_of(row.case, SYSTEM))
    found = []
    for payee in payments_queries.payees_at(where):
        here = [one for one in payee.demands if (one.place, one.number) in where]
        if here and not payee.names_nobody:
            found.append(
                PaidTo(
                    kind=payee.kind,
                    value=payee.value,
                    brand=payee.brand,
                    weak=payee.weak,
                    asked=tuple(dict.fromkeys((one.amount, one.currency) for one in here if one.amount)),
                    names=tuple(dict.fromkeys(one.descriptor for one in here if one.descriptor)),
                    on_page=any(one.place == LOCATION for one in here),
                    first_at=min(one.first_at for one in here),
                    last_at=max(one.last_at for one in here),
                )
            )
    return tuple(found)


def _visits(location_id: int) -> tuple[Row, ...]:
    rows = []
    for one in reversed(hosting_queries.fetches_of(location_id)):
        parts = (str(one.status or ""), one.final_url, one.content_type, one.reason, one.tls_problem, one.sha256)
        rows.append(Row(one.at, one.outcome, " · ".join(part for part in parts if part)))
    return tuple(rows)


def _log_of(chain: int, subject: str, *, with_proofs: bool) -> tuple[LogRow, ...]:
    rows = entries_of(chain, subject, MOST_LOG_ROWS)
    proofs = prove_rows(chain, [row.number for row in rows]) if with_proofs else {}
    return tuple(_log_row(row, proofs.get(row.number)) for row in rows)


def _log_row(entry: Entry, proven: RowProof | None) -> LogRow:
    row = LogRow(entry.number, entry.at, entry.event, entry.actor, entry.facts, entry.hash, covered_of(entry))
    if proven is None:
        return row
    keys = (proven.log_key, *sorted(set(proven.witness_keys)))
    return replace(row, proof=proven.proof.text, entry=proven.entry, keys=keys, text=row_file(proven.row))


def _histories(summary: Summary) -> dict[str, Any]:
    return {
        "times": tuple(Row(at, name) for name, at in summary.times),
        "messages": tuple(
            Row(row.at, row.title, " · ".join(part for part in (row.to, row.note) if part)) for row in summary.messages
        ),
        "checks": tuple(Row(row.at, row.outcome, str(row.status or "")) for row in reversed(summary.checks)),
        "trail": tuple(
            Row(stop.at, stop.title, " · ".join(part for part in (stop.reference, stop.note) if part))
            for stop in summary.trail
        ),
        "findings": tuple((row.kind, row.value, row.source, row.at) for row in reversed(summary.where.findings)),
    }
