"""The pages about names in a real browser: nothing bars anybody, and nothing is cut off at any size."""

from datetime import UTC, datetime, timedelta

import pytest
from django_scopes import scope

from leeward.notices import services as notices_services
from leeward.notices.models import Contact, NameAct, Notice
from leeward.notices.rules.briefs import CaseBrief, Plan
from tests.browser import Visit
from tests.casework.conftest import Desk
from tests.casework.names.test_names import NAME, noted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_pages_about_names_bar_nobody(desk: Desk, visitor: Visit) -> None:
    case = desk.case()
    brief = CaseBrief(
        case_id=case.pk, reference=case.reference, hotline_id=case.hotline_id, portal_id=desk.cast.portal_id, location_id=case.location_id,
        address=desk.world.gallery_url, received_at=datetime.now(UTC), country="JM", judged="person",
    )  # fmt: skip
    with scope(hotline=desk.cast.hotline_id):
        noted(desk, NAME, at=datetime.now(UTC) - timedelta(days=3), registrar="Good Names")
        noted(
            desk,
            NAME,
            registrar="Other Names",
            statuses=("client hold",),
            nameservers=("ns1.kite.test", "ns2.kite.test"),
            created="2026-11-20",
        )
        noted(desk, "kite-with-a-rather-long-name-of-many-letters.uk", statuses=("suspended",))
        notices_services.act_on(brief, plan=Plan(police=False, host=True), actor=desk.cast["ana"].actor)
        notices_services.act_on_name(case.pk, "registrar", name=NAME, actor=desk.cast["ana"].actor)
        Notice.objects.filter(kind="name_registrar").update(sent_at=datetime.now(UTC) - timedelta(days=4))
        NameAct.objects.update(due_at=datetime.now(UTC) - timedelta(days=1))
        details = notices_services.ContactDetails("registrar", "", "Anchor Names", "desk@anchor.example")
        notices_services.add_contact(details, hotline_id=desk.cast.hotline_id, actor=desk.cast["carl"].actor)
        Contact.objects.filter(email="desk@anchor.example").update(
            due=9, answered=9, removed=9, verified=9, median_minutes=90
        )
    guest = visitor()
    cookie = desk.signed_in("carl").cookies["sessionid"]
    guest.context.add_cookies(
        [{"name": "sessionid", "value": cookie.value, "url": f"{guest.base}/desk", "sameSite": "Strict"}]
    )
    paths = {
        "name": f"/desk/case/{case.reference}/name",
        "country": "/desk/names/GB",
        "nobody": "/desk/names/JM",
        "league": "/desk/league",
    }
    for page, path in paths.items():
        guest.go(path)
        guest.look(f"names-{page}")
    guest.go(paths["name"])
    guest.page.get_by_label("Read them for this reason").select_option("police")
    guest.press("Show the data")
    guest.look("names-registrant")
