"""The variants of an upload as index queries: codes, the certainty of their bits, and the variant each belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leeward.matching.variants.recipes import Variant


@dataclass(frozen=True, slots=True)
class Questions:
    """Queries as codes uint8 [q, 32] and weights float32 [q, 256], each with the number of its variant [q] and whether
    it is turned.
    """

    codes: NDArray[np.uint8]
    weights: NDArray[np.float32]
    variant: tuple[int, ...]
    turned: tuple[bool, ...]


def questions(variants: Sequence[Variant], *, turned: bool = True) -> Questions:
    """Return the index queries for these variants. `turned`: also query turned and mirrored forms of those that allow
    it.
    """
    codes, weights, owners, turns = [], [], [], []
    for number, variant in enumerate(variants):
        for place, soft_hash in enumerate(
            variant.soft_hash.turned() if variant.turns and turned else [variant.soft_hash]
        ):
            codes.append(soft_hash.code)
            weights.append(soft_hash.weights * np.float32(variant.strictness))
            owners.append(number)
            turns.append(place > 0)
    return Questions(
        np.frombuffer(b"".join(codes), np.uint8).reshape(len(codes), -1),
        np.array(weights, np.float32).reshape(len(codes), -1),
        tuple(owners),
        tuple(turns),
    )
