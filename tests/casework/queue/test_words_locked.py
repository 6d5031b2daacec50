"""A worker without the key of words: a child in danger waits for none, the police hear of it with its words, and no good words are lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from leeward.casework.models import Case
from leeward.intake.services import add_to_report, withdraw_report
from leeward.jobs.models import Job
from leeward.notices.models import Message, NoticeCase
from leeward.notices.writing.kept_brief import kept
from leeward.oncall.models import PagedReport
from leeward.sealing import keys
from leeward.sealing.key_copy import FILE
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


@contextmanager
def unreadable(name: str) -> Iterator[None]:
    """The worker has a key that it can't read: a folder stands in its place, as Docker makes one."""
    file = Path(settings.LEEWARD.data_dir, name)
    away = file.with_name(f"{name}.away")
    file.rename(away)
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        away.rename(file)


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


@pytest.mark.slow
@pytest.mark.parametrize("name", [keys.KEY, keys.PUBLIC, FILE])
def test_an_urgent_report_waits_for_a_key_that_cannot_be_read_and_is_not_given_up(desk: Desk, name: str) -> None:
    if name == FILE and connection.vendor != "sqlite":
        pytest.skip("there the keys of single texts are in the database itself")
    keys.public()
    desk.report(desk.world.gallery_url, text="The red boat.", kind="danger")
    with unreadable(name):
        for _often in range(12):
            Job.objects.update(due_at=datetime.now(UTC))
            desk.work()
        assert Case.objects.exists() == (name == keys.KEY), "where nothing can be sealed either, it waits"
        assert set(Job.objects.values_list("attempts", "dead")) == {(0, False)}
        assert desk.mails() == []
    opened(desk)
    assert ["The red boat." in mail.text for mail in desk.mails()] == [True]


def test_what_is_taken_back_while_the_key_cannot_be_read_leaves_no_word_behind(desk: Desk) -> None:
    case = desk.case(text="The red boat.", kind="danger")
    assert "The red boat." in words_of(case)
    with unreadable(keys.KEY):
        withdraw_report(desk.reports[0])
        for _often in range(12):
            Job.objects.update(due_at=datetime.now(UTC))
            desk.work()
        assert not Job.objects.filter(dead=True).exists()
    opened(desk)
    assert "red boat" not in words_of(case)
    assert not Job.objects.filter(dead=True).exists()
