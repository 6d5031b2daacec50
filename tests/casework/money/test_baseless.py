"""Nobody outside is told of a payee by a case whose decision no longer stands, though the case says “illegal” still."""

from typing import Any

import pytest

from leeward.casework import services
from leeward.casework.merging.services.merging import merge
from leeward.casework.money import queries
from leeward.payments.models import Payee
from tests.casework.conftest import Desk
from tests.casework.money.test_money import WALLET, freed, paying

pytestmark = pytest.mark.django_db


def merged(desk: Desk, case: Any) -> None:
    other = desk.case(desk.world.more_url)
    desk.assess(other, "bela", outcome="not_illegal", facts={}, reason=14)
    merge(case.pk, other.pk, reason="The same pictures", actor=desk.cast["carl"].actor)


def closed(desk: Desk, case: Any) -> None:
    services.close_case(case.pk, reason=14, actor=desk.cast["ana"].actor)


@pytest.mark.parametrize("end", [merged, closed])
def test_no_firm_and_nobody_else_hears_of_it(desk: Desk, end: Any) -> None:
    case = paying(desk)
    freed(case)
    payee = Payee.objects.get(value=WALLET)
    assert (bool(queries.alertable(payee.pk).may), [one.number for one in queries.exported_payees()]) == (
        True,
        [payee.pk],
    )
    end(desk, case)
    desk.work()
    case.refresh_from_db()
    assert case.outcome == "illegal"
    found = queries.alertable(payee.pk)
    assert (bool(found.may), found.decided) == (False, ())
    assert queries.exported_payees() == []
