"""The desk's pages of tips: a preview, the list, one tip, feedback."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from leeward.intake.models import Report
from leeward.tips import services
from leeward.tips.models import TipRow
from leeward.tips.views import taking
from tests.having_read import marks_on
from tests.people.signing import signed_in
from tests.personas import Cast
from tests.tips.conftest import Bring
from tests.tips.samples import as_bytes, packed, police

pytestmark = pytest.mark.django_db


def upload(cast: Cast, content: bytes, **more: str) -> dict[str, object]:
    return {"file": SimpleUploadedFile("a.zip", content), "portal": str(cast.portal_id), "label": "referral"} | more


def test_a_file_is_seen_before_it_is_taken_in(here: Cast, bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = signed_in(here, "ana")
    content = packed(a__json=as_bytes(police(escalate="now")), b__xml=b"<!DOCTYPE x><x/>", c__jpg=b"\xff\xd8")
    page = ana.post("/desk/tips/take", upload(here, content))
    text = page.content.decode()
    assert "123456" in text
    assert "it has a document type" in text
    assert "the sender calls it urgent" in text
    assert not TipRow.objects.exists()
    values = {
        "packed": text.partition('name="packed" value="')[2].partition('"')[0],
        "portal": str(here.portal_id),
        "label": "referral",
    }
    again = [
        ana.post("/desk/tips/take", values, follow=True),
        signed_in(here, "ana").post("/desk/tips/take", values, follow=True),
    ]
    assert "1 tip was taken in." in again[0].content.decode()
    assert "Nothing was taken in" in again[1].content.decode()
    assert TipRow.objects.get().label == "referral"
    assert signed_in(here, "bela").post("/desk/tips/take", values).status_code == 409, "another person's preview"
    assert ana.post("/desk/tips/take", values | {"packed": "x"}).status_code == 409
    assert ana.post("/desk/tips/take", values | {"portal": "0"}).status_code == 400
    assert (
        "There is no tip in this file." in ana.post("/desk/tips/take", upload(here, b" " * 19_000_000)).content.decode()
    )
    assert ana.post("/desk/tips/take", upload(here, b" " * 20_200_000)).status_code == 413
    assert "There is no tip in this file." in ana.post("/desk/tips/take", upload(here, b"words")).content.decode()
    monkeypatch.setattr(taking, "MOST_UPLOAD", 10)
    assert ana.post("/desk/tips/take", upload(here, content)).status_code == 413


def test_a_page_from_before_closes_no_tip_that_has_come_again_as_urgent(here: Cast, bring: Bring) -> None:
    away = {"recipients": [{"country": "TO"}]}
    bring(police("1", **away))
    tip = TipRow.objects.get()
    ana = signed_in(here, "ana")

    def close(page: str) -> int:
        seen = page.partition('name="seen" value="')[2].partition('"')[0]
        values = {"act": "settle", "outcome": "not_ours", "seen": seen}
        return int(ana.post(f"/desk/tips/{tip.pk}", values).status_code)

    before = ana.get(f"/desk/tips/{tip.pk}").content.decode()
    bring(police("1", escalate="now", **away))
    assert close(before) == 409
    tip.refresh_from_db()
    assert (tip.state, tip.outcome) == ("waiting", "")
    assert close(ana.get(f"/desk/tips/{tip.pk}").content.decode()) == 302
    tip.refresh_from_db()
    assert tip.state == "closed"


def test_a_page_from_before_takes_no_tip_from_a_colleague_and_renames_none(here: Cast, bring: Bring) -> None:
    bring(police("1"))
    tip, ana = TipRow.objects.get(), signed_in(here, "ana")
    path = f"/desk/tips/{tip.pk}"

    def press(page: str, **values: object) -> int:
        return int(ana.post(path, {"seen": marks_on(page)[-1] if page else ""} | values).status_code)

    before = ana.get(path).content.decode()
    assert press(before, act="assign", person=here["bela"].account_id) == 302
    for page in ("", before):
        assert press(page, act="assign", person=here["ana"].account_id) == 409
        assert press(page, act="label", label="referral") == 409
    tip.refresh_from_db()
    assert tip.assigned_to_id == here["bela"].account_id
    assert press(ana.get(path).content.decode(), act="label", label="referral") == 302


def test_a_tip_is_decided_on_its_page(here: Cast, bring: Bring) -> None:
    bring(police("1", recipients=[{"country": "TO"}]), police("2", provider="<b>Bold</b>"))
    held, other = TipRow.objects.order_by("id")
    ana = signed_in(here, "ana")
    listing = ana.get("/desk/tips?state=held").content.decode()
    assert f"/desk/tips/{held.pk}" in listing
    assert f"/desk/tips/{other.pk}" not in listing
    assert f"/desk/tips/{other.pk}" in ana.get("/desk/tips?number=2").content.decode()
    page = ana.get(f"/desk/tips/{held.pk}").content.decode()
    assert "It is meant for another country." in page
    assert "viewing not stated" in page
    assert "A note of the provider" in page
    assert "<b>Bold" not in ana.get(f"/desk/tips/{other.pk}").content.decode()
    for values in (
        {"act": "label", "label": "informational"},
        {"act": "assign", "person": str(here["bela"].account_id)},
        {"act": "take"},
        {"act": "settle", "outcome": "arrest", "seen": "1"},
    ):
        shown = ana.get(f"/desk/tips/{held.pk}").content.decode()
        assert ana.post(f"/desk/tips/{held.pk}", {"seen": marks_on(shown)[-1]} | values).status_code == 302
    held.refresh_from_db()
    assert (held.label, held.assigned_to_id, held.state, held.outcome) == (
        "informational",
        here["bela"].account_id,
        "opened",
        "arrest",
    )
    assert Report.objects.count() == 1
    assert ana.post(f"/desk/tips/{held.pk}", {"act": "x"}).status_code == 400
    given = ana.post("/desk/tips/feedback", {"sender": "NCMEC"})
    assert given["Content-Type"].startswith("text/csv")
    assert b",arrest," in given.content
    assert ana.post("/desk/tips/feedback", {}).status_code == 400, "the list of all is for nobody"
    services.open_some(urgent=False)
    dora = signed_in(here, "dora")
    assert dora.get(f"/desk/tips/{held.pk}").status_code == 404
    assert b",arrest," not in dora.post("/desk/tips/feedback", {"sender": "NCMEC"}).content
