"""Notices to a host's own server: over real sockets, signed, once for whoever leaves out what it has."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pysequoia
import pytest
import xarf as theirs

from leeward.demo.world.receiver import Receiver
from leeward.demo.world.web import Answer
from leeward.jobs.worker import run_until_idle
from leeward.notices import queries, services
from leeward.notices.channels import webhook
from leeward.notices.errors import KeyUnusable, WebhookUnusable
from leeward.notices.models import Contact, Message, NoticeItem, StaffNote
from leeward.notices.queries.directory import events_of
from leeward.notices.rules.briefs import Plan
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_pages import path_of, signed_in

HOST = Plan(police=False)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
UPSTREAM = "noc@upstream.example"
SCHEMA = json.loads(Path(webhook.__file__).with_name("schema.json").read_text())


def is_valid(content: dict[str, Any]) -> bool:
    checker = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    return not list(checker.iter_errors(content))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        yield server


@pytest.fixture
def host(office: Office, receiver: Receiver, configure: Callable[..., None]) -> Contact:
    """The host's entry in the directory, with a webhook whose secret the receiver knows."""
    configure(webhook_allow_http=True)
    office.internet.host("pictures.harbour-host.example", abuse=[ABUSE], upstream=[UPSTREAM])
    number = services.add_contact(
        services.ContactDetails("host", "", "Harbour Host", ABUSE),
        hotline_id=office.cast.hotline_id,
        actor=office.cast["carl"].actor,
    )
    receiver.secrets = {services.set_webhook(number, receiver.webhook, actor=office.cast["carl"].actor)}
    return Contact.objects.get(pk=number)


def only() -> Message:
    return Message.objects.get()


