"""Up to which row, and until when, this log and a witness that contradicts it still agreed."""

from datetime import UTC, datetime
from functools import lru_cache

from leeward.audit.errors import CheckpointDamaged
from leeward.audit.models import AuditCosignature, AuditTip
from leeward.audit.rules.merkle import consistency_proof, is_continued
from leeward.audit.tree.nodes import nodes_of, root_at
from leeward.audit.tree.stored import MOST_TRIED, need_whole


def agreed(chain: int, vkey: str) -> tuple[int, datetime] | None:
    """Return the newest state that a witness cosigned and that today's rows still continue: how many rows, and when it saw
    them. None if no such line is left here."""
    tip = AuditTip.objects.filter(chain=chain).first()
    return _agreed(chain, vkey, tip.number, tip.hash) if tip is not None else None


def rows_now(chain: int) -> int:
    """Return how many rows a chain has."""
    return AuditTip.objects.filter(chain=chain).values_list("number", flat=True).first() or 0


def is_part(chain: int, size: int, root: bytes) -> bool:
    """Return whether the chain of today continues the tree that somebody saw."""
    tip = AuditTip.objects.filter(chain=chain).first()
    if tip is None or not 0 < size <= tip.number:
        return False
    return is_continued(size, tip.number, root, root_at(tip), consistency_proof(size, tip.number, nodes_of(tip)))


@lru_cache(maxsize=64)
def _agreed(chain: int, vkey: str, _number: int, _hash: str) -> tuple[int, datetime] | None:
    tip = AuditTip.objects.get(chain=chain)
    root, node_at = root_at(tip), nodes_of(tip)
    lines = AuditCosignature.objects.filter(checkpoint__chain=chain, vkey=vkey).select_related("checkpoint")
    for line in lines.order_by("-seen_at")[:MOST_TRIED]:
        try:
            seen = need_whole(line.checkpoint)
        except CheckpointDamaged:
            continue
        if seen.size <= tip.number and is_continued(
            seen.size, tip.number, seen.root, root, consistency_proof(seen.size, tip.number, node_at)
        ):
            return seen.size, datetime.fromtimestamp(line.seen_at, UTC)
    return None
