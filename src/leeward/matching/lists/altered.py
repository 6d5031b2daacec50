"""Look up altered pictures: the variants of an upload against a list's codes, and the upload against stored windows."""

import numpy as np

from leeward.matching.index.soft import USUAL_RADIUS
from leeward.matching.lists.digests import Lookup
from leeward.matching.lists.opened import Altered, ListHit, OpenedList
from leeward.matching.variants.asking import questions


def altered_hits(opened: OpenedList, lookup: Lookup, query: int, now: float, *, turned: bool = True) -> list[ListHit]:
    """Return the rows that one query matches once an alteration is undone, each once with its nearest hit.

    Only for queries that found nothing without. Rows of harmless banks are included; `answers.weighed` removes them.
    """
    found: dict[int, tuple[int, Altered]] = {}
    for row, bits, altered in (*_by_variants(opened, lookup, turned=turned), *_by_windows(opened, lookup)):
        if row not in found or altered.soft < found[row][1].soft:
            found[row] = bits, altered
    hits = (opened.hit(query, row, bits, "pdq", now=now, altered=altered) for row, (bits, altered) in found.items())
    return [hit for hit in hits if hit is not None]


def _by_variants(opened: OpenedList, lookup: Lookup, *, turned: bool) -> list[tuple[int, int, Altered]]:
    if not lookup.variants or not len(opened.index):
        return []
    asking = questions(lookup.variants, turned=turned)
    hits = opened.index.search_softly(asking.codes, asking.weights, harmless="report", now=0)
    assert hits.soft is not None
    found = []
    for query, row, bits, soft in zip(
        hits.query.tolist(), hits.id.tolist(), hits.distance.tolist(), hits.soft.tolist(), strict=True
    ):
        variant = lookup.variants[asking.variant[query]]
        altered = Altered(variant.alteration, round(soft, 1), variant.window, variant.degrees)
        found.append((row, bits, altered))
    return found


def _by_windows(opened: OpenedList, lookup: Lookup) -> list[tuple[int, int, Altered]]:
    if opened.windows is None or not lookup.codes or not len(opened.windows):
        return []
    codes = np.frombuffer(b"".join(lookup.codes), np.uint8).reshape(len(lookup.codes), -1)
    hits = opened.windows.search(codes, USUAL_RADIUS, harmless="report", now=0)
    whole = (0.0, 1.0, 0.0, 1.0)
    return [(hit.id, hit.distance, Altered("cropped_here", float(hit.distance), whole)) for hit in hits]
