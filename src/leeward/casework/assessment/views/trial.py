"""A draft law beside what it would change in past decisions."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from leeward.casework.assessment.forms import TrialForm
from leeward.casework.assessment.queries.trial import FEWEST, Trial, trial_of
from leeward.laws.labels import VERDICTS
from leeward.laws.queries import draft_on_paper
from leeward.laws.rules.bill_clauses import Bill
from leeward.laws.rules.bill_offences import not_tried
from leeward.people.access import staff

MOST_ON_A_PAGE = 20_000
_YEAR = timedelta(days=365)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("law.edit")
def try_draft(request: HttpRequest, code: str) -> HttpResponse:
    """Show a draft, and how many opinions it would change by which clause; small counts are hidden.

    This page is for those who may propose law, and is not part of the draft's public page: there, anybody could ask for
    the same count with one choice changed, or from another day on, and subtract.
    """
    today = timezone.now().date()
    form = TrialForm(
        request.POST if request.method == "POST" else None, initial={"since": (today - _YEAR).replace(day=1)}
    )
    is_submitted = request.method == "POST" and form.is_valid()
    bill, paper = draft_on_paper(code, _choices(form.cleaned_data) if is_submitted else {}, today)
    since: date | None = form.cleaned_data["since"] if is_submitted else None
    trial = _tried(bill, since, today) if since else None
    return render(
        request,
        "casework/assessment/trial.html",
        {
            "code": code.lower(),
            "bill": bill,
            "paper": paper,
            "not_tried": not_tried(bill),
            "form": TrialForm(initial=form.cleaned_data) if is_submitted else form,
            "since": since,
            "trial": trial,
            "rows": [(row, VERDICTS[row.before], VERDICTS[row.after]) for row in trial.rows] if trial else [],
            "fewest": FEWEST,
            "most": MOST_ON_A_PAGE,
        },
    )


def _tried(bill: Bill, since: date, today: date) -> Trial:
    return trial_of(bill, datetime.combine(since, time(), UTC), today, most=MOST_ON_A_PAGE)


def _choices(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in cleaned.items() if name != "since" and value}
