"""The administrator's pages and one's own, over HTTP."""

import re
from datetime import date
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.test import Client
from lxml import html

from leeward.people import queries, services
from leeward.people.errors import NameIsTaken
from leeward.people.models import Hotline, Portal, PortalChange, SecondFactorReset, User
from leeward.web_security.keys import new_form_key
from tests.having_read import post_as_shown, seen_on
from tests.people.signing import GOOD, signed_in
from tests.personas import Cast
from tests.reading import compact

pytestmark = pytest.mark.django_db
ACCOUNT = {"name": "Eve", "email": "eve@staff.example", "roles": ["analyst"], "languages": ["en"], "password": GOOD}
PORTAL = {
    "slug": "st-lucia",
    "name": "Saint Lucia",
    "country": "lc",
    "language_1": "fr",
    "language_2": "",
    "language_3": "en",
    "emergency_number": "911",
    "police_on_danger": "at_once",
    "police_on_urgent": "after_look",
    "exit_url": "https://weather.example/",
    "time_zone": "America/St_Lucia",
    "working_days": ["1", "2"],
    "holidays": "2027-12-13\n\n2027-02-22\n2027-02-22",
    "is_open": "on",
}
HOTLINE = {"name": "Hotline", "email": "desk@jm.example"}


def sent_by(page: str) -> dict[str, list[str]]:
    """What a browser sends from the page's form for a portal, without a button."""
    (form,) = (form for form in html.fromstring(page).forms if "exit_url" in form.fields)
    values: dict[str, list[str]] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return values


def errors_of(text: str) -> list[str]:
    return re.findall(r'<p class="error"[^>]*>(.*?)</p>', text)


@pytest.mark.parametrize(
    ("who", "status"), [("adam", 200), ("ana", 403), ("carl", 403), ("pia", 403), ("otto", 403), ("dora", 200)]
)
def test_who_sees_the_administrators_pages(cast: Cast, who: str, status: int) -> None:
    client = signed_in(cast, who)
    for path in ("/desk/people", "/desk/people/new", "/desk/hotline", "/desk/portals"):
        answer = client.get(path)
        assert answer.status_code == status, path
        if who == "dora":
            assert b"ana@staff.example" not in answer.content
            assert b"jm.example" not in answer.content


def test_dora_finds_no_account_of_another_hotline(cast: Cast) -> None:
    client = signed_in(cast, "dora")
    for way in ("", "/password", "/leave", "/reopen", "/reset"):
        path = f"/desk/people/{cast['ana'].account_id}{way}"
        assert client.post(path, {"once": new_form_key(), "password": GOOD}).status_code == 404, way
        assert User.objects.get(pk=cast["ana"].account_id).is_active


def test_dora_finds_no_portal_or_request_of_another_hotline(cast: Cast) -> None:
    client = signed_in(cast, "dora")
    assert client.get(f"/desk/portals/{cast.portal_id}").status_code == 404
    signed_in(cast, "adam").post(f"/desk/people/{cast['ana'].account_id}/reset")
    number = SecondFactorReset.objects.get().pk
    assert client.post(f"/desk/people/resets/{number}", {"answer": "approve"}).status_code == 404
    said = client.post("/desk/people/resets", {"email": "ana@staff.example"})
    assert (said.status_code, b"Nobody at this hotline" in said.content) == (422, True)


def test_an_account_is_made_once_however_often_the_form_is_sent(cast: Cast) -> None:
    client = signed_in(cast, "adam")
    page = client.get("/desk/people/new").content.decode()
    once = re.search(r'name="once" value="([^"]+)"', page)
    assert once
    for _ in range(2):
        assert client.post("/desk/people/new", ACCOUNT | {"once": once[1]}).status_code == 302
    user = User.objects.get(email="eve@staff.example")
    assert (user.roles, user.must_change_password) == (["analyst"], True)
    assert "was already sent" in client.get("/desk/people").content.decode()
    client.post("/desk/people/new", ACCOUNT | {"email": "fay@staff.example"})
    assert not User.objects.filter(email="fay@staff.example").exists()


