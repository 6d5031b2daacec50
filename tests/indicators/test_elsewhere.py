"""What anybody may open tells no number of reports, cases, requests, letters or blocked addresses but in `/figures`, where the closed list
is: each such page has the same bytes whether hundreds came in or nothing did.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django_scopes import scope

from leeward.casework.models import Appeal, Case
from leeward.demo.fill import fill
from leeward.indicators import services
from leeward.notices.models import Contact
from leeward.providers.models import Provider
from tests.indicators.rows import beside
from tests.personas import Cast

ROUTES = Path(__file__).parents[1] / "contracts" / "routes.txt"
# How the installation is, for programs on this machine; and the log, whose length tells how much is done here, not what.
NOT_ABOUT_CASES = ("/metrics", "/health/ready", "/proof", "/<slug:portal>/proof")
ONCE = re.compile(r'(name="once" value|name="csrfmiddlewaretoken" value|nonce)="[^"]+"|<(responseDate|updated)>[^<]+')


def public_pages() -> list[str]:
    """Every page that the table of routes lets nobody in particular open, at the portal `jm` and about Jamaica."""
    lines = [line.split() for line in ROUTES.read_text(encoding="utf-8").splitlines()]
    routes = [line[1] for line in lines if line[0] == "GET" and line[2] == "200" and line[1] not in NOT_ABOUT_CASES]
    assert len(routes) > 40
    named = [
        one.replace("<slug:portal>", "jm").replace("<str:code>", "JM").replace("<str:kind>", "html") for one in routes
    ]
    assert not [one for one in named if "<" in one]
    return [one for one in named if not one.startswith("/desk/")]


def read(pages: list[str], at: datetime) -> dict[str, str]:
    """What each page says at a moment: some tell the time."""
    with time_machine.travel(at, tick=False):
        return _read(pages)


def _read(pages: list[str]) -> dict[str, str]:
    guest = Client()
    found = {}
    for page in pages:
        answer = guest.get(page)
        assert answer.status_code == 200, page
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[page] = ONCE.sub("", content.decode(errors="replace"))
    return found


@pytest.mark.django_db(transaction=True)
def test_no_page_but_the_figures_says_how_many(cast: Cast) -> None:
    pages = public_pages()
    now = datetime.now(UTC)
    before = read(pages, now)
    fill(60, cast.hotline_id, progress=lambda done, count: None)
    with scope(hotline=cast.hotline_id):
        beside(cast, now - timedelta(days=30), number=7)
        services.count_again(cast.hotline_id, now=now)
        assert Contact.objects.update(due=9, answered=8, removed=7, verified=6) > 0, "the league has rows"
        assert Provider.objects.exists()
        case = Case.objects.earliest("id")
        Appeal.objects.bulk_create(
            Appeal(hotline_id=cast.hotline_id, portal_id=cast.portal_id, case=case, origin="reporter", origin_id=number,
                   state="upheld", asked_at=now, due_at=now, decided_at=now)
            for number in range(6)
        )  # fmt: skip
    after = read(pages, now)
    assert [page for page in pages if before[page] != after[page]] == []
