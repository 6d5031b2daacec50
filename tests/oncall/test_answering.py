"""What an answer is: by a reply with the code, for half an hour, by a partner; and what is seen of it afterwards."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.test import Client
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.clocks.services.ruling import set_on_call
from leeward.foundation.actor import Actor
from leeward.foundation.patterns import Pattern
from leeward.jobs.clockwatch import Jump, note
from leeward.jobs.models import Job
from leeward.notices.services.mail import take_in
from leeward.oncall import queries, services
from leeward.oncall.models import Page, PagedReport, PageMessage
from leeward.oncall.tasks import look_after_all
from leeward.people.models import User
from tests.oncall.conftest import Night
from tests.oncall.test_rotations import signed_in
from tests.personas import date_roles

pytestmark = pytest.mark.django_db
SERVER = Actor("command")  # staff change a partner or the number only two together
MINUTE = timedelta(minutes=1)
TEN, HALF_AN_HOUR = 10 * MINUTE, 30 * MINUTE
LINK = Pattern(r"/page/[0-9A-Za-z_.-]+")
CODE = Pattern(r"at the top: ([0-9]+-[a-z2-7]{10})")


def code(night: Night, who: str) -> str:
    """The code in the newest page to somebody."""
    found = CODE.search(" ".join(night.mails()[who][-1].text.split()))
    assert found
    return found[1]


def mail(sender: str, text: str, **headers: str) -> None:
    """A mail that reaches the hotline."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "desk@jm.example", "Re: URGENT"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made["Message-ID"] = f"<{abs(hash((sender, text, *headers)))}@there.example>"
    made.set_content(text)
    take_in(made.as_bytes())


def test_a_reply_with_the_code_acknowledges_and_one_from_a_stranger_does_not(night: Night) -> None:
    night.report()
    night.work()
    carl, right = night.cast["carl"].email, code(night, "carl")
    mail("Stranger <stranger@elsewhere.example>", right)
    mail(carl, f"I am asleep.\n> {right}")
    mail(carl, f"Away until Monday. {right}", Auto_Submitted="auto-replied")
    mail(carl, right[:-1] + ("a" if right[-1] != "a" else "b"))
    night.work()
    assert Page.objects.get().closed_at is None
    mail(f"Carl <{carl.upper()}>", f"Coming.\n{right}")
    night.work()
    page = Page.objects.get()
    assert (page.how, page.closed_by_id) == ("reply", night.cast["carl"].account_id)


def test_a_gateway_passes_a_reply_on_and_what_has_no_code_is_refused(night: Night) -> None:
    night.report()
    night.work()
    gateway = Client(enforce_csrf_checks=True)
    assert gateway.get("/page/reply").status_code == 405
    for sent in ({"status": "delivered", "id": "7"}, {"text": "ack"}, {}):
        assert gateway.post("/page/reply", sent).status_code == 404
    assert gateway.post("/page/reply", "[1]", content_type="application/json").status_code == 404
    for torn in ("{", "[" * 15_000):
        assert gateway.post("/page/reply", torn, content_type="application/json").status_code == 404
    assert Page.objects.get().closed_at is None, "a report of delivery is no answer"
    right = code(night, "carl")
    old = Client()
    night.now += timedelta(hours=25)
    night.clock.move_to(night.now)
    assert old.post("/page/reply", {"Body": right}).status_code == 404, "it is of yesterday"
    night.now -= timedelta(hours=25)
    night.clock.move_to(night.now)
    assert gateway.post("/page/reply", {"text": right.upper()}, content_type="application/json").status_code == 204
    assert Page.objects.get().how == "reply"


def test_an_answer_holds_for_half_an_hour_unless_somebody_takes_the_case(night: Night) -> None:
    night.report()
    night.work()
    night.press("carl")
    night.work(HALF_AN_HOUR - MINUTE)
    assert night.counts() == {"carl": 1}
    night.work(MINUTE)
    assert night.counts() == {"carl": 2}, "the others are paged anew as after any report"
    assert AuditRow.objects.filter(event="page.forgotten").count() == 1
    night.press("carl")
    reports = list(PagedReport.objects.values_list("report_id", flat=True).distinct())
    services.take_over(reports, actor=night.cast["carl"].actor)
    night.work(2 * HALF_AN_HOUR)
    assert night.counts() == {"carl": 2}
    assert queries.held_pages() == []


def test_a_lost_job_forgets_no_answer(night: Night) -> None:
    night.report()
    night.work()
    night.press("carl")
    Job.objects.all().delete()
    night.work(HALF_AN_HOUR)
    look_after_all()
    night.work()
    assert night.counts() == {"carl": 2}


