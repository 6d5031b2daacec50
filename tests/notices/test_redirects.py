"""“Somebody else is in charge” waits for a person: whom to write to, once an address, whatever is typed and however often."""

from datetime import timedelta

import pytest
from django.test import Client

from leeward.backup.models import Restoration
from leeward.foundation.errors import LeewardError, NotAllowed
from leeward.notices import queries, services
from leeward.notices.models import Message, NoticeCase, NoticeItem, StaffNote
from leeward.notices.queries.redirects import redirect, redirects_waiting
from leeward.notices.rules.redirects import nearest, searchable_parts, typed_addresses
from leeward.notices.services import Given
from leeward.notices.timing import rungs
from leeward.web_security.keys import new_form_key
from tests.having_read import post_as_shown, seen_on
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_pages import path_of, signed_in
from tests.notices.test_services import HOST_ACTOR, POLICE_ACTOR, link_in

DAY = timedelta(days=1)
REGISTRAR, SECOND = "abuse@anchor-names.example", "second@harbour-host.example"
TYPED = "noc@other-host.example"


@pytest.fixture
def told(office: Office) -> NoticeItem:
    """A host was told; its registrar and a second address of it are known."""
    host = "pictures.harbour-host.example"
    office.internet.host(host, abuse=[ABUSE, SECOND], registrar=[REGISTRAR])
    acted = office.act(office.case())
    office.work()
    services.answer_referral(acted.referral_id, "release", actor=POLICE_ACTOR)
    office.work()
    assert outsiders(office) == [ABUSE]
    found: NoticeItem = NoticeItem.objects.select_related("notice").get()
    return found


def outsiders(office: Office) -> list[str]:
    """Everybody who got mail, but the police and our own people."""
    staff = {persona.email for persona in office.cast.people.values()}
    return sorted({to for mail in office.post.messages() for to in mail.recipients} - staff - {POLICE})


def say_wrong(item: NoticeItem, detail: str = "") -> None:
    services.answer_notice(item.notice_id, [Given(item.pk, "wrong_contact", detail)], actor=HOST_ACTOR)


def test_five_posts_with_changed_detail_are_one_task_and_no_mail(office: Office, told: NoticeItem) -> None:
    link = path_of(link_in(office.mails(ABUSE)[0], "notice"))
    for number in range(5):
        sent = {f"answer-{told.pk}": "wrong_contact", f"detail-{told.pk}": f"{number}{TYPED}", "once": new_form_key()}
        assert Client().post(link, sent).status_code == 303
        office.work()
    office.work(8 * DAY)
    assert outsiders(office) == [ABUSE]
    assert len(office.mails(ABUSE)) == 1
    assert [row.item_id for row in redirects_waiting()] == [told.pk]
    tasks = Message.objects.filter(kind="staff").values_list("to", flat=True)
    assert sorted(tasks) == sorted(office.cast[who].email for who in ("ana", "bela", "carl"))
    shown = redirect(told.pk)
    assert shown is not None
    assert shown.typed == f"4{TYPED}"
    assert "We are checking who is in charge of this address" in Client().get(link).content.decode()


def test_a_person_writes_to_what_was_typed_and_the_ladder_goes_on_there(office: Office, told: NoticeItem) -> None:
    say_wrong(told, f"Please ask <{TYPED}>, thanks.")
    services.write_instead(told.pk, TYPED, actor=office.cast["ana"].actor)
    office.work()
    [mail] = office.mails(TYPED)
    words = " ".join(mail.text.split())
    assert ("been told" in words, "written to you" in words, "still there" in words) == (False, False, False)
    assert not str(mail.message["Subject"]).startswith("Reminder")
    office.work(25 * timedelta(hours=1))
    assert (len(office.mails(TYPED)), len(office.mails(ABUSE))) == (2, 1)
    for detail in ("again", "and again"):
        say_wrong(told, detail)
    office.work(3 * DAY)
    assert outsiders(office) == [ABUSE, TYPED]
    assert redirects_waiting() == []
    with pytest.raises(LeewardError, match="There is nothing to settle"):
        services.write_instead(told.pk, SECOND, actor=office.cast["ana"].actor)


def test_only_who_gets_the_next_notice_reads_that_we_write_again(office: Office, told: NoticeItem) -> None:
    def reads_it(to: str) -> bool:
        page = Client().get(path_of(link_in(office.mails(to)[-1], "notice"))).content.decode()
        return "we write again" in page

    assert reads_it(ABUSE)
    say_wrong(told)
    services.write_instead(told.pk, TYPED, actor=office.cast["ana"].actor)
    while not office.mails(REGISTRAR):
        office.work(25 * timedelta(hours=1))
    assert [reads_it(who) for who in (ABUSE, TYPED, REGISTRAR)] == [False, True, False]
    Restoration.objects.create(backup_at=office.reached, restored_at=office.reached)
    assert not reads_it(TYPED), "nothing goes out"


