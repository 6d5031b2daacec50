"""The source of the demonstration waits for its second person, and can be offered again at another address."""

from typing import Any

from django_scopes import scope

from leeward.demo.exchange import ENTRIES, NAME, fill_feed, offer_source
from leeward.demo.staff import email_of
from leeward.demo.world.feeds import NcmecFeed
from leeward.foundation.actor import Actor
from leeward.hashbank.models import Record
from leeward.hashbank.queries import live_source, live_sources
from leeward.hashbank.sources.services.pulling import pull
from leeward.people.models import User
from tests.having_read import confirm_agreement
from tests.personas import Cast


def test_the_supervisor_confirms_it_and_it_is_pulled(cast: Cast, settings: Any) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(
        update={"fetch_allowed_networks": ("127.0.0.0/8",), "fetch_proxy": ""}
    )
    User.objects.filter(pk=cast["adam"].account_id).update(email=email_of("adam"))
    with NcmecFeed() as before:
        offer_source(cast.hotline_id, before)
    with NcmecFeed() as feed, scope(hotline=cast.hotline_id):
        fill_feed(feed)
        offer_source(cast.hotline_id, feed)
        assert [row.state for row in live_sources()] == ["needs_second"]
        confirm_agreement(NAME, actor=cast["carl"].actor)
        done = pull(live_source(NAME).pk, actor=Actor(kind="system"))
        assert (done.added, done.why, Record.objects.count()) == (ENTRIES, None, ENTRIES)
