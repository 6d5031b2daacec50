"""For whom a summary is made and what for stays whole, or is refused with all of it still there."""

import pytest

from leeward.casework.models import Case, Note
from leeward.web_security.keys import new_form_key
from tests.casework.acting.test_news_of_police import referred
from tests.casework.conftest import Desk

__all__ = ["referred"]
pytestmark = pytest.mark.django_db


def test_a_long_reason_is_refused_and_none_is_cut(desk: Desk, referred: Case) -> None:
    carl, path = desk.signed_in("carl"), f"/desk/case/{referred.reference}/summary"
    assert "maxlength" not in carl.get(path).content.decode().partition("<main")[2]
    long = "They wrote: " + "w" * 2000
    answer = carl.post(path, {"recipient": "The officer", "reason": long, "once": new_form_key()})
    page = answer.content.decode()
    assert "characters long, and 2000 is the most" in page
    assert f"{long}</textarea>" in page
    assert 'value="The officer"' in page
    assert not Note.objects.filter(case=referred).exists()
    fits = "w" * 1900
    carl.post(path, {"recipient": "The officer", "reason": fits, "once": new_form_key()})
    assert Note.objects.get(case=referred).text == f"Summary for The officer: {fits}"
