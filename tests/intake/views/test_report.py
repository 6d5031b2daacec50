"""The public form, as somebody without script and cookies walks through it."""

import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from leeward.intake import queries
from leeward.intake.models import Report
from leeward.people.models import Hotline, Portal
from leeward.web_security.keys import KEY_HOURS, new_form_key
from tests.intake.walk import Walk, report
from tests.personas import Cast

PAGES = ("/jm/", "/jm/report", "/jm/receipt", "/jm/appeal")
STYLE_AND_LOGO = 32_000


def _rows(cast: Cast) -> list[queries.ReportRow]:
    with scope(hotline=cast.hotline_id):
        return [queries.report(number) for number in Report.objects.order_by("id").values_list("id", flat=True)]


def _items(cast: Cast, number: int) -> list[queries.ItemRow]:
    with scope(hotline=cast.hotline_id):
        return queries.items_of(number)


def test_from_the_first_step_to_the_receipt(cast) -> None:
    walk = Walk()
    receipt = report(
        walk, where="hxxp://a[.]example/x", text="I found a bad page.", when="week", mail="someone@mail.example"
    )
    (row,) = _rows(cast)
    assert (row.kind, row.text, row.when_seen, row.contact, row.language) == (
        "page", "I found a bad page.", "week", "someone@mail.example", "en",
    )  # fmt: skip
    assert [item.display for item in _items(cast, row.id)] == ["http://a.example/x"]
    assert re.fullmatch(r"\d{16}", receipt)


def test_what_was_understood_is_said_in_plain_words_and_the_rest_is_kept(cast) -> None:
    walk = Walk().open("/jm/report").send("report", press="look=1", kind="page")
    where = "insta badguy_77\nwhatsapp 876 555 0100\nsnapchat lantern.zone\nit was after school and then he left\nhttp://bücher.example/x"
    walk.send("report", press="look=1", where=where)
    for said in (
        "An account on Instagram: badguy_77",
        "A phone number, for WhatsApp: +18765550100",
        "An account on Snapchat: lantern.zone",
        "Your words, which we keep as they are: “it was after school and then he left”",
        "A web address: http://bücher.example/x",
    ):
        assert said in walk.text
    assert "We recognised all 4" in walk.text
    assert "user name? If so" not in walk.text
    walk.send("report", press="go=send")
    (row,) = _rows(cast)
    assert row.where == where
    assert [(item.kind, item.service, item.comparable) for item in _items(cast, row.id)] == [
        ("account", "Instagram", "instagram:badguy_77"),
        ("phone", "WhatsApp", "+18765550100"),
        ("account", "Snapchat", "snapchat:lantern.zone"),
        ("url", "", "xn--bcher-kva.example/x"),
    ]


def test_the_receipt_names_where_the_services_of_this_report_take_reports_and_no_other(cast) -> None:
    walk = Walk()
    report(walk, where="insta badguy_77\nhttps://www.tiktok.com/@a/video/1")
    links = walk.page.xpath("//section[@aria-labelledby='services']//a/@href")
    assert links == ["https://help.instagram.com/", "https://support.tiktok.com/en/safety-hc/report-a-problem"]
    assert "They are as we noted them on 27 November 2026; we have not confirmed" in walk.text
    assert "Keep the messages before" not in walk.text
    report(walk, where="http://a.example/x and lantern.example")
    assert not walk.page.xpath("//section[@aria-labelledby='services']")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["", "fr/", "ur/"])
def test_pages_set_no_cookie_run_no_script_and_weigh_little(cast, path, language) -> None:
    walk = Walk().open(path.replace("/jm/", f"/jm/{language}", 1))
    response = walk.response
    assert response.status_code == 200
    assert not response.cookies
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
    source = response.content.decode()
    assert "<script" not in source
    assert "style=" not in source
    assert len(response.content) + STYLE_AND_LOGO < 60_000
    addresses = walk.page.xpath("//@src | //link/@href | //form/@action | //@formaction")
    assert all(address.startswith("/") for address in addresses)
    assert walk.page.get("dir") == ("rtl" if language == "ur/" else "ltr")
    assert walk.page.get("lang") == (language.strip("/") or "en")


