"""Where the content of a case is, as far as that is known now."""

from leeward.audit.services import hotline_transaction
from leeward.casework.acting.rules.plan import place_of
from leeward.casework.models import Case
from leeward.casework.rules.states import STATES, Stage
from leeward.casework.steps import locked_case, note_act, now_utc
from leeward.foundation.actor import SYSTEM
from leeward.hosting import queries as hosting_queries
from leeward.hosting.queries import Whereabouts
from leeward.people.queries import PortalRow, portal

PLACED = ("country", "place", "news_at")


def note_place(case_id: int, *, tells_desk: bool = False) -> None:
    """Store on the case where the content is. `tells_desk` lists it under “news” if messages went out when nobody knew that
    yet: somebody has to look whether the host is to be told now.
    """
    with hotline_transaction():
        case = locked_case(case_id)
        before = case.place
        place_case(case, portal(case.portal_id))
        is_news = before == "unknown" != case.place and STATES[case.state].stage is Stage.ACTED
        if tells_desk and is_news:
            case.news_at = now_utc()
            note_act("case.refetched", case, actor=SYSTEM)
        case.save(update_fields=PLACED)


def place_case(case: Case, home: PortalRow, where: Whereabouts | None = None) -> None:
    """Set where the content of a locked case is, as seen from its portal's country (the caller saves PLACED); `where` is what is known
    of that, if it was just read."""
    where = where or hosting_queries.whereabouts(case.location_id)
    case.country = (where.country or "").upper()
    case.place = place_of(country=where.country, home=home.country, behind=where.behind, kind=where.kind)
