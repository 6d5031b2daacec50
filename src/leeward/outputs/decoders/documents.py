"""Documents in XML, ours and the answers of others, as plain data. Runs in a child (`foundation/sandbox`)."""

from datetime import datetime

from leeward.outputs.rules import cybertip_check, goaml_check

_ANSWERS = ("reportResponse", "reportDoneResponse")


def cybertip_faults(body: bytes, now: str) -> list[list[str]]:
    """Return what NCMEC's CyberTipline would refuse a document for: codes and places."""
    return [[one.code, one.where] for one in cybertip_check.check(body, datetime.fromisoformat(now))]


def goaml_faults(body: bytes) -> list[list[str]]:
    """Return where a report doesn't fit the shape of goAML."""
    return [[one.code, one.where] for one in goaml_check.check(body)]


def cybertip_answer(body: bytes) -> dict[str, object]:
    """Return what an answer of the CyberTipline says: its code and names, or why it is none."""
    try:
        root = cybertip_check.parse(body)
    except cybertip_check.Malformed as error:
        return {"why": f"answer_{error.code}"}
    if root.tag not in _ANSWERS or cybertip_check.schema_faults(root):
        return {"why": "answer_unreadable"}
    values = {name: (root.findtext(name) or "").strip() for name in ("reportId", "fileId", "hash")}
    files = [(one.text or "").strip() for one in root.iterfind("files/fileId")]
    return {"code": int((root.findtext("responseCode") or "").strip()), "values": {**values, "files": files}}
