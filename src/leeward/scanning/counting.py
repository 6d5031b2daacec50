"""Counts the files of folders during a scan, so that a progress bar can show how much is left."""

import os
from collections.abc import Sequence
from threading import Event, Thread
from typing import Self

from leeward.scanning.sources import Since, has_scheme, items_of


class Count:
    """A thread that lists the sources; `total` is None until it is finished. Addresses are not listed twice, so there
    is no total with them."""

    def __init__(self, sources: Sequence[str], since: float | None) -> None:
        self.total: int | None = None
        self._sources = sources
        self._since = Since(since)
        self._stop = Event()
        self._thread = Thread(target=self._count, daemon=True)

    def __enter__(self) -> Self:
        if not any(map(has_scheme, self._sources)):
            self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _count(self) -> None:
        total = 0
        for source in self._sources:
            for _ in items_of(os.fspath(source), self._since):
                if self._stop.is_set():
                    return
                total += 1
        self.total = total
