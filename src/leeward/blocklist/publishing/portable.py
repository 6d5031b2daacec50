"""Publishing's sections of the settings file: the settings for all lists, and the contracts with subscribers.

Neither keys nor the domains of canaries are included: anybody who knows them could remove the canaries from a copy.
"""

from dataclasses import asdict, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.publishing.models import Subscriber
from leeward.blocklist.publishing.queries import list_settings, subscribers
from leeward.blocklist.publishing.services.settings import change_settings
from leeward.blocklist.publishing.services.subscribers import Contract, change_subscriber, enter_subscriber
from leeward.blocklist.services import open_own_lists
from leeward.blocklist.services.lists import OWN_LISTS
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.people.settings_file import Plain, Section, offer

SETTINGS = {
    "test_domain": str,
    "zone_suffix": str,
    "primary_name": str,
    "mailbox_name": str,
    "stop_name": str,
    "stop_addresses": list,
    "gives_networks": bool,
}
SUBSCRIBER = {
    "name": str,
    "kind": str,
    "contact": str,
    "lists": list,
    "formats": list,
    "is_trusted": bool,
    "takes_plain_addresses": bool,
    "certificate": str,
    "dns_action": str,
    "notify": list,
}


def _settings(hotline_id: int) -> Plain:
    held = asdict(list_settings(hotline_id))
    return {name: list(held[name]) if kind is list else held[name] for name, kind in SETTINGS.items()}


def _take_settings(hotline_id: int, values: Plain, actor: Actor) -> None:
    change_settings(hotline_id, replace(list_settings(hotline_id), **_tuples(values)), actor=actor)


def _tuples(values: Plain) -> dict[str, Any]:
    return {name: tuple(map(str, value)) if isinstance(value, list) else value for name, value in values.items()}


def _canaries(hotline_id: int, values: Plain) -> list[str]:
    if not values or list_settings(hotline_id).canary_domains:
        return []
    return [_("Enter the names for canaries under Publishing, Settings: no file holds them.")]


def _plain(row: Subscriber, names: dict[int, str]) -> dict[str, Any]:
    plain = {name: getattr(row, name) for name in SUBSCRIBER if name != "lists"}
    return plain | {"lists": sorted(names[one.pk] for one in row.lists.all())}


def _subscribers(hotline_id: int) -> Plain:
    names = {row.id: row.name for row in blocklist_queries.block_lists()}
    return {row.slug: _plain(row, names) for row in subscribers().order_by("slug")}


def _take_subscribers(hotline_id: int, values: Plain, actor: Actor) -> None:
    known = {row.slug: row for row in subscribers()}
    ids = {row.name: row.id for row in blocklist_queries.block_lists()}
    if set(dict(OWN_LISTS)) - set(ids):
        ids |= {row.name: row.id for row in open_own_lists(hotline_id, actor=actor)}
    names = {number: name for name, number in ids.items()}
    for slug, fields in values.items():
        found = known.get(slug)
        wanted = {**(_plain(found, names) if found else _empty(slug)), **fields}
        missing = sorted(str(name) for name in wanted["lists"] if name not in ids)
        if missing:
            why = _("there is no list with the name %(name)s here") % {"name": missing[0]}
            raise BadInput(what=f"{slug}.lists", why=why)
        numbers = sorted({ids[name] for name in wanted["lists"]})
        contract = Contract(**_tuples(wanted) | {"lists": numbers})
        if found:
            change_subscriber(found.pk, contract, actor=actor)
        else:
            enter_subscriber(slug, contract, hotline_id=hotline_id, actor=actor)


def _empty(slug: str) -> dict[str, Any]:
    return {"name": slug, "kind": "other", "lists": [], "formats": []}


def _without_key(hotline_id: int, values: Plain) -> list[str]:
    text = _("Make a key for the subscriber %(name)s on its page.")
    found = subscribers().filter(slug__in=list(values), token_id=None).order_by("slug")
    return [text % {"name": row.slug} for row in found]


offer(
    Section(
        "publishing", SETTINGS, _settings, _take_settings, title=gettext_lazy("Publishing of lists"), by_hand=_canaries
    )
)
offer(
    Section(
        "subscribers",
        SUBSCRIBER,
        _subscribers,
        _take_subscribers,
        is_table=True,
        title=gettext_lazy("Subscribers"),
        by_hand=_without_key,
    )
)