def test_a_key_is_not_used_up_by_a_form_with_a_mistake(cast: Cast) -> None:
    client, once = signed_in(cast, "adam"), new_form_key()
    taken = client.post("/desk/people/new", ACCOUNT | {"email": "ANA@staff.example", "once": once})
    assert (taken.status_code, errors_of(taken.content.decode())) == (
        422,
        ["Somebody already signs in with this address. Each account needs its own."],
    )
    assert 'value="Eve"' in taken.content.decode()
    assert client.post("/desk/people/new", ACCOUNT | {"once": once}).status_code == 302
    assert User.objects.filter(email="eve@staff.example").exists()


def test_mistakes_are_said_in_our_words(cast: Cast) -> None:
    wrong = {"name": "\u202e\u2066", "email": "eve", "password": "short", "once": new_form_key()}
    text = signed_in(cast, "adam").post("/desk/people/new", wrong).content.decode()
    assert errors_of(text) == [
        "This contains no letter. Type the name.",
        "This is not a complete address. One looks like name@hotline.example.",
        "Nothing is chosen. Choose at least one.",
        "This is shorter than 12 characters: it has 5.",
    ]
    weak = ACCOUNT | {"password": "password1234", "once": new_form_key()}
    assert "too easy to guess" in signed_in(cast, "adam").post("/desk/people/new", weak).content.decode()


def test_name_roles_and_languages_change_and_an_administrator_keeps_their_role(cast: Cast) -> None:
    client = signed_in(cast, "adam")
    path = f"/desk/people/{cast['ana'].account_id}"
    values = {"name": "Anna", "roles": ["auditor"], "languages": ["ur"], "seen_account": mark_on(client, path)}
    assert client.post(path, values).status_code == 302
    user = User.objects.get(pk=cast["ana"].account_id)
    assert (user.name, user.roles, user.languages) == ("Anna", ["auditor"], ["ur"])
    mine = f"/desk/people/{cast['adam'].account_id}"
    own = client.post(mine, {"name": "Adam", "roles": ["analyst"], "seen_account": mark_on(client, mine)})
    assert own.status_code == 422
    assert "can’t do this to your own account" in own.content.decode()


def test_a_page_from_before_gives_back_no_role_that_a_colleague_took(cast: Cast) -> None:
    client, ana = signed_in(cast, "adam"), cast["ana"].account_id
    services.change_account(ana, roles=["analyst", "supervisor"], actor=cast["adam"].actor)
    path = f"/desk/people/{ana}"
    values = {"name": "Anna", "languages": ["en"], "seen_account": mark_on(client, path)}
    services.change_account(ana, roles=["analyst"], actor=cast["adam"].actor)
    wrong = client.post(path, values | {"name": "", "roles": ["analyst", "supervisor"]})
    assert wrong.status_code == 422
    assert mark_in(wrong.content.decode()) == values["seen_account"], "its boxes are those from before"
    text = client.post(path, values | {"roles": ["analyst", "supervisor"]}, follow=True).content.decode()
    assert "Something else was entered since you opened this page." in text
    assert User.objects.get(pk=ana).roles == ["analyst"]
    values |= {"roles": ["analyst"], "seen_account": mark_in(text)}
    for _sent in range(2):
        assert "Saved." in client.post(path, values, follow=True).content.decode(), "the second time nothing changes"
    assert User.objects.get(pk=ana).name == "Anna"


