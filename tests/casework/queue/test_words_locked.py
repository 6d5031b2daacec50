"""A worker without the key of words: a child in danger waits for none, the police hear of it with its words, and no good words are lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from leeward.casework.models import Case
from leeward.intake.services import add_to_report, withdraw_report
from leeward.jobs.models import Job
from leeward.notices.models import Message, NoticeCase
from leeward.notices.writing.kept_brief import kept
from leeward.oncall.models import PagedReport
from leeward.sealing import keys
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import Desk

pytestmark = pytest.mark.django_db(transaction=True)
SENTENCE = "[These words are sealed"


@contextmanager
def locked(monkeypatch: Any) -> Iterator[None]:
    """The worker has no key to words."""
    with monkeypatch.context() as patch:
        patch.setattr(keys._Held, "allowed", False)
        assert not keys.may_open()
        yield


def opened(desk: Desk) -> None:
    """The worker has the key again; what waits is done."""
    for _twice in range(2):
        Job.objects.update(due_at=datetime.now(UTC))
        Message.objects.update(next_at=datetime.now(UTC))
        desk.work()


def words_of(case: Case) -> str:
    return "\n".join(kept(NoticeCase.objects.get(case_id=case.pk)).reporter_texts)


def test_an_urgent_report_is_a_case_at_once_and_the_police_read_its_words_later(desk: Desk, monkeypatch: Any) -> None:
    keys.public()
    with locked(monkeypatch):
        case = desk.case(text="The red boat.", password="open sesame", kind="danger")
        assert case.urgent
        assert PagedReport.objects.filter(report_id=desk.reports[0]).exists()
        assert not NoticeCase.objects.exists()
        desk.work()
    assert desk.mails() == []
    opened(desk)
    assert ["The red boat." in mail.text and "open sesame" in mail.text for mail in desk.mails()] == [True]
    assert SENTENCE not in desk.mails()[0].text
    assert Case.objects.get(pk=case.pk).passed_at is not None
    opened(desk)
    assert len(desk.mails()) == 1


def test_a_second_report_destroys_no_words_that_the_police_were_told_or_will_be(desk: Desk, monkeypatch: Any) -> None:
    case = desk.case(text="The red boat.", kind="danger")
    before = NoticeCase.objects.values_list("reporter_texts", flat=True).get().raw
    with locked(monkeypatch):
        desk.report(desk.world.gallery_url, kind="danger", text="The green boat.")
        desk.work()
        case.refresh_from_db()
        assert case.report_count == 2
        add_to_report(desk.reports[0], text="The blue boat.", form_key=new_form_key())
        desk.work()
        assert NoticeCase.objects.values_list("reporter_texts", flat=True).get().raw == before
    opened(desk)
    for words in ("red", "green", "blue"):
        assert f"The {words} boat." in words_of(case)
    assert SENTENCE not in words_of(case)
    assert not any(SENTENCE in mail.text for mail in desk.mails())
    assert "The blue boat." in desk.mails()[-1].text
    assert not Job.objects.filter(dead=True).exists()


def test_what_is_taken_back_before_there_is_a_key_is_told_to_nobody(desk: Desk, monkeypatch: Any) -> None:
    keys.public()
    with locked(monkeypatch):
        case = desk.case(text="The red boat.", kind="danger")
    withdraw_report(desk.reports[0])
    opened(desk)
    assert not any("red boat" in mail.text for mail in desk.mails())
    assert not any("red boat" in text for one in NoticeCase.objects.all() for text in kept(one).reporter_texts)
    assert Case.objects.get(pk=case.pk).report_count == 0
    assert not Job.objects.filter(kind="casework.tell_when_opened").exists()