def test_a_kept_contact_is_reminded_when_the_next_step_is_due(office: Office, told: NoticeItem) -> None:
    say_wrong(told)
    services.keep_contact(told.pk, actor=office.cast["ana"].actor)
    office.work()
    assert len(office.mails(ABUSE)) == 1
    office.work(25 * timedelta(hours=1))
    assert (len(office.mails(ABUSE)), outsiders(office)) == (2, [ABUSE])


def test_who_says_otherwise_afterwards_needs_nobody(office: Office, told: NoticeItem) -> None:
    say_wrong(told)
    assert NoticeCase.objects.get().state == "person"
    services.answer_notice(told.notice_id, [Given(told.pk, "acknowledged")], actor=HOST_ACTOR)
    assert (NoticeCase.objects.get().state, redirects_waiting()) == ("open", [])
    office.work()
    assert len(office.mails(ABUSE)) == 1


@pytest.mark.parametrize("kept", [False, True])
def test_no_click_of_a_host_puts_off_the_next_step(office: Office, told: NoticeItem, kept: bool) -> None:
    for _ in range(12):
        item = NoticeItem.objects.select_related("notice").latest("pk")
        say_wrong(item)
        if kept and not item.redirected:
            services.keep_contact(item.pk, actor=office.cast["ana"].actor)
        else:
            services.answer_notice(item.notice_id, [Given(item.pk, "acknowledged")], actor=HOST_ACTOR)
        office.work(rungs().every - timedelta(hours=1))
    assert NoticeCase.objects.get().step >= 6
    assert REGISTRAR in outsiders(office), "the others whose turn it is are told, too"


def test_what_is_claimed_again_is_told_again(office: Office, told: NoticeItem) -> None:
    def tasks() -> list[str]:
        of_ana = StaffNote.objects.filter(what="wrong_contact", person_id=office.cast["ana"].account_id)
        return list(of_ana.order_by("pk").values_list("path", flat=True))

    page = f"/desk/contacts/redirects/{told.pk}"
    say_wrong(told)
    say_wrong(told, "another word is the same claim")
    assert tasks() == [page]
    services.answer_notice(told.notice_id, [Given(told.pk, "acknowledged")], actor=HOST_ACTOR)
    office.work(timedelta(hours=1))
    say_wrong(told)
    assert tasks() == [page, page]
    for _ in range(5):
        office.clock.shift(timedelta(minutes=1))
        services.answer_notice(told.notice_id, [Given(told.pk, "acknowledged")], actor=HOST_ACTOR)
        say_wrong(told)
    assert tasks() == [page, page, "/desk/contacts/redirects"], "no click floods anybody"
    assert [row.item_id for row in redirects_waiting()] == [told.pk]


def test_what_is_claimed_again_while_the_police_hold_it_is_told_again(office: Office, told: NoticeItem) -> None:
    say_wrong(told)
    services.answer_notice(told.notice_id, [Given(told.pk, "acknowledged")], actor=HOST_ACTOR)
    row = queries.referral_of(1)
    assert row is not None
    services.answer_referral(row.id, "hold", actor=POLICE_ACTOR, until=office.reached + 5 * DAY)
    office.work(timedelta(hours=1))
    before = StaffNote.objects.filter(what="wrong_contact").count()
    say_wrong(told)
    assert StaffNote.objects.filter(what="wrong_contact").count() == 2 * before


def test_a_hold_of_the_police_goes_before_the_choice(office: Office, told: NoticeItem) -> None:
    say_wrong(told)
    row = queries.referral_of(1)
    assert row is not None
    services.answer_referral(row.id, "hold", actor=POLICE_ACTOR, until=office.reached + 5 * DAY)
    services.write_instead(told.pk, SECOND, actor=office.cast["ana"].actor)
    office.work(4 * DAY)
    assert outsiders(office) == [ABUSE]
    office.work(2 * DAY)
    assert outsiders(office) == [ABUSE, SECOND]


def test_what_the_registrar_says_is_a_task_too(office: Office, told: NoticeItem) -> None:
    for _ in range(6):
        office.work(DAY)
    assert REGISTRAR in outsiders(office)
    before = outsiders(office)
    item = NoticeItem.objects.select_related("notice").get(notice__kind="registrar")
    say_wrong(item, "third@party.example")
    office.work(8 * DAY)
    assert (outsiders(office), NoticeCase.objects.get().state) == (before, "person")


@pytest.mark.parametrize("email", ["", "no address", ABUSE, "a@b", "é@host.example"])
def test_only_another_address_can_be_chosen(office: Office, told: NoticeItem, email: str) -> None:
    say_wrong(told)
    with pytest.raises(LeewardError, match="not an e-mail address"):
        services.write_instead(told.pk, email, actor=office.cast["ana"].actor)
    with pytest.raises(NotAllowed):
        services.write_instead(told.pk, SECOND, actor=office.cast["dora"].actor)
    assert NoticeCase.objects.get().state == "person"


