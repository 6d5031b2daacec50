"""Static files under names that contain a hash of their content, so that a browser may keep them for years.

Nothing is copied or collected: a finder lists each file under its hashed name too, and the addresses in pages have it.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, override

from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.contrib.staticfiles.storage import StaticFilesStorage

_HASH_DIGITS = 12


class HashedNames(BaseFinder):
    """Finds the files of all apps under their hashed names."""

    @override
    def find(self, path: str, find_all: bool = False) -> Any:
        found = _paths().get(path)
        if find_all:
            return [found] if found else []
        return found or ""

    @override
    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Any]]:
        for hashed, path in _paths().items():
            yield hashed, _OneFile(path)


class HashedStorage(StaticFilesStorage):
    """Names a file in a page by its content."""

    def url(self, name: str | None) -> str:
        if name not in _hashed():
            raise ValueError(f"No app has a static file {name!r}.")
        return super().url(_hashed()[name])


class _OneFile:
    """A storage with a single file in it."""

    prefix = None

    def __init__(self, path: str) -> None:
        self._path = path

    def path(self, name: str) -> str:
        return self._path


@cache
def _found() -> dict[str, tuple[str, str]]:
    """Return for every file's name its hashed name and its path; the first app that has a name wins."""
    found: dict[str, tuple[str, str]] = {}
    for name, storage in AppDirectoriesFinder().list([]):
        if name not in found:
            path = Path(storage.path(name))
            digits = hashlib.sha256(path.read_bytes()).hexdigest()[:_HASH_DIGITS]
            found[name] = (str(Path(name).with_suffix(f".{digits}{path.suffix}")), str(path))
    return found


@cache
def _hashed() -> dict[str | None, str]:
    return {name: hashed for name, (hashed, _path) in _found().items()}


@cache
def _paths() -> dict[str, str]:
    return dict(_found().values())
