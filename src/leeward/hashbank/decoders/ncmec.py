"""NCMEC's hash sharing format, version 2, as XML. Runs in a child.

Entities and document types are refused. Elements are discarded as soon as they are read, so memory use stays constant.
"""

from collections.abc import Iterator
from typing import IO

from lxml import etree

from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.formats.entries import Bounded, Broken, Entry, ListUnreadable, moment, parts, read_hashes
from leeward.hashbank.formats.ncmec import KINDS
from leeward.hashbank.rules.kinds import BadHash
from leeward.hashbank.rules.standing import CONFIRM, DISPUTE

ENTRIES = ("image", "video", "deletedImage", "deletedVideo")


def read_ncmec(stream: IO[bytes]) -> Iterator[Entry | Broken]:
    """Read an API response; the member is the source, up- and downvotes become votes, and `deleted…` withdraws an
    entry.
    """
    bounded = Bounded(stream)
    number = 0
    try:
        events = etree.iterparse(
            bounded,
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        is_first = True
        for event, element in events:
            if is_first:
                _refuse_type(element)
                is_first = False
            if event == "start" or name_of(element) not in ENTRIES:
                continue
            number += 1
            bounded.entry()
            yield from _read(number, element)
            _forget(element)
    except etree.XMLSyntaxError as error:
        if not number and not str(error).startswith("Premature"):
            raise ListUnreadable(_("it is not XML (%(error)s)", error=str(error)[:80])) from error
        yield Broken(
            number + 1,
            _("from here on it is not XML, or it is cut off (%(error)s)", error=str(error)[:80]),
            is_end=True,
        )


def _read(number: int, element: etree._Element) -> Iterator[Entry | Broken]:
    damaged: list[BadHash] = []
    try:
        entry = _entry(number, element, damaged)
    except BadHash as error:
        yield Broken(number, error.lazy_text)
        return
    yield from parts(number, damaged)
    yield entry


def _refuse_type(element: etree._Element) -> None:
    if element.getroottree().docinfo.doctype:  # type: ignore[attr-defined]  # the stubs lack it
        raise ListUnreadable(_("it declares a document type, which no list has"))


def name_of(element: etree._Element) -> str:
    """Return the name of an element without its namespace; "" for what is none."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if name_of(child) == name), None)


def _text(element: etree._Element, name: str) -> str:
    child = _child(element, name)
    return (child.text or "").strip() if child is not None else ""


def _entry(number: int, element: etree._Element, damaged: list[BadHash]) -> Entry:
    name = name_of(element)
    member = _text(element, "member")
    gone = name.startswith("deleted")
    prints = _child(element, "fingerprints")
    given = (
        [(KINDS[name_of(one)], one.text or "") for one in prints if name_of(one) in KINDS] if prints is not None else []
    )
    label = _text(element, "classification")
    return Entry(
        place=number,
        hashes=() if gone else read_hashes(given, damaged=damaged),
        media="video" if name.lower().endswith("video") else "image",
        category=label[:40] or None,
        label=label[:40],
        source=member[:60],
        foreign_id=_text(element, "id")[:60],
        gone=gone,
        at=moment(_text(element, "timestamp")),
        votes=tuple(_votes(element)),
    )


def _votes(element: etree._Element) -> Iterator[tuple[str, str]]:
    feedback = _child(element, "feedback")
    for one in feedback if feedback is not None else ():
        verdict = {"affirmativeFeedback": CONFIRM, "negativeFeedback": DISPUTE}.get(name_of(one))
        if verdict is None:
            continue
        for member in one.iter("{*}member"):
            if member.text and member.text.strip():
                yield member.text.strip()[:60], verdict
