"""One hotline out of an installation, and into one that has none."""

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import IntegrityError, connection
from django.db.migrations.recorder import MigrationRecorder

from leeward.audit.keys import public_key, sign
from leeward.backup.errors import HotlineNotMoved
from leeward.backup.hotline.file import Opening, Reader, Writer
from leeward.backup.hotline.mending import Mended, Mender
from leeward.backup.hotline.rows import Loader, lines_of, tables
from leeward.backup.models import Restoration

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from pyrage.x25519 import Recipient


def write_hotline(file: Path, hotline_id: int, recipients: "Sequence[Recipient]", now: datetime) -> int:
    """Write everything of a hotline into a new file; return how many lines it has. In the caller's transaction, while nothing
    else runs: on PostgreSQL others would write between two tables. Raises HotlineNotMoved."""
    part = file.with_name(f".{file.name}.part")
    if file.exists():
        raise HotlineNotMoved(why=f"{file} exists already")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            writer = Writer(stream, recipients)
            writer.put(_opening(hotline_id, now).model_dump())
            for line in lines_of(hotline_id):
                writer.put(line)
            lines = writer.lines
            writer.put({"lines": lines, "signature": sign(writer.signed_text())})
            writer.flush()
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    except OSError as error:
        raise HotlineNotMoved(why=f"{file}: {(error.strerror or str(error)).lower()}") from error
    finally:
        part.unlink(missing_ok=True)
    return lines


def load_hotline(reader: Reader, *, signed_by: str, now: datetime) -> int:
    """Put a hotline into a database that has none, held as after restoring a backup; return how many rows it has. In the caller's
    transaction. Raises HotlineNotMoved."""
    opening = reader.opening
    require_room(opening)
    loader = Loader(opening.log_key)
    try:
        for line in reader.lines():
            loader.take(line)
        loader.finish()
        connection.check_constraints()
    except IntegrityError as error:
        raise HotlineNotMoved(why=f"its rows don’t fit together ({_first_line(error)})") from error
    reader.require_signature(signed_by)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model for model, _path in tables()]):
            cursor.execute(statement)
    Restoration.objects.create(backup_at=datetime.fromisoformat(opening.made_at), restored_at=now, moved=True)
    return loader.rows


def require_room(opening: Opening) -> None:
    """Raise HotlineNotMoved unless this installation may take the hotline: it has none, the same tables and the same secret."""
    if _hotlines().exists():
        raise HotlineNotMoved(
            "Import it into a new installation of its own, or let this one open a portal for its country.",
            why="this installation has a hotline already, and the numbers of their rows and logs would collide",
        )
    if opening.steps != _steps():
        raise HotlineNotMoved(
            "Bring both installations to the same version, export it again, then import it.",
            why="its tables are those of another version",
        )
    if opening.secret.encode() != settings.LEEWARD.secret_bytes:
        raise HotlineNotMoved(
            "Import it into an empty data directory (--data), and without LEEWARD_SECRET: the secret comes with it.",
            why="this installation has a secret of its own, by which its receipts wouldn’t open",
        )


def mend_hotline(
    reader: Reader,
    *,
    only: "Collection[str]",
    speaks: "Callable[[str], bool]",
    shows: "Callable[[str, str], bool]",
    readies: "Callable[[Sequence[Any]], None]",
    is_trial: bool,
) -> Mended:
    """Put back what is missing here of the hotline in a file that this installation signed, under its old numbers; `readies` is given rows
    before they come back. In the caller's transaction, which ends without effect if `is_trial`. Raises HotlineNotMoved."""
    opening = reader.opening
    require_home(opening)
    mender = Mender(opening.hotline_id, only, speaks, shows, readies)
    try:
        for line in reader.lines():
            mender.take(line)
        mender.finish()
        connection.check_constraints()
    except IntegrityError as error:
        raise HotlineNotMoved(why=f"its rows don’t fit to what is here ({_first_line(error)})") from error
    reader.require_signature(public_key())
    if not is_trial:
        mender.write_files()
    return mender.found


def require_home(opening: Opening) -> None:
    """Raise HotlineNotMoved unless the file is of this installation, as its tables are now."""
    if opening.secret.encode() != settings.LEEWARD.secret_bytes or opening.log_key != public_key():
        raise HotlineNotMoved(
            "Into another one it goes by leeward hotline import.", why="the file is of another installation"
        )
    if opening.steps != _steps():
        raise HotlineNotMoved(
            "Put the backup from which it comes back with the version of now, export it there, then try again.",
            why="its tables are those of another version",
        )
    here = _hotlines().filter(pk=opening.hotline_id).first()
    if here is not None and here.slug != opening.slug:
        raise HotlineNotMoved(why=f"the hotline of its number is called {here.slug} here, and {opening.slug} in it")


def is_alone(hotline_id: int) -> bool:
    """Return whether an installation has no other hotline than this, so that its secret is of nobody else."""
    return not _hotlines().exclude(pk=hotline_id).exists()


def _first_line(error: Exception) -> str:
    """Return what a database says first; PostgreSQL repeats whole rows after that."""
    return str(error).partition("\n")[0]


def _opening(hotline_id: int, now: datetime) -> Opening:
    return Opening(
        hotline_id=hotline_id,
        slug=_hotlines().get(pk=hotline_id).slug,
        made_at=now.isoformat(),
        steps=_steps(),
        log_key=public_key(),
        secret=settings.LEEWARD.secret_bytes.decode(),
    )


def _hotlines() -> Any:
    return apps.get_model("people.Hotline")._base_manager.all()


def _steps() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
