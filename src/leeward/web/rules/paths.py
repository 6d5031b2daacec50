"""Paths of public pages: `/<portal>/report` in the portal's first language, `/<portal>/fr/report` in another.

Pages that belong to no portal have `/lang/fr/` in front where a language was chosen; else the browser's wish counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LANGUAGE_PREFIX = "lang"
# First parts of a path that are ours: no portal can have such a name.
OURS = frozenset(
    {LANGUAGE_PREFIX}
    | set(
        "accessibility api appeal desk figures healthz hma law learn list notice privacy proof provider referral".split()
    )
    | set("robots.txt favicon.ico static stop .well-known".split())
)


@dataclass(frozen=True, slots=True)
class Parts:
    """A path cut up: its first part, its second part, and what remains after one and after both."""

    first: str
    second: str
    after_first: str
    after_second: str
    is_bare: bool


def cut(path: str) -> Parts:
    """Cut `/jm/fr/report` into `jm`, `fr`, `fr/report`, `report`; `is_bare`: not even a slash follows the name."""
    first, slash, after_first = path.removeprefix("/").partition("/")
    second, _, after_second = after_first.partition("/")
    return Parts(first, second, after_first, after_second, is_bare=not slash)


def is_ours(first: str) -> bool:
    """Whether a path that begins so belongs to no portal."""
    return first == "" or first in OURS


def portal_path(slug: str, page: str, language: str, languages: Sequence[str]) -> str:
    """The path of a portal's page in a language; the first language of the portal has no part of its own."""
    page = page.removeprefix("/")
    if not languages or language == languages[0] or language not in languages:
        return f"/{slug}/{page}"
    return f"/{slug}/{language}/{page}"


def site_path(page: str, language: str) -> str:
    """The path of a page that belongs to no portal; an empty language leaves the choice to the browser's wish."""
    page = page.removeprefix("/")
    return f"/{LANGUAGE_PREFIX}/{language}/{page}" if language else f"/{page}"
