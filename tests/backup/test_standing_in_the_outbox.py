"""After a restoring each message of the outbox has the sentences that are true of it."""

import re
from datetime import timedelta
from typing import Any

import pytest

from leeward.administration.services import confirm_restored, read_what_left, take_up
from leeward.backup.models import Restoration
from leeward.jobs.worker import run_until_idle
from leeward.notices import queries, services
from leeward.notices.models import Contact, Message, Notice, NoticeCase, Referral
from leeward.notices.queries.standing import standing_of
from leeward.notices.rules.briefs import Plan
from tests.browser import Visit
from tests.having_read import seen_on
from tests.notices.conftest import POLICE, START, Office, _nobody_above_listens, configure, internet, office
from tests.notices.conftest import post as mail_server
from tests.people.signing import signed_in

__all__ = ["_nobody_above_listens", "configure", "internet", "mail_server", "office"]
MAY_HAVE = "it is not known whether this went before"
NOT_AMONG = "It isn’t among what left since then."
HOUR = timedelta(hours=1)


@pytest.fixture(name="post")
def _post(mail_server: Any) -> Any:
    return mail_server


@pytest.fixture
def letters(office: Office) -> list[Message]:
    """Two referrals that waited when the backup was made, and a notice to a host."""
    for plan in (Plan(), Plan(), Plan(police=False)):
        office.act(office.case(), plan)
    office.clock.move_to(START + HOUR)
    office.reached = START + HOUR
    office.post.defer(POLICE, times=1000)
    office.post.defer("abuse@harbour-host.example", times=1000)
    run_until_idle(START + HOUR)
    Restoration.objects.create(backup_at=START + HOUR, restored_at=START + 3 * HOUR)
    office.clock.move_to(START + 3 * HOUR)
    office.reached = START + 3 * HOUR
    take_up(office.reached)
    return list(Message.objects.order_by("pk"))


def lines(message: Message, *, begins: int = 0, ends: int = 4) -> list[str]:
    at = START + timedelta(hours=2)
    taken = f"{at:%Y-%m-%dT%H:%M:%S}Z mx postfix/cleanup[8]: 4F1A2B3C4D: message-id={message.message_id}"
    return [
        f"{START + begins * HOUR:%Y-%m-%dT%H:%M:%S}Z mx: started",
        taken,
        f"{START + ends * HOUR:%Y-%m-%dT%H:%M:%S}Z mx: stopped",
    ]


def said(message: Message) -> str:
    """All that the outbox says of a message."""
    message.refresh_from_db()
    left = queries.left_of([message])
    mine = left.get(message.pk)
    return " ".join([*standing_of([message], left)[message.pk], mine.sentence if mine else ""])


@pytest.mark.django_db
def test_what_left_is_not_called_unknown_and_the_rest_is(office: Office, letters: list[Message]) -> None:
    first, second = letters[:2]
    assert MAY_HAVE in said(first)
    read_what_left(lines(first), actor=office.cast["adam"].actor, now=office.reached)
    assert MAY_HAVE not in said(first)
    assert "It left already." in said(first)
    assert MAY_HAVE in said(second)
    assert NOT_AMONG in said(second)
    page = signed_in(office.cast, "carl").get("/desk/outbox").content.decode()
    assert page.count(MAY_HAVE) == 2
    assert "we stopped while the message was being handed over" not in page
    seen = signed_in(office.cast, "carl").get(f"/desk/outbox/{first.pk}/preview").content.decode()
    assert MAY_HAVE not in seen


@pytest.mark.django_db
@pytest.mark.parametrize(("begins", "ends", "is_whole"), [(0, 4, True), (1, 3, True), (3, 4, False), (0, 1, False)])
def test_a_log_of_part_of_the_time_says_that_it_is_part(
    office: Office, letters: list[Message], begins: int, ends: int, is_whole: bool
) -> None:
    read_what_left(
        lines(letters[0], begins=begins, ends=ends)[::2], actor=office.cast["adam"].actor, now=office.reached
    )
    assert (NOT_AMONG in said(letters[1])) is is_whole
    assert ("covers only part of the time since the backup" in said(letters[1])) is not is_whole


