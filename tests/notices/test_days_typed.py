"""The last day of a hold, typed by hand where the browser has no calendar."""

import pytest
from django.test import Client

from leeward.notices.models import Referral
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on
from tests.notices.test_refused_forms import FIELDS, field, pages, sent_to

__all__ = ["pages"]
pytestmark = pytest.mark.django_db
IN_JAMAICA = "2026-12-04T04:59:59+00:00"


def held_until() -> str:
    until = Referral.objects.get().hold_until
    return until.isoformat() if until else ""


@pytest.mark.parametrize("typed", ["2026-12-03", "03 Dec 2026", "Dec. 3, 2026", "2026/12/3"])
@pytest.mark.parametrize("whose", ["desk", "police"])
def test_a_day_is_read_as_people_type_it(pages: dict[str, tuple[Client, str]], whose: str, typed: str) -> None:
    client, path = pages[whose]
    values = {"act": "hold", "until": typed, "once": new_form_key()}
    values |= {"seen": seen_on(client.get(path).content.decode())} if whose == "desk" else {}
    answer = client.post(path, values)
    assert answer.status_code in (302, 303)
    assert held_until() == IN_JAMAICA


def test_a_month_may_have_its_name_in_the_language_of_the_page(pages: dict[str, tuple[Client, str]]) -> None:
    client, path = pages["police"]
    client.post(f"/lang/fr{path}", {"act": "hold", "until": "3 décembre 2026", "once": new_form_key()})
    assert held_until() == IN_JAMAICA


@pytest.mark.parametrize("typed", ["03/12/2026", "3.12.26", "tomorrow", "Thursday"])
def test_a_day_that_can_be_read_as_two_is_refused_and_stays(pages: dict[str, tuple[Client, str]], typed: str) -> None:
    client, path = pages["desk"]
    seen = seen_on(client.get(path).content.decode())
    page = sent_to(pages["desk"], "hold", until=typed, note="They called.", seen=seen)
    assert f"“{typed}” is not clearly one day. Write the year, the month and the day, as in 2026-12-31" in page
    assert f'value="{typed}"' in field(page, 'id="until"', ">")
    assert "They called." in field(page, FIELDS["hold"])
    assert held_until() == ""
