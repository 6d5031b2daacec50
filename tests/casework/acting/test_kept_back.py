"""A report abroad that waits isn't sent once its case's decision no longer stands; a person withdraws it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.backup.models import Restoration
from leeward.casework import services
from leeward.casework.acting.services import acting
from leeward.casework.appeals.services.appealing import open_appeal
from leeward.casework.models import Case
from leeward.exchange.models import Exchange, ExchangeMessage, Peer
from leeward.exchange.queries import held_messages, is_reported_to_stand, is_with_hotline_of
from leeward.exchange.rules.signing import Reply, Request
from leeward.exchange.rules.wire import text_of
from leeward.exchange.services import forget_old_words
from leeward.notices import services as notices_services
from leeward.notices.models import NoticeCase, Referral
from leeward.notices.queries.pages import referral_page
from tests.casework.acting.test_hotlines import answer_police, look_again, pages, pair, reported, send
from tests.casework.conftest import Desk
from tests.exchange.link import Pair, said

__all__ = ["pair"]
pytestmark = pytest.mark.django_db
KEPT_BACK = "The decision about the case no longer stands, so this is not sent."


def overturn(desk: Desk, case: Case) -> None:
    appeal = open_appeal(case.pk, origin="host", origin_id=77, text="It is a painting.")
    assert appeal is not None
    services.decide_appeal(appeal, upheld=True, reasons="It is a painting.", actor=desk.cast["carl"].actor)
    desk.work()
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "not_illegal")


def later(desk: Desk, pair: Pair) -> None:
    ExchangeMessage.objects.update(waits_since=datetime.now(UTC) - timedelta(minutes=1))
    pair.quiet()
    desk.work()
    pair.quiet()


@pytest.mark.slow
def test_one_that_waits_for_the_police_stays_here(desk: Desk, pair: Pair) -> None:
    case, client, path = reported(desk, pair)
    answer_police(case, "hold", until=datetime.now(UTC) + timedelta(days=5))
    look_again(pair)
    overturn(desk, case)
    answer_police(case, "release")
    later(desk, pair)
    assert pair.rows("there") == []
    page = client.get(path).content.decode()
    assert KEPT_BACK in page
    assert "Send it again" not in page
    history = client.get(f"/desk/case/{case.reference}/timeline").content.decode()
    assert "A report to another hotline is not sent: the decision no longer stands" in history


def test_one_that_waits_for_their_server_stays_here_whoever_sends_again(desk: Desk, pair: Pair) -> None:
    case, client, path = reported(desk, pair)
    send(client, f"{path}/say", exchange=Exchange.objects.get().pk, say="question..0", text="Is it gone?")
    pair.link.loses.append("request")
    assert pair.carry() is not None
    overturn(desk, case)
    later(desk, pair)
    assert pair.rows("there") == []
    (report, question) = held_messages()
    assert (report.problem, question.problem) == ("decision_withdrawn",) * 2
    page = client.get("/desk/exchange").content.decode()
    assert KEPT_BACK in page
    assert 'value="retry"' not in page
    send(client, "/desk/exchange", act="retry", message=report.id)
    later(desk, pair)
    assert pair.rows("there") == []


def test_so_does_one_that_was_held_before(desk: Desk, pair: Pair) -> None:
    case, client, _path = reported(desk, pair)
    ExchangeMessage.objects.update(state="held", problem="no_receipt")
    overturn(desk, case)
    send(client, "/desk/exchange", act="retry", message=ExchangeMessage.objects.get().pk)
    later(desk, pair)
    assert pair.rows("there") == []


@pytest.mark.parametrize("answer", [b"<html>", b'{"messages": []}'])
def test_one_that_is_on_its_way_when_the_decision_falls_is_not_sent_again(
    desk: Desk, pair: Pair, answer: bytes
) -> None:
    case, client, path = reported(desk, pair)
    real = pair.link.post

    def post(url: str, body: bytes, **_keys: object) -> Reply:
        overturn(desk, case)
        return Reply(200, Request("POST", url, {}, body), {}, answer)  # it names none of them

    pair.link.post = post  # type: ignore[method-assign]
    pair.carry()
    pair.link.post = real  # type: ignore[method-assign]
    assert KEPT_BACK in client.get(path).content.decode()
    send(client, "/desk/exchange", act="retry", message=ExchangeMessage.objects.get().pk)
    later(desk, pair)
    assert pair.rows("there") == []


def test_one_that_arrives_while_the_decision_falls_is_shown_as_arrived(desk: Desk, pair: Pair) -> None:
    case, client, path = reported(desk, pair)
    real = pair.link.post

    def post(url: str, body: bytes, **keys: Any) -> Reply:
        overturn(desk, case)
        return real(url, body, **keys)

    pair.link.post = post  # type: ignore[method-assign]
    pair.carry()
    assert ExchangeMessage.objects.get(kind="report", side="reporting", state="sent").problem == ""
    assert KEPT_BACK not in client.get(path).content.decode()
    pair.link.post = real  # type: ignore[method-assign]
    later(desk, pair)
    assert [row.stage for row in pair.rows("there")] == ["withdrawn"]


def test_it_may_have_arrived_so_a_person_withdraws_it_and_then_it_waits_for_nobody(desk: Desk, pair: Pair) -> None:
    case, client, path = reported(desk, pair)
    pair.link.loses.append("answer")
    assert pair.carry() is not None
    overturn(desk, case)
    send(client, f"{path}/say", exchange=Exchange.objects.get().pk, say="withdrawal..0", text="A painting.")
    later(desk, pair)
    (there,) = pair.rows("there")
    assert (said(there), there.stage) == (["reporting national", "reporting withdrawal"], "withdrawn")
    assert held_messages() == []
    long_ago = datetime.now(UTC) - timedelta(days=800)
    Exchange.objects.update(begun_at=long_ago)
    ExchangeMessage.objects.update(stored_at=long_ago)
    assert forget_old_words(datetime.now(UTC)) > 0


def test_where_the_police_were_told_nothing_of_it(desk: Desk, pair: Pair) -> None:
    quiet = {"kind": "me", "threat": "no", "wish": "quiet", "text": "It is me on this page."}
    case = desk.case(desk.world.far_gallery_url, **quiet)
    desk.assess(case)
    client, path = pages(desk, case)
    assert send(client, f"{path}/report", peer=Peer.objects.get().pk).status_code == 302
    assert not NoticeCase.objects.filter(case_id=case.pk).exists()
    overturn(desk, case)
    later(desk, pair)
    assert pair.rows("there") == []


def test_what_arrived_before_is_withdrawn_there_and_other_cases_are_left_alone(desk: Desk, pair: Pair) -> None:
    case, _client, _path = reported(desk, pair)
    pair.quiet()
    pair.report(2)
    overturn(desk, case)
    later(desk, pair)
    assert [row.stage for row in pair.rows("there")] == ["withdrawn", "reported"]
    assert held_messages() == []


def test_who_acted_on_it_hears_so_once_and_what_they_did_holds(desk: Desk, pair: Pair) -> None:
    case, _client, _path = reported(desk, pair)
    pair.quiet()
    pair.accept()
    pair.say("there", "action", what="police_told", details={"done_at": text_of(datetime.now(UTC))})
    pair.quiet()
    assert is_reported_to_stand([case.pk])
    overturn(desk, case)
    later(desk, pair)
    (there,) = pair.rows("there")
    assert (there.stage, said(there)[-1]) == ("acting", "reporting withdrawal")
    assert not is_reported_to_stand([case.pk]), "the desk has nothing more to take back"


def test_after_a_restoring_the_police_let_a_report_go_also_of_what_is_gone(desk: Desk, pair: Pair) -> None:
    case, _client, _path = reported(desk, pair)
    letter = Referral.objects.filter(case_id=case.pk).latest("pk")
    at = datetime.now(UTC)
    Restoration.objects.create(backup_at=at, restored_at=at, confirmed_at=at)
    notices_services.wait_for_police(at)
    look_again(pair)
    notices_services.withdraw(case.pk, reason="removed")
    listed = desk.signed_in("carl").get("/desk/referrals?view=doubtful").content.decode()
    assert f"/desk/referrals/{letter.pk}" in listed, "nothing else is open about the case, but the hotline there waits"
    assert referral_page(letter.pk).may_release
    answer_police(case, "release")
    later(desk, pair)
    assert [row.stage for row in pair.rows("there")] == ["reported"]


def test_what_was_withdrawn_there_can_be_reported_again(desk: Desk, pair: Pair) -> None:
    case, client, path = reported(desk, pair)
    pair.quiet()
    pair.accept()
    pair.say("there", "action", what="police_told", details={"done_at": text_of(datetime.now(UTC))})
    pair.quiet()
    overturn(desk, case)
    later(desk, pair)
    acting.reopen(case.pk, comment="Look again.", actor=desk.cast["carl"].actor)
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda one: one.police_told_at is not None)
    answer_police(case, "release")
    assert not is_with_hotline_of(case.pk, "CA")
    assert send(client, f"{path}/report", peer=Peer.objects.get().pk, text="It is one after all.").status_code == 302
    later(desk, pair)
    assert [row.stage for row in pair.rows("there")] == ["acting", "reported"]
