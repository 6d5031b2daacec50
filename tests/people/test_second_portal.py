"""Nobody alone puts a second portal beside one that people know, or takes that one away."""

import pytest
from django.test import Client
from django_scopes import scope

from leeward.administration.errors import NoLongerReady
from leeward.audit.queries import log_page
from leeward.foundation.actor import Actor
from leeward.jobs.worker import run_until_idle
from leeward.notices.models import StaffNote
from leeward.people import queries, services
from leeward.people.errors import NotSecondPerson
from leeward.people.models import Portal
from leeward.site import health
from leeward.site.doctor import findings
from tests.people.signing import signed_in
from tests.personas import Cast

pytestmark = pytest.mark.django_db
PUPPET = {
    "name": "Jamaica now",
    "country": "JM",
    "languages": ["en"],
    "emergency_number": "555",
    "police_name": "Unit",
    "police_email": "unit@puppet.example",
    "time_zone": "America/Jamaica",
}


def second(cast: Cast) -> int:
    return services.open_portal(cast.hotline_id, slug="jm-now", actor=cast["adam"].actor, **PUPPET)


def waiting(cast: Cast) -> list[queries.PortalChangeRow]:
    return queries.portal_changes_waiting(cast.hotline_id)


def told(cast: Cast, what: str) -> set[int]:
    run_until_idle()
    with scope(hotline=cast.hotline_id):
        return set(StaffNote.objects.filter(what=what).values_list("person_id", flat=True))


def test_a_second_portal_is_hidden_and_shut_until_somebody_else_has_seen_where_it_leads(cast: Cast) -> None:
    number = second(cast)
    adam, both = cast["adam"].actor, {cast["adam"].account_id, cast["carl"].account_id}
    assert Client().get("/jm-now/").status_code == 404
    assert told(cast, "form_open_asked") == both
    assert services.open_to_reports(number, actor=adam) is not None
    row = Portal.objects.get(pk=number)
    assert (row.is_open, row.takes_reports) == (False, False)
    shown, opened = waiting(cast)
    page = signed_in(cast, "carl").get(f"/desk/portals/changes/{shown.id}").content.decode()
    assert "unit@puppet.example" in page, "whoever confirms sees all that it says"
    assert "555" in page
    for change in (shown, opened):
        with pytest.raises(NotSecondPerson):
            services.settle_change(change.id, confirm=True, actor=adam)
    services.settle_change(shown.id, confirm=True, actor=cast["carl"].actor)
    with pytest.raises(NoLongerReady, match="Somebody is paged when it is urgent"):
        services.settle_change(opened.id, confirm=True, actor=cast["carl"].actor)
    row = Portal.objects.get(pk=number)
    assert (row.is_open, row.takes_reports) == (True, False)
    assert told(cast, "form_open_changed") == both


def test_what_was_confirmed_is_what_is_shown(cast: Cast) -> None:
    """Nobody changes a portal between the look of a second person and their yes."""
    number, adam = second(cast), cast["adam"].actor
    [asked] = waiting(cast)
    services.change_portal(number, police_email="worse@puppet.example", actor=adam)
    [now] = waiting(cast)
    assert now.id != asked.id, "the change that was looked at is replaced"
    assert now.wanted["police_email"] == "worse@puppet.example"
    Portal.objects.filter(pk=number).update(emergency_number="556")
    services.settle_change(now.id, confirm=True, actor=cast["carl"].actor)
    assert queries.portal(number).emergency_number == "555"
    services.change_portal(number, exit_url="https://puppet.example/", actor=adam)
    assert queries.portal(number).exit_url != "https://puppet.example/", "from now on it is guarded by itself"


def test_so_is_one_of_a_country_that_another_hotline_has(cast: Cast) -> None:
    Portal.objects.filter(pk=cast.other_portal_id).update(takes_reports=False, is_open=False)
    dora = cast["dora"].actor
    number = services.open_portal(cast.other_hotline_id, slug="jm2", actor=dora, takes_reports=False, **PUPPET)
    assert services.open_to_reports(number, actor=dora) is not None
    assert not Portal.objects.filter(pk=number, takes_reports=True).exists()
    services.change_portal(cast.other_portal_id, country="JM", is_open=True, actor=dora)
    row = Portal.objects.get(pk=cast.other_portal_id)
    assert (row.is_open, row.country) == (False, "BB"), "nor by way of another country"
    assert signed_in(cast, "carl").get("/desk/oncall").status_code == 200
    assert waiting(cast) == [], "it is the other hotline's to confirm"


