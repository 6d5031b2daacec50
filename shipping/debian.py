"""The Debian package: an environment of its own under /usr/lib/leeward with everything that is locked, so that installing it needs
no network. Made again from the same commit, it is the same byte for byte."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from shipping.wheels import locked, moment, uv

HOME = "usr/lib/leeward"
PARTS = Path(__file__).parent / "debian"
# The libraries of Debian that our parts load when they run: those that draw letters into a PDF, and the one that closes decoders off.
DEPENDS = (
    "ca-certificates", "passwd", "libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "libfontconfig1", "libseccomp2",
)  # fmt: skip
RECOMMENDS = ("fonts-noto-core", "systemd-sysv | systemd-sysusers", "nginx | caddy")
# Where each file of `debian/` goes, and who may do what with it.
FILES = {
    "environment": ("etc/leeward/environment", 0o640),
    "leeward": ("usr/bin/leeward", 0o755),
    "leeward.service": ("usr/lib/systemd/system/leeward.service", 0o644),
    "leeward-signer.service": ("usr/lib/systemd/system/leeward-signer.service", 0o644),
    "leeward-signer.socket": ("usr/lib/systemd/system/leeward-signer.socket", 0o644),
    "leeward-decoder@.service": ("usr/lib/systemd/system/leeward-decoder@.service", 0o644),
    "leeward-decoder.socket": ("usr/lib/systemd/system/leeward-decoder.socket", 0o644),
    "leeward-public.service": ("usr/lib/systemd/system/leeward-public.service", 0o644),
    "public.environment": ("etc/leeward/public.environment", 0o640),
    "leeward-matcher.service": ("usr/lib/systemd/system/leeward-matcher.service", 0o644),
    "matcher.environment": ("etc/leeward/matcher.environment", 0o640),
    "leeward.sysusers": ("usr/lib/sysusers.d/leeward.conf", 0o644),
}
DOCUMENTS = (
    "README.md", "CHANGELOG.md", "THREAT_MODEL.md", "docs/reference/settings.md", "docs/reference/commands.md",
    "docs/how-to/production.md", "docs/how-to/package.md", "docs/how-to/faces.md", "docs/reference/rights.md", "docs/how-to/backups.md",
    "docs/how-to/log.md", "docs/how-to/matcher.md",
)  # fmt: skip
SCRIPTS = ("preinst", "postinst", "prerm", "postrm")


def build(root: Path, out: Path, *, wheel: Path, bill: Path, revision: int = 1) -> Path:
    """Pack the wheel with everything that is locked; return the package's path."""
    with tempfile.TemporaryDirectory(prefix="leeward-deb-") as folder:
        tree = Path(folder) / "tree"
        install(root, tree, wheel)
        return pack(root, out, tree, bill=bill, version=f"{wheel.name.split('-')[1]}-{revision}")


def install(root: Path, tree: Path, wheel: Path) -> None:
    """Put the environment into the tree: an interpreter that is Debian's own, and the libraries."""
    home = tree / HOME
    python = f"python3.{sys.version_info.minor}"
    library = home / "lib" / python / "site-packages"
    library.mkdir(parents=True)
    needed = tree.parent / "locked.txt"
    needed.write_text(locked(root), encoding="utf-8")
    words = [
        "pip",
        "install",
        "--quiet",
        "--target",
        str(library),
        "--no-deps",
        "--no-installer-metadata",
        "--link-mode",
        "copy",
    ]
    words += ["--python", f"/usr/bin/{python}"]
    uv(root, *words, "--require-hashes", "--requirement", str(needed))
    uv(root, *words, str(wheel))
    shutil.rmtree(library / "bin", ignore_errors=True)
    (library / ".lock").unlink(missing_ok=True)
    (home / "bin").mkdir()
    for name in ("python", "python3", python):
        (home / "bin" / name).symlink_to(f"/usr/bin/{python}")
    (home / "pyvenv.cfg").write_text("home = /usr/bin\ninclude-system-site-packages = false\n", encoding="utf-8")


