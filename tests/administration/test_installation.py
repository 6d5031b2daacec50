"""What holds for the whole installation, set and tested on the desk: by whom, with what, what wins, and what never shows."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.template.base import Template
from django.test import Client
from django.test.utils import instrumented_test_render
from django_scopes import scope
from pydantic import ValidationError

from leeward.administration.services.settings_file import take_settings, write_settings
from leeward.audit.queries import log_page
from leeward.demo.world.dns import NameServer
from leeward.demo.world.smtp import MailServer
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed
from leeward.installation import stamp
from leeward.installation.errors import SetByTheMachine, ValueDoesNotFit
from leeward.installation.labels import CHOICES as WORDS
from leeward.installation.labels import fault_sentence
from leeward.installation.models import Change, Chosen
from leeward.installation.queries import config_now, default_of
from leeward.installation.rules import choices
from leeward.installation.rules.choices import CHOICES, GROUPS, fault_of
from leeward.installation.services import change, wake
from leeward.notices.tasks import read_mailbox
from leeward.people.models import Portal
from leeward.site.config import Config
from leeward.site.doctor import findings
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on
from tests.notices.imap import ImapServer
from tests.people.signing import signed_in
from tests.personas import Cast

PAGE = "/desk/administration/installation"
WORD = "a long one"


@pytest.fixture
def desk(settings: Any, tmp_path: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The administrator of the hotline that runs the installation, where nothing was ever chosen; looks are never put off."""
    monkeypatch.setattr(stamp, "POLL_SECONDS", 0.0)
    Portal.objects.update(takes_reports=False, was_opened=False)  # then the mail server takes one person
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path})
    stamp.forget()
    return signed_in(cast, "adam")


def form_of(desk: Client, group: str) -> Any:
    """The form of a group as it stands."""
    with pytest.MonkeyPatch.context() as noting:
        noting.setattr(Template, "_render", instrumented_test_render)
        return desk.get(f"{PAGE}/{group}").context["form"]


def send(desk: Client, group: str, **typed: object) -> Any:
    """The form of a group as it stands, with some fields typed anew."""
    shown = form_of(desk, group)
    held = {name: shown[name].value() for name in shown.fields if not isinstance(shown[name].value(), bool)}
    seen = seen_on(desk.get(f"{PAGE}/{group}").content.decode())
    return desk.post(f"{PAGE}/{group}", held | {"reason": "We moved.", "seen": seen} | typed)


def tried(desk: Client, group: str, **more: str) -> str:
    """What a test button says."""
    return desk.post(f"{PAGE}/{group}/test", {"once": new_form_key(), **more}, follow=True).content.decode()


def doctors() -> set[str]:
    return {finding.id for finding in findings()}


