"""A hotline with names chosen, a list with entries on it, a subscriber with a key; every test has a data directory of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from django_scopes import scope

from leeward.blocklist.models import BlockList, Entry
from leeward.blocklist.publishing import queries, services
from leeward.blocklist.publishing.queries import SettingsRow
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.expressions import digest
from leeward.blocklist.rules.scopes import Scope
from tests.personas import Cast

CHOSEN = SettingsRow(
    test_domain="test.lists.example",
    canary_domains=("quiet-harbour.example", "small-sites.example"),
    zone_suffix="rpz.hotline.example.",
    primary_name="ns.hotline.example.",
    mailbox_name="desk.hotline.example.",
    stop_name="stop.hotline.example.",
    stop_addresses=("192.0.2.80", "2001:db8::80"),
)
FORMATS = ("rpz", "hashes", "keyed", "urls", "hosts", "adblock", "domains", "e2guardian")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory for the files of this test."""
    config = settings.LEEWARD.model_copy(update={"data": tmp_path})
    monkeypatch.setattr(settings, "LEEWARD", config)
    return tmp_path


@dataclass
class House:
    """The hotline of Jamaica and its national list."""

    cast: Cast
    list_id: int
    name: str = "national"

    def list_entry(self, scope_name: str, address: str) -> Entry:
        """Put an approved entry on the list."""
        entry = ListEntry(Scope(scope_name), address, address)
        return Entry.objects.create(
            hotline_id=self.cast.hotline_id,
            list_id=self.list_id,
            scope=scope_name,
            address=address,
            comparable=address,
            host=entry.host,
            digest=digest(entry.expression).hex(),
            state="approved",
            case_people=[],
            confirmed_by=[],
            state_at=timezone.now(),
            proposed_at=timezone.now(),
            approved_at=timezone.now(),
            review_on=timezone.now().date() + timedelta(days=90),
        )

    def take_off(self, address: str, ending: str = "withdrawn") -> None:
        """Take what has this address off the list."""
        Entry.objects.filter(list_id=self.list_id, address=address).update(state="removed", ending=ending)

    def publish(self, **more: object) -> services.Outcome:
        """Publish as Carl, the supervisor."""
        return services.publish(self.list_id, actor=self.cast["carl"].actor, **more)

    def subscribe(self, slug: str = "alpha", **more: object) -> tuple[queries.SubscriberRow, str]:
        """Make a subscriber with every format as Adam, the administrator; its row and its key."""
        values: dict[str, object] = {
            "name": slug.title(),
            "kind": "access",
            "lists": [self.list_id],
            "formats": FORMATS,
            "is_trusted": True,
            "takes_plain_addresses": True,
        }
        contract = services.Contract(**(values | more))
        pk, key = services.add_subscriber(
            slug, contract, hotline_id=self.cast.hotline_id, actor=self.cast["adam"].actor
        )
        row = queries.subscriber(pk)
        assert row
        return row, key

    def choose(self, **changes: object) -> None:
        """Change the settings of the lists."""
        services.change_settings(
            self.cast.hotline_id,
            replace(CHOSEN, **changes),
            actor=self.cast["adam"].actor,
        )


@pytest.fixture
def house(cast: Cast, data: Path) -> Iterator[House]:
    """The house with three entries on its list, in its hotline's scope; nothing is published yet."""
    with scope(hotline=cast.hotline_id):
        found = BlockList.objects.create(
            hotline_id=cast.hotline_id,
            name="national",
            title="National list",
            kind="national",
            country="JM",
            made_at=timezone.now(),
        )
        made = House(cast, found.pk)
        made.choose()
        made.list_entry("domain", "http://whole.example/")
        made.list_entry("host", "http://one.example/")
        made.list_entry("url", "http://pages.example/folder/page.html")
        yield made
