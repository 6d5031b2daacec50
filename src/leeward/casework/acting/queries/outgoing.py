"""Every message that would go out if a case were acted on now."""

from dataclasses import asdict, dataclass
from datetime import date

from django.utils.translation import override

from leeward.casework.acting.queries.shown import mark_to_send
from leeward.casework.acting.services.case_briefs import follows_for, make_brief, reports_with_items
from leeward.casework.assessment.services.assessing import countries_for
from leeward.casework.models import Case
from leeward.hosting import queries as hosting_queries
from leeward.laws.queries import one_register, opinions_for
from leeward.laws.rules.facts import Facts
from leeward.notices import queries as notices_queries
from leeward.notices.queries import MessagePreview
from leeward.people.queries import rows_of


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The messages, a sentence for each one that could not be sent, and a mark of what sending would do."""

    messages: list[MessagePreview]
    problems: list[str]
    mark: str


def messages_of(case: Case, *, draft: Facts | None, on: date, was_seen: bool) -> Outgoing:
    """Return what would go out. `draft` holds facts that are marked but
    not yet submitted; without it, the assessment that decided the case is used. `was_seen`: somebody here looked at it.
    """
    with one_register():
        return _messages_of(case, draft, on, was_seen=was_seen)


def _messages_of(case: Case, draft: Facts | None, on: date, *, was_seen: bool) -> Outgoing:
    portal, hotline = rows_of(case.portal)
    where = hosting_queries.whereabouts(case.location_id)
    known = notices_queries.known_contacts(where, portal, hotline, country=where.country)
    own_words = notices_queries.in_force()
    with override(
        notices_queries.language_of_police(portal, known.listed.entries, own_words)
    ):  # as in the letter itself
        if draft is None:
            brief = make_brief(case, where=where, was_seen=was_seen, is_shown=True)
        else:
            read = reports_with_items(case)
            countries = countries_for(case, {row.portal_id for row, _items in read}, home=portal.country)
            opinions = [asdict(row) for row in opinions_for(draft, countries, on)]
            brief = make_brief(
                case, facts=draft, opinions=opinions, where=where, read=read, was_seen=was_seen, is_shown=True
            )
    follows = follows_for(case, where, hotline, known=known, quiet=brief.is_quiet)
    plan = follows.plan
    shown = notices_queries.previews(brief, plan, known=known, own_words=own_words)
    is_whole = len(shown) == plan.police + plan.host + plan.foreign
    problems = [] if is_whole else notices_queries.plan_problems(brief, plan, known=known)
    return Outgoing(shown, problems, mark_to_send(case, where, follows))
