"""NCMEC's hash sharing format, version 2, as XML: images and videos with fingerprints, members' feedback, and
deletions. `decoders/ncmec.py` reads it.
"""

import shutil
from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from leeward.hashbank.formats.entries import Outgoing, OutgoingVote, Skipped
from leeward.hashbank.rules.standing import CONFIRM

SPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
KINDS = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "pdna": "photodna", "pdq": "pdq"}
_NAMES = {kind: name for name, kind in KINDS.items()}
_LABELS = ("A1", "A2", "B1", "B2")
_VOTE_KINDS = {"md5": "MD5", "sha1": "SHA1", "sha256": "SHA256", "photodna": "PDNA", "pdq": "PDQ"}
_REASON = "00000000-0000-0000-0000-000000000000"
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


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
