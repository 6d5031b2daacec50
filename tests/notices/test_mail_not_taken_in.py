"""Mail that can't be taken in: it waits where that is ours to mend, and is left to a person where it is the mail itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.html import escape

from leeward.demo.world.mailbox import Mailbox
from leeward.jobs.models import Job
from leeward.jobs.registry import EVERY
from leeward.jobs.services import schedule
from leeward.notices.errors import MailboxUnreadable
from leeward.notices.models import InboundMail, Message
from leeward.notices.services import mail as services_mail
from leeward.notices.tasks import read_mailbox
from leeward.sealing import store
from leeward.sealing.errors import WordsKeyUnusable, WordsStoreLost, WordsStoreUnusable
from leeward.site.health import current_alarms
from leeward.site.outside import LASTS, LOOKERS, look
from leeward.web_security.keys import new_form_key
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_pages import signed_in
from tests.notices.test_police_mail_returned import in_words, report

pytestmark = pytest.mark.django_db(transaction=True)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OWN = b"From: A person <someone@harbour-host.example>\r\nSubject: Break it, please\r\n\r\nWords.\r\n"


@pytest.fixture
def box(office: Office, tmp_path: Path, configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """A folder that the worker reads; health looks at nothing else outside."""
    made = Mailbox(tmp_path / "mail")
    configure(mailbox=made.setting)
    schedule(f"{EVERY}notices.read_mailbox", subject_id=0, hotline_id=0, due_at=office.reached)
    for name in [name for name in LOOKERS if name != "mailbox"]:
        monkeypatch.setitem(LOOKERS, name, lambda _now: None)
    return made


@contextmanager
def no_store() -> Iterator[None]:
    """There is a folder where the file with the keys of words should be."""
    file = Path(settings.LEEWARD.data_dir, store.FILE)
    file.rename(file.with_suffix(".away"))
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        file.with_suffix(".away").rename(file)


def refused(error: Exception) -> Callable[..., None]:
    def refuse(*_given: object, **_more: object) -> None:
        raise error

    return refuse


def rings(office: Office) -> bool:
    """Whether health says that mail isn't read, once it has been so for long enough."""
    look(office.reached)
    return "mailbox_failing" in {alarm.code for alarm in current_alarms(office.reached + LASTS)}


def bounce_of_the_letter(office: Office, box: Mailbox) -> None:
    office.act(office.case(reporter_texts=("The red boat left at nine.",)))
    office.work()
    [letter] = office.mails(POLICE)
    box.deliver(in_words(letter, "I was unable to deliver it", "Auto-Submitted: auto-replied"))


def test_a_bounce_that_came_while_the_store_of_words_was_away_is_read_later(office: Office, box: Mailbox) -> None:
    if not store.is_apart():
        pytest.skip("there the keys are in a table")
    bounce_of_the_letter(office, box)
    with no_store():
        office.work(HOUR)
        assert len(box.waiting()) == 1
        assert rings(office)
    office.work(HOUR)
    assert box.waiting() == []
    assert not rings(office)
    assert Message.objects.get(kind="referral").state == "unsure"
    office.work(2 * DAY)
    assert office.mails(ABUSE) == []


@pytest.mark.parametrize(
    "error",
    [
        WordsKeyUnusable(what="or words.pub is missing"),
        WordsStoreUnusable(path="words.sqlite3", why="permission denied", owner="root"),
        WordsStoreLost(path="words.sqlite3"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_mail_waits_for_the_key_of_words_and_health_says_so(
    office: Office, box: Mailbox, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    bounce_of_the_letter(office, box)
    with monkeypatch.context() as now:
        now.setattr(store, "put", refused(error))
        office.work(HOUR)
        assert len(box.waiting()) == 1
        assert rings(office)
    assert not InboundMail.objects.exists()
    office.work(HOUR)
    assert box.waiting() == []
    assert Message.objects.get(kind="referral").state == "unsure"
    assert not Job.objects.filter(dead=True).exists()


def test_what_one_mail_breaks_is_left_to_a_person_and_holds_up_no_other(
    office: Office, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.act(office.case())
    office.work()
    [letter] = office.mails(POLICE)
    box.deliver(OWN)
    box.deliver(report(letter, f"Final-Recipient: rfc822; {POLICE}", "Action: failed"))
    read = services_mail.read_mail

    def breaks(raw: bytes) -> object:
        if raw == OWN:
            raise RecursionError
        return read(raw)

    monkeypatch.setattr(services_mail, "read_mail", breaks)
    office.work(HOUR)
    assert (box.waiting(), Message.objects.get(kind="referral").state) == ([], "dead")
    assert not rings(office)
    carl = signed_in(office, "carl")
    page = carl.get("/desk/outbox?view=mail").content.decode()
    assert "Break it, please" in page
    assert escape("A person <someone@harbour-host.example>") in page
    assert "could not be taken in" in page
    kept = InboundMail.objects.get(message_id__endswith="@set-aside.invalid>")
    assert kept.text == ""
    carl.post(f"/desk/outbox/mail/{kept.pk}", {"once": new_form_key()})
    assert "Break it, please" not in carl.get("/desk/outbox?view=mail").content.decode()
    box.deliver(OWN)  # put back by hand
    office.work(HOUR)
    assert "Break it, please" in carl.get("/desk/outbox?view=mail").content.decode()
    assert InboundMail.objects.filter(message_id__endswith="@set-aside.invalid>").count() == 1
    monkeypatch.setattr(services_mail, "read_mail", read)
    box.deliver(OWN)
    office.work(HOUR)
    assert "Words." in [mail.text for mail in InboundMail.objects.all()], "put back once we can read it"


def test_where_nothing_can_be_stored_no_mail_is_taken_for_broken(
    office: Office, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.work()
    box.deliver(OWN)
    with monkeypatch.context() as now:
        now.setattr(services_mail, "record", refused(RuntimeError("the log can't be written")))
        now.setattr(services_mail, "read_mail", refused(RuntimeError("ours")))
        office.work(HOUR)
        assert len(box.waiting()) == 1
        assert rings(office)
    office.work(HOUR)
    assert (box.waiting(), InboundMail.objects.get().subject) == ([], "Break it, please")
    assert not rings(office)


def test_a_file_that_can_not_be_read_stays_and_holds_up_no_other(office: Office, box: Mailbox) -> None:
    place = box.folder / "0.eml"
    place.symlink_to("/proc/self/mem")  # a file that opens, and fails as one on a damaged disk does
    box.deliver(OWN)
    with pytest.raises(MailboxUnreadable):
        read_mailbox()
    assert (box.waiting(), InboundMail.objects.get().subject) == ([place], "Break it, please")
    office.work(HOUR)
    assert rings(office)
    place.unlink()
    office.work(HOUR)
    assert not rings(office)
