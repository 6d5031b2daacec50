"""A child who may be identified: an office gets a letter of its own after a preview, and the case waits for what came of it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pysequoia
import pytest
import time_machine
from django.test import Client

from leeward.casework import services
from leeward.casework.acting.services.summaries import summary_now
from leeward.casework.errors import WordsNotForOffice
from leeward.casework.merging.services import merging
from leeward.casework.models import Appeal, Case, PendingAction
from leeward.casework.rules.transitions import Refusal
from leeward.casework.situations import _protection_is_owed
from leeward.casework.timeline.queries.history import history_of
from leeward.clocks.models import Clock
from leeward.clocks.services import take_due_steps
from leeward.foundation.errors import BadInput, NotAllowed, NotFound
from leeward.jobs.models import Job
from leeward.jobs.worker import run_until_idle
from leeward.notices import queries as notices_queries
from leeward.notices.errors import NoProtectionContact, OutcomeNeedsWords, ProtectionAnswered, ProtectionNotInformed
from leeward.notices.models import Contact, InboundMail, Message, Referral, Reply
from leeward.notices.services import answer_referral, forget_old_statements, give_up_answer
from leeward.people.models import User
from leeward.web_security.keys import new_form_key
from tests.casework.acting.conftest import SAID
from tests.casework.acting.test_urgent import link, police, refused, text_of
from tests.casework.conftest import Desk
from tests.having_read import marks_on

pytestmark = pytest.mark.django_db
CARE, CENTRE = "care@jm.example", "centre@jm.example"
CHILD = "A girl of about nine, in a green school shirt."
PLACE = "Perhaps a school near the harbour."
REACHED = "somebody@mail.example"
Letters = Callable[..., list[Any]]


@pytest.fixture
def letters(desk: Desk) -> Letters:
    """What has come to an office since the test began."""
    before = {one: len(desk.world.mail.messages(one)) for one in (CARE, CENTRE)}
    return lambda address=CARE: desk.world.mail.messages(address)[before[address] :]


def office(desk: Desk, email: str = CARE, name: str = "Child care office", **more: Any) -> int:
    """A child-protection contact of the portal's country."""
    values = {"hotline_id": desk.cast.hotline_id, "kind": "protection", "country": "JM", "service": "social"} | more
    return int(Contact.objects.create(email=email, name=name, **values).pk)


def tell(desk: Desk, case: Any, number: int, who: str = "ana", **more: str) -> None:
    words = {"child": CHILD, "place": PLACE} | more
    services.tell_protection(case.pk, office_id=number, actor=desk.cast[who].actor, **words)


def clock(case: Any) -> Clock:
    found: Clock = Clock.objects.filter(case_id=case.pk, kind="protection_answered").latest("pk")
    return found


def test_the_letter_is_seen_before_it_goes_and_holds_only_what_an_office_needs(desk: Desk, letters: Letters) -> None:
    case = desk.first(kind="contact", text=SAID, contact=REACHED)
    care = office(desk)
    office(desk, CENTRE, "Centre", service="advocacy")
    services.pass_to_police(case.pk, actor=desk.cast["ana"].actor)
    desk.until(case, lambda row: row.police_told_at is not None)
    ana, path = desk.signed_in("ana"), f"/desk/case/{case.reference}/protection"
    form = ana.get(path).content.decode()
    assert "Child care office (Social service)" in form
    assert "Centre (Child advocacy centre)" in form
    typed = {"office": str(care), "child": CHILD, "place": PLACE, "once": new_form_key()}
    shown = ana.post(path, typed).content.decode()
    assert "no: no key of theirs is recorded" in shown
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', shown)
    assert seen
    other = ana.post(path, typed | {"seen": seen[1], "child": f"{CHILD} Or ten."}).content.decode()
    assert "Or ten." in other
    assert not Referral.objects.filter(kind="protection").exists(), "other words are seen first"
    assert ana.post(path, typed | {"seen": seen[1]}).status_code == 302
    assert ana.post(path, typed | {"seen": seen[1]}).status_code == 302, "sent twice it counts once"
    desk.until(case, lambda _: len(letters()) == 1)
    [letter] = letters()
    text = text_of(letter)
    assert "A child may be at risk" in letter.message["Subject"]
    for part in ("Child care office,", CHILD, PLACE, "The police were told on"):
        assert part in text
    body = re.sub(r"[0-9-]+|https?://\S+", "", text_of(letter).partition("Child care office,")[2])
    assert " ".join(re.sub(r"[0-9-]+|https?://\S+", "", shown.partition("Child care office,")[2]).split())[:60] in body
    whole = letter.message.as_string()
    where = desk.world.gallery_url
    for secret in (SAID, REACHED, where, where.split("/")[2].partition(":")[0] + "/", "sha256", "application/json"):
        assert secret not in whole.replace(link(case), ""), secret
    assert letters(CENTRE) == []
    assert desk.signed_in("pia").get(path).status_code == 403
    assert desk.signed_in("dora").get(path).status_code == 404


