"""Where a web address is hosted now, looked up live and stored nowhere; for the command line."""

from datetime import UTC, datetime
from typing import Any

from leeward.hosting.rules.urls import CanonicalUrl
from leeward.hosting.rules.whereabouts import Found, country_for_acting, listed, newest
from leeward.hosting.services.locating import learn

NO_HOST = {
    "onion": "An onion address has no host that can be found.",
    "no_such_name": "There is no such name.",
    "no_address": "The name has no address.",
    "name_failed": "The name servers did not answer properly.",
    "name_timed_out": "The name servers did not answer in time.",
}


def located(url: CanonicalUrl) -> dict[str, Any]:
    """Return the whereabouts of an address as a row; `problem` is a sentence about why there is no host, or None."""
    now = datetime.now(UTC)
    found = [] if url.is_onion else [Found(kind, value, source, now, False) for kind, value, source in learn(url.host)]
    best = newest(found)
    country, sources = country_for_acting(best)
    values = {kind: finding.value for kind, finding in best.items()}
    trouble = "onion" if url.is_onion else values.get("name_problem", "")
    return {
        "input": url.input,
        "url": url.url,
        "host": url.host,
        "ip": values.get("ip") or None,
        "network": values.get("network") or None,
        "asn": values.get("asn") or None,
        "country": country,
        "country_sources": sources,
        "behind": values.get("behind") or None,
        "abuse_emails": listed(values.get("abuse_email", "")),
        "registrar": values.get("registrar") or None,
        "registrar_abuse_emails": listed(values.get("registrar_abuse_email", "")),
        "domain_created": values.get("domain_created") or None,
        "domain_status": listed(values.get("domain_status", "")),
        "upstream_emails": listed(values.get("upstream_email", "")),
        "owner_emails": listed(values.get("owner_email", "")),
        "findings": [
            {"kind": one.kind, "value": one.value, "source": one.source, "at": one.at.isoformat(timespec="seconds")}
            for one in found
            if one.value
        ],
        "problem": NO_HOST[trouble] if trouble else None,
    }
