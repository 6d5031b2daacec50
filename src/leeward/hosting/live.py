"""Where a web address is hosted now, and what registries say, looked up live and stored nowhere; for the command line."""

from datetime import UTC, datetime, timedelta
from typing import Any

from leeward.foundation.errors import BadInput
from leeward.hosting.lookups.later import AskLater
from leeward.hosting.lookups.registries import registries
from leeward.hosting.name_history import name_of_host
from leeward.hosting.rules.questions import Question, question_of
from leeward.hosting.rules.rdap import CLASSES, registrations
from leeward.hosting.rules.registration import Registration
from leeward.hosting.rules.registry_answers import PROBLEMS, SILENT, RegistryReply
from leeward.hosting.rules.urls import CanonicalUrl, shortened
from leeward.hosting.rules.whereabouts import Found, country_for_acting, listed, newest
from leeward.hosting.services.locating import learn
from leeward.people.queries import country_names

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


def registered(text: str) -> list[Registration]:
    """Return what the registry in charge says now of a name, an address, a number or a handle; what came instead is an `error`.
    Raises BadInput for anything else."""
    question = question_of(text)
    if question is None:
        raise BadInput(what=shortened(text) or "It", why="it is no name, address, number (AS64500) or file")
    if question.kind == "domain":
        name = name_of_host(question.key)
        if not name:  # an onion's: nobody is asked about it
            return [Registration(kind="domain", name=question.key, error=PROBLEMS["no_registry"])]
        question = Question("domain", name)
        if registries().has_no_rdap(question.key):
            return [_by_whois(question.key)]
    reply = registries().look_up(question)
    if reply.answer is None:
        return [Registration(kind=CLASSES[question.kind], name=question.key, error=_why(reply))]
    found = registrations(reply.answer, countries=country_names())
    if question.kind == "domain" and not found[0].error:
        found[0] = registries().completed_by_registrar(found[0], reply.answer)
    return found


def _by_whois(name: str) -> Registration:
    try:
        found, problem = registries().by_whois(name)
    except AskLater as later:
        rest = later.at.timestamp() - datetime.now(UTC).timestamp()
        return Registration(kind="domain", name=name, error=_why(RegistryReply(problem="later", rest_seconds=rest)))
    return found or Registration(kind="domain", name=name, error=PROBLEMS.get(problem, SILENT))


def _why(reply: RegistryReply) -> str:
    if reply.problem == "later":
        at = datetime.now(UTC) + timedelta(seconds=reply.rest_seconds)
        return f"{PROBLEMS['later']} Not before {at:%Y-%m-%d %H:%M:%S} UTC."
    return PROBLEMS.get(reply.problem, SILENT)
