"""Reads of self-assessments and frameworks. All must run within the hotline's scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db.models import Max

from leeward.national.framework_files import read_framework, shipped_text
from leeward.national.measuring import measured_for
from leeward.national.models import Framework as FrameworkRow
from leeward.national.models import SelfAnswer, SelfAssessment
from leeward.national.rules.framework import Framework
from leeward.national.rules.standing import (
    Answer,
    AnswerDetails,
    AreaStanding,
    Measured,
    Standing,
    areas_of,
    standings_of,
)
from leeward.people.queries import country_choices, country_names, hotline
from leeward.web_security.paging import Page, page_of

PER_PAGE = 50
MOST_FRAMEWORKS = 50
MOST_YEARS = 10
MOST_HISTORY = 100


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """A self-assessment as pages see it; `by` began it."""

    id: int
    framework_id: int
    name: str
    title: str
    version: str
    country: str
    year: int
    begun_at: datetime
    by: str
    closed_at: datetime | None
    closed_by: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A self-assessment with its framework and where every question stands."""

    row: AssessmentRow
    framework: Framework
    standings: tuple[Standing, ...]

    @property
    def areas(self) -> tuple[AreaStanding, ...]:
        """Return where each area stands."""
        return areas_of(self.standings)

    @property
    def mark(self) -> str:
        """Return a digest of what everybody said and what was measured: another as soon as something changed."""
        seen = [
            (
                one.question.id,
                one.answer and one.answer.at.isoformat(),
                one.measured and (one.measured.phase, sorted(one.measured.facts.items())),
            )
            for one in self.standings
        ]
        return sha256(repr(seen).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class FrameworkShown:
    """A framework in the list."""

    id: int
    name: str
    version: str
    title: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OfYear:
    """The means of the areas in one year, by the areas' names."""

    row: AssessmentRow
    means: Mapping[str, float | None]


def assessments(*, country: str = "", number: str | None = None) -> Page[AssessmentRow]:
    """Return a page of the self-assessments, the newest year first."""
    found = SelfAssessment.objects.select_related("framework", "begun_by", "closed_by").order_by("-year", "-id")
    if country:
        found = found.filter(country=country)
    page = page_of(found.defer("measured", "framework__text"), number, per_page=PER_PAGE)
    return Page([_row(row) for row in page.rows], page.number, page.per_page, page.total, page.total_is_exact)


def every_assessment() -> list[AssessmentRow]:
    """Return every self-assessment of the hotline, the newest year first."""
    rows = _rows().order_by("-year", "-id").defer("measured", "framework__text")
    return [_row(row) for row in rows.iterator(500)]


def assessment(number: int, now: datetime) -> Whole | None:
    """Return a self-assessment, or None. While it is open, what is measured is asked anew; closed, it is what it was."""
    row = _rows().filter(pk=number).first()
    if row is None:
        return None
    measured = (
        measured_then(row.measured)
        if row.closed_at
        else measured_for(row.country, row.year, now, hotline_id=row.hotline_id)
    )
    framework = read_framework(row.framework.text)
    return Whole(_row(row), framework, standings_of(framework, _newest_answers([number])[number], measured))


def measured_then(kept: Mapping[str, Mapping[str, Any]]) -> dict[str, Measured]:
    """Return what was measured when an assessment was closed."""
    return {name: Measured(one["phase"], date.fromisoformat(one["on"]), one["facts"]) for name, one in kept.items()}


def years_of(whole: Whole) -> list[OfYear]:
    """Return the closed assessments of the same country by a framework of the same name, oldest first, this one last."""
    found = _rows().filter(country=whole.row.country, framework__name=whole.row.name, closed_at__isnull=False)
    rows = list(found.filter(year__lte=whole.row.year).exclude(pk=whole.row.id).order_by("-year", "-id")[:MOST_YEARS])
    answers = _newest_answers([row.pk for row in rows])
    before = []
    for row in reversed(rows):
        standings = standings_of(read_framework(row.framework.text), answers[row.pk], measured_then(row.measured))
        before.append(OfYear(_row(row), _means(areas_of(standings))))
    return [*before, OfYear(whole.row, _means(whole.areas))]


def _means(areas: Sequence[AreaStanding]) -> dict[str, float | None]:
    return {one.area.id: one.mean for one in areas}


def history(number: int, question: str) -> list[Answer]:
    """Return every answer to a question, the newest first; the oldest of very many are left out."""
    found = SelfAnswer.objects.select_related("by").filter(assessment_id=number, question=question).order_by("-id")
    return [_answer(row) for row in found[:MOST_HISTORY]]


def people_behind(number: int) -> set[int | None]:
    """Return who began an assessment and who answered in it."""
    answered = SelfAnswer.objects.filter(assessment_id=number).order_by().values_list("by_id", flat=True).distinct()
    return {*SelfAssessment.objects.filter(pk=number).values_list("begun_by_id", flat=True), *answered}


def frameworks() -> list[FrameworkShown]:
    """Return the frameworks that this hotline has taken in or used, by title; at most 50."""
    found = FrameworkRow.objects.select_related("by").defer("text").order_by("title", "-id")[:MOST_FRAMEWORKS]
    return [
        FrameworkShown(row.pk, row.name, row.version, row.title, row.by.name if row.by else "", row.at) for row in found
    ]


def framework_choices() -> list[tuple[str, str]]:
    """Return the frameworks to choose from: the shipped one first, by the word `shipped`."""
    shipped = read_framework(shipped_text())
    rows = [one for one in frameworks() if (one.name, one.version) != (shipped.name, shipped.version)]
    named = [(str(one.id), f"{one.title} ({one.version})") for one in rows]
    return [("shipped", f"{shipped.title} ({shipped.version})"), *named]


def countries_of(hotline_id: int) -> list[tuple[str, str]]:
    """Return the countries whose response a hotline may assess, with their names: its own and those of its portals."""
    names = country_names()
    found = dict.fromkeys([hotline(hotline_id).country, *(code for code, _name in country_choices(hotline_id))])
    return [(code, names.get(code, code)) for code in found]


def framework_text(number: int) -> str | None:
    """Return the file of a framework, or None."""
    found: str | None = FrameworkRow.objects.filter(pk=number).values_list("text", flat=True).first()
    return found


def _rows() -> Any:
    return SelfAssessment.objects.select_related("framework", "begun_by", "closed_by")


def _newest_answers(numbers: Sequence[int]) -> dict[int, dict[str, Answer]]:
    """Return the newest answer to each question of some assessments; one query."""
    newest = SelfAnswer.objects.filter(assessment_id__in=numbers).order_by()
    last = newest.values("assessment_id", "question").annotate(last=Max("id")).values("last")
    found: dict[int, dict[str, Answer]] = {number: {} for number in numbers}
    for row in SelfAnswer.objects.select_related("by").filter(pk__in=last).order_by("id"):
        found[row.assessment_id][row.question] = _answer(row)
    return found


def _answer(row: SelfAnswer) -> Answer:
    details = AnswerDetails(row.phase, row.evidence, row.responsible, row.target_on, row.reason)
    return Answer(details, row.by.name if row.by else "", row.at)


def _row(row: SelfAssessment) -> AssessmentRow:
    return AssessmentRow(
        row.pk,
        row.framework_id,
        row.framework.name,
        row.framework.title,
        row.framework.version,
        row.country,
        row.year,
        row.begun_at,
        row.begun_by.name if row.begun_by else "",
        row.closed_at,
        row.closed_by.name if row.closed_by else "",
    )
