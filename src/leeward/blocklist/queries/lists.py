"""Read the lists of a hotline."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from leeward.blocklist.models import BlockList
from leeward.foundation.errors import NotFound


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list; `source` is the partner, if it is imported unchanged; `agreement` is what its operators agreed to block."""

    id: int
    hotline_id: int
    name: str
    title: str
    kind: str
    country: str
    source: str
    review_days: int
    is_open: bool
    agreement: str


def list_row(found: BlockList) -> ListRow:
    """Convert a list for use outside this module."""
    return ListRow(
        found.pk,
        found.hotline_id,
        found.name,
        found.title,
        found.kind,
        found.country,
        found.source,
        found.review_days,
        found.is_open,
        found.agreement,
    )


def block_lists() -> list[ListRow]:
    """Return every list of the hotline, oldest first."""
    return [list_row(found) for found in BlockList.objects.order_by("id")]


def block_list(name: str) -> ListRow:
    """Return the list of this name; raises NotFound if this hotline has none."""
    found = BlockList.objects.filter(name=name).first()
    if found is None:
        raise NotFound(what=_("list"))
    return list_row(found)


def list_by_id(list_id: int) -> ListRow:
    """Return the list with this id; raises NotFound if this hotline has none."""
    found = BlockList.objects.filter(pk=list_id).first()
    if found is None:
        raise NotFound(what=_("list"))
    return list_row(found)