@pytest.mark.django_db
def test_a_mail_server_from_the_first_field_to_a_letter_that_arrived(
    desk: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    assert "leeward.site.W005" in doctors()
    Portal.objects.update(languages=["en"])
    checklist = f"/desk/administration/portals/{cast.portal_id}"
    assert "so no mail goes out" in desk.get(checklist).content.decode()
    with MailServer(security="starttls", user="leeward", password=WORD) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        typed = {"smtp_host": "localhost", "smtp_port": server.port, "smtp_user": "leeward", "smtp_password": WORD}
        refused = send(desk, "mail", **typed | {"smtp_host": "two words", "mail_from": "nobody", "reason": ""})
        said = refused.content.decode()
        assert refused.status_code == 422
        for sentence in ("not the name of a server", "only these ports", "not a complete address", "This is empty"):
            assert sentence in said
        assert 'value="two words"' in said, "errors lose nothing"
        assert not Chosen.objects.exists()

        monkeypatch.setattr(choices, "MAIL_PORTS", (server.port, 465))
        assert send(desk, "mail", **typed, mail_from="desk@jm.example").status_code == 302
        assert (config_now().smtp_host, config_now().smtp_password) == ("localhost", WORD)
        with django_assert_max_num_queries(12):
            page = desk.get(f"{PAGE}/mail").content.decode()
        for hidden in (page, json.dumps(list(Chosen.objects.values_list("value", flat=True)))):
            assert WORD not in hidden
        assert "A value is stored" in page
        assert "We moved." in page
        assert "leeward.site.W012" in doctors()

        once = new_form_key()
        for _ in range(2):  # sent twice is once
            said = desk.post(f"{PAGE}/mail/test", {"once": once}, follow=True).content.decode()
        [letter] = server.messages("adam@staff.example")
        assert (letter.message["From"].addresses[0].addr_spec, letter.user) == ("desk@jm.example", "leeward")
        assert "worked" in desk.get(PAGE).content.decode()
        assert not {"leeward.site.W005", "leeward.site.W012"} & doctors()
        with django_assert_max_num_queries(14):  # two of them for the messages of the page before
            assert "accepted a test message" in desk.get(checklist).content.decode()

        assert "type the password again" in send(desk, "mail", smtp_port=465).content.decode()
        assert config_now().smtp_port == server.port, "a kept password goes to no other server"
        assert send(desk, "mail", mail_from="other@jm.example").status_code == 302
        assert config_now().smtp_password == WORD
        assert "changed since the last test" in desk.get(PAGE).content.decode()
        send(desk, "mail", smtp_password="wrong")
        assert "refused our log-in" in tried(desk, "mail")
    line = next(line for line in log_page(0) if line.event == "installation.changed")
    assert (line.actor, line.facts) == (cast["adam"].actor.label, {"settings": ["smtp_password"]})
    assert WORD not in json.dumps([row.facts for row in log_page(0)])


@pytest.mark.django_db
def test_the_environment_wins_and_the_page_says_so(desk: Client, cast: Cast, settings: Any) -> None:
    change("times", {"police_wait_hours": 48, "claim_minutes": 20}, reason="Slow mail.", actor=Actor("command"))
    settings.LEEWARD = settings.LEEWARD.model_copy(
        update={"police_wait_hours": 12.0, "smtp_password": "from a file", "mailbox": f"imaps://x:{WORD}@127.0.0.1/"}
    )
    assert (config_now().police_wait_hours, config_now().claim_minutes) == (12.0, 20)
    page = desk.get(f"{PAGE}/times")
    assert "LEEWARD_POLICE_WAIT_HOURS" in page.content.decode()
    assert "police_wait_hours" not in form_of(desk, "times").fields
    adam = cast["adam"].actor
    with pytest.raises(SetByTheMachine):
        change("times", {"police_wait_hours": 1}, reason="I want it.", actor=adam)
    with pytest.raises(SetByTheMachine):  # the machine's password never goes to a server of the desk
        change("mail", {"smtp_host": "mail.elsewhere.example"}, reason="I want it.", actor=adam)
    for group in ("mail", "mailbox"):
        shown = desk.get(f"{PAGE}/{group}").content.decode()
        assert "from a file" not in shown
        assert WORD not in shown
    assert "<form" not in desk.get(f"{PAGE}/mailbox").content.decode().split('id="test"')[0].split("<h1>")[1]
    assert send(desk, "times", undo_seconds=5, claim_minutes=30).status_code == 302
    assert [row.name for row in Chosen.objects.all()] == ["police_wait_hours"], "what is as it began is not kept"
    assert config_now().undo_seconds == 0, "the environment of the tests says so"


@pytest.mark.django_db
def test_only_the_hotline_that_runs_the_installation_sets_it(desk: Client, cast: Cast, settings: Any) -> None:
    adam, dora, values = cast["adam"].actor, cast["dora"].actor, {"contact_days": 30}

    def may(actor: Actor) -> bool:
        try:
            change("keeping", values, reason="Less is enough.", actor=actor)
        except NotAllowed:
            return False
        return True

    def leads() -> list[bool]:
        """Whether the checklist of a portal leads them to the mail server."""
        mine = ((desk, cast.portal_id), (signed_in(cast, "dora"), cast.other_portal_id))
        return [PAGE in who.get(f"/desk/administration/portals/{number}").content.decode() for who, number in mine]

    assert leads() == [True, False]
    assert "Hotline of Jamaica" in signed_in(cast, "dora").get(f"{PAGE}/mail").content.decode()
    assert PAGE not in signed_in(cast, "dora").get("/desk/administration").content.decode()
    assert PAGE in desk.get("/desk/administration").content.decode()
    assert signed_in(cast, "dora").post(f"{PAGE}/mail/test", {"once": new_form_key()}).status_code == 403
    assert [may(one) for one in (adam, dora, cast["carl"].actor, cast["otto"].actor)] == [True, False, False, False]
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"run_by": "bb"})
    assert [may(one) for one in (adam, dora)] == [False, True]
    assert leads() == [False, True]
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"run_by": "nobody"})
    assert [may(one) for one in (adam, dora, Actor("command"))] == [False, False, True]
    assert leads() == [False, False]
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"run_by": "gone"})
    assert "leeward.site.W013" in doctors()


