"""What an answer of NCMEC's hash sharing says beside its entries, as plain data. Runs in a child."""

import json
from typing import Any

from lxml import etree

from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.lazy_text import storable
from leeward.hashbank.decoders.ncmec import ENTRIES, name_of
from leeward.hashbank.formats.entries import moment


def read(body: bytes) -> bytes:
    """Return the members of the entries in their order, the newest time, the next link, the reasons for a denial and as which
    member it knows us; or why it can't be read. As JSON."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return _as_json({"why": storable(_("its answer is not XML (%(error)s)", error=str(error)[:80]))})
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs lack it
        return _as_json({"why": storable(_("its answer declares a document type, which no list has"))})
    found: dict[str, Any] = {"members": [], "newest": None, "next": "", "reasons": {}, "own": None}
    for element in root.iter():
        _note(element, found)
    return _as_json(found | {"newest": found["newest"].isoformat() if found["newest"] else None})


def _as_json(found: dict[str, Any]) -> bytes:
    return json.dumps(found).encode()


def _note(element: etree._Element, found: dict[str, Any]) -> None:
    name = name_of(element)
    if name in ("images", "videos") and (at := moment(element.get("maxTimestamp"))) is not None:
        found["newest"] = max(at, found["newest"] or at)
    elif name in ENTRIES:
        found["members"].append(next((str(one.get("id") or "") for one in element if name_of(one) == "member"), ""))
    elif name == "next":
        found["next"] = (element.text or "").strip()
    elif name == "reason" and element.get("guid"):
        found["reasons"][str(element.get("guid"))] = str(element.get("name"))
    elif name == "member" and found["own"] is None:
        found["own"] = (element.text or "").strip()
