"""A report abroad that waits goes only while its case's decision stands: it waits while the case is looked at anew, and stays here for
good once that ends otherwise."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from leeward.casework import services
from leeward.casework.acting.services import acting
from leeward.casework.models import Case
from leeward.exchange.models import Exchange, ExchangeMessage, Peer
from tests.casework.acting.test_hotlines import answer_police, look_again, pair, reported, send
from tests.casework.acting.test_kept_back import KEPT_BACK, later
from tests.casework.conftest import Desk
from tests.exchange.link import Pair

__all__ = ["pair"]
pytestmark = pytest.mark.django_db
WAITS = "The case is being looked at anew: this waits until it is decided."


def reopened(desk: Desk, pair: Pair) -> tuple[Case, Client, str]:
    """A case whose report abroad waited for the police, closed and opened again before they let others be told."""
    case, client, path = reported(desk, pair)
    answer_police(case, "hold", until=datetime.now(UTC) + timedelta(days=5))
    look_again(pair)
    desk.until(case, lambda one: one.state != "decided")
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    acting.close_case(case.pk, reason=1, comment="It is gone.", actor=desk.cast["ana"].actor)
    desk.work()
    acting.reopen(case.pk, comment="Look again.", actor=desk.cast["carl"].actor)
    answer_police(case, "release")
    return case, client, path


def find_otherwise(desk: Desk, case: Case) -> None:
    said = {"reason": 16, "comment": "A painting.", "facts": {"age_band": "adult"}}
    for who in ("ana", "bela"):
        case.refresh_from_db()
        if case.outcome == "":
            desk.assess(case, who, "not_illegal", **said)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "not_illegal")


def test_what_is_then_found_not_illegal_stays_here(desk: Desk, pair: Pair) -> None:
    case, client, path = reopened(desk, pair)
    find_otherwise(desk, case)
    later(desk, pair)
    assert pair.rows("there") == []
    assert KEPT_BACK in client.get(path).content.decode()


def test_until_then_it_waits_and_goes_if_it_is_illegal(desk: Desk, pair: Pair) -> None:
    case, client, path = reopened(desk, pair)
    look_again(pair)
    assert WAITS in client.get(path).content.decode()
    desk.assess(case)
    later(desk, pair)
    assert [row.stage for row in pair.rows("there")] == ["reported"]


def test_what_it_tells_of_the_decision_before_stays_here_and_a_person_reports_it_anew(desk: Desk, pair: Pair) -> None:
    case, client, path = reopened(desk, pair)
    desk.assess(case, facts={"medium": "drawing", "age_band": "16-17", "act": "uk_c", "real_person": "no"})
    later(desk, pair)
    assert pair.rows("there") == []
    assert KEPT_BACK in client.get(path).content.decode()
    send(client, f"{path}/say", exchange=Exchange.objects.get().pk, say="withdrawal..0")
    later(desk, pair)
    desk.act(case)
    desk.until(case, lambda one: one.police_told_at is not None)
    answer_police(case, "release")
    send(client, f"{path}/report", peer=Peer.objects.get().pk)
    later(desk, pair)
    with pair.at("there"):
        (report,) = ExchangeMessage.objects.filter(kind="report", state="received")
    assert report.details["report"]["facts"]["medium"] == "drawing"


def test_so_does_one_that_was_held_for_a_person_who_sends_it_again(desk: Desk, pair: Pair) -> None:
    case, client, _path = reopened(desk, pair)
    ExchangeMessage.objects.update(state="held", problem="no_receipt")
    find_otherwise(desk, case)
    send(client, "/desk/exchange", act="retry", message=ExchangeMessage.objects.get().pk)
    later(desk, pair)
    assert pair.rows("there") == []


def test_others_go_meanwhile(desk: Desk, pair: Pair) -> None:
    reopened(desk, pair)
    pair.report(2)
    ExchangeMessage.objects.update(waits_since=datetime.now(UTC) - timedelta(minutes=1))
    for _time in range(2):
        pair.carry()
    assert [row.address for row in pair.rows("there")] == ["https://pictures.example/2"]


def test_what_is_closed_as_not_illegal_stays_here(desk: Desk, pair: Pair) -> None:
    case, client, path = reported(desk, pair)
    answer_police(case, "hold", until=datetime.now(UTC) + timedelta(days=5))
    look_again(pair)
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    acting.close_case(case.pk, reason=16, comment="A painting.", actor=desk.cast["ana"].actor)
    answer_police(case, "release")
    later(desk, pair)
    assert pair.rows("there") == []
    assert KEPT_BACK in client.get(path).content.decode()
