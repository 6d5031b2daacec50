"""Checks of files that the doctor's own checks leave out: who runs it, the salt of the day, copies, where keys lie."""

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.db import connection

from leeward.site.config import Config
from leeward.site.deployment.seen import Here, Seen, fails, holds, unseen
from leeward.site.rights import beyond, is_there
from leeward.site.upgrading import KEPT, copies
from leeward.web_security.salts import left_of_other_days

IN_MEMORY = frozenset({"tmpfs", "ramfs"})
ENVIRONMENTS = ("etc/leeward/environment", "etc/default/leeward")


def mount_of(here: Here, place: Path) -> tuple[str, str]:
    """Return the file system and the source of what `place` is mounted from, or ("", "")."""
    best, found = Path(), ("", "")
    for line in (here.text("proc/self/mountinfo") or "").splitlines():
        before, _, after = line.partition(" - ")
        fields, (kind, source, *_) = before.split(), [*after.split(), "", ""]
        point = Path(fields[4].replace("\\040", " ")) if len(fields) > 4 else Path()
        if point.is_absolute() and place.is_relative_to(point) and len(point.parts) >= len(best.parts):
            best, found = point, (kind, source)
    return found


def salt(here: Here) -> Iterator[Seen]:
    """The salt of the day is in memory, and no salt of a past day is left."""
    place, today = here.config.volatile_dir, here.now.date()
    days = [today + timedelta(days=days) for days in (-1, 0, 1)]  # one goes within seconds of midnight
    if old := [path.name for path in left_of_other_days(place, days)]:
        yield fails(
            f"Salts of past days are still there: {', '.join(old[:3])}.", "Restart leeward serve: it deletes them."
        )
    kind, _source = mount_of(here, place)
    if kind in IN_MEMORY:
        yield holds("The salt of the day is in memory only.")
    elif kind:
        hint = (
            "Run it as the service of the package (RuntimeDirectory), or set LEEWARD_VOLATILE to a directory in memory."
        )
        yield fails(f"The salt of the day is a file on a disk ({kind}), whose old blocks can outlive the day.", hint)
    else:
        yield unseen("Where the salt of the day lies can't be seen here.", f"See whether {place} is in memory.")


def upgrade_copies(here: Here) -> Iterator[Seen]:
    """No copy from before an upgrade has outlived its week."""
    old = [
        path.name
        for path in copies()
        if here.now.timestamp() - path.stat().st_mtime > (KEPT + timedelta(days=1)).total_seconds()
    ]
    if old:
        hint = "What was withdrawn since is still in them. Delete them, and see why the worker doesn't."
        yield fails(f"Copies from before upgrades are older than a week: {', '.join(old[:3])}.", hint)
    else:
        yield holds("No copy from before an upgrade is older than a week.")


def own_user(here: Here) -> Iterator[Seen]:
    """The data belong to a user of their own, not to the machine's administrator."""
    try:
        owner = here.config.data_dir.stat().st_uid
    except OSError:
        yield unseen("The data directory can't be read from here.", "Run this as root or as the service's user.")
        return
    if owner == 0:
        hint = "Run it as a user of its own, as the Debian package does."
        yield fails("The data belong to root, so the service runs with every right of the machine.", hint)
    else:
        yield holds("The service has a user of its own.")
    for name in ENVIRONMENTS:
        path = here.root / name
        if path.is_file() and path.stat().st_mode & stat.S_IRWXO:
            yield fails(f"Everybody on this machine can open /{name}.", f"chmod o= /{name}")


def public_face(here: Here) -> Iterator[Seen]:
    """The public pages run apart, and their user may write in the file of their own but make none beside it."""
    place = here.config.public_file
    if place is None:
        if here.config.public_role and connection.vendor == "postgresql":
            yield from _public_role(here.config)
        else:
            yield unseen(
                "All pages have one database here.", "docs/how-to/faces.md says how to run the public ones apart."
            )
        return
    try:
        folder, owner = place.parent.stat(), here.config.data_dir.stat().st_uid
    except OSError:
        yield unseen(f"{place.parent} can’t be read from here.", "Run this as root or as the service's user.")
        return
    if folder.st_uid != owner or folder.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        hint = f"chown the folder to the service's user, and chmod g-w,o= {place.parent}."
        yield fails(f"Another user may make files in {place.parent}.", hint)
    elif not folder.st_mode & stat.S_IXGRP:
        yield unseen(
            f"Nobody but the service's user can open {place.parent}: then the public pages run as that user.",
            "docs/how-to/faces.md says how to run them as a user of their own.",
        )
    else:
        yield holds("The public pages have a file of their own, in a folder that is not theirs.")


def _public_role(config: Config) -> Iterator[Seen]:
    """The database says of the role that it can do what public pages need, and nothing else."""
    role = config.public_role
    if not is_there(role):
        yield fails(f"The database has no role {role}.", "docs/how-to/faces.md says how to make it.")
        return
    found = beyond(role)
    for one in found:
        yield fails(f"The role {role} of the public pages {one.what}.", f"In the database: {one.statement}")
    if not found:
        yield holds(
            "The public pages have a role of their own, which the database lets do what they need and nothing else."
        )
    if config.bind:
        yield unseen(
            "Unless it is started with --face, leeward serve runs public pages here as well, with the desk’s role.",
            "Set LEEWARD_BIND= to nothing here, as docs/how-to/faces.md says.",
        )


def key_places(here: Here) -> Iterator[Seen]:
    """No key lies where a copy of the backups, or a thief of the server, would find what opens them."""
    config = here.config
    if config.backup_key:
        hint = "Unset LEEWARD_BACKUP_KEY_FILE, and let another machine run leeward backup verify."
        yield fails("The key that opens backups is on this machine: whoever takes it over reads old backups too.", hint)
    else:
        yield holds("The key that opens backups is not on this machine.")
    for name in ("secret", "audit.key", "lists.key"):
        path = config.data_dir / name
        if path.is_symlink():
            yield fails(f"{name} is a link to {path.resolve()}.", "Move the file into the data directory.")
        if config.backup_to and (Path(config.backup_to) / name).exists():
            hint = "Delete it there, and find out who copied it: backups hold keys sealed."
            yield fails(f"{name} lies unsealed in {config.backup_to}.", hint)
