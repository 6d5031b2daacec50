"""A whole scan, from sources to rows: opens lists, lists items, runs an engine, writes rows, counts everything."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from leeward.foundation.errors import BadInput
from leeward.matching.hashing.licensed import loaded
from leeward.scanning.containers.bounds import USUAL_BOUNDS, Bounds
from leeward.scanning.engines.work import Done, Work
from leeward.scanning.entries import json_line
from leeward.scanning.errors import EngineFailed
from leeward.scanning.journal import Output, journal_of
from leeward.scanning.lists import ListFiles, compiled_list
from leeward.scanning.lists.folder import PrivateFolder
from leeward.scanning.sources import Item, Since, has_scheme, items_of
from leeward.scanning.sources.listing import local_path
from leeward.scanning.sources.urls import check_driver
from leeward.scanning.tally import Tally

LOCAL_THREADS = 2
URL_THREADS = 8
"""Threads of each process: with network sources they mostly wait."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to scan against what, with which engine, and where the rows go (None: standard output).

    `banks` are names of the hash bank of the hotline whose scope is open; `kind` and `key`: see `compiled_list`; `licensed`: names of
    adapters for licensed hashes; `altered`: undo alterations of pictures too where nothing agrees.
    """

    sources: tuple[str, ...]
    lists: tuple[Path, ...] = ()
    banks: tuple[str, ...] = ()
    kind: str | None = None
    key: str | None = None
    radius: int = 31
    since: float | None = None
    out: Path | None = None
    resume: bool = False
    only_matches: bool = False
    engine: str = "local"
    scheduler: str | None = None
    processes: int = 0
    bounds: Bounds = USUAL_BOUNDS
    licensed: str = ""
    altered: bool = True


@dataclass(slots=True)
class Outcome:
    """The result of a scan. `skipped`: items finished by an earlier run; `lists`: what was compared with."""

    tally: Tally = field(default_factory=Tally)
    lists: tuple[ListFiles, ...] = ()
    skipped: int = 0


def scan(
    plan: Plan,
    *,
    on_lists: Callable[[tuple[ListFiles, ...]], None] = lambda lists: None,
    progress: Callable[[Tally], None] = lambda tally: None,
) -> Outcome:
    """Scan and write a row for everything that was examined. `progress` gets the counts after each item.

    Raises BadInput if no source can be read at all, ListRefused, DriverMissing, EngineFailed, ScanUnfinished, and
    OSError from writing the output.
    """
    loaded(plan.licensed)  # so that an adapter that can't be loaded is reported before anything runs
    _check_sources(plan.sources)
    with ExitStack() as stack:
        folder = stack.enter_context(PrivateFolder()).path
        outcome = Outcome(lists=_lists(plan, folder))
        on_lists(outcome.lists)
        work = Work(outcome.lists, plan.radius, plan.bounds, plan.only_matches, plan.licensed, plan.altered)
        output = _output(plan, outcome.lists)
        if isinstance(output, Output):
            for row in output.rows():
                outcome.tally.add(row)
        complete = False
        try:
            if not isinstance(output, Output) or output.is_new:
                _write_list_rows(output, outcome)
            for found in _results(plan, work, _wanted(plan, output, outcome), stack):
                outcome.tally.merge(found.tally)
                output.write(found.key, found.lines)
                progress(outcome.tally)
            complete = True
        finally:
            output.end(complete=complete)
    return outcome


class _Standard:
    """Rows on standard output, without a journal."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def write(self, key: bytes | None, lines: bytes) -> None:
        """Write rows at once, so that their reader needn't wait."""
        self._stream.write(lines)
        self._stream.flush()

    def end(self, *, complete: bool) -> None:
        """Leave standard output open."""


def _check_sources(sources: tuple[str, ...]) -> None:
    """Refuse sources that can't work: an address scheme without its package, or no existing source at all."""
    missing = []
    for source in sources:
        if has_scheme(source):
            check_driver(source)
        elif not os.path.lexists(local_path(source)):
            missing.append(source)
    if len(missing) == len(sources):
        raise BadInput(
            what=repr(sources[0])[1:-1] if sources else "The list of sources", why="there is nothing to scan"
        )


def _lists(plan: Plan, folder: Path) -> tuple[ListFiles, ...]:
    found = [compiled_list(path, folder, kind=plan.kind, key=plan.key) for path in plan.lists]
    if plan.banks:
        from leeward.scanning.lists.bank import bank_list  # needs Django; nothing else here does

        found += [bank_list(name, folder) for name in plan.banks]
    return tuple(found)


def _output(plan: Plan, lists: tuple[ListFiles, ...]) -> Output | _Standard:
    if plan.out is None:
        return _Standard(sys.stdout.buffer)
    bounds = plan.bounds
    settings: dict[str, Any] = {
        "sources": [ascii(source) for source in plan.sources],
        "lists": [[files.name, files.fingerprint] for files in lists],
        "radius": plan.radius,
        "only_matches": plan.only_matches,
        "licensed": plan.licensed,
        "altered": plan.altered,
        "bounds": [bounds.depth, bounds.members, bounds.in_memory_bytes, bounds.free_bytes, bounds.ratio],
    }
    return Output.open(plan.out, settings, resume=plan.resume)


def _write_list_rows(output: Output | _Standard, outcome: Outcome) -> None:
    """Write rows for the lines of the lists that can't be used."""
    for files in outcome.lists:
        for bad in files.bad:
            row = {"path": files.name, "inside": [], "kind": "list", "line": bad.line, "matches": [], "error": bad.why}
            outcome.tally.add(row)
            output.write(None, json_line(row))


def _wanted(plan: Plan, output: Output | _Standard, outcome: Outcome) -> Iterator[Item]:
    finished = output.finished if isinstance(output, Output) else frozenset()
    own = {os.path.abspath(path) for path in (plan.out, journal_of(plan.out))} if plan.out is not None else set()
    seen: set[bytes] = set()
    several = len(plan.sources) > 1
    for source in plan.sources:
        for item in items_of(_from_anywhere(source) if plan.engine == "dask" else source, Since(plan.since)):
            if not item.is_url and os.path.abspath(item.path) in own:
                continue
            if item.key in finished or item.key in seen:
                outcome.skipped += item.key in finished
                continue
            if several:
                seen.add(item.key)
            yield item


def _from_anywhere(source: str) -> str:
    """Return an absolute path, since workers have other working directories."""
    return source if has_scheme(source) else os.path.abspath(local_path(source))


def _results(plan: Plan, work: Work, items: Iterator[Item], stack: ExitStack) -> Iterator[Done]:
    processes = plan.processes or len(os.sched_getaffinity(0))
    if plan.engine == "local":
        from leeward.scanning.engines.local import run_local

        threads = URL_THREADS if any(map(has_scheme, plan.sources)) else LOCAL_THREADS
        return run_local(items, work, processes=processes, threads=threads)
    try:
        from leeward.scanning.engines.cluster import client_of, run_cluster
    except ImportError as error:
        why = f"the engine dask needs the package {error.name}, which is not installed (Leeward's extra: scan)"
        raise EngineFailed(why) from None
    client = stack.enter_context(client_of(plan.scheduler, processes))
    roots = tuple(_from_anywhere(source) for source in plan.sources if not has_scheme(source))
    return run_cluster(items, work, client, roots=roots)