def asked_by(body: bytes) -> datetime:
    """By when a notice asks for what it asks."""
    [moment] = re.findall(r"by (\S+\s+\S+) UTC", json.loads(body)["data"]["text"])
    return datetime.strptime(" ".join(moment.split()), "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def minutes(office: Office, count: int) -> None:
    """Let minutes pass one by one, the worker doing in each what is due."""
    for _ in range(count):
        office.reached += timedelta(minutes=1)
        office.clock.move_to(office.reached)
        run_until_idle(office.reached)


def test_a_contact_that_becomes_one_of_the_police_loses_its_webhook(
    office: Office, configure: Callable[..., None]
) -> None:
    configure(webhook_allow_http=True)
    carl = office.cast["carl"].actor
    host = services.ContactDetails("host", "", "Harbour Host", ABUSE)
    number = services.add_contact(host, hotline_id=office.cast.hotline_id, actor=carl)
    services.set_webhook(number, "https://abuse.harbour-host.example/", actor=carl)
    services.change_contact(number, services.ContactDetails("police", "JM", "Constabulary", ABUSE), actor=carl)
    assert Contact.objects.get().webhook_url == "", (
        "its page offers no webhook, so none is left that would forbid it a key"
    )


def test_from_the_contacts_page_to_a_signed_notice_and_its_answer(
    office: Office, receiver: Receiver, configure: Callable[..., None]
) -> None:
    configure(webhook_allow_http=True, smtp_host="")  # no mail server is needed
    number = services.add_contact(
        services.ContactDetails("host", "", "Harbour Host", ABUSE, wants_xarf=True),
        hotline_id=office.cast.hotline_id,
        actor=office.cast["carl"].actor,
    )
    carl, page = signed_in(office, "carl"), f"/desk/contacts/{number}"

    def press(act: str, **more: str) -> Any:
        seen = seen_on(carl.get(page).content.decode().partition('id="webhook"')[2])
        return carl.post(f"{page}/webhook", {"once": new_form_key(), "act": act, "seen": seen} | more)

    for wrong in ("", "abuse", "ftp://x.example/", "https://a:b@x.example/"):
        refused = press("set", url=wrong)
        assert (refused.status_code, "can’t be posted" in refused.content.decode()) == (422, True)
    old = seen_on(carl.get(page).content.decode().partition('id="webhook"')[2])
    told = press("set", url=receiver.webhook)
    for act in ("remove", "renew", "try", "set"):
        for seen in (old, ""):
            assert press(act, seen=seen, url=receiver.webhook).status_code == 409, "it was set since"
    receiver.secrets = {re.findall(r"whsec_[A-Za-z0-9+/=]+", told.content.decode())[0]}
    assert min(receiver.secrets) not in carl.get(page).content.decode()
    assert "accepted the test (HTTP 204)" in carl.get(press("try").headers["Location"]).content.decode()
    [test] = receiver.kept().values()
    assert (test["type"], is_valid(test), "items" in test["data"]) == ("notice.test", True, False)
    receiver.next(Answer(500))
    assert "It answered with HTTP 500." in press("try").content.decode()
    assert 'id="openpgp"' not in carl.get(page).content.decode(), "no form for what would be refused"

    briefs = [office.case(classification="A1", media="image"), office.case(urgent=False)]
    [preview] = queries.previews(briefs[0], HOST)
    assert preview.to == receiver.webhook
    assert [one.name for one in preview.attachments] == ["notice.json"]
    for one in briefs:
        office.act(one, HOST)
    office.work()

    assert office.mails(ABUSE) == []
    [content] = [one for one in receiver.kept().values() if one["type"] == "notice"]
    assert is_valid(content)
    assert not is_valid({**content, "data": {**content["data"], "items": []}})
    data = content["data"]
    assert [item["address"] for item in data["items"]] == [one.address for one in briefs]
    assert ["xarf" in item for item in data["items"]] == [True, False]
    assert theirs.parse(data["items"][0]["xarf"]).errors == []
    assert (data["hotline"]["email"], data["told_as"]) == ("desk@jm.example", "host")
    assert "0" * 64 not in json.dumps(data["items"]), "a report for programs holds nothing that could be evidence"
    assert all(one.address in data["text"] for one in briefs)
    assert json.loads(preview.attachments[0].text)["data"]["items"][0]["address"] == briefs[0].address
    assert (only().state, only().channel, only().code) == ("sent", "webhook", 204)
    for_page = carl.get("/desk/outbox?view=sent").content.decode()
    assert "HTTP 204" in for_page
    shown = carl.get(path_of(data["answer"]))
    assert briefs[1].address in shown.content.decode()

    # A renewed secret and the one before it both hold for a day, then only the new one; without a webhook it is mail again.
    [old], renewed = receiver.secrets, re.findall(r"whsec_[A-Za-z0-9+/=]+", press("renew").content.decode())[0]
    for secret, after, good in ((old, 0 * HOUR, True), (renewed, 0 * HOUR, True), (old, 25 * HOUR, False)):
        receiver.secrets = {secret}
        office.clock.shift(after)
        carl = signed_in(office, "carl")
        assert ("HTTP 401" in press("try").content.decode()) is not good
    receiver.secrets = {renewed}
    assert press("try").status_code == 302
    assert press("remove").status_code == 302
    assert Contact.objects.get().webhook_url == ""
    events = [event.word for event in events_of(number, hotline_id=office.cast.hotline_id)]
    assert {"Webhook added: notices are posted", "Webhook: new secret", "Webhook tested"} <= set(events)


def test_what_was_not_taken_comes_again_the_same_and_new_addresses_go_on_their_own(
    office: Office, receiver: Receiver, host: Contact
) -> None:
    """Three tries: taken but no answer, busy with a wish, good. The receiver has it once; nothing was added to it meanwhile."""
    receiver.next(Answer(hangs_up=True), keeps=True)
    receiver.next(Answer(503, headers=(("Retry-After", "300"),)))
    first = office.case()
    office.act(first, HOST)
    minutes(office, 3)
    assert (only().state, only().problem, only().attempts) == ("failed", "hook_no_answer", 1)
    [kept] = receiver.kept()
    later = office.case()
    office.act(later, HOST)
    minutes(office, 1)
    assert Message.objects.count() == 2
    services.withdraw(later.case_id, actor=office.cast["carl"].actor)
    minutes(office, 7)
    message = Message.objects.order_by("pk").first()
    assert message is not None
    assert (message.state, message.attempts) == ("sent", 3)
    assert [(one.id, one.again) for one in receiver.posted()] == [(kept, False), (kept, True)]
    first_sent, again = (one.content for one in receiver.posted())
    assert first_sent == again
    assert [item["address"] for item in again["data"]["items"]] == [first.address]
    assert len(NoticeItem.objects.filter(notice__sent_at__isnull=False)) == 1


def test_a_case_that_ends_after_a_try_without_an_answer_keeps_what_may_have_arrived(
    office: Office, receiver: Receiver, host: Contact
) -> None:
    receiver.next(Answer(hangs_up=True), keeps=True)
    one = office.case()
    office.act(one, HOST)
    minutes(office, 3)
    services.withdraw(one.case_id, actor=office.cast["carl"].actor)
    office.work(HOUR)
    assert only().state == "stopped"
    assert NoticeItem.objects.count() == 1  # the receiver can still answer by the link that it has
    assert len(receiver.posted()) == 1


@pytest.mark.parametrize(
    ("answer", "problem", "grade"),
    [
        (Answer(410), "hook_gone", "gone"),
        (Answer(302, headers=(("Location", "http://127.0.0.1/"),)), "hook_redirects", "hard"),
    ],
    ids=["gone", "redirect"],
)
def test_a_webhook_that_is_gone_or_refuses_is_given_up_and_somebody_else_told(
    office: Office, receiver: Receiver, host: Contact, answer: Answer, problem: str, grade: str
) -> None:
    receiver.next(*[answer] * 20)
    office.act(office.case(), HOST)
    for _ in range(12):
        office.work(timedelta(minutes=10))
    dead = Message.objects.order_by("pk").first()
    assert dead is not None
    assert (dead.state, dead.problem, dead.attempts > 1) == ("dead", problem, grade == "hard")
    host.refresh_from_db()
    assert (host.bounces_hard, host.bounced_at is not None) == (1, grade == "gone")
    assert StaffNote.objects.filter(what="contact_bad").exists() is (grade == "gone")
    assert len(office.mails(UPSTREAM)) == 1
    assert {seen.path for seen in receiver.requests()} == {"/notices"}
    [stuck] = queries.dead_letters()
    assert "webhook" in stuck.problem_sentence
    # A person corrects the address and sends it again, under the same identifier.
    receiver.calm_down()
    receiver.secrets = {services.set_webhook(host.pk, receiver.webhook, actor=office.cast["carl"].actor)}
    services.retry(stuck.id, actor=office.cast["carl"].actor)
    office.work()
    assert Message.objects.get(pk=stuck.id).state == "sent"
    assert len(receiver.kept()) == 1


def test_nothing_is_posted_inside_or_in_plain(
    office: Office, receiver: Receiver, host: Contact, configure: Callable[..., None]
) -> None:
    office.act(office.case(), HOST)
    run_until_idle(office.reached)
    configure(fetch_allowed_networks=())
    minutes(office, 3)
    assert (only().state, only().problem, only().sending_since) == ("failed", "hook_not_allowed", None)
    configure(fetch_allowed_networks=("127.0.0.0/8",), webhook_allow_http=False)
    minutes(office, 3)
    assert only().attempts > 1
    assert only().problem == "hook_not_allowed"
    assert receiver.requests() == []


def test_a_key_and_a_webhook_exclude_each_other(office: Office, host: Contact) -> None:
    carl = office.cast["carl"].actor
    certificate = str(pysequoia.Tsk.generate(ABUSE).extract_certificate())
    with pytest.raises(KeyUnusable):
        services.set_key(host.pk, certificate, actor=carl)
    services.remove_webhook(host.pk, actor=carl)
    services.set_key(host.pk, certificate, actor=carl)
    with pytest.raises(WebhookUnusable):
        services.set_webhook(host.pk, "https://abuse.host.example/", actor=carl)


def test_the_check_that_the_documents_give_to_receivers_is_good(
    office: Office, receiver: Receiver, host: Contact
) -> None:
    text = (Path(__file__).parents[2] / "docs" / "how-to" / "webhook.md").read_text()
    known: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0], known)
    services.try_webhook(host.pk, actor=office.cast["carl"].actor)
    [seen], [secret], check = receiver.requests(), receiver.secrets, known["is_from_the_hotline"]
    now = seen.at.timestamp()
    assert check(seen.headers, seen.body, secret, now)
    assert not check(seen.headers, seen.body + b" ", secret, now)
    assert not check(seen.headers, seen.body, secret, now + 301)
    assert not check({**seen.headers, "webhook-id": "msg_2"}, seen.body, secret, now)


def test_what_may_have_arrived_keeps_its_deadline_and_what_was_refused_gets_another(
    office: Office, receiver: Receiver, host: Contact
) -> None:
    """No answer, then busy for an hour and more: the same bytes each time. A person who sends it again days later asks for nothing that is over."""
    receiver.next(Answer(hangs_up=True), *[Answer(503)] * 3, Answer(410), keeps=True)
    office.act(office.case(), HOST)
    for _ in range(4):
        office.work(HOUR)
    [stuck] = queries.dead_letters()
    [first] = {seen.body for seen in receiver.requests()}
    office.work(3 * DAY)
    services.retry(stuck.id, actor=office.cast["carl"].actor)
    office.work()
    last = receiver.requests()[-1].body
    assert Message.objects.get(pk=stuck.id).state == "sent"
    assert asked_by(first) < office.reached - 2 * DAY < office.reached < asked_by(last)
