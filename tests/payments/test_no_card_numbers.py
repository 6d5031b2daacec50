"""No whole number of a card is kept, whoever writes it and by whichever door: every cell of every table is searched."""

import json
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope

from leeward.casework.money.services import note_report
from leeward.foundation.actor import Actor
from leeward.hosting.models import Location
from leeward.intake import services as intake_services
from leeward.intake.models import Item, OutsideAppeal, Report, ReporterMessage
from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.sms_shapes import Incoming
from leeward.intake.rules.where import item_drafts
from leeward.intake.services.texting import take_text
from leeward.jobs.worker import run_until_idle
from leeward.notices.models import Contact, InboundMail
from leeward.notices.services.mail import take_in
from leeward.payments.models import Payee
from leeward.people.models import Portal
from leeward.people.queries import portal
from leeward.providers.models import ProviderLine
from leeward.providers.rules.line import canonical_of, digest_of
from leeward.tips import services as tips_services
from leeward.tips.models import TipVersion
from leeward.web_security.keys import new_form_key
from tests.exchange.link import Pair, said
from tests.exchange.test_peers import Two, configure
from tests.payments.rules.test_cards import completed
from tests.personas import Cast
from tests.providers.conftest import Program, as_lines, line, make_key, make_provider
from tests.tips.conftest import found_in
from tests.tips.samples import police

pytestmark = pytest.mark.django_db
CARDS = [completed(f"4539{number:02}", 16) for number in range(40)]


def grouped(digits: str) -> str:
    return " ".join(digits[at : at + 4] for at in range(0, 16, 4))


