"""What the police, or child protection, leave on their own page is news of the case, as a mail of theirs is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from leeward.backup.models import Restoration
from leeward.casework import services
from leeward.casework.acting.services import following
from leeward.casework.labels import EVENTS, NEWS
from leeward.casework.models import Case
from leeward.casework.timeline.queries.history import Event, history_of
from leeward.jobs.models import Job
from leeward.notices.models import Message, Referral
from leeward.notices.rules.answers import MOST_WORDS
from leeward.notices.services import answer_referral, take_in, wait_for_police
from leeward.web_security.keys import new_form_key
from tests.casework.acting.test_at_risk import office, tell
from tests.casework.acting.test_urgent import link, police
from tests.casework.conftest import Desk
from tests.having_read import what_follows_a_release

pytestmark = pytest.mark.django_db

WORDS = "Call the officer on duty before the address is taken down."


def day(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


@pytest.fixture
def referred(desk: Desk) -> Case:
    """A case that isn't urgent, of which the police have the letter."""

    def make() -> Case:
        case = desk.case(desk.world.gallery_url)
        desk.assess(case)
        desk.act(case)
        desk.until(case, lambda one: one.police_told_at is not None)
        seen(desk, case)
        return case

    begun: Case = desk.begun("referred", make)
    return begun


def seen(desk: Desk, case: Case) -> None:
    services.mark_as_read(case.pk, actor=desk.cast["ana"].actor)
    case.refresh_from_db()
    assert not case.news


def enter(desk: Desk, case: Case, act: Any, **more: Any) -> None:
    """One of us enters what the police said."""
    number = Referral.objects.filter(case_id=case.pk).latest("pk").pk
    answer_referral(number, act, actor=desk.cast["carl"].actor, **more)
    desk.work()
    case.refresh_from_db()


def test_each_kind_of_news_is_named_once_until_somebody_has_seen_the_case(desk: Desk, referred: Case) -> None:
    for what in ("mail_received", "message_died", "mail_received", "message_died"):
        following.something_is_new(referred.pk, what)
    assert [row.note for row in came(desk, referred)] == [str(NEWS["message_died"]), str(NEWS["mail_received"])]
    referred.refresh_from_db()
    seen(desk, referred)
    following.something_is_new(referred.pk, "mail_received")
    following.something_is_new(referred.pk, "mail_received")
    assert len(came(desk, referred)) == 3


def came(desk: Desk, case: Case) -> list[Event]:
    rows = history_of(case, actor=desk.cast["ana"].actor)
    return [row for row in rows if row.title == str(EVENTS["case.news_came"])]


def test_mail_that_came_before_an_upgrade_is_news_after_it(desk: Desk, referred: Case) -> None:
    letter = Message.objects.filter(kind="referral").latest("pk")
    take_in(f"From: di@c.example\r\nIn-Reply-To: {letter.message_id}\r\nSubject: Re\r\n\r\nHold it.".encode())
    jobs = Job.objects.filter(kind="casework.queue.mail_received")
    assert jobs.update(kind="casework.mail_received") == 1, "as 0.2.0 wrote it"
    desk.work()
    referred.refresh_from_db()
    assert referred.news


@pytest.mark.parametrize("act", ["note", "acknowledge", "hold", "release", "outcome"])
def test_words_of_the_police_are_news(desk: Desk, referred: Case, act: str) -> None:
    more = {"hold": {"until": day(5)}, "outcome": {"outcome": "other"}}.get(act, {})
    police(desk, referred, act, note=WORDS, **more)
    assert referred.news
    assert referred.reference in desk.signed_in("ana").get("/desk/?view=news").content.decode()
    came = [row for row in history_of(referred, actor=desk.cast["ana"].actor) if row.note == "The police answered"]
    assert len(came) == 1
    seen(desk, referred)
    police(desk, referred, act, note="And once more.", **more)
    assert referred.news, "new words, whatever they did before"


