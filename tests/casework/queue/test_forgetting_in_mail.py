"""What was taken back is taken out of mail a part at a time, and what others reported of another case stays there."""

import json
from datetime import UTC, datetime
from email.message import EmailMessage
from textwrap import wrap
from typing import Any

import pytest

from leeward.casework import services
from leeward.casework.acting.services import reported
from leeward.casework.merging.services import splitting
from leeward.intake.services import add_to_report, withdraw_report
from leeward.jobs.models import Job
from leeward.jobs.worker import claim, run_claimed
from leeward.notices import services as notices_services
from leeward.notices.models import Contact, InboundMail, NoticeCase
from leeward.notices.rules.quoted import LEFT_OUT
from leeward.notices.services import forgetting
from leeward.notices.services.mail import take_in
from leeward.notices.writing.kept_brief import texts_of
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import POLICE, Desk
from tests.casework.queue.test_withdrawing import letter_with, mail_about, on_a_line, quoted

pytestmark = pytest.mark.django_db
BOAT, HOUSE = "The red boat of words8c1d left at nine.", "The green house by the wall is hers."


def texts(mails: list[InboundMail]) -> list[str]:
    return [InboundMail.objects.get(pk=mail.pk).text for mail in mails]


def test_it_goes_on_where_it_was_and_takes_along_what_is_taken_back_meanwhile(desk: Desk, monkeypatch: Any) -> None:
    case = desk.case(text=BOAT, kind="danger")
    desk.report(desk.world.gallery_url, kind="danger", text=HOUSE)
    desk.work()
    letter = letter_with(desk, HOUSE)
    mails = [mail_about(desk, *quoted(letter), to=letter.message["Message-ID"]) for _mail in range(5)]
    notice_case = NoticeCase.objects.get(case_id=case.pk)
    monkeypatch.setattr(forgetting, "_A_RUN", 2)
    withdraw_report(desk.reports[0])
    run_until_looked_for(notice_case)
    assert notices_services.forget_quoted(notice_case.pk), "there are more"
    assert [BOAT in on_a_line(text) for text in texts(mails)] == [False, False, True, True, True]
    assert [one.after for one in looked_for(notice_case)] == [mails[1].pk]
    withdraw_report(desk.reports[1])
    run_until_looked_for(notice_case, 2)
    assert sorted(one.after for one in looked_for(notice_case)) == [0, mails[1].pk]
    desk.work()
    assert not any(words in text for words in (BOAT, HOUSE) for text in texts(mails))
    assert not looked_for(notice_case), "then they are kept nowhere"
    assert not Job.objects.filter(kind=forgetting.FORGET).exists()


def test_words_that_were_shortened_for_a_letter_are_found(desk: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr(reported, "MOST_BYTES", 2000)
    desk.case(text=f"{BOAT} {'He hid it behind the wall then. ' * 60}", kind="danger")
    desk.report(desk.world.gallery_url, kind="danger", text=f"{HOUSE} {'She saw him there in winter. ' * 60}")
    desk.work()
    letter = letter_with(desk, HOUSE[:20])
    assert "of lines that end in […] the hotline has the rest" in " ".join(letter.text.split())
    answer = mail_about(desk, "We ask:", *quoted(letter), to=letter.message["Message-ID"])
    withdraw_report(desk.reports[0])
    desk.work()
    text = on_a_line(texts([answer])[0])
    assert not any(words in text for words in ("words8c1d", "behind the wall"))
    assert HOUSE in text
    assert "saw him there in winter" in text


def run_until_looked_for(notice_case: NoticeCase, count: int = 1) -> None:
    """Let the worker do what comes before looking through mail."""
    while len(looked_for(notice_case)) < count:
        Job.objects.filter(kind=forgetting.FORGET).delete()  # the test does it
        job = claim(datetime.now(UTC), "here")
        assert job is not None
        run_claimed(job, datetime.now(UTC), "here")


def looked_for(notice_case: NoticeCase) -> list[Any]:
    return list(texts_of(NoticeCase.objects.get(pk=notice_case.pk)).looked_for.values())


def test_the_same_words_of_somebody_else_stay_in_mail_about_another_case(desk: Desk) -> None:
    desk.case(text=HOUSE, kind="danger")
    letter_with(desk, HOUSE)
    address = "http://other.example/elsewhere/at/the/sea"
    desk.case(address, text=HOUSE, kind="danger")
    letter = letter_with(desk, "other.example")
    about_it = mail_about(desk, "We have got it.", *quoted(letter), to=letter.message["Message-ID"])
    about_nothing = mail_about(desk, "You say:", HOUSE, to="")
    withdraw_report(desk.reports[0])
    desk.work()
    assert [HOUSE in on_a_line(text) for text in texts([about_it, about_nothing])] == [True, False]
    withdraw_report(desk.reports[1])
    desk.work()
    assert [HOUSE in on_a_line(text) for text in texts([about_it])] == [False]
    assert address in texts([about_it])[0]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(
            f"Tom> you come over to the boat number {n} today\nAna> no I will not go there, {n}" for n in range(6)
        ),
        "He posts it at http://forum.example/page/12-holiday every night and then he comes to the boat",
        "boat " + "!?" * 120 + " help",
        "Her boat http://somewhere.example/" + "a" * 250,
    ],
)
def test_what_is_hard_to_find_goes_too(desk: Desk, text: str) -> None:
    desk.case(text=HOUSE, kind="danger")
    desk.report(desk.world.gallery_url, text=text, kind="danger")
    letter = letter_with(desk, "boat")
    lines = [f"> {part}" for line in letter.text.splitlines() for part in wrap(line, 70) or [""]]
    mail = mail_about(desk, "We have got it.", *lines, to=letter.message["Message-ID"])
    assert "boat" in mail.text
    withdraw_report(desk.reports[1])
    desk.work()
    (left,) = texts([mail])
    assert "boat" not in left
    assert HOUSE in on_a_line(left)