@pytest.mark.parametrize(("who", "page"), [("adam", ""), ("carl", "/work")])
@pytest.mark.parametrize("what", ["leave", "countries", "languages"])
def test_a_page_from_before_undoes_nothing_that_a_colleague_set(cast: Cast, who: str, page: str, what: str) -> None:
    client, ana, adam = signed_in(cast, who), cast["ana"].account_id, cast["adam"].actor
    services.change_account(ana, countries=["BB"], actor=adam)
    user = User.objects.get(pk=ana)
    path = f"/desk/people/{ana}{page}"
    stale = {"name": "Ana", "roles": user.roles, "languages": user.languages, "countries": user.countries}
    stale |= {"seen_account": mark_on(client, path)}
    if what == "leave":
        services.set_leave(ana, date(2100, 1, 9), start=date(2100, 1, 1), actor=adam)
    elif what == "countries":
        services.change_account(ana, countries=["BB", "JM"], actor=adam)
    else:
        services.change_account(ana, languages=["ur"], actor=adam)
    before = User.objects.values("name", "languages", "countries", "away_from", "away_until").get(pk=ana)
    for sent in (stale | {"away_until": "2099-01-01"}, stale, stale | {"seen_account": ""}):
        text = client.post(path, sent, follow=True).content.decode()
        assert "Something else was entered since you opened this page." in text
        assert "Saved." not in text
    after = User.objects.values("name", "languages", "countries", "away_from", "away_until").get(pk=ana)
    assert after == before
    client.post(path, stale | {"away_until": "2099-01-01", "seen_account": mark_in(text)})
    assert User.objects.get(pk=ana).away_until == date(2099, 1, 1), "by the page as it is now"


def mark_on(client: Client, path: str) -> str:
    """The mark of what the page of an account shows."""
    return mark_in(client.get(path).content.decode())


def mark_in(page: str) -> str:
    return page.split('name="seen_account" value="')[1].partition('"')[0]


def test_closing_ends_sessions_at_once_and_reopening_does_not_bring_them_back(cast: Cast) -> None:
    ana, adam = signed_in(cast, "ana"), signed_in(cast, "adam")
    assert ana.get("/desk/account/").status_code == 200
    post_as_shown(adam, f"/desk/people/{cast['ana'].account_id}/leave")
    assert ana.get("/desk/account/").headers["Location"].startswith("/desk/account/login/")
    again = signed_in(cast, "bela")
    session = again.cookies["sessionid"].value
    post_as_shown(adam, f"/desk/people/{cast['bela'].account_id}/leave")
    bela = f"/desk/people/{cast['bela'].account_id}"
    old = seen_on(adam.get(bela).content.decode())
    assert adam.post(f"{bela}/reopen", {"seen": ""}).status_code == 409
    adam.post(f"{bela}/reopen", {"seen": old})
    services.close_account(cast["bela"].account_id, actor=cast["adam"].actor)
    assert adam.post(f"{bela}/reopen", {"seen": old}).status_code == 409, "it was closed again, for another reason"
    assert post_as_shown(adam, bela, f"{bela}/reopen").status_code == 302
    again.cookies["sessionid"] = session
    assert again.get("/desk/account/").status_code == 302


def test_a_new_first_password_ends_sessions_and_must_be_changed(cast: Cast) -> None:
    ana, adam = signed_in(cast, "ana"), signed_in(cast, "adam")
    path = f"/desk/people/{cast['ana'].account_id}/password"
    suggestion = re.search(r'name="password" value="([^"]+)"', adam.get(path).content.decode())
    assert suggestion
    assert adam.post(path, {"password": suggestion[1], "once": new_form_key()}).status_code == 302
    assert ana.get("/desk/account/").status_code == 302
    user = User.objects.get(pk=cast["ana"].account_id)
    assert user.check_password(suggestion[1])
    page = adam.get(f"/desk/people/{cast['ana'].account_id}").content.decode()
    assert "must be changed at the next sign-in" in page
    assert suggestion[1] not in page


def test_everybody_sees_and_changes_their_own_account(cast: Cast) -> None:
    for who in ("ana", "carl", "adam", "pia", "otto", "dora"):
        client = signed_in(cast, who)
        assert cast[who].email in client.get("/desk/account/").content.decode()
        assert client.post("/desk/account/", {"name": f"{who} two", "languages": ["en", "fr"]}).status_code == 302
        assert User.objects.get(pk=cast[who].account_id).languages == ["en", "fr"]


