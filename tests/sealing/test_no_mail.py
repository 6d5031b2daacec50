"""What reporters write goes out in no mail but the letter to the police."""

from email.message import EmailMessage

import pytest

from leeward.demo.world import cast as world_cast
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services
from leeward.people.models import User
from tests.casework.conftest import POLICE, Desk

MARK = "marker-5e41"


def words_in(message: EmailMessage) -> str:
    """Everything that a mail says: its heads, and each part as it is read."""
    parts = [part.get_payload(decode=True) or b"" for part in message.walk() if not part.is_multipart()]
    return "\n".join(
        [*(f"{name}: {value}" for name, value in message.items()), *(raw.decode("utf-8", "replace") for raw in parts)]
    )


@pytest.mark.slow
def test_only_the_police_are_sent_what_was_told(desk: Desk) -> None:
    told = {"text": f"{MARK} words", "contact": f"{MARK}@mail.example", "password": f"{MARK} word"}
    case = desk.case(**told)
    desk.report("http://elsewhere.example/a", kind="danger", **told)
    desk.work()
    desk.assess(case)
    desk.act(case)
    referral = notices_queries.referral_of(case.pk)
    assert referral
    notices_services.answer_referral(referral.id, "release", actor=desk.cast["pia"].actor)
    desk.until(case, lambda case: case.host_told_at)
    sent = [mail for mail in desk.world.mail.messages() if POLICE not in mail.recipients]
    receivers = {to for mail in sent for to in mail.recipients}
    staff = set(User.objects.values_list("email", flat=True))
    assert world_cast.HOST_ABUSE in receivers
    assert receivers & staff, "who is on call was paged"
    assert [mail.recipients for mail in sent if MARK.encode() in mail.raw or MARK in words_in(mail.message)] == []
    assert any(MARK in words_in(mail.message) for mail in desk.mails()), "or nothing is looked at here"
