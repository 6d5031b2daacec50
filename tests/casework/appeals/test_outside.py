"""A hotline with too few people invites somebody of another one: to one case, one request for review, one block, and to nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django_scopes import scope, scopes_disabled

from leeward.audit.queries import log_page
from leeward.blocklist import services as blocklist_services
from leeward.blocklist.models import Entry
from leeward.casework import services
from leeward.casework.models import Appeal, Assessment, Case
from leeward.foundation.actor import SYSTEM
from leeward.jobs.worker import run_until_idle
from leeward.notices.models import StaffNote
from leeward.people import services as people_services
from leeward.people.errors import NoSuchReviewer, NotSecondPerson, ReviewerInvitedAlready
from leeward.people.models import OutsideReview, User
from leeward.web_security.keys import new_form_key
from tests.casework.acting.test_blocking import proposed
from tests.casework.conftest import GRAVE, Desk
from tests.having_read import seen_on
from tests.personas import add_person

pytestmark = pytest.mark.django_db
ILLEGAL = {
    "outcome": "illegal", "real_person": "yes", "age_band": "7-10", "medium": "photograph", "level": "uk_a", "elsewhere": "isolated",
}  # fmt: skip


@pytest.fixture
def waiting(desk: Desk) -> Case:
    """A grave case of a hotline in which only Ana assesses: nobody is there for the second assessment."""

    def make() -> Case:
        User.objects.filter(pk__in=[desk.cast[one].account_id for one in ("bela", "carl")]).update(is_active=False)
        case: Case = desk.case()
        desk.assess(case, "ana", facts=GRAVE)
        assert case.state == "second_assessment"
        return case

    left: Case = desk.begun("waiting", make)
    return left


def invite(desk: Desk, subject_kind: str, about: object, who: str = "dora", *, by: str = "adam") -> int:
    client = desk.signed_in(by)
    sent = client.post(
        "/desk/outside-reviewers",
        {"subject_kind": subject_kind, "about": str(about), "email": desk.cast[who].email, "once": new_form_key()},
    )
    assert sent.status_code == 302, sent.content.decode()[-2000:]
    return OutsideReview.objects.latest("pk").pk


def post(client: Client, path: str, **values: object) -> int:
    return client.post(path, {"once": new_form_key(), **values}).status_code


def test_an_outside_reviewer_is_the_second_person_for_one_case(desk: Desk, waiting: Case) -> None:
    number = invite(desk, "case", waiting.reference)
    dora, path = desk.signed_in("dora"), f"/desk/outside-reviews/{number}"
    run_until_idle()
    with scopes_disabled():
        note = StaffNote.objects.get(what="outside_review")
    assert (note.person_id, note.path) == (desk.cast["dora"].account_id, path)
    assert "Hotline of Jamaica" in dora.get("/desk/outside-reviews").content.decode()
    assert 'href="/desk/outside-reviews"' in dora.get("/desk/account/").content.decode()
    page = dora.get(path).content.decode()
    assert waiting.reference in page
    assert "Ana" not in page, "blind: nothing of who looked first and what they found"
    assert post(dora, f"{path}/take") == 302
    page = dora.get(path).content.decode()
    assert "Your assessment" in page
    assert post(dora, path, **ILLEGAL) == 302
    waiting.refresh_from_db()
    assert waiting.state == "decided"
    second = Assessment.objects.get(case_id=waiting.pk, round="second")
    assert second.by_id == desk.cast["dora"].account_id
    for where in (path, f"{path}/files"):
        assert dora.get(where).status_code == 404, "answered: there is no such page any more"
    events = [line.event for line in log_page(desk.cast.hotline_id, event="outside_review")]
    assert events == ["outside_review.answered", "outside_review.invited"]


def test_the_visitor_sees_that_one_case_and_nothing_else(desk: Desk, waiting: Case) -> None:
    other = desk.case(desk.world.gallery_url + "?another=1")
    number = invite(desk, "case", waiting.reference)
    dora = desk.signed_in("dora")
    post(dora, f"/desk/outside-reviews/{number}/take")
    for path in (
        f"/desk/case/{waiting.reference}",
        f"/desk/case/{waiting.reference}/files",
        f"/desk/case/{other.reference}",
        f"/desk/people/{desk.cast['ana'].account_id}",
    ):
        assert dora.get(path).status_code == 404, path
    assert waiting.reference not in dora.get("/desk/").content.decode()
    report = desk.reports[0]
    assert dora.get(f"/desk/reports/{report}").status_code == 404
    assert dora.get(f"/desk/outside-reviews/{number}/files").status_code == 200
    assert dora.get(f"/desk/case/{other.reference}").status_code == 404


def test_how_to_reach_a_reporter_is_never_shown(desk: Desk, waiting: Case) -> None:
    from leeward.casework.queries import reports_of
    from leeward.intake.models import Report

    address = "reporter-5550199@mail.example"
    with scope(hotline=desk.cast.hotline_id):
        row = reports_of(waiting.pk)[0]
        fields = {field.name for field in Report._meta.get_fields()}
        assert "contact" in fields
        Report.objects.filter(pk=row.id).update(contact=address)
    number = invite(desk, "case", waiting.reference)
    dora = desk.signed_in("dora")
    post(dora, f"/desk/outside-reviews/{number}/take")
    for path in (f"/desk/outside-reviews/{number}", f"/desk/outside-reviews/{number}/files"):
        page = dora.get(path).content.decode()
        assert address not in page
        assert "5550199" not in page


def test_without_an_invitation_there_is_nothing(desk: Desk, waiting: Case) -> None:
    """Another person of the same other hotline, the inviting hotline's own people, a stranger: for all of them there is no such page."""
    number = invite(desk, "case", waiting.reference)
    desk.cast.people["dean"] = add_person("dean", ["supervisor", "analyst"], desk.cast.other_hotline_id)
    for who, status in (("dean", 404), ("ana", 404), ("adam", 403), ("pia", 403), ("otto", 403)):
        client = desk.signed_in(who)
        for page in ("", "/files"):
            assert client.get(f"/desk/outside-reviews/{number}{page}").status_code == status, who
        for act in ("", "/take", "/preview"):
            assert post(client, f"/desk/outside-reviews/{number}{act}", **ILLEGAL) == status, who
    assert Client().get(f"/desk/outside-reviews/{number}").status_code == 302
    assert desk.signed_in("dora").get(f"/desk/outside-reviews/{number + 1}").status_code == 404
    assert not Assessment.objects.filter(case_id=waiting.pk, round="second").exists()


