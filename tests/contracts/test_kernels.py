"""A run of the tests compiles what hashes and searches once, before its processes would do so each for itself."""

from pathlib import Path

import pytest

from tools import run_tests


def test_every_kernel_is_among_those_that_a_run_compiles() -> None:
    source = run_tests.ROOT / "src"
    there = {".".join(path.relative_to(source).with_suffix("").parts) for path in source.glob("leeward/**/kernels.py")}
    assert set(run_tests.KERNELS) == there


@pytest.mark.slow
def test_what_was_compiled_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(run_tests, "KERNELS", ("leeward.matching.hashing.kernels",))
    run_tests.compile_kernels()
    assert list(tmp_path.rglob("*.nbc")) != []
