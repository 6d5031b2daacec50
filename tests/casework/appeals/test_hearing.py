"""Natural justice: a statement, a reply, reasons, and somebody who had no part; all by receipt, without a name."""

from typing import Any

import pytest
from django.test import Client

from leeward.casework.errors import NoPart, RepliedAlready
from leeward.casework.models import Appeal
from leeward.casework.services import decide_appeal, reply_to_appeal
from leeward.intake.errors import NoMoreStatements
from leeward.intake.rules.where import item_drafts
from leeward.intake.services import add_statement, ask_from_outside
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import Desk
from tests.casework.quality.test_quality import once_in, seen

pytestmark = pytest.mark.django_db
ADULT = {"medium": "photograph", "age_band": "adult", "act": "uk_b", "real_person": "yes"}


def post(client: Client, receipt: str, **values: str) -> str:
    answer = client.post("/jm/receipt", {"receipt": receipt, **values})
    assert answer.status_code == 200
    assert not answer.cookies
    return answer.content.decode()


def test_an_owner_is_heard_and_reads_the_reasons(desk: Desk, acts_of: Any) -> None:
    case, cast = desk.first("http://a.example/1"), desk.cast
    desk.assess(case)
    asked = ask_from_outside(
        item_drafts("http://a.example/1", {})[0], relation="owner", text="It is my shop.", contact="", language="en",
        hotline_id=cast.hotline_id, portal_id=cast.portal_id, form_key=new_form_key(),
    )  # fmt: skip
    desk.work()
    owner, appeal = Client(), Appeal.objects.get()
    page = post(owner, asked.receipt)
    assert "Add a statement" in page
    assert "The reasons" not in page
    assert "Write something first" in post(owner, asked.receipt, act="state", text="  ")
    for _ in range(2):
        page = post(owner, asked.receipt, act="state", text="The person has papers.")
        assert "The person who decides reads it too" in page
    assert "Add a statement" not in page, "already has a statement"
    page = post(owner, asked.receipt)
    assert "You added a statement" in page
    assert "The person has papers." not in page, "somebody else may read the receipt"
    assert "already has a statement" in post(owner, asked.receipt, act="state", text="And one more.")

    ana, carl = desk.signed_in("ana"), desk.signed_in("carl")
    path = f"/desk/appeals/{appeal.pk}/reply"
    assert case.reference in seen(ana, "/desk/quality")
    assert "Explain the decision" in seen(ana, f"/desk/case/{case.reference}")
    for name in ("bela", "carl"):
        assert desk.signed_in(name).get(path).status_code == 403
        with pytest.raises(NoPart):
            reply_to_appeal(appeal.pk, text="I think so too.", actor=cast[name].actor)
    page = seen(ana, path)
    assert "The person has papers." in page
    assert ana.post(path, {"once": once_in(page), "text": "The stamp on it is false."}).status_code == 302
    with pytest.raises(RepliedAlready):
        reply_to_appeal(appeal.pk, text="And one more.", actor=cast["ana"].actor)
    assert f"/desk/appeals/{appeal.pk}/reply" not in seen(ana, "/desk/quality")

    page = seen(carl, f"/desk/appeals/{appeal.pk}")
    assert "The person has papers." in page
    assert "Somebody outside: “It is my website or my account”" in page
    assert "The stamp on it is false." in page
    decide_appeal(appeal.pk, upheld=False, reasons="The papers are of somebody else.", actor=cast["carl"].actor)
    desk.work()
    page = post(owner, asked.receipt)
    assert "The papers are of somebody else." in page
    assert "The stamp" not in page, "the reply is for whoever decides"
    with pytest.raises(NoMoreStatements):
        add_statement("outside", asked.appeal_id, text="Too late.", form_key=new_form_key())
    assert {"appeal.opened", "appeal.replied", "appeal.decided"} <= set(acts_of(case))


def test_a_reporter_is_heard_too(desk: Desk) -> None:
    from leeward.intake.rules.draft import ReportDraft
    from leeward.intake.services import receive_report

    cast = desk.cast
    received = receive_report(
        ReportDraft(kind="page", text="I found a bad page.", items=item_drafts("http://a.example/2", {})), language="en",
        hotline_id=cast.hotline_id, portal_id=cast.portal_id, form_key=new_form_key(),
    )  # fmt: skip
    desk.work()
    from leeward.casework.models import CaseItem

    case = CaseItem.objects.get(item__report_id=received.report_id).case
    desk.assess(case, outcome="not_illegal", facts=ADULT, reason=14)
    reporter = Client()
    page = post(reporter, received.receipt)
    post(reporter, received.receipt, act="review", text="", once=once_in(page))
    desk.work()
    assert "Add a statement" in post(reporter, received.receipt)
    post(reporter, received.receipt, act="state", text="There is a date on it.")
    appeal = Appeal.objects.get()
    assert "There is a date on it." in seen(desk.signed_in("carl"), f"/desk/appeals/{appeal.pk}")
    decide_appeal(appeal.pk, upheld=True, reasons="The date changes it.", actor=cast["carl"].actor)
    page = post(reporter, received.receipt)
    assert "You were right to ask" in page
    assert "There is a date on it." not in page
    assert "The date changes it." in page
    post(reporter, received.receipt, act="withdraw")
    assert "There is a date on it." not in seen(desk.signed_in("carl"), f"/desk/appeals/{appeal.pk}")
