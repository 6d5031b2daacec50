"""A release is taken only as it was signed, and only from whom we know."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from shipping.__main__ import main
from shipping.signing import LIST, SIGNATURE, SPACE, faults

WHO = "releases@hotline.example"


def new_key(place: Path) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", place], check=True)
    return place


def named(key: Path, space: str = SPACE) -> Path:
    """A file that names this key's owner as one who may sign."""
    signers = key.with_suffix(".signers")
    signers.write_text(f'{WHO} namespaces="{space}" {key.with_suffix(".pub").read_text()}')
    return signers


@pytest.fixture
def release(tmp_path: Path) -> tuple[Path, Path]:
    """A signed release, and its key."""
    out, key = tmp_path / "dist", new_key(tmp_path / "key")
    out.mkdir()
    (out / "leeward.deb").write_bytes(b"a package")
    (out / "leeward.whl").write_bytes(b"a wheel")
    assert main(["sign", "--out", str(out), "--key", str(key)]) == 0
    return out, key


def test_what_was_signed_is_taken_and_needs_nothing_of_ours(
    release: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    out, key = release
    assert main(["check", "--out", str(out), "--signers", str(named(key))]) == 0
    assert capsys.readouterr().out.endswith(f"Signed by {WHO}.\nEvery file is what was signed.\n")
    subprocess.run(["sha256sum", "--check", "--strict", LIST], cwd=out, check=True, capture_output=True)
    with (out / LIST).open("rb") as said:
        verify = ["ssh-keygen", "-Y", "verify", "-f", named(key), "-I", WHO, "-n", SPACE, "-s", out / SIGNATURE]
        subprocess.run(verify, stdin=said, check=True, capture_output=True)
    assert main(["sign", "--out", str(out), "--key", str(key)]) == 0, "again, after another file was made"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda out: (out / "leeward.deb").write_bytes(b"a Package"), "leeward.deb is not what was signed."),
        (lambda out: (out / "leeward.whl").unlink(), "leeward.whl is signed and not here."),
        (lambda out: (out / "more.whl").write_bytes(b""), "more.whl is here and not signed."),
        (lambda out: (out / LIST).write_text("0  leeward.deb\n"), "Nobody named in"),
        (lambda out: (out / SIGNATURE).unlink(), f"{LIST} or {SIGNATURE} is missing."),
    ],
)
def test_whatever_is_changed_is_named(
    release: tuple[Path, Path], change: Callable[[Path], object], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out, key = release
    change(out)
    assert main(["check", "--out", str(out), "--signers", str(named(key))]) == 1
    assert said in capsys.readouterr().out


def test_a_stranger_and_a_key_for_something_else_are_nobody(release: tuple[Path, Path], tmp_path: Path) -> None:
    out, key = release
    assert faults(out, named(new_key(tmp_path / "stranger"))) == [
        f"Nobody named in {tmp_path / 'stranger.signers'} signed this list of digests."
    ]
    assert len(faults(out, named(key, space="git"))) == 1
    assert len(faults(out, Path(__file__).parents[2] / "shipping" / "allowed_signers")) == 1, "nobody is named yet"