def test_our_own_file_that_comes_back_is_not_kept_and_others_are_looked_through(desk: Desk) -> None:
    desk.case(text=BOAT, kind="danger")
    letter = letter_with(desk, BOAT)
    ours = next(part for part in letter.message.walk() if part.get_content_type() == "application/json")
    theirs = {"note": [f"You write: {BOAT}", "Our number is 5."], "lines": {BOAT: "read", f"{BOAT}!": "not read"}}
    answer = EmailMessage()
    answer["From"], answer["Message-ID"], answer["In-Reply-To"] = (
        POLICE,
        "<a@police.example>",
        letter.message["Message-ID"],
    )
    answer.set_content("We have got it.")
    for content in (ours.get_payload(decode=True), json.dumps(theirs).encode()):
        answer.add_attachment(content, maintype="application", subtype="json", filename="a.json")
    mail = InboundMail.objects.get(pk=take_in(answer.as_bytes()))
    assert [json.loads(one) for one in mail.documents] == [theirs], "no reporter's words of ours"
    Job.objects.filter(kind__startswith="tips.").delete()  # nobody could take it in
    withdraw_report(desk.reports[0])
    desk.work()
    mail.refresh_from_db()
    left = {"note": [f"You write: {LEFT_OUT}.", "Our number is 5."]}
    left["lines"] = {f"{LEFT_OUT}.": "read", f"{LEFT_OUT}.!": "not read"}
    assert [json.loads(one) for one in mail.documents] == [left]


def test_another_line_that_begins_the_same_stays_whole(desk: Desk) -> None:
    desk.case(text="He", kind="danger", password="house")
    letter_with(desk, "He")
    desk.case("http://other.example/elsewhere", text="Her boat left at nine.", kind="danger", password="house77")
    letter = letter_with(desk, "Her boat")
    mail = mail_about(desk, *quoted(letter), to=letter.message["Message-ID"])
    before = mail.text
    withdraw_report(desk.reports[0])
    desk.work()
    assert texts([mail]) == [before]


def test_a_subject_that_grows_by_what_is_left_out_stops_nothing(desk: Desk) -> None:
    many = "\ufdfa" * 2  # each is eighteen letters, and fewer characters than the mark
    desk.case(text=BOAT, kind="danger")
    desk.report(desk.world.gallery_url, kind="danger", text=many)
    letter = letter_with(desk, BOAT)
    grows = mail_about(desk, "x", to="", subject=f"{many}x" * 66)
    mail = mail_about(desk, *quoted(letter), to=letter.message["Message-ID"])
    for report in reversed(desk.reports):
        withdraw_report(report)
    desk.work()
    assert BOAT not in texts([mail])[0]
    assert not Job.objects.filter(kind=forgetting.FORGET).exists()
    assert many not in InboundMail.objects.get(pk=grows.pk).subject


def test_of_what_an_older_version_kept_each_report_is_known_once_one_is_taken_back(desk: Desk) -> None:
    case = desk.case(text="Help me now", kind="danger")
    for words in (BOAT, HOUSE):
        desk.report(desk.world.gallery_url, kind="danger", text=words)
    letter = letter_with(desk, HOUSE)
    mail = mail_about(desk, *quoted(letter), to=letter.message["Message-ID"])
    notice_case = NoticeCase.objects.get(case_id=case.pk)
    notice_case.reporter_texts = json.dumps(texts_of(notice_case).lines)
    notice_case.state = "stopped"  # nothing writes it anew
    notice_case.save()
    for report, words in zip(desk.reports[1:], (BOAT, HOUSE), strict=True):
        withdraw_report(report)
        desk.work()
        assert words not in on_a_line(texts([mail])[0])
    assert "Help me now" in texts([mail])[0], "nobody took this back"


def test_what_was_worded_in_another_language_first_is_found_too(desk: Desk) -> None:
    case = desk.case(text="Somebody else.", kind="danger")
    desk.report(desk.world.gallery_url, text="Il ment", password="door", kind="danger")
    desk.work()
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    Contact.objects.filter(kind="police").update(languages=["fr"])
    splitting.split(case.pk, desk.reports[1], reason="Another child.", actor=desk.cast["ana"].actor)
    letter = letter_with(desk, "Signalement du")
    Contact.objects.filter(kind="police").update(languages=["en"])
    mail = mail_about(desk, "We have got it.", *quoted(letter), to=letter.message["Message-ID"])
    add_to_report(desk.reports[1], text="He comes back tonight.", form_key=new_form_key())
    letter_with(desk, "“Il ment”")
    withdraw_report(desk.reports[1])
    desk.work()
    mail.refresh_from_db()
    assert mail.text.startswith("We have got it.")
    assert "Il ment" not in mail.text
    assert "door" not in mail.text
