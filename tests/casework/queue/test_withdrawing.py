"""What only a reporter's words name is a place of its own, and a withdrawn report leaves no word of it in any table."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from textwrap import wrap

import pytest
from django.db import connection
from django_scopes import scopes_disabled

from leeward.casework import services
from leeward.casework.merging.services import merging, splitting
from leeward.casework.models import Case
from leeward.demo.world.smtp import Received
from leeward.hosting.models import Location
from leeward.intake.services import add_to_report, withdraw_report
from leeward.jobs.models import Job
from leeward.notices.models import InboundMail, Message, NoticeCase, Referral
from leeward.notices.rules.quoted import LEFT_OUT
from leeward.notices.services import withdraw
from leeward.notices.services.mail import take_in
from leeward.notices.writing import kept_brief
from leeward.oncall.models import PagedReport
from leeward.web_security.keys import new_form_key
from tests.backup.test_putting_back import lose_notices, put_back, written
from tests.casework.conftest import POLICE, Desk

pytestmark = pytest.mark.django_db
MARK, WORDS = "marker7f3a", "words8c1d"  # of the place, and of what is sealed
SAID = {
    "text": f"Text {WORDS}.",
    "where": f"{MARK} there",
    "password": f"{WORDS}1",
    "referrer": f"http://{WORDS}.example/",
}


def kept(mark: str = MARK) -> Iterator[str]:
    """The columns of all tables that hold the mark. An index of parts of words holds what its table does."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description or ()]
            for row in cursor.fetchall():
                yield from (f"{table}.{name}" for name, value in zip(names, row, strict=True) if mark in str(value))


def send_all(desk: Desk) -> None:
    """Let every letter go that waits for others to go with it."""
    desk.work()
    Message.objects.update(next_at=datetime.now(UTC))
    Job.objects.update(due_at=datetime.now(UTC))
    desk.work()


def answered_with_quotes(desk: Desk) -> list[InboundMail]:
    """The police's answer to the newest letter with the words, whose lines a mail program broke, and another mail with those lines that
    matches nothing; none if there is no such letter."""
    send_all(desk)
    letters = [mail for mail in desk.mails() if WORDS in mail.text]
    if not letters:
        return []
    whole = letters[-1].text.splitlines()
    first, last = (
        next(at for at in order if "Report" in whole[at] or WORDS in whole[at])
        for order in (range(len(whole)), reversed(range(len(whole))))
    )
    lines, words = (
        [f"> {part}" for line in some for part in wrap(line, 30) or [""]] for some in (whole, whole[first : last + 1])
    )
    answer, other = EmailMessage(), EmailMessage()
    answer["In-Reply-To"] = letters[-1].message["Message-ID"]
    answer.set_content("\n".join(["We have got it.", *lines]))
    other.set_content("\n".join(["We have got it.", *words]))
    for number, mail in enumerate((answer, other)):
        mail["From"], mail["Message-ID"] = letters[-1].message["To"], f"<{number}@police.example>"
    mails = [InboundMail.objects.get(pk=take_in(mail.as_bytes())) for mail in (answer, other)]
    assert [mail.referral_id is not None for mail in mails] == [True, False]
    return mails


@pytest.mark.parametrize("where", ["at home", "www.chat.example"])
def test_two_children_in_places_that_many_share_have_a_case_each(desk: Desk, where: str) -> None:
    cases = [desk.case(where, kind="danger", text=text) for text in ("He is in the house.", "My sister is crying.")]
    assert cases[0].pk != cases[1].pk
    assert [case.report_count for case in cases] == [1, 1]
    assert Referral.objects.filter(case_id__in=[case.pk for case in cases]).count() == 2


