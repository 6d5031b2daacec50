"""The administrator's pages in a browser: the index, a portal's checklist, the settings file from a look to the change."""

import json
from typing import Any

import pytest
from django_scopes import scope

from leeward.administration.services.settings_file import write_settings
from leeward.people.models import Hotline, Portal
from tests.administration.furnished import furnish
from tests.browser import Visit
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
