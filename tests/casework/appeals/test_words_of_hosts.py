"""What a host says in its request for review: its own words, all of them, and nobody else's."""

import pytest
from django.conf import settings

from leeward.casework.models import Appeal, Case
from leeward.casework.services import decide_appeal
from leeward.foundation.actor import Actor
from leeward.foundation.crypto.tokens import make_token
from leeward.intake.models import OutsideAppeal
from leeward.notices.models import NoticeItem
from leeward.notices.services import Given, answer_notice
from leeward.web_security.keys import new_form_key
from tests.casework.appeals.test_unplaced import ask
from tests.casework.conftest import Desk
from tests.personas import add_person

pytestmark = pytest.mark.django_db
OF_ANOTHER = "I am the owner, and this is my name."


@pytest.fixture
def disputed(desk: Desk) -> Appeal:
    """A host's request for review, where somebody else's has the number of its address."""
    case: Case = desk.case()
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda one: one.host_told_at is not None)
    item = NoticeItem.objects.get(case_id=case.pk, notice__kind="host")
    other = OutsideAppeal.objects.get(pk=ask(desk, "https://mine.example/"))
    OutsideAppeal.objects.filter(pk=other.pk).delete()
    other.pk = item.pk
    other.statement = OF_ANOTHER
    other.save(force_insert=True)
    say(desk, item, "It is a painting.")
    return Appeal.objects.get(origin="host")


def say(desk: Desk, item: NoticeItem, words: str) -> None:
    answer_notice(item.notice_id, [Given(item.pk, "disputed", words)], actor=Actor("host"))
    desk.work()


def link(desk: Desk, item: NoticeItem) -> str:
    """The page of the notice, as its host sees it."""
    token = make_token(settings.LEEWARD.secret_bytes, "notice", item.notice_id)
    return desk.client.get(f"/notice/{token}").content.decode()


def page(desk: Desk, appeal: Appeal) -> str:
    return desk.signed_in("carl").get(f"/desk/appeals/{appeal.pk}").content.decode()


def test_nobody_elses_words_are_shown_as_theirs(desk: Desk, disputed: Appeal) -> None:
    shown = page(desk, disputed)
    assert "It is a painting." in shown
    assert OF_ANOTHER not in shown
    assert "Added since" not in shown


def test_what_they_say_before_it_is_answered_is_read_too(desk: Desk, disputed: Appeal) -> None:
    item = NoticeItem.objects.get(pk=disputed.origin_id)
    say(desk, item, "It hangs in a museum.")
    shown = page(desk, disputed)
    assert shown.index("It is a painting.") < shown.index("Added since") < shown.index("It hangs in a museum.")
    decide_appeal(disputed.pk, upheld=False, reasons="We looked again.", actor=desk.cast["carl"].actor)
    say(desk, item, "Nobody has read this.")
    assert "Nobody has read this." not in page(desk, disputed), "who answered did not know of it"


def test_nobody_answers_what_they_have_not_read(desk: Desk, disputed: Appeal) -> None:
    item = NoticeItem.objects.get(pk=disputed.origin_id)
    carl, path = desk.signed_in("carl"), f"/desk/appeals/{disputed.pk}"
    seen = seen_in(carl.get(path).content.decode())
    say(desk, item, "It hangs in a museum.")
    given = {"answer": "rejected", "text": "We looked again."}
    refused = carl.post(path, {**given, "seen": seen, "once": new_form_key()})
    shown = refused.content.decode()
    assert (refused.status_code, Appeal.objects.get(pk=disputed.pk).state) == (409, "open")
    assert "It hangs in a museum." in shown
    assert "We looked again.</textarea>" in shown, "what was written is kept"
    answered = carl.post(path, {**given, "seen": seen_in(shown), "once": new_form_key()})
    assert (answered.status_code, Appeal.objects.get(pk=disputed.pk).state) == (302, "rejected")


def seen_in(page: str) -> str:
    """The mark of what was read, in the form on a page."""
    return page.partition('name="seen" value="')[2].partition('"')[0]


def test_new_reasons_after_the_answer_are_reviewed_too(desk: Desk, disputed: Appeal) -> None:
    item = NoticeItem.objects.get(pk=disputed.origin_id)
    decide_appeal(disputed.pk, upheld=False, reasons="We looked again.", actor=desk.cast["carl"].actor)
    assert "If you have new reasons" in link(desk, item)
    say(desk, item, "Our lawyer has written about it.")
    desk.work()
    again = Appeal.objects.get(origin="host", state="open")
    assert (again.round, again.text) == (2, "Our lawyer has written about it.")
    assert Case.objects.get(pk=again.case_id).appealed
    shown = page(desk, again)
    assert "Added since" not in shown
    assert shown.index("Our lawyer") < shown.index("Asked before") < shown.index("It is a painting.")
    assert shown.index("It is a painting.") < shown.index("We looked again.")
    assert "You have given new reasons since." in link(desk, item)
    assert "You had a part in this case." in shown, "whoever answered before is involved"
    rosa = add_person("rosa", ["supervisor"], desk.cast.hotline_id).actor
    decide_appeal(again.pk, upheld=False, reasons="That changes nothing.", actor=rosa)
    shown = link(desk, item)
    assert "That changes nothing." in shown
    assert "You have given new reasons since." not in shown
    say(desk, item, "A museum shows it.")
    last = Appeal.objects.get(origin="host", state="open")
    tess = add_person("tess", ["supervisor"], desk.cast.hotline_id).actor
    decide_appeal(last.pk, upheld=False, reasons="Nor does that.", actor=tess)
    assert "It has been reviewed as often as we do." in link(desk, item)
    say(desk, item, "We go on and on.")
    assert not Appeal.objects.filter(origin="host", state="open").exists(), "nobody is worn out by it"
    assert "It has been reviewed as often as we do." in link(desk, item)
    assert Case.objects.get(pk=last.case_id).news, "but somebody reads it"


def test_the_same_reasons_are_not_reviewed_twice(desk: Desk, disputed: Appeal) -> None:
    item = NoticeItem.objects.get(pk=disputed.origin_id)
    decide_appeal(disputed.pk, upheld=False, reasons="We looked again.", actor=desk.cast["carl"].actor)
    answer_notice(item.notice_id, [Given(item.pk, "acknowledged")], actor=Actor("host"))
    say(desk, item, "It is a painting.")
    assert not Appeal.objects.filter(origin="host", state="open").exists()
    assert "If you have new reasons" in link(desk, item)


def test_what_was_withdrawn_needs_no_other_review(desk: Desk, disputed: Appeal) -> None:
    item = NoticeItem.objects.get(pk=disputed.origin_id)
    decide_appeal(disputed.pk, upheld=True, reasons="It is one.", actor=desk.cast["carl"].actor)
    say(desk, item, "So we were right.")
    assert Appeal.objects.filter(origin="host").count() == 1
