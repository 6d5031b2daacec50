"""The administrator's pages in a browser: the index, a portal's checklist, the settings file from a look to the change."""

import json
from typing import Any

import pytest
from django_scopes import scope

from leeward.administration.models import PortalHandOver
from leeward.administration.services.settings_file import write_settings
from leeward.notices import services as notices_services
from leeward.notices.models import Contact
from leeward.notices.services import ContactDetails
from leeward.people import services
from leeward.people.models import Hotline, Portal
from leeward.people.queries import portal_changes_waiting
from leeward.people.services.tokens import issue_token
from tests.administration.furnished import furnish
from tests.browser import Visit, Visitor
from tests.people.browsing import press
from tests.people.signing import signed_in
from tests.personas import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_the_administrators_pages(cast: Cast, visitor: Visit, tmp_path: Any) -> None:
    furnish(cast)
    with scope(hotline=cast.hotline_id):
        said = json.loads(write_settings(cast.hotline_id))
    said |= {"of": "tt", "hotline": {"name": "Hotline of Jamaica and Tobago"}, "limits": {"previews": 99_999}}
    said["staff"]["a.person.with.a.long.address@far-away.office.example"] = {"name": "Fay", "roles": ["analyst"]}
    said["texts"]["host/fr"]["body"] += " مرحبا" * 60
    (tmp_path / "tt.json").write_text(json.dumps(said))
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False)
    guest = visitor()
    cookie = {"name": "sessionid", "value": signed_in(cast, "adam").cookies["sessionid"].value}
    guest.context.add_cookies([cookie | {"url": f"{guest.base}/desk", "sameSite": "Strict"}])
    page = guest.page
    guest.go("/desk/administration")
    guest.look("administration-administration")
    guest.go(f"/desk/administration/portals/{cast.portal_id}")
    guest.look("administration-checklist")
    guest.go("/desk/administration/file")
    guest.look("administration-file")
    page.locator("#file").set_input_files(tmp_path / "tt.json")
    press(guest, "Show what would change")
    guest.look("administration-file-refused")
    page.get_by_role("checkbox", name="Exposure limits").set_checked(False)
    press(guest, "Check again")
    guest.look("administration-file-seen")
    page.get_by_label("Import it although it was written for tt").check()
    press(guest, "Change all of this")
    guest.look("administration-file-taken")
    assert Hotline.objects.get(pk=cast.hotline_id).name == "Hotline of Jamaica and Tobago"


def test_the_pages_of_what_takes_two_people(cast: Cast, visitor: Visit) -> None:
    adam, hotline_id = cast["adam"].actor, cast.hotline_id
    with scope(hotline=hotline_id):
        police = Contact.objects.create(
            hotline_id=hotline_id, kind="police", country="JM", email="police@constabulary.example", retired=True
        )
        details = ContactDetails("police", "JM", "Another heading", police.email, ("fr",))
        notices_services.change_contact(police.pk, details, actor=adam)
        body = "Good day {police}.\n\n{urgent}\n\n{address}\n\n{summary}\n\n{link}"
        notices_services.save_wording(
            kind="police",
            language="en",
            country="",
            subject="Ours {reference}",
            body=body,
            hotline_id=hotline_id,
            actor=adam,
        )
    portal = {"name": "Jamaica now", "country": "JM", "languages": ["en"], "emergency_number": "110"}
    services.open_portal(hotline_id, slug="jm-now", actor=adam, time_zone="America/Jamaica", **portal)
    services.close_to_reports(cast.portal_id, actor=adam)
    guest = visitor()
    cookie = {"name": "sessionid", "value": signed_in(cast, "carl").cookies["sessionid"].value}
    guest.context.add_cookies([cookie | {"url": f"{guest.base}/desk", "sameSite": "Strict"}])
    changes = portal_changes_waiting(hotline_id)
    assert [row.what for row in changes] == ["police_contact", "police_text", "portal", "portal"]
    for row in changes:
        guest.go(f"/desk/portals/changes/{row.id}")
        guest.look(f"change-{row.id}-{row.what}")
    guest.go("/desk/oncall")
    guest.look("change-oncall")
    guest.go(f"/desk/contacts/{police.pk}")
    guest.look("change-contact")
    guest.go("/desk/wordings/edit?kind=police&language=en&country=")
    guest.look("change-wording")
    guest.context.add_cookies(
        [
            cookie
            | {
                "value": signed_in(cast, "adam").cookies["sessionid"].value,
                "url": f"{guest.base}/desk",
                "sameSite": "Strict",
            }
        ]
    )
    guest.go(f"/desk/administration/portals/{cast.portal_id}")
    guest.look("change-checklist")


def test_the_pages_on_which_a_portal_is_handed_over(cast: Cast, visitor: Visit) -> None:
    issue_token(name="School service", scopes=["intake"], actor=cast["adam"].actor)
    adam, dora = (as_staff(cast, visitor, who) for who in ("adam", "dora"))
    adam.go(f"/desk/administration/portals/{cast.portal_id}/hand-over?to={cast.other_hotline_id}")
    adam.look("administration-hand-over")
    press(adam, "Offer it to Hotline of Barbados")
    adam.look("administration-hand-over-offered")
    (offer,) = PortalHandOver.of_every_hotline.all()
    dora.go(f"/desk/administration/offers/{offer.pk}")
    dora.look("administration-offer")
    press(dora, "Take it over")
    dora.look("administration-offer-taken")
    assert Portal.objects.get(slug="jm").hotline_id == cast.other_hotline_id


def as_staff(cast: Cast, visitor: Visit, who: str) -> Visitor:
    """A browser in which somebody is signed in."""
    guest = visitor()
    cookie = {"name": "sessionid", "value": signed_in(cast, who).cookies["sessionid"].value}
    guest.context.add_cookies([cookie | {"url": f"{guest.base}/desk", "sameSite": "Strict"}])
    return guest


def test_the_pages_of_a_persons_data(cast: Cast, visitor: Visit) -> None:
    guest = visitor()
    cookie = {"name": "sessionid", "value": signed_in(cast, "adam").cookies["sessionid"].value}
    guest.context.add_cookies([cookie | {"url": f"{guest.base}/desk", "sameSite": "Strict"}])
    guest.go("/desk/administration/persons")
    guest.page.get_by_label("Whose data").select_option("staff")
    guest.page.get_by_label("Receipt, e-mail address or name").fill(cast["ana"].email)
    guest.press("Look for it")
    guest.look("persons-found")
    guest.page.get_by_role("link", name="Ana").click()
    guest.page.get_by_label("Why, and how you know").fill("By letter")
    guest.look("person")
    guest.press("Ask for a copy")
    guest.page.get_by_role("button", name="Refuse").wait_for()
    guest.look("person-request")
