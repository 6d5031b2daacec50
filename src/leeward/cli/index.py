"""`leeward index`: index files for exact search of known codes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leeward.cli.output import NotWritten, complain, show
from leeward.cli.progress import progress_of
from leeward.foundation.errors import BadInput

if TYPE_CHECKING:  # numpy is loaded by the command that needs it, not at every start of `leeward`
    import numpy as np
    from numpy.typing import NDArray

    from leeward.matching.index import CodesRead, Index

app = typer.Typer()


MAX_RADIUS = 63

IndexFile = Annotated[Path, typer.Argument(metavar="FILE", help="The index file.")]
CodesFile = Annotated[
    Path, typer.Argument(metavar="CODES", help="Text with one hexadecimal code a line, or .npy of uint8 [N, bytes].")
]
IdsFile = Annotated[
    Path | None,
    typer.Option("--ids", help="Ids of the codes: text with one number a line, or .npy. Default: row numbers."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a row.")]
BankName = Annotated[str, typer.Option("--bank", help="The bank that the entries belong to; created if it is new.")]
BankRadius = Annotated[
    int, typer.Option("--bank-radius", min=0, max=MAX_RADIUS, help="How far a new bank reaches at most, in bits.")
]
Harmless = Annotated[bool, typer.Option("--harmless", help="A new bank holds known look-alikes that are no match.")]
_SHOWN_BAD_LINES = 20


@app.command()
def build(
    codes: CodesFile,
    *,
    out: Annotated[Path, typer.Option(help="Where to write the index.")],
    ids: IdsFile = None,
    bank: BankName = "default",
    bank_radius: BankRadius = MAX_RADIUS,
    harmless: Harmless = False,
) -> int:
    """Build an index. Lines that are not codes are named and left out; exit with 1 if there were any.

    Example: leeward index build hashes.txt --out known.index
    """
    from leeward.matching.index import Bank, Index, read_codes

    with _readable(codes):
        read = read_codes(codes)
    _refuse_if_nothing(read, codes)
    numbers = _ids_for(read, ids)
    only = Bank(0, bank, bank_radius, harmless)
    with _writable(out), progress_of("building") as progress:
        index = Index.build(out, read.codes, ids=numbers, banks=[only], progress=progress)
    print(f"{out}: {len(index)} entries of {index.code_bits} bits")
    return _tell_bad_lines(read, codes)


@app.command()
def add(
    file: IndexFile,
    codes: CodesFile,
    *,
    ids: IdsFile = None,
    bank: BankName = "default",
    bank_radius: BankRadius = MAX_RADIUS,
    harmless: Harmless = False,
) -> int:
    """Add entries; without --ids they get the next free numbers. Searches elsewhere see them at once.

    Example: leeward index add known.index new.txt
    """
    from leeward.matching.index import Bank, BankUnknown, read_codes

    index = _open(file)
    with _readable(codes):
        read = read_codes(codes, index.code_bits)
    _refuse_if_nothing(read, codes)
    numbers = None if ids is None else _ids_for(read, ids)
    with _writable(file):
        try:
            number = index.bank_named(bank).number
        except BankUnknown:
            number = max((known.number for known in index.banks), default=-1) + 1
            index.set_bank(Bank(number, bank, bank_radius, harmless))
        added = index.add(read.codes, numbers, bank=number)
    span = f", ids {added[0]} to {added[-1]}" if len(added) and ids is None else ""
    print(f"{file}: {len(added)} entries added{span}")
    return _tell_bad_lines(read, codes)


@app.command()
def remove(
    file: IndexFile,
    numbers: Annotated[list[int] | None, typer.Argument(metavar="[ID]...", help="The ids to remove.")] = None,
    ids: Annotated[Path | None, typer.Option("--ids", help="A file of ids: one a line, or .npy.")] = None,
) -> int:
    """Remove every entry of these ids; exit with 1 if one of them was not there.

    Example: leeward index remove known.index 17 42
    """
    import numpy as np

    index = _open(file)
    wanted = np.array(numbers or [], np.int64)
    if ids is not None:
        wanted = np.concatenate([wanted, _read_ids(ids)])
    if not len(wanted):
        raise BadInput(what="The list of ids", why="it is empty")
    with _writable(file):
        removed, distinct = index.remove(wanted), len(np.unique(wanted))
    print(f"{file}: {removed} of {distinct} ids removed")
    return 0 if removed == distinct else 1


@app.command()
def merge(file: IndexFile) -> int:
    """Write additions and removals into the index itself; searches go on meanwhile.

    Example: leeward index merge known.index
    """
    index = _open(file)
    with _writable(file), progress_of("merging") as progress:
        index.merge(progress=progress)
    print(f"{file}: {len(index)} entries")
    return 0


@app.command()
def info(file: IndexFile, as_json: AsJson = False) -> int:
    """Tell what is in an index. A large one (64 MB and more) is not read for it: its checksums are "unverified", see `verify`.

    Example: leeward index info known.index --json
    """
    from leeward.matching.index import Index

    with _readable(file):
        facts = Index.open(file).info()
    if as_json:
        show([facts], as_json=True)
        return 0
    for name, value in facts.items():
        if name != "banks":
            print(f"{name.replace('_', ' ')}: {value}")
    for bank in facts["banks"]:
        kind = "harmless" if bank["harmless"] else "known"
        print(f"bank {bank['number']}: {bank['name']}, {kind}, up to {bank['radius']} bits")
    return 0


@app.command()
def verify(file: IndexFile) -> int:
    """Compute every checksum of an index and its journal; exit with 1 where one is wrong.

    Example: leeward index verify known.index
    """
    from leeward.matching.index import Index, IndexRefused

    try:
        with _readable(file):
            index = Index.open(file, verify=True)
    except IndexRefused as refusal:
        complain(f"{refusal.text} {refusal.hint}")
        return 1
    print(f"{file}: every checksum is right, {len(index)} entries")
    return 0


@app.command()
def query(
    file: IndexFile,
    codes: CodesFile,
    *,
    radius: Annotated[int, typer.Option(min=0, max=MAX_RADIUS, help="How many bits may differ.")] = 31,
    bank: Annotated[
        list[str] | None, typer.Option("--bank", help="Only entries of this bank; may be repeated.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, max=256, help="How many threads search.")] = 1,
    as_json: AsJson = False,
) -> int:
    """Find every entry within a radius of each code: rows of query (row number), id and distance.

    Lines that are not codes become rows with an error; exit with 1 if there were any.

    Example: leeward index query known.index hashes.txt --radius 31 --json
    """
    from leeward.matching.index import read_codes

    index = _open(file)
    with _readable(codes):
        read = read_codes(codes, index.code_bits)
    chosen = [index.bank_named(name).number for name in bank] if bank else None
    hits = index.search(read.codes, radius, banks=chosen, threads=threads)
    rows = read.rows[hits.query]
    columns = zip(rows.tolist(), hits.id.tolist(), hits.distance.tolist(), strict=True)
    show(({"query": row, "id": number, "distance": distance} for row, number, distance in columns), as_json=as_json)
    if as_json:
        show(({"query": bad.row, "id": None, "distance": None, "error": bad.why} for bad in read.bad), as_json=True)
        return 1 if read.bad else 0
    return _tell_bad_lines(read, codes)


def _open(file: Path) -> "Index":
    from leeward.matching.index import Index

    with _readable(file):
        return Index.open(file, verify=True)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn a system error about a file into one clear line."""
    try:
        yield
    except OSError as error:
        raise BadInput(what=str(path), why=(error.strerror or str(error)).lower()) from error


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    """Report in one line that a file can't be written; the previous file is intact."""
    try:
        yield
    except OSError as error:
        raise NotWritten.of(path, error) from error


