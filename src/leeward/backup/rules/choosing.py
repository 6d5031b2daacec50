"""Which files of a data directory belong into a backup."""

from fnmatch import fnmatchcase

DATABASE = "leeward.sqlite3"
ENVIRONMENT = "environment-of-backup"
RESTORING = (
    ".restoring-"  # begins the name of a folder in the data directory, from the beginning of a restoring to its end
)
# What is copied in another way, is of the moment, or is made anew from rows. Whatever is not named here is backed up.
_LEFT_OUT = (
    f"{DATABASE}*",
    f"*/{DATABASE}*",  # a copy of a data directory in here
    "fetching.sqlite3*",
    "hashbank/*",
    "salt.[0-9]*",
    "*/salt.[0-9]*",  # in a folder of its own, or in a copy of a data directory
    "new-salt.*",  # left by a version before, where making one was cut off
    "*/new-salt.*",
    "public.key",  # made from the secret at each start
    "words.sqlite3*",  # one newest copy beside all backups, so that what was taken back is forgotten in each
    "*/words.sqlite3*",  # nor one that somebody laid aside
    "signer/*",  # put back, it would sign a log that was cut
    "*before-upgrade-*",  # what was withdrawn since is still in it
    "*public.sqlite3*",  # what was taken in and not fetched yet; the rest is copied from the database
    "public-mirrored",
    "public-compared",
    "public-owner",  # whoever was restored is another installation
    "busy",
    "installation-changed",
    "backup-done",
    "backup.lock",
    ENVIRONMENT,
    "lost+found/*",  # of the disk itself, and root's
    ".*",
    "*/.*",
    "*.new",
)


def belongs(path: str) -> bool:
    """Return whether the file at this path in the data directory is backed up."""
    return not any(fnmatchcase(path, pattern) for pattern in _LEFT_OUT)
