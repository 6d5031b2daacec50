"""Every message that would go out if a case were acted on now."""

from dataclasses import asdict
from datetime import date

from leeward.casework.models import Case
from leeward.casework.services.assessing import countries_of
from leeward.casework.services.briefing import deciding_look, follows_for, make_brief, rests_on_record
from leeward.hosting import queries as places
from leeward.laws.queries import one_register, opinions_for
from leeward.laws.rules.facts import Facts, parse_facts
from leeward.notices import queries as notices
from leeward.notices.queries import MessagePreview
from leeward.people.queries import rows_of


def messages_of(case: Case, *, draft: Facts | None, on: date) -> tuple[list[MessagePreview], list[str]]:
    """The messages, and a sentence for each that could not be sent. `draft` are facts that are only marked yet; without it
    the look counts that decided the case."""
    with one_register():
        return _messages_of(case, draft, on)


def _messages_of(case: Case, draft: Facts | None, on: date) -> tuple[list[MessagePreview], list[str]]:
    portal, hotline = rows_of(case.portal)
    where = places.whereabouts(case.location_id)
    was_known = False
    if draft is None:
        decided = deciding_look(case)
        facts, opinions, was_known = parse_facts(decided.facts), decided.opinions, rests_on_record(decided)
    else:
        facts = draft
        opinions = [asdict(row) for row in opinions_for(facts, countries_of(case, home=portal.country), on)]
    brief = make_brief(case, facts=facts, opinions=opinions, where=where, was_known=was_known)
    plan = follows_for(case, where, hotline).plan
    known = notices.Known(where, portal, hotline)
    shown = notices.previews(brief, plan, known=known)
    is_whole = len(shown) == plan.police + plan.host + plan.foreign
    return shown, [] if is_whole else notices.plan_problems(brief, plan, known=known)