def test_what_came_of_it_is_stated_at_the_desk(night: Night) -> None:
    night.report()
    night.work()
    night.press("carl")
    page, client = Page.objects.get(), signed_in(night.cast, "bela")
    assert "nobody has taken the case yet" in client.get("/desk/oncall").content.decode()
    assert client.post(f"/desk/oncall/page/{page.pk}/outcome", {"outcome": "no such"}).status_code == 400
    client.post(f"/desk/oncall/page/{page.pk}/outcome", {"outcome": "police"})
    assert "nobody has taken the case yet" not in client.get("/desk/oncall").content.decode()
    night.work(2 * HALF_AN_HOUR)
    assert night.counts() == {"carl": 1}
    assert '"outcome":"police"' in str(AuditRow.objects.get(event="page.settled").facts)


def test_a_reply_answers_for_no_report_that_its_page_may_not_have_named(night: Night) -> None:
    right, ahead = night.now, night.now + timedelta(hours=20)
    note(Jump(right, ahead), "here:0")
    night.report()
    night.work(ahead - right)
    first = code(night, "carl")
    note(Jump(ahead, right), "here:0")
    night.work(right - ahead)
    night.report()
    night.work(MINUTE)
    assert Page.objects.get().reports.count() == 2
    assert services.acknowledge_by_reply(first, sender=None)
    night.work(MINUTE)
    answered, rest = Page.objects.order_by("pk")
    assert (answered.closed_at is not None, rest.closed_at) == (True, None), "nobody has read of the second report"
    assert rest.reports.count() == 1
    assert services.acknowledge_by_reply(code(night, "carl"), sender=None)
    night.work(MINUTE)
    rest.refresh_from_db()
    assert rest.closed_at is not None


def test_what_is_stated_too_late_does_not_say_that_paging_is_over(night: Night) -> None:
    night.report()
    night.work()
    night.press("carl")
    night.work(HALF_AN_HOUR)
    old, open_one = Page.objects.order_by("pk")
    client = signed_in(night.cast, "bela")
    for page in (old, open_one):
        heard = client.post(f"/desk/oncall/page/{page.pk}/outcome", {"outcome": "police"}, follow=True).content.decode()
        assert "Nobody is paged about it again" not in heard
        assert "Paging goes on until" in heard
    night.work(2 * TEN)
    assert night.counts()["carl"] > 2


def test_two_who_answer_at_once_are_both_recorded_and_the_first_has_it(night: Night) -> None:
    for who in ("ana", "bela"):
        services.put_on_call(night.cast.portal_id, night.cast[who].account_id, actor=night.cast["carl"].actor)
    night.report()
    night.work()
    first, second = code(night, "ana"), code(night, "bela")
    assert services.acknowledge_by_reply(first, sender=None)
    assert services.acknowledge_by_reply(second, sender=None)
    assert services.acknowledge_by_reply(second, sender=None)
    page = Page.objects.get()
    assert page.closed_by_id == night.cast["ana"].account_id
    assert page.acknowledgements.count() == 2


def test_who_was_paged_when_is_seen_here_and_by_nobody_elsewhere(night: Night) -> None:
    night.report()
    night.work()
    night.press("carl")
    page = Page.objects.get()
    here = f"/desk/oncall/page/{page.pk}"
    PageMessage.objects.create(
        hotline_id=page.hotline_id, page=page, round=1, way="webhook", to="https://pager.example/in/7c1f", created_at=night.now
    )  # fmt: skip
    shown = " ".join(signed_in(night.cast, "ana").get(here).content.decode().split())
    for part in ("A child is in danger now", "Carl", "sent", "by the link", "pager.example"):
        assert part in shown
    assert "7c1f" not in shown, "all of a webhook's address can be a secret"
    assert signed_in(night.cast, "dora").get(here).status_code == 404
    assert signed_in(night.cast, "dora").post(f"{here}/outcome", {"outcome": "safe"}).status_code == 404
    assert "was answered in 0 min" in " ".join(
        signed_in(night.cast, "ana").get("/desk/oncall").content.decode().split()
    )