def pack(root: Path, out: Path, tree: Path, *, bill: Path, version: str) -> Path:
    """Add what belongs around the environment to the tree and make the package of it."""
    for name, (place, mode) in FILES.items():
        _put(PARTS / name, tree / place, mode)
    documents = tree / "usr/share/doc/leeward"
    for name in DOCUMENTS:
        _put(root / name, documents / Path(name).name, 0o644)
    _put(bill, documents / bill.name, 0o644)
    (documents / "copyright").write_text(copyright_text(root), encoding="utf-8")
    _tidy(tree)
    about = tree / "DEBIAN"
    about.mkdir()
    for name in SCRIPTS:
        _put(PARTS / name, about / name, 0o755)
    conffiles = [f"/{place}\n" for place, _mode in FILES.values() if place.startswith("etc/")]
    (about / "conffiles").write_text("".join(conffiles), encoding="utf-8")
    (about / "md5sums").write_text(_sums(tree), encoding="utf-8")
    (about / "control").write_text(control(version, kilobytes=_kilobytes(tree)), encoding="utf-8")
    about.chmod(0o755)
    for path in about.iterdir():
        path.chmod(0o755 if path.name in SCRIPTS else 0o644)
    target = out / f"leeward_{version}_{architecture()}.deb"
    command = ["dpkg-deb", "--build", "--root-owner-group", "-Zzstd", "-z10", str(tree), str(target)]
    quiet = {**os.environ, "SOURCE_DATE_EPOCH": moment(root)}
    subprocess.run(command, check=True, env=quiet, stdout=subprocess.DEVNULL)
    return target


def control(version: str, *, kilobytes: int) -> str:
    """Return what Debian has to know of the package."""
    python = f"python3.{sys.version_info.minor}"
    lines = {
        "Package": "leeward",
        "Version": version,
        "Architecture": architecture(),
        "Maintainer": "The Leeward authors <noreply@leeward.invalid>",
        "Installed-Size": str(kilobytes),
        "Depends": ", ".join([python, *DEPENDS]),
        "Recommends": ", ".join(RECOMMENDS),
        "Suggests": "postgresql-client, tor, libreoffice-writer-nogui",
        "Section": "net",
        "Priority": "optional",
        "Description": "a country's whole answer to child sexual abuse material on the Internet\n"
        " Takes anonymous reports, helps analysts to assess them against the law, tells police and hosts,\n"
        " exchanges with other countries' hotlines, publishes blocking lists and checks uploads against known images.",
    }
    return "".join(f"{name}: {value}\n" for name, value in lines.items())


def copyright_text(root: Path) -> str:
    """Return under which terms the package may be passed on: its own code's, and as a whole those of what it brings along."""
    return (
        "Leeward itself: Copyright The Leeward authors, licence Apache-2.0, below.\n\n"
        "This package brings other people's libraries along, each with its own licence text beside it under\n"
        f"/{HOME}. leeward.cdx.json in this folder lists them with version, source and licence. Some are under\n"
        "the GNU General Public License (libx264 and libx265 in the wheels of av and pillow-heif): so the package as a whole may\n"
        "be passed on under the terms of that licence, version 3 or later, with which Apache-2.0 can be combined. Whoever passes\n"
        "the package on has to offer the source as that licence asks. Where each part came from stands in leeward.cdx.json; where\n"
        "the libraries inside a wheel came from does not: the scripts by which their makers build the wheels name it.\n\n"
        + (root / "LICENSE").read_text(encoding="utf-8")
    )


def architecture() -> str:
    """Return what Debian calls this machine."""
    return subprocess.run(
        ["dpkg", "--print-architecture"], check=True, text=True, stdout=subprocess.PIPE
    ).stdout.strip()


def _put(source: Path, target: Path, mode: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(mode)


def _tidy(tree: Path) -> None:
    """Remove what is compiled where it is installed or names the machine it was made on, and let everybody read the rest."""
    for folder in list(tree.rglob("__pycache__")):
        shutil.rmtree(folder)
    for pattern in ("direct_url.json", "uv_cache.json"):
        for path in (tree / HOME).rglob(pattern):
            path.unlink()
    for record in (tree / HOME).rglob("*.dist-info/RECORD"):
        lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not re.search(r"direct_url\.json|uv_cache\.json|^\.\./|^bin/|\.pyc,", line)]
        record.write_text("".join(kept), encoding="utf-8")
    for path in [tree, *tree.rglob("*")]:
        if path.is_symlink():
            continue
        if path.is_dir():
            path.chmod(0o755)
        elif not any(path == tree / place for place, _mode in FILES.values()):
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _files(tree: Path) -> list[Path]:
    return sorted(
        path for path in tree.rglob("*") if path.is_file() and not path.is_symlink() and "DEBIAN" not in path.parts
    )


def _sums(tree: Path) -> str:
    md5 = partial(hashlib.md5, usedforsecurity=False)
    lines = []
    for path in _files(tree):
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, md5).hexdigest()}  {path.relative_to(tree)}\n")
    return "".join(lines)


def _kilobytes(tree: Path) -> int:
    return sum(-(-path.stat().st_size // 1024) for path in _files(tree))
