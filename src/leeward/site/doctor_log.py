"""The doctor's checks of the log: whether the clock is behind it, who else vouches for it, and who holds its signer's key."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from leeward.audit.rules.notes import NoteRefused
from leeward.audit.rules.policy import Policy
from leeward.backup.queries import lost_count
from leeward.backup.services import lost_of
from leeward.foundation.errors import LeewardError
from leeward.site.config import Config
from leeward.site.refusing import need_clock
from leeward.witnessing.queries import oldest_answer

MOST_NAMED = 5

type Finding = tuple[str, str, str]  # number, sentence, hint


def of_log(config: Config) -> Iterator[Finding]:
    """Return what the log of an installation lacks, and what of it keeps a start from serving; nothing else is asked of a demonstration's."""
    try:
        need_clock(datetime.now(UTC))
    except LeewardError as refused:
        yield "leeward.site.E074", refused.text, str(refused.hint)
    if config.demonstration:
        return
    if oldest_answer() is None:
        sentence = "Nobody outside witnesses the log: whoever takes over this machine can rewrite it, and only printed heads tell."
        yield "leeward.witnessing.W002", sentence, "Exchange witnesses with another hotline: docs/how-to/log.md."
    if config.log_policy:
        yield from _of_policy(Path(config.log_policy))
    if not config.signer_dir:
        sentence = "The log’s signer runs as the same user as the web processes: whoever takes one over gets its key."
        yield "leeward.audit.W002", sentence, "Run it as another user and set LEEWARD_SIGNER_DIR: docs/how-to/log.md."


def of_lost(hotline_id: int, name: str) -> Iterator[Finding]:
    """Return what the log of a hotline speaks of and no table has, unless it is known to be lost since the hotline was put back."""
    lost = lost_of(hotline_id)
    if sum(len(one.numbers) for one in lost) <= lost_count(hotline_id):
        return
    named = [f"{one.kind.replace('_', ' ')} {number}" for one in lost for number in one.numbers[:MOST_NAMED]]
    more = sum(len(one.numbers) for one in lost) - len(named)
    sentence = (
        f"The log of {name} speaks of {', '.join(named)}{f' and {more} more' if more else ''}, and no table has them."
    )
    hint = (
        "Find out who deleted the rows. leeward hotline put-back brings them back from a backup of before: docs/how-to/backups.md. "
        f"leeward audit export --chain {hotline_id} has what was done about them."
    )
    yield "leeward.backup.E001", sentence, hint


def _of_policy(path: Path) -> Iterator[Finding]:
    """Return what is wrong with the file that says whose keys are trusted: whoever takes the service over must not choose them."""
    try:
        Policy.read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, NoteRefused) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        sentence = f"Nobody can verify the log by LEEWARD_LOG_POLICY: {path}: {why}."
        yield "leeward.audit.W003", sentence, "docs/how-to/log.md says what stands in it."
        return
    if os.geteuid() and (os.access(path, os.W_OK) or os.access(path.parent, os.W_OK)):
        sentence = f"The user of the service can change {path}, which says whose keys are trusted."
        yield "leeward.audit.W003", sentence, "Let root own both: chown root, chmod 644 the file, 755 its folder."
