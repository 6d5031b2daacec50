"""The files of backups as this installation signs them, with nothing in them: for whoever only looks how old the newest is."""

from datetime import datetime
from pathlib import Path

from leeward import __version__
from leeward.audit.keys import public_key, sign
from leeward.backup.rules.manifest import FORMAT, Cover, name_at, read_cover


def put_cover(folder: Path, made_at: datetime) -> Path:
    """Put the file of a backup of this moment into a folder."""
    cover = Cover(
        format=FORMAT,
        made_at=made_at.isoformat(),
        leeward=__version__,
        size=0,
        pieces=[],
        sealed="",
        signed_by=public_key(),
        signature="",
    )
    path = folder / name_at(made_at)
    path.write_text(cover.model_copy(update={"signature": sign(cover.signed_text())}).model_dump_json())
    return path


def put_mark(path: Path) -> None:
    """Mark a backup as restored for trial."""
    cover = read_cover(path.read_bytes())
    assert cover is not None
    mark = path.parent / "verified" / path.name
    mark.parent.mkdir(exist_ok=True)
    mark.write_text(sign(cover.proved_text()))
