"""The first upload check of a process may compile for long: the clock of the watchdog stands meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from leeward.hashbank.uploads.services import checking


def test_compiling_is_no_request_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    @contextmanager
    def untimed() -> Iterator[None]:
        seen.append("stopped")
        yield
        seen.append("goes on")

    monkeypatch.setattr(checking, "untimed", untimed)
    monkeypatch.setattr(checking, "import_module", seen.append)
    checking._need_kernels.cache_clear()
    checking._need_kernels()
    checking._need_kernels()
    checking._need_kernels.cache_clear()
    names = [f"leeward.matching.{name}.kernels" for name in ("hashing", "index", "variants")]
    assert seen == ["stopped", *names, "goes on"]
