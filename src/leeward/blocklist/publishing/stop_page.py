"""The page that people meet instead of a blocked one: what happened, by which law, whom to ask, where to get help.

It is served here under /stop and, on a place of its own, for every address (`stop_server.py`); or written as one file in all
languages for an operator, who can serve it for every address too.
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
from leeward.people.queries import PortalRow, portals_open

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
    """What the page says of a country: on what its blocks rest, as a sentence in the language that is active, or None."""
    return {"law": _basis(portal) if portal else None, "stop_portal": portal}


def _basis(portal: PortalRow) -> str | None:
    """The country's law as far as it can be cited, else what the operators of its national list agreed."""
    law = law_cited(portal.country, datetime.now(UTC).date())
    if law.is_known:
        return law_sentence(law, "")
    with scope(hotline=portal.hotline_id):
        agreed = (
            BlockList.objects.filter(kind="national").exclude(agreement="").values_list("agreement", flat=True).first()
        )
    return agreement_sentence(agreed) if agreed else None


def only_portal() -> PortalRow | None:
    """The portal, where the installation has only one."""
    found = portals_open()
    return found[0] if len(found) == 1 else None


def write_static(out: Path, slug: str) -> list[Path]:
    """Write the page of a portal as one file without script, and how to serve it; return the files. Raises BadInput, NotFound."""
    portal = _portal(slug)
    page = in_one_file(parts_of(portal), portal.name)
    try:
        if not out.exists():
            out.mkdir(parents=True)
            out.chmod(0o755)  # a web server under a user of its own gives it out
        files = {out / _FILE: page, out / "README.txt": _how_to_serve()}
        for path, text in files.items():
            store.put(path, [text.encode()])
            path.chmod(0o644)
    except OSError as error:
        raise BadInput(what=f"--out {out}", why=(error.strerror or str(error)).lower()) from error
    return list(files)


def style() -> str:
    """The rules for how it looks, as they stand inside the file."""
    return Path(str(finders.find("leeward/leeward.css"))).read_text(encoding="utf-8")


def in_one_file(parts: Iterable[Part], name: str) -> str:
    """The page as one file that loads nothing, its languages in the order of `parts`."""
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
    """The page in each language of a portal, its first language first; of no portal in all, with the countries to choose from."""
    installed = [tag for tag, _ in settings.LANGUAGES]
    wanted = [tag for tag in portal.languages if tag in installed] or ["en"] if portal else installed
    return [_part(portal, tag, is_first=place == 0) for place, tag in enumerate(wanted)]


def _part(portal: PortalRow | None, tag: str, *, is_first: bool) -> Part:
    root = str(settings.LEEWARD.base_url)
    with translation.override(tag):
        values = page_values(portal)
        if portal:
            base = f"{root}/{portal.slug}/" + ("" if is_first and tag == portal.languages[0] else f"{tag}/")
            values |= {"portal": portal, "appeal_link": f"{base}appeal", "report_link": f"{base}report"}
        else:
            values |= {"portals": portals_open(), "root": root}
        html = render_to_string("publishing/includes/stop_text.html", values)
        info = translation.get_language_info(tag)
        direction = "rtl" if translation.get_language_bidi() else "ltr"
        return Part(tag, str(info["name_local"]), direction, html)


def _how_to_serve() -> str:
    return render_to_string("publishing/stop_readme.txt", {"base": settings.LEEWARD.base_url, "file": _FILE})
