"""Checkpoints as the database gives them back: what a damaged disk or a changed row made of one stops neither letters nor
pages nor the logs of others; it is named.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from django.db import OperationalError

from leeward.audit.errors import CheckpointDamaged
from leeward.audit.models import AuditCheckpoint, AuditCosignature, AuditRow, AuditTip
from leeward.audit.rules.chain import moment
from leeward.audit.rules.notes import Checkpoint, Key, Line, Note, NoteRefused, holds, line_in, seen_at

MOST_TRIED = 50
WATCHED = 100  # of the newest rows, whatever their chain: `leeward audit verify` reads all
_FALSE = "its signature is false"


def newest(chain: int) -> AuditCheckpoint | None:
    """Return the newest checkpoint of a chain, whole or not."""
    return AuditCheckpoint.objects.filter(chain=chain).order_by("-id").first()


def newest_whole(chain: int) -> AuditCheckpoint | None:
    """Return the newest checkpoint of a chain that can be read and whose signature holds; None if none was ever signed. Raises
    CheckpointDamaged if there are some, but nothing of the newest ones is whole."""
    damage: CheckpointDamaged | None = None
    for number in AuditCheckpoint.objects.filter(chain=chain).order_by("-id").values_list("id", flat=True)[:MOST_TRIED]:
        try:
            row = AuditCheckpoint.objects.get(id=number)
            need_whole(row)
        except CheckpointDamaged as found:
            damage = damage or found
        except (ValueError, TypeError, OverflowError, OperationalError) as error:
            damage = damage or _unreadable(chain, error)
        else:
            return row
    if damage is not None:
        raise damage
    return None


def newest_seen(last: AuditCheckpoint, key: Key, since: int) -> AuditCheckpoint:
    """Return the newest checkpoint under the name and key of `last` below which a witness put its line since then, whose signatures
    hold; `last` itself if there is none."""
    origin = f"{last.body.partition(chr(10))[0]}\n"
    kept = AuditCosignature.objects.filter(
        checkpoint__chain=last.chain, checkpoint__vkey=last.vkey, checkpoint__body__startswith=origin, vkey=key.text
    ).order_by("-checkpoint", "-seen_at")
    try:
        for one in kept.select_related("checkpoint")[:MOST_TRIED]:
            row = one.checkpoint
            damage = _damage(row.size, row.body, row.line, row.vkey) or _damage(row.size, row.body, one.line, one.vkey)
            if not damage and seen_at(line_in(one.line)) >= since:
                return row
    except (ValueError, TypeError, OverflowError, OperationalError):  # what can't be read vouches for nothing
        pass
    return last


def need_whole(row: AuditCheckpoint) -> Checkpoint:
    """Return what a row states. Raises CheckpointDamaged."""
    if why := _damage(row.size, row.body, row.line, row.vkey):
        raise CheckpointDamaged(chain=row.chain, size=row.size, why=why)
    return Checkpoint.read(row.body)


def note_of(row: AuditCheckpoint) -> Note:
    """Return a checkpoint with the log's line and the newest line of each witness; a witness's line that can't be read is
    left out. Raises CheckpointDamaged."""
    need_whole(row)
    lines: dict[str, Line] = {}
    for kept in sorted(row.cosignatures.all(), key=lambda line: line.seen_at):
        try:
            lines[kept.vkey] = line_in(kept.line)
        except NoteRefused:
            continue
    return Note(row.body, (line_in(row.line), *lines.values()))


def damaged() -> list[str]:
    """Return what is damaged among the newest checkpoints and witnesses' lines, each as the name of a log and how many rows of
    it were signed."""
    try:
        return list(dict.fromkeys(_damaged()))
    except OperationalError as error:
        return [str(_unreadable(0, error).values["why"])]


def _damaged() -> Iterator[str]:
    rows = AuditCheckpoint.objects.order_by("-id").values_list("chain", "size", "body", "line", "vkey")[:WATCHED]
    lines = AuditCosignature.objects.order_by("-id").values_list(
        "checkpoint__chain", "checkpoint__size", "checkpoint__body", "line", "vkey"
    )[:WATCHED]
    for chain, size, body, line, vkey in (*rows, *lines):
        if _damage(size, body, line, vkey):
            yield f"{chain}/{size}"


@lru_cache(maxsize=4 * WATCHED)
def _damage(size: int, body: str, line: str, vkey: str) -> str:
    try:
        if Checkpoint.read(body).size != size:
            return "its text is of another size"
        return "" if holds(body, line_in(line), Key.read(vkey)) else _FALSE
    except NoteRefused as refused:
        return str(refused)
    except (ValueError, TypeError, AttributeError, OverflowError):  # a column of another type
        return "its row can't be read"


def _unreadable(chain: int, error: Exception) -> CheckpointDamaged:
    if isinstance(error, OperationalError) and "decode" not in str(error):
        raise error  # nothing is damaged: the database doesn't answer
    return CheckpointDamaged(chain=chain, size="?", why="its row can't be read")


def begun_anew_since(since: datetime) -> list[tuple[str, str]]:
    """Return the names of chains whose tree got another name since then, and when that was."""
    renamed = {f"log:{tip.chain}": tip for tip in AuditTip.objects.filter(began_anew__gt=0)}
    rows = AuditRow.objects.filter(chain__in=[tip.chain for tip in renamed.values()], subject__in=renamed)
    anew = rows.filter(event="log.began_anew", at__gte=moment(since)).order_by("chain", "number")
    return [(renamed[row.subject].origin or str(row.chain), row.at) for row in anew]


def names() -> list[tuple[int, str]]:
    """Return the chains whose logs have a name, with that: they keep it, whatever the installation is called since."""
    return list(AuditTip.objects.exclude(origin="").order_by("chain").values_list("chain", "origin"))
