"""Reading what providers reported: lists, one line with its law and its decisions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from leeward.jobs.clockwatch import trusted_now
from leeward.people.queries import staff_names
from leeward.people.rules.reading import mark_of
from leeward.providers.models import LineDecision, ProviderBatch, ProviderLine
from leeward.providers.queries.hearing import Reply, replies_to
from leeward.providers.queries.law import standings
from leeward.providers.rules.clocks import Standing, Step, step_of
from leeward.providers.rules.line import incident_of
from leeward.providers.rules.words import LINE_STATES
from leeward.web_security.paging import Page, page_of

PER_ANSWER = 200
_LARGEST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision about a line, with the name of who made it; "" for the provider itself."""

    kind: str
    value: str
    reason: str
    until: datetime | None
    at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class LinePage:
    """All of one line."""

    row: ProviderLine
    incident: str
    first: str
    standings: list[Standing]
    step: Step
    decisions: list[DecisionRow]
    later: list[ProviderLine]
    reply: Reply
    mark: str  # of its decisions


def lines(state: str, number: str | None, *, provider_id: int | None = None) -> Page[ProviderLine]:
    """Return a page of lines, newest first: of a state (all but those of the sandbox, where it is none), of one provider or of all.
    Those that wait come oldest first."""
    rows = ProviderLine.objects.select_related("provider")
    if provider_id is not None:
        rows = rows.filter(provider_id=provider_id)
    rows = rows.filter(state=state) if state in LINE_STATES else rows
    return page_of(rows.order_by("id" if state in ("waiting", "held") else "-id"), number)


def lines_of_batch(batch: ProviderBatch, number: str | None) -> Page[ProviderLine]:
    """Return a page of a batch's lines, in their order."""
    return page_of(ProviderLine.objects.filter(batch=batch).select_related("provider").order_by("number"), number)


def newest_of(provider_id: int, before: str, *, is_sandbox: bool) -> tuple[list[dict[str, Any]], str | None]:
    """Return a provider's newest reports before a number, and the number for the next ones."""
    rows = ProviderLine.objects.filter(provider_id=provider_id, is_sandbox=is_sandbox).order_by("-id")
    if before.isascii() and before.isdecimal() and int(before[:20]) <= _LARGEST:
        rows = rows.filter(pk__lt=int(before[:20]))
    found = list(rows[: PER_ANSWER + 1])
    following = str(found[PER_ANSWER - 1].pk) if len(found) > PER_ANSWER else None
    replies = replies_to(found[:PER_ANSWER])
    return [_answer(row, replies[row.pk]) for row in found[:PER_ANSWER]], following


def _answer(row: ProviderLine, reply: Reply) -> dict[str, Any]:
    return {
        "incident": incident_of(row.batch_id, row.number),
        "reference": row.reference,
        "kind": row.kind,
        "received_at": row.received_at,
        "feedback": reply.feedback,
        "questions": list(reply.questions),
        "keep_until": row.keep_until,
        "held_until": row.held_until,
    }


def line(line_id: int, now: datetime) -> LinePage | None:
    """Return a line with everything about it, or None where this hotline has none of this number."""
    row = ProviderLine.objects.select_related("provider", "first").filter(pk=line_id).first()
    if row is None:
        return None
    names = staff_names(row.hotline_id)
    mark = mark_of_decisions(line_id)  # before what it stands for is read: never of more than the page shows
    decisions = [
        DecisionRow(one.kind, one.value, one.reason, one.until, one.at, names.get(one.by_id or 0, ""))
        for one in LineDecision.objects.filter(line=row).order_by("-id")[:100]
    ]
    return LinePage(
        row,
        incident_of(row.batch_id, row.number),
        incident_of(row.first.batch_id, row.first.number) if row.first else "",
        standings(row.provider, known_at=row.known_at or row.received_at, reported_at=row.received_at),
        step_here(row, trusted_now(now)),
        decisions,
        list(ProviderLine.objects.filter(first=row).order_by("id")[:50]),
        replies_to([row])[row.pk],
        mark,
    )


def mark_of_decisions(line_id: int) -> str:
    """Return a mark of what was decided about a line: another decision makes another one."""
    newest = LineDecision.objects.filter(line_id=line_id).order_by("-id").values_list("id", flat=True).first()
    return mark_of(line_id, newest or 0)


def step_here(row: ProviderLine, come: datetime) -> Step:
    """Return where the preservation of a line stands. `come`: the latest moment that has surely come."""
    return step_of(
        keep_until=row.keep_until, held_until=row.held_until, is_destroyed=row.destroyed_at is not None, now=come
    )


def preserved(provider_id: int, number: str | None) -> Page[ProviderLine]:
    """Return a page of a provider's lines whose evidence is to be kept, those that end first before the others."""
    rows = ProviderLine.objects.filter(
        provider_id=provider_id, keep_until__isnull=False, destroyed_at=None, is_sandbox=False
    )
    return page_of(rows.order_by("keep_until", "id"), number)
