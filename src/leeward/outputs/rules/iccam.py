"""A case as INHOPE's ICCAM takes it, version 3: fields and numbers as a public client uses them, and perhaps stale.

The document says the order of the calls as well: the report, its assessment, the fields of the report, the actions. Pure.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from leeward.laws.rules.facts import PAYMENTS, Facts
from leeward.notices.rules.xarf import web_address
from leeward.outputs.rules.json_checks import faults
from leeward.outputs.rules.records import CaseRecord, moment
from leeward.outputs.rules.refusals import Refusal

VALIDATOR = "iccam v3 as observed, ours 1"
MEDIA_TYPE = "application/json"
OBSERVED = (
    "Fields and numbers as observed from a public client of ICCAM v3; they may be stale. INHOPE’s own documents decide."
)
BASELINE, NATIONAL = 1, 2
GRADES = {"baseline": BASELINE, "national": NATIONAL}
_STAGES = {"infant": 2, "prepubescent": 3, "pubescent": 4}
_SEXES = {"female": 2, "male": 3, "both": 4}
_SITES = {
    "website": 2, "file_host": 3, "image_store": 4, "image_board": 5, "forum": 6, "banner_site": 7, "link_site": 8,
    "social_network": 9, "redirector": 10, "web_archive": 11, "search_provider": 18, "image_host": 20, "blog": 22,
    "not_applicable": 24,
}  # fmt: skip
_NO_SITE = 2
_COMMERCIAL = {"yes": 2, "no": 3}
_PAYMENTS = {
    "amex": 2, "diners": 3, "mastercard": 4, "paypal": 5, "visa": 6, "western_union": 7, "other": 8, "none": 9, "sms": 10,
    "email": 11, "liberty_reserve": 12, "bitcoin": 13,
}  # fmt: skip
ACTIONS = {"police_told": 1, "host_told": 2, "removed": 3, "unavailable": 4, "not_illegal": 6}
WITH_REASON = 3  # actions with a number above this have a reason
_MEDIA, _WEBSITE = 1, 2
REASONS = range(1, 22)
_WHOLE = {"type": "integer"}
_TEXT = {"type": "string"}


def obstacles(record: CaseRecord) -> tuple[Refusal, ...]:
    """Return why a case can't be reported."""
    found = []
    if not record.is_decided:
        found.append(Refusal("not_decided"))
    elif record.grade not in GRADES:
        found.append(Refusal("no_grade", "assessment/classification"))
    if record.is_quiet:
        found.append(Refusal("kept_quiet"))
    if web_address(record.brief.address) is None:
        found.append(Refusal("no_web_address", "report/urls"))
    return tuple(found)


def build(record: CaseRecord, labels: Sequence[str] = ()) -> bytes:
    """Return what is called, in its order, for a case without `obstacles`; `labels` are those of a vocabulary."""
    facts = record.facts or Facts()
    document: dict[str, Any] = {
        "note": OBSERVED,
        "report": _report(record),
        "assessment": assessment(record, facts),
        "fields": fields(facts),
        "actions": [_action(record, what, at) for what, at in record.done],
    }
    if labels:
        document["labels"] = list(labels)
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _report(record: CaseRecord) -> dict[str, Any]:
    brief, place = record.brief, record.place
    address = web_address(brief.address)
    number = place.asn.upper().removeprefix("AS")
    url: dict[str, Any] = {
        "urlString": address.href if address else "",
        "hotlineReference": brief.reference,
        "hostingCountryCode": brief.country or "",
        "hostingIpAddress": place.ip,
        "hostingIsp": place.network,
        "hostingOrganization": {
            "autonomousSystemNumber": int(number) if number.isascii() and number.isdecimal() else 0,
            "organizationName": place.network,
            "isContentDeliveryNetwork": bool(place.behind),
        },
        "isSourceUrl": True,
        "memo": "",
        "contentType": _MEDIA if brief.kind == "image" else _WEBSITE,
    }
    return {
        "reportingAnalystName": record.hotline.name,
        "hotlineReceivedDate": moment(brief.received_at),
        "hotlineReference": brief.reference,
        "memo": "",
        "urls": [url],
    }


def assessment(record: CaseRecord, facts: Facts) -> dict[str, Any]:
    """Return the assessment. User-generated is what the child made; child modelling is posing, which is another thing."""
    return {
        "assessingAnalystName": record.hotline.name,
        "classification": GRADES.get(record.grade, 0),
        "ageCategorization": _STAGES.get(facts.pubertal_stage, 2 if facts.age_band == "0-2" else 1),
        "genderCategorization": _SEXES.get(facts.sex, 1),
        "virtualContentCategorization": int(facts.real_person == "no"),
        "userGeneratedContentCategorization": int(facts.self_generated == "yes"),
        "childModelingCategorization": int(facts.act == "posing"),
    }