def cells() -> list[str]:
    """Every value of every table."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor, include_views=False):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for value in row:
                    if isinstance(value, bytes | memoryview):
                        found.append(bytes(value).decode("latin-1"))
                    elif value is not None:
                        found.append(str(value))
    return found


def assert_none_is_kept() -> None:
    """No cell of any table has a whole number, whatever stands between its digits."""
    for cell in cells():
        digits = "".join(filter(str.isdigit, cell))
        assert not any(card in digits for card in CARDS), cell[:500]


def a_report(cast: Cast, where: str, text: str, **more: str) -> tuple[int, str]:
    key = new_form_key()
    services = {more["typed"]: more["service"]} if "typed" in more else {}
    draft = ReportDraft("page", item_drafts(where, services), where=where, text=text, referrer=more.get("referrer", ""))
    for _again in range(2):
        received = intake_services.receive_report(
            draft, hotline_id=cast.hotline_id, portal_id=cast.portal_id, language="en", form_key=key
        )
    return received.report_id, received.receipt


def test_no_door_lets_one_in(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        number, _receipt = a_report(
            cast, CARDS[0], f"They want money on my card {grouped(CARDS[1])}", referrer=f"a letter: {CARDS[2]}"
        )
        intake_services.add_to_report(number, text=f"And {CARDS[3]}\nat http://b.example/y", form_key=new_form_key())
        a_report(cast, CARDS[4], "I found a bad page.", typed=CARDS[4], service="my Visa card")
        (thing,) = item_drafts(CARDS[5], {})
        intake_services.ask_from_outside(
            thing, relation="owner", text=f"mine is {CARDS[6]}", contact="", hotline_id=cast.hotline_id,
            portal_id=cast.portal_id, language="en", form_key=new_form_key(),
        )  # fmt: skip
        texted = Incoming("+18765550100", "", f"http://c.example/z wants visa {CARDS[7]}", "1", has_picture=False)
        take_text(texted, portal(cast.portal_id), language="en")
        mail = EmailMessage()
        sender = f'"Firm {CARDS[13]}" <firm@pay.example>'
        mail["From"], mail["To"], mail["Message-ID"] = sender, "hotline@here.example", "<1@pay.example>"
        mail["Subject"] = f"card {CARDS[8]}"
        mail.set_content(f"We stopped {grouped(CARDS[9])}.")
        take_in(mail.as_bytes())
        program = Program(cast, provider := make_provider(cast), make_key(provider), "")
        told = line(
            words=f"pays with {CARDS[10]}",
            accounts=[{"service": "visa card", "id": CARDS[11]}],
            files=[{"name": f"{grouped(CARDS[12])}.txt", "hashes": {"md5": "a" * 32}}],
        )
        answer = program.post(as_lines(told))
        assert answer.status_code == 201, answer.data
        note_report(number)

        assert any("b.example" in cell for cell in cells()), "the tables are read"
        assert_none_is_kept()
        report = Report.objects.get(pk=number)
        last = [card[-4:] for card in CARDS]
        assert report.text == f"They want money on my card [visa *{last[1]}]"
        assert (report.where, report.referrer) == (f"[visa *{last[0]}]", f"a letter: [visa *{last[2]}]")
        assert next(one.typed for one in Item.objects.filter(report=number).order_by("pk")) == f"[visa *{last[0]}]"
        assert [one.text for one in ReporterMessage.objects.filter(report=number)] == [
            f"And [visa *{last[3]}]\nat http://b.example/y"
        ], "what is sent again adds nothing"
        assert OutsideAppeal.objects.get().text == f"mine is [visa *{last[6]}]"
        assert InboundMail.objects.get().text.strip() == f"We stopped [visa *{last[9]}]."
        assert parseaddr(InboundMail.objects.get().sender) == (f"Firm [visa *{last[13]}]", "firm@pay.example")
        assert f"visa *{last[1]}" in set(Payee.objects.values_list("value", flat=True)), "it is still a finding"
        kept_line = ProviderLine.objects.get()
        assert json.loads(kept_line.facts)["words"] == f"pays with [visa *{last[10]}]"
        assert kept_line.digest == digest_of(canonical_of(told)), "a provider's own copy has the digest of the receipt"


def test_an_address_and_an_account_keep_none_that_is_called_so(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        where = f"https://a.example/?card={CARDS[0]}&p=1\n{CARDS[1]} on telegram\n192.0.2.7/x?card={CARDS[2]}"
        number, _receipt = a_report(cast, where, f"order {CARDS[3]}\nand " + "\n".join(grouped(CARDS[4]).split()))
        told = line(
            addresses=[f"https://b.example/{'-'.join(grouped(CARDS[5]).split())}/x"],
            accounts=[{"service": "chat", "id": CARDS[6], "name": CARDS[7], "phone": CARDS[8]}],
            events=[{"at": "2026-11-01T09:00:00Z", "account": CARDS[9]}],
        )
        program = Program(cast, provider := make_provider(cast), make_key(provider), "")
        assert program.post(as_lines(told)).status_code == 201
        run_until_idle(most=8)

        assert_none_is_kept()
        report = Report.objects.get(pk=number)
        last = [card[-4:] for card in CARDS]
        assert report.where == (
            f"https://a.example/?card=visa*{last[0]}&p=1\n[visa *{last[1]}] on telegram\n192.0.2.7/x?card=visa*{last[2]}"
        )
        assert report.text == f"order [visa *{last[3]}]\nand [visa *{last[4]}]"
        items = Item.objects.filter(report=number).order_by("pk")
        assert [one.kind for one in items] == ["url", "account", "url"]
        assert items[0].display == f"https://a.example/?card=visa*{last[0]}&p=1"
        assert items[1].display == f"[visa *{last[1]}] (Telegram)"
        assert Location.objects.filter(display=items[0].display).exists(), "it is a place that can be fetched"


def test_tips_are_kept_without(cast: Cast) -> None:
    numbers = police(urls=[f"https://c.example/?card={CARDS[0]}"], person={"screenName": {"value": CARDS[1]}})
    numbers["additionalInformations"] = [{"value": f"card {grouped(CARDS[2])}"}, {"value": int(CARDS[3])}]
    with scope(hotline=cast.hotline_id):
        mail = EmailMessage()
        Contact.objects.create(
            hotline_id=cast.hotline_id, kind="hotline", name="Far", email="desk@far.example", country="GB"
        )
        mail["From"], mail["To"], mail["Message-ID"] = "desk@far.example", "hotline@here.example", "<2@far.example>"
        mail["Subject"] = "Tips"
        mail.set_content("See the file.")
        mail.add_attachment(
            json.dumps(numbers | {"reportId": "9", CARDS[4]: float(CARDS[5])}).encode(),
            "application",
            "json",
            filename="a.json",
        )
        kept = take_in(mail.as_bytes())
        assert InboundMail.objects.get(pk=kept).documents, "what a program can read of it"
        assert_none_is_kept()
        for _again in range(2):
            tips_services.take_in(
                found_in(numbers), hotline_id=cast.hotline_id, portal_id=cast.portal_id, label="referral", way="command",
                actor=Actor(kind="command", hotline_id=cast.hotline_id),
            )  # fmt: skip
        assert TipVersion.objects.count() == 1, "the same tip again is no version"
        run_until_idle(most=12)
        assert_none_is_kept()
        assert Report.objects.filter(source="tip", where=f"https://c.example/?card=visa*{CARDS[0][-4:]}").exists()


def test_messages_of_hotlines_are_kept_and_sent_without(cast: Cast, settings: Any) -> None:
    configure(settings, "http://127.0.0.1:1")
    Portal.objects.update(takes_reports=False, was_opened=False)  # one person is enough to confirm a peer
    pair = Pair(Two(cast))
    pair.report(text=f"It takes {CARDS[0]}.", language="en", address=f"https://d.example/?pan={CARDS[1]}")
    pair.quiet()
    pair.accept()
    pair.quiet()
    assert_none_is_kept()
    (here,), (there,) = pair.rows("here"), pair.rows("there")
    assert said(here) == said(there)
    with pair.at("there"):
        assert Report.objects.get(source="peer").text == f"It takes [visa *{CARDS[0][-4:]}]."


def test_a_question_is_answered_without_one(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        number, _receipt = a_report(cast, "http://a.example/x", "I found a bad page.")
        asked = intake_services.ask_reporter(number, text="Where was it?", actor=cast["ana"].actor)
        intake_services.answer_question(
            number, asked, text=f"on {CARDS[0]}", form_key=new_form_key(), now=datetime.now(UTC)
        )
        (answer,) = ReporterMessage.objects.filter(direction="from_reporter")
        assert answer.text == f"on [visa *{CARDS[0][-4:]}]"