def test_no_title_says_what_the_page_is_about(cast) -> None:
    """It stands in the tab and in the history of a phone that somebody else may look at."""
    walk = Walk()
    receipt = report(walk, kind="me", threat="yes", young="1")
    titles = [walk.page.findtext(".//title")]
    titles.append(Walk().open("/jm/receipt").send("open", receipt=receipt).page.findtext(".//title"))
    titles += [Walk().open(path).page.findtext(".//title") for path in ("/", *PAGES, "/jm/privacy", "/jm/procedure")]
    for title in titles:
        assert not re.search(r"child|abus|sex|harm|crime|police|victim|illegal|threat|picture", title, re.I), title
        assert "Leeward" in title


def test_no_answer_of_the_whole_way_sets_a_cookie(cast) -> None:
    walk = Walk()
    report(walk, where="http://a.example/\nkite")
    walk.open("/jm/receipt").send("open", receipt="1234 5678 9012 3456")
    assert not walk.client.cookies


def test_opening_a_page_changes_nothing(cast) -> None:
    client = Client()
    for path in PAGES:
        with CaptureQueriesContext(connection) as asked:
            client.get(
                path,
                {
                    "kind": "page",
                    "go": "send",
                    "step": "3",
                    "once": new_form_key(),
                    "receipt": "1" * 16,
                    "act": "withdraw",
                },
            )
        assert all(query["sql"].startswith("SELECT") for query in asked)
    assert _rows(cast) == []


def test_the_last_step_takes_few_queries(cast) -> None:
    walk = Walk()
    report(walk)
    walk.open("/jm/report").send("report", press="look=1", kind="page").send(
        "report", press="look=1", where="http://a.example/"
    )
    last = dict(walk.fields("report")) | {"go": "send"}
    with CaptureQueriesContext(connection) as asked:
        sent = walk.client.post("/jm/report", last)
    with CaptureQueriesContext(connection) as shown:
        assert len(walk.open(sent.url).receipt) == 16
    assert len(shown) == 6, "also whether somebody left it"
    ours = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"] and "jobs_job" not in query["sql"]]
    turns = connection.features.has_select_for_update  # there the hotline’s turn is taken by a query of its own
    assert len(ours) <= 7 + turns, [statement[:90] for statement in ours]


