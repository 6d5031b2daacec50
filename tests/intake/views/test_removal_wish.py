"""The report of a picture of oneself by its address: what the form asks about the police, and what it says where it can't."""

from collections.abc import Iterator
from typing import Any

import pytest
from django_scopes import scope

from leeward.intake.models import Report
from leeward.people.models import Portal
from tests.intake.walk import Walk, report
from tests.personas import Cast

pytestmark = pytest.mark.django_db
ADDRESS = "http://pictures.example/a"
ME = {"kind": "me", "threat": "no", "where": ADDRESS}


@pytest.fixture
def lets(cast: Cast) -> Iterator[Cast]:
    """The cast, with a portal whose people found out that the law lets them remove such a picture without the police."""
    Portal.objects.filter(pk=cast.portal_id).update(own_removal="wish")
    with scope(hotline=cast.hotline_id):
        yield cast


def test_the_childs_wish_comes_first_and_its_receipt_keeps_to_it(lets: Cast) -> None:
    walk = Walk().open("/jm/report")
    assert "You decide. Only if somebody threatens you or a child is in danger" in walk.text
    assert walk.page.xpath("//input[@name='wish'][@checked]") == [], "no answer is chosen for anybody"
    walk.send("report", press="go=send", **ME)
    assert walk.response.status_code == 200
    assert "Choose what you want us to do." in walk.text
    assert not Report.objects.exists()
    walk.send("report", press="go=send", wish="quiet")
    assert "the host is asked to remove it. We don’t tell the police, as you wished." in walk.text
    assert "police told" not in walk.text
    row = Report.objects.get()
    assert (row.wish, row.happened, row.urgency) == ("quiet", "", "")
    status = Walk()
    status.response = status.client.post("/jm/receipt", {"receipt": walk.receipt})
    assert "We don’t tell the police, as you wished." in status.text


def test_a_threat_is_as_urgent_with_the_wish_as_without(lets: Cast) -> None:
    walk = Walk()
    report(walk, **(ME | {"threat": "unsure"}), wish="quiet")
    assert Report.objects.get().urgency == "threat"
    assert "as you wished" not in walk.text
    assert "decides whether the police have to know at once" in walk.text


def test_other_kinds_of_report_carry_no_wish(lets: Cast) -> None:
    report(Walk(), kind="page", where=ADDRESS, wish="quiet")
    assert Report.objects.get().wish == ""


@pytest.mark.parametrize(
    ("portal", "says"),
    [
        ({"own_removal": "unknown"}, "We don’t know yet whether the law here lets us"),
        ({"own_removal": "police"}, "The law here says that we have to tell the police"),
        ({"own_removal": "wish", "country": "IN"}, "The law here says that we have to tell the police"),
        ({"own_removal": "wish", "mode": "post_box"}, "We pass every report on to the police"),
    ],
)
def test_where_the_law_leaves_no_wish_or_nobody_knows_the_form_says_so(lets: Cast, portal: Any, says: str) -> None:
    Portal.objects.filter(pk=lets.portal_id).update(**portal)
    walk = Walk().open("/jm/report")
    assert says in walk.text
    assert walk.page.xpath("//input[@name='wish']") == []
    report(walk, **ME, wish="quiet")
    assert Report.objects.get().wish == "", "nor is one kept that somebody sent all the same"
    assert "as you wished" not in walk.text


def test_sent_again_with_another_answer_the_last_one_counts(lets: Cast) -> None:
    walk = Walk().open("/jm/report")
    fields = dict(walk.fields("report")) | ME | {"wish": "quiet", "go": "send"}
    for wish in ("quiet", "police"):
        walk.client.post("/jm/report", fields | {"wish": wish})
    assert Report.objects.get().wish == "police"
