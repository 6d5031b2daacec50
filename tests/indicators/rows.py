"""Rows of the other slices that figures count, written straight into their tables: a list, providers’ reports, a peer."""

from datetime import datetime, timedelta

from leeward.blocklist.models import BlockList, Entry
from leeward.exchange.models import Peer
from leeward.providers.models import Provider, ProviderBatch, ProviderLine
from tests.personas import Cast


def beside(cast: Cast, at: datetime, *, number: int = 4) -> None:
    """A peer; a list with some addresses, and a partner’s; a provider with some reports, and one in the sandbox."""
    own = {"hotline_id": cast.hotline_id}
    Peer.objects.create(
        **own, identifier="p", name="Next door", url="https://peer.example", state="active", added_at=at
    )
    lists = [
        BlockList.objects.create(**own, name=name, title=name, kind=kind, country="JM", made_at=at)
        for name, kind in (("national", "national"), ("partner", "partner"))
    ]
    for one in range(number + 1):
        Entry.objects.create(
            **own, list=lists[one // number], scope="url", comparable=f"a.example/{one}", host="a.example",
            digest=str(one), state="approved", state_at=at + timedelta(days=40), proposed_at=at, approved_at=at,
            review_on=at.date(),
        )  # fmt: skip
    provider = Provider.objects.create(
        **own,
        portal_id=cast.portal_id,
        legal_name="Harbour Host",
        kind="host",
        security_email="s@host.example",
        asked_at=at,
    )
    batch = ProviderBatch.objects.create(
        **own, provider=provider, way="api", once="1", body="1", lines=number, received_at=at
    )
    for one in range(number + 2):
        ProviderLine.objects.create(
            **own, provider=provider, batch=batch, number=one, kind="first" if one != number else "correction",
            digest=str(one), facts="{}", priority=("P1", "")[one % 2], received_at=at, state="opened",
            is_sandbox=one > number,
        )  # fmt: skip