def test_the_first_form_takes_few_queries(cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        Walk().open("/jm/report")
    assert len(asked) == 6, "its portal twice, whether it was sent, the law, its helplines and its recording"


def test_without_a_choice_the_first_step_says_so(cast) -> None:
    walk = Walk().open("/jm/report").send("report", press="go=send", text="Kept.")
    assert walk.page.xpath("//section[contains(@class, 'now')]/@id") == ["step-1"]
    assert dict(walk.fields("report"))["text"].strip() == "Kept."
    assert "Choose what fits best. If you’re not sure, choose “Something else”." in walk.text
    assert walk.page.xpath("//div[@role='alert']//a/@href") == ["#k-page"]


def test_danger_shows_the_number_large_on_every_step_and_makes_the_report_urgent(cast) -> None:
    walk = Walk().open("/jm/report")
    assert walk.page.xpath("//section[@class='emergency']")
    walk.send("report", press="look=1", kind="danger")
    for step in (2, 3):
        assert walk.page.xpath("//section[@class='emergency now']"), step
        assert "Call 119" in walk.text
        walk.send("report", press="look=1" if step == 2 else "go=send")
    assert walk.page.xpath("//section[@class='emergency now']")
    assert _rows(cast)[0].urgent


def test_under_18_hears_plain_words_and_the_helpline_and_is_never_asked_for_a_picture(cast) -> None:
    walk = Walk().open("/jm/report").send("report", press="look=1", kind="me", young="1")
    for press in ("go=next", "go=send"):
        assert "116 111" in walk.text
        assert not walk.page.xpath("//input[@type='file']")
        assert "Don’t send us a picture" in walk.text or "don’t send one" in walk.text
        walk.send("report", press=press, **({"threat": "no"} if press == "go=next" else {}))
    assert "116 111" in walk.text
    assert (_rows(cast)[0].under_18, _rows(cast)[0].urgency) == (True, ""), "age alone makes nothing urgent"


@pytest.mark.parametrize(("threat", "urgency"), [("yes", "threat"), ("unsure", "threat"), ("no", "")])
def test_a_picture_of_oneself_asks_about_threats_and_is_sent_only_with_an_answer(cast, threat, urgency) -> None:
    walk = Walk().open("/jm/report").send("report", press="go=send", kind="me", where="http://a.example/x")
    assert walk.page.xpath("//p[@id='threat-e']")
    assert "http://a.example/x" in walk.page.xpath("string(//textarea[@id='where'])"), "nothing is lost"
    walk.send("report", press="go=send", threat=threat)
    assert "Thank you" in walk.text
    row = _rows(cast)[0]
    assert (row.threat, row.urgency) == (threat, urgency)
    assert ("within 1 hour, day or night" in walk.text) == bool(urgency)


def test_contact_with_a_child_is_urgent_and_its_receipt_promises_no_working_day(cast) -> None:
    walk = Walk()
    report(walk, kind="contact")
    assert _rows(cast)[0].urgency == "contact"
    assert "next working day" not in walk.text
    assert not walk.page.xpath("//section[@class='emergency now']"), "nobody said that it is now"


def test_back_and_forth_loses_nothing(cast) -> None:
    walk = Walk().open("/jm/report").send("report", press="look=1", kind="contact", young="1")
    walk.send("report", press="look=1", where="http://a.example/\nkite", password="open", login="1")
    walk.send("report", press="look=1", service="Telegram")
    walk.send("report", press="look=1", text="  Two\n\nlines. ", mail="someone@", when="today")
    assert "http://a.example/" in walk.page.xpath("string(//textarea[@id='where'])")
    walk.send("report", press="look=1")
    assert walk.page.xpath("//input[@id='k-contact']/@checked")
    walk.send("report", press="look=1")
    fields = dict(walk.fields("report"))
    assert fields["text"].strip() == "Two\n\nlines."
    assert (fields["mail"], fields["when"], fields["kind"], fields["young"]) == ("someone@", "today", "contact", "1")
    walk.send("report", press="go=send", mail="")
    (row,) = _rows(cast)
    assert (row.password, row.needs_login) == ("open", True)
    assert [item.service for item in _items(cast, row.id) if item.kind == "account"] == ["Telegram"]


def test_another_language_in_the_middle_loses_nothing(cast) -> None:
    walk = Walk().open("/jm/report").send("report", press="look=1", kind="page")
    (address,) = walk.page.xpath("//button[@lang='ur']/@formaction")
    walk.send("report", to=address, press="go=stay", where="http://a.example/")
    assert walk.page.get("dir") == "rtl"
    assert "http://a.example/" in walk.page.xpath("string(//textarea[@id='where'])")
    walk.send("report", press="go=send")
    assert _rows(cast)[0].language == "ur"


def test_the_way_through_with_nothing_but_a_kind(cast) -> None:
    report(Walk(), kind="else")
    (row,) = _rows(cast)
    assert [item.kind for item in _items(cast, row.id)] == ["words"]


def test_a_name_without_a_place_is_asked_about_once_and_kept_all_the_same(cast) -> None:
    walk = (
        Walk()
        .open("/jm/report")
        .send("report", press="look=1", kind="page")
        .send("report", press="look=1", where="blue_kite")
    )
    assert "Is “blue_kite” a user name? If so, which app?" in walk.text
    walk.send("report", press="go=send")
    (row,) = _rows(cast)
    assert [(item.kind, item.typed) for item in _items(cast, row.id)] == [("unknown", "blue_kite")]


def test_pieces_can_be_changed_and_removed(cast) -> None:
    walk = Walk().open("/jm/report").send("report", press="look=1", kind="page")
    walk.send("report", press="look=1", where="http://a.example/\nhttp://b.example/\nhttp://c.example/")
    assert "We recognised all 3" in walk.text
    walk.send("report", press="remove=2")
    assert "b.example" not in walk.text
    walk.send("report", press="change=2").send("report", press="look=1", changed="http://d.example/")
    walk.send("report", press="go=send")
    assert [item.display for item in _items(cast, _rows(cast)[0].id)] == ["http://a.example/", "http://d.example/"]


def test_two_hundred_addresses_are_taken_and_one_more_is_told(cast) -> None:
    addresses = [f"http://a.example/{number}" for number in range(201)]
    walk = Walk().open("/jm/report").send("report", press="look=1", kind="page")
    walk.send("report", press="look=1", where="\n".join(addresses))
    assert "These are more than 200 addresses." in walk.text
    assert addresses[-1] in walk.page.xpath("string(//textarea[@id='where'])")
    walk.send("report", press="look=1", where="\n".join(addresses[:200])).send("report", press="go=send")
    assert len(_items(cast, _rows(cast)[0].id)) == 200


def test_a_text_of_words_without_end_is_kept_whole_and_goes_on(cast) -> None:
    where = ("a b c " * 15_000).strip()
    Walk().open("/jm/report").send("report", press="go=send", kind="danger", where=where)
    row = _rows(cast)[0]
    assert row.where == where
    assert [item.kind for item in _items(cast, row.id)] == ["unknown"]


def test_too_many_words_are_told_and_stay(cast) -> None:
    walk = Walk().open("/jm/report").send("report", press="look=1", kind="else")
    long = "word " * 4001
    walk.send("report", press="go=send", text=long)
    assert "20004 characters long, and 20000 is the most we can take" in walk.text.replace(",", ",")
    assert walk.page.xpath("string(//textarea[@id='text'])").strip() == long.strip()
    assert _rows(cast) == []


def test_a_body_that_is_too_large_is_one_clear_sentence(cast) -> None:
    response = Client().post("/jm/report", {"text": "x" * 1_100_000})
    assert response.status_code == 413
    assert "larger than 1 MB" in response.content.decode()


def test_nul_and_control_characters_are_told_or_dropped(cast) -> None:
    walk = Walk().open("/jm/report").send("report", press="look=1", kind="else")
    walk.send("report", press="go=send", text="I saw\x00 it\x07.")
    assert "invisible character (NUL)" in walk.text
    walk.send("report", press="go=send")
    assert _rows(cast)[0].text == "I saw it."


def test_hostile_direction_marks_stay_inside_their_piece(cast) -> None:
    walk = Walk().open("/jm/report").send("report", press="look=1", kind="page")
    walk.send("report", press="look=1", where="kite\u202etxt.exe")
    assert walk.page.xpath("//bdi[contains(., 'kite')]")


def test_markup_that_was_typed_is_shown_as_text(cast) -> None:
    walk = Walk().open("/jm/report").send("report", press="look=1", kind="page")
    walk.send("report", press="look=1", where='"><script>alert(1)</script> <b>x</b>')
    assert "<script" not in walk.response.content.decode()
    assert not walk.page.xpath("//script")


def test_a_file_is_refused_with_a_reason_and_nothing_typed_is_lost(cast) -> None:
    walk = Walk().open("/jm/report").send("report", press="look=1", kind="else")
    fields = dict(walk.fields("report")) | {"text": "I found a bad page.", "go": "send"}
    walk.response = walk.client.post(
        "/jm/report", fields | {"words_file": SimpleUploadedFile("x.jpg", b"\xff\xd8" * 1000)}
    )
    assert "We can’t take files or pictures, so we did not keep it." in walk.text
    assert "I found a bad page." in walk.page.xpath("string(//textarea[@id='text'])")
    assert _rows(cast) == []
    walk.send("report", press="go=send")
    assert len(_rows(cast)) == 1


def test_a_form_without_its_key_gets_a_new_one_and_keeps_what_was_typed(cast) -> None:
    walk = Walk()
    walk.response = walk.client.post("/jm/report", {"kind": "else", "text": "I found a bad page.", "go": "send"})
    assert "press the button again" in walk.text
    walk.send("report", press="go=send")
    assert _rows(cast)[0].text == "I found a bad page."


def test_sent_twice_is_one_report_and_the_same_receipt(cast) -> None:
    walk = Walk().open("/jm/report").send("report", press="look=1", kind="else")
    last = dict(walk.fields("report")) | {"text": "Once.", "go": "send"}
    first, second = (walk.client.post("/jm/report", last, follow=True) for _ in range(2))
    receipts = [Walk(response=response).receipt for response in (first, second)]
    assert receipts[0] == receipts[1]
    assert len(_rows(cast)) == 1


def test_a_receipt_can_be_opened_again_for_ten_minutes_and_then_by_nobody(cast, monkeypatch) -> None:
    walk = Walk()
    receipt = report(walk, where="http://a.example/")
    path = walk.response.request["PATH_INFO"]
    now = time.time()
    assert (
        "This page can be opened for 10 minutes, or until you press “Leave this page”, then never again." in walk.text
    )
    for later, status, digits in ((9 * 60, 200, receipt), (11 * 60, 410, "")):
        monkeypatch.setattr("time.time", lambda later=later: now + later)
        walk.open(path)
        assert (walk.response.status_code, walk.receipt) == (status, digits)
    assert walk.response.headers["Cache-Control"] == "no-store"
    monkeypatch.undo()
    assert Walk().open(path[:-1] + ("A" if path[-1] != "A" else "B")).response.status_code == 410
    assert Walk().open(path.replace("/jm/", "/bb/")).response.status_code in (404, 410), "another country's portal"


def test_a_withdrawn_report_shows_its_receipt_no_more(cast) -> None:
    walk = Walk()
    receipt = report(walk)
    path = walk.response.request["PATH_INFO"]
    Walk().open("/jm/receipt").send("open", receipt=receipt).send(act="withdraw")
    assert walk.open(path).response.status_code == 410


def test_the_address_of_a_receipt_opens_only_as_it_was_written(cast) -> None:
    """Another spelling would show the digits once somebody has left them."""
    walk = Walk()
    report(walk)
    address = walk.response.request["PATH_INFO"]
    before, _, sealed = address.rpartition("/")
    others = [f"{before}/{sealed[:9]}!{sealed[9:]}", f"{address}=", f"{before}/{sealed[:9]}é", f"{before}/é"]
    assert [Client().get(one).status_code for one in (address, *others)] == [200, 410, 410, 410, 410]
    assert Client().post(f"/jm/leave?receipt={sealed}&form=é").status_code == 200
    assert Client().post("/jm/leave?receipt=é").status_code == 200, "leaving never fails"
    assert [Client().get(one).status_code for one in (address, *others)] == [302, 410, 410, 410, 410]


def test_the_receipt_of_a_form_sent_again_is_that_of_the_kept_report(cast) -> None:
    first = Walk().open("/jm/report").send("report", press="look=1", kind="contact")
    first.send("report", press="look=1")
    again = Walk(first.client, first.response)
    first.send("report", press="look=1", kind="contact").send("report", press="go=send")
    again.send("report", press="go=send", kind="page")
    assert again.receipt == first.receipt
    assert [row.urgency for row in _rows(cast)] == ["contact"]
    assert "don’t have to do anything more" not in again.text
    assert "next working day" not in again.text


@pytest.mark.parametrize("path", ["/xx/report", "/bb2/", "/desk/../report"])
def test_there_is_no_form_where_there_is_no_portal(cast, path) -> None:
    assert Client().get(path).status_code in {404, 400}


def test_a_closed_portal_takes_nothing(cast) -> None:
    Portal.objects.filter(slug="jm").update(is_open=False)
    assert Client().get("/jm/report", follow=True).status_code == 404
    assert Client().post("/jm/report", {"kind": "else"}).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_other_methods_are_refused(cast, path) -> None:
    for method in ("put", "delete", "patch"):
        assert getattr(Client(), method)(path).status_code == 405


def test_a_hotline_that_only_passes_on_says_so(cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(mode="post_box")
    assert "goes to the police" in Walk().open("/jm/").text
    walk = Walk()
    report(walk)
    assert "To the police, who decide what follows." in walk.text


NAMES = [
    "step", "go", "once", "kind", "young", "where", "named", "service", "changing", "changed", "change", "remove", "look", "login",
    "password", "referrer", "when", "text", "mail", "",
]  # fmt: skip
VALUES = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    st.sampled_from(
        [
            "1",
            "2",
            "3",
            "page",
            "danger",
            "next",
            "back",
            "stay",
            "send",
            "k" * 32,
            "http://a.example/",
            "\x00",
            "\u202e",
            "9" * 30,
        ]
    ),
)


class AnythingAtAll(TestCase):
    """Whatever is sent, the answer is a page."""

    @classmethod
    def setUpTestData(cls) -> None:
        hotline = Hotline.objects.create(slug="jm", name="Hotline of Jamaica", country="JM")
        Portal.objects.create(hotline=hotline, slug="jm", name="Jamaica", country="JM", languages=["en", "fr", "ur"])

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=14))
    def test_no_report_is_an_error(self, pairs) -> None:
        fields: dict[str, list[str]] = {}
        for name, value in pairs:
            fields.setdefault(name, []).append(value)
        assert self.client.post("/jm/report", fields, follow=True).status_code == 200

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(VALUES, VALUES, VALUES, VALUES)
    def test_no_appeal_is_an_error(self, address, relation, text, mail) -> None:
        for once in ("k" * 32, "", text):
            fields = {"address": address, "relation": relation, "text": text, "mail": mail, "once": once}
            assert self.client.post("/jm/appeal", fields, follow=True).status_code == 200

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(VALUES, VALUES, VALUES)
    def test_no_receipt_is_an_error(self, receipt, act, text) -> None:
        fields = {"receipt": receipt, "act": act, "text": text}
        assert self.client.post("/jm/receipt", fields).status_code in {404, 429}

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.binary(max_size=300))
    def test_no_body_is_an_error(self, body) -> None:
        for kind in (
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json",
            "text/plain",
        ):
            assert self.client.post("/jm/report", body, content_type=kind).status_code in {200, 400}