def fields(facts: Facts) -> dict[str, Any]:
    """Return the fields of the report without which ICCAM does not let a case be followed."""
    return {
        "sourceUrlSiteType": _SITES.get(facts.site_type, _NO_SITE),
        "sourceUrlCommerciality": _COMMERCIAL.get(facts.commercial, 1),
        "sourceUrlPaymentMethods": [_PAYMENTS[one] for one in PAYMENTS if one in facts.payments] or [1],
    }


def _action(record: CaseRecord, what: str, at: Any) -> dict[str, Any]:
    number = ACTIONS[what]
    made = {"actionType": number, "actioningAnalystName": record.hotline.name, "actionDate": moment(at)}
    if number > WITH_REASON:
        reason = record.close_reason if record.close_reason in REASONS else 1
        made |= {"reasonId": reason, "reasonText": ""}
    return made


def check(content: bytes) -> tuple[Refusal, ...]:
    """Return what is wrong with a document: its fields, the numbers of its lists, a reason where none is taken."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return (Refusal("malformed"),)
    found = faults(document, _SCHEMA)
    return found or tuple(_beyond(document))


def _beyond(document: Mapping[str, Any]) -> list[Refusal]:
    found = []
    for number, action in enumerate(document["actions"]):
        has_reason = "reasonId" in action
        if has_reason != (action["actionType"] > WITH_REASON):
            found.append(Refusal("reason_misplaced", f"actions/{number}"))
    order = [one for one in document if one in _ORDER]
    if order != list(_ORDER):
        found.append(Refusal("schema", "order"))
    return found


def labels_of(facts: Facts, vocabulary: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the labels of a vocabulary, such as one of the Universal Classification Schema, that follow from facts.

    Each label has `code` and `when`: facts with the values that all must be met. A label without any is never given.
    """
    stated = facts.to_dict()
    found = []
    for label in vocabulary["labels"]:
        when = label["when"]
        if when and all(stated.get(name) in values for name, values in when.items()):
            found.append(str(label["code"]))
    return tuple(found)


def _object(properties: dict[str, Any], optional: Sequence[str] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


_FLAG = {"enum": [0, 1]}
_COUNTRY = {"type": "string", "pattern": "^([A-Z]{2})?$"}
_MOMENT = {"type": "string", "format": "date-time", "pattern": "Z$"}
_ORDER = ("report", "assessment", "fields", "actions")
_URL = _object(
    {
        "urlString": {"type": "string", "format": "uri", "maxLength": 2048},
        "hotlineReference": {"type": "string", "minLength": 1, "maxLength": 50},
        "hostingCountryCode": _COUNTRY,
        "hostingIpAddress": _TEXT,
        "hostingIsp": _TEXT,
        "hostingOrganization": _object(
            {
                "autonomousSystemNumber": {"type": "integer", "minimum": 0, "maximum": 4294967295},
                "organizationName": _TEXT,
                "isContentDeliveryNetwork": {"type": "boolean"},
            }
        ),
        "isSourceUrl": {"type": "boolean"},
        "memo": _TEXT,
        "contentType": {"enum": [_MEDIA, _WEBSITE]},
    }
)
_SCHEMA: dict[str, Any] = _object(
    {
        "note": {"const": OBSERVED},
        "report": _object(
            {
                "reportingAnalystName": {"type": "string", "minLength": 1},
                "hotlineReceivedDate": _MOMENT,
                "hotlineReference": {"type": "string", "minLength": 1, "maxLength": 50},
                "memo": _TEXT,
                "urls": {"type": "array", "items": _URL, "minItems": 1},
            }
        ),
        "assessment": _object(
            {
                "assessingAnalystName": {"type": "string", "minLength": 1},
                "classification": {"enum": [BASELINE, NATIONAL]},
                "ageCategorization": {"enum": [1, 2, 3, 4]},
                "genderCategorization": {"enum": [1, 2, 3, 4]},
                "virtualContentCategorization": _FLAG,
                "userGeneratedContentCategorization": _FLAG,
                "childModelingCategorization": _FLAG,
            }
        ),
        "fields": _object(
            {
                "sourceUrlSiteType": {"enum": sorted(_SITES.values())},
                "sourceUrlCommerciality": {"enum": [1, 2, 3]},
                "sourceUrlPaymentMethods": {
                    "type": "array", "items": {"enum": list(range(1, 14))}, "minItems": 1, "uniqueItems": True,
                },
            }
        ),
        "actions": {
            "type": "array",
            "items": _object(
                {
                    "actionType": {"enum": sorted(ACTIONS.values())},
                    "actioningAnalystName": {"type": "string", "minLength": 1},
                    "actionDate": _MOMENT,
                    "reasonId": {"enum": list(REASONS)},
                    "reasonText": _TEXT,
                },
                optional=("reasonId", "reasonText"),
            ),
        },
        "labels": {"type": "array", "items": _TEXT},
    },
    optional=("labels",),
)  # fmt: skip
