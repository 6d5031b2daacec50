"""What a person sees before a child-protection office is letters: the offices, what is known of the child, what was told before."""

from dataclasses import dataclass

from leeward.casework.acting.services.case_briefs import deciding_assessment
from leeward.casework.acting.services.undoing import AT_RISK_DRAFT
from leeward.casework.assessment.labels import FACT_NAMES, answer_words
from leeward.casework.merging.services.merged import numbers_merged_into
from leeward.casework.models import Case, Draft
from leeward.laws.rules.facts import parse_facts
from leeward.notices import queries as notices_queries
from leeward.notices.queries import InformedRow, Office

_OF_THE_CHILD = ("age_band", "sex")


@dataclass(frozen=True, slots=True)
class AtRiskPage:
    """The offices of the portal's country, what each was told before, and the words to begin with."""

    offices: tuple[Office, ...]
    letters: tuple[InformedRow, ...]
    child: str
    place: str


def at_risk_page(case: Case, account_id: int | None) -> AtRiskPage:
    """Return what the page begins with; what was undone is still there."""
    kept = (
        Draft.objects.filter(case_id=case.pk, by_id=account_id, kind=AT_RISK_DRAFT)
        .values_list("facts", flat=True)
        .first()
    )
    return AtRiskPage(
        offices=tuple(notices_queries.offices_of(case.portal.country)),
        letters=tuple(notices_queries.informed_about([case.pk, *numbers_merged_into(case.pk)])),
        child=kept["child"] if kept else _known_of_child(case),
        place=kept["place"] if kept else "",
    )


def _known_of_child(case: Case) -> str:
    """Return what the decided facts say of the child, a line each; nothing while nothing is decided."""
    if case.outcome != "illegal" or case.decided_at is None:
        return ""
    facts = parse_facts(deciding_assessment(case).facts).to_dict()
    known = [name for name in _OF_THE_CHILD if facts[name] not in ("unknown", "undetermined")]
    return "\n".join(f"{FACT_NAMES[name]}: {answer_words(name, facts[name])}" for name in known)
