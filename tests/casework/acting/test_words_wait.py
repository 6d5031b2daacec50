"""What is written about an item goes to the other hotline after its report, and never before."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.exchange.models import Exchange, ExchangeMessage
from leeward.exchange.queries import held_messages
from leeward.exchange.rules.signing import Reply
from tests.casework.acting.test_hotlines import answer_police, look_again, pair, reported, send
from tests.casework.acting.test_kept_back import KEPT_BACK, later, overturn
from tests.casework.conftest import Desk
from tests.exchange.link import Pair, said

__all__ = ["pair"]
pytestmark = pytest.mark.django_db


def overdue(kind: str) -> None:
    ExchangeMessage.objects.filter(kind=kind).update(waits_since=datetime.now(UTC) - timedelta(seconds=1))


def test_words_wait_as_long_as_the_police_hold_the_report(desk: Desk, pair: Pair) -> None:
    case, client, path = reported(desk, pair)
    answer_police(case, "hold", until=datetime.now(UTC) + timedelta(days=5))
    look_again(pair)
    send(client, f"{path}/say", exchange=Exchange.objects.get().pk, say="question..0", text="Is it gone?")
    overdue("question")
    delay = pair.carry()
    assert timedelta(minutes=9) < delay <= timedelta(minutes=10), "until the report is looked at again"  # type: ignore[operator]
    assert pair.link.requests == []
    answer_police(case, "release")
    later(desk, pair)
    (there,) = pair.rows("there")
    assert said(there) == ["reporting national", "reporting question"]


def test_words_wait_until_a_person_sends_a_held_report_again(desk: Desk, pair: Pair) -> None:
    _case, client, path = reported(desk, pair)
    ExchangeMessage.objects.update(state="held", problem="no_receipt")
    send(client, f"{path}/say", exchange=Exchange.objects.get().pk, say="question..0", text="Is it gone?")
    overdue("question")
    assert pair.carry() is None
    assert pair.link.requests == []
    send(client, "/desk/exchange", act="retry", message=ExchangeMessage.objects.get(kind="report").pk)
    pair.quiet()
    assert said(pair.rows("there")[0]) == ["reporting national", "reporting question"]


def test_a_withdrawal_goes_since_the_report_may_have_arrived(desk: Desk, pair: Pair) -> None:
    case, client, path = reported(desk, pair)
    pair.link.loses.append("answer")
    assert pair.carry() is not None
    answer_police(case, "hold", until=datetime.now(UTC) + timedelta(days=5))
    send(client, f"{path}/say", exchange=Exchange.objects.get().pk, say="withdrawal..0", text="A painting.")
    ExchangeMessage.objects.filter(side="reporting").update(waits_since=datetime.now(UTC) - timedelta(minutes=1))
    assert pair.carry() == timedelta(0), "both were due: the report is put off"
    pair.carry()
    assert pair.rows("there")[0].stage == "withdrawn"


NEVER_LEFT = "A report to another hotline was withdrawn before it was sent: that hotline was told nothing"


def test_a_report_that_is_withdrawn_while_the_police_hold_it_never_leaves(desk: Desk, pair: Pair) -> None:
    case, client, path = reported(desk, pair)
    answer_police(case, "hold", until=datetime.now(UTC) + timedelta(days=5))
    look_again(pair)
    send(client, f"{path}/say", exchange=Exchange.objects.get().pk, say="question..0", text="Is it gone?")
    send(client, f"{path}/say", exchange=Exchange.objects.get().pk, say="withdrawal..0", text="A painting.")
    ExchangeMessage.objects.filter(kind="withdrawal").update(waits_since=datetime.now(UTC) + timedelta(seconds=9))
    pair.carry()
    with pair.at("here"):
        assert ExchangeMessage.objects.count() == 3, "the withdrawal can still be undone"
    overdue("withdrawal")
    pair.carry()
    assert NEVER_LEFT in client.get(path.replace("/hotlines", "/timeline")).content.decode()
    answer_police(case, "release")
    later(desk, pair)
    assert (pair.rows("here"), pair.rows("there"), pair.link.requests) == ([], [], [])


def test_a_try_is_counted_before_it_is_made(desk: Desk, pair: Pair) -> None:
    """The process was killed after the other hotline had the report: it is told that the report is withdrawn."""
    case, client, path = reported(desk, pair)
    real = pair.link.post

    def killed(url: str, body: bytes, **keys: Any) -> Reply:
        real(url, body, **keys)
        raise KeyboardInterrupt

    pair.link.post = killed  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        pair.carry()
    pair.link.post = real  # type: ignore[method-assign]
    answer_police(case, "hold", until=datetime.now(UTC) + timedelta(days=5))
    send(client, f"{path}/say", exchange=Exchange.objects.get().pk, say="withdrawal..0", text="A painting.")
    overdue("withdrawal")
    pair.carry()
    pair.carry()
    assert pair.rows("there")[0].stage == "withdrawn"


def test_a_held_report_that_is_sent_again_may_have_arrived(desk: Desk, pair: Pair) -> None:
    _case, client, path = reported(desk, pair)
    pair.link.loses.append("answer")
    pair.carry()
    ExchangeMessage.objects.filter(side="reporting").update(state="held", problem="no_receipt")
    send(client, "/desk/exchange", act="retry", message=ExchangeMessage.objects.get(state="held").pk)
    send(client, f"{path}/say", exchange=Exchange.objects.get().pk, say="withdrawal..0", text="A painting.")
    overdue("withdrawal")
    pair.quiet()
    assert pair.rows("there")[0].stage == "withdrawn"


def test_words_about_a_report_that_was_kept_back_are_kept_back(desk: Desk, pair: Pair) -> None:
    case, client, path = reported(desk, pair)
    pair.link.loses.append("request")
    assert pair.carry() is not None
    overturn(desk, case)
    send(client, f"{path}/say", exchange=Exchange.objects.get().pk, say="question..0", text="Is it gone?")
    before = len(pair.link.requests)
    later(desk, pair)
    assert len(pair.link.requests) == before
    assert [row.problem for row in held_messages()] == ["decision_withdrawn"] * 2
    assert client.get(path).content.decode().count(KEPT_BACK) == 2