def test_what_an_office_must_not_get_is_not_sent(desk: Desk, letters: Letters) -> None:
    case = desk.first(kind="contact", text=SAID, contact=REACHED)
    care = office(desk)
    for words in (desk.world.gallery_url.partition("://")[2], f"Write to {REACHED}.", "a" * 32):
        for field in ("child", "place"):
            with pytest.raises(WordsNotForOffice):
                tell(desk, case, care, **{field: words})
    with pytest.raises(NoProtectionContact):
        tell(desk, case, office(desk, "far@ca.example", country="CA"))
    answer = desk.signed_in("ana").post(
        f"/desk/case/{case.reference}/protection", {"office": care, "child": words, "once": new_form_key()}
    )
    assert answer.status_code == 400
    assert words in answer.content.decode(), "nothing that was typed is lost"
    desk.work()
    assert (letters(), Referral.objects.filter(kind="protection").count()) == ([], 0)


def test_the_case_waits_for_what_came_of_it_with_a_clock_that_reminds_and_pages(desk: Desk, letters: Letters) -> None:
    case = desk.first()
    care = office(desk)
    desk.assess(case)
    ana = desk.cast["ana"].actor
    tell(desk, case, care)
    desk.until(case, lambda _: len(letters()) == 1)
    assert "Nobody else has been told yet." in text_of(letters()[0])
    row, running = Referral.objects.get(kind="protection"), clock(case)
    assert abs(datetime.fromisoformat(row.statement["answer_by"]) - running.due_at) < timedelta(minutes=1)
    assert running.state == "running"
    assert "answer from child protection" in desk.signed_in("ana").get(f"/desk/case/{case.reference}").content.decode()
    assert refused(lambda: services.close_case(case.pk, reason=14, actor=ana)) is Refusal.PROTECTION_IS_OWED
    Clock.objects.filter(pk=running.pk).update(
        due_at=datetime.now(UTC), started_at=running.started_at - timedelta(days=9)
    )
    late = desk.signed_in("carl").get("/desk/clocks?when=late&kind=protection_answered").content.decode()
    assert case.reference in late
    take_due_steps(running.pk, datetime.now(UTC))
    assert set(running.escalations.values_list("act", flat=True)) == {"remind", "page"}
    page = Client().get(link(case)).content.decode()
    assert "Answer expected by" in page
    assert "Somebody looks after the child now" in page
    assert "No case is opened" not in page, "that is for the police to say"
    assert "hashes" not in page
    assert CHILD not in page
    answer = Client().post(link(case), {"act": "outcome", "outcome": "identified", "once": new_form_key()})
    assert answer.status_code == 422, "it is not of their vocabulary"
    police(desk, case, "acknowledge")
    assert clock(case).state == "running", "that they have it is not what came of it"
    police(desk, case, "outcome", outcome="looked_after", note="She is with her aunt.")
    assert clock(case).state == "met"
    told = [event.title for event in history_of(case, actor=ana)]
    for line in ("Child protection told", "Child protection confirmed that they have it"):
        assert line in told
    assert not any("Police confirmed" in line for line in told)
    paper = " ".join(f"{one.title} {one.note} {one.to}" for one in summary_now(case, "Court").messages)
    assert "What came of it: Somebody looks after the child now" in paper
    assert "aunt" not in paper, "what is said of a child stays at the desk"
    assert CARE not in paper
    services.close_case(case.pk, reason=14, actor=ana)
    case.refresh_from_db()
    assert case.state == "closed"
    figures = desk.signed_in("carl").get("/desk/overview/figures").content.decode()
    assert re.findall(r'<td class="num" data-name="(?:Child protection told|Outcome known)">(\d+)', figures) == [
        "1",
        "1",
    ]


