"""The report of a picture of oneself by its address: what the form asks about the police, and what it says where it can't."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from leeward.intake.models import Report
from leeward.intake.services import tell_reporter
from leeward.people.models import Portal, User
from leeward.people.services.tokens import issue_token
from leeward.web_security.keys import new_form_key
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


@pytest.mark.parametrize(("state", "reason", "wish"), [("received", "", "quiet"), ("acted", "police_told", "police")])
def test_quiet_is_promised_later_only_until_the_police_know(lets: Cast, state: str, reason: str, wish: str) -> None:
    walk = Walk().open("/jm/report")
    fields = dict(walk.fields("report")) | ME | {"go": "send"}
    walk.client.post("/jm/report", fields | {"wish": "police"})
    tell_reporter(Report.objects.get().items.get().pk, state=state, reason=reason)
    page = walk.client.post("/jm/report", fields | {"wish": "quiet"}, follow=True).content.decode()
    assert Report.objects.get().wish == wish
    assert ("as you wished" in page) is (wish == "quiet")


def _caller(cast: Cast) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=cast["ana"].account_id))
    return client


def _call(cast: Cast, **more: str) -> str:
    fields = {"portal": str(cast.portal_id), "language": "en", "once": new_form_key(), "danger": "no", "kind": "me"}
    fields |= {"threat": "no", "where": ADDRESS, "when": "today"}
    return _caller(cast).post("/desk/reports/call", fields | more).content.decode()


def test_on_the_telephone_the_caller_decides_and_hears_that_we_keep_to_it(lets: Cast) -> None:
    page = _caller(lets).get("/desk/reports/call").content.decode()
    assert "What do you want us to do? Have it removed. Don’t tell the police." in page
    assert 'id="id_wish_error"' in _call(lets), "it has to be asked"
    assert not Report.objects.exists()
    assert "We don’t tell the police, as you wished." in _call(lets, wish="quiet")
    assert Report.objects.get().wish == "quiet"
    assert "as you wished" not in _call(lets, wish="quiet", threat="yes"), "a threat goes first"


def test_on_the_telephone_nobody_is_asked_where_the_law_leaves_no_wish(lets: Cast) -> None:
    Portal.objects.filter(pk=lets.portal_id).update(own_removal="police")
    page = _caller(lets).get("/desk/reports/call").content.decode()
    assert "The law here says that we have to tell the police" in page
    assert 'name="wish"' not in page
    assert "as you wished" not in _call(lets, wish="quiet")
    assert Report.objects.get().wish == ""


def _enter(cast: Cast, **more: str) -> str:
    fields = {"portal": str(cast.portal_id), "language": "en", "once": new_form_key(), "source": "letter"}
    fields |= ME | {"when": "today"}
    return _caller(cast).post("/desk/reports/new", fields | more).content.decode()


def test_whoever_writes_a_letter_has_the_same_choice(lets: Cast) -> None:
    assert 'name="wish"' in _caller(lets).get("/desk/reports/new").content.decode()
    assert "can’t promise" in _enter(lets, wish="quiet", kind="page")
    assert 'id="id_threat_error"' in _enter(lets, wish="quiet", threat=""), "a threat would go first, and nobody knows"
    assert not Report.objects.exists()
    for more, wish in (({"wish": "quiet"}, "quiet"), ({"wish": "police", "source": "email"}, "police"), ({}, "")):
        assert "receipt" in _enter(lets, **more)
        assert Report.objects.latest("id").wish == wish


def test_a_wish_in_a_letter_is_not_taken_where_the_law_leaves_none(lets: Cast) -> None:
    other = Portal.objects.create(hotline_id=lets.hotline_id, name="other", country="JM", own_removal="police")
    assert "can’t promise" in _enter(lets, wish="quiet", portal=str(other.pk))
    Portal.objects.filter(pk=lets.portal_id).update(own_removal="unknown")
    assert 'name="wish"' not in _caller(lets).get("/desk/reports/new").content.decode()
    _enter(lets, wish="quiet")
    assert Report.objects.get().wish == ""


@pytest.mark.parametrize("law", ["wish", "unknown"])
def test_another_organisations_form_may_ask_only_where_ours_does(lets: Cast, law: str) -> None:
    Portal.objects.filter(pk=lets.portal_id).update(own_removal=law)
    key = issue_token(name="Youth Line", scopes=["intake"], actor=lets["adam"].actor)
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "a" * 16}
    body = json.dumps(ME | {"portal": "jm", "wish": "quiet"})
    answer: Any = Client().post("/api/v1/intake", body, content_type="application/json", headers=headers)
    if law == "wish":
        other: Any = Client().post(
            "/api/v1/intake",
            json.dumps({"portal": "jm", "kind": "page", "where": ADDRESS, "wish": "quiet"}),
            content_type="application/json",
            headers=headers | {"Idempotency-Key": "b" * 16},
        )
        assert "can’t promise" in other.json()["title"], "it is promised only to whoever is in the picture"
        assert (answer.status_code, Report.objects.get().wish) == (201, "quiet")
    else:
        assert "This portal can’t promise that the police are not told" in answer.json()["title"]
        assert not Report.objects.exists()
        body = json.dumps(ME | {"portal": "jm", "wish": "police"})
        answer = Client().post("/api/v1/intake", body, content_type="application/json", headers=headers)
        assert (answer.status_code, Report.objects.get().wish) == (201, ""), "they are told anyway"
