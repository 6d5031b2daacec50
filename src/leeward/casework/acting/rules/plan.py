"""What follows from an illegal finding: who is told, depending on where the content is."""

from dataclasses import dataclass

from leeward.notices.rules.briefs import Plan

PLACES = ("here", "abroad", "cdn", "no_host", "unknown")
WATCHED_KINDS = ("url", "onion")
# Content that can be viewed. Other kinds are about a person, or are only a description.
CONTENT = ("url", "onion", "magnet", "ed2k", "file_hash")


@dataclass(frozen=True, slots=True)
class Follows:
    """Whom to tell (`plan`), and every step in order, as codes from a closed list."""

    plan: Plan
    steps: tuple[str, ...]


def place_of(*, country: str | None, home: str, behind: str, kind: str) -> str:
    """Return where the content is, seen from the portal's country. A shield in front of a site hides its location,
    until somebody finds out the country. Anything that is not a web address has no host; an onion address hides its host until somebody finds out the
    country.
    """
    if behind and not country:
        return "cdn"
    if kind != "url" and not (kind == "onion" and country):
        return "no_host"
    if not country:
        return "unknown"
    return "here" if country.upper() == home.upper() else "abroad"


def what_follows(
    place: str,
    kind: str,
    *,
    can_tell_host: bool,
    writes_to_foreign_hosts: bool,
    can_tell_abroad: bool,
    is_quiet: bool,
    is_with_hotline_there: bool,
) -> Follows:
    """Return what follows from where the content is. The police always come first. The host is told after them, unless
    it is abroad and the hotline leaves that to the authorities there. Where no authority is known there, the host is
    told anyway: no case ends because a directory is empty. Where the hotline there has it by the exchange already, it
    gets no letter too. `is_quiet`: only of a person's own picture, and they want the police not told. Then the host is
    asked at once, wherever it is, and nobody of another country: those in charge there may be the police.
    """
    foreign = place == "abroad"
    can_tell_abroad = can_tell_abroad or is_with_hotline_there
    if is_quiet:
        return _quietly(kind, can_tell_host=can_tell_host, is_with_hotline_there=is_with_hotline_there)
    host = can_tell_host and (writes_to_foreign_hosts or not foreign or not can_tell_abroad)
    steps = ["police"]
    if foreign:
        steps.append("peer" if is_with_hotline_there else "foreign" if can_tell_abroad else "no_foreign")
    if host:
        steps.append("shield" if place == "cdn" else "host")
    elif not foreign or not can_tell_abroad:
        steps.append("no_host")
    steps.append("checks" if kind in WATCHED_KINDS else "no_checks")
    foreign = foreign and not is_with_hotline_there
    return Follows(Plan(host=host, foreign=foreign), tuple(steps))


def _quietly(kind: str, *, can_tell_host: bool, is_with_hotline_there: bool) -> Follows:
    steps = ["quiet", *(["peer"] if is_with_hotline_there else []), "host_at_once" if can_tell_host else "no_host"]
    steps.append("checks" if kind in WATCHED_KINDS else "no_checks")
    return Follows(Plan(police=False, host=can_tell_host), tuple(steps))
