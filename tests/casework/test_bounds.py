"""What holds exactly at a limit: the last look of a day, the moment at which a clock stops, the last second to undo."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.casework import services
from leeward.casework.errors import TooLateToUndo
from leeward.casework.exposure.rules.budget import RECOMMENDED, Day, has_room
from leeward.casework.models import Assessment, PendingAction
from leeward.clocks.rules.due import Calendar, Pause, Rule, due_at
from leeward.site.config import Config
from tests.casework.conftest import FAST, Desk

ANYWHERE = Calendar("America/Jamaica", (1, 2, 3, 4, 5, 6, 7), ())
START = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("weight", [1, 3, 6])
def test_the_last_look_of_a_day_fits_exactly(weight: int) -> None:
    most = RECOMMENDED.previews
    assert has_room(Day(spent=most - weight), weight, RECOMMENDED)
    assert not has_room(Day(spent=most - weight + 1), weight, RECOMMENDED)
    assert not has_room(Day(spent=most), weight, RECOMMENDED)


@pytest.mark.parametrize("unit", ["hours", "open_hours", "working_days"])
def test_a_clock_that_runs_out_as_it_is_stopped_has_run_out(unit: str) -> None:
    """At the same moment nothing was left that could go on; a moment earlier there was."""
    rule = Rule(2, unit)
    due = due_at(START, rule, ANYWHERE)
    day = timedelta(days=1)
    assert due_at(START, rule, ANYWHERE, [Pause(due, due + day)]) == due
    assert due_at(START, rule, ANYWHERE, [Pause(due + timedelta(seconds=1), due + day)]) == due
    assert due_at(START, rule, ANYWHERE, [Pause(due - timedelta(seconds=1), due + day)]) > due


@pytest.mark.django_db
def test_nothing_is_undone_once_its_time_is_over(desk: Desk, settings: Any) -> None:
    """Also where the worker is late, and nothing of it has gone out yet."""
    settings.LEEWARD = Config(pace=FAST, undo_seconds=10)
    case, ana = desk.case(), desk.cast["ana"].actor
    desk.assess(case)
    row = PendingAction.objects.get(case_id=case.pk)
    PendingAction.objects.filter(pk=row.pk).update(until=datetime.now(UTC) - timedelta(milliseconds=1))
    with pytest.raises(TooLateToUndo):
        services.undo(case.pk, actor=ana)
    case.refresh_from_db()
    assert (case.state, Assessment.objects.count(), PendingAction.objects.count()) == ("decided", 1, 1)
    PendingAction.objects.filter(pk=row.pk).update(until=datetime.now(UTC) + timedelta(minutes=1))
    assert services.undo(case.pk, actor=ana) == "find_illegal"
