"""Recurring tasks of the installation itself."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from leeward.audit.services import seal
from leeward.backup.sealing import key_of
from leeward.backup.services import create, verify
from leeward.jobs.registry import every
from leeward.site.upgrading import forget_copies

log = logging.getLogger(__name__)


@every(timedelta(hours=24))
def seal_log() -> None:
    """Store and publish today's signed head of every hotline's log."""
    seal(datetime.now(UTC))


@every(timedelta(hours=24))
def forget_copies_of_upgrades() -> None:
    """Delete the copies that were made before upgrades, after a week."""
    forget_copies(datetime.now(UTC))


@every(timedelta(hours=24), lease=timedelta(hours=6))
def back_up() -> None:
    """Make the nightly backup, and restore it for trial if the key is here. A failure is tried again, and seen by its age."""
    config = settings.LEEWARD
    if not config.backup_to:
        return
    folder = Path(config.backup_to)
    made = create(folder, config.backup_recipients, keep=config.backup_keep, now=datetime.now(UTC))
    log.info("backup.made", extra={"count": made.new_pieces, "bytes": made.new_bytes})
    if config.backup_key:
        verify(folder, made.name, key_of(config.backup_key.encode()))
