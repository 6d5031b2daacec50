"""Whether a report has the shape of goAML. Pure; it runs in a child (`decoders/documents.py`)."""

from collections.abc import Sequence
from typing import Any

from lxml import etree

from leeward.outputs.rules.goaml import MOST_REASON
from leeward.outputs.rules.refusals import Refusal

MOST_BYTES = 1 << 20
# Our own table of the published names, in the order in which they come; + marks what may repeat, ! what must be there.
SHAPE: dict[str, Sequence[str]] = {
    "report": (
        "rentity_id!", "rentity_branch", "submission_code!", "report_code!", "entity_reference!", "fiu_ref_number", "submission_date!",
        "currency_code_local!", "reporting_person!", "location", "reason!", "action", "activity!", "report_indicators!",
    ),
    "reporting_person": ("first_name!", "last_name!", "email"),
    "activity": ("report_parties!",),
    "report_parties": ("report_party!+",),
    "report_party": ("account!", "significance", "reason!", "comments"),
    "account": ("institution_name!", "non_bank_institution!", "account!", "currency_code", "account_name", "iban"),
    "report_indicators": ("indicator!+",),
}  # fmt: skip
_FORBIDDEN = "transaction"  # an activity code with a transaction is refused by every FIU


def check(content: bytes) -> tuple[Refusal, ...]:
    """Return where a report does not fit the shape; that it fits says nothing of an FIU's own schema."""
    if len(content) > MOST_BYTES:
        return (Refusal("too_long"),)
    if b"<!DOCTYPE" in content or b"\x00" in content:
        return (Refusal("doctype"),)
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except (etree.XMLSyntaxError, ValueError):
        return (Refusal("malformed"),)
    if root.tag != "report":
        return (Refusal("schema", str(root.tag)[:60]),)
    faults = [*_faults(root, "report", "report")]
    if root.find(_FORBIDDEN) is not None:
        faults.append("report/transaction")
    if len(root.findtext("reason") or "") > MOST_REASON:
        return (Refusal("too_long", "reason"),)
    return tuple(Refusal("schema", path) for path in dict.fromkeys(faults))


def _faults(element: Any, kind: str, path: str) -> list[str]:
    known = SHAPE.get(kind)
    children = [one for one in element if isinstance(one.tag, str)]
    if known is None or (kind == "account" and path.endswith("account/account")):
        return [path] if children or not (element.text or "").strip() else []
    names = [name.rstrip("!+") for name in known]
    found, here = list[str](), 0
    for child in children:
        at = next((number for number in range(here, len(names)) if names[number] == child.tag), None)
        if at is None:
            found.append(f"{path}/{child.tag}")
            continue
        here = at if known[at].endswith("+") else at + 1
        found += _faults(child, str(child.tag), f"{path}/{child.tag}")
    there = {child.tag for child in children}
    return found + [
        f"{path}/{name}" for name, part in zip(names, known, strict=True) if "!" in part and name not in there
    ]
