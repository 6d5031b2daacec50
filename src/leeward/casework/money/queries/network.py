"""What hangs together by payments: from one payee to the cases that name it, to what else these name, and so on. Bounded."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from leeward.casework.models import Case, CaseItem
from leeward.casework.money.queries.payees import cases_at
from leeward.casework.money.rules.layout import Drawing, drawn
from leeward.casework.queries import CaseRow, rows_of
from leeward.foundation.actor import Actor
from leeward.intake import queries as intake_queries
from leeward.payments import queries as payments_queries
from leeward.payments.queries import PayeeRow, Where
from leeward.payments.rules.records import LOCATION, REPORT
from leeward.people.rules.permissions import may

MOST_NODES = 10_000
ROUNDS = 3  # from a payee to cases and back to payees counts as one
MOST_DRAWN = 120

type Node = tuple[str, int]  # "payee" or "case", and its number


@dataclass(frozen=True, slots=True)
class Network:
    """Payees and cases that hang together with one payee, nearest first; `links` says which case names which payee.
    `is_cut`: there is more than is read. `drawing` holds those that are drawn.
    """

    payees: dict[int, PayeeRow]
    cases: dict[int, CaseRow]
    links: list[tuple[int, int]]
    steps: dict[Node, int]
    is_cut: bool
    drawing: Drawing

    @property
    def nodes(self) -> list[Node]:
        """Return everything in it, nearest first."""
        return sorted(self.steps, key=lambda node: (self.steps[node], node))

    def cases_of(self, payee_id: int) -> list[CaseRow]:
        """Return the cases in it that name a payee."""
        return [self.cases[case] for payee, case in self.links if payee == payee_id]


def network_of(payee_id: int, actor: Actor) -> Network:
    """Return what hangs together with a payee, as far as the viewer may read: of the own hotline only."""
    hotline_id = actor.hotline_id or 0
    reads_reports = bool(may(actor, "report.read", hotline_id))
    steps: dict[Node, int] = {("payee", payee_id): 0}
    links: dict[tuple[int, int], None] = {}
    cases: dict[int, Case] = {}
    frontier, is_cut = [payee_id], False
    for step in range(1, 2 * ROUNDS, 2):
        named = payments_queries.edges_of(frontier, MOST_NODES, only_pages=not reads_reports)
        at = cases_at({where for _payee, where in named})
        cases |= {case.pk: case for found in at.values() for case in found}
        for payee, where in named:
            links |= dict.fromkeys((payee, case.pk) for case in at.get(where, []))
        new = list(dict.fromkeys(case for _payee, case in links if ("case", case) not in steps))
        is_cut |= _add(steps, "case", new, step) or len(named) == MOST_NODES
        frontier, more = _beside([cases[number] for number in new], steps, links, step + 1, reads_reports=reads_reports)
        is_cut |= more
        if not frontier:
            break
    kept = [(payee, case) for payee, case in links if ("payee", payee) in steps and ("case", case) in steps]
    payees = payments_queries.by_id([number for kind, number in steps if kind == "payee"])
    rows = rows_of([case for number, case in cases.items() if ("case", number) in steps], actor.id or 0)
    drawing = drawn(("payee", payee_id), [(("payee", payee), ("case", case)) for payee, case in kept], MOST_DRAWN)
    return Network(payees, {row.id: row for row in rows}, kept, steps, is_cut, drawing)


def _beside(
    cases: Collection[Case],
    steps: dict[Node, int],
    links: dict[tuple[int, int], None],
    step: int,
    *,
    reads_reports: bool,
) -> tuple[list[int], bool]:
    """Add what else these cases name; return the new payees, and whether there was more than fits."""
    owner: dict[Where, list[int]] = defaultdict(list)
    for case in cases:
        owner[LOCATION, case.location_id].append(case.pk)
    if reads_reports:
        items = dict(CaseItem.objects.filter(case__in=list(cases)).values_list("item_id", "case_id")[:MOST_NODES])
        for item, report in intake_queries.report_ids_of(list(items)).items():
            owner[REPORT, report].append(items[item])
    named = payments_queries.edges_at(owner, MOST_NODES)
    new = list(dict.fromkeys(payee for payee, _where in named if ("payee", payee) not in steps))
    is_cut = _add(steps, "payee", new, step) or len(named) == MOST_NODES
    for payee, where in named:
        links.update(dict.fromkeys((payee, case) for case in owner[where]))
    return [payee for payee in new if ("payee", payee) in steps], is_cut


def _add(steps: dict[Node, int], kind: str, numbers: list[int], step: int) -> bool:
    """Add nodes as far as there is room; return whether some were left out."""
    room = MOST_NODES - len(steps)
    steps.update(dict.fromkeys(((kind, number) for number in numbers[:room]), step))
    return len(numbers) > room
