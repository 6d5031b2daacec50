"""Make the documentation a site that can be put on any web server, with search and nothing from elsewhere.

Usage: docs_site.py [--to FOLDER] [--no-pictures] [--check]. Each released version (tags `v…`) has a folder of its own beside the
present one. The pictures of the screens are made by the browser tests, which take a few minutes; --check only tells whether every
page can be reached and every link leads somewhere.
"""

import argparse
import html
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = (
    "*.md",
    "docs/**/*",
    "src/leeward/**/README.md",
    "pyproject.toml",
    "LICENSE",
    "src/leeward/web/static/leeward/logo.svg",
)
# Walks through the pages of everybody's work; what it keeps begins with the way it goes.
SHOWS, WAY = "tests/journeys/test_life_in_a_browser.py::test_the_whole_life", "life-"
LARGE, SMALL = "-1280-light.png", "-320-light.png"


def main() -> int:
    """Make the site, or check what it would be made of; return 1 for a fault."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--to", type=Path, default=ROOT / "dist" / "docs", metavar="FOLDER")
    asked.add_argument("--no-pictures", action="store_true")
    asked.add_argument("--check", action="store_true")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if options.check:
            return build(laid_out(ROOT, work / "pages"), work / "site")
        pages = laid_out(ROOT, work / "pages")
        if not options.no_pictures:
            take_pictures(pages / "docs" / "screens")
        shutil.rmtree(options.to, ignore_errors=True)
        fault = build(pages, options.to / "latest")
        versions = [tag for tag in tags() if build(unpacked(tag, work / tag), options.to / tag) == 0]
        (options.to / "index.html").write_text(front_page(versions), encoding="utf-8")
    print(f"{options.to / 'index.html'}")
    return fault


def laid_out(root: Path, to: Path) -> Path:
    """Copy the pages of a source tree to `to`, where each keeps its path, so that their links hold."""
    for pattern in PAGES:
        for found in root.glob(pattern):
            if found.is_file():
                there = to / found.relative_to(root)
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(found, there)
    write_screens(to / "docs", [])
    return to


def unpacked(tag: str, to: Path) -> Path:
    """The pages of a released version."""
    packed = subprocess.run(["git", "archive", tag], cwd=ROOT, check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
        return laid_out(Path(folder), to)


def tags() -> list[str]:
    """The released versions, newest first."""
    command = ["git", "tag", "--list", "v*", "--sort=-version:refname"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()


def take_pictures(to: Path) -> None:
    """Let a browser test walk through the pages, and keep a picture of each on a desktop and on a telephone; none at all is a fault."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", SHOWS]
        subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "PICTURES_OF_PAGES": folder})
        to.mkdir(parents=True, exist_ok=True)
        for found in Path(folder).iterdir():
            if found.name.endswith((LARGE, SMALL)):
                shutil.move(found, to / found.name.removeprefix(WAY))
    names = sorted(found.name.removesuffix(LARGE) for found in to.glob(f"*{LARGE}"))
    if not names:
        raise SystemExit(f"{SHOWS} kept no picture.")
    write_screens(to.parent, names)


def write_screens(docs: Path, names: list[str]) -> None:
    """The page that shows every screen."""
    docs.mkdir(parents=True, exist_ok=True)
    (docs / "screens.md").write_text("\n".join(screens(names)) + "\n", encoding="utf-8")


def screens(names: list[str]) -> Iterator[str]:
    """Its lines."""
    yield "# Screens\n"
    if not names:
        yield "This copy was made without pictures: `make docs-site` makes them."
        return
    yield "Each page as the browser tests saw it, on a desktop and on a telephone. Names, addresses and pictures are made up and harmless."
    for name in names:
        title = name.lstrip("0123456789").replace("-", " ").replace("_", " ").strip().capitalize()
        yield f"\n## {title}\n"
        yield f"```{{image}} screens/{name}{LARGE}\n:alt: {title}, on a desktop\n:width: 74%\n```"
        yield f"```{{image}} screens/{name}{SMALL}\n:alt: {title}, on a telephone\n:width: 22%\n```"


def build(pages: Path, to: Path) -> int:
    """Build one version; every warning is a fault. Return 1 for one."""
    command = [
        Path(sys.executable).parent / "sphinx-build",
        "-q",
        "-W",
        "--keep-going",
        "-c",
        pages / "docs",
        pages,
        to,
    ]
    done = subprocess.run([str(one) for one in command], check=False, capture_output=True, text=True)
    print(done.stderr.replace(f"{pages}/", ""), end="")
    shutil.rmtree(to / ".doctrees", ignore_errors=True)
    (to / "index.html").write_text(leads_to("docs/index.html"), encoding="utf-8")
    return 1 if done.returncode else 0


def leads_to(path: str) -> str:
    """A page that leads on to another."""
    head = f'<meta charset="utf-8"><title>Leeward</title><meta http-equiv="refresh" content="0; url={path}">'
    return f'<!DOCTYPE html><html lang="en">{head}<a href="{path}">Leeward</a></html>\n'


def front_page(versions: list[str]) -> str:
    """The page of all versions; with none released it leads on to the present one."""
    if not versions:
        return leads_to("latest/index.html")
    rows = "".join(
        f'<li><a href="{html.escape(one)}/index.html">{html.escape(one)}</a></li>' for one in ["latest", *versions]
    )
    return f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Leeward: versions</title><h1>Leeward</h1><ul>{rows}</ul></html>\n'


if __name__ == "__main__":
    sys.exit(main())
