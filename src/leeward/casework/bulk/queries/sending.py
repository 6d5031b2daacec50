"""What the page of bulk sending shows: the decided cases of a report or a run, and what goes to whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leeward.casework.acting.services.case_briefs import follows_for, quiet_among
from leeward.casework.bulk.models import BulkItem
from leeward.casework.bulk.rules import MOST_SENT, can_be_sent
from leeward.casework.bulk.services import standing_in
from leeward.casework.models import Case, CaseItem
from leeward.casework.queries import CaseRow, rows_of
from leeward.foundation.actor import Actor
from leeward.hosting import queries as hosting_queries
from leeward.intake import queries as intake_queries
from leeward.notices import queries as notices_queries
from leeward.people.queries import rows_of as portal_and_hotline
from leeward.people.rules.reading import mark_of


@dataclass(frozen=True, slots=True)
class ToSend:
    """A case that could be acted on with others; `refusal` is the code of why not, `mark` stands for its decision and whom it tells."""

    row: CaseRow
    refusal: str
    mark: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A recipient, and the cases they are told about."""

    kind: str
    to: str
    rows: Sequence[CaseRow]


def decided_of_report(report_id: int) -> list[int]:
    """Return the cases of one report that wait to be acted on, oldest first."""
    items = [item.id for item in intake_queries.items_of(report_id)]
    return _decided(CaseItem.objects.filter(item_id__in=items).values_list("case_id", flat=True))


def decided_of_run(run_id: int) -> list[int]:
    """Return the cases assessed together that wait to be acted on, oldest first."""
    return _decided(BulkItem.objects.filter(run_id=run_id).values_list("case_id", flat=True))


def _decided(case_ids: Iterable[int]) -> list[int]:
    found = Case.objects.filter(pk__in=list(case_ids), state="decided", outcome="illegal").order_by("id")
    return list(found.values_list("pk", flat=True)[:MOST_SENT])


def to_send(case_ids: Sequence[int], actor: Actor) -> tuple[list[ToSend], list[Letter]]:
    """Return these cases as rows, and who will be told about those that can be sent. At most eight queries."""
    cases = list(
        Case.objects.select_related("portal__hotline").filter(pk__in=list(case_ids)[:MOST_SENT]).order_by("id")
    )
    rows = rows_of(cases, actor.id or 0)
    refusals = [can_be_sent(standing_in(case, actor, shows_content=False)) for case in cases]
    letters = _letters([(case, row) for case, row, refusal in zip(cases, rows, refusals, strict=True) if not refusal])
    informed: dict[int, list[tuple[str, str]]] = {}
    for letter in letters:
        for row in letter.rows:
            informed.setdefault(row.id, []).append((letter.kind, letter.to))
    offered = [
        ToSend(row, refusal, mark_of(case.pk, case.cycle, case.state, case.outcome, sorted(informed.get(case.pk, []))))
        for case, row, refusal in zip(cases, rows, refusals, strict=True)
    ]
    return offered, letters


def _letters(ready: Sequence[tuple[Case, CaseRow]]) -> list[Letter]:
    if not ready:
        return []
    at = hosting_queries.whereabouts_of([case.location_id for case, _row in ready])
    located = [
        (case, row, at.get(case.location_id) or hosting_queries.whereabouts(case.location_id)) for case, row in ready
    ]
    known = notices_queries.known_contacts_of(
        [(where, portal_and_hotline(case.portal)[0]) for case, _row, where in located],
        portal_and_hotline(ready[0][0].portal)[1],
    )
    quiet = quiet_among([case for case, _row in ready])
    by_recipient: dict[tuple[str, str], list[CaseRow]] = {}
    for case, row, where in located:
        knows = known[where.location_id]
        plan = follows_for(case, where, knows.hotline, known=knows, quiet=case.pk in quiet).plan
        for one in notices_queries.recipients(knows, plan):
            kind = "referral" if one.kind == "police" else one.kind
            by_recipient.setdefault((kind, one.email), []).append(row)
    return [Letter(kind, to, cases) for (kind, to), cases in by_recipient.items()]
