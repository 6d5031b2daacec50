"""NCMEC's hash sharing format, version 2, as XML: images and videos with fingerprints, members' feedback, and
deletions.

Entities and document types are refused. Elements are discarded as soon as they are read, so memory use stays constant.
"""

import shutil
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.formats.entries import (
    Bounded,
    Broken,
    Entry,
    ListUnreadable,
    Outgoing,
    OutgoingVote,
    Skipped,
    moment,
    parts,
    read_hashes,
)
from leeward.hashbank.rules.kinds import BadHash
from leeward.hashbank.rules.standing import CONFIRM, DISPUTE

SPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
_KINDS = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "pdna": "photodna", "pdq": "pdq"}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_LABELS = ("A1", "A2", "B1", "B2")
_VOTE_KINDS = {"md5": "MD5", "sha1": "SHA1", "sha256": "SHA256", "photodna": "PDNA", "pdq": "PDQ"}
_REASON = "00000000-0000-0000-0000-000000000000"
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_ENTRIES = ("image", "video", "deletedImage", "deletedVideo")


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
            if event == "start" or _name(element) not in _ENTRIES:
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


def _entry(number: int, element: etree._Element, damaged: list[BadHash]) -> Entry:
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
        verdict = {"affirmativeFeedback": CONFIRM, "negativeFeedback": DISPUTE}.get(_name(one))
        if verdict is None:
            continue
        for member in one.iter("{*}member"):
            if member.text and member.text.strip():
                yield member.text.strip()[:60], verdict


def write_ncmec(rows: Iterable[Outgoing], out: IO[bytes], skipped: Skipped) -> None:
    """Write the same format, images before videos.

    Records without a fingerprint that the format has a name for are left out, and so are harmless ones, which it cannot
    mark.
    """
    with SpooledTemporaryFile(max_size=1 << 20) as images, SpooledTemporaryFile(max_size=1 << 20) as videos:
        newest = {"image": _FIRST, "video": _FIRST}
        for row in rows:
            name = "video" if row.media == "video" else "image"
            written = _written(row, name, skipped)
            if written:
                newest[name] = max(newest[name], row.last_seen)
                (videos if name == "video" else images).write(written)
        out.write(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n')
        out.write(f"<queryResult xmlns={quoteattr(SPACE)}>\n".encode())
        for name, kept in (("image", images), ("video", videos)):
            kept.seek(0)
            out.write(f'<{name}s maxTimestamp="{_stamp(newest[name])}">\n'.encode())
            shutil.copyfileobj(kept, out)
            out.write(f"</{name}s>\n".encode())
        out.write(b"</queryResult>\n")


def _written(row: Outgoing, name: str, skipped: Skipped) -> bytes:
    """Return the element of a record, or b"" for one that is left out."""
    if row.gone:
        parts = [f"<deleted{name.capitalize()}>", *_head(row), f"</deleted{name.capitalize()}>"]
        return "".join(parts).encode() + b"\n"
    if row.is_harmless:
        skipped.add("this form can't mark them as harmless")
        return b""
    prints = [(_NAMES[one.kind], _print(one)) for one in row.hashes if one.kind in _NAMES]
    if not prints:
        skipped.add("this form has no name for their hashes")
        return b""
    stated = (one.label for one in row.votes if one.label in _LABELS)
    label = row.classification.get("a1_b2") or next(stated, "none")
    parts = [f"<{name}>", *_head(row)]
    if label not in ("none", "undetermined"):
        parts.append(f"<classification>{escape(label)}</classification>")
    parts += ["<fingerprints>", *(f"<{one}>{escape(text)}</{one}>" for one, text in prints), "</fingerprints>"]
    parts += [*_feedback(row), f"</{name}>"]
    return "".join(parts).encode() + b"\n"


def _print(one: Any) -> str:
    return b64encode(one.value).decode() if one.kind == "photodna" else one.value.hex()


def _speaker(row: Outgoing) -> OutgoingVote | None:
    """Choose the source under whose name a record is exported: ours if we confirm it, otherwise the first that does."""
    confirming = [one for one in row.votes if one.verdict == CONFIRM]
    return min(confirming, key=lambda one: not one.is_ours) if confirming else None


def _head(row: Outgoing) -> list[str]:
    speaker = _speaker(row)
    number, name = (speaker.source_id, speaker.source) if speaker else (0, row.bank or "none")
    return [
        f'<member id="{number}">{escape(_clean(name))}</member>',
        f"<timestamp>{_stamp(row.last_seen)}</timestamp>",
        f"<id>{row.record_id}</id>",
    ]


def _feedback(row: Outgoing) -> list[str]:
    """Write the other sources' feedback, for or against with a reason, using the kind of the entry's first fingerprint."""
    kind = next(_VOTE_KINDS[one.kind] for one in row.hashes if one.kind in _NAMES)
    found = []
    speaker = _speaker(row)
    for tag, chosen in (
        ("affirmativeFeedback", [one for one in row.votes if one.verdict == CONFIRM and one is not speaker]),
        ("negativeFeedback", [one for one in row.votes if one.verdict != CONFIRM]),
    ):
        if not chosen:
            continue
        named = "".join(f'<member id="{one.source_id}">{escape(_clean(one.source))}</member>' for one in chosen)
        members = f"<members>{named}</members>"
        if tag == "negativeFeedback":
            reason = f'<reason guid="{_REASON}" name="Disputed" type="{kind}"/>'
            members = f"<reasons>{reason}{members}</reasons>"
        found.append(f'<{tag} type="{kind}">{members}</{tag}>')
    return ["<feedback>", *found, "</feedback>"] if found else []


def _clean(text: str) -> str:
    """Remove the characters that XML cannot contain."""
    return "".join(
        sign for sign in text if sign >= " " and sign not in "\ufffe\uffff" and not "\ud800" <= sign <= "\udfff"
    )


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
