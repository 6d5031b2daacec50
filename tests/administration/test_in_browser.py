"""The administrator's pages in a browser: the index, a portal's checklist, the settings file from a look to the change."""

import json
from typing import Any

import pytest
from django_scopes import scope

from leeward.administration.services.settings_file import write_settings
from leeward.people.models import Hotline, Portal
from tests.administration.furnished import furnish
from tests.browser import DESKTOP, PHONE, Visit
from tests.people.browsing import press
from tests.people.signing import signed_in
from tests.people.test_pages_browser import Look
from tests.personas import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")])
def test_the_administrators_pages(cast: Cast, visitor: Visit, tmp_path: Any, size: Any, scheme: Any) -> None:
    furnish(cast)
    with scope(hotline=cast.hotline_id):
        said = json.loads(write_settings(cast.hotline_id))
    said |= {"of": "tt", "hotline": {"name": "Hotline of Jamaica and Tobago"}, "limits": {"previews": 99_999}}
    said["staff"]["a.person.with.a.long.address@far-away.office.example"] = {"name": "Fay", "roles": ["analyst"]}
    said["texts"]["host/fr"]["body"] += " مرحبا" * 60
    (tmp_path / "tt.json").write_text(json.dumps(said))
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False)
    guest = visitor(size=size, scheme=scheme)
    cookie = {"name": "sessionid", "value": signed_in(cast, "adam").cookies["sessionid"].value}
    guest.context.add_cookies([cookie | {"url": f"{guest.base}/desk", "sameSite": "Strict"}])  # type: ignore[list-item]
    look, page = Look(guest, f"{size[0]}-{scheme}"), guest.page
    look.go("/desk/administration", "administration")
    look.go(f"/desk/administration/portals/{cast.portal_id}", "checklist")
    look.go("/desk/administration/file", "file")
    page.locator("#file").set_input_files(tmp_path / "tt.json")
    press(guest, "Show what would change")
    look.at("file-refused")
    page.get_by_role("checkbox", name="Exposure limits").set_checked(False)
    press(guest, "Look again")
    look.at("file-seen")
    page.get_by_label("I take it although it was written for tt").check()
    press(guest, "Change all of this")
    look.at("file-taken")
    assert Hotline.objects.get(pk=cast.hotline_id).name == "Hotline of Jamaica and Tobago"