@pytest.mark.parametrize("how", ["said", "stopped", "merged", "split"])
def test_no_word_of_a_withdrawn_report_is_left(desk: Desk, how: str) -> None:
    ana = desk.cast["ana"].actor
    if how == "said":
        case = desk.case(f"the blue house with the {MARK} gate by the sea", **SAID)
    else:
        case = desk.case(text="Somebody else.")
        other = desk.case(f"{desk.world.gallery_url}?page=2") if how == "merged" else case
        desk.report(desk.world.gallery_url, kind="danger", **SAID)
        desk.work()
    mine = desk.reports[-1]
    add_to_report(mine, text=f"More {WORDS}.", form_key=new_form_key())
    desk.work()
    if how == "stopped":
        desk.assess(case)
        desk.act(case)
        withdraw(case.pk)
    elif how == "merged":
        merging.merge(case.pk, other.pk, reason="The same.", actor=ana)
    elif how == "split":
        services.claim_case(case.pk, actor=ana)  # which ends the page
        reference = splitting.split(case.pk, mine, reason="Another child.", actor=ana)
        own = Case.objects.get(reference=reference)
        assert (own.urgent, own.urgent_since is not None) == (True, True)
        assert Referral.objects.filter(case_id=own.pk).exists(), "the police hear of this child, too"
        assert PagedReport.objects.filter(report_id=mine, taken_at=None, page__closed_at=None).exists()
    answers = answered_with_quotes(desk)
    assert (not answers) == (how == "said"), "one of a danger is told to the police"
    assert all(WORDS in answer.text for answer in answers)
    assert not set(kept(WORDS)), "they are sealed, wherever they are"
    withdraw_report(mine)
    desk.work()
    assert not set(kept())
    for answer in answers:
        answer.refresh_from_db()
        assert WORDS not in answer.text
        assert "We have got it." in answer.text, "what the police say stays"
    case.refresh_from_db()
    if how == "said":
        assert case.state == "closed"
    client = desk.signed_in("ana")
    for one in Case.objects.all():
        assert client.get(f"/desk/case/{one.reference}").status_code == 200


def mail_about(desk: Desk, *lines: str, to: str, subject: str = "") -> InboundMail:
    """A mail of the police that answers a letter of ours, or nothing."""
    mail = EmailMessage()
    mail["From"], mail["Message-ID"], mail["Subject"] = (
        POLICE,
        f"<{InboundMail.objects.count()}@police.example>",
        subject,
    )
    if to:
        mail["In-Reply-To"] = to
    mail.set_content("\n".join(lines), cte="quoted-printable")
    return InboundMail.objects.get(pk=take_in(mail.as_bytes()))


def on_a_line(text: str) -> str:
    """Return what a letter or a quotation of one says, wherever its lines were broken: row numbers in it may have any length."""
    return " ".join(text.replace("\n> ", " ").split())


def letter_with(desk: Desk, words: str) -> Received:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        send_all(desk)
        if found := [mail for mail in desk.mails() if words in on_a_line(mail.text)]:
            letter: Received = found[-1]
            return letter
        time.sleep(0.1)
    raise AssertionError(words)


def quoted(letter: Received) -> list[str]:
    return [f"> {line}" for line in letter.text.splitlines()]


BOAT, HOUSE = f"The red boat of {WORDS} left at nine.", "The green house by the wall is hers."


def test_words_of_others_stay_where_one_report_is_taken_back(desk: Desk) -> None:
    case = desk.case(text=BOAT, kind="danger", password="house", under_18=True)
    desk.report(desk.world.gallery_url, kind="danger", text=HOUSE)
    desk.work()
    letter = letter_with(desk, HOUSE)
    to = letter.message["Message-ID"]
    answer = mail_about(desk, "We ask:", *quoted(letter), to=to, subject=f"Re: {BOAT}")
    own = "Another matter: he was arrested at his house. Under 18 in the house: two."
    other = mail_about(desk, own, f"You wrote “{BOAT}”", to="")
    withdraw_report(desk.reports[0])
    desk.work()
    for mail in (answer, other):
        mail.refresh_from_db()
    assert WORDS not in answer.text + answer.subject + other.text
    assert HOUSE in on_a_line(answer.text), "nobody took this back"
    assert desk.world.gallery_url in answer.text.replace("\n> ", ""), "nor the address"
    assert "Password of the page or file: house" not in answer.text
    assert other.text == f"{own}\nYou wrote “{LEFT_OUT}.”\n".strip()
    assert any(HOUSE in line for line in kept_brief.kept(NoticeCase.objects.get(case_id=case.pk)).reporter_texts)


