"""`leeward hash`: every hash of files, one row a file."""

import json
import os
import stat
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leeward.cli.output import complain
from leeward.cli.progress import progress_of
from leeward.foundation.errors import BadInput
from leeward.foundation.names import shown

if TYPE_CHECKING:  # numpy and the decoders are loaded when the command runs, not at every start of `leeward`
    from leeward.matching.hashing import FileHashes


def hash(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="The files to hash.", readable=False)],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a file.")] = False,
    exact: Annotated[
        bool, typer.Option("--exact", help="Decode pictures in full: for hashes that are submitted to a list.")
    ] = False,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Only these fields; may be repeated or separated by commas.")
    ] = None,
    variants: Annotated[
        bool,
        typer.Option(
            "--variants", help="With what a picture may have been before it was altered, to ask a bank about."
        ),
    ] = False,
    windows: Annotated[
        bool,
        typer.Option(
            "--windows", help="With hashes of parts of a picture, to keep with a known one so that crops are found."
        ),
    ] = False,
) -> int:
    """Hash files: digests, names in file-sharing networks, and how pictures and videos look (PDQ, vPDQ).

    A file that fails has the reason in its row and the rest go on: exit with 1 then, with 2 if no file could be read at all.

    Example: leeward hash picture.jpg --json
    """
    from leeward.matching.hashing import FIELDS, OPTIONAL_FIELDS

    wanted = [name.strip() for part in only or [] for name in part.split(",") if name.strip()]
    for name in wanted:
        if name not in (*FIELDS, *OPTIONAL_FIELDS):
            raise BadInput(what=f"--only {name}", why=f"choose from {', '.join((*FIELDS, *OPTIONAL_FIELDS))}")
    derived = [name for name, is_wanted in (("variants", variants), ("windows", windows)) if is_wanted]
    wanted = [*(wanted or FIELDS), *derived] if derived else wanted
    warnings.filterwarnings("ignore", module="PIL")
    findings = read = 0
    for file in files:
        hashes, could_read = _hashed(file, wanted, exact=exact)
        read += could_read
        findings += hashes.error is not None
        _print(hashes, wanted, as_json=as_json)
    if not read:
        complain("No file could be read.")
        return 2
    return int(findings > 0)


def _hashed(path: Path, only: list[str], *, exact: bool) -> tuple["FileHashes", bool]:
    """Return the hashes of a file, and whether it could be read."""
    from leeward.matching.hashing import FIELDS, FileHashes, hash_stream
    from leeward.matching.hashing.licensed import loaded

    licensed = loaded(os.environ.get("LEEWARD_LICENSED_HASHERS", "")) if not only or set(FIELDS) <= set(only) else {}

    try:
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind):
            return FileHashes(str(path), error=_what_it_is(kind)), False
        with path.open("rb") as stream, progress_of(path.name) as progress:
            return hash_stream(
                stream, name=str(path), only=only, exact=exact, licensed=licensed.values(), progress=progress
            ), True
    except OSError as error:
        return FileHashes(str(path), error=(error.strerror or str(error)).lower()), False


def _what_it_is(mode: int) -> str:
    kinds = ((stat.S_ISDIR, "a directory"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
    return "it is " + next((name for is_kind, name in kinds if is_kind(mode)), "a device") + ", not a file"


def _print(hashes: "FileHashes", only: list[str], *, as_json: bool) -> None:
    row = hashes.as_dict(only)
    if as_json:
        print(json.dumps(row))
        return
    print(shown(hashes.path))
    for name, value in row.items():
        if name not in ("path", "error") and value not in (None, []):
            print(f"  {name}: {_text(name, value)}{_remark(hashes, name)}")
    if hashes.error:
        complain(f"{hashes.path}: {hashes.error}.")


def _text(name: str, value: Any) -> str:
    if name == "frames":
        return "".join(f"\n    {frame['second']:.3f} s  {frame['pdq']}  quality {frame['quality']}" for frame in value)
    return "".join(f"\n    {one}" for one in value) if isinstance(value, list) else str(value)


def _remark(hashes: "FileHashes", name: str) -> str:
    code = {"pdq": hashes.pdq, "pdq_nn512": hashes.pdq_nn512}.get(name)
    return "  (unusable: too little in the picture)" if code is not None and not code.is_usable else ""
