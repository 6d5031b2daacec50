"""The pages about the national response in a browser: for everybody, on a phone too."""

from datetime import date

import pytest
from django_scopes import scope

from leeward.national import services
from leeward.national.models import SelfAssessment
from leeward.national.rules.standing import AnswerDetails
from tests.browser import Visit
from tests.people.browsing import sign_in
from tests.personas import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_the_pages_bar_nobody(cast: Cast, visitor: Visit) -> None:
    carl = cast["carl"].actor
    guest = visitor()
    sign_in(guest, cast, "carl")
    guest.go("/desk/national-response")
    guest.look("response-empty")
    with scope(hotline=cast.hotline_id):
        number = 0
        for year in (2025, 2026):
            number = services.begin(None, "JM", year, hotline_id=cast.hotline_id, actor=carl)
            plan = {"responsible": "Ministry of Justice", "target_on": date(2025, 6, 30)}
            why = "An amendment of this year is not in the register yet"
            services.answer(number, "law_severity", AnswerDetails(year - 2024, "Guideline of 2019", **plan), actor=carl)
            services.answer(number, "hotline_assesses", AnswerDetails(4, "Figures", reason=why), actor=carl)
        SelfAssessment.objects.filter(year=2025).update(
            closed_at="2026-01-02T00:00:00Z", closed_by=cast["adam"].account_id
        )
    for path, name in (
        ("", "response-list"),
        ("/frameworks", "response-frameworks"),
        (f"/{number}", "response"),
        (f"/{number}/question/hotline_assesses", "response-question"),
    ):
        guest.go(f"/desk/national-response{path}")
        guest.look(name)
