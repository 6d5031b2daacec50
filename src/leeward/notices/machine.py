"""Machine-readable output: an X-ARF report beside a notice's text, and a notice as JSON for a contact's own server."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings

from leeward import __version__
from leeward.installation.queries import config_now
from leeward.notices.channels import registry
from leeward.notices.models import Contact
from leeward.notices.rules import xarf
from leeward.notices.rules.contact_csv import write_table
from leeward.notices.rules.webhooks import FORMAT, TYPE_NOTICE, TYPE_TEST
from leeward.notices.writing.blocks import Line
from leeward.notices.writing.texts import Attachment, Mail
from leeward.people.queries import HotlineRow

LIST_FORMAT = "leeward-addresses-1"
XARF_FILE, PAYLOAD_FILE = "xarf.json", "notice.json"
# Placeholder for an identifier that doesn't exist yet.
NOT_YET = "…"


def takes_xarf(contact: Contact | None) -> bool:
    """Return whether notices to this contact carry a report."""
    return contact is not None and contact.wants_xarf and contact.kind in xarf.WITH_XARF


def for_programs(
    mail: Mail,
    contact: Contact | None,
    lines: Sequence[Line],
    *,
    kind: str,
    hotline: HotlineRow,
    link: str,
    mark: str,
    at: datetime | None = None,
) -> Mail:
    """Return the notice with its machine-readable part: a payload if the contact's channel takes JSON, else a report if
    the contact takes reports, the notice is about one address, and the report can be made."""
    if registry.of_contact(contact).form == "json":
        return replace(
            mail, payload=_payload(mail, contact, lines, kind=kind, hotline=hotline, link=link, mark=mark, at=at)
        )
    if takes_xarf(contact) and len(lines) == 1 and xarf.is_reportable(lines[0].brief):
        report = Attachment(XARF_FILE, "application/json", _as_text(_report(lines[0], hotline, link)))
        feedback = xarf.feedback_of(f"Leeward/{__version__}")
        return replace(mail, attachments=(*mail.attachments, report), feedback=feedback)
    return mail


def address_list(lines: Sequence[Line], *, hotline: HotlineRow, link: str, has_hashes: bool) -> str:
    """Return the addresses of a notice, or all that are open with a contact, for programs; `has_hashes`: with those of
    their files."""
    items = [_item(line, hotline, link, with_report=False) | _hashes(line, has_hashes=has_hashes) for line in lines]
    return _as_text({"format": LIST_FORMAT, "hotline": _hotline(hotline), "answer": link, "items": items})


def address_table(lines: Sequence[Line], *, has_hashes: bool) -> str:
    """Return the same as CSV."""
    columns = ("reference", "address", "ip", "country", "first_told_at", *(("file_hashes",) if has_hashes else ()))
    rows = [
        [
            line.brief.reference,
            line.brief.address,
            line.place.ip,
            line.brief.country or "",
            _moment(line.first_told_at) if line.first_told_at else "",
            *([" ".join(f"{kind}:{value}" for kind, value in line.brief.file_hashes)] if has_hashes else []),
        ]
        for line in lines
    ]
    return write_table(columns, rows)


def _hashes(line: Line, *, has_hashes: bool) -> dict[str, Any]:
    if not has_hashes:
        return {}
    return {"file_hashes": [{"kind": kind, "value": value} for kind, value in line.brief.file_hashes]}


def test_payload(hotline: HotlineRow, at: datetime) -> str:
    """Return the body of a test, which says only who sends it."""
    content = {"format": FORMAT, "hotline": _hotline(hotline)}
    return _compact({"type": TYPE_TEST, "timestamp": _moment(at), "data": content})


def _payload(
    mail: Mail,
    contact: Contact | None,
    lines: Sequence[Line],
    *,
    kind: str,
    hotline: HotlineRow,
    link: str,
    mark: str,
    at: datetime | None,
) -> str:
    with_report = takes_xarf(contact)
    content = {
        "format": FORMAT,
        "mark": mark,
        "told_as": kind,
        "hotline": _hotline(hotline),
        "answer": link,
        "subject": mail.subject,
        "text": mail.body,
        "items": [_item(line, hotline, link, with_report=with_report) for line in lines],
    }
    return _compact({"type": TYPE_NOTICE, "timestamp": _moment(at) if at else NOT_YET, "data": content})


def _item(line: Line, hotline: HotlineRow, link: str, *, with_report: bool) -> dict[str, Any]:
    brief, place = line.brief, line.place
    item: dict[str, Any] = {
        "id": f"item_{line.number}" if line.number else NOT_YET,
        "reference": brief.reference,
        "address": brief.address,
        "urgent": brief.urgent,
        "time_told": line.number_to_them,
        "first_told_at": _moment(line.first_told_at) if line.first_told_at else None,
        "country": brief.country,
        "ip": place.ip or None,
        "network": place.network or None,
        "asn": place.asn or None,
        "behind": place.behind or None,
    }
    if with_report and xarf.is_reportable(brief):
        item["xarf"] = _report(line, hotline, link)
    return item


def _report(line: Line, hotline: HotlineRow, link: str) -> dict[str, Any]:
    secret = settings.LEEWARD.secret_bytes
    number = xarf.report_id(secret, line.number) if line.number else NOT_YET
    desk = xarf.Desk(hotline.name, _email(hotline))
    return xarf.report(line.brief, desk=desk, report_id=number, ip=line.place.ip, asn=line.place.asn, link=link)


def _hotline(hotline: HotlineRow) -> dict[str, str]:
    return {"name": hotline.name, "country": hotline.country, "email": _email(hotline)}


def _email(hotline: HotlineRow) -> str:
    return str(hotline.email or config_now().mail_replies or config_now().mail_from)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _as_text(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _compact(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