def test_a_partners_people_come_last_see_nothing_else_and_hold_it_only_for_a_while(night: Night) -> None:
    cast = night.cast
    User.objects.filter(hotline_id=cast.hotline_id).exclude(pk=cast["carl"].account_id).update(is_active=False)
    dora = cast["dora"]
    services.set_police_number(cast.portal_id, "555 0119", actor=SERVER)
    services.want_partner(cast.portal_id, cast.other_portal_id, "", actor=SERVER)
    with scope(hotline=cast.other_hotline_id):
        services.put_on_call(cast.other_portal_id, dora.account_id, actor=dora.actor)
    night.report()
    night.work()
    night.work(TEN)
    assert night.counts() == {"carl": 2}, "nobody there has agreed yet"
    with scope(hotline=cast.other_hotline_id):
        services.agree_to_help(cast.other_portal_id, cast.portal_id, agrees=True, actor=SERVER)
    night.work(TEN)
    assert night.counts() == {"carl": 3, "dora": 1}
    text = " ".join(night.mails()["dora"][-1].text.split())
    assert "You are paged as the partner of this portal" in text
    assert "You are paged as the partner" not in night.mails()["carl"][-1].text
    assert "call the police, 555 0119" in text
    number = PagedReport.objects.get().report_id
    assert f"Report {number}" in night.mails()["carl"][-1].text
    assert f"Report {number}" not in text, "another hotline hears how many there are, and nothing else"
    link = LINK.search(text)
    assert link
    before = Client().get(link[0]).content.decode()
    assert "One report" in before
    assert f"Report {number}" not in before
    timeline = signed_in(cast, "carl").get(f"/desk/oncall/page/{Page.objects.get().pk}").content.decode()
    assert dora.email not in timeline
    night.press("dora")
    after = " ".join(Client().get(link[0]).content.decode().split())
    assert "only they can take the reports" in after
    assert "open the desk and take them" not in after
    assert Page.objects.get().closed_by_id == dora.account_id
    client = signed_in(cast, "carl")
    for place in (f"/desk/oncall/page/{Page.objects.get().pk}", "/desk/oncall"):
        assert "Dora (Hotline of Barbados)" in client.get(place).content.decode()
    night.work(TEN)
    assert night.counts() == {"carl": 3, "dora": 1}
    night.work(2 * TEN)
    assert night.counts() == {"carl": 4, "dora": 1}, "only people here can take the case"


def helped_by_barbados(night: Night) -> None:
    """Nobody of Jamaica is here but Carl, and Barbados is paged when he doesn't answer."""
    cast = night.cast
    User.objects.filter(hotline_id=cast.hotline_id).exclude(pk=cast["carl"].account_id).update(is_active=False)
    services.want_partner(cast.portal_id, cast.other_portal_id, "", actor=SERVER)
    with scope(hotline=cast.other_hotline_id):
        services.put_on_call(cast.other_portal_id, cast["dora"].account_id, actor=cast["dora"].actor)
        services.agree_to_help(cast.other_portal_id, cast.portal_id, agrees=True, actor=SERVER)
        set_on_call(cast.other_portal_id, "duty@bb.example", actor=Actor("command", hotline_id=cast.other_hotline_id))


def test_an_answer_from_a_partner_of_whom_nobody_in_particular_has_it_ends_nothing(night: Night) -> None:
    helped_by_barbados(night)
    night.report()
    night.work()
    night.work(TEN)
    assert night.counts() == {"carl": 2, "dora": 1, "duty": 1}
    night.press("duty")
    page = Page.objects.get()
    assert (page.closed_at, page.acknowledgements.get().person_id) == (None, None)
    assert "Paging goes on until somebody who can take these reports answers" in shown_to(night, "duty")
    night.work(TEN)
    assert night.counts() == {"carl": 3, "dora": 2, "duty": 2}, "behind that address are several people, or none"
    # Nor does the word of somebody who takes no cases at home.
    date_roles(night.cast["dora"].account_id, ["police_liaison"])
    night.press("dora")
    page.refresh_from_db()
    assert page.closed_at is None
    assert page.acknowledgements.filter(person_id=night.cast["dora"].account_id).exists(), "it is shown who has seen it"
    night.work(TEN)
    assert night.counts()["carl"] == 4


def test_an_answer_after_the_agreement_has_ended_ends_nothing(night: Night) -> None:
    helped_by_barbados(night)
    night.report()
    night.work()
    night.work(TEN)
    services.want_partner(night.cast.portal_id, None, "", actor=SERVER)
    night.press("dora")
    assert Page.objects.get().closed_at is None


def shown_to(night: Night, who: str) -> str:
    """What the newest page's link shows."""
    return " ".join(Client().get(night.link(who)).content.decode().split())


def test_a_partner_is_first_in_the_hours_of_the_agreement(night: Night) -> None:
    cast = night.cast
    services.put_on_call(cast.portal_id, cast["ana"].account_id, actor=cast["carl"].actor)
    services.want_partner(cast.portal_id, cast.other_portal_id, "22:00-06:00", actor=SERVER)
    with scope(hotline=cast.other_hotline_id):
        services.put_on_call(cast.other_portal_id, cast["dora"].account_id, actor=cast["dora"].actor)
        services.agree_to_help(cast.other_portal_id, cast.portal_id, agrees=True, actor=SERVER, hours="22:00-06:00")
    night.report()
    night.work()
    assert night.counts() == {"ana": 1, "dora": 1}, "it is three in the morning"


def test_a_list_that_is_empty_for_a_moment_costs_a_minute_and_not_ten(night: Night) -> None:
    night.report()
    night.work()
    User.objects.filter(hotline_id=night.cast.hotline_id).update(is_active=False)
    night.work(TEN)
    assert night.counts() == {"carl": 1}
    User.objects.filter(hotline_id=night.cast.hotline_id).update(is_active=True)
    night.work(MINUTE)
    assert night.counts()["carl"] == 2
