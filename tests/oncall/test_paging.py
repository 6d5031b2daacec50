"""An urgent report pages people, in rounds, until one of them acknowledges."""

from datetime import timedelta

import pytest
from django.test import Client

from leeward.audit.models import AuditRow
from leeward.audit.services import hotline_transaction
from leeward.demo.world.smtp import EVERYBODY
from leeward.jobs.models import Job
from leeward.oncall import queries, services
from leeward.oncall.models import Acknowledgement, Page, PagedReport, PageMessage
from leeward.oncall.queries.pages import pages_to_show, rows_of
from leeward.oncall.services.calling import advance
from leeward.people.models import RoleGrant, User
from leeward.people.queries import portals_of
from leeward.web_security.keys import new_form_key
from tests.oncall.conftest import NIGHT, Night
from tests.personas import add_person

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
TEN = 10 * MINUTE
HERE = {"ana", "bela", "carl", "adam", "pia"}  # not Otto, who only reads the log


def log(event: str) -> int:
    return int(AuditRow.objects.filter(event=event).count())


@pytest.mark.parametrize(
    ("kind", "told", "pages"),
    [
        ("danger", {}, True),
        ("contact", {}, True),
        ("me", {"threat": "yes"}, True),
        ("me", {"threat": "no", "under_18": True}, False),
        ("page", {"under_18": True}, False),
        ("page", {"is_marked": True, "marked_because": "the school called"}, True),
    ],
)
def test_urgent_kinds_page_somebody_at_once_and_others_nobody(night: Night, kind, told, pages) -> None:
    night.report(kind, **told)
    night.work()
    assert night.counts() == ({"carl": 1} if pages else {}), "nobody is on the list: the supervisor is"
    if pages:
        mail = night.mails()["carl"][0]
        assert mail.message["Subject"] == "URGENT: 1 report for Jamaica"
        assert "[message withheld]" not in mail.text
        assert "the school called" not in mail.text


def test_a_report_that_becomes_urgent_by_a_second_sending_pages_once(night: Night) -> None:
    key = new_form_key()
    night.report("page", form_key=key)
    night.work()
    assert night.counts() == {}
    for _ in range(2):
        night.report("danger", form_key=key)
        night.work()
    assert night.counts() == {"carl": 1}


def test_a_report_that_the_police_could_not_be_told_of_is_counted_once(night: Night) -> None:
    number = night.report()
    night.work()
    with hotline_transaction():
        services.call_untold(number)
    night.work(TEN)
    mail = night.mails()["carl"][-1]
    assert mail.message["Subject"] == "URGENT: 1 report for Jamaica"
    assert mail.text.count(f"Report {number}:") == 1
    assert "A child is in danger now; The police could not be told of it" in " ".join(mail.text.split())
    page = Client().get(night.link("carl")).content.decode()
    assert page.count(f"Report {number}") == 1
    assert "One report" in page
    adam = night.cast["adam"]
    [row] = rows_of(pages_to_show(), portals_of(adam.actor.hotline_id or 0), {})
    assert row.count == 1


def test_who_is_on_call_comes_first_then_it_widens_every_ten_minutes(night: Night) -> None:
    services.put_on_call(night.cast.portal_id, night.cast["ana"].account_id, actor=night.cast["carl"].actor)
    night.report()
    night.work()
    assert night.counts() == {"ana": 1}
    night.work(TEN - timedelta(seconds=1))
    assert night.counts() == {"ana": 1}
    night.work(timedelta(seconds=1))
    assert night.counts() == {"ana": 2, "carl": 1}
    night.work(TEN)
    assert set(night.counts()) == HERE
    night.work(TEN)
    assert night.counts() == dict.fromkeys(HERE, 2) | {"ana": 4, "carl": 3}
    night.press("bela")
    night.work(TEN)
    night.work(TEN)
    assert night.counts()["ana"] == 4, "somebody has it"
    page = Page.objects.get()
    assert (page.how, page.closed_by_id, page.rounds) == ("link", night.cast["bela"].account_id, 4)
    assert [log(event) for event in ("page.opened", "page.round_begun", "page.sent", "page.acknowledged")] == [
        1,
        4,
        13,
        1,
    ]
    facts = AuditRow.objects.get(event="page.acknowledged").facts
    assert '"seconds":1800' in str(facts).replace(" ", "").replace("'", '"')


