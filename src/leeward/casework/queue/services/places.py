"""Where the content of a case is, as far as that is known now."""

from leeward.audit.services import hotline_transaction
from leeward.casework.acting.rules.plan import place_of
from leeward.casework.rules.states import STATES, Stage
from leeward.casework.steps import locked_case, note_act, now_utc
from leeward.foundation.actor import SYSTEM
from leeward.hosting import queries as hosting_queries
from leeward.people.queries import portal


def note_place(case_id: int, *, tells_desk: bool = False) -> None:
    """Store on the case where the content is. `tells_desk` lists it under “news” if messages went out when nobody knew that
    yet: somebody has to look whether the host is to be told now.
    """
    with hotline_transaction():
        case = locked_case(case_id)
        before, where = case.place, hosting_queries.whereabouts(case.location_id)
        case.country = (where.country or "").upper()
        home = portal(case.portal_id).country
        case.place = place_of(country=where.country, home=home, behind=where.behind, kind=where.kind)
        is_news = before == "unknown" != case.place and STATES[case.state].stage is Stage.ACTED
        if tells_desk and is_news:
            case.news_at = now_utc()
            note_act("case.refetched", case, actor=SYSTEM)
        case.save(update_fields=["country", "place", "news_at"])
