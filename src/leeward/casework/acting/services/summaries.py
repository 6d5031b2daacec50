"""A summary of a case for an officer: neutral facts, hashes, addresses, law and times. No picture, reporter or analyst
is named.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.casework import labels
from leeward.casework.acting.services.case_briefs import deciding_assessment, summary_of
from leeward.casework.errors import ReasonMissing
from leeward.casework.merging.services.merged import merged_into_it
from leeward.casework.models import Case, Note
from leeward.casework.steps import locked_case, note_act, now_utc
from leeward.casework.timeline.queries.trail import Stop, trail_of
from leeward.foundation.actor import Actor
from leeward.foundation.whole_text import whole
from leeward.hosting import queries as hosting_queries
from leeward.hosting.queries import FileRow, Whereabouts
from leeward.laws.rules.facts import parse_facts
from leeward.monitoring.queries import CheckRow, checks_of
from leeward.notices.queries import HistoryRow, histories_of
from leeward.people.queries import PortalRow, portal
from leeward.people.services import authorize, staff_id

FORMATS = ("html", "pdf")
MOST_CHECKS, MOST_FILES = 50, 200
MOST_WORDS = 2000  # for whom it is and what for, together


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything in the printed summary."""

    case: Case
    portal: PortalRow
    recipient: str
    made_at: datetime
    where: Whereabouts
    times: list[tuple[str, datetime]]
    facts: list[str] = field(default_factory=list)
    law: list[tuple[str, str, str]] = field(default_factory=list)
    files: list[FileRow] = field(default_factory=list)
    messages: list[HistoryRow] = field(default_factory=list)
    checks: list[CheckRow] = field(default_factory=list)
    trail: list[Stop] = field(default_factory=list)


def sum_up(case_id: int, *, recipient: str, reason: str, form: str, actor: Actor) -> Summary:
    """Make the summary and log that it was made; its recipient and reason are kept as a note on the case."""
    if not recipient.strip() or not reason.strip():
        raise ReasonMissing
    text = _("Summary for %(recipient)s: %(reason)s") % {"recipient": recipient.strip(), "reason": reason.strip()}
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "case.summary", case.hotline_id)
        Note.objects.create(
            hotline_id=case.hotline_id, case=case, by_id=staff_id(actor), text=whole(text, MOST_WORDS), at=now_utc()
        )
        note_act("case.summarised", case, actor=actor, facts={"form": form if form in FORMATS else FORMATS[0]})
    return summary_now(case, recipient.strip())


def summary_now(case: Case, recipient: str) -> Summary:
    """Return what is known of a case now, in the active language; the caller has asked whether its reader may."""
    where = hosting_queries.whereabouts(case.location_id)
    made = Summary(
        case=case,
        portal=portal(case.portal_id),
        recipient=recipient,
        made_at=now_utc(),
        where=where,
        times=_times(case),
        files=[file for file in hosting_queries.files_now(case.location_id) if file.sha256][:MOST_FILES],
        messages=_messages(case),
        checks=list(checks_of(case.location_id, MOST_CHECKS)),
        trail=trail_of(case),
    )
    if (
        case.outcome == "illegal" and case.decided_at is not None
    ):  # before that nothing is decided, and a second assessment is blind
        assessment = deciding_assessment(case)
        made.facts.extend(summary_of(parse_facts(assessment.facts)))
        for row in assessment.opinions:
            made.law.append(
                (str(row["jurisdiction"]), str(row["verdict"]).replace("_", " "), "; ".join(row["because"] or []))
            )
    return made


def _messages(case: Case) -> list[HistoryRow]:
    """Return the messages about this case and about those merged into it, with their references."""
    references = {case.pk: ""} | {one.pk: one.reference for one in merged_into_it(case)}
    found = histories_of(list(references))
    notices = [
        replace(row, note=" · ".join(part for part in (reference, row.note) if part))
        for number, reference in references.items()
        for row in _shown_of(found[number])
    ]
    return sorted(notices, key=lambda row: row.at)


def _shown_of(rows: list[HistoryRow]) -> list[HistoryRow]:
    """Return what was told and answered, without the words of a child-protection office: they are about a child."""
    done = [row for row in rows if row.state == "done" and row.what != "protection_words"]
    return [replace(row, to="") if row.what.startswith("protection") else row for row in done]


def _times(case: Case) -> list[tuple[str, datetime]]:
    named = (
        (_("Reported"), case.received_at),
        (_("First assessed"), case.first_assessed_at),
        (_("Decided"), case.decided_at),
        (str(labels.EVENTS["case.police_told"]), case.police_told_at),
        (str(labels.EVENTS["case.host_told"]), case.host_told_at),
        (str(labels.EVENTS["case.removed"]), case.removed_at),
        (_("Closed"), case.closed_at),
    )
    return [(name, at) for name, at in named if at is not None]
