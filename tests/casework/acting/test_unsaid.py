"""What was written to another hotline can be undone only as long as nobody can have it there."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.exchange.models import Exchange, ExchangeMessage
from tests.casework.acting.test_hotlines import answer_police, pair, reported, send
from tests.casework.conftest import Desk
from tests.exchange.link import Pair

__all__ = ["pair"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_noted", [False, True])
def test_what_may_have_arrived_can_not_be_undone_while_the_police_hold_it(
    desk: Desk, pair: Pair, is_noted: bool
) -> None:
    """A lost answer leaves a try behind; a process that is killed meanwhile leaves nothing but the try."""
    case, client, path = reported(desk, pair)
    pair.link.loses.append("answer")
    assert pair.carry() is not None
    assert [one.stage for one in pair.rows("there")] == ["reported"], "they have it"
    if not is_noted:
        ExchangeMessage.objects.update(problem="")
    answer_police(case, "hold", until=datetime.now(UTC) + timedelta(days=5))
    ExchangeMessage.objects.update(waits_since=datetime.now(UTC) - timedelta(minutes=1))
    assert pair.carry() == timedelta(0)
    message = ExchangeMessage.objects.get(kind="report", state="waiting")
    assert message.waits_since is not None
    assert message.waits_since > datetime.now(UTC), "put off"
    assert f"{path}/unsay" not in client.get(path).content.decode()
    assert send(client, f"{path}/unsay", message=message.pk).status_code == 409
    with pair.at("here"):
        assert Exchange.objects.filter(side="reporting").exists()
