"""An urgent message to the police: no failure of an older one keeps it back for longer than a minute."""

from datetime import timedelta
from typing import Any

import pytest

from leeward.demo.world.smtp import EVERYBODY
from leeward.jobs.worker import run_until_idle
from leeward.notices import services
from leeward.notices.models import Message, NoticeCase, Referral
from leeward.notices.queries import police_late, urgent_untold
from leeward.notices.services import referring
from leeward.notices.services.delivery import deliver
from leeward.people.models import Portal
from leeward.site.health import current_alarms
from tests.notices.conftest import POLICE, Office

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def pass_on(office: Office) -> None:
    services.forward_to_police(office.case(urgent=True, judged=""), more="urgent")


def work(office: Office, after: timedelta = timedelta(0)) -> None:
    office.reached += after
    office.clock.move_to(office.reached)
    run_until_idle(office.reached)


def carried(office: Office) -> str:
    return "".join(mail.text for mail in office.mails(POLICE))


def test_a_server_that_failed_for_hours_gets_what_is_urgent_within_a_minute(office: Office) -> None:
    office.post.defer(EVERYBODY, times=100)
    pass_on(office)
    for _ in range(12):
        work(office, MINUTE)
    assert Message.objects.get().attempts >= 12
    assert Message.objects.get().next_at - office.reached <= MINUTE
    office.post.accept_again(EVERYBODY)
    work(office, MINUTE)
    assert len(office.mails(POLICE)) == 1


@pytest.mark.parametrize("most", [200, 1])
def test_a_new_urgent_report_does_not_wait_for_a_message_that_backs_off(
    office: Office, monkeypatch: Any, most: int
) -> None:
    monkeypatch.setattr(referring, "MOST_IN_ONE", most)
    office.post.defer(EVERYBODY, times=1)
    pass_on(office)
    work(office)
    Message.objects.update(next_at=office.reached + timedelta(hours=4))
    pass_on(office)
    work(office)
    work(office, MINUTE)
    assert Referral.objects.filter(sent_at=None).count() == 0
    assert all(f"2026-000{number}" in carried(office) for number in (1, 2))


def test_full_messages_do_not_queue_up_behind_each_other(office: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr(referring, "MOST_IN_ONE", 2)
    for _ in range(9):
        pass_on(office)
    assert max(Message.objects.values_list("next_at", flat=True)) - office.reached <= MINUTE
    work(office)
    work(office, MINUTE)
    assert all(f"2026-000{number}" in carried(office) for number in range(1, 10))


def test_what_is_urgent_waits_a_minute_for_a_mail_server_to_be_set(office: Office, configure: Any) -> None:
    configure(smtp_host="")
    pass_on(office)
    work(office)
    configure(smtp_host="127.0.0.1")
    work(office, MINUTE)
    assert len(office.mails(POLICE)) == 1


def test_the_second_failed_try_counts_as_not_told_until_they_have_it(office: Office) -> None:
    office.post.defer(EVERYBODY, times=100)
    pass_on(office)
    work(office)
    assert urgent_untold(office.reached) == 0
    work(office, MINUTE)
    assert urgent_untold(office.reached) == 1
    pass_on(office)
    assert urgent_untold(office.reached) == 2, "it joins what fails"
    office.post.accept_again(EVERYBODY)
    work(office, MINUTE)
    assert urgent_untold(office.reached) == 0


@pytest.mark.parametrize("state", ["dead", "unsure"])
def test_what_a_person_has_to_decide_counts_as_not_told(office: Office, state: str) -> None:
    pass_on(office)
    Message.objects.update(state=state)
    assert urgent_untold(office.reached) == 1
    NoticeCase.objects.update(state="stopped")
    assert urgent_untold(office.reached) == 0


@pytest.mark.parametrize("state", ["waiting", "sending"])
def test_what_is_due_for_a_minute_counts_as_not_told(office: Office, state: str) -> None:
    pass_on(office)
    Message.objects.update(state=state)
    assert urgent_untold(office.reached + MINUTE - timedelta(seconds=1)) == 0
    assert urgent_untold(office.reached + MINUTE) == 1
    Message.objects.update(urgent=False)
    assert urgent_untold(office.reached + MINUTE) == 0


def test_without_a_mail_server_or_a_police_address_they_count_as_not_told_at_once(
    office: Office, configure: Any
) -> None:
    portals = Portal.objects.filter(pk=office.cast.portal_id)
    portals.update(police_email="")
    pass_on(office)
    services.forward_to_police(office.case(judged=""))
    assert urgent_untold(office.reached) == 1
    portals.update(police_email=POLICE)
    configure(smtp_host="")
    pass_on(office)
    assert urgent_untold(office.reached) == 2


def test_joining_a_message_does_not_send_it_sooner_however_fast_a_demonstration_runs(
    office: Office, configure: Any
) -> None:
    configure(pace=1000.0)
    for _ in range(30):
        pass_on(office)
    times = sorted(Message.objects.values_list("next_at", flat=True))
    assert [moment - office.reached for moment in times] == [timedelta(0), timedelta(seconds=1)]


@pytest.mark.parametrize("state", ["waiting", "sending"])
def test_a_clock_that_was_put_back_holds_no_urgent_message(office: Office, state: str) -> None:
    """Put back by two hours while it waits for its minute, or while a worker that died had it under way: it is dealt with."""
    pass_on(office)
    ahead, mine = office.reached + timedelta(hours=2), Message.objects.filter(pk=Message.objects.get().pk)
    mine.update(state=state, next_at=ahead, sending_since=ahead)
    assert deliver(mine.get().pk) is None
    assert mine.get().state == {"waiting": "sent", "sending": "unsure"}[state]
    mine.update(state="waiting", next_at=ahead, urgent=False)
    assert deliver(mine.get().pk) == ahead, "what is not urgent waits until then"


def test_an_ordinary_letter_that_is_deferred_for_hours_is_said(office: Office) -> None:
    office.post.defer(POLICE, times=1000)
    office.act(office.case())
    work(office)
    work(office, 4 * HOUR - MINUTE)
    assert police_late(office.reached) == 0
    work(office, MINUTE)
    assert (police_late(office.reached), urgent_untold(office.reached)) == (1, 0)
    assert "police_late" in {alarm.code for alarm in current_alarms(office.reached)}
    office.post.accept_again(POLICE)
    work(office, 4 * HOUR)
    assert len(office.mails(POLICE)) == 1
    assert police_late(office.reached) == 0


def test_a_letter_whose_message_was_lost_counts_as_not_told(office: Office, configure: Any) -> None:
    """Somebody deleted the row at the server's prompt: nothing will ever carry it."""
    configure(smtp_host="")
    pass_on(office)
    query = Message._base_manager.all()
    query._raw_delete(query.db)
    assert urgent_untold(office.reached + MINUTE) == 1
    assert urgent_untold(office.reached + 80 * 60 * MINUTE) == 1
    pass_on(office)
    assert urgent_untold(office.reached + MINUTE) == 2, "the other one is late, since there is no mail server"