def test_an_invitation_is_withdrawn_in_one_act(desk: Desk, waiting: Case) -> None:
    number = invite(desk, "case", waiting.reference)
    dora, adam = desk.signed_in("dora"), desk.signed_in("adam")
    post(dora, f"/desk/outside-reviews/{number}/take")
    assert post(desk.signed_in("dora"), f"/desk/outside-reviewers/{number}/withdraw") == 404, (
        "not by the visitor's own hotline"
    )
    assert post(adam, f"/desk/outside-reviewers/{number}/withdraw") == 302
    assert dora.get(f"/desk/outside-reviews/{number}").status_code == 404
    assert post(dora, f"/desk/outside-reviews/{number}", **ILLEGAL) == 404
    waiting.refresh_from_db()
    assert (waiting.claimed_by_id, waiting.state) == (None, "second_assessment")
    assert log_page(desk.cast.hotline_id, event="outside_review")[0].event == "outside_review.withdrawn"


def test_an_invitation_runs_out(desk: Desk, waiting: Case) -> None:
    number = invite(desk, "case", waiting.reference)
    dora = desk.signed_in("dora")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=7, minutes=1)):
        dora = desk.signed_in("dora")
        assert dora.get(f"/desk/outside-reviews/{number}").status_code == 404
        assert "Nothing is waiting for you" in dora.get("/desk/outside-reviews").content.decode()
        invite(desk, "case", waiting.reference)


def test_one_person_at_a_time_and_only_who_could_be_the_second(desk: Desk, waiting: Case) -> None:
    cast = desk.cast
    outsider = cast.other_hotline_id
    cast.people["trent"] = add_person("trent", ["translator"], outsider)
    cast.people["nina"] = add_person("nina", ["analyst"], outsider, made_at=datetime.now(UTC))
    cast.people["pup"] = add_person("pup", ["analyst"], outsider)
    User.objects.filter(pk=cast["pup"].account_id).update(made_by=cast["ana"].account_id)
    for who in ("trent", "nina", "pup", "bela", "adam"):
        with pytest.raises(NoSuchReviewer):
            services_invite(desk, "case", waiting.reference, cast[who].email)
    invite(desk, "case", waiting.reference)
    with pytest.raises(ReviewerInvitedAlready):
        services_invite(desk, "case", waiting.reference, cast["dora"].email)


def services_invite(desk: Desk, subject_kind: str, about: str, email: str) -> int:
    from leeward.casework.appeals.services.outside import invite_to

    return invite_to(subject_kind, about, email=email, actor=desk.cast["adam"].actor)


def test_what_takes_no_second_person_invites_nobody(desk: Desk) -> None:
    from leeward.casework.errors import NotForAnOutsider

    case = desk.case()
    with pytest.raises(NotForAnOutsider):
        services_invite(desk, "case", case.reference, desk.cast["dora"].email)
    assert (
        post(
            desk.signed_in("ana"),
            "/desk/outside-reviewers",
            subject_kind="case",
            about=case.reference,
            email="x@y.example",
        )
        == 403
    )