def test_each_office_that_was_told_is_waited_for(desk: Desk, letters: Letters) -> None:
    case = desk.first("", kind="contact", text=SAID)
    care, centre = office(desk), office(desk, CENTRE, "Centre")
    tell(desk, case, care)
    desk.until(case, lambda _: len(letters()) == 1)
    tell(desk, case, centre)
    desk.until(case, lambda _: len(letters()) == len(letters(CENTRE)) == 1)
    assert "Nobody else has been told" in text_of(letters()[0])
    assert "Nobody else has been told" not in text_of(letters(CENTRE)[0])
    assert "- Child protection told: " in text_of(letters(CENTRE)[0])
    police(desk, case, "outcome", outcome="passed_on")  # the centre, which was told last
    assert notices_queries.is_protection_owed([case.pk])
    assert Clock.objects.filter(case_id=case.pk, kind="protection_answered", state="running").count() == 1
    first = Referral.objects.filter(case_id=case.pk, kind="protection").earliest("pk")
    pia = desk.cast["pia"].actor
    with pytest.raises(OutcomeNeedsWords):
        answer_referral(first.pk, "outcome", outcome="child_safe", actor=pia)
    with pytest.raises(BadInput):
        answer_referral(first.pk, "outcome", outcome="no_answer", note="No.", actor=pia)
    answer_referral(first.pk, "outcome", outcome="child_safe", note="They telephoned.", actor=pia)
    desk.work()
    assert not notices_queries.is_protection_owed([case.pk])
    assert "Entered by hand by Pia" in " ".join(event.note for event in history_of(case, actor=pia))


def test_only_a_supervisor_says_that_none_will_come_and_only_of_what_somebody_has(desk: Desk, letters: Letters) -> None:
    case = desk.first("", kind="contact", text=SAID)
    care = office(desk)
    desk.world.mail.refuse(CARE)
    try:
        tell(desk, case, care)
        desk.until(case, lambda _: Message.objects.get(kind="protect").state == "dead")
        row, carl = Referral.objects.get(kind="protection"), desk.cast["carl"].actor
        with pytest.raises(ProtectionNotInformed):
            give_up_answer(row.pk, reason="They are closed.", actor=carl)
    finally:
        desk.world.mail.accept_again(CARE)
    Contact.objects.update(bounced_at=None)
    tell(desk, case, care)
    desk.until(case, lambda _: len(letters()) == 1)
    row = Referral.objects.filter(kind="protection").latest("pk")
    for who in ("ana", "pia", "dora"):
        with pytest.raises((NotAllowed, NotFound)):
            give_up_answer(row.pk, reason="They are closed.", actor=desk.cast[who].actor)
    with pytest.raises(OutcomeNeedsWords):
        give_up_answer(row.pk, reason=" ", actor=carl)
    page, client = f"/desk/referrals/{row.pk}", desk.signed_in("carl")
    shown = client.get(page).content.decode()
    assert "Why none will come" in shown
    assert "Why none will come" not in desk.signed_in("pia").get(page).content.decode()
    client.post(
        page,
        {
            "act": "give_up",
            "note": "The office was closed for good.",
            "once": new_form_key(),
            "seen": marks_on(shown)[-1],
        },
    )
    desk.work()
    assert not notices_queries.is_protection_owed([case.pk])
    assert clock(case).state == "met"
    with pytest.raises(ProtectionAnswered):
        give_up_answer(row.pk, reason="Again.", actor=carl)
    assert any("No answer will come" in event.title for event in history_of(case, actor=carl))
    police(desk, case, "outcome", outcome="child_safe")
    assert Referral.objects.get(pk=row.pk).outcome == "child_safe", "they can still say it"


