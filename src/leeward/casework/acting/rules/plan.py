"""What follows from an illegal finding: who is told, by where the thing is."""

from dataclasses import dataclass

from leeward.notices.rules.briefs import Plan

PLACES = ("here", "abroad", "cdn", "no_host", "unknown")
WATCHED_KINDS = ("url", "onion")
# What can be looked at; the rest is about a person, or what somebody told.
CONTENT = ("url", "onion", "magnet", "ed2k", "file_hash")


@dataclass(frozen=True, slots=True)
class Follows:
    """Whom to tell (`plan`), and every step in words of a closed list, in order."""

    plan: Plan
    steps: tuple[str, ...]


def place_of(*, country: str | None, home: str, behind: str, kind: str) -> str:
    """Where a thing is, seen from the portal's country: a shield in front of it hides where it is. What is no web address has
    no host; an onion address hides its own, until somebody finds out in which country it is."""
    if behind:
        return "cdn"
    if kind != "url" and not (kind == "onion" and country):
        return "no_host"
    if not country:
        return "unknown"
    return "here" if country.upper() == home.upper() else "abroad"


def what_follows(
    place: str, kind: str, *, can_tell_host: bool, tells_foreign_hosts: bool, can_tell_abroad: bool
) -> Follows:
    """Police first and always; the host after them, unless it is abroad and the hotline leaves it to those who are there. Where
    nobody in charge there is known, the host is told all the same: no case ends because a directory is empty."""
    foreign = place == "abroad"
    host = can_tell_host and (tells_foreign_hosts or not foreign or not can_tell_abroad)
    steps = ["police"]
    if foreign:
        steps.append("foreign" if can_tell_abroad else "no_foreign")
    if host:
        steps.append("shield" if place == "cdn" else "host")
    elif not foreign or not can_tell_abroad:
        steps.append("no_host")
    steps.append("checks" if kind in WATCHED_KINDS else "no_checks")
    return Follows(Plan(police=True, host=host, foreign=foreign), tuple(steps))
