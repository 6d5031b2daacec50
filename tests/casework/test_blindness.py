"""Who sees and takes a case that waits for its second assessment: one place says it, and nobody else works it out."""

import re
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection

import leeward
from leeward.casework.bulk.models import ListTaken, SavedView
from leeward.casework.models import Case
from leeward.casework.rules.blindness import SECOND, hides_first, is_barred, is_blind, is_disputed
from leeward.casework.rules.states import STATES
from tests.casework.conftest import GRAVE, Desk

ANA, BELA, CARL = 1, 2, 3
INSIDE = Path(leeward.__file__).parent


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("in_adjudication", [False, True])
def test_only_a_second_assessment_is_blind_or_disputed(state: str, *, in_adjudication: bool) -> None:
    waits = state == "second_assessment"
    assert is_blind(state, in_adjudication=in_adjudication) == (waits and not in_adjudication)
    assert is_disputed(state, in_adjudication=in_adjudication) == (waits and in_adjudication)
    for person in (ANA, BELA, CARL, None):
        hidden = hides_first(state, in_adjudication=in_adjudication, first_assessor_id=ANA, person_id=person)
        assert hidden == (waits and not in_adjudication and person != ANA), person
        barred = is_barred(state, assessor_ids=(ANA, BELA), person_id=person)
        assert barred == (waits and person in (ANA, BELA)), person


def test_nobody_is_somebody() -> None:
    """Neither hides less from a program, nor bars one, where nobody has assessed it."""
    assert hides_first(SECOND, in_adjudication=False, first_assessor_id=None, person_id=None)
    assert not is_barred(SECOND, assessor_ids=(None, None), person_id=None)


def test_no_other_place_works_it_out() -> None:
    """The name of the state stands in its record, its transitions, the rule and the migration."""
    named = re.compile(r"""["']second_assessment["']""")
    found = {
        str(path.relative_to(INSIDE))
        for path in (*INSIDE.rglob("*.py"), *INSIDE.rglob("*.html"))
        if named.search(path.read_text(encoding="utf-8"))
    }
    assert found == {
        "casework/migrations/0003_second_assessment.py",
        "casework/rules/blindness.py",
        "casework/rules/states.py",
        "casework/rules/transitions.py",
    }


@pytest.mark.django_db
def test_cases_views_and_lists_of_before_have_the_new_name(desk: Desk) -> None:
    case, other = desk.first(desk.world.gallery_url), desk.case("http://files.tradewind.example/d/55812")
    desk.assess(case, facts=GRAVE)
    Case.objects.filter(pk=case.pk).update(state="second_look")
    asked = {"state": "second_look", "q": "second_look of a harbour"}
    ours = {"hotline_id": case.hotline_id, "by_id": desk.cast["ana"].account_id}
    view = SavedView.objects.create(**ours, name="Grave", asked=asked, made_at=case.received_at)
    taken = ListTaken.objects.create(
        **ours, asked=asked, cases=1, with_addresses=False, reason="x", at=case.received_at
    )
    migration = import_module("leeward.casework.migrations.0003_second_assessment")
    with connection.cursor() as cursor:
        migration.rename(SimpleNamespace(connection=connection, execute=cursor.execute), migration.OLD, migration.NEW)
    case.refresh_from_db()
    assert case.waits_for_second
    assert Case.objects.get(pk=other.pk).state == other.state
    for row in (view, taken):
        row.refresh_from_db()
        assert row.asked == {"state": "second_assessment", "q": "second_look of a harbour"}