def test_a_form_left_open_overnight_is_sent_after_one_more_press(cast) -> None:
    """Nothing that was typed is lost, and whoever pressed before it grew old has sent it once."""
    early = time.time() - (KEY_HOURS + 1) * 3600
    typed = {"kind": "page", "where": "http://a.example/", "text": "I found a bad page."}
    walk = Walk()
    walk.response = walk.client.post("/jm/report", typed | {"once": new_form_key(early), "go": "send"})
    assert "press the button again" in walk.text
    assert _rows(cast) == []
    walk.send("report", press="go=send")
    assert walk.receipt
    assert [(row.text, row.where) for row in _rows(cast)] == [("I found a bad page.", "http://a.example/")]
    for made_up in ("k" * 32, new_form_key()[:-1] + "!"):
        walk.response = walk.client.post("/jm/report", typed | {"once": made_up, "go": "send"}, follow=True)
        assert "press the button again" in walk.text
    assert len(_rows(cast)) == 1


def test_a_form_that_was_sent_before_it_grew_old_is_not_sent_again(cast, monkeypatch) -> None:
    key = new_form_key(time.time() - KEY_HOURS * 3600 + 60)
    sent = {"kind": "page", "where": "http://a.example/", "text": "Once.", "once": key, "go": "send"}
    first, later = Walk(), Walk()
    first.response = first.client.post("/jm/report", sent, follow=True)
    now = time.time()
    monkeypatch.setattr("leeward.web_security.keys.time.time", lambda: now + 3600)
    later.response = later.client.post("/jm/report", sent, follow=True)
    assert first.receipt
    assert "This receipt can’t be shown again" in later.text
    assert len(_rows(cast)) == 1


