"""No whole number of a card is kept, whoever writes it and by whichever door: every cell of every table is searched."""

import json
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from django.db import connection
from django_scopes import scope

from leeward.casework.money.services import note_report
from leeward.intake import services as intake_services
from leeward.intake.models import Item, OutsideAppeal, Report, ReporterMessage
from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.sms_shapes import Incoming
from leeward.intake.rules.where import item_drafts
from leeward.intake.services.texting import take_text
from leeward.notices.models import InboundMail
from leeward.notices.services.mail import take_in
from leeward.payments.models import Payee
from leeward.people.queries import portal
from leeward.providers.models import ProviderLine
from leeward.providers.rules.line import canonical_of, digest_of
from leeward.web_security.keys import new_form_key
from tests.payments.rules.test_cards import completed
from tests.personas import Cast
from tests.providers.conftest import Program, as_lines, line, make_key, make_provider

pytestmark = pytest.mark.django_db
CARDS = [completed(f"4539{number:02}", 16) for number in range(20)]


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
        mail["From"], mail["To"], mail["Message-ID"] = "firm@pay.example", "hotline@here.example", "<1@pay.example>"
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

        found = cells()
        assert any("b.example" in cell for cell in found), "the tables are read"
        for card in CARDS:
            kept = [cell for cell in found if card in "".join(filter(str.isdigit, cell))]
            assert kept == [], card
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
        assert f"visa *{last[1]}" in set(Payee.objects.values_list("value", flat=True)), "it is still a finding"
        kept_line = ProviderLine.objects.get()
        assert json.loads(kept_line.facts)["words"] == f"pays with [visa *{last[10]}]"
        assert kept_line.digest == digest_of(canonical_of(told)), "a provider's own copy has the digest of the receipt"


def test_the_name_of_an_account_and_an_address_stay_whole(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        where = f"https://a.example/{CARDS[0]}\n{CARDS[1]} on telegram"
        number, _receipt = a_report(cast, where, "I found a bad page.")
        assert Report.objects.get(pk=number).where == where
        assert CARDS[1] in Item.objects.filter(report=number).order_by("pk")[1].typed


def test_a_question_is_answered_without_one(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        number, _receipt = a_report(cast, "http://a.example/x", "I found a bad page.")
        asked = intake_services.ask_reporter(number, text="Where was it?", actor=cast["ana"].actor)
        intake_services.answer_question(
            number, asked, text=f"on {CARDS[0]}", form_key=new_form_key(), now=datetime.now(UTC)
        )
        (answer,) = ReporterMessage.objects.filter(direction="from_reporter")
        assert answer.text == f"on [visa *{CARDS[0][-4:]}]"
