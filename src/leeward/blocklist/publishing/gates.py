"""The gates of a publication: the rules with this hotline's names, and the formats' own checks."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from leeward.blocklist.dns.zone_check import complaint_about, is_checker_installed
from leeward.blocklist.publishing.queries import SettingsRow, SubscriberRow
from leeward.blocklist.publishing.zones import MAILBOX, PRIMARY, SUFFIX
from leeward.blocklist.rules.canaries import canary_names
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.errors import NotExpressible
from leeward.blocklist.rules.gates import Draft, Failure, Limits, failures
from leeward.blocklist.rules.rpz import Zone, rules_of, zone_text

_SHOWN = 20


def canaries_of(secret: bytes, list_name: str, subscriber: SubscriberRow, domains: Sequence[str]) -> tuple[str, ...]:
    """Return the canaries of one subscriber in one list; none if no domain was chosen for them."""
    if not domains:
        return ()
    return canary_names(secret, list_name=list_name, subscriber=subscriber.key, domains=domains)


def all_failures(
    entries: Sequence[ListEntry],
    previous: Sequence[ListEntry],
    *,
    tests: Sequence[ListEntry],
    limits: Limits,
    settings: SettingsRow,
    canaries: dict[str, tuple[str, ...]],
) -> list[Failure]:
    """Return every gate that stops these entries; `canaries` are those of each subscriber, by its name."""
    have = [name for names in canaries.values() for name in names]
    wanted = have + [f"({name})" for name, names in canaries.items() if not names]
    found = failures(Draft(entries, previous, tests, have, wanted), limits)
    if not tests:
        found.append(Failure("test_entries", 1))
    return found + _not_expressible(entries) + _syntax(entries, settings)


def _not_expressible(entries: Sequence[ListEntry]) -> list[Failure]:
    wrong = []
    for entry in entries:
        try:
            entry.expression  # noqa: B018 (asked only whether it can be said)
        except NotExpressible:
            wrong.append(entry.comparable)
    return [Failure("not_expressible", len(wrong), tuple(sorted(wrong)[:_SHOWN]))] if wrong else []


def _syntax(entries: Sequence[ListEntry], settings: SettingsRow) -> list[Failure]:
    """Return what BIND's checker says about the policy zone, where it is installed."""
    if not is_checker_installed():
        return []
    origin = f"check.{settings.zone_suffix or SUFFIX}"
    zone = Zone(origin, 1, settings.primary_name or PRIMARY, settings.mailbox_name or MAILBOX)
    with tempfile.NamedTemporaryFile("w", suffix=".zone", encoding="ascii") as file:
        file.writelines(zone_text(zone, rules_of(entries, origin).owners))
        file.flush()
        complaint = complaint_about(Path(file.name), origin)
    return [Failure("syntax", 1, (complaint,))] if complaint else []
