"""The zone of one subscriber for one list: its name, its head, what a listed name is answered with."""

import base64
import hmac
from collections.abc import Iterable

from django.utils.translation import gettext as _

from leeward.blocklist.publishing.errors import SettingsMissing
from leeward.blocklist.publishing.queries import SettingsRow, SubscriberRow
from leeward.blocklist.rules.rpz import NO_SUCH_NAME, Action, Zone, stop_addresses, stop_name

SUFFIX = "rpz.invalid."
PRIMARY = "localhost."
MAILBOX = "nobody.localhost."
_MOST_PORT = 65535


def zone_of(list_name: str, serial: int, settings: SettingsRow, action: str) -> Zone:
    """The head of a list's zone; raises SettingsMissing where its names were not chosen, BadInput where they are wrong."""
    if not settings.zone_suffix:
        raise SettingsMissing(what=_("the name of the zones"))
    return Zone(
        origin=f"{list_name}.{settings.zone_suffix}",
        serial=serial,
        primary=settings.primary_name or PRIMARY,
        mailbox=settings.mailbox_name or MAILBOX,
        action=_action(settings, action),
    )


def _action(settings: SettingsRow, action: str) -> Action:
    if action == "stop_name":
        if not settings.stop_name:
            raise SettingsMissing(what=_("the name of the stop page"))
        return stop_name(settings.stop_name)
    if action == "stop_addresses":
        if not settings.stop_addresses:
            raise SettingsMissing(what=_("the addresses of the stop page"))
        return stop_addresses(settings.stop_addresses)
    return NO_SUCH_NAME


def key_name(subscriber: SubscriberRow, settings: SettingsRow) -> str:
    """The name of a subscriber's key for transfers."""
    return f"{subscriber.slug}.{subscriber.hotline_id}.{settings.zone_suffix or SUFFIX}"


def key_secret(secret: bytes, subscriber: SubscriberRow) -> bytes:
    """The secret of that key: made from the installation's, and another one after each new token."""
    text = f"transfer key\n{subscriber.key}\n{subscriber.token_id or 0}"
    return hmac.digest(secret, text.encode(), "sha256")


def key_in_text(secret: bytes) -> str:
    """A key's secret as configurations of name servers want it."""
    return base64.b64encode(secret).decode("ascii")


def notify_places(places: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Read `192.0.2.7:53` or `[2001:db8::7]:53`; what can't be read is left out."""
    read = []
    for place in places:
        host, _, port = place.rpartition(":")
        if host and port.isascii() and port.isdecimal() and 0 < int(port[:6]) <= _MOST_PORT:
            read.append((host.strip("[]"), int(port)))
    return tuple(read)
