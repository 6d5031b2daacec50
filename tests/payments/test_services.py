"""Where money was asked for is kept once, counted where it is seen again, seen by its own hotline only, and forgotten."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.payments import queries, services
from leeward.payments.models import Demand, Payee
from leeward.payments.rules.finding import find
from tests.payments.rules.test_coins import GOOD
from tests.personas import Cast

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
WALLET = GOOD[0][1]
ADDRESS = dict(GOOD)["eth"]

pytestmark = pytest.mark.django_db


def noted(cast: Cast, text: str, place: str, number: int, at: datetime = NOW, *, country: str = "KE") -> int:
    found = find(text, country=country)
    return services.note(found, hotline_id=cast.hotline_id, place=place, number=number, at=at)


def test_a_wallet_seen_at_two_places_is_one_with_two_demands(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        assert noted(cast, f"20 USD to {WALLET}, or {ADDRESS}", "location", 7) == 2
        later = NOW + timedelta(days=1)
        assert noted(cast, f"pay 30 EUR: {WALLET}", "report", 9, later) == 1
        assert noted(cast, f"pay {ADDRESS.lower()}", "location", 7, later) == 0
        (first, second) = queries.payees_at([("location", 7)])
        assert (first.kind, first.value, first.times, first.first_at, first.last_at) == ("btc", WALLET, 2, NOW, later)
        assert [(one.place, one.number, one.amount, one.currency) for one in first.demands] == [
            ("location", 7, "20", "USD"),
            ("report", 9, "30", "EUR"),
        ]
        assert (second.kind, second.times, second.weak, second.demands[0].times) == ("eth", 2, False, 2)
        assert [(one.value, one.places, one.pages) for one in queries.payees()] == [(WALLET, 2, 1)]
        assert queries.facts_at([("location", 7)]) == ["bitcoin", "other"]
        assert queries.facts_at([]) == queries.payees_at([]) == []
    rows = AuditRow.objects.filter(event="payment.found").order_by("pk")
    assert [(row.subject, json.loads(row.facts)) for row in rows] == [
        ("location:7", {"new": 2, "kinds": ["btc", "eth"]}),
        ("report:9", {"new": 1, "kinds": ["btc"]}),
    ]
    assert WALLET not in str([row.facts for row in rows])


def test_what_is_no_finding_leaves_nothing(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        assert noted(cast, "4539000000000002", "location", 7) == 0
        assert noted(cast, WALLET[:-1] + "q", "location", 7) == 0
        assert not Payee.objects.exists()
    assert not AuditRow.objects.filter(event__startswith="payment.").exists()


def test_a_place_that_is_forgotten_takes_with_it_what_was_seen_nowhere_else(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        noted(cast, f"{WALLET} and M-Pesa 0712345678 name: Jane", "report", 9)
        noted(cast, WALLET, "location", 7)
        assert services.forget(hotline_id=cast.hotline_id, place="report", number=9) == 2
        assert services.forget(hotline_id=cast.hotline_id, place="report", number=9) == 0
        assert [(one.value, len(one.demands)) for one in queries.payees_at([("location", 7)])] == [(WALLET, 1)]
        assert Payee.objects.count() == Demand.objects.count() == 1
        assert [(one.places, one.pages) for one in queries.payees(view="newest")] == [(1, 1)]
    assert AuditRow.objects.filter(event="payment.forgotten").count() == 1


def test_another_hotline_sees_nothing_of_it(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        noted(cast, WALLET, "location", 7)
        noted(cast, WALLET, "location", 8)
        number = queries.payees_at([("location", 7)])[0].id
    with scope(hotline=cast.other_hotline_id):
        assert (
            queries.payees_at([("location", 7)]) == list(queries.payees()) == queries.facts_at([("location", 7)]) == []
        )
        assert queries.payee(number) is None


def test_the_list_holds_what_is_named_again_and_finds_what_is_written(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        for place, number in (("location", 7), ("report", 9), ("report", 10)):
            noted(cast, f"{WALLET} pay with visa, mastercard", place, number)
        noted(cast, f"pay {ADDRESS}", "report", 9)
        several = list(queries.payees())
        assert [one.value for one in several] == [WALLET], "brands name nobody"
        assert [one.value for one in queries.payees(kind="card_brand")] == ["mastercard", "visa"]
        assert list(queries.payees(only_pages=True)) == []
        assert {one.value for one in queries.payees(view="newest", only_pages=True)} == {WALLET, "visa", "mastercard"}
        assert len(queries.payees(view="newest")) == 4
        for written in (ADDRESS, ADDRESS.upper(), f" {ADDRESS} "):
            assert [one.value for one in queries.payees(search=written)] == [ADDRESS]
        assert list(queries.payees(search=ADDRESS, only_pages=True)) == list(queries.payees(search=WALLET[:-1])) == []
        assert list(queries.payees(kind="nonsense")) == several


def test_of_one_that_very_many_places_name_no_list_reads_all(cast: Cast, django_assert_num_queries: Any) -> None:
    with scope(hotline=cast.hotline_id):
        noted(cast, WALLET, "location", 1)
        payee = Payee.objects.get()
        Demand.objects.bulk_create(
            Demand(hotline_id=cast.hotline_id, payee=payee, place="location", number=number, first_at=NOW, last_at=NOW)
            for number in range(2, queries.MOST_SHOWN + 10)
        )
        Payee.objects.update(places=queries.MOST_SHOWN + 9)
        (row,) = queries.rows_of(queries.payees(view="newest"))
        assert row.demands == []
        with django_assert_num_queries(2):
            found = queries.payee(payee.pk)
        assert found is not None
        assert [one.number for one in found.demands] == [*range(10, queries.MOST_SHOWN + 10)]


def test_the_worker_hears_of_what_a_page_asks_for_and_not_of_reports(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = []
    monkeypatch.setattr(services, "publish_event", lambda event, **about: heard.append((event, about["subject_id"])))
    with scope(hotline=cast.hotline_id):
        noted(cast, WALLET, "report", 9)
        noted(cast, WALLET, "location", 7)
        noted(cast, WALLET, "location", 7)
    assert heard == [("payment.found_on_page", 7)]


def test_each_list_walks_along_an_index(cast: Cast) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole; its indexes are the same")
    with scope(hotline=cast.hotline_id):
        for only_pages, several in ((False, "payee_several"), (True, "payee_several_pages")):
            plan = queries.payees(only_pages=only_pages)[:50].explain()
            assert f"USING INDEX {several} " in plan
            assert "TEMP B-TREE" not in plan
            assert "payee_newest" in queries.payees(view="newest", only_pages=only_pages)[:50].explain()
        assert "payee_of_kind" in queries.payees(view="newest", kind="iban")[:50].explain()
        for written in (WALLET, WALLET.lower()):
            assert "payee_written" in queries.payees(search=written)[:50].explain()
        newest = Demand.objects.filter(payee=1).order_by("-place", "-number")[:50].explain()
        assert "TEMP B-TREE" not in newest
