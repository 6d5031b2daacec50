"""Read changes of the register as a hotline's people may see them: waiting ones, a single one, a file's history."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from leeward.foundation.errors import NotFound
from leeward.installation.queries import is_run_by, sees_shared
from leeward.laws.models import LawRevision


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of a file with its texts; `hotline` is the proposer's; `is_endorsed`: one of the two people has
    already approved it.
    """

    id: int
    code: str
    number: int
    way: str
    reason: str
    state: str
    by_user: int | None
    by_name: str
    hotline_id: int | None
    hotline: str
    endorsed_by: int | None
    endorsed_by_name: str
    is_endorsed: bool
    answer: str
    at: datetime
    before: str
    text: str


def _change_row(row: LawRevision, viewer: int) -> ChangeRow:
    """Convert a change; people's names are shown to their own hotline and the deciding one, others see the hotline's
    name.
    """
    hotline = row.proposed_in.name if row.proposed_in else ""
    name = row.by_user.name if row.by_user else row.by_label
    return ChangeRow(
        id=row.pk,
        code=row.code,
        number=row.number,
        way=row.way,
        reason=row.reason,
        state=row.state,
        by_user=row.by_user_id,
        by_name=name if row.by_user is None or sees_shared(viewer, row.proposed_in_id) else hotline,
        hotline_id=row.proposed_in_id,
        hotline=hotline,
        endorsed_by=row.endorsed_by_id,
        endorsed_by_name=row.endorsed_by.name if row.endorsed_by and is_run_by(viewer) else "",
        is_endorsed=is_run_by(row.proposed_in_id) or is_run_by(row.endorsed_in_id),
        answer=row.answer,
        at=row.at,
        before=row.before,
        text=row.text,
    )


def _visible(viewer: int) -> QuerySet[LawRevision]:
    """Return the visible changes: those in force for everybody, a proposal for its own hotline and the deciding one."""
    rows = LawRevision.objects.select_related("by_user", "endorsed_by", "proposed_in")
    if is_run_by(viewer):
        return rows
    return rows.filter(Q(state=LawRevision.State.ACCEPTED) | Q(proposed_in_id=viewer))


def open_changes(viewer: int) -> list[ChangeRow]:
    """Return the waiting proposals as the hotline `viewer` may see them, oldest first."""
    rows = _visible(viewer).filter(state=LawRevision.State.PROPOSED).order_by("at")
    return [_change_row(row, viewer) for row in rows]


def changes_of(code: str, viewer: int) -> list[ChangeRow]:
    """Return a file's history, newest first."""
    return [_change_row(row, viewer) for row in _visible(viewer).filter(code=code).order_by("-number")]


def change(number: int, viewer: int) -> ChangeRow:
    """Return one change; raises NotFound."""
    row = _visible(viewer).filter(pk=number).first()
    if row is None:
        raise NotFound(what=_("change of a law"))
    return _change_row(row, viewer)


def proposer_of(number: int) -> tuple[int, int] | None:
    """Return the hotline and the account that proposed a change on the desk, or None."""
    row = LawRevision.objects.filter(pk=number, proposed_in__isnull=False, by_user__isnull=False)
    return row.values_list("proposed_in_id", "by_user_id").first()