@pytest.mark.django_db
def test_test_buttons_say_what_happened_and_show_nothing_of_the_machines_network(
    desk: Client, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with NameServer() as names:
        names.set("pictures.example", "A", "93.184.215.14")
        names.set("printer.example", "A", "192.168.7.9")
        settings.LEEWARD = settings.LEEWARD.model_copy(
            update={"dns_resolvers": (names.resolver,), "control_url": "http://printer.example/"}
        )
        assert "pictures.example is at 93.184.215.14" in tried(desk, "names", name="pictures.example")
        inside = tried(desk, "names", name="printer.example")
        assert "private network" in inside
        assert "192.168" not in inside
        assert "domain does not exist" in tried(desk, "names", name="nowhere.example")
        assert "no connection" in tried(desk, "fetching"), "the guard stands"
    assert desk.post(f"{PAGE}/times/test", {"once": new_form_key()}).status_code == 404
    with ImapServer(tmp_path, password=WORD) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.made.certificate))
        monkeypatch.setattr(choices, "MAILBOX_PORTS", (server._server.server_address[1],))
        typed = {"mailbox_host": "localhost", "mailbox_port": choices.MAILBOX_PORTS[0], "mailbox_user": "leeward"}
        assert send(desk, "mailbox", **typed, mailbox_password=WORD).status_code == 302
        server.messages.append(b"Subject: hello\r\nMessage-ID: <1@mail.example>\r\n\r\nWe have it.\r\n")
        assert "It holds 1 message" in tried(desk, "mailbox")
        assert server.seen == set(), "a test reads none"
        read_mailbox()
        assert server.seen == {1}, "the worker reads the mailbox that the desk named"
    assert "can’t be read" in tried(desk, "mailbox")
    assert desk.post(f"{PAGE}/mailbox/test", {"once": new_form_key()}).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_a_change_holds_in_every_process_and_after_a_stop_at_any_moment(desk: Client, cast: Cast) -> None:
    adam = cast["adam"].actor
    change("keeping", {"contact_days": 30}, reason="Less is enough.", actor=adam)
    assert config_now().contact_days == 30
    assert "30 days" in Client().get("/jm/privacy").content.decode()
    Chosen.objects.filter(name="contact_days").update(value=45)  # by a process that stopped before it could tell
    assert config_now().contact_days == 30
    wake()
    assert config_now().contact_days == 45
    stamp.path().unlink()
    assert config_now().contact_days == 90
    wake()  # a database that was moved to another machine
    assert config_now().contact_days == 45
    with pytest.raises(ValueDoesNotFit):
        change("keeping", {"contact_days": 31, "draft_days": 0}, reason="Two at once.", actor=adam)
    assert config_now().contact_days == 45, "all or nothing"
    assert [row.reason for row in Change.objects.all()] == ["Less is enough."]