def test_for_ten_seconds_it_can_be_undone_and_holds_the_case_open(desk: Desk, letters: Letters, settings: Any) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"undo_seconds": 10})
    case, ana = desk.first(), desk.cast["ana"].actor
    care = office(desk)
    desk.assess(case)
    run_until_idle(datetime.now(UTC) + timedelta(seconds=11))
    tell(desk, case, care)
    assert refused(lambda: services.close_case(case.pk, reason=14, actor=ana)) is Refusal.PROTECTION_IS_OWED
    assert not _protection_is_owed(Case(pk=case.pk + 1)), "that is another case"
    PendingAction.objects.update(act="forward")
    assert not _protection_is_owed(case), "that is another act"
    PendingAction.objects.update(act="tell_protection")
    assert services.undo(case.pk, actor=ana) == "tell_protection"
    run_until_idle(datetime.now(UTC) + timedelta(seconds=30))
    assert not Referral.objects.filter(kind="protection").exists()
    page = desk.signed_in("ana").get(f"/desk/case/{case.reference}/protection").content.decode()
    assert CHILD in page
    assert PLACE in page
    assert CHILD not in desk.signed_in("bela").get(f"/desk/case/{case.reference}/protection").content.decode()
    services.close_case(case.pk, reason=14, actor=ana)
    assert Case.objects.get(pk=case.pk).state == "closed"
    assert not PendingAction.objects.filter(act="tell_protection").exists()


def test_with_a_key_all_of_the_letter_is_encrypted(desk: Desk, letters: Letters) -> None:
    key = pysequoia.Tsk.generate(CARE)
    certificate = key.extract_certificate()
    case = desk.first("", kind="contact", text=SAID)
    care = office(desk, certificate=str(certificate), fingerprint=str(certificate.fingerprint).upper())
    path = f"/desk/case/{case.reference}/protection"
    shown = desk.signed_in("ana").post(path, {"office": care, "child": CHILD, "once": new_form_key()}).content.decode()
    assert str(certificate.fingerprint).upper() in shown
    tell(desk, case, care)
    desk.until(case, lambda _: len(letters()) == 1)
    whole = letters()[0].message.as_string()
    assert "BEGIN PGP MESSAGE" in whole
    assert CHILD not in whole
    assert "at risk" not in whole


def test_an_office_that_could_be_chosen_too_takes_two_people(desk: Desk) -> None:
    from leeward.notices.services import ContactDetails, add_contact

    first = ContactDetails("protection", "JM", "Child care office", CARE, service="social")
    second = ContactDetails("protection", "JM", "Nobody knows it", CENTRE, service="helpline")
    carl = desk.cast["carl"].actor
    assert add_contact(first, hotline_id=desk.cast.hotline_id, actor=carl), "so that a directory can be filled"
    assert add_contact(second, hotline_id=desk.cast.hotline_id, actor=carl) == 0
    assert [one.email for one in notices_queries.offices_of("JM")] == [CARE]
    assert User.objects.filter(hotline_id=desk.cast.hotline_id).exists()


def test_a_case_merged_away_still_waits_and_lets_go_where_work_goes_on(desk: Desk, letters: Letters) -> None:
    case, other = desk.first(), desk.case("http://other.example/1")
    tell(desk, case, office(desk))
    desk.until(case, lambda _: len(letters()) == 1)
    merging.merge(case.pk, other.pk, reason="The same.", actor=desk.cast["ana"].actor)
    desk.work()
    case.refresh_from_db()
    assert (case.state, case.merged_into_id) == ("closed", other.pk)
    assert clock(case).state == "running", "somebody is reminded all the same"
    close = {"outcome": "not_illegal", "facts": {}, "reason": 15}
    assert refused(lambda: desk.assess(other, **close)) is Refusal.PROTECTION_IS_OWED
    police(desk, case, "outcome", outcome="child_safe")
    assert clock(case).state == "met"
    desk.assess(other, **close)
    assert other.state == "closed"


