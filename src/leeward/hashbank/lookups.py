"""Reading what those who ask from outside may see of the bank; all within the open hotline's scope."""

from collections.abc import Collection

from leeward.hashbank.live import index_here
from leeward.hashbank.models import IndexChange, RecordHash
from leeward.hashbank.rules.kinds import KINDS
from leeward.hashbank.scene import hotline_here


def index_status(kinds: Collection[str]) -> dict[str, tuple[int, int]]:
    """For each kind of hash how many are matched against, and the second since 1970 of the newest change."""
    newest = IndexChange.objects.filter(hotline_id=hotline_here()).order_by("-id").values_list("at", flat=True).first()
    built_to = int(newest.timestamp()) if newest else -1
    return {kind: (_size(kind), built_to) for kind in kinds}


def _size(kind: str) -> int:
    if kind == "pdq":
        return len(index_here())
    return RecordHash.objects.filter(hotline_id=hotline_here(), kind=KINDS[kind].number).count()
