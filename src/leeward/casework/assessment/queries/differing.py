"""Two assessments of one case side by side, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from leeward.casework import labels
from leeward.casework.assessment.labels import APPARENT_AGE, FACT_NAMES
from leeward.casework.assessment.rules.second_assessment import differences, facts_that_differ
from leeward.casework.models import Assessment, Case
from leeward.casework.situations import assessment_result
from leeward.casework.templatetags.casework import facts_in_words

type Differing = tuple[str, str, str]  # the fact's name, the first answer, the second one


def facts_differing(mine: Mapping[str, Any], others: Mapping[str, Any]) -> list[Differing]:
    """Return each fact on which two statements differ, with both answers; a missing answer is empty."""
    labelled = [{name: (word, answer) for name, word, answer in facts_in_words(facts)} for facts in (mine, others)]
    found = [(labelled[0].get(name), labelled[1].get(name)) for name in facts_that_differ(mine, others)]
    return [
        ((one or other or ("", ""))[0], (one or ("", ""))[1], (other or ("", ""))[1])
        for one, other in found
        if one or other
    ]


def pair_of(case: Case) -> tuple[Assessment, Assessment] | None:
    """Return the first and the second assessment of this cycle, or None unless both exist."""
    rows = Assessment.objects.filter(case_id=case.pk, cycle=case.cycle, round__in=("first", "second")).order_by("id")
    found = {row.round: row for row in rows}
    return (found["first"], found["second"]) if len(found) == 2 else None


def names_of(differing: Sequence[str]) -> str:
    """Return the names of the differing facts as a list in words."""
    known = {"outcome": _("Outcome"), "apparent_age": APPARENT_AGE, **FACT_NAMES}
    differing = [name for name in differing if name != "act" or "level" not in differing]
    return ", ".join(dict.fromkeys(str(known[name]) for name in differing if name in known))


def confirmed_words(case: Case) -> str:
    """Return the message shown after a second person decided: that both agreed, if they did; else how they differ and
    which assessment counts.
    """
    pair = pair_of(case)
    is_illegal = case.outcome == "illegal"
    if pair is None or not (found := differences(assessment_result(pair[0]), assessment_result(pair[1]))):
        return str(labels.LED_TO["confirm_illegal" if is_illegal else "confirm_other"])
    values = {
        "what": names_of(found),
        "first": labels.OUTCOMES[pair[0].outcome],
        "second": labels.OUTCOMES[pair[1].outcome],
    }
    if pair[0].outcome != pair[1].outcome:
        sentence = _("The first assessment is “%(first)s”, the second “%(second)s”. They differ in: %(what)s.") % values
    else:
        sentence = _("Both assessments are “%(first)s”. They differ in: %(what)s.") % values
    after = _("Messages follow the second one.") if is_illegal else _("The second one stands. Closed.")
    return f"{sentence} {after}"
