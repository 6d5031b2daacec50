"""Photographs to measure with: Debian's wallpaper packages, or the JPEG files of the folder LEEWARD_BENCH_PHOTOS."""

import os
import shutil
import subprocess
from pathlib import Path

from PIL import Image

from bench.matching.peers import FOLDER

PACKAGES = (
    "plasma-workspace-wallpapers",
    "mate-backgrounds",
    "budgie-backgrounds",
    "lomiri-wallpapers-16.04",
    "lomiri-wallpapers-20.04",
    "gnome-backgrounds",
    "ukui-wallpapers",
    "phosh-wallpapers",
)
LEAST_PIXELS = 1_000_000


def photos() -> list[Path]:
    """Return JPEG photographs of at least a megapixel, each content once; downloads the packages on first use."""
    folder = Path(os.environ.get("LEEWARD_BENCH_PHOTOS", FOLDER / "photos"))
    if not folder.exists():
        _download(folder)
    found: dict[int, Path] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.suffix.lower() in (".jpg", ".jpeg"):
            with Image.open(path) as picture:
                if picture.format == "JPEG" and picture.width * picture.height >= LEAST_PIXELS:
                    found.setdefault(path.stat().st_size, path)
    return list(found.values())


def pictures() -> list[Path]:
    """Return the photographs and every other wallpaper (PNG too) of at least a megapixel, each content once."""
    found = {path.stat().st_size: path for path in photos()}
    folder = Path(os.environ.get("LEEWARD_BENCH_PHOTOS", FOLDER / "photos"))
    for path in sorted(folder.rglob("*.png")):
        if path.is_file() and not path.is_symlink():
            with Image.open(path) as picture:
                if picture.width * picture.height >= LEAST_PIXELS:
                    found.setdefault(path.stat().st_size, path)
    return list(found.values())


def _download(folder: Path) -> None:
    if shutil.which("apt-get") is None:
        raise RuntimeError("set LEEWARD_BENCH_PHOTOS to a folder of JPEG photographs; there is no apt-get to get some")
    packages = FOLDER / "packages"
    packages.mkdir(parents=True, exist_ok=True)
    subprocess.run(["apt-get", "download", "-q", *PACKAGES], cwd=packages, check=True, capture_output=True)
    for package in packages.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
