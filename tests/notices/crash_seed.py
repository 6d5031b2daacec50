"""Fills an installation with cases to tell people about: `python crash_seed.py COUNT`; for the tests that kill workers."""

import sys
from datetime import UTC, datetime

import django
from django_scopes import scope

django.setup()

from leeward.ground.actor import SYSTEM  # noqa: E402
from leeward.hosting.services import open_location  # noqa: E402
from leeward.notices.rules.briefs import CaseBrief, Plan  # noqa: E402
from leeward.notices.services import act_on  # noqa: E402
from leeward.people.models import Hotline, Portal  # noqa: E402


def main() -> None:
    """Act on as many cases as wished: half of them tell the police, half a host of their own."""
    hotline = Hotline.objects.create(slug="jm", name="Hotline of Jamaica", country="JM", email="desk@jm.example")
    portal = Portal.objects.create(
        hotline=hotline, slug="jm", name="Jamaica", country="JM", police_email="police@constabulary.example"
    )
    with scope(hotline=hotline.pk):
        for number in range(1, int(sys.argv[1]) + 1):
            url = f"http://pictures.harbour-host.example/{number}"
            location = open_location(hotline_id=hotline.pk, kind="url", display=url, comparable=url)
            brief = CaseBrief(
                case_id=number,
                reference=f"2026-{number:04d}",
                hotline_id=hotline.pk,
                portal_id=portal.pk,
                location_id=location,
                address=url,
                received_at=datetime.now(UTC),
                country="JM",
            )
            act_on(brief, plan=Plan(police=True, host=False), actor=SYSTEM)


main()
