"""The feed of a portal’s editions and corrections as Atom."""

from collections.abc import Sequence

from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from leeward.indicators.queries import PublishedRow
from leeward.people.queries import PortalRow

MOST_ENTRIES = 100


def as_atom(row: PortalRow, editions: Sequence[PublishedRow], *, site: str, path: str, language: str) -> str:
    """Return the newest editions, newest first; `site` is the installation's address without a path, `path` the feed's own."""
    page = f"{site}{path.removesuffix('/feed.atom')}"
    feed = Atom1Feed(
        title=_("%(name)s: figures and their corrections") % {"name": row.name},
        link=page,
        description=_("Each year’s figures as they are published, and what was corrected later."),
        language=language,
        feed_url=f"{site}{path}",
        feed_guid=f"{site}/{row.slug}/figures",
        author_name=row.hotline_name,
    )
    newest = sorted(editions, key=lambda one: (one.changed_at or one.at, one.year, one.edition), reverse=True)
    for one in newest[:MOST_ENTRIES]:
        if one.changed_at:
            feed.add_item(
                title=_("Figures of %(year)s, edition %(number)s") % {"year": one.year, "number": one.edition},
                link=f"{page}?year={one.year}",
                description=_("Some numbers have changed since. No further edition of this year can follow.")
                if one.is_last
                else _("Some numbers have changed since, too few to show them. The next edition will count them."),
                unique_id=f"{site}/{row.slug}/figures#{one.year}-{one.edition}-changed",
                updateddate=one.changed_at,
                pubdate=one.changed_at,
            )
        feed.add_item(
            title=_("Figures of %(year)s, edition %(number)s") % {"year": one.year, "number": one.edition},
            link=f"{page}?year={one.year}",
            description=one.note or _("First published."),
            unique_id=f"{site}/{row.slug}/figures#{one.year}-{one.edition}",
            updateddate=one.at,
            pubdate=one.at,
        )
    return str(feed.writeString("utf-8"))
