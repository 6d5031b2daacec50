"""Up to which row, and until when, this log and a witness that contradicts it still agreed; and what the signer has signed of which the
database says nothing: whoever can write there alone can give a log that they wrote anew another name, under which the signer signs it
from its first row on.
"""

import json
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from leeward.audit.errors import CheckpointDamaged
from leeward.audit.models import AuditCosignature, AuditRow, AuditTip
from leeward.audit.rules.chain import Fault, moment
from leeward.audit.rules.merkle import consistency_proof, is_continued
from leeward.audit.tree.checkpoints import OF_LOGS
from leeward.audit.tree.nodes import nodes_of, root_at
from leeward.audit.tree.signing import signed_logs
from leeward.audit.tree.stored import MOST_TRIED, need_whole

ANEW = "log.began_anew"
SIGNED_LATER = timedelta(days=2)  # a signer that was away signs the first rows that much after the act


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


def begun_since(since: datetime) -> list[tuple[str, datetime]]:
    """Return the logs that the signer has begun since then although it had signed one of their chain before, or the database knows none of
    this name, by its own clock; without those of chains that say since then that they began anew. Raises SignerSilent and SignerRefused."""
    known = signed_logs()
    tips = {tip.chain: tip.origin for tip in AuditTip.objects.all()}
    stated = AuditRow.objects.filter(chain__in=tips, event=ANEW, at__gte=moment(since - SIGNED_LATER))
    anew = set(stated.values_list("chain", flat=True).distinct())
    names_of: dict[int, list[str]] = {}  # of each chain, in the order in which they were begun
    for name in sorted(known, key=lambda name: known[name][1] or 0):
        names_of.setdefault(_chain_of(name), []).append(name)
    found = []
    for chain, names in names_of.items():
        is_one = len(names) == 1 and names[0] == tips.get(chain) and [*tips.values()].count(names[0]) == 1
        for name in () if is_one or chain in anew else names[chain in tips and len(names) > 1 :]:
            begun = known[name][1]
            if begun is not None and begun >= since.timestamp():
                found.append((name, datetime.fromtimestamp(begun, UTC)))
    return sorted(found, key=lambda one: one[1])


def unspoken(*, may_lack_logs: bool, may_lack_rows: bool = False) -> dict[int, Fault]:
    """Return a fault for each chain of which the signer has signed what the database says nothing of: more rows, or a log under a name that
    the chain doesn't have and no act of it speaks of. `may_lack_logs`: whole logs may be gone, as after a restoring; `may_lack_rows`: one has
    just been confirmed, and logs begin anew. Raises SignerSilent and SignerRefused."""
    known = signed_logs()
    tips = {tip.chain: tip for tip in AuditTip.objects.filter(number__gt=0)}
    faults: dict[int, Fault] = {}
    for name, (size, begun) in sorted(known.items()):
        chain = _chain_of(name)
        tip, rows = tips.get(chain), f"the signer has signed {size} rows of {name}"
        if tip is None and not may_lack_logs:
            faults[chain] = Fault(chain, 1, f"is missing: {rows}, and nothing of it is here")
        elif tip is not None and tip.origin == name and tip.number < size and not may_lack_rows:
            faults[chain] = Fault(chain, tip.number + 1, f"is missing: {rows}")
        elif tip is not None and tip.origin != name and size and name not in _former_names(chain):
            at = f"; it began that at {datetime.fromtimestamp(begun, UTC):%Y-%m-%d %H:%M} UTC" if begun else ""
            faults[chain] = Fault(
                chain, 1, f"or a later one was written anew: {rows}, of which this log says nothing{at}"
            )
    return faults


def _chain_of(name: str) -> int:
    """Return the number of the chain whose log has this name; -1 for a name that is none of ours."""
    number = name.rpartition(OF_LOGS)[2].partition("/")[0]
    return int(number) if number.isascii() and number.isdigit() else -1


def _former_names(chain: int) -> set[str]:
    names = set()
    for facts in AuditRow.objects.filter(chain=chain, event=ANEW).values_list("facts", flat=True):
        try:
            names.add(str(json.loads(facts)["origin"]))
        except (ValueError, KeyError, TypeError):
            continue  # damaged: the check of the chain names it
    return names