def test_whoever_is_on_leave_is_asked_last_and_whoever_left_never(night: Night) -> None:
    User.objects.filter(pk=night.cast["carl"].account_id).update(away_until=(night.now + timedelta(days=9)).date())
    User.objects.filter(pk=night.cast["ana"].account_id).update(is_active=False)
    night.report()
    night.work()
    assert set(night.counts()) == HERE - {"carl", "ana"}, "no supervisor is here: all staff"
    night.work(TEN)
    assert set(night.counts()) == HERE - {"ana"}


def test_a_link_shows_number_kind_and_time_and_only_its_button_acts(night: Night) -> None:
    number = night.report(password="open", referrer="http://b.example/")
    night.work()
    guest = Client()
    for method in (guest.get, guest.head):
        assert method(night.link("carl")).status_code == 200
    shown = guest.get(night.link("carl"))
    text = shown.content.decode()
    assert f"Report {number}" in text
    assert "A child is in danger now" in text
    assert "24 November 2026, 03:00" in text
    assert "[message withheld]" not in text
    assert "b.example" not in text
    assert "Carl" not in text
    assert shown.headers["Cache-Control"] == "no-store"
    assert not shown.cookies
    assert Page.objects.get().closed_at is None, "opening is not acknowledging"
    assert night.press("carl", guest).status_code == 303
    assert "You have acknowledged it" in guest.get(night.link("carl")).content.decode()
    for _ in range(2):
        guest.post(night.link("carl"), {"upto": "0"})
    assert Acknowledgement.objects.count() == 1, "each person once"
    assert log("page.acknowledged") == 1
    night.work(TEN)
    assert night.counts() == {"carl": 1}


def test_a_link_is_for_one_night_and_a_forged_one_for_none(night: Night) -> None:
    night.report()
    night.work()
    link = night.link("carl")
    night.clock.move_to(night.now + timedelta(hours=24))
    late = Client().get(link)
    assert late.status_code == 410
    assert "in danger" not in late.content.decode()
    assert Client().post(link, {"upto": "9"}).status_code == 410
    assert Page.objects.get().closed_at is None
    assert Client().get(link[:-1] + ("a" if link[-1] != "a" else "b")).status_code == 404
    assert {Client().get(f"/page/{number}-{'a' * 26}").status_code for number in range(40)} == {404, 429}
    night.clock.move_to(night.now)
    assert Client().get(link).status_code == 200, "a right link always opens"


def test_a_closed_account_acknowledges_nothing(night: Night) -> None:
    night.report()
    night.work()
    User.objects.filter(pk=night.cast["carl"].account_id).update(is_active=False)
    assert night.press("carl").status_code == 403
    assert Page.objects.get().closed_at is None


def test_thirty_at_once_are_one_page_that_grows_and_none_is_lost(night: Night) -> None:
    first = night.report()
    night.work()
    rest = [night.report() for _ in range(29)]
    night.work()
    assert night.counts() == {"carl": 1}
    assert "30 reports" in Client().get(night.link("carl")).content.decode()
    night.work(TEN)
    assert night.mails()["carl"][1].message["Subject"] == "URGENT: 30 reports for Jamaica"
    night.press("carl")
    assert list(PagedReport.objects.order_by("report_id").values_list("report_id", flat=True)) == [first, *rest]
    assert not PagedReport.objects.filter(taken_at__isnull=True).exists()
    night.report()
    night.work()
    assert Page.objects.count() == 2, "the next one pages anew"
    assert night.counts()["carl"] == 3