def test_a_reset_goes_through_two_people_on_the_pages_and_ends_sessions(cast: Cast) -> None:
    adam, carl, ana = (signed_in(cast, who) for who in ("adam", "carl", "ana"))
    adam.get("/desk/people/resets")
    assert adam.post("/desk/people/resets", {"email": " ANA@staff.example "}).status_code == 302
    page = carl.get("/desk/people/resets").content.decode()
    assert "Ana" in page
    number = page.split("/desk/people/resets/")[1].split('"')[0]
    assert adam.post(f"/desk/people/resets/{number}", {"answer": "approve"}).status_code == 403
    assert carl.post(f"/desk/people/resets/{number}", {"answer": "approve"}).status_code == 302
    assert carl.post(f"/desk/people/resets/{number}", {"answer": "approve"}).status_code == 409
    assert not Authenticator.objects.filter(user_id=cast["ana"].account_id).exists()
    assert ana.get("/desk/account/").headers["Location"].startswith("/desk/account/login/")


def test_get_does_nothing(cast: Cast) -> None:
    client = signed_in(cast, "adam")
    for way in ("reopen", "reset"):
        assert client.get(f"/desk/people/{cast['ana'].account_id}/{way}").status_code == 405
    assert client.get(f"/desk/people/{cast['ana'].account_id}/leave").status_code == 200
    assert User.objects.get(pk=cast["ana"].account_id).is_active


def test_the_hotline_is_changed_on_its_page(cast: Cast) -> None:
    client = signed_in(cast, "adam")
    mark = seen_on(client.get("/desk/hotline").content.decode())
    assert post_as_shown(client, "/desk/hotline", **HOTLINE, notify_foreign_hosts="on").status_code == 302
    hotline = Hotline.objects.get(pk=cast.hotline_id)
    assert (hotline.name, hotline.notify_foreign_hosts) == ("Hotline", True)
    old = {"seen": mark}
    post_as_shown(client, "/desk/hotline", **(HOTLINE | {"email": "unit@puppet.example"}))
    assert "is waiting for a second person" in client.get("/desk/hotline").content.decode()
    services.settle_change(PortalChange.objects.get().pk, confirm=True, actor=cast["carl"].actor)
    assert Hotline.objects.get(pk=cast.hotline_id).email == "unit@puppet.example"
    for seen in (old, {}):
        page = client.post("/desk/hotline", HOTLINE | {"name": "As before"} | seen, follow=True).content.decode()
        assert "Something else was entered since you opened this page." in page
    assert Hotline.objects.get(pk=cast.hotline_id).name == "Hotline"
    wrong = client.post("/desk/hotline", HOTLINE | {"email": "desk", "name": ""})
    assert wrong.status_code == 422
    assert "Country: Jamaica." in wrong.content.decode()
    assert len(errors_of(wrong.content.decode())) == 2
    assert Hotline.objects.get(pk=cast.other_hotline_id).name == "Hotline of Barbados"


def test_a_portal_is_opened_with_its_languages_in_order(cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False)  # none was opened yet
    client, once = signed_in(cast, "adam"), new_form_key()
    for _ in range(2):
        assert client.post("/desk/portals/new", PORTAL | {"once": once}).status_code == 302
    portal = Portal.objects.get(slug="st-lucia")
    assert (portal.languages, portal.country, portal.working_days) == (["fr", "en"], "LC", [1, 2])
    assert portal.holidays == ["2027-02-22", "2027-12-13"]
    listed = compact(client.get("/desk/portals").content.decode())
    assert '<a href="/st-lucia/" lang="fr">français</a> · <a href="/st-lucia/en/" lang="en">English</a>' in listed
    assert Client().get("/st-lucia/en/").status_code == 200