@pytest.mark.parametrize(
    ("act", "more", "other"),
    [
        ("hold", {"until": 5}, {"until": 6}),
        ("outcome", {"outcome": "investigating"}, {"outcome": "identified"}),
        ("release", {}, None),
    ],
)
def test_what_they_decide_without_words_is_news_once(
    desk: Desk, referred: Case, act: str, more: dict[str, Any], other: dict[str, Any] | None
) -> None:
    first, second = ({k: day(v) if k == "until" else v for k, v in (one or {}).items()} for one in (more, other))
    police(desk, referred, act, **first)
    assert referred.news
    seen(desk, referred)
    police(desk, referred, act, **first)
    assert not referred.news, "a click more says nothing more"
    if other is not None:
        police(desk, referred, act, **second)
        assert referred.news


def test_that_they_have_it_is_no_news_without_a_word(desk: Desk, referred: Case) -> None:
    for _ in range(2):
        police(desk, referred, "acknowledge")
        assert not referred.news


def test_what_we_enter_for_them_is_no_news_until_they_do_it_themselves(desk: Desk, referred: Case) -> None:
    until = day(5)
    enter(desk, referred, "note", note=WORDS)
    enter(desk, referred, "outcome", outcome="identified", note=WORDS)
    enter(desk, referred, "hold", note=WORDS, until=datetime.now(UTC) + timedelta(days=5))
    assert not referred.news
    police(desk, referred, "hold", until=until)
    assert referred.news
    seen(desk, referred)
    enter(desk, referred, "release", note=WORDS)
    assert not referred.news
    police(desk, referred, "release")
    assert referred.news, "it was ours until now"
    seen(desk, referred)
    police(desk, referred, "outcome", outcome="identified")
    assert referred.news


def test_what_child_protection_leaves_is_news_too(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case)
    tell(desk, case, office(desk))
    desk.work()
    seen(desk, case)
    police(desk, case, "note", note="We need the name of the school.")
    assert case.news
    titles = [row.note for row in history_of(case, actor=desk.cast["ana"].actor)]
    assert "Child protection answered" in titles


def test_words_that_no_longer_fit_are_refused_and_never_cut(desk: Desk, referred: Case) -> None:
    """Whoever writes them is told, and their page keeps them; an outcome with its reason finds room all the same."""
    letter = Referral.objects.filter(case_id=referred.pk)
    letter.update(note="x" * (MOST_WORDS // 2 - len(WORDS)))
    police(desk, referred, "note", note=WORDS)
    kept = letter.get().note
    assert kept.endswith(WORDS)
    seen(desk, referred)
    answer = Client().post(link(referred), {"act": "note", "once": new_form_key(), "note": WORDS})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "nothing more fits" in page
    assert page.count(WORDS) == 2, "what was written before, and what wasn't taken, still in its field"
    desk.work()
    referred.refresh_from_db()
    assert (letter.get().note, referred.news) == (kept, False)
    police(desk, referred, "outcome", outcome="other", note="The child is safe.")
    assert letter.get().note.endswith("The child is safe.")
    letter.update(note="x" * (MOST_WORDS - len(WORDS)))
    sent = {"act": "release", "once": new_form_key(), "note": WORDS}
    answer = Client().post(link(referred), sent | {"seen": what_follows_a_release(letter.get().pk)})
    assert answer.status_code == 422
    assert letter.get().note.endswith("x"), "all or nothing"
    assert letter.get().state != "released"
    police(desk, referred, "release")
    assert letter.get().state == "released"


def test_after_a_restoring_a_case_says_that_it_waits_for_their_answer(desk: Desk, referred: Case) -> None:
    """It doesn't go on by itself: what they answered may be lost, and somebody has to ask them."""

    def page() -> str:
        return " ".join(desk.signed_in("carl").get(f"/desk/case/{referred.reference}").content.decode().split())

    goes, waits = "Automatic from here.", "waits for the police’s answer, and no time ends that"
    assert (goes in page(), waits in page()) == (True, False)
    at = datetime.now(UTC)
    Restoration.objects.create(backup_at=at, restored_at=at, confirmed_at=at)
    wait_for_police(at)
    assert (goes in page(), waits in page()) == (False, True)
    enter(desk, referred, "hold", until=at + timedelta(days=3))
    assert (goes in page(), waits in page()) == (True, False), "their hold ends by itself"
