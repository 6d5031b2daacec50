"""What the command says and returns when something breaks under it."""

import errno

import pytest

from leeward.cli import main


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "index/1.new"), "No space left on device (index/1.new)"),
        (OSError(errno.ENOENT, "No such file"), "Traceback"),
        (RuntimeError("a fault of ours"), "a fault of ours"),
    ],
)
def test_no_fault_looks_like_an_answer(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """1 means a known file to whoever calls `leeward bank lookup`."""

    def broken(_noun: str) -> None:
        raise error

    monkeypatch.setattr(main, "build", broken)
    assert main.run(["bank", "lookup", "x"]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert ("make room" in told) is (getattr(error, "errno", 0) == errno.ENOSPC)
