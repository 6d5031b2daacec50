"""What an upload may have looked like before it was altered; see README.md beside this file."""

from leeward.matching.variants.recipes import ALTERATIONS, Alteration, Variant, stored_windows, variants_of
from leeward.matching.variants.spectrum import SoftHash, soft_distance, soft_hash_from, weights_of

__all__ = [
    "ALTERATIONS",
    "Alteration",
    "SoftHash",
    "Variant",
    "soft_distance",
    "soft_hash_from",
    "stored_windows",
    "variants_of",
    "weights_of",
]
