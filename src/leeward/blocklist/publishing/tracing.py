"""Find out whose copy a leaked file is."""

from django.conf import settings
from django_scopes import scope

from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.publishing import queries
from leeward.blocklist.publishing.gates import canaries_of
from leeward.blocklist.publishing.queries import SubscriberRow
from leeward.blocklist.rules.canaries import Suspect, read_leak, whose
from leeward.blocklist.rules.keyed import subscriber_key


def canaries(subscriber: SubscriberRow, list_name: str) -> tuple[str, ...]:
    """Return the canaries of one subscriber in one list."""
    domains = queries.list_settings(subscriber.hotline_id).canary_domains
    return canaries_of(settings.LEEWARD.secret_bytes, list_name, subscriber, domains)


def suspects(content: bytes, *, hotline_id: int) -> list[Suspect]:
    """Return every current or former subscriber whose canaries are in a leaked file, most certain first, by short name.

    All lists are checked for everybody, because a contract may have included them once.
    """
    secret = settings.LEEWARD.secret_bytes
    names: dict[str, list[str]] = {}
    keys: dict[str, list[bytes]] = {}
    with scope(hotline=hotline_id):
        lists = blocklist_queries.block_lists()
        epochs = {f"{at:%Y-%m}" for row in lists for at in queries.published_at(row.id)}
        for found in queries.subscribers(with_ended=True):
            row = queries.subscriber_row(found)
            for block_list in lists:
                names.setdefault(row.slug, []).extend(canaries(row, block_list.name))
                keys.setdefault(row.slug, []).extend(
                    subscriber_key(secret, list_name=block_list.name, subscriber=row.key, epoch=epoch)
                    for epoch in sorted(epochs)
                )
    return whose(read_leak(content), names, keys)