def _refuse_if_nothing(read: "CodesRead", path: Path) -> None:
    if read.bad and not len(read.codes):
        from leeward.matching.index import CodesRefused

        _tell_bad_lines(read, path)
        raise CodesRefused(f"{path} has none")


def _tell_bad_lines(read: "CodesRead", path: Path) -> int:
    for bad in read.bad[:_SHOWN_BAD_LINES]:
        complain(f"{path}, row {bad.row}: {bad.why}.")
    if len(read.bad) > _SHOWN_BAD_LINES:
        complain(f"{path}: {len(read.bad) - _SHOWN_BAD_LINES} more rows are not codes.")
    return 1 if read.bad else 0


def _ids_for(read: "CodesRead", ids: Path | None) -> "NDArray[Any] | None":
    """Return the ids of the rows that are codes; None if these are simply the row numbers."""
    if ids is None:
        return read.rows if read.bad else None
    numbers = _read_ids(ids)
    rows = len(read.codes) + len(read.bad)
    if len(numbers) != rows:
        raise BadInput(what=str(ids), why=f"it has {len(numbers)} ids for {rows} rows")
    chosen: NDArray[Any] = numbers[read.rows]
    return chosen


def _read_ids(path: Path) -> "NDArray[np.int64]":
    import numpy as np

    with _readable(path):
        data = path.read_bytes()
    try:
        if data.startswith(b"\x93NUMPY"):
            ids: NDArray[np.int64] = np.load(path, allow_pickle=False).astype(np.int64)
            return ids
        return np.array([int(line) for line in data.split()], np.int64)
    except (ValueError, OverflowError, EOFError) as error:
        raise BadInput(what=str(path), why="ids are whole numbers, one a line") from error
