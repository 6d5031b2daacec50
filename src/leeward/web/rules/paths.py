"""Paths of public pages: `/<portal>/report` in the portal's first language, `/<portal>/fr/report` in another.

Pages that belong to no portal begin with `/lang/fr/` if a language was chosen; otherwise Accept-Language decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LANGUAGE_PREFIX = "lang"
# Our own first path segments: no portal can have such a name.
OURS = frozenset(
    {LANGUAGE_PREFIX}
    | set("accessibility api appeal desk exchange figures health healthz hma law learn list".split())
    | set("metrics notice privacy proof provider referral witness".split())
    | set("robots.txt favicon.ico static stop .well-known".split())
)


@dataclass(frozen=True, slots=True)
class Parts:
    """A split path: its first segment, its second segment, and the rest after one and after both."""

    first: str
    second: str
    after_first: str
    after_second: str
    is_bare: bool


def cut(path: str) -> Parts:
    """Split `/jm/fr/report` into `jm`, `fr`, `fr/report`, `report`; `is_bare`: not even a slash follows the name."""
    first, slash, after_first = path.removeprefix("/").partition("/")
    second, _, after_second = after_first.partition("/")
    return Parts(first, second, after_first, after_second, is_bare=not slash)


def is_ours(first: str) -> bool:
    """Return whether a path with this first segment belongs to no portal."""
    return first == "" or first in OURS


def portal_path(slug: str, page: str, language: str, languages: Sequence[str]) -> str:
    """Return the path of a portal's page in a language; the portal's first language has no segment of its own."""
    page = page.removeprefix("/")
    if not languages or language == languages[0] or language not in languages:
        return f"/{slug}/{page}"
    return f"/{slug}/{language}/{page}"


def site_path(page: str, language: str) -> str:
    """Return the path of a page that belongs to no portal; with an empty language, Accept-Language decides."""
    page = page.removeprefix("/")
    return f"/{LANGUAGE_PREFIX}/{language}/{page}" if language else f"/{page}"