@pytest.mark.parametrize("mode", ["assess", "post_box"])
@pytest.mark.parametrize("hours", [1, 2])
def test_the_receipt_for_danger_sends_to_the_telephone_and_promises_what_the_procedure_does(cast, mode, hours) -> None:
    from leeward.clocks.rules.due import Rule, Step
    from leeward.clocks.services import set_rule

    Portal.objects.filter(pk=cast.portal_id).update(mode=mode)
    with scope(hotline=cast.hotline_id):
        set_rule(cast.portal_id, "urgent_assessment", Rule(hours, steps=(Step("page", 0),)), actor=cast["carl"].actor)
    walk = Walk()
    report(walk, kind="danger", where="", text="It is happening now.")
    number = Portal.objects.get(pk=cast.portal_id).emergency_number
    assert walk.text.index(f"If you have not called {number}") < walk.text.index("Your report has arrived")
    assert "don’t have to do anything more" not in walk.text
    assert "next working day" not in walk.text
    assert "To the police at once, with your words, unless you withdraw it first." in walk.text
    behind = walk.client.post("/jm/receipt", {"receipt": walk.receipt}).content.decode()
    assert "We can’t come to you. The police can." in behind
    back = walk.client.post("/jm/receipt", {"receipt": walk.receipt, "act": "withdraw", "once": new_form_key()})
    assert "What the police already have stays with them." in back.content.decode()
    promised = "1 hour" if hours == 1 else "2 hours"
    assert (f"within {promised}, day or night" in walk.text) == (mode == "assess")
    if mode == "assess":
        assert f"{promised}, day and night" in Walk().open("/jm/procedure").text


