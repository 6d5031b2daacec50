"""Following the money: what reports and pages ask to be paid stands on the case page, leads to other cases, and is forgotten."""

from datetime import UTC, datetime
from typing import Any

from leeward.casework import services
from leeward.hosting.models import Location
from leeward.intake.services import withdraw_report
from leeward.payments import services as payments_services
from leeward.payments.models import Payee
from leeward.payments.rules.finding import find
from tests.casework.conftest import Desk

WALLET = "17bnfudZkgMzmzL4BFA4gcFe5uirQMSajT"
HANDLE = "$lanternkite"


def shown(desk: Desk, who: str, path: str) -> str:
    response = desk.signed_in(who).get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def paid_on_page(case: Any, text: str) -> None:
    """The page of the case asks for this."""
    payments_services.note(
        find(text), hotline_id=case.hotline_id, place="location", number=case.location_id, at=datetime.now(UTC)
    )


def test_the_same_wallet_leads_from_case_to_case_and_only_within_the_hotline(desk: Desk) -> None:
    first = desk.case("snapchat kite.one", text=f"They ask for 20 USD to {WALLET}, or cash app {HANDLE}.")
    second = desk.case("snapchat kite.two", text="I found a bad page.")
    for _visit in range(2):
        paid_on_page(second, f"pay {WALLET}")
    part = shown(desk, "ana", f"/desk/case/{first.reference}/money")
    assert WALLET in part
    assert HANDLE in part
    assert "2 cases" in part
    assert "uncertain" in part
    listed = shown(desk, "ana", "/desk/money")
    assert WALLET in listed
    assert HANDLE not in listed
    number = Payee.objects.get(value=WALLET).pk
    page = shown(desk, "carl", f"/desk/money/{number}")
    assert first.reference in page
    assert second.reference in page
    assert "20 USD" in page
    assert "seen 2 times" in page
    # The police liaison reads cases, but no reports.
    assert "Nothing that says" in shown(desk, "pia", f"/desk/case/{first.reference}/money")
    theirs = shown(desk, "pia", f"/desk/money/{number}")
    assert second.reference in theirs
    assert first.reference not in theirs
    assert "20 USD" not in theirs
    assert WALLET not in shown(desk, "pia", "/desk/money")
    handle = Payee.objects.get(value=HANDLE).pk
    assert desk.signed_in("pia").get(f"/desk/money/{handle}").status_code == 404
    dora = desk.signed_in("dora")
    assert WALLET not in shown(desk, "dora", "/desk/money")
    assert dora.get(f"/desk/money/{number}").status_code == 404
    assert dora.get(f"/desk/case/{first.reference}/money").status_code == 404
    assert desk.signed_in("otto").get("/desk/money").status_code == 403


def test_the_facts_begin_with_the_kinds_of_payment_that_were_found(desk: Desk) -> None:
    case = desk.case("snapchat kite.one", text=f"They ask for money to {WALLET}.")
    plain = desk.case("snapchat kite.two")
    for one in (case, plain):
        services.claim_case(one.pk, actor=desk.cast["ana"].actor)
    page = shown(desk, "ana", f"/desk/case/{case.reference}?assess")
    assert page.count('value="bitcoin"') == 1
    box = page.partition('value="bitcoin"')[2].partition(">")[0]
    assert "checked" in box
    assert "Check them." in page
    assert "Check them." not in shown(desk, "ana", f"/desk/case/{plain.reference}?assess")
    services.save_draft(case.pk, {"medium": "photograph", "payments": []}, actor=desk.cast["ana"].actor)
    again = shown(desk, "ana", f"/desk/case/{case.reference}?assess")
    assert "checked" not in again.partition('value="bitcoin"')[2].partition(">")[0]
    assert "Check them." not in again


def test_a_wallet_typed_as_the_place_counts_and_a_withdrawn_report_is_forgotten(desk: Desk) -> None:
    case = desk.case(f"send to {WALLET}")
    assert Location.objects.get(pk=case.location_id).kind == "wallet"
    assert WALLET in shown(desk, "ana", f"/desk/case/{case.reference}/money")
    withdraw_report(desk.reports[-1])
    desk.work()
    assert not Payee.objects.exists()
