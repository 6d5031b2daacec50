"""CyberTips: the JSON that police download, and the XML that providers write. Pure.

Of the first, every list may be wrapped twice and anything may be null; of the second, only the number is wanting where it
comes from a provider, and is then in the name of the file.
"""

from collections.abc import Mapping
from typing import Any

from leeward.foundation.patterns import Pattern
from leeward.tips.rules import facts
from leeward.tips.rules.tip import MOST_NAME, Tip, TipFile
from leeward.tips.rules.trees import child, flag, is_true, leaves, listed, text_of

SENDER = "NCMEC"
# Where an adult reaches for a child now; other types are about what was found.
CONTACT = ("online enticement of children for sexual acts",)
TRAFFICKING = ("child sex trafficking",)
_IN_NAME = Pattern(r"[0-9]{5,15}")
_PEOPLE_FLAGS = {"accessToChildren": "access", "accessToChildVictim": "access"}
_ANNOTATIONS = {"sextortion": "sextortion", "sadisticOnlineExploitation": "sadistic"}


def number_in_name(name: str) -> str:
    """Return the number in a file's name, where it holds exactly one."""
    found = list(dict.fromkeys(_IN_NAME.findall(name.replace("\\", "/").rpartition("/")[2])))
    return str(found[0]) if len(found) == 1 else ""


def is_police_json(tree: Any) -> bool:
    """Return whether a document is a CyberTip as police download it."""
    return isinstance(tree, Mapping) and "reportId" in tree and "reportedInformation" in tree


def from_police_json(tree: Mapping[str, Any]) -> Tip:
    """Return the tip of the download."""
    about = child(tree, "reportedInformation")
    summary, details = child(about, "incidentSummary"), child(about, "incidentDetails")
    people = listed(child(about, "reportedPeople"), "reportedPeople", "reportedPersons")
    files = listed(child(about, "uploadedFiles"), "uploadedFiles")
    recipients = listed(child(about, "intendedRecipients"), "intendedRecipients")
    pages = listed(child(details, "webpageIncident"), "webpageIncident")
    urls = [text_of(url) for page in pages for url in listed(child(page, "url") or child(page, "urls"), "urls", "url")]
    incident = text_of(summary, "incidentType")
    reason = text_of(summary, "escalateToHighPriority")
    raised = _raised(incident, reason) + tuple(
        code for person in people for name, code in _PEOPLE_FLAGS.items() if is_true(child(person, name))
    )
    kept, is_cut = leaves(tree)
    return Tip(
        "cybertip",
        facts.number(text_of(tree, "reportId")),
        sender=SENDER,
        provider=_provider(child(about, "reportingEsp")),
        incident=incident,
        happened=text_of(summary, "incidentDateTime"),
        dated=text_of(tree, "dateReceived"),
        countries=facts.countries(text_of(one, "country") for one in recipients),
        addresses=facts.addresses(urls),
        files=tuple(_file(one) for one in files if isinstance(one, Mapping)),
        raised=tuple(dict.fromkeys(raised)),
        reason=reason,
        leaves=kept,
        is_cut=is_cut,
    )


def _provider(node: Any) -> str:
    return (text_of(node, "espName") or text_of(node, "lastName"))[:MOST_NAME]


def _file(node: Mapping[str, Any]) -> TipFile:
    found = [("", text_of(node, "verificationHash"))]
    for one in listed(child(child(node, "espMetadata"), "metadatas"), "metadatas"):
        name = text_of(one, "name")
        found.append((name or "-", text_of(one, "value")))
    classification = text_of(node, "industryClassification")
    return TipFile(
        text_of(node, "originalFilename") or text_of(node, "filename"),
        facts.hash_pairs(found),
        flag(child(node, "viewedByEsp")),
        classification,
    )


def _raised(incident: str, reason: str) -> tuple[str, ...]:
    lowered = incident.lower()
    codes = [("contact", lowered in CONTACT), ("trafficking", lowered in TRAFFICKING), ("escalated", bool(reason))]
    return tuple(code for code, holds in codes if holds)


def is_provider_xml(tree: Any) -> bool:
    """Return whether a document is a report as a provider writes it."""
    return isinstance(child(child(tree, "report"), "incidentSummary"), Mapping)


def is_file_xml(tree: Any) -> bool:
    """Return whether a document describes one file of a report."""
    return isinstance(child(tree, "fileDetails"), Mapping)


def from_provider_xml(tree: Mapping[str, Any], name: str) -> Tip:
    """Return the tip of a provider's report; its number is inside or in the name of the file."""
    report = tree["report"]
    summary = report["incidentSummary"]
    places = [child(one, "webPageIncident") for one in listed(child(report, "internetDetails"))]
    urls = [text_of(url) for place in places for url in listed(child(place, "url"))]
    incident, reason = text_of(summary, "incidentType"), text_of(summary, "escalateToHighPriority")
    annotations = child(summary, "reportAnnotations")
    raised = _raised(incident, reason) + tuple(
        code for field, code in _ANNOTATIONS.items() if _is_annotated(annotations, field)
    )
    reporter = child(child(report, "reporter"), "reportingPerson")
    kept, is_cut = leaves(tree)
    return Tip(
        "cybertip",
        facts.number(text_of(report, "reportId")) or number_in_name(name),
        sender=SENDER,
        provider=(text_of(summary, "platform") or text_of(reporter, "lastName"))[:MOST_NAME],
        incident=incident,
        happened=text_of(summary, "incidentDateTime"),
        addresses=facts.addresses(urls),
        files=tuple(_file_xml(one) for one in listed(child(report, "fileDetails")) if isinstance(one, Mapping)),
        raised=tuple(dict.fromkeys(raised)),
        reason=reason,
        leaves=kept,
        is_cut=is_cut,
    )


def _is_annotated(annotations: Any, field: str) -> bool:
    """Return whether a report has an annotation. NCMEC's schema fixes its value: an empty one is true as well."""
    return isinstance(annotations, Mapping) and field in annotations and flag(annotations[field]) is not False


def from_file_xml(tree: Mapping[str, Any]) -> Tip:
    """Return the part of a tip that describes one of its files."""
    node = tree["fileDetails"]
    kept, is_cut = leaves(tree)
    return Tip(
        "cybertip", facts.number(text_of(node, "reportId")), files=(_file_xml(node),), leaves=kept, is_cut=is_cut
    )


def _file_xml(node: Mapping[str, Any]) -> TipFile:
    hashes = [(text_of(one, "@hashType") or "-", text_of(one)) for one in listed(child(node, "originalFileHash"))]
    return TipFile(
        text_of(node, "originalFileName") or text_of(node, "fileName"),
        facts.hash_pairs(hashes),
        flag(child(node, "fileViewedByEsp")),
        text_of(node, "industryClassification"),
    )