@pytest.mark.django_db
def test_what_goes_by_a_webhook_is_in_no_log_of_mail(office: Office, letters: list[Message]) -> None:
    notice = Message.objects.get(kind="notice")
    Contact.objects.filter(pk=Notice.objects.get().contact_id).update(
        channel="webhook", webhook_url="https://a.example/"
    )
    read_what_left(lines(letters[0]), actor=office.cast["adam"].actor, now=office.reached)
    assert "another way than mail (Webhook)" in said(notice)
    assert NOT_AMONG not in said(notice)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("stopped", "There is nothing left to say"),
        ("police", "it waits until the police let the host be told"),
        ("open", ""),
    ],
)
def test_what_sending_it_again_would_do(office: Office, letters: list[Message], state: str, sentence: str) -> None:
    notice = Message.objects.get(kind="notice")
    NoticeCase.objects.filter(items__notice=notice.subject_id).update(state=state)
    found = said(notice)
    assert (sentence in found) if sentence else ("again" not in found)
    assert "sending it again" not in said(letters[0])


@pytest.mark.django_db
def test_what_was_written_since_has_not_left(office: Office, letters: list[Message]) -> None:
    office.act(office.case())
    newest = Message.objects.latest("pk")
    assert said(newest).strip() == "Nothing goes out until somebody confirms that this installation is the one in use."
    page = signed_in(office.cast, "carl").get("/desk/outbox?view=waiting").content.decode()
    assert "Nothing goes out until somebody confirms" in page
    assert "<time" not in page.partition("<tbody>")[2].partition("</tbody>")[0]
    read_what_left(lines(letters[0]), actor=office.cast["adam"].actor, now=office.reached)
    confirm_restored(actor=office.cast["adam"].actor, now=office.reached)
    found = said(newest)
    assert MAY_HAVE not in found
    assert NOT_AMONG not in found
    assert "It was written here since then, so it has not left. One like it may have left before." in found


@pytest.mark.django_db
def test_the_letter_about_an_answer_that_was_entered_is_no_result_of_a_review(
    office: Office, letters: list[Message]
) -> None:
    carl = signed_in(office.cast, "carl")
    letter = Referral.objects.order_by("pk").first()
    assert letter is not None
    services.answer_referral(letter.pk, "acknowledge", actor=office.cast["carl"].actor)
    page = carl.get("/desk/outbox?view=waiting").content.decode()
    assert "What was entered as an answer" in page
    confirm_restored(actor=office.cast["adam"].actor, now=office.reached)
    entered = Message.objects.get(kind="reply")
    for path in ("/desk/outbox", f"/desk/outbox/{entered.pk}/preview"):
        page = carl.get(path).content.decode()
        assert "What was entered as an answer" in page
        assert "Result of a review" not in page


@pytest.mark.django_db
def test_whoever_confirms_is_sent_to_a_page_that_there_is(office: Office, letters: list[Message]) -> None:
    adam, path = signed_in(office.cast, "adam"), "/desk/administration/restored"
    office.act(office.case())  # written since, and not new: it is left to a person
    sent = {"sure": "yes", "seen": seen_on(adam.get(path).content.decode())}
    page = adam.post(f"{path}/confirm", sent, follow=True).content.decode()
    [name] = re.findall(r"under (\w+)", page.partition("may have gone before")[2][:60])
    assert f">{name}</h1>" in re.sub(r"\s", "", signed_in(office.cast, "carl").get("/desk/outbox").content.decode())


@pytest.mark.django_db
def test_what_was_cut_off_while_it_was_sent_says_so_and_nothing_of_a_backup(office: Office) -> None:
    office.act(office.case())
    Message.objects.update(state="unsure", problem="worker_gone")
    found = said(Message.objects.get())
    assert (
        found.strip()
        == "We stopped in the middle of sending it. It may have arrived, so it never goes again by itself."
    )


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_in_a_browser(visitor: Visit, office: Office, letters: list[Message]) -> None:
    read_what_left(lines(letters[0]), actor=office.cast["adam"].actor, now=office.reached)
    for name, paths in (("adam", ["/desk/administration/restored"]), ("carl", ["/desk/outbox"])):
        guest = visitor()
        value = signed_in(office.cast, name).cookies["sessionid"].value
        cookie: Any = {"name": "sessionid", "value": value, "url": f"{guest.base}/desk/"}
        guest.context.add_cookies([cookie])
        for path in paths:
            guest.go(path)
            guest.look(path.rpartition("/")[2])
