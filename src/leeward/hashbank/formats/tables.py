"""Line-based list formats: our own CSV, ThreatExchange's CSV, and plain lines of hashes."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from io import TextIOWrapper
from typing import IO, Any

from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.formats.entries import (
    Broken,
    Entry,
    ListUnreadable,
    Outgoing,
    Skipped,
    moment,
    parts,
    read_hashes,
)
from leeward.hashbank.rules.kinds import KINDS, BadHash, Hash, guess_kind
from leeward.hashbank.rules.standing import CONFIRM, HARMLESS, MEDIA, OFFENDER_STATUSES, VERDICTS, VICTIM_STATUSES
from leeward.laws.rules.facts import BadFacts, parse_facts

_COLUMNS = (
    *(kind for kind in KINDS if kind != "vpdq"),
    "quality",
    "media",
    "label",
    "facts",
    "series",
    "victim_status",
    "offender_status",
    "source",
    "verdict",
    "foreign_id",
    "gone",
    "first_seen",
    "said_at",
    "votes",
)
_TE_KINDS = {
    "pdq": "pdq",
    "pdq_nn512": "pdq_nn512",
    "video_md5": "md5",
    "md5": "md5",
    "sha1": "sha1",
    "sha256": "sha256",
}
_SEPARATORS = ",;\t"
csv.field_size_limit(1 << 20)


def _text(stream: IO[bytes]) -> TextIOWrapper:
    return TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")


def _rows(stream: IO[bytes]) -> Iterator[tuple[int, list[str]] | Broken]:
    """Yield the rows of a CSV with the line number on which each begins; rows that csv cannot read are reported as
    broken.
    """
    lines = _text(stream)
    try:
        start = lines.readline(1 << 20)
        separator = max(_SEPARATORS, key=start.count)
        reader = csv.reader(_again(start, lines), delimiter=separator, strict=True)
        line = 1
        while True:
            try:
                row = next(reader, None)
            except csv.Error as error:
                yield Broken(line, _("it is not a row of a table (%(error)s)", error=error))
                row = []
            if row is None:
                return
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    finally:
        if not stream.closed:  # may run late, after the caller has closed the stream
            lines.detach()


def _again(start: str, lines: TextIOWrapper) -> Iterator[str]:
    yield start
    while piece := lines.readline(1 << 20):
        yield piece


def read_csv(stream: IO[bytes]) -> Iterator[Entry | Broken]:
    """Read our own CSV: the header names kinds and facts in any order; unknown columns are ignored."""
    names: list[str] | None = None
    kinds: list[str] = []
    has_columns = False
    for found in _rows(stream):
        if isinstance(found, Broken):
            yield found
            continue
        line, row = found
        if names is None:
            names = [cell.strip().lower() for cell in row]
            kinds = [name for name in names if name in KINDS]
            has_columns = bool(set(names) & set(_COLUMNS) - KINDS.keys() - {"quality"})
            if not kinds:
                raise ListUnreadable(_("its first line does not name a kind of hash (such as md5, sha256 or pdq)"))
            continue
        cells = dict(zip(names, row, strict=False))
        damaged: list[BadHash] = []
        try:
            if len(row) > len(names):
                raise BadHash("row", _("it has more cells than the heading has columns"))
            if has_columns:
                entry = _entry(line, cells, damaged)
            else:
                given = [(kind, cells.get(kind, "")) for kind in kinds]
                entry = Entry(line, read_hashes(given, cells.get("quality", ""), damaged=damaged))
        except (BadHash, BadFacts) as error:
            yield Broken(line, error.lazy_text)
            continue
        yield from parts(line, damaged)
        yield entry


def _entry(line: int, cells: Mapping[str, str], damaged: list[BadHash]) -> Entry:
    gone = cells.get("gone", "").strip().lower() in ("1", "yes", "true")
    given = [(kind, cells[kind]) for kind in KINDS if kind in cells]
    has_hash = any(text.strip() for _column, text in given)
    hashes = read_hashes(given, cells.get("quality", "").strip(), damaged=damaged) if has_hash or not gone else ()
    return Entry(
        place=line,
        hashes=hashes,
        media=_word(cells, "media", MEDIA),
        facts=_facts(cells.get("facts", "")),
        label=cells.get("label", "").strip(),
        series=cells.get("series", "").strip(),
        victim_status=_word(cells, "victim_status", VICTIM_STATUSES),
        offender_status=_word(cells, "offender_status", OFFENDER_STATUSES),
        source=cells.get("source", "").strip(),
        verdict=_word(cells, "verdict", VERDICTS),
        foreign_id=cells.get("foreign_id", "").strip(),
        gone=gone,
        at=moment(cells.get("said_at", "")) or moment(cells.get("first_seen", "")),
        votes=_votes(cells.get("votes", "")),
    )


def _word(cells: Mapping[str, str], name: str, known: Iterable[str]) -> str:
    word = cells.get(name, "").strip().lower()
    if word and word not in known:
        raise BadHash(
            "row",
            _("%(name)s is %(word)s, not one of %(known)s", name=name, word=repr(word[:20]), known=", ".join(known)),
        )
    return word


def _facts(text: str) -> Mapping[str, Any]:
    if not text.strip():
        return {}
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise BadHash("row", _("its facts are not JSON")) from None
    if not isinstance(given, dict):
        raise BadHash("row", _("its facts are not a JSON object"))
    parse_facts(given)
    return given


def _votes(text: str) -> tuple[tuple[str, str], ...]:
    """Parse votes written as `name=verdict` and separated by |."""
    found = []
    for part in filter(None, text.split("|")):
        name, _equals, verdict = part.rpartition("=")
        if not name.strip() or verdict.strip() not in VERDICTS:
            raise BadHash("row", _("its votes are not name=verdict with | between"))
        found.append((name.strip(), verdict.strip()))
    return tuple(found)


def write_csv(rows: Iterable[Outgoing], out: IO[bytes], skipped: Skipped) -> None:
    """Write our own CSV."""
    lines = _text(out)
    lines.reconfigure(encoding="utf-8")
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(_COLUMNS)
    for row in rows:
        by_kind = {one.kind: one for one in row.hashes}
        quality = next((one.quality for one in row.hashes if one.quality is not None), None)
        table.writerow(
            [
                *(by_kind[kind].text if kind in by_kind else "" for kind in KINDS if kind != "vpdq"),
                "" if quality is None else quality,
                row.media,
                next((one.label for one in row.votes if one.label), ""),
                json.dumps(dict(row.facts), separators=(",", ":")) if row.facts else "",
                unformula(row.series),
                row.victim_status,
                row.offender_status,
                "",
                _mark(row),
                row.record_id,
                "1" if row.gone else "",
                "" if row.gone else row.first_seen.isoformat(),
                "" if row.gone else row.last_seen.isoformat(),
                unformula("|".join(f"{_plain(one.source)}={one.verdict}" for one in row.votes)),
            ]
        )
    lines.flush()
    lines.detach()


def _mark(row: Outgoing) -> str:
    """Return the exporting hotline's own mark for a record, or "" where it only passes on what others say."""
    if row.is_harmless:
        return HARMLESS
    return CONFIRM if any(one.is_ours and one.verdict == CONFIRM for one in row.votes) or not row.votes else ""


