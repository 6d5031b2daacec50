"""A hotline writes its own texts on the desk: they go out, in the right language and country, and every version can come back."""

from datetime import UTC, datetime
from typing import Any

import pytest

from leeward.notices.models import Wording
from leeward.notices.queries.wordings import Key, versions_of
from leeward.notices.rules.briefs import CaseBrief, Plan
from leeward.notices.rules.wordings import KINDS, faults
from leeward.notices.writing.blocks import Line, Place
from leeward.notices.writing.texts import notice_mail, shipped_wording
from leeward.people.queries import HotlineRow, portal_changes_waiting
from leeward.people.services import settle_change
from leeward.web_security.keys import new_form_key
from tests.having_read import post_as_shown, seen_on
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_pages import signed_in
from tests.notices.test_services import link_in

PAGE = "/desk/wordings/edit?kind=host&language=en&country="
BODY = "Hello from {hotline}.\n\n{addresses}\n\n{why}\n\nPlease answer: {link}\n\n{{as it is}} {behind}"


def send(client: Any, act: str, path: str = PAGE, once: str = "", **values: str) -> Any:
    seen = seen_on(client.get(path).content.decode())
    sent = {"subject": "Ours: {count} at once", "body": BODY, "act": act, "once": once or new_form_key(), "seen": seen}
    sent |= values
    return client.post(path, sent)


def body_of(office: Office, to: str) -> str:
    message = office.mails(to)[-1].message
    return str(message.get_body(("plain",)).get_content()).replace("\r\n", "\n")


def test_who_may_not_read_cases_sees_a_made_up_one(office: Office) -> None:
    office.act(office.case(), Plan(police=False))
    office.work()
    adam = signed_in(office, "adam")
    assert '<option value="1"' not in adam.get(PAGE).content.decode()
    for page in (send(adam, "preview", case="1"), adam.get(f"{PAGE}&case=1")):
        shown = page.content.decode()
        assert "https://pictures.harbour-host.example/a/1" in shown
        assert "http://pictures.harbour-host.example/a/1" not in shown


def test_a_text_is_written_tried_put_in_force_and_taken_back(office: Office) -> None:
    office.act(office.case(), Plan(police=False))
    office.work()
    assert "What we ask of you" in body_of(office, ABUSE)
    carl = signed_in(office, "carl")
    assert "Please remove child sexual abuse material: {count} addresses" in carl.get(PAGE).content.decode()

    for wrong in ("Hello {addresses}", BODY + " {secret}", BODY + "{% include 'x' %}"):
        answer = send(carl, "save", body=wrong)
        assert answer.status_code == 422
        assert "Everything you wrote is still here" in answer.content.decode()
    shown = send(carl, "preview", case="1").content.decode()
    assert "http://pictures.harbour-host.example/a/1" in shown
    assert "Ours: 1 at once" in shown
    send(carl, "preview")
    assert not Wording.objects.exists()

    key = new_form_key()
    for _ in range(2):
        send(carl, "trial", once=key, case="1")
    [trial] = office.mails(office.cast["carl"].email)
    assert "Ours: 1 at once" in str(trial.message["Subject"])
    assert "/notice/…" in trial.message.get_content()
    assert "http://pictures.harbour-host.example/a/1" not in trial.message.get_content(), (
        "no real case goes by plain mail"
    )

    assert send(carl, "save").status_code == 302
    assert send(carl, "save", PAGE + "JM", body=BODY.replace("Hello", "Jamaica greets")).status_code == 302
    office.act(office.case(), Plan(police=False))
    office.work()
    text = body_of(office, ABUSE)
    assert text.startswith("Jamaica greets from Hotline of Jamaica.")
    assert "{as it is}" in text
    assert link_in(office.mails(ABUSE)[-1], "notice")
    assert str(office.mails(ABUSE)[-1].message["Subject"]).startswith("Ours: 1 at once [LW-N")

    query = PAGE.partition("?")[2]
    old = seen_on(carl.get(PAGE).content.decode())
    send(carl, "save", body=BODY + "\n\nBye.")
    for seen in (old, ""):
        assert send(carl, "save", seen=seen).status_code == 409, "it would put the text before in force again"
    page = carl.get(f"/desk/wordings/versions?{query}").content.decode()
    assert '<ins><span class="vh">new:</span>+ Bye.</ins>' in page
    against = carl.get(f"/desk/wordings/versions?{query}&version=2&against=0").content.decode()
    assert '<del><span class="vh">removed:</span>− What we ask of you</del>' in against
    first = Wording.objects.get(version=1, country="")
    here = f"/desk/wordings/versions?{query}"
    assert carl.post(f"/desk/wordings/{first.pk}/restore", {"once": new_form_key(), "seen": old}).status_code == 409
    post_as_shown(carl, here, f"/desk/wordings/{first.pk}/restore")
    rows = versions_of(Key("host", "en"))
    assert [(row.version, row.is_current, row.body == rows[2].body) for row in rows[:3]] == [
        (3, True, True),
        (2, False, False),
        (1, False, True),
    ]
    for country in ("", "JM"):
        which = f"kind=host&language=en&country={country}"
        post_as_shown(carl, f"/desk/wordings/versions?{which}", f"/desk/wordings/shipped?{which}")
    office.act(office.case(), Plan(police=False))
    office.work()
    assert "What we ask of you" in body_of(office, ABUSE)
    assert signed_in(office, "ana").get(PAGE).status_code == 403
    assert signed_in(office, "dora").get("/desk/wordings/versions?" + query).content.decode().count("In force") == 1


