"""The spool for incoming lists: a file sent from the desk is written in pieces into the data directory, never held in
memory.

Lists contain hashes, never pictures. A file stays until it is imported or discarded, or for a week.
"""

import hashlib
import os
import secrets
import shutil
from pathlib import Path
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from leeward.foundation.patterns import Pattern
from leeward.hashbank.errors import NoRoomForList
from leeward.hashbank.records.live import folder

ROOM_TO_LEAVE_BYTES = 1 << 29
MATERIAL = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"\x00\x00\x00", b"\x1aE\xdf\xa3", b"PK\x03\x04")
"""First bytes of pictures, videos and archives: these are not lists, and nothing of them is written."""
_TOKEN = Pattern(r"^[0-9a-f]{32}$")


def spool_folder(hotline_id: int) -> Path:
    """Return the folder for a hotline's waiting files; it is readable by its owner only."""
    place = folder(hotline_id) / "spool"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def spooled(hotline_id: int, token: str) -> Path:
    """Return the path of the file with this token."""
    if not _TOKEN.match(token):
        raise ValueError("no token of a spooled file")
    return spool_folder(hotline_id) / token


def refuse_without_room(hotline_id: int, size: int) -> None:
    """Raise NoRoomForList where a file of this size would fill the disk."""
    free = shutil.disk_usage(spool_folder(hotline_id)).free
    if size + ROOM_TO_LEAVE_BYTES > free:
        raise NoRoomForList(most=max(0, free - ROOM_TO_LEAVE_BYTES) // 1_000_000)


class Arrived(UploadedFile):  # type: ignore[type-arg]  # as it runs it has no parameter
    """A file in the spool: its token, size and digest."""

    def __init__(self, *, name: str, size: int, token: str, sha256: str) -> None:
        super().__init__(None, name, None, size)
        self.token, self.sha256 = token, sha256


class Spool(FileUploadHandler):
    """Writes the first file of a form into the spool and ignores the others. `discard` deletes it."""

    def __init__(self, request: HttpRequest, hotline_id: int) -> None:
        super().__init__(request)
        self._hotline = hotline_id
        self._out: IO[bytes] | None = None
        self._digest = hashlib.sha256()
        self.token = ""
        self.is_material = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        if self.token:
            raise SkipFile
        self.token = secrets.token_hex(16)
        path = spooled(self._hotline, self.token)
        self._out = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a chunk; a file that begins like a picture is refused before any of it is written."""
        if start == 0 and raw_data.startswith(MATERIAL):
            self.is_material = True
            raise StopUpload
        if self._out is not None:
            self._out.write(raw_data)
            self._digest.update(raw_data)

    def file_complete(self, file_size: int) -> Arrived | None:
        """Close the file durably, so that a crash loses nothing of it."""
        if self._out is None:
            return None
        self._out.flush()
        os.fsync(self._out.fileno())
        self._out.close()
        self._out = None
        return Arrived(name=self.file_name or "list", size=file_size, token=self.token, sha256=self._digest.hexdigest())

    def discard(self) -> None:
        """Remove the file."""
        if self._out is not None:
            self._out.close()
            self._out = None
        if self.token:
            spooled(self._hotline, self.token).unlink(missing_ok=True)
