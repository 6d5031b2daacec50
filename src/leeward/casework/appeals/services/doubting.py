"""Decisions that the desk itself doubts: what the address shows may have changed since, so somebody who had no part says whether the decision
was wrong before everybody who was told of it hears that.
"""

from leeward.casework.appeals.services.appealing import DESK, open_appeal
from leeward.casework.assessment.rules.second_assessment import ILLEGAL
from leeward.casework.merging.services.merged import numbers_merged_into
from leeward.casework.models import Appeal, Assessment, Case
from leeward.casework.steps import note_act, now_utc
from leeward.exchange import queries as exchange_queries
from leeward.foundation.actor import SYSTEM
from leeward.notices import queries as notices_queries


def doubt_decision(case: Case) -> None:
    """Ask for a review of a decision of which others were told, since the locked case was called not illegal after it; once in a cycle. Where
    nobody was told, or everybody knows that it was withdrawn, there is nothing to ask."""
    together = [case.pk, *numbers_merged_into(case.pk)]
    if not Assessment.objects.filter(case_id__in=together, outcome=ILLEGAL).exists():
        return
    if is_told_outside(case):
        open_appeal(case.pk, origin=DESK, origin_id=case.cycle, text="")
        case.refresh_from_db(fields=["appealed"])


def is_told_outside(case: Case) -> bool:
    """Return whether anybody outside was told of the decision of a case, or of one merged into it, and believes it still."""
    together = [case.pk, *numbers_merged_into(case.pk)]
    return notices_queries.is_told_to_stand(together) or exchange_queries.is_reported_to_stand(together)


def drop_doubts(case: Case) -> None:
    """Settle the desk's own doubts about a locked case that was found illegal again."""
    mine = Appeal.objects.filter(case_id=case.pk, origin=DESK, state="open")
    if mine.update(state="withdrawn", decided_at=now_utc()):
        case.appealed = Appeal.objects.filter(case_id=case.pk, state="open").exists()
        case.save(update_fields=["appealed"])
        note_act("appeal.withdrawn", case, actor=SYSTEM, facts={"origin": DESK})