def _plain(name: str) -> str:
    return name.replace("|", " ").replace("=", " ")


def unformula(text: str) -> str:
    """Escape the text so that a spreadsheet does not evaluate it as a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def read_threatexchange_csv(stream: IO[bytes]) -> Iterator[Entry | Broken]:
    """Read the CSV that `threatexchange dataset -P --csv` prints: collab, signal_type, signal_str, category, tags."""
    names: list[str] | None = None
    for found in _rows(stream):
        if isinstance(found, Broken):
            yield found
            continue
        line, row = found
        if names is None:
            names = [cell.strip().lower() for cell in row]
            if not {"signal_type", "signal_str"} <= set(names):
                raise ListUnreadable(_("its first line lacks signal_type or signal_str"))
            continue
        cells = dict(zip(names, row, strict=False))
        kind = cells.get("signal_type", "").strip().lower()
        try:
            yield Entry(
                place=line,
                hashes=read_hashes([(_TE_KINDS.get(kind, kind), cells.get("signal_str", ""))]),
                media="video" if kind == "video_md5" else "image",
                label=cells.get("tags", "").strip()[:40],
                category=cells.get("category", "").strip().upper()[:40] or None,
            )
        except BadHash as error:
            yield Broken(line, error.lazy_text)


def write_threatexchange_csv(rows: Iterable[Outgoing], out: IO[bytes], skipped: Skipped) -> None:
    """Write the CSV that `threatexchange` prints. It only knows PDQ and MD5 of videos; other kinds keep our own names."""
    lines = _text(out)
    lines.reconfigure(encoding="utf-8")
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(["collab", "signal_type", "signal_str", "category", "tags"])
    for row in rows:
        if row.gone:
            skipped.add("this form can't say that a record is gone")
            continue
        category = "NEGATIVE_CLASS" if row.is_harmless else "POSITIVE_CLASS"
        for one in row.hashes:
            name = "video_md5" if one.kind == "md5" and row.media == "video" else one.kind
            table.writerow([row.bank, name, one.text, category, ""])
    lines.flush()
    lines.detach()


def read_plain(stream: IO[bytes], kind: str = "") -> Iterator[Entry | Broken]:
    """Read one hash per line, with or without the name of its kind before it; `#` starts a comment.

    64 digits without a name are SHA-256 unless `kind` says otherwise.
    """
    lines = _text(stream)
    line = 0
    try:
        while text := lines.readline(1 << 16):
            line += 1
            text = text.partition("#")[0].strip()
            if not text:
                continue
            name, value = _split(text)
            name = _TE_KINDS.get(name, name) or kind or guess_kind(value) or "sha256"
            try:
                yield Entry(place=line, hashes=read_hashes([(name, value)]))
            except BadHash as error:
                yield Broken(line, error.lazy_text)
    finally:
        if not stream.closed:  # may run late, after the caller has closed the stream
            lines.detach()


def _split(text: str) -> tuple[str, str]:
    """Split a line into kind and hash: `kind hash`, `kind:hash` as the other commands accept it, or the bare hash."""
    name, sign, value = text.rpartition(" ")
    if not sign:
        name, _colon, value = text.rpartition(":")
    return name.strip().rstrip(":").lower(), value.strip()


def write_plain(rows: Iterable[Outgoing], out: IO[bytes], skipped: Skipped) -> None:
    """Write one `kind hash` per line, as python-threatexchange's file exchange reads it.

    The format cannot mark anything, so harmless records are left out.
    """
    for row in rows:
        if row.is_harmless:
            skipped.add("this form can't mark them as harmless")
            continue
        if row.gone:
            skipped.add("this form can't say that a record is gone")
            continue
        for one in row.hashes:
            out.write(f"{plain_kind(one, row.media)} {one.text}\n".encode())


def plain_kind(one: Hash, media: str) -> str:
    """Return python-threatexchange's name for the kind of a hash."""
    return "video_md5" if one.kind == "md5" and media == "video" else one.kind