def test_a_report_that_joins_an_open_page_is_told_within_a_minute_and_at_most_once_a_minute(night: Night) -> None:
    services.put_on_call(night.cast.portal_id, night.cast["ana"].account_id, actor=night.cast["carl"].actor)
    night.report()
    night.work()
    night.work(5 * MINUTE)
    assert night.counts() == {"ana": 1}, "nothing new: it waits for an answer"
    night.report("contact")
    night.work()
    assert night.mails()["ana"][-1].message["Subject"] == "URGENT: 2 reports for Jamaica"
    for _ in range(3):
        night.work(timedelta(seconds=10))
        night.report()
        night.work()
    assert night.counts()["ana"] == 2
    night.work(timedelta(seconds=30))
    assert night.counts()["ana"] == 3
    assert night.mails()["ana"][-1].message["Subject"] == "URGENT: 5 reports for Jamaica"
    night.work(5 * MINUTE)
    assert night.counts()["ana"] == 3


def test_where_no_message_ever_left_it_reaches_nobody_and_has_not_gone_out(night: Night) -> None:
    night.post.defer(EVERYBODY, times=10_000)
    night.report()
    night.work()
    for _ in range(18):
        night.work(timedelta(seconds=20))
        if night.now - NIGHT > MINUTE:
            assert [one.code for one in queries.alarms(night.cast.hotline_id)] == ["page_reaches_nobody"]
    night.post.accept_again(EVERYBODY)
    night.work(MINUTE)
    assert night.counts()
    assert queries.alarms(night.cast.hotline_id) == []


def test_what_came_after_the_page_was_opened_is_paged_anew(night: Night) -> None:
    seen = night.report()
    night.work()
    shown = Client().get(night.link("carl")).content.decode()
    unseen = night.report("contact")
    night.work()
    upto = str(PagedReport.objects.get(report_id=seen).pk)
    assert f'value="{upto}"' in shown
    Client().post(night.link("carl"), {"upto": upto})
    night.work()
    first, second = Page.objects.order_by("pk")
    assert first.closed_at
    assert not second.closed_at
    assert [row.report_id for row in second.reports.all()] == [unseen]
    assert night.counts() == {"carl": 2}


def test_taking_the_last_case_ends_a_page_and_taking_one_of_two_does_not(night: Night) -> None:
    one, two = night.report(), night.report()
    night.work()
    services.take_over([one], actor=night.cast["ana"].actor)
    night.work(TEN)
    assert night.counts()["carl"] == 2
    services.take_over([two], actor=night.cast["ana"].actor)
    night.work(TEN)
    assert night.counts()["carl"] == 2
    assert Page.objects.get().how == "case"
    assert queries.paging_of([one, two])[two].taken_by == "Ana"


@pytest.mark.parametrize("how", ["link", "case", "patient"])
def test_an_account_made_for_it_silences_no_page(night: Night, how: str) -> None:
    """An administrator, who may read no case, makes an account that may, and puts it on call alone."""
    made_at = NIGHT - (timedelta(days=3) if how == "patient" else timedelta(hours=2))
    pip = add_person("pip", ["analyst"], night.cast.hotline_id, made_at=made_at)
    User.objects.filter(pk=pip.account_id).update(made_by=night.cast["adam"].account_id)
    services.put_on_call(night.cast.portal_id, pip.account_id, actor=night.cast["adam"].actor)
    report = night.report()
    night.work()
    assert night.counts() == {"pip": 1}
    if how == "link":
        night.press("pip")
        assert "Accounts that are new" in Client().get(night.link("pip")).content.decode()
    else:
        services.take_over([report], actor=pip.actor)
    assert log("page.seen") == 1
    night.work(TEN)
    assert night.counts() == {"pip": 2, "carl": 1}, "others are told as if nobody had seen it"
    services.take_over([report], actor=night.cast["ana"].actor)
    night.work(TEN)
    assert night.counts()["carl"] == 1
    assert Page.objects.get().closed_by_id == night.cast["ana"].account_id


