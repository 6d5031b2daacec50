"""Segment and journal together: read them as one state, append changes, merge both into a new segment."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO

import numpy as np

from leeward.matching.index.errors import IndexRefused
from leeward.matching.index.journal import (
    HEAD,
    JOURNAL_VERSION,
    Journal,
    Record,
    ensure_journal,
    journal_path,
    locked,
    new_header,
    read_journal_header,
    read_records,
)
from leeward.matching.index.layout import Absorbed, Segment, open_segment
from leeward.matching.index.leftovers import fresh_file, sweep
from leeward.matching.index.view import View, view_of
from leeward.matching.index.writing import Content, Progress, prepared_segment, sync_folder

Change = Callable[[View], Record]
_TRIES = 20


def read_view(path: Path, *, known: View | None = None, verify: bool | None = None) -> View:
    """Return the current state. `known`: an earlier state, returned if nothing changed; otherwise only the changes are
    read.
    """
    for attempt in range(_TRIES):
        view = known
        if view is None or view.segment.inode != path.stat().st_ino:
            view = view_of(open_segment(path, verify=verify))
        try:
            return _with_journal(path, view)
        except _OtherSegment:
            if attempt == _TRIES - 1:
                raise IndexRefused(journal_path(path), "generation", "is that of another segment") from None
            time.sleep(0.005)
    raise AssertionError("unreachable")


class _OtherSegment(Exception):
    """The journal belongs to another generation (a merge has just swapped the segment, or files were mixed up)."""


def _with_journal(path: Path, view: View) -> View:
    journal = journal_path(path)
    if view.journal is not None:
        try:
            status = journal.stat()
        except FileNotFoundError:
            return view_of(view.segment)
        if (status.st_ino, status.st_size) == view.journal[1:]:
            return view
    try:
        stream = journal.open("rb")
    except FileNotFoundError:
        return view
    with stream:
        return _read_on(journal, stream, view)


def _read_on(path: Path, stream: IO[bytes], view: View) -> View:
    """Apply the records that are new to the view."""
    header = read_journal_header(path, stream)
    start = start_in_journal(path, header, view.segment)
    if view.journal is not None:
        if view.journal[:2] == (header.id, header.inode):
            start = view.journal[2]
        else:
            view = view_of(view.segment)
    end = start
    for record, record_end in read_records(path, stream, header, start):
        view, end = view.after(record), record_end
    return (
        view
        if view.journal == (header.id, header.inode, end)
        else replace(view, journal=(header.id, header.inode, end))
    )


def start_in_journal(path: Path, header: Journal, segment: Segment) -> int:
    """Return the first byte of the journal that the segment does not contain yet; raises _OtherSegment."""
    if header.code_bits != segment.code_bits:
        raise IndexRefused(path, "code_bits", f"is {header.code_bits}; the segment has {segment.code_bits}")
    if header.generation == segment.generation:
        return HEAD.size
    if segment.absorbed is not None and segment.absorbed.journal == header.id:
        return segment.absorbed.bytes
    raise _OtherSegment


def apply_change(path: Path, known: View, change: Change) -> tuple[View, Record]:
    """Append the record that `change` makes from the current state; return the new state and the record."""
    journal = journal_path(path)
    ensure_journal(journal, known.segment.generation, known.segment.code_bits)
    _renew_if_old(path, known)
    with locked(journal, "r+b") as stream:
        view = read_view(path, known=known)
        if view.journal is None:
            raise IndexRefused(journal, "name", "vanished while it was read")
        record = change(view)
        stream.seek(view.journal[2])
        stream.truncate()
        stream.write(record.pack())
        stream.flush()
        os.fsync(stream.fileno())
        name, inode, _ = view.journal
        return replace(view.after(record), journal=(name, inode, stream.tell())), record


def _renew_if_old(path: Path, known: View) -> None:
    """Rewrite a journal of an older version in the current one; readers treat it as another journal of the same
    segment.
    """
    journal = journal_path(path)
    with locked(journal, "r+b") as stream:
        header = read_journal_header(journal, stream)
        if header.version == JOURNAL_VERSION:
            return
        segment = read_view(path, known=known).segment
        start = start_in_journal(journal, header, segment)
        records = b"".join(record.pack() for record, _ in read_records(journal, stream, header, start))
        with fresh_file(journal) as (fresh, temporary):
            fresh.write(new_header(segment.generation, segment.code_bits) + records)
            fresh.flush()
            os.fsync(fresh.fileno())
            temporary.replace(journal)
            sync_folder(path.parent)


def merge_segment(path: Path, *, progress: Progress | None = None) -> None:
    """Write everything that counts as a new segment and swap it in with one rename; concurrent changes are kept."""
    journal = journal_path(path)
    with locked(path, "rb"):
        sweep(path)
        view = read_view(path, verify=True)  # damaged data must not get a valid checksum
        ensure_journal(journal, view.segment.generation, view.segment.code_bits)
        _renew_if_old(path, view)
        view = read_view(path, known=view)
        if view.journal is None:
            raise IndexRefused(journal, "name", "vanished while it was read")
        absorbed = view.journal[2]
        with (
            prepared_segment(path, content_of(view), progress=progress) as (temporary, generation),
            locked(journal, "r+b") as stream,
        ):
            stream.seek(absorbed)
            with fresh_file(journal) as (fresh, renewed):
                fresh.write(new_header(generation, view.segment.code_bits) + stream.read())
                fresh.flush()
                os.fsync(fresh.fileno())
                temporary.replace(path)
                renewed.replace(journal)
                sync_folder(path.parent)


def content_of(view: View) -> Content:
    """Return everything that counts in a state as the content of one segment."""
    segment, tail = view.segment, view.tail
    rows = np.arange(len(segment), dtype=np.uint32)
    ids = view.ids_of(rows)
    keep, alive = ~view.is_removed(ids), tail.alive
    codes = np.concatenate([segment.codes[keep], np.ascontiguousarray(tail.columns[:, : tail.count].T[alive])])
    bank_of = np.zeros(len(segment), np.uint16) if segment.bank_of is None else segment.bank_of
    all_ids = np.concatenate([ids[keep], tail.ids[: tail.count][alive]])
    is_numbered = len(all_ids) == view.next_id and bool((all_ids == np.arange(len(all_ids), dtype=np.uint64)).all())
    return Content(
        codes=codes.view(np.uint8),
        ids=None if is_numbered else all_ids,
        bank_of=np.concatenate([bank_of[keep], tail.bank_of[: tail.count][alive]]),
        banks=view.banks,
        disabled=view.pauses,
        next_id=view.next_id,
        absorbed=None if view.journal is None else Absorbed(view.journal[0], view.journal[2]),
    )
