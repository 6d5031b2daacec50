"""A publication of a million pages, and copies of it: gates, files, look-up file, each format, and fetches."""

import hashlib
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.blocklist.sample import ENTRIES, page
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.scopes import Scope

_FORMATS = ("hashes", "keyed", "urls", "rpz", "adblock")
_CHANGES = 1000


def run() -> Iterator[str]:
    """Yield one line for each measure."""
    import os

    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"LEEWARD_DATA": folder, "DJANGO_SETTINGS_MODULE": "leeward.site.settings"}
        import django

        django.setup()
        yield from _publication()
        yield from _fetches(Path(folder))


def _entries(first: int) -> list[ListEntry]:
    """A million entries, every tenth a whole host; `first` moves the numbers, so that some are new and some are gone."""
    urls = ((number, f"http://{page(number)}") for number in range(first, first + ENTRIES))
    return [
        ListEntry(Scope.HOST, f"http://host{number}.example/", "")
        if number % 10 == 0
        else ListEntry(Scope.URL, url, url)
        for number, url in urls
    ]


def _publication() -> Iterator[str]:
    from leeward.blocklist.packaged import packaged_platforms
    from leeward.blocklist.publishing import store
    from leeward.blocklist.publishing.gates import all_failures
    from leeward.blocklist.publishing.queries import SettingsRow
    from leeward.blocklist.publishing.rules.states import state_lines
    from leeward.blocklist.rules.gates import Limits
    from leeward.blocklist.snapshot import Heading

    entries, before = _entries(_CHANGES), _entries(0)
    chosen = SettingsRow(zone_suffix="rpz.bench.example.")
    limits = Limits(own_names=frozenset({"own.example"}), platforms=packaged_platforms())
    whole = 0.0
    lines, seconds = _timed(lambda: state_lines(entries))
    whole += seconds
    yield f"entries as sorted lines: {seconds:.1f} s"
    _, seconds = _timed(
        lambda: all_failures(entries, before, tests=entries[:1], limits=limits, settings=chosen, canaries={})
    )
    whole += seconds
    yield f"all gates, BIND's checker among them where it is installed: {seconds:.1f} s"
    sha256, seconds = _timed(lambda: store.keep_state(lines))
    whole += seconds
    yield f"the state's file: {seconds:.1f} s, {next(store.folder('states').iterdir()).stat().st_size / 1e6:.1f} MB"
    path, seconds = _timed(lambda: store.keep_snapshot(sha256, Heading("bench", 1, ""), entries))
    whole += seconds
    yield f"the look-up file: {seconds:.1f} s, {path.stat().st_size / 1e6:.1f} MB"
    yield f"a publication of {ENTRIES:,} entries but for reading them from the database: {whole:.1f} s"
    yield from _copies(entries, before, path, chosen)


def _copies(entries: list[ListEntry], before: list[ListEntry], snapshot: Path, chosen: object) -> Iterator[str]:
    from leeward.blocklist.publishing.copies import Request, State, make_copy
    from leeward.blocklist.rules.hash_list import prefixes_of
    from leeward.blocklist.snapshot import Snapshot, scopes_by_digest

    with Snapshot.open(snapshot) as opened:
        state = State(2, lambda: entries, opened.prefixes)
        old_prefixes = prefixes_of(scopes_by_digest(before))
        old = State(1, lambda: before, lambda: old_prefixes)
        for form, since in (*((form, None) for form in _FORMATS), ("hashes", old), ("urls", old)):
            request = Request(
                list_name="bench",
                at=datetime.now(UTC),
                state=state,
                before=since,
                subscriber=None,
                canaries=("canary.example",),
                settings=chosen,
                secret=b"bench",
            )
            size, seconds = _timed(lambda form=form, request=request: _written(make_copy(form, request).chunks))
            what = f"changes, {_CHANGES:,} added and removed" if since else "whole"
            yield f"copy {form:8} {what}: {seconds:5.1f} s, {size:,} bytes"


def _fetches(folder: Path) -> Iterator[str]:
    """The keyed list as a kept copy, given out whole, in part, packed, and to a client that has it."""
    from django.test import RequestFactory

    from leeward.blocklist.publishing import store
    from leeward.blocklist.publishing.feeds import Made
    from leeward.blocklist.publishing.http import answer_with

    path = folder / "copy"
    lines = (f"{hashlib.sha256(str(number).encode()).hexdigest()} u\n".encode() for number in range(ENTRIES))
    store.put(path, lines)
    made = Made(path, "text/plain", "keyed", 2, None, "ab" * 32, "", {}, 0, is_encrypted=False)
    asked = {
        "whole": {},
        "packed, the first time": {"Accept-Encoding": "gzip"},
        "packed, again": {"Accept-Encoding": "gzip"},
        "1 MB of it": {"Range": "bytes=1000000-1999999"},
        "by who has it": {"If-None-Match": f'"{made.sha256[:32]}"'},
    }
    for what, headers in asked.items():
        request = RequestFactory().get("/", headers=headers)
        (status, size), seconds = _timed(lambda request=request: _given(answer_with(request, made, "bench")))
        yield f"fetch of a kept copy, {what}: {seconds * 1000:.1f} ms, status {status}, {size:,} bytes"


def _given(answer: Any) -> tuple[int, int]:
    content = answer.streaming_content if answer.streaming else [answer.content]
    return answer.status_code, sum(map(len, content))


def _written(chunks: object) -> int:
    return sum(len(chunk) for chunk in chunks)


def _timed[T](work: Callable[[], T]) -> tuple[T, float]:
    begun = time.perf_counter()
    done = work()
    return done, time.perf_counter() - begun
