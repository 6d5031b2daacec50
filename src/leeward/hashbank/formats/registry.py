"""The list formats by name, and how the format of a file is recognised."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from leeward.foundation.errors import BadInput
from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.formats.entries import Broken, Entry, ListUnreadable, Outgoing, Skipped
from leeward.hashbank.formats.isolated import isolated
from leeward.hashbank.formats.ncmec import write_ncmec
from leeward.hashbank.formats.tables import (
    read_csv,
    read_plain,
    read_threatexchange_csv,
    write_csv,
    write_plain,
    write_threatexchange_csv,
)
from leeward.hashbank.formats.threatexchange import write_threatexchange
from leeward.hashbank.formats.vics import BOM, country_of, write_vics
from leeward.hashbank.rules.categories import vics_profile

Reader = Callable[[IO[bytes]], Iterator[Entry | Broken]]
Writer = Callable[[Iterable[Outgoing], IO[bytes], Skipped], None]


@dataclass(frozen=True, slots=True)
class Format:
    """A list format: its reader and writer, whether `place` counts lines or entries, and how the category profile is
    read from the start of a file.

    `has_quality`: whether it states the quality of picture hashes; otherwise hashes of pictures with little detail are
    left out.
    """

    name: str
    read: Reader
    write: Writer
    counts: str
    media_type: str
    ending: str
    profile_of: Callable[[bytes], str] = lambda _start: "own"
    has_quality: bool = False


_ALL = (
    Format("csv", read_csv, write_csv, "line", "text/csv", "csv", has_quality=True),
    Format(
        "vics",
        isolated("vics"),
        write_vics,
        "entry",
        "application/json",
        "json",
        lambda start: vics_profile(country_of(start)),
    ),
    Format("ncmec", isolated("ncmec"), write_ncmec, "entry", "application/xml", "xml", lambda _start: "ncmec"),
    Format(
        "threatexchange",
        isolated("threatexchange"),
        write_threatexchange,
        "entry",
        "application/json",
        "json",
        lambda _start: "threatexchange",
    ),
    Format(
        "threatexchange-csv",
        read_threatexchange_csv,
        write_threatexchange_csv,
        "line",
        "text/csv",
        "csv",
        lambda _start: "threatexchange-csv",
    ),
    Format("plain", read_plain, write_plain, "line", "text/plain", "txt"),
)
FORMATS = {one.name: one for one in _ALL}


def format_named(name: str) -> Format:
    """Return the format of this name; raises BadInput."""
    if name not in FORMATS:
        raise BadInput(
            what=_("The format %(name)s", name=repr(name[:30])),
            why=_("it is not one of %(known)s", known=", ".join(FORMATS)),
        )
    return FORMATS[name]


def recognised(start: bytes) -> Format:
    """Recognise the format of a file by its first bytes; plain text is the fallback. Raises ListUnreadable for binary
    data.
    """
    if b"\0" in start:
        raise ListUnreadable(_("it is not UTF-8 text"))
    text = start.removeprefix(BOM).lstrip()
    first_line = text.partition(b"\n")[0].lower()
    if text[:1] == b"<":
        return FORMATS["ncmec"]
    if text[:1] in (b"{", b"["):
        return FORMATS["threatexchange" if b'"data"' in start or text[:1] == b"[" else "vics"]
    if b"signal_str" in first_line:
        return FORMATS["threatexchange-csv"]
    return FORMATS["csv" if any(sign in first_line for sign in (b",", b";", b"\t")) else "plain"]