def test_where_everybody_is_as_new_taking_a_case_ends_its_page(night: Night) -> None:
    RoleGrant.objects.update(given_at=NIGHT)
    report = night.report()
    night.work()
    services.take_over([report], actor=night.cast["ana"].actor)
    assert Page.objects.get().how == "case"


def test_running_everything_twice_doubles_nothing(night: Night) -> None:
    report = night.report()
    for _ in range(3):
        services.call_for_report(report)
    page = Page.objects.get()
    for _ in range(3):
        advance(page.pk)
    for message in PageMessage.objects.all():
        for _ in range(3):
            services.send(message.pk)
    night.work()
    night.work(repeating=True)
    assert night.counts() == {"carl": 1}
    assert (Page.objects.count(), PagedReport.objects.count(), PageMessage.objects.count()) == (1, 1, 1)


def test_what_may_have_gone_when_the_machine_stopped_is_not_sent_again_and_others_are_called(night: Night) -> None:
    night.report()
    night.work()
    PageMessage.objects.update(state="sending", sending_since=night.now, sent_at=None)
    message = PageMessage.objects.get()
    assert services.send(message.pk) == night.now + timedelta(minutes=5)
    night.work(MINUTE)
    assert set(night.counts()) == HERE, "nobody knows whether it arrived: the round after comes at once"
    night.clock.move_to(night.now + timedelta(minutes=5))
    services.send(message.pk)
    message.refresh_from_db()
    assert message.state == "unsure"


def test_mail_that_is_refused_widens_within_minutes_and_what_is_put_off_goes_when_it_can(night: Night) -> None:
    night.post.refuse("carl@staff.example")
    night.report()
    night.work()
    assert night.counts() == {}
    assert [one.code for one in queries.alarms(night.cast.hotline_id)] == ["page_reaches_nobody"]
    night.work(MINUTE)
    assert set(night.counts()) == HERE - {"carl"}
    assert queries.alarms(night.cast.hotline_id) == []

    night.post.defer("carl@staff.example", times=1)
    night.press("ana")
    night.post.accept_again("carl@staff.example")
    night.post.defer("carl@staff.example", times=2)
    night.report()
    night.work()
    assert "carl" not in night.counts()
    night.work(timedelta(seconds=5))
    night.work(timedelta(seconds=10))
    assert night.counts()["carl"] == 1


def test_a_clock_that_is_put_back_costs_a_second_page_and_never_silence(night: Night) -> None:
    night.report()
    night.work()
    night.work(-timedelta(days=1), repeating=True)
    assert set(night.counts()) == HERE


@pytest.mark.slow
def test_a_lost_or_given_up_job_is_asked_for_again(night: Night) -> None:
    night.report()
    Job.objects.update(dead=True)
    night.work(repeating=True)
    assert night.counts() == {"carl": 1}
    Job.objects.filter(kind="oncall.page").delete()
    night.work(TEN, repeating=True)
    assert set(night.counts()) == HERE


def test_nobody_who_can_be_written_to_is_an_alarm_and_heals(night: Night) -> None:
    port = night.post.port
    night.configure(smtp_host="")
    assert {one.code for one in queries.alarms()} == {"no_mail_server"}
    night.report()
    night.work()
    assert {"no_mail_server", "page_reaches_nobody"} == {one.code for one in queries.alarms(night.cast.hotline_id)}
    for _ in range(30):
        night.work(MINUTE)
    assert log("page.found_nobody") == 1
    night.configure(smtp_host="127.0.0.1", smtp_port=port)
    night.work(TEN)
    assert night.counts()
    assert [one.code for one in queries.alarms(night.cast.hotline_id)] == []


def test_a_page_that_nobody_answers_becomes_an_alarm(night: Night) -> None:
    night.report()
    night.work()
    night.work(TEN)
    assert queries.alarms(night.cast.hotline_id) == []
    night.work(TEN)
    assert [one.code for one in queries.alarms(night.cast.hotline_id)] == ["page_unanswered"]
    night.press("carl")
    assert queries.alarms(night.cast.hotline_id) == []
