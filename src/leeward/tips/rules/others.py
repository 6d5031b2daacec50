"""Items of ICCAM and X-ARF reports, version 3 and 4. Pure."""

from collections.abc import Mapping
from typing import Any

from leeward.tips.rules import facts
from leeward.tips.rules.tip import MOST_NAME, Tip, TipFile
from leeward.tips.rules.trees import Refused, child, leaves, listed, text_of

# What of X-ARF's kinds of exploitation is urgent, and as what.
_RAISED = {"grooming": "contact", "solicitation": "contact", "sextortion": "contact", "trafficking": "trafficking"}


def is_xarf(tree: Any) -> bool:
    """Return whether a document is an X-ARF report of either version."""
    return isinstance(tree, Mapping) and ("xarf_version" in tree or ("Version" in tree and "ReporterInfo" in tree))


def from_xarf(tree: Mapping[str, Any]) -> Tip:
    """Return the tip of an X-ARF report; raises Refused where it is about something else than children."""
    return _version_4(tree) if "xarf_version" in tree else _version_3(tree)


def _version_4(tree: Mapping[str, Any]) -> Tip:
    kind = text_of(tree, "type")
    if text_of(tree, "category") != "content" or kind not in ("csam", "csem"):
        raise Refused("other_abuse")
    sender = text_of(tree, "reporter", "org")[:MOST_NAME]
    values = child(tree, "hash_values")
    found = [(name, text_of(values, name)) for name in values] if isinstance(values, Mapping) else []
    pairs = facts.hash_pairs(found)
    exploitation = text_of(tree, "exploitation_type")
    kept, is_cut = leaves({name: value for name, value in tree.items() if name != "_internal"})
    return Tip(
        "xarf",
        facts.number(text_of(tree, "report_id")),
        sender=sender,
        provider=sender,
        incident=" ".join(part for part in (kind, exploitation) if part),
        happened=text_of(tree, "timestamp"),
        dated=text_of(tree, "timestamp"),
        countries=facts.countries([text_of(tree, "country_code")]),
        addresses=facts.addresses([text_of(tree, "url")]),
        files=(TipFile("", pairs, None, text_of(tree, "classification")),) if pairs else (),
        raised=(_RAISED[exploitation],) if exploitation in _RAISED else (),
        leaves=kept,
        is_cut=is_cut,
    )


def _version_3(tree: Mapping[str, Any]) -> Tip:
    report, reporter = child(tree, "Report"), child(tree, "ReporterInfo")
    if (text_of(report, "ReportClass"), text_of(report, "ReportType")) != ("Content", "ChildAbuse"):
        raise Refused("other_abuse")
    sender = text_of(reporter, "ReporterOrg")[:MOST_NAME]
    url, date = text_of(report, "SourceUrl"), text_of(report, "Date")
    kept, is_cut = leaves(tree)
    # Version 3 has no number: what it reports and when is what tells it apart.
    number = facts.number(text_of(report, "ReportID")) or facts.digest_number(
        sender, url, text_of(report, "SourceIp"), date
    )
    return Tip(
        "xarf", number, sender=sender, provider=sender, incident="ChildAbuse", happened=date, dated=date,
        addresses=facts.addresses([url]), leaves=kept, is_cut=is_cut,
    )  # fmt: skip


def is_iccam(tree: Any) -> bool:
    """Return whether a document is a report of ICCAM."""
    urls = listed(tree.get("urls")) if isinstance(tree, Mapping) else []
    return any(isinstance(one, Mapping) and "urlString" in one for one in urls) and bool(_number(tree))


def _number(tree: Mapping[str, Any]) -> str:
    named = (text_of(tree, name) for name in ("hotlineReference", "reportId", "id"))
    return next((facts.number(text) for text in named if text), "")


def from_iccam(tree: Mapping[str, Any]) -> Tip:
    """Return the tip of a report of ICCAM."""
    urls = [one for one in listed(tree["urls"]) if isinstance(one, Mapping)]
    sender = (text_of(tree, "hotlineName") or text_of(tree, "reportingHotline") or "ICCAM")[:MOST_NAME]
    kept, is_cut = leaves(tree)
    return Tip(
        "iccam",
        _number(tree),
        sender=sender,
        provider=sender,
        dated=text_of(tree, "hotlineReceivedDate"),
        countries=facts.countries(text_of(one, "hostingCountryCode") for one in urls),
        addresses=facts.addresses(text_of(one, "urlString") for one in urls),
        leaves=kept,
        is_cut=is_cut,
    )
