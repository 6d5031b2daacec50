"""What an upload may have looked like before it was altered; see README.md beside this file."""

from leeward.matching.variants.recipes import ALTERATIONS, Alteration, Variant, stored_windows, variants_of
from leeward.matching.variants.spectrum import Looks, looks_from, soft_distance, weights_of

__all__ = [
    "ALTERATIONS",
    "Alteration",
    "Looks",
    "Variant",
    "looks_from",
    "soft_distance",
    "stored_windows",
    "variants_of",
    "weights_of",
]
