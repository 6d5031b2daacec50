"""The report of a year, made of what was published and the country’s own words: the same bytes of the same data.

No clock, no setting of the machine’s language and no order of chance goes into it: its days are those of the editions, in the
portal’s time zone.
"""

from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from leeward.foundation.sandbox.paper import as_pdf
from leeward.indicators import queries
from leeward.indicators.labels import ROUNDED_NOTE, in_words
from leeward.indicators.open_files import cite_of
from leeward.indicators.queries import PublishedRow
from leeward.indicators.rules.drawn import shares_of
from leeward.indicators.rules.formulas import Definition, Figure
from leeward.indicators.rules.open_data import LICENCE
from leeward.indicators.rules.words import paragraphs
from leeward.indicators.wording import confirmed_words
from leeward.people.queries import PortalRow

TILES = ("reports", "cases", "illegal_cases", "removed", "removed_share")


def report_html(row: PortalRow, editions: list[PublishedRow], language: str) -> str:
    """Return the report of a year as one page that needs nothing else; `editions` are those of the year, newest first."""
    newest = editions[0]
    words = confirmed_words(row.id, newest.year, language)
    with translation.override(language), timezone.override(ZoneInfo(row.time_zone)):
        shown = [_shown(definition, found) for definition, found in queries.all_figures(newest.figures)]
        values: dict[str, Any] = {
            "portal": row,
            "newest": newest,
            "rounded": ROUNDED_NOTE if newest.figures.rounded else "",
            "year": newest.year,
            "editions": editions,
            "words": paragraphs(words),
            "tiles": [one for name in TILES for one in shown if one["one"].name == name],
            "spreads": [one for one in shown if one["is_spread"]],
            "singles": [one for one in shown if not one["is_spread"]],
            "licence": LICENCE,
            "cite": cite_of(row, newest),
            "address": f"{str(settings.LEEWARD.base_url).rstrip('/')}/{row.slug}/figures?year={newest.year}",
        }
        return render_to_string("indicators/report.html", values)


@lru_cache(maxsize=32)
def report_pdf(html: str) -> bytes:
    """Return a report as tagged PDF (PDF/UA-1); visitors ask for the same few, so each is made once. Raises PaperNotMade."""
    return as_pdf(html)


def _shown(definition: Definition, found: list[Figure]) -> dict[str, Any]:
    """Return an indicator in words, beside each figure its bar’s share of the longest."""
    words = in_words(definition, found)
    shares = shares_of([one.number for one in found])
    return words | {"rows": [(*row, share) for row, share in zip(words["rows"], shares, strict=True)]}