def test_a_role_lost_at_home_is_lost_on_the_visit(desk: Desk, waiting: Case) -> None:
    from tests.personas import date_roles

    number = invite(desk, "case", waiting.reference)
    date_roles(desk.cast["dora"].account_id, ["auditor"])
    assert post(desk.signed_in("dora"), f"/desk/outside-reviews/{number}/take") == 403


def test_a_request_that_was_answered_meanwhile_takes_no_other_answer(desk: Desk) -> None:
    case = desk.case()
    desk.assess(case)
    number = services.open_appeal(case.pk, origin="host", origin_id=1, text="No.")
    path = f"/desk/outside-reviews/{invite(desk, 'appeal', number, by='carl')}"
    dora = desk.signed_in("dora")
    assert "Your answer" in dora.get(path).content.decode()
    services.decide_appeal(number, upheld=False, reasons="It stays.", actor=desk.cast["carl"].actor)
    shown = dora.get(path).content.decode()
    assert "This needs no second person now" in shown
    assert "Your answer" not in shown
    assert "What they say" not in shown
    assert "What they found" not in shown
    assert post(dora, path, answer="upheld", text="It goes.") == 409
    assert Appeal.objects.get(pk=number).state == "rejected"


def test_a_case_that_was_decided_meanwhile_is_shown_no_more(desk: Desk, waiting: Case) -> None:
    path = f"/desk/outside-reviews/{invite(desk, 'case', waiting.reference)}"
    dora = desk.signed_in("dora")
    assert "What was reported" in dora.get(path).content.decode()
    User.objects.filter(pk=desk.cast["bela"].account_id).update(is_active=True)
    desk.assess(waiting, "bela", facts=GRAVE)
    assert waiting.state != "second_assessment"
    shown = dora.get(path).content.decode()
    assert "This needs no second person now" in shown
    assert "What was reported" not in shown


def test_an_outside_reviewer_answers_one_appeal(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, "carl")
    number = services.open_appeal(case.pk, origin="host", origin_id=1, text="No.")
    assert number is not None
    carl = desk.signed_in("carl")
    assert "Invite an outside reviewer" in carl.get(f"/desk/appeals/{number}").content.decode()
    visit = invite(desk, "appeal", number, by="carl")
    dora, path = desk.signed_in("dora"), f"/desk/outside-reviews/{visit}"
    assert "What they found" in dora.get(path).content.decode()
    assert dora.get(f"/desk/appeals/{number}").status_code == 404
    assert post(dora, f"{path}/take") == 404, "an appeal is no case to take"
    assert post(dora, path, answer="rejected", text="It is as they say.") == 409, "who answers has read what they say"
    seen = seen_on(dora.get(path).content.decode())
    assert post(dora, path, answer="rejected", text="It is as they say.", seen=seen) == 302
    appeal = Appeal.objects.get(pk=number)
    assert (appeal.state, appeal.decided_by_id) == ("rejected", desk.cast["dora"].account_id)
    assert dora.get(path).status_code == 404


def block_of(desk: Desk, case: Case) -> int:
    """The number of an entry that Ana proposed."""
    blocklist_services.open_own_lists(desk.cast.hotline_id, actor=SYSTEM)
    desk.assess(case)
    desk.act(case)
    Case.objects.filter(pk=case.pk).update(host_told_at=datetime.now(UTC))
    case.refresh_from_db()
    assert proposed(desk, case).status_code == 302
    return int(Entry.objects.latest("id").pk)


def test_an_outside_reviewer_approves_one_block(desk: Desk) -> None:
    entry = block_of(desk, desk.first())
    visit = invite(desk, "entry", entry, by="adam")
    dora, path = desk.signed_in("dora"), f"/desk/outside-reviews/{visit}"
    assert dora.get(path).status_code == 200
    assert dora.get(f"/desk/blocking/entries/{entry}").status_code == 404
    assert post(dora, path, answer="approve") == 409, "who approves has read what it blocks"
    assert post(dora, path, answer="refuse", comment="Too wide.") == 409
    old = seen_on(dora.get(path).content.decode())
    Entry.objects.filter(pk=entry).update(reason="The whole place is of this kind.")  # as where its case is merged
    shown = dora.post(path, {"answer": "approve", "comment": "I wrote this.", "seen": old, "once": new_form_key()})
    assert shown.status_code == 409
    page = shown.content.decode()
    assert "Something else was entered since you opened this page" in page
    assert "The whole place is of this kind." in page, "what there is to read"
    assert 'value="I wrote this."' in page
    assert Entry.objects.get(pk=entry).state == "proposed"
    assert post(dora, path, answer="approve", seen=seen_on(page)) == 302
    row = Entry.objects.get(pk=entry)
    assert (row.state, row.approved_by_id) == ("approved", desk.cast["dora"].account_id)
    assert dora.get(path).status_code == 404


