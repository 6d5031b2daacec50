"""What a case has in common with others (the same site, file or owner's account), and what was merged with it or split
out of it. Never reads what reporters wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from leeward.casework.merging.models import Merging
from leeward.casework.models import Assessment, Case
from leeward.casework.queries import CaseRow, rows_of
from leeward.casework.rules.states import STATES, Stage
from leeward.hosting import queries as hosting_queries
from leeward.sealing.fields import opened_rows

MOST_LINKED, MOST_SHOWN = 500, 5
OF_AN_OWNER = ("owner_email", "registrar_account", "registrant")


@dataclass(frozen=True, slots=True)
class Links:
    """Cases linked in one way: the kind of link, its value, the number of cases (never counted beyond MOST_LINKED), the
    newest of them, and how many wait for their first assessment.
    """

    by: str
    value: str
    count: int
    waiting: int
    newest: list[CaseRow]


def links_of(case: Case, person_id: int) -> list[Links]:
    """Return every way in which this case is linked with others; at most seven queries."""
    shared = hosting_queries.shared_with(case.location_id, most=MOST_LINKED)
    every = {place for one in shared for place in one.location_ids}
    cases = Case.objects.filter(location_id__in=every).exclude(pk=case.pk) if every else []
    at = {found.location_id: found for found in cases}
    linked = [(one, sorted((at[place] for place in one.location_ids if place in at), key=_newest)) for one in shared]
    shown = {found.pk: found for _one, cases_there in linked for found in cases_there[:MOST_SHOWN]}
    rows = {row.id: row for row in rows_of(shown.values(), person_id)} if shown else {}
    ways = [
        Links(
            one.by,
            one.value,
            len(found),
            sum(STATES[one_case.state].stage is Stage.NEW for one_case in found),
            [rows[one_case.pk] for one_case in found[:MOST_SHOWN]],
        )
        for one, found in linked
        if found
    ]
    return _listed_once(ways)


def _listed_once(ways: list[Links]) -> list[Links]:
    """Return the same links without listing a case twice among those of one owner: the same address usually means the
    same registrant.
    """
    listed: set[int] = set()
    found: list[Links] = []
    for one in ways:
        newest = [row for row in one.newest if one.by not in OF_AN_OWNER or row.id not in listed]
        listed |= {row.id for row in newest if one.by in OF_AN_OWNER}
        found.append(replace(one, newest=newest))
    return found


def _newest(case: Case) -> int:
    return -case.pk


def mergings_of(case_id: int) -> list[Merging]:
    """Return what was merged with a case or split out of it, newest first."""
    rows = Merging.objects.select_related("case", "other", "by").filter(Q(case_id=case_id) | Q(other_id=case_id))
    return opened_rows(rows.order_by("-id"))


def facts_of(*cases: Case) -> list[Mapping[str, Any]]:
    """Return the facts on which the decision of each case rests; empty where it rests on no assessment. One query."""
    rows = Assessment.objects.filter(case_id__in=[case.pk for case in cases]).exclude(round="sample").order_by("id")
    newest = {(case_id, cycle): facts for case_id, cycle, facts in rows.values_list("case_id", "cycle", "facts")}
    return [newest.get((case.pk, case.cycle), {}) for case in cases]
