"""Following the money: what reports and pages ask to be paid stands on the case page, leads to other cases, and is forgotten."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.audit.models import AuditRow
from leeward.casework import services
from leeward.casework.models import Case
from leeward.casework.money import queries as money_queries
from leeward.casework.money import services as money_services
from leeward.casework.money.queries import alerting
from leeward.foundation.actor import Actor
from leeward.hosting.models import Location
from leeward.intake.services import withdraw_report
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services
from leeward.payments import services as payments_services
from leeward.payments.models import Demand, Payee
from leeward.payments.rules.finding import find
from leeward.people import services as people_services
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import Desk
from tests.having_read import seen_on
from tests.payments.rules.test_coins import GOOD
from tests.reading import compact

OTHER = GOOD[2][1]
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
    assert WALLET in shown(desk, "pia", "/desk/money?view=newest")
    assert HANDLE not in shown(desk, "pia", "/desk/money?view=newest")
    assert HANDLE not in shown(desk, "pia", f"/desk/money/{number}/network")
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


def paying(desk: Desk, *, wallet: str = WALLET) -> Any:
    """A case decided as illegal whose page asks for money, and which the police let others be told of."""
    case = desk.case(desk.world.gallery_url, text=f"They ask for 20 USD, cash app {HANDLE}.")
    paid_on_page(case, f"billed as RIVER*STONES, 30 EUR to {wallet}")
    desk.assess(case)
    desk.act(case)
    return case


def freed(case: Any) -> None:
    referral = notices_queries.referral_of(case.pk)
    assert referral is not None
    notices_services.answer_referral(referral.id, "release", actor=Actor("police"))


def firm(desk: Desk) -> int:
    details = notices_services.ContactDetails("payment", "", "Harbour Pay", "alerts@harbour-pay.example")
    return notices_services.add_contact(details, hotline_id=desk.cast.hotline_id, actor=desk.cast["carl"].actor)


def test_a_firm_is_told_from_the_payees_page_once_the_police_agree(desk: Desk) -> None:
    case = paying(desk)
    number, told = Payee.objects.get(value=WALLET).pk, firm(desk)
    page = f"/desk/money/{number}"
    assert "the police come first" in shown(desk, "ana", page)
    freed(case)
    ana = desk.signed_in("ana")
    preview = ana.get(f"{page}?firm={told}").content.decode()
    assert "RIVER*STONES" in preview
    assert "30 EUR" in preview
    assert case.reference not in preview.partition('<pre class="message')[2].partition("</pre>")[0]
    assert ana.get(f"{page}?firm=9999999999999999999999").status_code == 200
    once = {"firm": str(told), "once": new_form_key(), "seen": seen_on(preview)}
    for _press in range(2):
        assert ana.post(page, once).status_code == 302
    desk.work()
    (row,) = notices_queries.alerts_of([number])[number]
    assert (row.brief.cases, row.brief.countries, row.brief.asked) == (1, ("JM",), (("30", "EUR"),))
    assert "Harbour Pay" in shown(desk, "ana", page)
    assert "no answer yet" in shown(desk, "ana", "/desk/money?view=newest")
    notices_services.answer_payment_alert(row.id, "closed", note="", actor=Actor("host"))
    table = compact(shown(desk, "ana", f"{page}/network").partition("<table")[2])
    assert ">JM<" in table
    assert "Harbour Pay</bdi>: account closed" in table
    notices_services.withdraw_after_review(case.pk)
    for other in ("/desk/money?view=newest", f"{page}/network"):
        assert "no answer yet" not in shown(desk, "ana", other), "what takes it back asks for none"
    assert "Payment firm told" in shown(desk, "ana", f"/desk/case/{case.reference}/timeline")
    assert desk.signed_in("pia").post(page, {"firm": str(told), "once": new_form_key()}).status_code == 403
    assert desk.signed_in("dora").post(page, {"firm": str(told), "once": new_form_key()}).status_code == 404


def test_two_people_with_the_page_open_tell_a_firm_once(desk: Desk) -> None:
    case = paying(desk)
    number, told = Payee.objects.get(value=WALLET).pk, firm(desk)
    freed(case)
    ana, carl, page = desk.signed_in("ana"), desk.signed_in("carl"), f"/desk/money/{number}?firm={told}"
    seen = [seen_on(one.get(page).content.decode()) for one in (ana, carl)]
    for one, mark in zip((ana, carl), seen, strict=True):
        answer = one.post(page, {"firm": str(told), "once": new_form_key(), "seen": mark})
        desk.work()
    assert answer.status_code == 409
    assert "Something else was entered since you opened this page." in answer.content.decode()
    assert len(notices_queries.alerts_of([number])[number]) == 1
    again = {"firm": str(told), "once": new_form_key(), "seen": seen_on(answer.content.decode())}
    assert carl.post(page, again).status_code == 302, "who has read that it was told may tell it more"


def test_a_brand_and_one_named_everywhere_are_told_to_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    case = paying(desk)
    paid_on_page(case, "pay with visa, mastercard")
    freed(case)
    brand = Payee.objects.get(value="visa").pk
    assert "names nobody who is paid" in shown(desk, "ana", f"/desk/money/{brand}")
    monkeypatch.setattr(alerting, "MOST_PLACES", 0)
    number = Payee.objects.get(value=WALLET).pk
    assert "too many places" in shown(desk, "ana", f"/desk/money/{number}")


def test_the_coalition_gets_what_pages_of_illegal_cases_ask_and_nothing_that_only_a_report_says(desk: Desk) -> None:
    case = paying(desk)
    other = desk.case("snapchat kite.two", text="I found a bad page.")
    paid_on_page(other, f"pay {OTHER}")
    ana = desk.signed_in("ana")
    answer = ana.post("/desk/money/export", {"format": "csv"})
    (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
    assert (row["value"], row["asked"], row["cases"], row["countries"], row["informed"]) == (
        WALLET,
        "30 EUR",
        "1",
        "JM",
        "",
    )
    assert answer.headers["Content-Disposition"] == 'attachment; filename="payments-csv.csv"'
    freed(case)
    handle, told = Payee.objects.get(value=HANDLE).pk, firm(desk)
    ana.post(f"/desk/money/{handle}", {"firm": str(told), "once": new_form_key(), "seen": "0"})
    desk.work()
    found = json.loads(ana.post("/desk/money/export", {"format": "json"}).content)["payees"]
    assert {(one["value"], tuple(one["informed"])) for one in found} == {(WALLET, ()), (HANDLE, ("Harbour Pay",))}
    assert HANDLE in shown(desk, "ana", "/desk/payment-alerts")
    assert HANDLE not in shown(desk, "pia", "/desk/payment-alerts?view=all"), "only a report says it"
    event = json.loads(ana.post("/desk/money/export", {"format": "misp"}).content)["Event"]
    assert {one["name"] for one in event["Object"]} == {"coin-address", "user-account"}
    assert b"harbour-host" not in ana.post("/desk/money/export", {"format": "misp"}).content
    assert ana.post("/desk/money/export", {"format": "xml"}).status_code == 400
    assert desk.signed_in("pia").post("/desk/money/export", {"format": "csv"}).status_code == 403
    log = AuditRow.objects.filter(event="payees.exported").order_by("number")
    assert [json.loads(row.facts) for row in log][:2] == [
        {"format": "csv", "payees": 1},
        {"format": "json", "payees": 2},
    ]


def test_what_the_police_hold_in_any_case_is_not_handed_out(desk: Desk) -> None:
    paying(desk)
    held = desk.case(f"{desk.world.gallery_url}?other", text="I found a bad page.")
    desk.assess(held)
    desk.act(held)
    referral = notices_queries.referral_of(held.pk)
    assert referral is not None
    until = datetime.now(UTC) + timedelta(days=2)
    notices_services.answer_referral(referral.id, "hold", actor=Actor("police"), until=until)

    def values() -> list[str]:
        return [one.value for one in money_queries.exported_payees()]

    assert values() == [WALLET]
    paid_on_page(held, f"pay {WALLET} or {OTHER}")
    assert values() == []


def test_what_hangs_together_is_drawn_with_its_table_and_stops_at_the_hotline(desk: Desk) -> None:
    first = desk.case("snapchat kite.one", text="I found a bad page.")
    second = desk.case("snapchat kite.two", text=f"They ask for money to {OTHER}, visa, mastercard.")
    paid_on_page(first, f"pay {WALLET}")
    paid_on_page(second, f"pay {WALLET}")
    number, far = (Payee.objects.get(value=value).pk for value in (WALLET, OTHER))
    page = shown(desk, "ana", f"/desk/money/{number}/network")
    assert "2 payees in 2 cases" in compact(page)
    assert "<svg" in page
    for value in (first.reference, second.reference, OTHER):
        assert page.count(value) >= 1
    found = money_queries.network_of(far, desk.cast["ana"].actor)
    assert [found.steps[node] for node in found.nodes] == [0, 1, 2, 3]
    assert len(money_queries.network_of(number, desk.cast["pia"].actor).payees) == 1
    assert desk.signed_in("dora").get(f"/desk/money/{number}/network").status_code == 404


def test_ten_thousand_payees_are_followed_in_few_queries_and_cut(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    case, at = desk.case("snapchat kite.one"), datetime.now(UTC)
    common = {"hotline_id": case.hotline_id, "first_at": at, "last_at": at}
    Payee.objects.bulk_create(
        Payee(kind="paypal", value=f"@kite{number}", key=f"{number:064x}", weak=False, places=1, pages=1, **common)
        for number in range(10_050)
    )
    Demand.objects.bulk_create(
        Demand(payee_id=number, place="location", number=case.location_id, **common)
        for number in Payee.objects.values_list("pk", flat=True)
    )
    with django_assert_max_num_queries(20):
        found = money_queries.network_of(Payee.objects.earliest("pk").pk, desk.cast["ana"].actor)
    assert len(found.steps) == money_queries.MOST_NODES
    assert found.is_cut
    assert len(found.drawing.spots) <= 120
    with django_assert_max_num_queries(25):
        page = shown(desk, "ana", "/desk/money?view=newest&page=3")
    assert "more than" in page
    for hostile in ("page=99999999999999999999", "page=-1", "kind=%00", "view=' OR 1", f"q={'x' * 5000}"):
        assert desk.signed_in("ana").get(f"/desk/money?{hostile}").status_code == 200


def test_cases_that_ask_for_money_go_first_where_the_hotline_wants_that(desk: Desk) -> None:
    plain, paid = (desk.case(f"snapchat kite.{number}", text="I found a bad page.") for number in range(2))
    paid_on_page(paid, f"pay {WALLET}")
    desk.work()

    def queue() -> list[int]:
        return list(Case.objects.order_by("priority", "pk").values_list("pk", flat=True))

    def change(*, first: bool) -> None:
        people_services.change_hotline(
            desk.cast.hotline_id,
            actor=desk.cast["adam"].actor,
            name="Hotline of Jamaica",
            email="desk@jm.example",
            notify_foreign_hosts=False,
            unused_parts=[],
            commercial_first=first,
        )
        desk.work()

    assert queue() == [plain.pk, paid.pk]
    change(first=True)
    assert queue() == [paid.pk, plain.pk]
    page = shown(desk, "ana", "/desk/")
    assert page.count("Asks for money") == 1
    later = desk.case("snapchat kite.2", text="I found a bad page.")
    paid_on_page(later, f"pay {OTHER}")
    desk.work()
    assert queue() == [paid.pk, later.pk, plain.pk], "what a page asks for moves its case at once"
    with_report = desk.case("snapchat kite.3", text=f"They ask for money to {WALLET}.")
    assert queue()[-1] == with_report.pk, "a report alone makes nothing commercial"
    assert not money_services.note_commercial(later.location_id)
    assert not money_services.note_commercial(10**9)
    change(first=False)
    assert queue() == [plain.pk, paid.pk, later.pk, with_report.pk]
    assert "Asks for money" not in shown(desk, "ana", "/desk/")
