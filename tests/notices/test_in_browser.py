"""The pages behind our links and the desk's in a real browser: nobody is barred, nothing is cut off, no script is needed."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope
from playwright.sync_api import expect

from leeward.demo.world.smtp import MailServer
from leeward.foundation.actor import Actor
from leeward.jobs.worker import run_until_idle
from leeward.notices import queries, services
from leeward.notices.queries.known import all_known
from leeward.notices.rules.briefs import CaseBrief, Plan
from leeward.notices.writing.compose import overview_link
from leeward.people.models import Portal
from tests.browser import PHONE, Visit, Visitor
from tests.notices.conftest import ABUSE, POLICE, START
from tests.notices.internet import Internet
from tests.notices.test_pages import path_of
from tests.notices.test_services import link_in
from tests.personas import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Sent:
    """The links that went out, and the cast."""

    notice: str
    referral: str
    overview: str
    cast: Cast


@pytest.fixture
def sent(cast: Cast, internet: Internet, post: MailServer, configure: Callable[..., None]) -> Sent:
    """A referral and a notice that were sent, a message that failed, a mail that fits nothing; urgent, so at once."""
    configure(smtp_host="127.0.0.1", smtp_port=post.port, smtp_security="none", mail_from="desk@leeward.example")
    internet.host("pictures.harbour-host.example", abuse=[ABUSE])
    internet.host("dead-host.example", abuse=["abuse@dead-host.example"])
    post.refuse("abuse@dead-host.example")
    with scope(hotline=cast.hotline_id):
        for case, host in ((1, "pictures.harbour-host.example"), (2, "dead-host.example")):
            location = internet.location(host, f"/a/{case}", hotline_id=cast.hotline_id)
            brief = CaseBrief(
                case_id=case,
                reference=f"2026-{case:04d}",
                hotline_id=cast.hotline_id,
                portal_id=cast.portal_id,
                location_id=location,
                address=f"http://{host}/a/{case}",
                judged="person",
                received_at=START,
                country="JM",
                urgent=True,
            )
            acted = services.act_on(brief, plan=Plan(), actor=cast["ana"].actor)
            run_until_idle()
            if case == 2:  # whose notice never went, so that it can still be held
                referral = path_of(link_in(post.messages(POLICE)[-1], "referral"))
            services.answer_referral(acted.referral_id or 0, "release", actor=Actor("police"))
            run_until_idle()
        services.take_in(b"From: a@x.example\r\nSubject: Hello\r\n\r\nA question.\r\n")
        notice = path_of(link_in(post.messages(ABUSE)[0], "notice"))
        for host in queries.contacts(kind="host"):
            services.change_page(host.pk, "open", actor=cast["carl"].actor)
            if host.email == ABUSE:
                overview = path_of(overview_link(host.pk, 1))
    return Sent(notice, referral, overview, cast)


def sign_in(guest: Visitor, sent: Sent, name: str) -> None:
    from leeward.people.models import User

    client = Client()
    client.force_login(User.objects.get(pk=sent.cast[name].account_id))
    cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": f"{guest.base}/desk/"}
    guest.context.add_cookies([cookie])


def test_axe_finds_nothing_and_nothing_is_cut_off(visitor: Visit, sent: Sent) -> None:
    guest = visitor()
    for prefix in ("", "/lang/ur"):
        for path in (
            sent.notice,
            sent.referral,
            sent.overview,
            f"{sent.overview}?q=none",
            f"{sent.notice}?done=1",
            "/notice/1-no",
        ):
            guest.go(prefix + path)
            assert guest.faults_at_each_size() == [], path
    assert guest.context.cookies() == []


def test_axe_finds_nothing_on_the_desk(visitor: Visit, sent: Sent) -> None:
    guest = visitor()
    sign_in(guest, sent, "carl")
    views = ["stuck", "waiting", "sent", "stopped", "mail"]
    paths = [f"/desk/outbox?view={view}" for view in views] + ["/desk/contacts", "/desk/contacts?kind=host"]
    with scope(hotline=sent.cast.hotline_id):
        contact = queries.contacts(kind="host", search="dead-host").get().pk
        posted = queries.contacts(kind="host", search="harbour-host").get().pk
        services.set_webhook(posted, "https://abuse.harbour-host.example/notices", actor=sent.cast["carl"].actor)
        referral = queries.referral_of(1)
    assert referral is not None
    paths += ["/desk/contacts/new", f"/desk/contacts/{contact}", f"/desk/contacts/{posted}", "/desk/referrals?view=all"]
    for path in [*paths, f"/desk/referrals/{referral.id}"]:
        assert guest.go(path).status == 200, path
        assert guest.faults_at_each_size() == [], path
    guest.go(f"/desk/contacts/{posted}")
    guest.page.get_by_role("button", name="Create a new secret").click()
    expect(guest.page.locator("code")).to_contain_text("whsec_")
    assert guest.faults_at_each_size() == []


def test_axe_finds_nothing_where_a_person_settles(visitor: Visit, sent: Sent) -> None:
    """A contact that says somebody else is in charge, and police who could not be told."""
    guest = visitor(size=PHONE)
    with scope(hotline=sent.cast.hotline_id):
        item = queries.items_of(1)[0]
        services.answer_notice(
            item.notice_id, [services.Given(item.id, "wrong_contact", "noc@other.example")], actor=Actor("host")
        )
        Portal.objects.filter(pk=sent.cast.portal_id).update(police_email="")
        brief = CaseBrief(
            case_id=3,
            reference="2026-0003",
            hotline_id=sent.cast.hotline_id,
            portal_id=sent.cast.portal_id,
            location_id=item.location_id,
            address="http://pictures.harbour-host.example/a/3",
            received_at=START,
            country="JM",
        )
        untold = services.act_on(brief, plan=Plan(), actor=sent.cast["ana"].actor).notice_case_id
        known = [row for row in all_known() if row.email][:1]
        services.take_known(known, hotline_id=sent.cast.hotline_id, actor=sent.cast["carl"].actor)
        entry = queries.contacts(search=known[0].email).get().pk
    sign_in(guest, sent, "carl")
    paths = [f"/desk/contacts/redirects/{item.id}", "/desk/contacts/redirects", "/desk/referrals"]
    paths += ["/desk/contacts/known?country=TT", f"/desk/contacts/{entry}"]
    for path in [*paths, f"/desk/referrals/untold/{untold}"]:
        assert guest.go(path).status == 200, path
        assert guest.faults_at_each_size() == [], path
        if folder := os.environ.get("PICTURES_OF_PAGES"):
            guest.page.screenshot(path=f"{folder}/settle-{path.replace('/', '-')}.png", full_page=True)
    guest.page.get_by_label("Whom you spoke to").fill("By telephone to the duty officer")
    guest.page.get_by_role("button", name="They have it").click()
    expect(guest.page.get_by_role("status")).to_contain_text("Recorded")


def test_a_host_answers_without_script(visitor: Visit, sent: Sent) -> None:
    guest = visitor(script=False, size=PHONE)
    guest.go(sent.notice)
    assert guest.weight() < 60_000
    guest.page.get_by_label("Status").select_option("moved")
    guest.page.get_by_role("button", name="Send this answer").click()
    expect(guest.page.get_by_role("alert")).to_contain_text("Write where it moved to")
    guest.page.get_by_label("Where it moved to").fill("http://elsewhere.example/b")
    guest.page.get_by_role("button", name="Send this answer").click()
    expect(guest.page.get_by_role("status")).to_contain_text("Thank you")
    guest.page.reload()
    with scope(hotline=sent.cast.hotline_id):
        assert queries.items_of(1)[0].moved_to == "http://elsewhere.example/b"


def test_police_put_a_hold_without_script(visitor: Visit, sent: Sent) -> None:
    guest = visitor(script=False, size=PHONE)
    guest.go(sent.referral)
    last = guest.page.get_by_label("Until the end of").get_attribute("max") or ""
    guest.page.get_by_label("Until the end of").fill(last)
    guest.page.get_by_role("button", name="Hold the notice").click()
    expect(guest.page.get_by_role("status")).to_contain_text("We have your answer")
    with scope(hotline=sent.cast.hotline_id):
        assert queries.referral_of(2).state == "held"


def test_a_supervisor_settles_a_dead_letter(visitor: Visit, sent: Sent) -> None:
    guest = visitor()
    sign_in(guest, sent, "carl")
    guest.go("/desk/outbox")
    guest.page.get_by_role("button", name="Give up").click()
    expect(guest.page.locator("main")).to_contain_text("Nothing is stuck")
