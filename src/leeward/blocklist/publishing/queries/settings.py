"""Read a hotline's settings for all its lists."""

from dataclasses import dataclass
from datetime import datetime

from leeward.blocklist.publishing.models import ListSettings


@dataclass(frozen=True, slots=True)
class SettingsRow:
    """The settings; zone names end with a dot, "" means not chosen."""

    test_domain: str = ""
    canary_domains: tuple[str, ...] = ()
    zone_suffix: str = ""
    primary_name: str = ""
    mailbox_name: str = ""
    stop_name: str = ""
    stop_addresses: tuple[str, ...] = ()
    gives_networks: bool = False
    changed_at: datetime | None = None


def list_settings(hotline_id: int) -> SettingsRow:
    """Return the settings of a hotline, or empty ones."""
    found = ListSettings.objects.filter(hotline_id=hotline_id).first()
    if found is None:
        return SettingsRow()
    return SettingsRow(
        found.test_domain,
        tuple(found.canary_domains),
        found.zone_suffix,
        found.primary_name,
        found.mailbox_name,
        found.stop_name,
        tuple(found.stop_addresses),
        found.gives_networks,
        found.changed_at,
    )