@pytest.mark.parametrize("moment", ["at_once", "after_look"])
def test_the_receipt_of_somebody_threatened_says_what_helps_and_what_the_portal_does(cast, moment) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(police_on_urgent=moment)
    walk = Walk().open("/jm/report").send("report", press="go=send", kind="me", threat="yes", text="They want money.")
    assert "Don’t pay. Whoever is paid asks for more." in walk.text
    assert "It is not your fault" in walk.text
    assert "don’t have to do anything more" not in walk.text
    assert "next working day" not in walk.text
    assert ("To the police at once, with your words, unless you withdraw it first." in walk.text) == (
        moment == "at_once"
    )
    assert ("decides whether the police have to know" in walk.text) == (moment == "after_look")


def test_a_picture_without_a_threat_is_nobodys_fault_either(cast) -> None:
    walk = Walk().open("/jm/report").send("report", press="go=send", kind="me", threat="no")
    assert "It is not your fault" in walk.text
    assert "Tell somebody you trust, if you can." in walk.text
    assert "Don’t pay" not in walk.text
    assert "Keep the messages" not in walk.text


@pytest.mark.parametrize("moment", ["at_once", "after_look"])
def test_the_page_behind_an_urgent_receipt_gives_the_same_advice(cast, moment) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(police_on_urgent=moment)
    walk = Walk().open("/jm/report").send("report", press="look=1", kind="me")
    receipt = walk.send("report", press="look=1", threat="yes").send("report", press="go=send").receipt
    walk.open("/jm/receipt").send("open", receipt=receipt)
    assert "Don’t pay. Whoever is paid asks for more." in walk.text
    assert "It is not your fault" in walk.text
    assert "If it is against the law" not in walk.text
    assert ("To the police at once, with your words, unless you withdraw it first." in walk.text) == (
        moment == "at_once"
    )
    assert ("decides whether the police have to know" in walk.text) == (moment == "after_look")


def test_the_receipt_of_a_page_that_was_seen_stays_calm(cast) -> None:
    walk = Walk()
    report(walk)
    assert "You don’t have to do anything more." in walk.text
    assert "usually by the next working day" in walk.text
    assert "call now" not in walk.text


def test_a_problem_is_what_a_small_screen_shows_first(cast) -> None:
    walk = Walk().open("/jm/report")
    assert walk.page.xpath("//title")[0].text_content().strip().startswith("Report")
    walk.send("report", press="go=send")
    assert walk.page.xpath("//title")[0].text_content().strip().startswith("Error: Report")
    assert walk.page.xpath("//*[@id='problems']/following-sibling::form//h1")
    assert re.fullmatch(r"/jm/report\?form=[\w=-]+#problems", walk.form("report").get("action"))
