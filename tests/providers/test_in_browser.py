"""The pages of providers in a real browser: phone and desktop, light and dark; nothing that bars anybody, no cookie outside the desk."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django_scopes import scope

from leeward.people.models import User
from leeward.providers.models import DesignatedEntity, ProviderBatch, ProviderLine
from tests.browser import Visit
from tests.personas import Cast
from tests.providers.conftest import Program, as_lines, line, make_key
from tests.providers.test_pages import own_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_page_of_providers(cast: Cast, visitor: Visit) -> None:
    with scope(hotline=cast.hotline_id):
        row, path = own_page(cast, kind="host", countries=["CA", "GB"])
        program = Program(cast, row, make_key(row), "")
        program.post(as_lines(line(1, priority="P1", words="I found a bad page.", cybertip="77"), b"{", line(2)))
        batch, report = ProviderBatch.objects.get(), ProviderLine.objects.get(number=1)
        ProviderLine.objects.filter(number=3).update(keep_until=datetime.now(UTC))
        DesignatedEntity.objects.create(
            hotline_id=cast.hotline_id, country="JM", name="Constabulary", for_whom="every platform", instrument="Regulations, r 3",
            since=datetime.now(UTC).date(), source="https://laws.example/2026", added_at=datetime.now(UTC),
        )  # fmt: skip
    guest = visitor()
    for name, place in (
        ("rules", "/jm/providers"), ("register", "/jm/providers/register"), ("own", path), ("own-report", f"{path}/reports/{report.pk}"),
        ("own-send", f"{path}/report"), ("own-receipts", f"{path}/receipts"), ("own-receipt", f"{path}/receipts/{batch.pk}"),
        ("own-preserved", f"{path}/preserved"),
    ):  # fmt: skip
        guest.go(place)
        guest.look(name)
    assert guest.context.cookies() == []
    client = Client()
    client.force_login(User.objects.get(pk=cast["carl"].account_id))
    guest = visitor()
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": f"{guest.base}/desk"}
    guest.context.add_cookies([cookie | {"sameSite": "Strict"}])
    for name, place in (
        ("providers", "providers"), ("provider", f"providers/{row.pk}"), ("line", f"providers/lines/{report.pk}"),
        ("lines", "providers/lines"), ("batch", f"providers/batches/{batch.pk}"), ("entities", "providers/entities"),
        ("add", "providers/new"),
    ):  # fmt: skip
        guest.go(f"/desk/{place}")
        guest.look(name)
