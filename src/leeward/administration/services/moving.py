"""One hotline exported whole, and imported whole into an installation that has none."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django_scopes import scope

from leeward.administration.services.restoring import take_up
from leeward.audit.queries import verdict
from leeward.audit.services import INSTALLATION, hotline_transaction, record
from leeward.audit.tree.checkpoints import begin_anew
from leeward.backup import services as backup_services
from leeward.backup.errors import HotlineNotMoved
from leeward.foundation.actor import Actor
from leeward.sealing.age import recipients_of


@dataclass(frozen=True, slots=True)
class Imported:
    """A hotline that was taken in: how many rows, and of how many its log is."""

    slug: str
    rows: int
    log_rows: int


def export_hotline(file: Path, recipients: list[str], *, shares_secret: bool, actor: Actor, now: datetime) -> int:
    """Write everything of the actor's hotline into a file that only these keys open; return how many lines it has.

    The secret by which receipts open is the installation's: where other hotlines are, `shares_secret` must say that whoever runs
    the server gives it away. Raises HotlineNotMoved and KeyDoesNotOpen.
    """
    hotline_id, sealed_to = actor.hotline_id or 0, recipients_of(recipients)
    if not shares_secret and not backup_services.is_alone(hotline_id):
        raise HotlineNotMoved(
            "Say --share-secret if whoever will run the other installation may have it.",
            why="the secret that its receipts need is also that of the other hotlines here, and goes with the file",
        )
    with hotline_transaction(hotline_id):
        record("hotline.exported", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", now=now)
        return backup_services.write_hotline(file, hotline_id, sealed_to, now)


def import_hotline(reader: backup_services.Reader, *, signed_by: str, actor: Actor, now: datetime) -> Imported:
    """Take in a hotline: its rows keep their numbers, its log goes on under this installation's key, and nothing goes out until
    somebody confirms it, as after restoring a backup. One transaction. Raises HotlineNotMoved."""
    opening = reader.opening
    with hotline_transaction(INSTALLATION):
        rows = backup_services.load_hotline(reader, signed_by=signed_by, now=now)
        with scope(hotline=opening.hotline_id), hotline_transaction():
            found = verdict(opening.hotline_id, is_begun=True)
            if found.fault is not None:
                raise HotlineNotMoved(why=f"row {found.fault.number} of its log {found.fault.what}")
            facts = {"log_key": opening.log_key, "rows": found.rows, "exported_at": opening.made_at}
            subject = f"hotline:{opening.hotline_id}"
            record("hotline.imported", actor=actor, hotline_id=opening.hotline_id, subject=subject, facts=facts)
            begin_anew(opening.hotline_id, actor=actor)
        take_up(now)
    return Imported(opening.slug, rows, found.rows)
