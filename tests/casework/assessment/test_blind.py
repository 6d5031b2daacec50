"""Who has a case for a blind look sees nothing of what others found, on whatever page of it there is or will be."""

import pytest
from django.urls import get_resolver

from leeward.casework import services
from leeward.casework.models import Appeal, Case, SampledAssessment
from leeward.casework.quality.rules.drawing import Rates
from leeward.casework.quality.services import sampling
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import Desk

pytestmark = pytest.mark.django_db
# The files alone say nothing of what others found, and are what a blind look is about.
OPEN = {"show-files", "preview-file", "read-page"}


def paths_of(case: Case) -> dict[str, str]:
    """Every address of the desk that names a case, by the name of its page."""
    patterns = get_resolver("leeward.casework.urls").url_patterns
    named = [pattern for pattern in patterns if "<reference:reference>" in str(pattern.pattern)]
    return {
        pattern.name: "/desk/"
        + str(pattern.pattern).replace("<reference:reference>", case.reference).replace("<int:number>", "1")
        for pattern in named
    }


@pytest.mark.slow
def test_every_page_of_a_case_is_closed_to_who_looks_at_it_blind(desk: Desk) -> None:
    sampling.set_rates(Rates(100, 100, 100), actor=desk.cast["carl"].actor)
    case = desk.case()
    desk.assess(case, "ana")
    services.give_back(case.pk, actor=desk.cast["ana"].actor)
    services.open_appeal(case.pk, origin="host", origin_id=1, text="No.")
    desk.work()
    carl, paths = desk.signed_in("carl"), paths_of(case)
    assert len(paths) > 25
    assert desk.signed_in("bela").get(paths["show-case"]).status_code == 200
    assert sampling.take_sample(actor=desk.cast["carl"].actor).case_id == case.pk
    assert SampledAssessment.objects.get(case=case).taken_by_id == desk.cast["carl"].account_id
    before = Case.objects.filter(pk=case.pk).values().get()
    closed = set()
    for name in set(paths) - OPEN:
        for answer in (carl.get(paths[name]), carl.post(paths[name], {"once": new_form_key()})):
            assert answer.status_code in (409, 405, 403), (name, answer.status_code)
            if answer.status_code == 409:
                assert "blind assessment" in answer.content.decode(), name
                closed.add(name)
    assert len(closed) > 15, "and not because nothing of it is for supervisors"
    assert carl.get(f"/desk/appeals/{Appeal.objects.get().pk}").status_code == 409
    assert Case.objects.filter(pk=case.pk).values().get() == before