@pytest.mark.django_db
def test_the_settings_file_holds_them_without_passwords(desk: Client, cast: Cast, capsys: Any) -> None:
    mail = {
        "smtp_host": "mail.jm.example",
        "smtp_user": "leeward",
        "smtp_password": WORD,
        "mail_from": "desk@jm.example",
    }
    change("mail", mail, reason="The first server.", actor=cast["adam"].actor)
    with scope(hotline=cast.hotline_id):
        text = write_settings(cast.hotline_id)
        assert WORD not in text
        assert take_settings(cast.hotline_id, text, actor=cast["adam"].actor).changed == []
        said = {"leeward_settings": 1, **{name: json.loads(text)[name] for name in ("installation_mail",)}}
        assert said["installation_mail"]["smtp_user"] == "leeward"
        said["installation_mail"]["smtp_host"] = "mail.new.example"
        said["installation_names"] = {"dns_resolvers": ["192.0.2.53"]}
        done = take_settings(cast.hotline_id, json.dumps(said), actor=cast["adam"].actor)
        assert done.by_hand == ["Type it under Outgoing mail: Password."]
    config = config_now()
    assert (config.smtp_host, config.smtp_password, config.dns_resolvers) == ("mail.new.example", "", ("192.0.2.53",))
    with scope(hotline=cast.other_hotline_id):  # another hotline's file says nothing of the installation
        assert "installation_mail" not in write_settings(cast.other_hotline_id)
        assert take_settings(cast.other_hotline_id, json.dumps(said), actor=cast["dora"].actor).changed == []


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("smtp_host", ["", "mail.jm.example", "10.0.0.5", "::1", "localhost"], ["a b", "http://x", "-a", "x\r\nQUIT"]),
        ("smtp_port", [25, 587], [0, 22, 5432, 70000]),
        ("smtp_security", ["none", "tls"], ["", "ssl"]),
        ("smtp_user", ["", "desk@jm.example"], ["a\nb", "a" * 201]),
        ("mail_from", ["desk@jm.example"], ["", "desk", "a@b@c", "Desk <desk@jm.example>", "a\r\n@b.example"]),
        ("dns_resolvers", [[], ["192.0.2.1", "2001:db8::1"]], [["ns.example"], ["192.0.2.1:53"], ["192.0.2.1"] * 6]),
        ("fetch_proxy", ["", "socks5://127.0.0.1:1080", "socks5h://tor:9050"],
         ["http://x:1080", "socks5://a:b@x:1080", "socks5://x:6379", "socks5://x", "socks5://x:1080/path", "socks5://x:y"]),
        ("police_wait_hours", [1, 720], [0, 721]),
        ("notify_foreign_hosts", [True], [1, "yes"]),
    ],
)  # fmt: skip
def test_what_a_value_may_be(name: str, good: list[Any], bad: list[Any]) -> None:
    choice = CHOICES[name]
    assert [fault_of(choice, value) for value in good] == [""] * len(good)
    assert all(fault_sentence(fault_of(choice, value), choice) for value in bad)


def test_every_choice_has_a_field_words_and_bounds_that_the_configuration_takes() -> None:
    assert set(WORDS) == set(CHOICES)
    assert {choice.group for choice in CHOICES.values()} == set(GROUPS)
    for choice in CHOICES.values():
        assert choice.field in Config.model_fields
        assert choice.name == "mail_from" or fault_of(choice, default_of(choice)) == "", choice.name
        if choice.most:
            for number in (choice.least, choice.most):
                try:
                    Config(**{choice.field: number})
                except ValidationError as error:
                    pytest.fail(f"{choice.name}: {error}")


@pytest.mark.django_db
def test_times_are_those_of_the_hotline(desk: Client, cast: Cast) -> None:
    change("keeping", {"contact_days": 30}, reason="Less is enough.", actor=cast["adam"].actor)
    Change.objects.update(at=datetime(2026, 3, 12, 20, 0, tzinfo=UTC))
    Portal.objects.filter(pk=cast.portal_id).update(time_zone="Pacific/Kiritimati")
    assert ">13 March 2026, 10:00</time>" in desk.get(f"{PAGE}/keeping").content.decode()


@pytest.mark.django_db
def test_an_older_page_puts_no_setting_back(desk: Client) -> None:
    old = seen_on(desk.get(f"{PAGE}/times").content.decode())
    send(desk, "times", police_wait_hours=30)
    for seen in (old, ""):
        answer = send(desk, "times", police_wait_hours=40, seen=seen)
        assert answer.status_code == 302
        assert "Something else was entered since you opened this page." in desk.get(answer.url).content.decode()
        assert config_now().police_wait_hours == 30