def test_the_police_get_the_hotlines_own_words(office: Office) -> None:
    carl = signed_in(office, "carl")
    body = "{police}, look at {address}.\n\n{summary}\n\n{urgent}\n\n{follows}\n\n{link}"
    send(carl, "save", PAGE.replace("host", "police"), subject="Referral {reference}", body=body)
    [change] = portal_changes_waiting(office.cast.hotline_id)
    settle_change(change.id, confirm=True, actor=office.cast["adam"].actor)
    office.work()
    office.act(office.case(urgent=True))
    office.work()
    text = body_of(office, POLICE)
    assert text.startswith("Constabulary, look at http://pictures.harbour-host.example/a/1.\n\n- 39 of 41")
    assert "24 hours after this message" in text.replace("\n", " ")
    assert str(office.mails(POLICE)[-1].message["Subject"]).startswith("URGENT: Referral 2026-0001 [LW-R")


def test_every_text_that_we_bring_along_could_be_saved_as_it_is() -> None:
    for language in ("en", "fr", "ur"):
        for kind in KINDS:
            words = shipped_wording(kind, language)
            assert faults(kind, words.subject, words.body) == [], (language, kind)


@pytest.mark.django_db
def test_what_was_left_as_it_came_reads_as_it_came() -> None:
    """Also where a long name, or one address in place of several, moves the ends of lines or the form of a word."""
    brief = CaseBrief(
        case_id=1, reference="2026-0001", hotline_id=1, portal_id=1, location_id=1, country="JM",
        address="http://pictures.harbour-host.example/a", judged="person",
                                                          received_at=datetime(2026, 3, 1, tzinfo=UTC),
    )  # fmt: skip
    line = Line(brief, Place("pictures.harbour-host.example", "198.51.100.7"))
    hotline = HotlineRow(
        1,
        "jm",
        "Hotline of Jamaica and the Turks and Caicos Islands",
        "JM",
        "d@jm.example",
        False,
        frozenset(),
    )
    for kind, told in (("host", "host"), ("upstream", "upstream"), ("abroad", "foreign_police")):
        for language in ("en", "fr", "ur"):
            own = shipped_wording(kind, language)
            for lines in ([line], [line, line]):
                given = {"hotline": hotline, "link": "https://jm.example/n/1", "mark": "LW-1", "language": language}
                given |= {"deadline": datetime(2026, 3, 3, tzinfo=UTC)}
                as_it_came = notice_mail(told, lines, **given)
                assert notice_mail(told, lines, own=own, **given).subject == as_it_came.subject
            assert notice_mail(told, [line, line], own=own, **given).body == as_it_came.body