def test_from_a_country_to_a_closed_portal_in_three_steps_with_one_thing_to_type(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False)  # none was opened yet
    client, path = signed_in(cast, "adam"), "/desk/portals/new"
    assert '<option value="WS">Samoa</option>' in client.get(path).content.decode()
    assert client.get(path + "?country=<b>").status_code == 422
    with django_assert_max_num_queries(12):
        page = client.get(path + "?country=ws").content.decode()
    assert "Pacific/Apia" in page
    assert "public holidays in the next twelve months are observed" in page
    assert "We have not called any number." in page
    form = sent_by(page)
    known = ("slug", "name", "time_zone", "language_1", "language_2", "emergency_number")
    assert [form.get(name, [""])[0] for name in known] == ["ws", "Samoa", "Pacific/Apia", "sm", "en", ""]

    with django_assert_max_num_queries(12):
        preview = client.post(path, form | {"emergency_number": "911", "go": "preview"}).content.decode()
    assert '<div lang="sm" dir="ltr">' in preview
    assert not Portal.objects.filter(slug="ws").exists()
    again = client.post(path, sent_by(preview) | {"go": "change"}).content.decode()
    assert sent_by(again)["emergency_number"] == ["911"], "going back loses nothing"
    made = client.post(path, sent_by(preview) | {"go": "make"})
    portal = Portal.objects.get(slug="ws")
    assert made.headers["Location"] == f"/desk/administration/portals/{portal.pk}"
    assert (portal.takes_reports, portal.follows_holidays, portal.languages) == (False, True, ["sm", "en"])
    assert "You can’t report here yet" in Client().get("/ws/en/").content.decode()
    taken = client.get(path + "?country=WS").content.decode()
    assert sent_by(taken).get("slug", [""]) == [""], "a name that is taken is not suggested"
    big = client.get(path + "?country=AU").content.decode()
    assert "time zones. Choose your hotline" in big


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"slug": "Saint Lucia"}, "Only lower-case letters, digits and hyphens"),
        ({"slug": "desk"}, "taken, or it is the name of one of our own pages"),
        ({"slug": "jm"}, "taken"),
        ({"name": ""}, "This is empty. Fill it in."),
        ({"country": "L1"}, "Enter the country’s two-letter code, for example JM."),
        ({"country": "Lucia"}, "This is longer than 2 characters: it has 5. Shorten it."),
        ({"language_1": ""}, "This is empty. Fill it in."),
        ({"language_3": "fr"}, "This language was chosen above. Choose another, or none."),
        ({"language_3": "xx"}, "“xx” is not one of the answers here. Choose one of them."),
        ({"emergency_number": "the police"}, "This contains no digit."),
        ({"police_email": "police"}, "This is not a complete address."),
        ({"exit_url": "ftp://weather.example/"}, "It must be a web page"),
        ({"exit_url": "javascript:alert(1)"}, "This is not a complete address."),
        ({"time_zone": "Mars/Olympus"}, "“Mars/Olympus” is not one of the answers here."),
        ({"working_days": []}, "Nothing is chosen. Choose at least one."),
        ({"holidays": "2027-12-13\n<b>sixth of August"}, "Line 2, “&lt;b&gt;sixth of August”, is not a date"),
        ({"holidays": "2027-02-30"}, "Line 1, “2027-02-30”, is not a date like 2027-08-06."),
        ({"holidays": "20270806"}, "is not a date"),
        ({"holidays": "2027-08-06\n" * 401}, "These are more than 400 days."),
    ],
)
def test_what_is_wrong_with_a_portal_is_said_beside_the_field_and_nothing_is_lost(
    cast: Cast, changes: dict[str, object], says: str
) -> None:
    answer = signed_in(cast, "adam").post("/desk/portals/new", PORTAL | changes | {"once": new_form_key()})
    text = answer.content.decode()
    assert answer.status_code == 422
    (error,) = errors_of(text)
    assert says in error
    assert 'value="911"' in text or "emergency_number" in changes
    assert not Portal.objects.filter(name="Saint Lucia").exists()


