"""A letter that waits goes without the words of a report that was taken back, also before the worker has come to that."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope

from leeward.casework import services
from leeward.casework.merging.models import Merging
from leeward.casework.merging.services import merging, splitting
from leeward.casework.models import Case
from leeward.demo.world import smtp
from leeward.demo.world.smtp import Received
from leeward.hosting.models import Location
from leeward.intake.services import add_to_report, withdraw_report
from leeward.jobs.models import Job
from leeward.jobs.worker import claim, run_claimed
from leeward.notices.models import Message, NoticeCase
from leeward.notices.rules.briefs import read
from leeward.notices.services.delivery import deliver
from leeward.notices.writing.kept_brief import texts_of
from leeward.sealing import keys
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import Desk
from tests.casework.queue.test_words_locked import locked, opened

pytestmark = pytest.mark.django_db(transaction=True)
OTHERS, BOAT = "Somebody else is here.", "The red boat left at nine."


def until_one_waits(desk: Desk) -> Message:
    """Let the worker go on until a letter waits to be sent."""
    while (found := Message.objects.filter(state="waiting").first()) is None:
        job = claim(datetime.now(UTC), "here")
        assert job is not None
        run_claimed(job, datetime.now(UTC), "here")
    return found


def send(message: Message) -> None:
    """Send it now, and not once a second has passed in which more may come in."""
    Message.objects.filter(pk=message.pk).update(next_at=datetime.now(UTC))
    deliver(message.pk)


def whole(letter: Received) -> str:
    """All that the police read, also in what is attached."""
    parts = [part.get_payload(decode=True) for part in letter.message.walk() if not part.is_multipart()]
    return b"\n".join(part for part in parts if isinstance(part, bytes)).decode()


@pytest.fixture(name="waiting")
def _waiting(desk: Desk) -> Message:
    """A letter about two reports, which nobody has tried to send."""
    keys.public()
    desk.report(desk.world.gallery_url, text=OTHERS, kind="danger")
    desk.report(desk.world.gallery_url, text=BOAT, kind="danger", password="boat house")
    waiting = until_one_waits(desk)
    Job.objects.filter(kind="notices.deliver").delete()
    desk.work()
    return waiting


def test_a_letter_is_sent_before_the_worker_has_come_to_what_was_taken_back(desk: Desk, waiting: Message) -> None:
    withdraw_report(desk.reports[1])
    assert Job.objects.filter(kind="casework.report_withdrawn", urgent=True).exists(), "it goes before ordinary work"
    send(waiting)
    (letter,) = desk.mails()
    assert OTHERS in letter.text
    assert "boat" not in whole(letter)
    desk.work()
    assert len(desk.mails()) == 1


def test_a_report_is_taken_back_while_its_letter_is_handed_over(desk: Desk, waiting: Message, monkeypatch: Any) -> None:
    answer = smtp._Handler.handle_RCPT

    def withdraw() -> None:
        with scope(hotline=desk.cast.hotline_id):
            withdraw_report(desk.reports[1])
        connection.close()

    async def meanwhile(*told: Any) -> str:
        await asyncio.to_thread(withdraw)
        return await answer(*told)

    monkeypatch.setattr(smtp._Handler, "handle_RCPT", meanwhile)
    send(waiting)
    (letter,) = desk.mails()
    assert OTHERS in letter.text
    assert "boat" not in whole(letter)


def test_what_is_taken_back_without_a_key_is_in_no_letter_once_there_is_one(
    desk: Desk, waiting: Message, monkeypatch: Any
) -> None:
    with locked(monkeypatch):
        withdraw_report(desk.reports[1])
        desk.work()
    send(waiting)
    (letter,) = desk.mails()
    assert "boat" not in whole(letter)
    opened(desk)
    assert not Job.objects.filter(dead=True).exists()


# An emoji that Python doesn't know yet and a letter for private use, which our letters leave out.
HOUSES = [f"the blue house {one}with the gate by the sea" for one in ("", "\U0001fac8 ", "\ue000 ", "https://x ")]


@pytest.mark.parametrize("is_older", [False, True])
@pytest.mark.parametrize("place", HOUSES)
def test_a_place_that_only_these_words_name_isnt_told_either(desk: Desk, place: str, *, is_older: bool) -> None:
    keys.public()
    desk.report(place, text=BOAT, kind="danger")
    waiting = until_one_waits(desk)
    if is_older:
        forget_who_named_it()
    withdraw_report(desk.reports[0])
    send(waiting)
    (letter,) = desk.mails()
    assert not any(word in whole(letter) for word in ("boat", "blue house"))


def forget_who_named_it() -> None:
    """Let the briefs be as an older version kept them."""
    for notice_case in NoticeCase.objects.all():
        del notice_case.brief["named_by"]
        notice_case.save()


@pytest.fixture(autouse=True)
def no_job_is_given_up() -> Iterator[None]:
    yield
    assert not Job.objects.filter(dead=True).exists()


@pytest.mark.parametrize("text", ["I saw it when I was at kidsroom77.", BOAT])
def test_the_place_of_a_report_stays_though_another_that_names_it_was_taken_back(desk: Desk, text: str) -> None:
    keys.public()
    desk.report("kidsroom77", text=OTHERS, kind="danger")
    desk.report("kidsroom77" if text == BOAT else desk.world.gallery_url, text=text, kind="danger")
    let_nothing_be_sent(desk)
    first, second = Case.objects.order_by("pk")
    merging.merge(second.pk, first.pk, reason="The same.", actor=desk.cast["ana"].actor)
    let_nothing_be_sent(desk)
    add_to_report(desk.reports[0], text="He is coming back tonight.", form_key=new_form_key())
    let_nothing_be_sent(desk)
    withdraw_report(desk.reports[1])
    for message in Message.objects.filter(state="waiting", kind__in=["referral", "forward"]).order_by("pk"):
        send(message)
    ours = [whole(letter) for letter in desk.mails() if OTHERS in whole(letter)]
    assert ours
    assert all("kidsroom77" in letter for letter in ours), "a child is looked for by it"


DOOR = "http://door.example/"


@pytest.mark.parametrize("how", ["split, then merged", "merged, then split", "merged, then undone"])
def test_no_case_that_ever_had_a_report_keeps_its_words(desk: Desk, how: str) -> None:
    keys.public()
    url, is_split_first = desk.world.gallery_url, how == "split, then merged"
    desk.report(url, text=OTHERS, kind="danger", referrer=DOOR)
    own = url if is_split_first else f"{url}?page=2"
    if not is_split_first:
        desk.report(own, text="He hides the key.", kind="danger", referrer=DOOR)
    mine = desk.report(own, text=BOAT, kind="danger", password="boat house")
    let_nothing_be_sent(desk)
    go_through(desk, how, mine)
    withdraw_report(mine)
    let_nothing_be_sent(desk)
    assert not Job.objects.filter(kind="casework.report_withdrawn").exists(), "it is done"
    kept = {one.case_id: texts_of(one) for one in NoticeCase.objects.all()}
    assert not any("boat" in str(texts) for texts in kept.values())
    access = [place.access for place in Location.objects.order_by("pk") if place.display.startswith(url)]
    assert not any("boat" in str(one) for one in access)
    assert {"referrer": DOOR} in access, "somebody else came from there, too"
    for message in Message.objects.filter(state="waiting", kind__in=["referral", "forward"]).order_by("pk"):
        send(message)
    letters = [whole(letter) for letter in desk.mails()]
    assert not any("boat" in letter for letter in letters)
    assert any(OTHERS in letter for letter in letters)
    assert is_split_first or any("hides the key" in letter for letter in letters), "nobody took this back"


def go_through(desk: Desk, how: str, report_id: int) -> None:
    """Take a report through two merges or splits, or a merge and its undoing, each told to the police by letters that wait."""
    ana, cases = desk.cast["ana"].actor, list(Case.objects.order_by("pk"))
    if how == "merged, then undone":
        number = merging.merge(cases[1].pk, cases[0].pk, reason="The same.", actor=ana)
        let_nothing_be_sent(desk)
        add_to_report(desk.reports[0], text="He is coming back tonight.", form_key=new_form_key())
        let_nothing_be_sent(desk)
        splitting.undo_merging(number, actor=ana)
        let_nothing_be_sent(desk)
        return
    if how == "merged, then split":
        merging.merge(cases[1].pk, cases[0].pk, reason="The same.", actor=ana)
        let_nothing_be_sent(desk)
    services.claim_case(cases[0].pk, actor=ana)
    split_off = splitting.split(cases[0].pk, report_id, reason="Another child.", actor=ana)
    let_nothing_be_sent(desk)
    if how == "split, then merged":
        desk.report(f"{desk.world.gallery_url}?page=3", text="A third.", kind="danger")
        let_nothing_be_sent(desk)
        into = Case.objects.latest("pk")
        merging.merge(Case.objects.get(reference=split_off).pk, into.pk, reason="The same.", actor=ana)
        let_nothing_be_sent(desk)


@pytest.mark.parametrize("place", HOUSES)
def test_a_merged_case_whose_place_only_these_words_name_keeps_none(desk: Desk, place: str) -> None:
    keys.public()
    desk.report(desk.world.gallery_url, text=OTHERS, kind="danger")
    desk.report(place, text=BOAT, kind="danger")
    let_nothing_be_sent(desk)
    first, second = Case.objects.order_by("pk")
    merging.merge(second.pk, first.pk, reason="The same.", actor=desk.cast["ana"].actor)
    let_nothing_be_sent(desk)
    withdraw_report(desk.reports[1])
    let_nothing_be_sent(desk)
    for message in Message.objects.filter(state="waiting", kind__in=["referral", "forward"]).order_by("pk"):
        send(message)
    letters = [whole(letter) for letter in desk.mails()]
    assert any(OTHERS in letter for letter in letters)
    assert not any(words in letter for letter in letters for words in ("boat", "blue house"))


def let_nothing_be_sent(desk: Desk) -> None:
    """Let the worker do all but send."""
    while (job := claim(datetime.now(UTC), "here")) is not None:
        if job.kind == "notices.deliver":
            Job.objects.filter(pk=job.pk).delete()
        else:
            run_claimed(job, datetime.now(UTC), "here")


@pytest.mark.parametrize("how", ["withdraw", "add"])
@pytest.mark.parametrize("deferred", [False, True])
def test_nobody_keeps_a_letter_back_by_changing_something_all_the_time(
    desk: Desk, waiting: Message, monkeypatch: Any, how: str, *, deferred: bool
) -> None:
    for number in range(8):
        desk.report(desk.world.gallery_url, text=f"Boat number {number}.", kind="danger")
    let_nothing_be_sent(desk)
    answer, claimed = smtp._Handler.handle_RCPT, list[bool]()

    def change() -> None:
        with scope(hotline=desk.cast.hotline_id):
            claimed.append(Message.objects.get(pk=waiting.pk).state == "sending")
            if how == "withdraw":
                withdraw_report(desk.reports[min(1 + len(claimed), 9)])
            else:
                add_to_report(desk.reports[0], text="More about it.", form_key=new_form_key())
                let_nothing_be_sent(desk)
        connection.close()

    async def meanwhile(*told: Any) -> str:
        await asyncio.to_thread(change)
        return "451 4.3.0 Come again" if deferred and any(claimed) else await answer(*told)

    monkeypatch.setattr(smtp._Handler, "handle_RCPT", meanwhile)
    send(waiting)
    waiting.refresh_from_db()
    assert (waiting.state, len(desk.mails())) == (("failed", 0) if deferred else ("sent", 1))
    assert claimed.index(True) >= 4, "a few times it is worded anew"


@pytest.fixture
def beside_a_quiet_one(desk: Desk) -> Message:
    """A letter about the place of an ordinary report that the police hear nothing of, and about two urgent ones that were merged
    into its case, of which the second mentions that place."""
    keys.public()
    desk.report("kidsroom77", text="An ordinary report.", kind="page")
    desk.report(desk.world.gallery_url, text=OTHERS, kind="danger")
    desk.report(desk.world.gallery_url, text="I saw it when I was at kidsroom77.", kind="danger")
    let_nothing_be_sent(desk)
    mine, other = Case.objects.order_by("report_count")
    merging.merge(other.pk, mine.pk, reason="The same.", actor=desk.cast["ana"].actor)
    let_nothing_be_sent(desk)
    add_to_report(desk.reports[1], text="He is coming back tonight.", form_key=new_form_key())
    let_nothing_be_sent(desk)
    return Message.objects.filter(state="waiting", kind__in=["referral", "forward"]).latest("pk")


@pytest.mark.parametrize("is_handled", [False, True])
def test_the_place_of_a_report_that_the_police_hear_nothing_of_stays_in_others_letter(
    desk: Desk, beside_a_quiet_one: Message, *, is_handled: bool
) -> None:
    withdraw_report(desk.reports[2])
    if is_handled:
        let_nothing_be_sent(desk)
    send(beside_a_quiet_one)
    (letter,) = desk.mails()
    assert "Address: kidsroom77" in whole(letter), "a child is looked for by it"
    assert "I was at" not in whole(letter)


def test_it_stays_at_its_case_where_the_merge_was_undone(desk: Desk, beside_a_quiet_one: Message) -> None:
    splitting.undo_merging(Merging.objects.get().pk, actor=desk.cast["ana"].actor)
    let_nothing_be_sent(desk)
    withdraw_report(desk.reports[2])
    let_nothing_be_sent(desk)
    assert "kidsroom77" in {read(one.brief).address for one in NoticeCase.objects.all()}, "nobody took it back"


@pytest.mark.parametrize("when", ["before", "while it is handed over", "twice"])
def test_it_goes_once_nobody_names_it_any_more(
    desk: Desk, beside_a_quiet_one: Message, monkeypatch: Any, when: str
) -> None:
    withdraw_report(desk.reports[2])
    if when == "twice":  # what was taken back before counts no more
        let_nothing_be_sent(desk)
    answer = smtp._Handler.handle_RCPT

    def withdraw() -> None:
        with scope(hotline=desk.cast.hotline_id):
            withdraw_report(desk.reports[0])
        connection.close()

    async def meanwhile(*told: Any) -> str:
        await asyncio.to_thread(withdraw)
        return await answer(*told)

    if when == "while it is handed over":
        monkeypatch.setattr(smtp._Handler, "handle_RCPT", meanwhile)
    else:
        withdraw()
    send(beside_a_quiet_one)
    (letter,) = desk.mails()
    assert "He is coming back" in whole(letter)
    assert "kidsroom77" not in whole(letter)
