"""The zone of one subscriber for one list: its name, its header, and the answer for listed names."""

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
    """Return the header of a list's zone; raises SettingsMissing if its names were not chosen, BadInput if they are
    wrong.
    """
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
    """Return the name of a subscriber's key for transfers."""
    return f"{subscriber.slug}.{subscriber.hotline_id}.{settings.zone_suffix or SUFFIX}"


def key_secret(secret: bytes, subscriber: SubscriberRow) -> bytes:
    """Derive the secret of that key from the installation's; it changes with each new token."""
    text = f"transfer key\n{subscriber.key}\n{subscriber.token_id or 0}"
    return hmac.digest(secret, text.encode(), "sha256")


def key_in_text(secret: bytes) -> str:
    """Return a key's secret as name servers' configurations need it."""
    return base64.b64encode(secret).decode("ascii")


def notify_places(places: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Parse `192.0.2.7:53` or `[2001:db8::7]:53`; unreadable values are left out."""
    read = []
    for place in places:
        host, _, port = place.rpartition(":")
        if host and port.isascii() and port.isdecimal() and 0 < int(port[:6]) <= _MOST_PORT:
            read.append((host.strip("[]"), int(port)))
    return tuple(read)
