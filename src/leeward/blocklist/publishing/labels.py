"""The wording of publishing: gates, reasons, kinds, alarms, commitments."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Labels = dict[str, str | Promise]

GATES: Labels = {
    "size_jump": _("Many more changes at once than usual"),
    "emptied": _("The list would be empty"),
    "own_names": _("Names of our own"),
    "government_names": _("Names of the government"),
    "popular_names": _("Most visited sites as a whole"),
    "too_wide": _("Names that many others share"),
    "test_entries": _("The test entries are missing: choose a name for them in the settings"),
    "canaries": _("Canaries are missing: choose names for them in the settings"),
    "not_expressible": _("Entries that the formats can’t express"),
    "syntax": _("BIND’s checker refuses the zone"),
}
WHYS: Labels = {
    "duty": _("Twice a day"),
    "removal": _("Something was removed"),
    "person": _("By hand"),
    "rollback": _("Back to an earlier publication"),
    "subscriber": _("A contract or setting changed"),
}
KINDS: Labels = {
    "access": _("Internet access"),
    "mobile": _("Mobile operator"),
    "search": _("Search engine"),
    "host": _("Host or platform"),
    "school": _("School or family filter"),
    "other": _("Other"),
}
FORMATS: Labels = {
    "rpz": _("DNS policy zone"),
    "hashes": _("Hashed prefixes"),
    "keyed": _("Keyed list for proxies"),
    "urls": _("Exact addresses"),
    "hosts": _("Hosts file"),
    "adblock": _("Rules for browser filters"),
    "domains": _("Whole domains"),
    "e2guardian": _("Files for e2guardian"),
    "ip": _("IP addresses"),
}
DNS_ACTIONS: Labels = {
    "no_such_name": _("Answer: no such name"),
    "stop_name": _("Send to the stop page by its name"),
    "stop_addresses": _("Send to the stop page by its addresses"),
}
ALARMS: Labels = {
    "never_fetched": _("Has never fetched its list"),
    "stale": _("Has an outdated list"),
    "test_failed": _("Does not block the test name"),
    "test_overdue": _("Has not answered the test"),
}
ANSWERS: Labels = {"blocked": _("Blocked"), "open": _("Not blocked"), "": _("Not answered yet")}
COMMITMENTS: Labels = {
    "support_hotline": _("Supports the hotline"),
    "notice_and_takedown": _("Removes material from its own services on notice"),
    "block_list": _("Blocks from a list"),
}
