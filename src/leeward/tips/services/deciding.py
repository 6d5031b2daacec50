"""What people decide about tips: who works on one, whether it becomes a case, what its sender hears."""

import hashlib
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.jobs.services import erased
from leeward.people.services import authorize, demand_read
from leeward.tips import queries
from leeward.tips.errors import NotDecidable
from leeward.tips.models import CLOSED, FOLDED, HELD, OPENED, WAITING, TipRow, TipVersion
from leeward.tips.rules.outcomes import ENDINGS, OUTCOMES, feedback_csv
from leeward.tips.rules.tip import LABELS
from leeward.tips.services.folding import let_next_go
from leeward.tips.services.opening import open_row

AT_ONCE = 500  # of a transaction
KEPT_FOR = timedelta(days=730)  # a tip's own words, after nothing changed any more


def take_anyway(tip_id: int, *, actor: Actor) -> int:
    """Make a report of a tip that is held or was folded; return the report's number. Doing it again changes nothing."""
    with hotline_transaction():
        row = _locked(tip_id, actor)
        if row.state == OPENED and row.report_id is not None:
            return int(row.report_id)
        if row.state not in (HELD, FOLDED):
            raise NotDecidable
        return open_row(row, actor=actor)


def assign(tip_id: int, person_id: int | None, *, actor: Actor) -> None:
    """Give a tip to somebody of the hotline, or to nobody."""
    with hotline_transaction():
        row = _locked(tip_id, actor)
        if person_id is not None and person_id not in queries.workers(row.hotline_id):
            raise NotFound(what=_("person"))
        if row.assigned_to_id == person_id:
            return
        row.assigned_to_id = person_id
        row.save(update_fields=["assigned_to"])
        record(
            "tip.assigned",
            actor=actor,
            hotline_id=row.hotline_id,
            subject=f"tip:{row.pk}",
            facts={"account": person_id or 0},
        )


def settle(tip_id: int, outcome: str, *, seen: str, actor: Actor) -> None:
    """Record what its sender hears of a tip. Where nothing more is done, a tip without a report is closed by it,
    and one that was closed waits for a person again where more is. `seen` is the number of the newest version that
    their page showed. Raises EnteredSince if another came since."""
    if outcome not in OUTCOMES:
        raise BadInput(what=_("what became of it"), why=_("it is not in the list"))
    with hotline_transaction():
        row = _locked(tip_id, actor)
        demand_read(str(row.versions), seen=seen)
        closes = row.report_id is None and outcome in ENDINGS
        if row.outcome == outcome and (row.state == CLOSED or not closes):
            return
        row.outcome, row.outcome_at, row.outcome_by_id = outcome, datetime.now(UTC), actor.id
        row.changed_at = row.outcome_at
        if closes:
            row.state = CLOSED
            let_next_go(row)
        elif row.state == CLOSED:  # it was closed by mistake, or for what no longer holds
            row.state = HELD
        row.save()
        record(
            "tip.settled", actor=actor, hotline_id=row.hotline_id, subject=f"tip:{row.pk}", facts={"outcome": outcome}
        )


def label(tip_id: int, text: str, *, actor: Actor) -> None:
    """Record what the sender calls a tip."""
    if text not in LABELS:
        raise BadInput(what=_("what the sender calls it"), why=_("it is not in the list"))
    with hotline_transaction():
        row = _locked(tip_id, actor)
        if row.label == text:
            return
        row.label = text
        row.save(update_fields=["label"])
        record("tip.labelled", actor=actor, hotline_id=row.hotline_id, subject=f"tip:{row.pk}", facts={"label": text})


def feedback(*, sender: str, hotline_id: int, actor: Actor) -> str:
    """Return what became of the tips of a sender, or of all, as CSV for it; that it was given out is on record."""
    authorize(actor, "report.enter", hotline_id)
    rows = queries.feedback_rows(sender)
    text = feedback_csv(rows)
    record(
        "tips.feedback_given",
        actor=actor,
        hotline_id=hotline_id,
        subject=f"hotline:{hotline_id}",
        facts={"tips": len(rows), "digest": hashlib.sha256(text.encode()).hexdigest()},
    )
    return text


def forget_old_facts(now: datetime) -> int:
    """Delete the words of tips about which nothing changed for two years, some at a time; return of how many. That they
    came and what became of them stays."""
    with hotline_transaction():
        old = list(
            TipRow.objects.filter(changed_at__lt=now - KEPT_FOR, forgotten_at__isnull=True)
            .exclude(state=WAITING)  # it is still to become a case, of these words
            .values_list("id", flat=True)[:AT_ONCE]
        )
        if old:
            TipVersion.objects.filter(tip_id__in=old).update(facts={}, name="")
            TipRow.objects.filter(pk__in=old).update(forgotten_at=now, place="")
            erased(TipVersion, TipRow)
    return len(old)


def _locked(tip_id: int, actor: Actor) -> TipRow:
    row = TipRow.objects.select_for_update().filter(pk=tip_id).first()
    if row is None:
        raise NotFound(what=_("tip"))
    authorize(actor, "report.enter", row.hotline_id)
    return row
