"""`leeward bank ask|triage|overlaps`: police ask a hotline's bank; pictures are hashed here and stay here."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from leeward.cli.output import complain, show
from leeward.cli.progress import progress_of
from leeward.foundation.errors import BadInput

if TYPE_CHECKING:
    from leeward.hashbank.police.client import BankOverHttp
    from leeward.hashbank.rules.police import Asker

Url = Annotated[str, typer.Option("--url", help="The address of the hotline's Leeward, https://…")]
Token = Annotated[
    str, typer.Option("--token", help="Your agency's key; better in LEEWARD_TOKEN, where others can't see it.")
]
Reference = Annotated[str, typer.Option("--reference", help="Your case; every look-up is kept under it.")]
Contact = Annotated[str, typer.Option("--contact", help="Whom other agencies may call about it.")]
Restriction = Annotated[
    str, typer.Option("--restriction", help="The written order that forbids telling other agencies that you ask.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
_COLUMNS = (
    "path",
    "match",
    "distance",
    "is_harmless",
    "is_conflict",
    "since",
    "classification",
    "victim",
    "outcome",
    "call",
    "also_asked",
)


def ask(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Pictures, videos or any other files.", readable=False)
    ],
    *,
    url: Url,
    reference: Reference,
    token: Token = "",
    contact: Contact = "",
    restriction: Restriction = "",
    as_json: AsJson = False,
) -> int:
    """Ask whether files are known, for a case: they are hashed on this machine, only hashes travel.

    Exit with 1 if something is known or near, 0 if not; with 2 if no file could be read.

    Example: leeward bank ask seized/*.jpg --url https://hotline.example --reference HP-2026-7
    """
    bank, asker = _bank(url, token), _asker(reference, contact, restriction)
    rows = [row for file in files if (row := _hashed(file)) is not None]
    if not rows:
        return 2
    found = []
    for start in range(0, len(rows), 100):
        part = rows[start : start + 100]
        found += [{"path": row["path"], **answer} for row, answer in zip(part, bank.ask(part, asker), strict=True)]
    show((row if as_json else _with_people(row) for row in found), as_json=as_json, columns=_COLUMNS, with_heading=True)
    return 1 if any(row["match"] != "none" and not row["is_harmless"] for row in found) else 0


def triage(
    hashes: Annotated[
        Path,
        typer.Argument(metavar="HASHES", help="Rows of leeward hash --json, or a hash a line; - is standard input."),
    ],
    *,
    url: Url,
    reference: Reference,
    token: Token = "",
    contact: Contact = "",
    restriction: Restriction = "",
    out: Annotated[Path | None, typer.Option("--out", help="Where to write; standard output without it.")] = None,
) -> int:
    """Sort a seizure by what is known about it: known, near, altered, unknown (what to look at first comes first), harmless.

    Files that look alike are grouped. Altered pictures are found in rows of leeward hash --variants --json. Exit with 1 if something is
    known, near or altered, 0 if not.

    Example: leeward bank triage seizure.jsonl --url https://hotline.example --reference HP-2026-7 --out sorted.jsonl
    """
    from leeward.hashbank.police.triage import triage as sort
    from leeward.hashbank.rules.lines import rows_of

    bank, asker = _bank(url, token), _asker(reference, contact, restriction)
    with _lines(hashes) as (lines, size), _writable(out) as target, progress_of("asking") as progress:
        read = [0]
        rows = rows_of(_counted(lines, read))
        counts = sort(
            rows,
            lambda part: bank.ask(part, asker),
            target,
            progress=(lambda done: progress(read[0], max(size, read[0]))) if progress else None,
        )
    complain(", ".join(f"{name} {count}" for name, count in counts.items()) + ".")
    return 1 if counts["known"] or counts["near"] or counts["altered"] else 0


def overlaps(*, url: Url, token: Token = "", as_json: AsJson = False) -> int:
    """List other agencies that asked about the same records as yours, and whom to call.

    Example: leeward bank overlaps --url https://hotline.example
    """
    columns = ("reference", "agency", "their_reference", "contact", "records", "since")
    show(_bank(url, token).overlaps(), as_json=as_json, columns=columns, with_heading=True)
    return 0


def _bank(url: str, token: str) -> "BankOverHttp":
    from leeward.hashbank.police.client import BankOverHttp

    return BankOverHttp(url, token or os.environ.get("LEEWARD_TOKEN", ""))


def _asker(reference: str, contact: str, restriction: str) -> "Asker":
    from leeward.hashbank.rules.police import Asker, tidy_asker

    return tidy_asker(Asker("the key's agency", reference, contact, restriction))


def _hashed(file: Path) -> dict[str, Any] | None:
    from leeward.matching.hashing import hash_stream
    from leeward.matching.hashing.licensed import loaded

    licensed = loaded(os.environ.get("LEEWARD_LICENSED_HASHERS", "")).values()
    if not file.is_file():
        complain(f"{file}: it is not a file.")
        return None
    try:
        with file.open("rb") as stream:
            row = hash_stream(stream, name=str(file), licensed=licensed).as_dict()
    except OSError as error:
        complain(f"{file}: {(error.strerror or str(error)).lower()}.")
        return None
    if row["error"]:
        complain(f"{file}: {row['error']}.")
    return row


def _with_people(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row for display, with people as one text."""
    people = {name: "; ".join(_person(one) for one in row.get(name) or []) for name in ("call", "also_asked")}
    return row | people


def _person(one: dict[str, Any]) -> str:
    return ", ".join(str(one[name]) for name in ("agency", "reference", "contact") if one.get(name))


@contextmanager
def _lines(path: Path) -> Iterator[tuple[IO[str], int]]:
    if str(path) == "-":
        yield sys.stdin, 0
        return
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            yield stream, path.stat().st_size
    except OSError as error:
        raise BadInput(what=str(path), why=(error.strerror or str(error)).lower()) from error


@contextmanager
def _writable(path: Path | None) -> Iterator[IO[str]]:
    """Return standard output, or a file that appears only once it is complete."""
    if path is None:
        yield sys.stdout
        return
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with fresh.open("w", encoding="utf-8") as stream:
            yield stream
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _counted(lines: IO[str], read: list[int]) -> Iterator[str]:
    for line in lines:
        read[0] += len(line)
        yield line
