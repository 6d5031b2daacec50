"""The part of X-ARF that we write, as schemas in our own words: 4.2 of `content/csam` and `content/csem`, and version 3."""

from typing import Any

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_MOMENT = {"type": "string", "format": "date-time"}
_URI = {"type": "string", "format": "uri"}
_EMAIL = {"type": "string", "format": "email"}


def _one_of(*words: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(words)}


_PARTY = {
    "type": "object",
    "required": ["org", "contact", "domain"],
    "properties": {
        "org": {"type": "string", "maxLength": 200},
        "contact": _EMAIL,
        "domain": {"type": "string", "format": "hostname"},
    },
    "additionalProperties": False,
}
_EVIDENCE = {
    "type": "object",
    "required": ["content_type", "payload"],
    "properties": {
        "content_type": _TEXT,
        "description": {"type": "string", "maxLength": 500},
        "payload": _TEXT,
        "hash": {"type": "string", "pattern": "^(md5|sha1|sha256|sha512):[a-fA-F0-9]+$"},
        "size": {"type": "integer", "minimum": 0, "maximum": 5242880},
    },
    "additionalProperties": False,
}
_TAG = "^[a-z0-9][a-z0-9_+-]*:[a-z0-9][a-z0-9_+-]*$"
_REQUIRED = [
    "xarf_version",
    "report_id",
    "timestamp",
    "reporter",
    "sender",
    "source_identifier",
    "category",
    "type",
    "url",
]
_CORE: dict[str, Any] = {
    "xarf_version": {"type": "string", "pattern": r"^4\.[0-9]+\.[0-9]+$"},
    "report_id": {"type": "string", "format": "uuid"},
    "timestamp": _MOMENT,
    "reporter": _PARTY,
    "sender": _PARTY,
    "source_identifier": _TEXT,
    "source_port": {"type": "integer", "minimum": 1, "maximum": 65535},
    "category": {"const": "content"},
    "evidence_source": _TEXT,
    "evidence": {"type": "array", "items": _EVIDENCE, "maxItems": 50},
    "tags": {"type": "array", "items": {"type": "string", "pattern": _TAG}, "maxItems": 20},
    "confidence": {"type": "number", "minimum": 0, "maximum": 1},
    "description": {"type": "string", "maxLength": 1000},
    "legacy_version": _one_of("3"),
    "_internal": {"type": "object"},
    "url": _URI,
    "domain": {"type": "string", "pattern": r"^([a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,}$"},
    "registrar": _TEXT,
    "nameservers": _TEXTS,
    "screenshot_url": _URI,
    "verified_at": _MOMENT,
    "verification_method": _one_of("manual", "automated_crawler", "user_report", "honeypot", "threat_intelligence"),
    "hosting_provider": _TEXT,
    "asn": {"type": "integer", "minimum": 1, "maximum": 4294967295},
    "country_code": {"type": "string", "pattern": "^[A-Z]{2}$"},
}
EXPLOITATIONS = ("grooming", "solicitation", "sextortion", "trafficking", "distribution", "production", "possession")
HASHES = ("md5", "sha1", "sha256", "photodna")
_CSAM = {
    "type": {"const": "csam"},
    "classification": _one_of("baseline", "A1", "A2", "B1", "B2"),
    "media_type": _one_of("image", "video", "audio", "text", "mixed"),
    "detection_method": _one_of("hash_match", "ai_detection", "manual_review", "user_report", "automated_scan"),
    "hash_values": {
        "type": "object",
        "properties": {
            "md5": {"type": "string", "pattern": "^[a-fA-F0-9]{32}$"},
            "sha1": {"type": "string", "pattern": "^[a-fA-F0-9]{40}$"},
            "sha256": {"type": "string", "pattern": "^[a-fA-F0-9]{64}$"},
            "photodna": _TEXT,
        },
    },
    "ncmec_report_id": _TEXT,
    "content_removed": {"type": "boolean"},
    "account_suspended": {"type": "boolean"},
}
_CSEM = {
    "type": {"const": "csem"},
    "exploitation_type": _one_of(*EXPLOITATIONS),
    "victim_age_range": _one_of("infant", "toddler", "prepubescent", "pubescent", "unknown"),
    "platform": _one_of("social_media", "messaging_app", "gaming_platform", "forum", "email", "darkweb", "other"),
    "detection_method": _one_of(
        "behavioral_analysis",
        "keyword_detection",
        "user_report",
        "ai_detection",
        "manual_review",
        "law_enforcement_referral",
    ),
    "evidence_type": {
        "type": "array",
        "items": _one_of("chat_logs", "images", "videos", "user_profile", "metadata"),
    },
    "perpetrator_indicators": {
        "type": "object",
        "properties": {
            "account_id": _TEXT,
            "ip_addresses": {"type": "array", "items": {"type": "string", "format": "ipv4"}},
            "pattern_of_behavior": _TEXT,
        },
    },
    "reporting_obligations": {
        "type": "array",
        "items": _one_of(
            "NCMEC", "IWF", "local_law_enforcement", "europol", "interpol", "platform_safety_team", "other"
        ),
    },
}


def _content(own: dict[str, Any], *needed: str) -> dict[str, Any]:
    return {"type": "object", "required": [*_REQUIRED, *needed], "properties": _CORE | own}


BY_TYPE = {
    "csam": _content(_CSAM, "classification", "detection_method"),
    "csem": _content(_CSEM, "exploitation_type", "detection_method"),
}
_NAME = {"type": "string", "minLength": 3}
VERSION_3: dict[str, Any] = {
    "type": "object",
    "required": ["Version", "ReporterInfo", "Disclosure", "Report"],
    "additionalProperties": False,
    "properties": {
        "Version": {"const": "3"},
        "Disclosure": {"type": "boolean"},
        "ReporterInfo": {
            "type": "object",
            "required": ["ReporterOrg", "ReporterOrgDomain", "ReporterOrgEmail"],
            "additionalProperties": False,
            "properties": {
                "ReporterOrg": _NAME,
                "ReporterOrgDomain": {"type": "string", "format": "hostname"},
                "ReporterOrgEmail": _EMAIL,
                "ReporterContactEmail": _EMAIL,
                "ReporterContactName": _NAME,
            },
        },
        "Report": {
            "type": "object",
            "required": ["ReportClass", "ReportType", "Date", "SourceIp", "SourceUrl"],
            "additionalProperties": False,
            "properties": {
                "ReportClass": {"const": "Content"},
                "ReportType": {"const": "ChildAbuse"},
                "Date": _MOMENT,
                "SourceIp": {"anyOf": [{"type": "string", "format": "ipv4"}, {"type": "string", "format": "ipv6"}]},
                "SourcePort": {"type": "integer", "minimum": 0, "maximum": 65535},
                "SourceUrl": _URI,
            },
        },
    },
}
