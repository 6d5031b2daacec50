"""The doctor's checks of files: who can read the data, who owns them, and what storage they are on."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from leeward.hosting.fetching import budgets
from leeward.languages import catalogues
from leeward.sealing import key_copy
from leeward.site.config import Config
from leeward.site.disk import DataUnusable, state_where, why_unwritable
from leeward.site.private import exposures, network_file_system
from leeward.site.refusing import DamagedDatabase, database_file, need_whole

type Finding = tuple[str, str, str]  # number, sentence, hint


def of_files(place: Path) -> Iterator[Finding]:
    """Return what is wrong with the data directory and with files that settings name."""
    if place.exists():
        yield from _exposed(place)
        yield from _lies_badly(place)
        yield from _unread_texts(place)
        if why := budgets.why_unusable():
            sentence = f"{place / budgets.FILE} can't be used: {why}. Each process counts for itself how often hosts are asked."
            yield "W035", sentence, "Delete it: it is made anew, and nothing in it is missed."
    yield from _secret_files()


def _exposed(place: Path) -> Iterator[Finding]:
    found: dict[str, list[str]] = {"readable": [], "owner": [], "link": []}
    for one in exposures(place):
        found[one.why].append(str(one.path.relative_to(place)) if one.path != place else str(place))
    if found["readable"]:
        sentence = f"Others on this machine can open what belongs to the data: {_some(found['readable'])}."
        yield "W020", sentence, f"chmod -R go= {place}"
    if found["owner"]:
        sentence = f"Not all data belong to the user who owns the data directory: {_some(found['owner'])}."
        yield "W023", sentence, f"Find out who made them, then chown -R {place.stat().st_uid} {place}"
    if found["link"]:
        sentence = f"Links lead out of the data directory, past its protection: {_some(found['link'])}."
        yield "W024", sentence, "Move what they lead to into the data directory."


def _lies_badly(place: Path) -> Iterator[Finding]:
    status = place.stat()
    if os.geteuid() not in (0, status.st_uid):
        yield "W025", "The data directory belongs to another user.", f"chown {os.geteuid()} {place}"
    if status.st_mode & stat.S_ISVTX:
        hint = "Choose a directory of its own: LEEWARD_DATA or --data."
        yield "W026", "The data directory is shared with other users.", hint
    if kind := network_file_system(place):
        hint = "Move it to a local disk: databases are damaged where locks don't hold, and others may read it."
        yield "W027", f"The data directory is on a network file system ({kind}).", hint
    hint = f"Make room there, or move {place} to a larger disk."
    match state_where(place):
        case "disk_full":
            yield "E021", "The disk where the data are is full: nothing can be kept.", hint
        case "disk_low":
            yield "E022", "The disk where the data are is nearly full.", hint
    if why := why_unwritable(place):
        error = DataUnusable(path=place, why=why)
        yield "E023", error.text, str(error.hint)


def of_databases(config: Config) -> Iterator[Finding]:
    """Return what is damaged of the SQLite files beside the database, as it would stop the start."""
    if (own := database_file()) is None:
        return
    files = [config.data_dir / key_copy.FILE, *([config.public_file] if config.public_file else ())]
    for path in files:
        try:
            if path != own:
                need_whole(path)
        except DamagedDatabase as error:
            yield "E035", error.text, str(error.hint)


def _unread_texts(place: Path) -> Iterator[Finding]:
    for path, why in catalogues.unreadable_in(place / catalogues.FOLDER):
        sentence = f"{path} can't be read: {why}. The shipped texts are shown instead of those that were reviewed here."
        hint = (
            f"Give it to the user that Leeward runs as (chown {place.stat().st_uid}). If it is damaged, delete it: the next text that is "
            "reviewed in this language writes all of them again."
        )
        yield "W034", sentence, hint


def of_repairs(narrowed: int) -> Iterator[Finding]:
    """Return what was repaired after all checks."""
    if narrowed:
        many = "1 file or folder" if narrowed == 1 else f"{narrowed} files and folders"
        hint = "If others use this machine, assume that they have read what was open: secrets and keys too."
        yield "W029", f"Repaired: other users can no longer open {many} of the data.", hint


def _secret_files() -> Iterator[Finding]:
    for name in sorted(os.environ):
        if name.startswith("LEEWARD_") and name.endswith("_FILE"):
            path = Path(os.environ[name])
            if path.is_file() and path.stat().st_mode & stat.S_IRWXO:
                yield "W028", f"Everybody on this machine can open the file of {name}.", f"chmod o= {path}"


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(sorted(names)[:3]) + more
