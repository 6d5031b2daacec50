"""The file of the installation's secret: made at first use, and never beside what was made with another one."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from leeward.audit.errors import KeyUnreadable, KeyUnusable, read_key
from leeward.foundation import own_files
from leeward.foundation.lazy_text import LazyText as _
from leeward.site.disk import DataUnusable, words_of
from leeward.site.private import make_data_directory

if TYPE_CHECKING:
    from leeward.site.config import Config

LEAST_SECRET_BYTES = 24
MADE_WITH_IT = ("leeward.sqlite3", "audit.key")  # if one of these exists, the secret existed before
_made_here: set[Path] = set()


def discard_made_secret(config: "Config") -> None:
    """Delete the secret that this process has just made: the database belongs to another one, which must be restored."""
    path = config.data_dir / "secret"
    if path in _made_here:
        path.unlink(missing_ok=True)


def is_none(config: "Config") -> bool:
    """Return whether there is no secret that can be used, so that `make_secret` would make one. Raises KeyUnreadable."""
    path = config.data_dir / "secret"
    return not config.secret and (not path.exists() or _is_damaged(path))


def make_secret(config: "Config", given: str = "") -> None:
    """Make the secret's file if it is missing, whatever else exists, or if what it has is none: that is set aside. Store a `given` one
    only where nothing was made with another. Raises KeyUnreadable."""
    path = config.data_dir / "secret"
    if not given and not config.secret and path.exists() and _is_damaged(path):
        path.replace(path.with_name(f"{path.name}.damaged"))
    before = ("secret", *MADE_WITH_IT)[: None if given else 1]
    if not config.secret and not any(path.with_name(name).exists() for name in before):
        _write_secret(path, given)


def kept(path: Path) -> bytes:
    """Return the secret stored at `path`; make it (mode 0600) if there is none. Safe when two processes start at once."""
    if not path.exists():
        need_restored(path.parent)
        if any(path.with_name(name).exists() for name in MADE_WITH_IT):
            raise KeyUnusable(name="secret", what=_("is missing"))
        _made_here.add(path)
        _write_secret(path)
    return read_secret(path)


def need_restored(data: Path) -> None:
    """Raise NotRestored where a restoring was cut off, or is still under way: what is missing there is yet to come."""
    from leeward.backup.errors import NotRestored
    from leeward.backup.rules.choosing import RESTORING

    for left in data.glob(f"{RESTORING}*"):
        raise NotRestored(why=f"{left} is of a restoring that was cut off, or is still under way")


def read_secret(path: Path) -> bytes:
    """Return the secret stored at `path`, as it is there now. Raises KeyUnusable."""
    if not path.exists():
        raise KeyUnusable(name="secret", what=_("is missing"))
    kept = read_key(path).strip()
    if len(kept) < LEAST_SECRET_BYTES:
        raise KeyUnusable(name="secret", what=_("is shorter than {least} characters", least=LEAST_SECRET_BYTES))
    if not kept.isascii():
        raise KeyUnusable(name="secret", what=_("is damaged: it is not text"))
    return kept


def _is_damaged(path: Path) -> bool:
    try:
        kept(path)
    except KeyUnreadable:
        raise
    except KeyUnusable:
        return True
    return False


def _write_secret(path: Path, given: str = "") -> None:
    make_data_directory(path.parent)
    try:
        own_files.make(path, (given or secrets.token_urlsafe(48)).encode("ascii"))
    except OSError as error:
        raise DataUnusable(path=path.parent, why=words_of(error)) from error
