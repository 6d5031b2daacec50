"""Open cases and their findings, to work out how many a change of law would affect."""

from collections.abc import Callable, Iterable

from leeward.casework.assessment.rules.rerun import verdicts_of
from leeward.casework.models import Assessment, Case
from leeward.casework.rules.states import OPEN_STATES
from leeward.laws.rules.facts import Facts, parse_facts

MOST_CASES = 5_000


def count_open_cases(has_changed: Callable[[Facts, Iterable[str]], bool]) -> int:
    """Return for how many of the newest open cases `has_changed` is true of the facts and countries of their newest
    assessment.
    """
    cases = Case.objects.filter(state__in=OPEN_STATES).order_by("-pk").values_list("pk", flat=True)[:MOST_CASES]
    found = Assessment.objects.filter(case_id__in=list(cases)).exclude(round="sample").order_by("case_id", "pk")
    newest = {
        case_id: (facts, opinions) for case_id, facts, opinions in found.values_list("case_id", "facts", "opinions")
    }
    return sum(has_changed(parse_facts(facts), verdicts_of(opinions)) for facts, opinions in newest.values())
