"""Change a hotline's settings for all its lists."""

import ipaddress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leeward.audit.services import hotline_transaction, record
from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.publishing import queries
from leeward.blocklist.publishing.models import ListSettings
from leeward.blocklist.publishing.queries import SettingsRow
from leeward.blocklist.publishing.rules.test_names import test_entries_of
from leeward.blocklist.publishing.services.publication import publish_soon
from leeward.blocklist.rules.gates import Fence, Gate
from leeward.foundation.actor import Actor
from leeward.foundation.patterns import Pattern
from leeward.people.errors import FieldIsWrong
from leeward.people.services import authorize

_NAME = Pattern(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
MOST_CANARY_DOMAINS = 10
_REMEDY = gettext_lazy(
    "With it, nothing could be published. Register a name for this purpose alone, outside of these, such "
    "as lists-test.example; it needs no other content."
)
_WHY_NOT: dict[Gate, Any] = {
    "own_names": format_lazy(
        "{} {}", gettext_lazy("Names of this installation and of the hotline’s mail are never listed."), _REMEDY
    ),
    "government_names": format_lazy(
        "{} {}", gettext_lazy("Names of the government and of the police’s mail are never listed."), _REMEDY
    ),
    "popular_names": format_lazy("{} {}", gettext_lazy("The most visited sites are never listed as a whole."), _REMEDY),
    "too_wide": format_lazy(
        "{} {}", gettext_lazy("This name has many owners and is never listed as a whole."), _REMEDY
    ),
}


def change_settings(hotline_id: int, chosen: SettingsRow, *, actor: Actor) -> SettingsRow:
    """Normalise and store the settings, and publish the lists again with them; unchanged settings do nothing.

    Raises FieldIsWrong, NotAllowed.
    """
    authorize(actor, "subscriber.edit", hotline_id)
    tidy = _tidy(chosen)
    if tidy.test_domain != queries.list_settings(hotline_id).test_domain:
        _refuse_what_stops_publications(hotline_id, tidy.test_domain)
    with hotline_transaction(hotline_id):
        held = queries.list_settings(hotline_id)
        if replace(tidy, changed_at=held.changed_at) == held:
            return held
        values = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(tidy).items()}
        ListSettings.objects.update_or_create(hotline_id=hotline_id, defaults=values)
        record("list_settings.changed", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts={})
        for row in blocklist_queries.block_lists():
            if queries.newest(row.id):
                publish_soon(row.id, hotline_id=hotline_id)
    return tidy


def _tidy(chosen: SettingsRow) -> SettingsRow:
    canaries = tuple(dict.fromkeys(_name("canary_domains", one) for one in chosen.canary_domains if one.strip()))
    if len(canaries) > MOST_CANARY_DOMAINS:
        raise FieldIsWrong(field="canary_domains", why=_("Ten domains are enough."))
    return SettingsRow(
        test_domain=_name("test_domain", chosen.test_domain),
        canary_domains=canaries,
        zone_suffix=_absolute("zone_suffix", chosen.zone_suffix),
        primary_name=_absolute("primary_name", chosen.primary_name),
        mailbox_name=_absolute("mailbox_name", chosen.mailbox_name.replace("@", ".")),
        stop_name=_absolute("stop_name", chosen.stop_name),
        stop_addresses=tuple(_address(one) for one in chosen.stop_addresses if one.strip()),
        gives_networks=chosen.gives_networks,
        changed_at=datetime.now(UTC),
    )


def _refuse_what_stops_publications(hotline_id: int, test_domain: str) -> None:
    """Refuse a test name that may not be listed: test entries are on every list, so it would stop every publication."""
    fence = Fence(blocklist_queries.limits_of(hotline_id))
    for entry in test_entries_of("x", test_domain, domains_only=False):
        for gate in fence.stops(entry):
            raise FieldIsWrong(field="test_domain", why=_WHY_NOT[gate])


def _name(field: str, value: str) -> str:
    name = value.strip().lower().strip(".")
    if name and not (3 <= len(name) <= 200 and _NAME.fullmatch(name)):
        raise FieldIsWrong(field=field, why=_("This is not a host name such as lists.hotline.example."))
    return name


def _absolute(field: str, value: str) -> str:
    name = _name(field, value)
    return f"{name}." if name else ""


def _address(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value.strip()))
    except ValueError:
        raise FieldIsWrong(field="stop_addresses", why=_("This is not an IPv4 or IPv6 address.")) from None
