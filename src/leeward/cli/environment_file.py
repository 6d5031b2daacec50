"""Writes settings into the file from which systemd gives them to the service: NAME=VALUE a line."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from leeward.cli.output import NotWritten
from leeward.foundation.environment_file import quoted as in_quotes
from leeward.foundation.errors import BadInput


def changed(text: str, settings: Mapping[str, str]) -> str:
    """Return the file with these settings: each in the place of its last line, or at the end. All else stays, comments too."""
    lines = text.splitlines()
    for name, value in settings.items():
        line = f"{name}={quoted(value)}"
        places = [at for at, old in enumerate(lines) if old.lstrip().partition("=")[0].rstrip() == name]
        if places:
            lines[places[-1]] = line
        else:
            lines.append(line)
    return "".join(f"{line}\n" for line in lines)


def quoted(value: str) -> str:
    """Return a value as the file has it. Raises BadInput for one that no line can hold."""
    if any(ord(letter) < 32 for letter in value):
        raise BadInput(what=repr(value), why="a setting is one line of text")
    return in_quotes(value)


def add(file: Path, settings: Mapping[str, str]) -> None:
    """Put settings at the end of a file, where they count instead of what it says of them before; nobody else can read it if it is new.
    Raises OSError."""
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as text:
        text.writelines(f"{name}={quoted(value)}\n" for name, value in settings.items())


def may_write(file: Path) -> bool:
    """Whether settings can be put into this file, whose folder gets a new one in its place."""
    return os.access(file, os.R_OK) and os.access(file.parent, os.W_OK | os.X_OK)


def write(file: Path, settings: Mapping[str, str]) -> None:
    """Put settings into the file, whole or not at all, after whoever is at it; its owner, group and mode stay. Raises BadInput if it is no
    text, NotWritten if it can't be written."""
    part = file.with_name(f".{file.name}.new")
    try:
        with _alone(file) as before:
            text = changed(file.read_text(encoding="utf-8"), settings)
            try:
                part.unlink(missing_ok=True)  # of one that was killed
                with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as fresh:
                    fresh.write(text)
                    fresh.flush()
                    os.fsync(fresh.fileno())
                os.chown(part, before.st_uid, before.st_gid)
                part.chmod(before.st_mode & 0o777)
                part.replace(file)
            finally:
                part.unlink(missing_ok=True)
    except UnicodeDecodeError as error:
        raise BadInput(what=str(file), why="it is not text") from error
    except OSError as error:
        raise NotWritten.of(file, error) from error


@contextmanager
def _alone(file: Path) -> Iterator[os.stat_result]:
    """Be the only one that writes the file, until the end; give what it is. Raises OSError."""
    while True:
        with file.open("rb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            found = os.fstat(held.fileno())
            if os.path.samestat(found, file.stat()):  # else whoever was at it put another in its place
                yield found
                return