def test_a_visitor_in_the_hands_of_the_first_person_decides_nothing(desk: Desk, waiting: Case) -> None:
    """The rule is asked again when they answer: an account may have changed hands since it was invited."""
    number = invite(desk, "case", waiting.reference)
    dora = desk.signed_in("dora")
    post(dora, f"/desk/outside-reviews/{number}/take")
    User.objects.filter(pk=desk.cast["dora"].account_id).update(made_by=desk.cast["ana"].account_id)
    assert post(dora, f"/desk/outside-reviews/{number}", **ILLEGAL) == 403
    assert not Assessment.objects.filter(case_id=waiting.pk, round="second").exists()
    assert NotSecondPerson.code == "not_second_person"


@pytest.mark.parametrize(
    ("who", "had", "left"),
    [
        ("adam", ["administrator"], ["analyst"]),
        ("carl", ["supervisor"], ["analyst"]),
        ("adam", ["administrator"], None),
    ],
)
def test_an_invitation_ends_with_the_right_to_invite(
    desk: Desk, waiting: Case, who: str, had: list[str], left: list[str] | None
) -> None:
    desk.cast.people["olga"] = add_person("olga", ["administrator", "supervisor"], desk.cast.hotline_id)
    desk.cast.people["sue"] = add_person("sue", ["supervisor"], desk.cast.hotline_id)  # so that carl is not the last
    account = desk.cast[who].account_id
    User.objects.filter(pk=account).update(is_active=True, roles=had)
    number = invite(desk, "case", waiting.reference, by=who)
    others = OutsideReview.objects.get(pk=number)
    others.pk, others.subject_kind, others.invited_by_id = None, "entry", desk.cast["olga"].account_id
    others.save()
    dora, olga = desk.signed_in("dora"), desk.signed_in("olga")
    path = f"/desk/outside-reviews/{number}"
    assert dora.get(path).status_code == 200
    page = olga.get(f"/desk/people/{account}").content.decode()
    assert "these reviewers from other hotlines lose access at once:" in page
    assert "<bdi>Dora</bdi>" in page
    assert "<bdi>Dora</bdi>" in olga.get(f"/desk/people/{account}/leave").content.decode()
    if left is None:
        people_services.close_account(account, actor=desk.cast["olga"].actor)
    else:
        people_services.change_account(account, roles=left, actor=desk.cast["olga"].actor)
    assert OutsideReview.objects.get(pk=number).state == "withdrawn"
    assert OutsideReview.objects.get(pk=others.pk).state == "open", "what others sent goes on"
    for page in ("", "/files"):
        assert dora.get(f"{path}{page}").status_code == 404
    assert post(dora, path, **ILLEGAL) == 404
    event = "account.closed" if left is None else "account.changed"
    line = next(line for line in log_page(desk.cast.hotline_id) if line.event == event)
    assert line.facts["reviews"] == [number]
    assert log_page(desk.cast.hotline_id, event="outside_review")[0].event == "outside_review.withdrawn"


def test_one_from_before_is_not_answered_either_and_makes_way_for_another(desk: Desk, waiting: Case) -> None:
    desk.cast.people["olga"] = add_person("olga", ["administrator", "supervisor"], desk.cast.hotline_id)
    number = invite(desk, "case", waiting.reference)
    User.objects.filter(pk=desk.cast["adam"].account_id).update(roles=["auditor"])  # as before they ended with the role
    dora = desk.signed_in("dora")
    assert dora.get(f"/desk/outside-reviews/{number}").status_code == 404
    assert waiting.reference not in dora.get("/desk/outside-reviews").content.decode()
    again = invite(desk, "case", waiting.reference, by="olga")
    assert OutsideReview.objects.get(pk=number).state == "withdrawn"
    assert dora.get(f"/desk/outside-reviews/{again}").status_code == 200


def test_a_role_that_still_may_invite_keeps_it(desk: Desk, waiting: Case) -> None:
    desk.cast.people["olga"] = add_person("olga", ["administrator", "supervisor"], desk.cast.hotline_id)
    number = invite(desk, "case", waiting.reference)
    people_services.change_account(desk.cast["adam"].account_id, roles=["supervisor"], actor=desk.cast["olga"].actor)
    assert desk.signed_in("dora").get(f"/desk/outside-reviews/{number}").status_code == 200
