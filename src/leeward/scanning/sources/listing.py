"""A common interface to every kind of source: listing it, opening what was listed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from urllib.parse import unquote, urlsplit

from leeward.scanning.sources.files import local_items, opened_file
from leeward.scanning.sources.items import Item, Since, has_scheme
from leeward.scanning.sources.urls import opened_url, url_items


def items_of(source: str, since: Since) -> Iterator[Item]:
    """Yield the requested files of a path or address. Raises DriverMissing; everything else becomes an item's problem."""
    found = url_items(source) if has_scheme(source) else local_items(local_path(source))
    return (item for item in found if since.wants(item))


@contextmanager
def opened(item: Item) -> Iterator[tuple[IO[bytes], bool]]:
    """Open an item; also say whether its stream is seekable. Raises OSError or what the driver raises."""
    if item.is_url:
        with opened_url(item) as (stream, seekable):
            yield stream, seekable
    else:
        with opened_file(item.path) as stream:
            yield stream, True


def local_path(source: str) -> str:
    """Return the path of a file:// address, anything else as it is."""
    return unquote(urlsplit(source).path) if source.lower().startswith("file://") else source
