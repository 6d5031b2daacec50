"""What places on other machines have in common: their lock, which is a file there, and errors in our words."""

import errno
import time
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import override

from leeward.backup.errors import BackupUnderWay
from leeward.backup.places.face import Place

LOCK = "backup.lock"
_FORGOTTEN = timedelta(hours=24)
_WRITTEN_WITHIN = 10  # seconds


class Remote(Place):
    """A place on another machine."""

    @override
    @contextmanager
    def alone(self, mark: str) -> Iterator[None]:
        """The lock says whose it is: one that our own killed backup left is ours again, as only one runs here. Another's counts
        for a day; one that says no time was left by somebody who died, or found the disk full, before it was written."""
        mine = f"{mark} {datetime.now(UTC).isoformat()}\n".encode("ascii")
        if not self._create(LOCK, mine):
            owner, since = self._locked_by()
            if owner != mark and since is None:
                time.sleep(_WRITTEN_WITHIN)
                owner, since = self._locked_by()
            if owner != mark and since is not None and abs(datetime.now(UTC) - since) <= _FORGOTTEN:
                raise BackupUnderWay(place=self.name)
            self.write(LOCK, mine)
        try:
            yield
        finally:
            with suppress(OSError):
                self.delete(LOCK)

    def _locked_by(self) -> tuple[str, datetime | None]:
        """Return whose mark the lock has, and since when; None if that can't be read."""
        owner, _, text = self.read(LOCK, 1000).decode("ascii", "replace").strip().partition(" ")
        try:
            since = datetime.fromisoformat(text)
        except ValueError:
            return owner, None
        return owner, since if since.tzinfo else None

    @abstractmethod
    def _create(self, path: str, raw: bytes) -> bool:
        """Store a file if there is none of this name; return whether there was none."""

    def _failed(self, why: object) -> OSError:
        return OSError(errno.EIO, " ".join(str(why).split()).rstrip(".")[:200], self.name)

    def _missing(self, path: str) -> FileNotFoundError:
        return FileNotFoundError(errno.ENOENT, "there is no such file", f"{self.name}/{path}")