@pytest.mark.parametrize("how", ["split", "shortened", "other letter"])
def test_words_that_no_letter_holds_any_more_are_found_in_mail(desk: Desk, how: str) -> None:
    ana, long = desk.cast["ana"].actor, " ".join(f"word{number} boat" for number in range(500))
    text = f"{long}. {BOAT}" if how == "shortened" else BOAT
    case = desk.case(text="Somebody else.", kind="danger")
    desk.report(desk.world.gallery_url, kind="danger", text=text)
    desk.work()
    mine, letter = desk.reports[-1], letter_with(desk, WORDS)
    to = letter.message["Message-ID"]
    if how == "other letter":
        desk.case(f"{desk.world.gallery_url}?page=2", text="Another matter.", kind="danger")
        to = letter_with(desk, "Another matter.").message["Message-ID"]
    mail = mail_about(desk, "We have got it.", *quoted(letter), to=to)
    assert WORDS in mail.text
    if how == "split":
        services.claim_case(case.pk, actor=ana)
        splitting.split(case.pk, mine, reason="Another child.", actor=ana)
        desk.work()
        desk.report(desk.world.gallery_url, kind="danger", text="A third.")
    elif how == "shortened":
        Case.objects.filter(pk=case.pk).update(urgent=False)
        desk.report(desk.world.gallery_url, text="A third.")
        desk.work()
        case.refresh_from_db()
        desk.assess(case)
        desk.act(case)
        texts = kept_brief.kept(NoticeCase.objects.get(case_id=case.pk)).reporter_texts
        assert WORDS not in "".join(texts)
    desk.work()
    withdraw_report(mine)
    desk.work()
    mail.refresh_from_db()
    assert WORDS not in mail.text
    assert "word499" not in mail.text
    assert mail.text.startswith("We have got it.")
    assert not set(kept(WORDS))


def test_what_an_older_version_kept_is_found_too(desk: Desk) -> None:
    case = desk.case(text=BOAT, kind="danger")
    desk.report(desk.world.gallery_url, kind="danger", text=HOUSE)
    desk.work()
    letter, notice_case = letter_with(desk, HOUSE), NoticeCase.objects.get(case_id=case.pk)
    notice_case.reporter_texts = json.dumps(kept_brief.kept(notice_case).reporter_texts)
    notice_case.save()
    mail = mail_about(desk, *quoted(letter), to=letter.message["Message-ID"])
    withdraw_report(desk.reports[0])
    desk.work()
    mail.refresh_from_db()
    assert WORDS not in mail.text
    assert HOUSE in on_a_line(mail.text)


def test_how_a_page_is_reached_stays_known_where_somebody_else_says_it_too(desk: Desk) -> None:
    case = desk.first(password="open", text="Somebody.")
    desk.report(desk.world.gallery_url, kind="page", password="open", referrer=f"http://{MARK}.example/")
    desk.work()
    withdraw_report(desk.reports[-1])
    desk.work()
    assert Location.objects.get(pk=case.location_id).access == {"password": "open"}


def test_acting_anew_with_the_same_words_leaves_them_as_they_are_for_older_backups(desk: Desk) -> None:
    def stored() -> str:
        return str(NoticeCase.objects.values_list("reporter_texts", flat=True).get(case_id=case.pk).raw)

    case = desk.case(kind="danger", **SAID)
    before = stored()
    desk.assess(case)
    desk.act(case)
    assert stored() == before, "under the same key"
    desk.report(desk.world.gallery_url, kind="danger", text="Somebody else.")
    desk.work()
    assert stored() != before


def test_what_comes_back_with_rows_of_a_hotline_is_forgotten_again(desk: Desk, tmp_path: Path) -> None:
    case = desk.case(text=BOAT, kind="danger", password=f"{WORDS}1")
    letter = letter_with(desk, WORDS)
    mail = mail_about(desk, "We have got it.", *quoted(letter), to=letter.message["Message-ID"])
    raw, letters = written(desk.cast, tmp_path), len(desk.mails())
    withdraw_report(desk.reports[0])
    desk.work()
    lose_notices(desk.cast)
    rows = InboundMail.objects.all()
    rows._raw_delete(rows.db)
    with scopes_disabled():
        put_back(raw, now=datetime.now(UTC))
    mail.refresh_from_db()
    assert WORDS in mail.text, "it came back"
    assert WORDS in "".join(kept_brief.kept(NoticeCase.objects.get(case_id=case.pk)).reporter_texts)
    desk.work()
    mail.refresh_from_db()
    assert WORDS not in mail.text
    assert mail.text.startswith("We have got it.")
    assert WORDS not in "".join(kept_brief.kept(NoticeCase.objects.get(case_id=case.pk)).reporter_texts)
    assert not set(kept(WORDS))
    assert len(desk.mails()) == letters, "nobody is told anything by that"
