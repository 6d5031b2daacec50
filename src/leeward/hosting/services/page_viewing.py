"""Fetches a page again and shows it without its pictures, in memory: only the page is requested, and nothing is stored."""

from django.utils.translation import gettext as _

from leeward.foundation import sandbox
from leeward.foundation.errors import NotFound
from leeward.hosting.errors import PageViewImpossible
from leeward.hosting.fetching.files import LIMITS_OF_PAGES
from leeward.hosting.fetching.in_memory import charset_of, page_now
from leeward.hosting.models import Location
from leeward.hosting.rules.page_view import Block, PageView
from leeward.hosting.rules.pages import MOST_BYTES
from leeward.hosting.services.fetching import FETCHABLE
from leeward.hosting.services.places import access_of


def view_page(location_id: int) -> PageView:
    """Fetch a page again and return its words, with a box for each picture; pictures and videos are not requested.

    Uses the network: never call it inside a transaction. Raises NotFound, PageViewImpossible.
    """
    place = Location.objects.filter(pk=location_id).first()
    if place is None:
        raise NotFound(what=_("page"))
    if place.kind not in FETCHABLE:
        raise PageViewImpossible(why=_("it has no page that can be fetched"))
    answer = page_now(place.display, access_of(place))
    if answer is None:
        raise PageViewImpossible(why=_("it is not there any more, or can’t be reached now"))
    made = sandbox.call(
        "leeward.hosting.decoders.page_view:read_view",
        answer.body[:MOST_BYTES],
        LIMITS_OF_PAGES,
        charset=charset_of(answer),
    )
    if isinstance(made, sandbox.Finding):
        raise PageViewImpossible(why=_("it could not be read: %(why)s") % {"why": made.why})
    if not made["blocks"]:
        raise PageViewImpossible(why=_("it has no words that can be read without its script"))
    blocks = tuple(Block(*one) for one in made["blocks"])
    return PageView(made["title"], made["language"], blocks, made["is_cut"] or answer.outcome == "cut_short")