def test_a_portal_keeps_its_name_in_addresses_and_a_closed_one_says_so(cast: Cast) -> None:
    client = signed_in(cast, "adam")
    path = f"/desk/portals/{cast.portal_id}"
    assert '<a href="/jm/fr/" lang="fr">' in compact(client.get(path).content.decode())
    closed = {name: value for name, value in PORTAL.items() if name != "is_open"}
    assert post_as_shown(client, path, **closed).status_code == 302
    portal = Portal.objects.get(pk=cast.portal_id)
    assert (portal.slug, portal.name, portal.is_open) == ("jm", "Saint Lucia", True), "hiding it takes two"
    services.settle_change(PortalChange.objects.get().pk, confirm=True, actor=cast["carl"].actor)
    assert Portal.objects.get(pk=cast.portal_id).is_open is False
    page = client.get(path).content.decode()
    assert "This portal is hidden" in page
    assert 'href="/jm/' not in page


def test_a_language_that_is_not_installed_stays_with_its_portal(cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(languages=["en", "hi"])
    page = signed_in(cast, "adam").get(f"/desk/portals/{cast.portal_id}").content.decode()
    assert re.search(r'<option value="hi"\s+selected', page)


@pytest.fixture
def crowd(cast: Cast) -> Cast:
    """Five hundred colleagues, one of them with a hostile name."""
    password = make_password(GOOD, hasher="default")
    User.objects.bulk_create(
        User(
            email=f"person{number}@staff.example",
            name=f"Person {number:03}",
            hotline_id=cast.hotline_id,
            roles=["analyst"],
            password=password,
        )
        for number in range(500)
    )
    User.objects.filter(email="person7@staff.example").update(name="<script>alert(1)</script>" + "W" * 55)
    return cast


def test_five_hundred_accounts_come_in_pages_and_can_be_found(
    crowd: Cast, django_assert_max_num_queries: object
) -> None:
    client = signed_in(crowd, "adam")
    client.get("/desk/people")
    with django_assert_max_num_queries(12):
        first = client.get("/desk/people").content.decode()
    assert first.count("<tr data-row>") == 50
    assert "of 506" in first
    last = client.get("/desk/people?page=11").content.decode()
    assert last.count("<tr data-row>") == 6
    for odd in ("0", "-3", "x", "99999999999999999999"):
        assert client.get(f"/desk/people?page={odd}").status_code == 200
    found = client.get("/desk/people?find=PERSON 42").content.decode()
    assert found.count("<tr data-row>") == 10
    assert "Nobody found" in client.get("/desk/people?find=%25%00").content.decode()
    hostile = client.get("/desk/people?find=person7@").content.decode()
    assert "<script>alert" not in hostile
    with django_assert_max_num_queries(12):
        client.get(f"/desk/people/{crowd['ana'].account_id}")


def test_nobody_takes_the_name_of_a_colleague(cast: Cast) -> None:
    """The desk says by names who did what, and asks a second person by them."""
    for taken in ("Ana", "ANA", " ana ", "\uff21na"):
        with pytest.raises(NameIsTaken):
            services.change_account(cast["bela"].account_id, name=taken, actor=cast["adam"].actor)
    services.change_account(cast["bela"].account_id, name="Belinda", actor=cast["adam"].actor)
    services.change_account(cast["bela"].account_id, name="BELINDA", actor=cast["adam"].actor)
    services.change_account(cast["bela"].account_id, name="Dora", actor=cast["adam"].actor)  # she is of another country
    User.objects.filter(pk=cast["bela"].account_id).update(name="Ana")
    names = queries.staff_names(cast.hotline_id)
    assert {names[cast[one].account_id] for one in ("ana", "bela")} == {
        f"Ana ({cast[one].account_id})" for one in ("ana", "bela")
    }
    assert names[cast["carl"].account_id] == "Carl"
