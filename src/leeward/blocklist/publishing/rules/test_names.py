"""Harmless entries on every list, with which anybody can check whether it is loaded."""

from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.scopes import Scope

PAGE = "blocked.html"


def test_entries_of(list_name: str, domain: str, *, domains_only: bool) -> tuple[ListEntry, ...]:
    """Return a whole domain and, if the list may contain pages, one page of an otherwise open host."""
    if not domain:
        return ()
    whole = ListEntry(Scope.DOMAIN, f"http://blocked-{list_name}.{domain}/", f"http://blocked-{list_name}.{domain}/")
    if domains_only:
        return (whole,)
    page = f"http://page-{list_name}.{domain}/{PAGE}"
    return whole, ListEntry(Scope.URL, page, page)
