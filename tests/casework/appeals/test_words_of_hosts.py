"""What a host says in its request for review: its own words, all of them, and nobody else's."""

import pytest

from leeward.casework.models import Appeal, Case
from leeward.casework.services import decide_appeal
from leeward.foundation.actor import Actor
from leeward.intake.models import OutsideAppeal
from leeward.notices.models import NoticeItem
from leeward.notices.services import Given, answer_notice
from tests.casework.appeals.test_unplaced import ask
from tests.casework.conftest import Desk

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
