"""The events about names that the desk subscribes to. Everything is idempotent."""

from leeward.casework.acting.services import following
from leeward.casework.names import services
from leeward.jobs.registry import subscribe
from leeward.notices import queries as notices_queries


@subscribe("name_act.overdue")
def name_act_overdue(subject_id: int) -> None:
    """Flag a case about whose name something was asked that has no answer in time."""
    act = notices_queries.name_act_due(subject_id)
    if act is not None:
        due = act.due_at.isoformat()
        following.something_is_new(act.case_id, "name_act_overdue", is_told_once=True, act=act.what, due=due)


@subscribe("name.hopped")
def name_hopped(subject_id: int) -> None:
    """Flag the cases on both sides when the content or the registrant of one name is seen under another."""
    services.warn_of_hop(subject_id)
