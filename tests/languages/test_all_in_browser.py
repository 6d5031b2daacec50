"""Every language in a browser: the first pages of a reporter are nowhere wider than a telephone and bar nobody."""

import pytest
from django.conf import settings

from tests.browser import PHONE, Visit
from tests.personas import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_reporters_first_pages_fit_a_telephone_in_every_language(cast: Cast, visitor: Visit) -> None:
    from leeward.people.models import Portal

    tags = [tag for tag, _name in settings.LANGUAGES]
    Portal.objects.filter(pk=cast.portal_id).update(languages=tags)
    guest = visitor(size=PHONE)
    for tag in tags:
        for page in ("report", "procedure"):
            guest.go(f"/jm/{page}" if tag == tags[0] else f"/jm/{tag}/{page}")
            assert guest.page.locator("html").get_attribute("lang") == tag
            assert guest.overflow() <= 0, (tag, page)
        assert guest.faults() == [], tag
