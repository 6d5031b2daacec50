"""The pages about money in a real browser: nobody is barred, nothing is cut off on a phone, in light and dark."""

from datetime import UTC, datetime

import pytest

from leeward.notices import queries as notices_queries
from leeward.notices.models import PaymentAlert
from leeward.notices.writing.compose import link_to
from leeward.payments.models import Payee
from tests.browser import Visit
from tests.casework.conftest import Desk
from tests.casework.money.test_money import OTHER, WALLET, firm, freed, paid_on_page, paying
from tests.casework.test_browser import Enter, enter
from tests.payments.rules.test_coins import GOOD

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_axe_finds_nothing_on_the_pages_about_money(desk: Desk, enter: Enter, visitor: Visit) -> None:
    case = paying(desk)
    freed(case)
    for number, words in enumerate((f"pay {WALLET} or {OTHER}", f"pay {OTHER} or {GOOD[5][1]}", f"pay {OTHER}")):
        paid_on_page(desk.case(f"snapchat kite.{number}", text="I found a bad page."), words)
    told = firm(desk)
    wallet = Payee.objects.get(value=WALLET).pk
    ana, adam = enter("ana"), enter("adam")
    pages = {
        "money": "/desk/money?view=newest",
        "money-empty": "/desk/money?q=nothing",
        "money-preview": f"/desk/money/{wallet}?firm={told}",
        "money-network": f"/desk/money/{wallet}/network",
    }
    for name, path in pages.items():
        assert ana.go(path).status == 200, name
        assert ana.faults_at_each_size() == [], name
        ana.keep(name)
    ana.go(pages["money-preview"])
    with ana.page.expect_navigation():
        ana.page.keyboard.press("Shift+Enter")
    desk.work()
    (row,) = notices_queries.alerts_of([wallet])[wallet]
    PaymentAlert.objects.filter(pk=row.id).update(answer="closed", answered_at=datetime.now(UTC), note="Closed today.")
    for name, path in {"money-payee": f"/desk/money/{wallet}", "money-alerts": "/desk/payment-alerts?view=all"}.items():
        assert ana.go(path).status == 200, name
        assert ana.faults_at_each_size() == [], name
        ana.keep(name)
    adam.go("/desk/fiu")
    assert adam.faults_at_each_size() == []
    adam.keep("money-fiu")
    guest = visitor(script=False)
    page = f"/payment/{link_to('payment', row.id).rpartition('/')[2]}"
    guest.go(page)
    assert "What you have done" in guest.page.content()
    guest.keep("money-firm")
    guest = visitor()
    guest.go(f"{page}?done=1")
    assert guest.faults_at_each_size() == []
