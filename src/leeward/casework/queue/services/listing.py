"""Saved views, and lists exported from the desk."""

import csv
from collections.abc import Iterator
from io import StringIO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django_scopes import scope

from leeward.audit.services import hotline_transaction, record
from leeward.casework import labels
from leeward.casework.bulk.models import ListTaken, SavedView
from leeward.casework.errors import NameIsTaken, ReasonMissing
from leeward.casework.models import Case
from leeward.casework.queries import CaseRow, rows_of
from leeward.casework.queue.queries.saved_views import MOST_VIEWS, cases_matching, numbers_of
from leeward.casework.queue.rules.cells import cell
from leeward.casework.queue.rules.filters import Filters
from leeward.casework.steps import now_utc
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.foundation.whole_text import whole
from leeward.people.rules.permissions import may
from leeward.people.services import authorize, staff_id

MOST_LISTED = 100_000
LEAST_REASON = 10
MOST_REASON = 500
AT_ONCE = 500
COLUMNS = (
    "reference", "state", "outcome", "reason", "urgent", "known", "returned", "held until", "review asked for", "place", "country",
    "reports", "source", "received", "first assessment", "decided", "police told", "host told", "removed", "closed",
)  # fmt: skip
ADDRESS_COLUMNS = ("kind", "address")


def save_view(name: str, filters: Filters, *, shared: bool, actor: Actor) -> int:
    """Save a view under a name, for oneself or for the whole hotline; the actor's own view of the same name is
    replaced.
    """
    hotline_id, name = actor.hotline_id or 0, " ".join(name.split())[:60]
    if not name:
        raise BadInput(what=_("The name"), why=_("it is empty"))
    with hotline_transaction():
        authorize(actor, "view.share" if shared else "case.read", hotline_id)
        if SavedView.objects.filter(by=staff_id(actor)).count() >= MOST_VIEWS:
            raise BadInput(what=_("The view"), why=_("you have reached the highest number"))
        values = {"asked": filters.to_dict(), "is_shared": shared, "made_at": now_utc()}
        try:
            with transaction.atomic():
                row, _made = SavedView.objects.update_or_create(
                    hotline_id=hotline_id, by_id=staff_id(actor), name=name, defaults=values
                )
        except IntegrityError as error:
            raise NameIsTaken from error
        facts = {"shared": shared, "filters": list(filters.named)}
        record("view.saved", actor=actor, hotline_id=hotline_id, subject=f"view:{row.pk}", facts=facts)
    return row.pk


def remove_view(view_id: int, *, actor: Actor) -> None:
    """Delete a view: one's own, or as a supervisor a shared one."""
    hotline_id = actor.hotline_id or 0
    with hotline_transaction():
        row = SavedView.objects.filter(pk=view_id).first()
        if row is None or (row.by_id != actor.id and not row.is_shared):
            raise NotFound(what=_("view"))
        authorize(actor, "case.read" if row.by_id == actor.id else "view.share", hotline_id)
        facts = {"shared": row.is_shared}
        record("view.removed", actor=actor, hotline_id=hotline_id, subject=f"view:{view_id}", facts=facts)
        row.delete()


def take_list(filters: Filters, *, reason: str, addresses: bool, actor: Actor) -> Iterator[str]:
    """Record who exports which cases and why, then return the lines of the list, which are generated as they are read.

    At most MOST_LISTED cases. Addresses are included only for those who may take them; the reason is stored with the
    list, not in the log.
    """
    hotline_id, reason = actor.hotline_id or 0, reason.strip()
    authorize(actor, "case.list", hotline_id)
    if addresses:
        authorize(actor, "case.list_addresses", hotline_id)
    if len(reason) < LEAST_REASON:
        raise ReasonMissing
    cases, _quotes = cases_matching(filters, actor, now_utc())
    ids = numbers_of(cases, MOST_LISTED)
    with hotline_transaction():
        row = ListTaken.objects.create(
            hotline_id=hotline_id,
            by_id=staff_id(actor),
            asked=filters.to_dict(),
            cases=len(ids),
            with_addresses=addresses,
            reason=whole(reason, MOST_REASON),
            at=now_utc(),
        )
        facts = {"cases": len(ids), "addresses": addresses, "view": filters.view, "filters": list(filters.named)}
        record("cases.listed", actor=actor, hotline_id=hotline_id, subject=f"list:{row.pk}", facts=facts)
    return _lines(ids, hotline_id, addresses=addresses)


def may_take_addresses(actor: Actor) -> bool:
    """Return whether this person's lists may include addresses."""
    return bool(may(actor, "case.list_addresses", actor.hotline_id))


def _lines(ids: list[int], hotline_id: int, *, addresses: bool) -> Iterator[str]:
    yield _line((*COLUMNS, *ADDRESS_COLUMNS) if addresses else COLUMNS)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        with scope(hotline=hotline_id):
            cases = Case.objects.in_bulk(some)
            shown = {row.id: row for row in rows_of(cases.values(), 0)} if addresses else {}
        for case_id in some:
            if case_id in cases:
                yield _line(_cells(cases[case_id], shown.get(case_id)))


def _cells(case: Case, row: CaseRow | None) -> tuple[object, ...]:
    times = (
        case.received_at, case.first_assessed_at, case.decided_at, case.police_told_at, case.host_told_at, case.removed_at,
        case.closed_at,
    )  # fmt: skip
    first = (
        case.reference, case.state, case.outcome, str(labels.REASONS.get(case.close_reason or 0, "")), case.urgent, case.known,
        case.returned, case.held_until and case.held_until.isoformat(timespec="minutes"), case.appealed, case.place, case.country,
        case.report_count, case.source,
    )  # fmt: skip
    last = (row.kind, row.display) if row else ()
    return (*first, *(at.isoformat(timespec="seconds") if at else "" for at in times), *last)


def _line(values: tuple[object, ...]) -> str:
    out = StringIO()
    csv.writer(out).writerow([cell(value) for value in values])
    return out.getvalue()
