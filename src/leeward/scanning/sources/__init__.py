"""Where files come from: folders of this machine, and everything that fsspec can open by its address."""

from leeward.scanning.sources.items import Item, Since, has_scheme
from leeward.scanning.sources.listing import items_of, opened

__all__ = ["Item", "Since", "has_scheme", "items_of", "opened"]
