"""What the page of another repository's list holds, in OAI-PMH 2.0. Pure; it runs in a child (`decoders/pages.py`)."""

from collections.abc import Iterator
from functools import partial

from lxml import etree

from leeward.awareness.rules.records import MOST_BYTES, NEITHER, NOTHING, TOO_LARGE, NotAFeed
from leeward.awareness.rules.vocabulary import FORMS

_OAI = "http://www.openarchives.org/OAI/2.0/"
_DC = "http://purl.org/dc/elements/1.1/"
_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
# Nothing that a document names is fetched or put in its place.
_PARSER = partial(etree.XMLParser, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def rows_of_page(content: bytes) -> tuple[list[dict[str, str]], str]:
    """Return the rows of a ListRecords answer, as a table would hold them, and the token of the next page ("": none).
    Deleted records are left out. Raises NotAFeed.
    """
    if len(content) > MOST_BYTES:
        raise NotAFeed(TOO_LARGE)
    root = _tree(content)
    if root.tag != f"{{{_OAI}}}OAI-PMH":
        raise NotAFeed(NOTHING)
    fault = root.find(f"{{{_OAI}}}error")
    if fault is not None:
        if fault.get("code") == "noRecordsMatch":
            return [], ""
        raise NotAFeed(f"the other side refuses: {str(fault.get('code'))[:40]}")
    token = root.findtext(f"{{{_OAI}}}ListRecords/{{{_OAI}}}resumptionToken") or ""
    return list(_rows(root)), token.strip()


def _tree(content: bytes) -> "etree._Element":
    """Return the tree of a document without entities: one that declares any is refused."""
    try:
        root = etree.fromstring(content, _PARSER())
    except (etree.XMLSyntaxError, ValueError):
        raise NotAFeed(NEITHER) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotAFeed(NEITHER)
    return root


def _rows(root: "etree._Element") -> Iterator[dict[str, str]]:
    for record in root.iter(f"{{{_OAI}}}record"):
        dc = record.find(f"{{{_OAI}}}metadata/{{{_OAI_DC}}}dc")
        if dc is None:
            continue
        form = _first(dc, "type").lower()
        addresses = [text for text in _texts(dc, "identifier") if text.startswith(("https://", "http://"))]
        yield {
            "title": _first(dc, "title"),
            "publisher": _first(dc, "publisher"),
            "address": addresses[0] if addresses else "",
            "audiences": "",
            "age_from": "",
            "age_to": "",
            "topics": " ".join(_texts(dc, "subject")),
            "languages": " ".join(text.partition("-")[0].lower() for text in _texts(dc, "language")),
            "form": form if form in FORMS else "page",
            "licence": _first(dc, "rights"),
            "source": "",
        }


def _texts(dc: "etree._Element", name: str) -> list[str]:
    return [" ".join("".join(map(str, one.itertext())).split()) for one in dc.findall(f"{{{_DC}}}{name}")]


def _first(dc: "etree._Element", name: str) -> str:
    return next(filter(None, _texts(dc, name)), "")
