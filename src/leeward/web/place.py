"""The location of a request: portal, language, page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from leeward.web.rules import languages, paths


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """One entry of the language navigation, named in its own language."""

    tag: str
    name: str
    direction: str
    path: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Place:
    """The portal (a `people.queries.PortalRow` or None), the language, the available languages, the page's own path.

    `is_chosen` says that a page outside all portals has its language in its path.
    """

    portal: Any
    language: str
    languages: Sequence[str]
    page: str
    is_chosen: bool = False

    @property
    def direction(self) -> str:
        return languages.direction(self.language)

    def path(self, page: str) -> str:
        """Return the path of another page of the same portal (or of none), in the same language."""
        return self._in(self.language, page)

    def site_path(self, page: str) -> str:
        """Return the path of a page that belongs to no portal, in the same language."""
        return paths.site_path(page, self.language if self.portal or self.is_chosen else "")

    @property
    def language_links(self) -> list[LanguageLink]:
        """Return links to this page in every available language."""
        return [
            LanguageLink(
                tag,
                languages.own_name(tag),
                languages.direction(tag),
                self._in(tag, self.page, chosen=True),
                tag == self.language,
            )
            for tag in self.languages
        ]

    def _in(self, language: str, page: str, *, chosen: bool = False) -> str:
        if self.portal is not None:
            return paths.portal_path(self.portal.slug, page, language, self.languages)
        return paths.site_path(page, language if chosen or self.is_chosen else "")


NOWHERE = Place(portal=None, language="en", languages=("en",), page="")


def place_of(request: HttpRequest | None) -> Place:
    """Return the request's place; without a request, or before the middleware ran, an English page without a portal."""
    return getattr(request, "place", None) or NOWHERE
