"""Harmless files to scan, lists that know some of them, and ways to run a scan."""

import hashlib
import io
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from leeward.matching.hashing import hash_stream
from leeward.scanning.containers.bounds import USUAL_BOUNDS
from leeward.scanning.engines.work import Work, scan_item
from leeward.scanning.lists import compiled_list
from leeward.scanning.sources import Since, items_of
from tests.matching.pictures import picture, saved

LEEWARD = Path(sys.executable).with_name("leeward")


@cache
def jpeg(seed: int, width: int = 640, height: int = 480) -> bytes:
    return saved(picture(width, height, seed), "JPEG").getvalue()


@cache
def png(seed: int) -> bytes:
    return saved(picture(320, 240, seed), "PNG").getvalue()


@cache
def pdq_of(data: bytes) -> str:
    return hash_stream(io.BytesIO(data), only=("pdq",), exact=True).pdq.hex


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def list_of(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def looked(tmp_path: Path, source: Path | str, *lines: str, bounds=USUAL_BOUNDS) -> list[dict]:
    """Scan in this process, with a list of these lines (default: one that meets nothing)."""
    folder = tmp_path / "compiled"
    folder.mkdir(exist_ok=True)
    known = list_of(tmp_path / "list.txt", *(lines or (f"pdq:{'0f' * 32}",)))
    matcher = Work((compiled_list(known, folder),), bounds=bounds).matcher()
    found = b"".join(scan_item(matcher, item).lines for item in items_of(os.fspath(source), Since()))
    return [json.loads(line) for line in found.splitlines()]


def by_place(rows: list[dict]) -> dict[tuple[str, ...], dict]:
    """Rows by file name and the names inside."""
    return {(Path(row["path"]).name, *row["inside"]): row for row in rows}


def command(*arguments: object, **options: object) -> subprocess.CompletedProcess:
    """Run `leeward scan` as its own process."""
    return subprocess.run(
        [LEEWARD, "scan", *map(os.fspath, map(_text, arguments))],
        capture_output=True,
        timeout=120,
        check=False,
        **options,
    )


def _text(argument: object) -> str | bytes | os.PathLike:
    return argument if isinstance(argument, (str, bytes, os.PathLike)) else str(argument)


def rows_of(output: bytes) -> list[dict]:
    return [json.loads(line) for line in output.splitlines()]
