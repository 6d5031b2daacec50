"""NCMEC's hash sharing, version 2, as XML: images and videos with fingerprints, feedback of members, and what was deleted.

Entities and document types are refused; elements are dropped as soon as they are read, so memory stays the same.
"""

import shutil
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from leeward.foundation.said import LazyText as _
from leeward.hashbank.formats.entries import (
    Bounded,
    Broken,
    Entry,
    ListUnreadable,
    Outgoing,
    Skipped,
    moment,
    read_hashes,
)
from leeward.hashbank.rules.kinds import BadHash
from leeward.hashbank.rules.labels import facts_of_label
from leeward.hashbank.rules.standing import CONFIRM, DISPUTE

SPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
_KINDS = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "pdna": "photodna", "pdq": "pdq"}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_LABELS = ("A1", "A2", "B1", "B2")
_ENTRIES = ("image", "video", "deletedImage", "deletedVideo")


def read_ncmec(stream: IO[bytes]) -> Iterator[Entry | Broken]:
    """Read an answer of the list; the member is the source, up- and down-votes are votes, `deleted…` takes back."""
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
            if event == "start" or _name(element) not in _ENTRIES:
                continue
            number += 1
            bounded.entry()
            try:
                yield _entry(number, element)
            except BadHash as error:
                yield Broken(number, error.said)
            _forget(element)
    except etree.XMLSyntaxError as error:
        if not number and not str(error).startswith("Premature"):
            raise ListUnreadable(_("it is not XML (%(error)s)", error=str(error)[:80])) from error
        yield Broken(
            number + 1,
            _("from here on it is not XML, or it breaks off (%(error)s)", error=str(error)[:80]),
            is_end=True,
        )


def _refuse_type(element: etree._Element) -> None:
    if element.getroottree().docinfo.doctype:  # type: ignore[attr-defined]  # the stubs lack it
        raise ListUnreadable(_("it declares a document type, which no list has"))


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if _name(child) == name), None)


def _text(element: etree._Element, name: str) -> str:
    child = _child(element, name)
    return (child.text or "").strip() if child is not None else ""


def _entry(number: int, element: etree._Element) -> Entry:
    name = _name(element)
    member = _text(element, "member")
    gone = name.startswith("deleted")
    prints = _child(element, "fingerprints")
    given = (
        [(_KINDS[_name(one)], one.text or "") for one in prints if _name(one) in _KINDS] if prints is not None else []
    )
    label = _text(element, "classification")
    return Entry(
        place=number,
        hashes=() if gone else read_hashes(given),
        media="video" if name.lower().endswith("video") else "image",
        facts=facts_of_label("industry", label),
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
        verdict = {"affirmativeFeedback": CONFIRM, "negativeFeedback": DISPUTE}.get(_name(one))
        if verdict is None:
            continue
        for member in one.iter("{*}member"):
            if member.text and member.text.strip():
                yield member.text.strip()[:60], verdict


def write_ncmec(rows: Iterable[Outgoing], out: IO[bytes], skipped: Skipped) -> None:
    """Write the same form, images before videos; records without a fingerprint that it has a name for are skipped."""
    out.write(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n')
    out.write(f"<queryResult xmlns={quoteattr(SPACE)}>\n".encode())
    newest = datetime(1970, 1, 1, tzinfo=UTC)
    out.write(b"<images>\n")
    with SpooledTemporaryFile(max_size=1 << 20) as videos:
        for row in rows:
            newest = max(newest, row.last_seen)
            _write_entry(row, "video", videos, skipped) if row.media == "video" else _write_entry(
                row, "image", out, skipped
            )
        videos.seek(0)
        out.write(b"</images>\n<videos>\n")
        shutil.copyfileobj(videos, out)
    out.write(f"</videos>\n<!-- up to {_stamp(newest)} -->\n</queryResult>\n".encode())


def _write_entry(row: Outgoing, name: str, out: IO[bytes], skipped: Skipped) -> None:
    if row.gone:
        parts = [f"<deleted{name.capitalize()}>", *_head(row), f"</deleted{name.capitalize()}>"]
        out.write("".join(parts).encode() + b"\n")
        return
    prints = [(_NAMES[one.kind], _print(one)) for one in row.hashes if one.kind in _NAMES]
    if not prints:
        skipped.count, skipped.why = skipped.count + 1, "this form has no name for their hashes"
        return
    stated = (label for _, _, label in row.votes if label in _LABELS)
    label = row.classification.get("a1_b2") or next(stated, "none")
    parts = [f"<{name}>", *_head(row)]
    if label not in ("none", "undetermined"):
        parts.append(f"<classification>{escape(label)}</classification>")
    parts += ["<fingerprints>", *(f"<{one}>{escape(text)}</{one}>" for one, text in prints), "</fingerprints>"]
    parts += [*_feedback(row), f"</{name}>"]
    out.write("".join(parts).encode() + b"\n")


def _print(one: Any) -> str:
    return b64encode(one.value).decode() if one.kind == "photodna" else one.value.hex()


def _head(row: Outgoing) -> list[str]:
    member = row.votes[0][0] if row.votes else row.bank
    return [
        f'<member id="1">{escape(_clean(member))}</member>',
        f"<timestamp>{_stamp(row.last_seen)}</timestamp>",
        f"<id>{row.record_id}</id>",
    ]


def _feedback(row: Outgoing) -> list[str]:
    parts = []
    for name, verdict, _by in row.votes[1:]:
        tag = "affirmativeFeedback" if verdict == CONFIRM else "negativeFeedback"
        member = f'<member id="2">{escape(_clean(name))}</member>'
        parts.append(f"<{tag}><members>{member}</members></{tag}>")
    return ["<feedback>", *parts, "</feedback>"] if parts else []


def _clean(text: str) -> str:
    """The text without the signs that XML has no room for."""
    return "".join(
        sign for sign in text if sign >= " " and sign not in "\ufffe\uffff" and not "\ud800" <= sign <= "\udfff"
    )


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
