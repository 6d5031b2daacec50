"""The police are told before the host; the ladder climbs until the thing is gone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from leeward.demo.world.smtp import Received
from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError, NotAllowed
from leeward.notices import queries, services, tasks
from leeward.notices.rules.briefs import Plan
from leeward.notices.services import Given
from tests.notices.conftest import ABUSE, POLICE, Office

POLICE_ACTOR = Actor("police")
HOST_ACTOR = Actor("host")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def link_in(mail: Received, page: str) -> str:
    return next(line for line in mail.text.splitlines() if f"/{page}/" in line).strip()


def test_police_are_told_first_and_the_host_only_after_their_silence(office: Office) -> None:
    acted = office.act(office.case())
    office.work()
    assert len(office.mails(POLICE)) == 1
    office.work(23 * HOUR)
    assert office.mails(ABUSE) == []
    office.work(1 * HOUR)
    assert len(office.mails(ABUSE)) == 1
    row = queries.referral(acted.referral_id)
    assert row is not None
    assert row.state == "timed_out"


def test_the_host_is_told_as_soon_as_the_police_release(office: Office) -> None:
    acted = office.act(office.case())
    office.work()
    services.answer_referral(acted.referral_id, "release", actor=POLICE_ACTOR)
    office.work()
    assert len(office.mails(ABUSE)) == 1


def test_acknowledging_alone_does_not_tell_the_host_earlier_or_later(office: Office) -> None:
    acted = office.act(office.case())
    office.work()
    services.answer_referral(acted.referral_id, "acknowledge", actor=POLICE_ACTOR)
    office.work(20 * HOUR)
    assert office.mails(ABUSE) == []
    office.work(5 * HOUR)
    assert len(office.mails(ABUSE)) == 1


def test_a_hold_keeps_the_notice_back_until_it_ends(office: Office) -> None:
    acted = office.act(office.case())
    office.work()
    services.answer_referral(acted.referral_id, "hold", actor=POLICE_ACTOR, until=office.reached + 10 * DAY)
    office.work(9 * DAY)
    assert office.mails(ABUSE) == []
    office.work(1 * DAY)
    assert len(office.mails(ABUSE)) == 1


def test_a_hold_can_be_released_early(office: Office) -> None:
    acted = office.act(office.case())
    office.work()
    services.answer_referral(acted.referral_id, "hold", actor=POLICE_ACTOR, until=office.reached + 10 * DAY)
    office.work(1 * DAY)
    services.answer_referral(acted.referral_id, "release", actor=office.cast["pia"].actor)
    office.work()
    assert len(office.mails(ABUSE)) == 1


def test_a_hold_after_the_notice_stops_the_reminders(office: Office) -> None:
    acted = office.act(office.case())
    office.work()
    services.answer_referral(acted.referral_id, "release", actor=POLICE_ACTOR)
    office.work()
    services.answer_referral(acted.referral_id, "hold", actor=POLICE_ACTOR, until=office.reached + 5 * DAY)
    office.work(4 * DAY)
    assert len(office.mails(ABUSE)) == 1
    office.work(2 * DAY)
    assert len(office.mails(ABUSE)) == 2


@pytest.mark.parametrize("days", [0, -1, 31])
def test_a_hold_in_the_past_or_too_long_is_refused(office: Office, days: int) -> None:
    acted = office.act(office.case())
    with pytest.raises(LeewardError, match="Choose a day from today"):
        services.answer_referral(acted.referral_id, "hold", actor=POLICE_ACTOR, until=office.reached + days * DAY)


def test_holding_again_and_again_does_not_stretch_the_limit(office: Office) -> None:
    acted = office.act(office.case())
    office.work()
    services.answer_referral(acted.referral_id, "hold", actor=POLICE_ACTOR, until=office.reached + 29 * DAY)
    office.work(20 * DAY)
    with pytest.raises(LeewardError, match="Choose a day from today"):
        services.answer_referral(acted.referral_id, "hold", actor=POLICE_ACTOR, until=office.reached + 20 * DAY)


def test_the_police_get_a_summary_a_json_file_and_a_link(office: Office) -> None:
    acted = office.act(office.case(urgent=True))
    office.work()
    mail = office.mails(POLICE)[0]
    assert mail.message["Subject"].startswith("URGENT: Referral 2026-0001")
    assert "http://pictures.harbour-host.example/a/1" in mail.text
    assert "39 of 41 pictures are known" in mail.text
    assert "Section 3" in mail.text
    assert link_in(mail, "referral").startswith(f"http://testserver/referral/{acted.referral_id}-")
    attached = list(mail.message.iter_attachments())
    assert [part.get_filename() for part in attached] == ["referral-2026-0001.json"]
    assert b'"sha256"' in attached[0].get_content()
    assert "image" not in {part.get_content_maintype() for part in mail.message.walk()}


def test_the_notice_says_what_the_law_wants_said(office: Office) -> None:
    office.act(office.case(), Plan(police=False))
    office.work()
    text = " ".join(office.mails(ABUSE)[0].text.split())
    for words in (
        "http://pictures.harbour-host.example/a/1",
        "our reference 2026-0001",
        "keep a copy of the material",
        "remove the material",
        "believe in good faith",
        "Article 16",
        "desk@jm.example",
    ):
        assert words in text


def test_the_request_to_keep_evidence_says_how_long_and_by_which_law(office: Office) -> None:
    from leeward.people.models import Portal

    Portal.objects.filter(pk=office.cast.portal_id).update(country="CA")
    office.act(office.case(country="CA"), Plan(police=False))
    office.work()
    text = " ".join(office.mails(ABUSE)[0].text.split())
    assert (
        "Do not send it to us. Canada: whoever reports it must keep it for 21 days from the notification (S.C. 2011"
        in text
    )


def test_without_a_police_contact_nobody_is_told_until_there_is_one(office: Office) -> None:
    from leeward.people.models import Portal

    Portal.objects.filter(pk=office.cast.portal_id).update(police_email="")
    acted = office.act(office.case())
    assert acted.problems == ("no_police_contact",)
    office.work(3 * DAY)
    assert office.mails(ABUSE) == []
    assert any(row.what == "problem" or "police" in row.title.lower() for row in queries.history_of(1))
    Portal.objects.filter(pk=office.cast.portal_id).update(police_email=POLICE)
    tasks.try_again()
    tasks.try_again()
    office.work()
    assert (len(office.mails(POLICE)), len(office.mails(ABUSE)), queries.open_notice_cases()) == (1, 0, [])
    office.work(25 * HOUR)
    assert len(office.mails(ABUSE)) == 1


def test_addresses_that_wait_for_one_contact_go_in_one_message(office: Office) -> None:
    first, second, third = office.case(), office.case(), office.case()
    for brief in (first, second, third):
        office.act(brief, Plan(police=False))
    office.work()
    [mail] = office.mails(ABUSE)
    assert all(brief.address in mail.text for brief in (first, second, third))
    assert "3 addresses" in mail.message["Subject"]


def test_the_ladder_reaches_the_network_and_the_registrar(office: Office, configure: Callable[..., None]) -> None:
    office.internet.host(
        "pictures.harbour-host.example",
        abuse=[ABUSE],
        upstream=["noc@upstream.example"],
        registrar=["abuse@anchor-names.example"],
    )
    office.act(office.case(), Plan(police=False))
    office.work()
    told = {}
    for step in range(1, 8):
        told[step] = [len(office.mails(to)) for to in (ABUSE, "noc@upstream.example", "abuse@anchor-names.example")]
        office.work(DAY)
    assert told[1] == [1, 0, 0]
    assert told[5] == [5, 0, 0]
    assert told[6] == [6, 1, 1]
    assert told[7] == [7, 1, 1]
    assert office.mails(ABUSE)[1].message["Subject"].startswith("Reminder 1:")


def test_the_owner_is_told_at_the_third_step_where_one_is_known(office: Office) -> None:
    from leeward.hosting.services import correct_finding

    brief = office.case()
    ana = office.cast["ana"].actor
    correct_finding(brief.location_id, kind="owner_email", value="owner@site.example", reason="imprint", actor=ana)
    office.act(brief, Plan(police=False))
    office.work()
    told = []
    for _ in range(4):
        told.append(len(office.mails("owner@site.example")))
        office.work(DAY)
    assert told == [0, 0, 1, 1]
    assert "named as the owner" in office.mails("owner@site.example")[0].text


def test_the_ladder_stops_when_the_thing_is_gone(office: Office) -> None:
    from leeward.jobs.services import publish_event

    brief = office.case()
    office.act(brief, Plan(police=False))
    office.work()
    publish_event("location.removed", subject_id=brief.location_id, hotline_id=brief.hotline_id)
    office.work(3 * DAY)
    assert len(office.mails(ABUSE)) == 1
    assert queries.notice_case_of(1).stopped_why == "removed"


def test_news_of_a_removal_that_is_heard_after_the_return_stops_nothing(office: Office) -> None:
    from leeward.monitoring.services import watch

    brief = office.case()
    watch(brief.location_id, hotline_id=brief.hotline_id)
    office.act(brief, Plan(police=False))
    assert services.stop_for_location(brief.location_id) == 0
    assert queries.notice_case_of(1).state == "open"


def test_what_waits_for_a_host_is_not_sent_after_withdrawing(office: Office) -> None:
    office.act(office.case())
    office.act(office.case(), Plan(police=False))
    services.withdraw(2, actor=office.cast["carl"].actor)
    services.withdraw(1, actor=office.cast["carl"].actor)
    office.work(3 * DAY)
    assert office.mails(ABUSE) == []
    assert len(office.mails(POLICE)) == 1


def test_acting_twice_tells_nobody_twice(office: Office) -> None:
    brief = office.case()
    first = office.act(brief)
    assert office.act(brief).referral_id == first.referral_id
    office.work()
    office.work(25 * HOUR)
    assert office.act(brief).referral_id == first.referral_id
    office.work()
    assert (len(office.mails(POLICE)), len(office.mails(ABUSE))) == (1, 1)


def test_after_a_stop_acting_begins_anew_from_the_police_on(office: Office) -> None:
    brief = office.case()
    first = office.act(brief)
    office.work()
    office.work(25 * HOUR)
    services.stop_for_location(brief.location_id)
    second = office.act(brief)
    assert second.referral_id != first.referral_id
    office.work()
    assert (len(office.mails(POLICE)), len(office.mails(ABUSE))) == (2, 1)
    office.work(25 * HOUR)
    assert len(office.mails(ABUSE)) == 2


def test_the_contact_is_looked_up_again_just_before_sending(office: Office) -> None:
    office.act(office.case(), Plan(police=False))
    office.internet.host("pictures.harbour-host.example", abuse=["new-abuse@harbour-host.example"])
    office.work()
    assert office.mails(ABUSE) == []
    [mail] = office.mails("new-abuse@harbour-host.example")
    assert "/a/1" in mail.text
    [item] = queries.items_of(1)
    assert (item.to, item.instead_of) == ("new-abuse@harbour-host.example", ABUSE)


def test_a_host_that_refuses_mail_is_left_for_its_network(office: Office) -> None:
    office.internet.host("pictures.harbour-host.example", abuse=[ABUSE], upstream=["noc@upstream.example"])
    office.post.refuse(ABUSE)
    office.act(office.case(), Plan(police=False))
    office.work()
    assert [row.state for row in queries.dead_letters()] == ["dead"]
    assert len(office.mails("noc@upstream.example")) == 1
    assert [row.bounced_at is not None for row in map(queries.contact_row, queries.contacts(search=ABUSE))] == [True]


def test_a_thing_with_no_contact_at_all_is_shown_and_tried_again(office: Office) -> None:
    office.internet.host("nobody.example")
    office.act(office.case("nobody.example"), Plan(police=False))
    office.work()
    assert [row.problem for row in queries.open_notice_cases()] == ["no_contact"]
    office.internet.host("nobody.example", abuse=["found@nobody.example"])
    from leeward.hosting.services import locate

    locate(office.internet.location("nobody.example", "/a/1", hotline_id=office.cast.hotline_id))
    office.work(DAY)
    assert len(office.mails("found@nobody.example")) == 1
    assert queries.open_notice_cases() == []


def test_abroad_the_hotline_there_is_told_and_not_the_host(office: Office) -> None:
    for kind, email in (("police", "police@example.test"), ("hotline", "hotline@example.test")):
        details = services.ContactDetails(kind=kind, country="CA", name="There", email=email)
        services.add_contact(details, hotline_id=office.cast.hotline_id, actor=office.cast["carl"].actor)
    acted = office.act(office.case(country="CA"), Plan(foreign=True))
    office.work(2 * DAY)
    assert acted.problems == ("foreign_host_not_told",)
    [mail] = office.mails("hotline@example.test")
    assert "hosted in your country" in mail.message["Subject"]
    assert "the hotline against child sexual abuse material in Jamaica." in " ".join(mail.text.split())
    assert office.mails("police@example.test") == []
    assert office.mails(ABUSE) == []
    assert len(office.mails(POLICE)) == 1


def test_abroad_the_host_is_told_where_the_hotline_wants_it(office: Office, configure: Callable[..., None]) -> None:
    configure(notify_foreign_hosts=True)
    acted = office.act(office.case(country="CA"), Plan(foreign=True))
    assert acted.problems == ("no_contact_abroad",)
    assert [row.reference for row in queries.open_notice_cases()] == ["2026-0001"]
    assert queries.abroad_informed_at(1) is None
    tasks.try_again()
    details = services.ContactDetails(kind="police", country="CA", name="There", email="police@example.test")
    services.add_contact(details, hotline_id=office.cast.hotline_id, actor=office.cast["carl"].actor)
    tasks.try_again()
    office.work()
    assert (len(office.mails("police@example.test")), queries.open_notice_cases()) == (1, [])
    assert queries.abroad_informed_at(1) is not None
    office.work(25 * HOUR)
    assert len(office.mails(ABUSE)) == 1
    assert [row.kind for row in queries.items_of(1)] == ["foreign_police", "foreign_host"]


@pytest.mark.parametrize(
    ("verdict", "found"),
    [
        ("likely", "as child sexual abuse material, likely illegal where it is hosted:"),
        ("undetermined", "as child sexual abuse material:"),
    ],
)
def test_a_notice_says_illegal_only_where_the_law_of_the_host_says_so(
    office: Office, configure: Callable[..., None], verdict: str, found: str
) -> None:
    configure(notify_foreign_hosts=True)
    opinions = (("JM", "likely", "s 3"), ("CA", verdict, "s 163.1"))
    office.act(office.case(country="CA", opinions=opinions), Plan(police=False))
    office.work()
    [mail] = office.mails(ABUSE)
    text = " ".join(mail.text.split())
    assert found in text
    assert ("this material is likely illegal under" in text) == (verdict == "likely")


def test_a_post_box_hotline_passes_on_unassessed(office: Office) -> None:
    services.forward_to_police(office.case(judged="", opinions=()))
    office.work(3 * DAY)
    [mail] = office.mails(POLICE)
    assert "passed on unassessed" in mail.message["Subject"]
    assert "Nobody here has assessed" in " ".join(mail.text.split())
    assert office.mails(ABUSE) == []


def test_more_about_what_was_passed_on_goes_once_an_hour_and_at_once_where_it_is_urgent(office: Office) -> None:
    def told() -> int:
        office.work()
        return len(office.mails(POLICE))

    brief = office.case()
    services.forward_to_police(brief)
    assert told() == 1
    for _ in range(3):
        services.forward_to_police(replace(brief, summary=("Another report",)), more="later")
    assert told() == 1
    office.work(2 * HOUR)
    assert told() == 2
    services.forward_to_police(brief, more="later")
    assert told() == 2
    services.forward_to_police(replace(brief, urgent=True), more="urgent")
    assert told() == 3
    office.work(2 * HOUR)
    services.forward_to_police(brief)
    assert told() == 3, "a report that was taken back is no news"


def test_answers_are_announced_and_shown(office: Office) -> None:
    office.act(office.case(), Plan(police=False))
    office.work()
    [item] = queries.items_of(1)
    assert services.answer_notice(item.notice_id, [Given(item.id, "disputed", "It is a landscape")], actor=HOST_ACTOR)
    assert not services.answer_notice(
        item.notice_id, [Given(item.id, "disputed", "It is a landscape")], actor=HOST_ACTOR
    )
    answered = queries.notice_item(item.id)
    assert answered is not None
    assert (answered.answer, answered.note) == ("disputed", "It is a landscape")
    titles = [row.title for row in queries.history_of(1)]
    assert "Answer: disagrees" in titles


def test_what_was_answered_before_stays_in_the_timeline(office: Office) -> None:
    """Who was named first as the one in charge can be read there, however often somebody answers anew."""
    office.act(office.case(), Plan(police=False))
    office.work()
    [item] = queries.items_of(1)
    said = [("wrong_contact", "boss@host.example"), ("removed", ""), ("disputed", "It is a landscape")]
    for answer, detail in said:
        assert services.answer_notice(item.notice_id, [Given(item.id, answer, detail)], actor=HOST_ACTOR)
    rows = [row for row in queries.history_of(1) if row.what == "notice_answered"]
    assert [row.note for row in rows] == ["boss@host.example", "", "It is a landscape"]
    assert len({row.title for row in rows}) == 3
    assert [row.at for row in rows] == sorted(row.at for row in rows)


@pytest.mark.parametrize("answer", ["moved", "disputed"])
def test_some_answers_take_a_word_more(office: Office, answer: str) -> None:
    office.act(office.case(), Plan(police=False))
    office.work()
    [item] = queries.items_of(1)
    with pytest.raises(LeewardError, match="a few words"):
        services.answer_notice(item.notice_id, [Given(item.id, answer, " ")], actor=HOST_ACTOR)


def test_only_whoever_may_act_can_act(office: Office) -> None:
    brief = office.case()
    for name in ("adam", "pia", "otto", "dora"):
        with pytest.raises(NotAllowed):
            services.act_on(brief, plan=Plan(), actor=office.cast[name].actor)


def test_what_is_previewed_is_what_goes(office: Office) -> None:
    brief = office.case()
    shown = queries.previews(brief, Plan())
    assert [one.kind for one in shown] == ["referral", "host"]
    office.act(brief)
    office.work()
    office.work(25 * HOUR)
    for one, mail in zip(shown, (office.mails(POLICE)[0], office.mails(ABUSE)[0]), strict=True):
        page = "referral" if one.kind == "referral" else "notice"
        link = link_in(mail, page)
        mark = mail.message["Subject"].rpartition("[")[2].rstrip("]")
        sent = mail.text.replace("\r\n", "\n").replace(link, f"http://testserver/{page}/…").replace(mark, "LW-…")
        assert one.to == mail.recipients[0]
        assert one.subject == mail.message["Subject"].replace(mark, "LW-…")
        sent = " ".join(sent.split()).replace("so by 2026-11-26 13:00 UTC", "so by …")  # known only when it goes
        assert " ".join(one.body.split()) == sent


def test_plan_problems_name_what_can_not_be_done(office: Office) -> None:
    office.internet.host("nobody.example")
    assert queries.plan_problems(office.case(), Plan()) == []
    assert len(queries.plan_problems(office.case("nobody.example"), Plan())) == 1
    assert len(queries.plan_problems(office.case(country="CA"), Plan(foreign=True))) == 1