def test_the_first_portal_of_a_fresh_hotline_opens_at_once(cast: Cast) -> None:
    Portal.objects.filter(hotline_id=cast.hotline_id).update(takes_reports=False)
    assert services.open_to_reports(cast.portal_id, actor=cast["adam"].actor) is None
    assert Portal.objects.get(pk=cast.portal_id).takes_reports
    assert waiting(cast) == []


@pytest.mark.parametrize("how", ["close", "hide"])
def test_nobody_alone_takes_the_form_away_and_all_hear_of_it(cast: Cast, how: str) -> None:
    adam, both = cast["adam"].actor, {cast["adam"].account_id, cast["carl"].account_id}
    if how == "close":
        number = services.close_to_reports(cast.portal_id, actor=adam)
    else:
        number = services.change_portal(cast.portal_id, is_open=False, actor=adam)
    assert number is not None
    assert told(cast, "form_shut_asked") == both
    assert Client().get("/jm/report", follow=True).status_code == 200
    page = signed_in(cast, "carl").get(f"/desk/portals/changes/{number}").content.decode()
    assert "Ask why, and where people can report to you meanwhile." in page
    assert not [one for one in health.refresh_alarms() if one.code == "no_form"]
    services.settle_change(number, confirm=True, actor=cast["carl"].actor)
    assert told(cast, "form_shut_changed") == both
    kept = queries.portal(cast.portal_id)
    assert (kept.is_open, kept.takes_reports) == ((True, False) if how == "close" else (False, True))


def codes(cast: Cast) -> set[str]:
    return {one.code for one in health.refresh_alarms() if one.hotline_id == cast.hotline_id} & {"no_form", "closed"}


def test_where_no_form_takes_reports_the_desk_the_doctor_and_healthz_say_so(cast: Cast) -> None:
    assert not [one for one in findings() if one.id == "leeward.people.E003"]
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False, was_opened=True)  # nobody closed it
    assert codes(cast) == {"no_form"}
    assert not health.is_well()
    assert Client().get("/healthz").status_code == 503
    assert "No form of this hotline takes reports" in signed_in(cast, "carl").get("/desk/oncall").content.decode()
    assert "No form of this hotline takes reports" not in signed_in(cast, "dora").get("/desk/oncall").content.decode()
    assert [one for one in findings() if one.id == "leeward.people.E003"]
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False, was_opened=False)
    assert codes(cast) == set(), "a fresh hotline has none yet"


def test_what_was_closed_on_purpose_is_no_fault_and_said_as_what_it_is(cast: Cast) -> None:
    server = Actor("command", hotline_id=cast.hotline_id)
    services.close_to_reports(cast.portal_id, actor=server)
    assert codes(cast) == {"closed"}
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content.decode().splitlines()[0]) == (200, "ok")
    assert "closed on purpose" in answer.content.decode()
    assert "closed on purpose" in signed_in(cast, "carl").get("/desk/oncall").content.decode()
    assert {one.id for one in findings()} & {"leeward.people.E003", "leeward.people.W009"} == {"leeward.people.W009"}
    assert told(cast, "form_shut_changed") == {cast["adam"].account_id, cast["carl"].account_id}
    services.open_to_reports(cast.portal_id, actor=server)
    assert codes(cast) == set()
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False)
    assert codes(cast) == {"no_form"}, "it was closed once, and opened again since"
    number = services.change_portal(cast.portal_id, is_open=False, actor=cast["adam"].actor)
    assert number is not None
    services.settle_change(number, confirm=True, actor=cast["carl"].actor)
    assert codes(cast) == {"no_form"}, "hidden on purpose, but nobody closed it"


def test_the_desk_says_that_it_waits_and_the_log_who_asked(cast: Cast) -> None:
    adam, where = signed_in(cast, "adam"), f"/desk/administration/portals/{cast.portal_id}"
    page = adam.post(f"{where}/close", follow=True).content.decode()
    assert "This takes two people" in page
    assert "A change of the portal Jamaica is waiting for a second person." in page
    assert Portal.objects.get(pk=cast.portal_id).takes_reports
    [line] = [one for one in log_page(cast.hotline_id) if one.event == "portal.change_asked"]
    assert (line.actor, line.facts["fields"]) == (cast["adam"].actor.label, ["takes_reports"])
