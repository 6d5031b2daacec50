"""Decisions of one person that a later law or an appeal changes are listed for supervisors."""

import pytest

from leeward.audit.queries import log_of
from leeward.casework.quality.models import ChangedDecision
from leeward.casework.quality.services.reviewing import go_through, note_appeal
from leeward.casework.services import decide_appeal, open_appeal
from tests.casework.assessment.test_rerun import JAMAICA, _change_the_law
from tests.casework.conftest import GRAVE, Desk
from tests.casework.quality.test_quality import seen

pytestmark = pytest.mark.django_db


def test_the_law_changes_and_what_one_person_decided_is_listed(desk: Desk) -> None:
    alone, together = desk.first(), desk.case("http://a.example/1")
    desk.assess(alone)
    for who in ("ana", "bela"):
        desk.assess(together, who, facts=GRAVE | {"age_band": "14-15"})
    carl, hotline = desk.signed_in("carl"), desk.cast.hotline_id
    assert go_through(hotline) == 0
    assert "No decision has changed" in seen(carl, "/desk/quality/changed")
    _change_the_law(desk)
    assert go_through(hotline) == 1
    assert go_through(hotline) == 0, "once for each version"
    page = seen(carl, "/desk/quality/changed")
    assert alone.reference in page
    assert together.reference not in page, "two people looked"
    assert desk.signed_in("ana").get("/desk/quality/changed").status_code == 403
    row = ChangedDecision.objects.get()
    for _ in range(2):
        assert carl.post(f"/desk/quality/changed/{row.pk}").status_code == 302
    assert alone.reference not in seen(carl, "/desk/quality/changed")
    assert alone.reference in seen(carl, "/desk/quality/changed?state=seen")
    assert [line.event for line in log_of(hotline, f"case:{alone.pk}", 50)].count("decision.seen") == 1
    _change_the_law(desk, JAMAICA)
    assert go_through(hotline) == 0


def test_an_appeal_changes_what_one_person_decided(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case)
    appeal = open_appeal(case.pk, origin="outside", origin_id=1, text="It is mine.")
    assert appeal is not None
    assert not note_appeal(appeal)
    from django.utils import timezone

    from leeward.intake.models import OutsideAppeal

    OutsideAppeal.objects.create(
        pk=1, hotline_id=case.hotline_id, portal_id=case.portal_id, kind="url", typed="", display="", comparable="",
        relation="owner", text="It is mine.", state_changed_at=timezone.now(), received_at=timezone.now(),
    )  # fmt: skip
    decide_appeal(appeal, upheld=True, reasons="The papers are good.", actor=desk.cast["carl"].actor)
    desk.work()
    row = ChangedDecision.objects.get()
    assert (row.why, row.before, row.case_id) == ("appeal", "illegal", case.pk)
    assert "an appeal" in seen(desk.signed_in("carl"), "/desk/quality/changed")
