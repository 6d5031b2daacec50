"""The pages about blocking in a real browser: phone and desktop, light and dark, nothing that bars anybody."""

import pytest
from django.utils import timezone

from leeward.blocklist import services as blocklist_services
from leeward.blocklist.models import BlockAppeal, Entry
from leeward.casework.models import Case
from leeward.foundation.actor import SYSTEM, Actor
from tests.browser import Visit, Visitor
from tests.casework.acting.test_blocking import ask, listed, proposed
from tests.casework.conftest import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pages(desk: Desk) -> dict[str, tuple[str, str]]:
    """A page for every part of an entry's life, and who opens it."""
    _national, worst = blocklist_services.open_own_lists(desk.cast.hotline_id, actor=SYSTEM)
    case: Case = desk.case()
    desk.assess(case)
    desk.act(case)
    Case.objects.filter(pk=case.pk).update(host_told_at=timezone.now())
    case.refresh_from_db()
    entry = listed(desk, case)
    ask(desk, "visitor")
    other: Case = desk.case(desk.world.gallery_url.replace("gallery", "more"))
    desk.assess(other)
    Case.objects.filter(pk=other.pk).update(host_told_at=timezone.now())
    assert proposed(desk, other).status_code == 302
    waiting = Entry.objects.latest("id")
    blocklist_services.import_list(
        worst.id,
        b"*.one.example\n*.two.example",
        source="Barbados",
        basis="Agreement, section 4",
        mix=True,
        actor=Actor(kind="command"),
    )
    Entry.objects.filter(pk=entry.pk).update(review_on=timezone.now().date())
    return {
        "lists": ("ana", "/desk/blocking"),
        "list": ("carl", "/desk/blocking/lists/worst-of"),
        "none": ("ana", "/desk/blocking/lists/national?state=refused"),
        "entry": ("carl", f"/desk/blocking/entries/{entry.pk}"),
        "proposal": ("carl", f"/desk/blocking/entries/{waiting.pk}"),
        "approvals": ("ana", "/desk/blocking/approvals"),
        "reviews": ("carl", "/desk/blocking/reviews"),
        "appeals": ("carl", "/desk/blocking/appeals"),
        "appeal": ("carl", f"/desk/blocking/appeals/{BlockAppeal.objects.get().pk}"),
        "block": ("ana", f"/desk/case/{other.reference}/block"),
        "case": ("ana", f"/desk/case/{case.reference}"),
    }


def test_every_page_is_open_to_everybody(desk: Desk, visitor: Visit, pages: dict[str, tuple[str, str]]) -> None:
    views: dict[str, Visitor] = {}
    for name, (who, path) in pages.items():
        if who not in views:
            guest = views[who] = visitor()
            cookie = desk.signed_in(who).cookies["sessionid"].value
            url = f"{guest.base}/desk"
            guest.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url, "sameSite": "Strict"}])
        assert views[who].go(path).ok, name
        views[who].look(f"blocking-{name}")
