"""A letter to the police that something outdates again and again is claimed, and then goes, once, whatever comes between."""

from contextlib import nullcontext
from typing import Any

import pytest

from leeward.audit.services import hotline_transaction
from leeward.foundation.crypto.openpgp import CertificateUnusable
from leeward.intake.services import add_to_report
from leeward.notices.models import TO_POLICE, Message
from leeward.notices.services import delivery, outbox
from leeward.notices.services.delivery import deliver
from leeward.notices.writing import compose
from leeward.sealing.errors import WordsLocked
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import Desk
from tests.casework.queue.test_withdrawn_before_sending import _waiting, let_nothing_be_sent, send

__all__ = ["_waiting"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _claimed_first(monkeypatch: Any) -> None:
    """The first try is one that is claimed already."""
    monkeypatch.setattr(delivery, "EDITIONS_A_RUN", 1)


def while_worded(monkeypatch: Any, meanwhile: Any) -> None:
    """Let something happen, once, after a letter was claimed and before it is handed over."""
    mail_of, been = compose.mail_of, list[bool]()

    def slow(message: Message, *known: Any) -> Any:
        mail = mail_of(message, *known)
        if not been:
            been.append(True)
            meanwhile()
        return mail

    monkeypatch.setattr(compose, "mail_of", slow)


def test_nobody_keeps_a_letter_back_by_adding_while_it_is_worded(
    desk: Desk, waiting: Message, monkeypatch: Any
) -> None:
    mail_of, worded = compose.mail_of, list[str]()

    def meanwhile(message: Message, *told: Any) -> Any:
        mail = mail_of(message, *told)
        worded.append(f"Number {len(worded)}.")
        add_to_report(desk.reports[0], text=worded[-1], form_key=new_form_key())
        let_nothing_be_sent(desk)
        return mail

    monkeypatch.setattr(compose, "mail_of", meanwhile)
    send(waiting)
    monkeypatch.undo()
    (letter,) = desk.mails()
    assert worded[-2] in letter.text
    assert worded[-1] not in letter.text
    assert Message.objects.get(pk=waiting.pk).subject == letter.message["subject"]
    send(Message.objects.exclude(pk=waiting.pk).get(state="waiting", kind__in=TO_POLICE))
    assert worded[-1] in desk.mails()[-1].text, "nothing is lost: it goes by the next letter"


@pytest.mark.parametrize("fault", ["words locked", "key unusable"])
def test_a_letter_that_was_claimed_and_cannot_be_worded_waits(
    desk: Desk, waiting: Message, monkeypatch: Any, fault: str
) -> None:
    mail_of, claimed = compose.mail_of, list[bool]()

    def meanwhile(message: Message, *told: Any) -> Any:
        claimed.append(Message.objects.get(pk=message.pk).state == "sending")
        if not claimed[-1]:
            outbox.change(message)
        elif fault == "words locked":
            raise WordsLocked
        return mail_of(message, *told)

    def unusable(message: Message, mail: Any) -> bytes:
        if Message.objects.get(pk=message.pk).state == "sending":
            raise CertificateUnusable("expired")
        return as_mime(message, mail)

    as_mime = delivery._as_mime
    monkeypatch.setattr(compose, "mail_of", meanwhile)
    if fault == "key unusable":
        monkeypatch.setattr(delivery, "_as_mime", unusable)
    with pytest.raises(WordsLocked) if fault == "words locked" else nullcontext():
        send(waiting)
    waiting.refresh_from_db()
    assert (claimed[-1], desk.mails()) == (True, [])
    assert (waiting.state, waiting.problem) == (
        ("waiting", "") if fault == "words locked" else ("dead", "key_unusable")
    )


def test_one_that_was_claimed_by_a_worker_that_is_gone_goes(desk: Desk, waiting: Message) -> None:
    Message.objects.filter(pk=waiting.pk).update(state="sending", sending_since=None)
    send(waiting)
    waiting.refresh_from_db()
    assert (waiting.state, len(desk.mails())) == ("sent", 1)


@pytest.mark.usefixtures("_claimed_first")
def test_one_that_another_worker_took_goes_once(desk: Desk, waiting: Message, monkeypatch: Any) -> None:
    while_worded(monkeypatch, lambda: deliver(waiting.pk))
    send(waiting)
    send(waiting)
    waiting.refresh_from_db()
    assert (waiting.state, len(desk.mails())) == ("sent", 1)


@pytest.mark.usefixtures("_claimed_first")
def test_one_that_was_stopped_meanwhile_does_not_go(desk: Desk, waiting: Message, monkeypatch: Any) -> None:
    def stop() -> None:
        with hotline_transaction():
            delivery._let_go(waiting.pk)  # as another worker would, to whom it seems that this one is gone
            outbox.stop(Message.objects.get(pk=waiting.pk))

    while_worded(monkeypatch, stop)
    send(waiting)
    waiting.refresh_from_db()
    assert (waiting.state, desk.mails()) == ("stopped", [])