def test_a_review_takes_nothing_back_that_an_office_was_told(desk: Desk, letters: Letters) -> None:
    case, carl = desk.first(), desk.cast["carl"].actor
    desk.assess(case)
    tell(desk, case, office(desk))
    desk.act(case)
    desk.until(case, lambda _: len(letters()) == 1)
    assert services.open_appeal(case.pk, origin="host", origin_id=1, text="No.")
    services.decide_appeal(Appeal.objects.get().pk, upheld=True, reasons="It is a film.", actor=carl)
    desk.work()
    assert len(letters()) == 1, "they were told of no assessment"
    assert clock(case).state == "running"


def test_what_was_written_of_a_child_is_deleted_two_years_after_it_is_known_what_came_of_it(desk: Desk) -> None:
    case, pia, now = desk.first(), desk.cast["pia"].actor, datetime.now(UTC)
    tell(desk, case, office(desk))
    row = Referral.objects.get(kind="protection")
    assert forget_old_statements(now + timedelta(days=800)) == 0, "nobody knows yet"
    answer_referral(row.pk, "outcome", outcome="child_safe", note="She is with her aunt.", actor=pia)
    assert forget_old_statements(now + timedelta(days=729)) == 0
    assert forget_old_statements(now + timedelta(days=731)) == 1
    row.refresh_from_db()
    assert (row.statement, row.note, row.outcome) == ({}, "", "child_safe")
    assert "aunt" not in str(list(Reply.objects.values()))
    assert forget_old_statements(now + timedelta(days=731)) == 0


def test_what_an_office_wrote_by_mail_is_deleted_with_it(desk: Desk) -> None:
    case, pia, now = desk.first(), desk.cast["pia"].actor, datetime.now(UTC)
    tell(desk, case, office(desk))
    row = Referral.objects.get(kind="protection")
    answer_referral(row.pk, "outcome", outcome="child_safe", note="They telephoned.", actor=pia)
    said = {"hotline_id": case.hotline_id, "subject": "The girl", "text": "She is with her aunt."}
    kept = InboundMail.objects.create(message_id="<1@care>", received_at=now, **said)
    early = InboundMail.objects.create(message_id="<2@care>", received_at=now, referral=row, **said)
    late = InboundMail.objects.create(message_id="<3@care>", received_at=now + timedelta(days=9), referral=row, **said)
    forget_old_statements(now + timedelta(days=731))
    left = dict(InboundMail.objects.values_list("pk", "text"))
    assert left == {kept.pk: said["text"], early.pk: "", late.pk: said["text"]}
    forget_old_statements(now + timedelta(days=740))
    assert list(InboundMail.objects.values_list("subject", "text").order_by("pk")) == [
        ("The girl", "She is with her aunt."), ("", ""), ("", ""),
    ]  # fmt: skip


def test_a_report_that_comes_before_the_letter_goes_holds_up_nothing(
    desk: Desk, letters: Letters, settings: Any
) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"undo_seconds": 10})
    case = desk.first()
    tell(desk, case, office(desk), child="The nursery is reached at mary@nursery.example.")
    desk.report(desk.world.gallery_url, contact="mary@nursery.example")
    run_until_idle(datetime.now(UTC))
    run_until_idle(datetime.now(UTC) + timedelta(seconds=11))
    assert len(letters()) == 1
    assert not PendingAction.objects.filter(case_id=case.pk).exists()


def test_a_dead_network_and_a_clock_that_jumps_tell_the_office_once(
    desk: Desk, letters: Letters, settings: Any
) -> None:
    case, now = desk.first(), datetime.now(UTC)
    alive = settings.LEEWARD
    settings.LEEWARD = alive.model_copy(update={"smtp_port": 9})
    tell(desk, case, office(desk))
    desk.work()
    row = Referral.objects.get(kind="protection")
    assert (row.told_how, clock(case).state) == ("", "running"), "nothing says that they know"
    settings.LEEWARD = alive
    for days in (400, -400, 0):
        with time_machine.travel(now + timedelta(days=days), tick=True):
            Message.objects.filter(state="failed").update(state="waiting", next_at=now)
            Job.objects.filter(dead=False).update(due_at=now - timedelta(days=500))
            desk.work()
    assert len(letters()) == 1
    row.refresh_from_db()
    assert row.told_how == "mail"
    assert clock(case).state == "running", "an answer is still awaited"