def test_the_page_shows_what_was_typed_and_who_is_near(office: Office, told: NoticeItem) -> None:
    near = services.ContactDetails(kind="host", country="", name="Other Host Ltd", email="abuse@other-host.example")
    services.add_contact(near, hotline_id=office.cast.hotline_id, actor=office.cast["carl"].actor)
    say_wrong(told, f"{TYPED} <script>alert(1)</script>")
    shown = redirect(told.pk)
    assert shown is not None
    assert [(one.source, one.email) for one in shown.choices] == [
        ("typed", TYPED),
        ("found", SECOND),
        ("directory", "abuse@other-host.example"),
    ]
    ana, page = signed_in(office, "ana"), f"/desk/contacts/redirects/{told.pk}"
    assert "<script>alert" not in ana.get(page).content.decode()
    assert page in ana.get("/desk/contacts/redirects").content.decode()
    assert signed_in(office, "pia").get(page).status_code == 403
    assert signed_in(office, "dora").get(page).status_code == 404
    assert page not in signed_in(office, "dora").get("/desk/contacts/redirects").content.decode()
    assert post_as_shown(ana, page, to="other", other="nobody").status_code == 422
    for old in ("", "0" * 32):
        assert ana.post(page, {"once": new_form_key(), "to": "keep", "seen": old}).status_code == 422
    seen = seen_on(ana.get(page).content.decode())
    done = ana.post(page, {"once": new_form_key(), "to": TYPED, "seen": seen}, follow=True).content.decode()
    assert "The message goes to the chosen address." in done
    office.work()
    assert outsiders(office) == [ABUSE, TYPED]


def test_very_many_answers_on_one_link_wait_and_lose_nothing(office: Office, told: NoticeItem) -> None:
    link = path_of(link_in(office.mails(ABUSE)[0], "notice"))

    def send(number: int) -> tuple[int, str]:
        sent = {f"answer-{told.pk}": "disputed", f"detail-{told.pk}": f"Reason {number}", "once": new_form_key()}
        answer = Client().post(link, sent)
        return answer.status_code, answer.content.decode() + answer.get("Retry-After", "")

    assert [send(number)[0] for number in range(10)] == [303] * 10
    code, page = send(10)
    assert (code, page.endswith("60"), "Reason 10" in page) == (429, True, True)
    assert "Too many answers came" in page
    assert Client().get(link).status_code == 200
    office.work()  # minutes later
    assert send(11)[0] == 303


def test_the_police_link_slows_down_as_well(office: Office) -> None:
    office.act(office.case())
    office.work()
    link = path_of(link_in(office.mails(POLICE)[0], "referral"))
    codes = [
        Client().post(link, {"act": "note", "note": f"Word {number}", "once": new_form_key()}).status_code
        for number in range(11)
    ]
    assert codes == [303] * 10 + [429]


def test_what_was_typed_is_read_without_trouble() -> None:
    assert typed_addresses("Ask <NOC@Other.example>; or mailto:b@c.example, not a@ or @b or a@b@c.d") == (
        "noc@other.example",
        "b@c.example",
    )
    assert typed_addresses("x@y.example " * 9000) == ("x@y.example",)
    assert typed_addresses("a@b.example,c@d.example;e@f.example") == ("a@b.example", "c@d.example", "e@f.example")
    assert searchable_parts("a@first.example b@second.third.example") == ("first", "second", "third")
    assert searchable_parts("(harbour) one@two") == ("harbour",)
    assert searchable_parts("Harbour Networks noc@gmail.com") == ("harbour", "networks")
    entries = [(1, "Harbour Host", "abuse@harbour.example"), (2, "Somebody", "a@b.example")]
    assert nearest("the harbour people", entries) == (1,)
    assert nearest("", entries) == ()


def test_only_so_much_of_what_was_typed_is_read() -> None:
    many = [f"a{number}@b.example" for number in range(6)]
    assert typed_addresses(" ".join(many)) == tuple(many[:5])
    assert typed_addresses("x " * 399 + "a@b.example") == ("a@b.example",)
    assert typed_addresses("x " * 400 + "a@b.example") == ()
    long = "a" * 242 + "@b.example.cc"
    assert typed_addresses(f"{long[1:]} {long}") == (long[1:],)
    assert searchable_parts("words " * 400 + "harbour") == ("words",)
    assert searchable_parts("ship ports a-b-c-d noc@ab.abc.mail.example") == ("abc", "ports")
    assert searchable_parts(" ".join(f"word{number}" for number in range(9))) == tuple(f"word{n}" for n in range(8))


def test_the_entry_that_shares_most_comes_first() -> None:
    entries = [(9, "Harbour", "a@b.example"), (3, "Harbour", ""), (5, "HARBOUR Networks", ""), (1, "Other", "")]
    assert nearest("harbour networks", entries) == (5, 3, 9)
    assert len(nearest("harbour", [(number, "harbour", "") for number in range(9)])) == 8
