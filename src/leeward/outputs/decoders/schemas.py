"""An FIU's schema: whether it can be used, and what it says of a report. Runs in a child (`foundation/sandbox`)."""

from lxml import etree

MOST_FAULTS = 20
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_REACHES_OUT = ("include", "import", "redefine", "override")


def why_unusable(body: bytes) -> str:
    """Return why a schema can't be used, as a word: doctype, malformed, not_a_schema, reaches_out, no_report; "" if it can."""
    found = _compiled(body)
    return found if isinstance(found, str) else ""


def faults(body: bytes, document: str) -> list[str]:
    """Return what a schema says against a document, at most `MOST_FAULTS` lines; the schema's own fault as one line."""
    found = _compiled(body)
    if isinstance(found, str):
        return [found]
    read = etree.fromstring(document.encode(), _parser())
    if found.validate(read):
        return []
    lines = str(found.error_log).splitlines()[:MOST_FAULTS]
    return [line.partition(": ")[2][:200] or "invalid" for line in lines] or ["invalid"]


def _compiled(body: bytes) -> etree.XMLSchema | str:
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body or b"\x00" in body:
        return "doctype"
    try:
        tree = etree.fromstring(body, _parser())
    except (etree.XMLSyntaxError, ValueError):
        return "malformed"
    if why := _why_not(tree):
        return why
    try:
        return etree.XMLSchema(tree)
    except etree.XMLSchemaParseError:
        return "not_a_schema"


def _why_not(tree: etree._Element) -> str:
    if tree.tag != f"{_XSD}schema":
        return "not_a_schema"
    if any(tree.find(f".//{_XSD}{name}") is not None for name in _REACHES_OUT):
        return "reaches_out"
    defines = any(one.get("name") == "report" for one in tree.findall(f"{_XSD}element"))
    return "" if defines else "no_report"


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
