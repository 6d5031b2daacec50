"""The wheel and the source archive, by uv and hatchling; what is locked, by uv."""

import hashlib
import os
import subprocess
from pathlib import Path


def uv(root: Path, *words: str, **more: str) -> str:
    """Run uv with these words in the source tree and return what it prints; `more` goes into its environment."""
    ours = root / ".uv" / "bin" / "uv"
    command = [str(ours) if ours.exists() else "uv", *words]
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", **more}
    environment.pop("VIRTUAL_ENV", None)
    return subprocess.run(command, cwd=root, env=environment, check=True, text=True, stdout=subprocess.PIPE).stdout


def moment(root: Path) -> str:
    """Return SOURCE_DATE_EPOCH: the one that is set, or when the commit was made."""
    known = os.environ.get("SOURCE_DATE_EPOCH", "")
    return (
        known
        or subprocess.run(
            ["git", "log", "-1", "--format=%ct"], cwd=root, check=True, text=True, stdout=subprocess.PIPE
        ).stdout.strip()
    )


def build(root: Path, out: Path) -> list[Path]:
    """Make the source archive and from it the wheel, in this order; return both."""
    uv(root, "build", "--quiet", "--out-dir", str(out), SOURCE_DATE_EPOCH=moment(root))
    newest = [max(out.glob(f"leeward-*.{kind}"), key=lambda path: path.stat().st_mtime) for kind in ("tar.gz", "whl")]
    (out / ".gitignore").unlink(missing_ok=True)
    return newest


def locked(root: Path) -> str:
    """Return what `uv.lock` names for a machine that runs everything, with the digest of each file, as pip reads it."""
    return uv(root, "export", "--quiet", "--no-dev", "--all-extras", "--no-emit-project", "--locked")


def audit(root: Path) -> int:
    """Ask where advisories are published about what is locked; 1 if there is one, or if they can't be had."""
    needed = root / "dist" / "locked.txt"
    needed.parent.mkdir(exist_ok=True)
    needed.write_text(locked(root), encoding="utf-8")
    words = [
        "tool",
        "run",
        "--quiet",
        "pip-audit==2.10.1",
        "--requirement",
        str(needed),
        "--no-deps",
        "--disable-pip",
        "--strict",
    ]
    return subprocess.run([str(root / ".uv" / "bin" / "uv"), *words], cwd=root, check=False).returncode and 1


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
