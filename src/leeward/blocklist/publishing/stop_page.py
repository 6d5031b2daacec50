"""The page shown instead of a blocked one: what happened, under which law, whom to ask, where to get help.

It is served under /stop and, at an address of its own, for every URL (`stop_server.py`). It can also be written as one
file in all languages for an operator to serve for every URL.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django_scopes import scope

from leeward.blocklist.models import BlockList
from leeward.blocklist.publishing import store
from leeward.foundation.errors import BadInput, NotFound
from leeward.laws.labels import agreement_sentence, law_sentence
from leeward.laws.queries import law_cited
from leeward.people.queries import PortalRow, portals_open, shown_helplines
from leeward.people.rules.helplines import ADULT, CHILD, OWN, in_order

STATUS = 451
_FILE = "451.html"


@dataclass(frozen=True, slots=True)
class Part:
    """The page in one language, for the file."""

    tag: str
    name: str
    direction: str
    html: str


def page_values(portal: PortalRow | None) -> dict[str, Any]:
    """Return the page's country-specific values: the basis of its blocks as a sentence in the active language, or None, and
    the helplines of its portal: one for a child, and those for somebody worried about themselves.
    """
    lines = shown_helplines(portal.id) if portal else []
    return {
        "law": _basis(portal) if portal else None,
        "stop_portal": portal,
        "stop_helpline": next(iter(in_order(lines, (CHILD, ADULT))), None),
        "stop_own": in_order(lines, (OWN,)),
    }


def links_below(base: str) -> dict[str, str]:
    """Return the portal's pages that the page leads to; `base` ends with a slash."""
    return {f"{name}_link": f"{base}{name}" for name in ("appeal", "report", "procedure", "learn")}


def _basis(portal: PortalRow) -> str | None:
    """Return the country's law as far as it can be cited, otherwise what the operators of its national list agreed."""
    law = law_cited(portal.country, datetime.now(UTC).date())
    if law.is_known:
        return law_sentence(law, "")
    with scope(hotline=portal.hotline_id):
        agreed = (
            BlockList.objects.filter(kind="national").exclude(agreement="").values_list("agreement", flat=True).first()
        )
    return agreement_sentence(agreed) if agreed else None


def only_portal() -> PortalRow | None:
    """Return the portal if the installation has only one."""
    found = portals_open()
    return found[0] if len(found) == 1 else None


def write_static(out: Path, slug: str) -> list[Path]:
    """Write a portal's page as one file without script, and serving instructions; return the files. Raises BadInput,
    NotFound.
    """
    portal = _portal(slug)
    page = in_one_file(parts_of(portal), portal.name)
    try:
        if not out.exists():
            out.mkdir(parents=True)
            out.chmod(0o755)  # a web server under its own user must read it
        files = {out / _FILE: page, out / "README.txt": _how_to_serve()}
        for path, text in files.items():
            store.put(path, [text.encode()])
            path.chmod(0o644)
    except OSError as error:
        raise BadInput(what=f"--out {out}", why=(error.strerror or str(error)).lower()) from error
    return list(files)


def style() -> str:
    """Return the style sheet that is embedded in the file."""
    return Path(str(finders.find("leeward/leeward.css"))).read_text(encoding="utf-8")


def in_one_file(parts: Iterable[Part], name: str) -> str:
    """Return the page as one file that loads nothing, its languages in the order of `parts`."""
    return render_to_string("publishing/stop_static.html", {"parts": list(parts), "css": style(), "name": name})


def _portal(slug: str) -> PortalRow:
    found = [row for row in portals_open() if slug in ("", row.slug)]
    if not found:
        raise NotFound(what=_("portal"))
    if len(found) > 1:
        raise BadInput(
            what="--portal", why=_("there are several: %(known)s") % {"known": ", ".join(row.slug for row in found)}
        )
    return found[0]


def parts_of(portal: PortalRow | None) -> list[Part]:
    """Return the page in each language of a portal, its first language first; without a portal in all languages, with a
    choice of countries.
    """
    installed = [tag for tag, _ in settings.LANGUAGES]
    wanted = [tag for tag in portal.languages if tag in installed] or ["en"] if portal else installed
    return [_part(portal, tag, is_first=place == 0) for place, tag in enumerate(wanted)]


def _part(portal: PortalRow | None, tag: str, *, is_first: bool) -> Part:
    root = str(settings.LEEWARD.base_url)
    with translation.override(tag):
        values = page_values(portal)
        if portal:
            base = f"{root}/{portal.slug}/" + ("" if is_first and tag == portal.languages[0] else f"{tag}/")
            values |= {"portal": portal} | links_below(base)
        else:
            values |= {"portals": portals_open(), "root": root}
        html = render_to_string("publishing/includes/stop_text.html", values)
        info = translation.get_language_info(tag)
        direction = "rtl" if translation.get_language_bidi() else "ltr"
        return Part(tag, str(info["name_local"]), direction, html)


def _how_to_serve() -> str:
    return render_to_string("publishing/stop_readme.txt", {"base": settings.LEEWARD.base_url, "file": _FILE})
