"""What the holder of a receipt may see, as plain values: coarse states, questions, which answers were given by button, the standing of
reviews. Pure. Never an address, a word or a contact of theirs.

The desk writes it as JSON (`as_shown`), the public face reads it (`read_shown`) and lays what the desk hasn't pulled yet over it (`after`).
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Self

from leeward.intake.rules.own_picture import Wished
from leeward.intake.rules.urgency import Urgency

type Shows = dict[str, Any]
REPORT, APPEAL = "report", "appeal"
ADDED, ANSWERED, REVIEW, STATED, WITHDRAWN = "added", "answered", "review", "stated", "withdrawn"


@dataclass(frozen=True, slots=True)
class CardItem:
    """One item: what kind of thing it is, and where it stands."""

    kind: str
    state: str
    reason: str
    state_changed_at: datetime


@dataclass(frozen=True, slots=True)
class CardQuestion:
    """A question of the hotline, and how it was answered: by which button, and whether in words."""

    id: int
    form: str
    text: str
    at: datetime
    code: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    answered_at: datetime | None = None
    withdrawn_at: datetime | None = None
    pressed: str = ""
    wrote: bool = False
    direction: str = "question"

    @property
    def is_open(self) -> bool:
        """Return whether it still waits for its answer."""
        return self.answered_at is None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class CardReview:
    """A request for review; `statement`: whether one was added."""

    settled_at: datetime | None = None
    outcome: str = ""
    reasons: str = ""
    statement: bool = False


@dataclass(frozen=True, slots=True)
class ReportCard(Wished):
    """A report as its holder sees it. `messages` is how many came after it, questions included."""

    kind: str
    under_18: bool
    threat: str
    urgency: Urgency
    wish: str
    happened: str
    received_at: datetime
    closed_at: datetime | None
    has_words: bool
    items: tuple[CardItem, ...] = ()
    questions: tuple[CardQuestion, ...] = ()
    reviews: tuple[CardReview, ...] = ()
    messages: int = 0

    @property
    def urgent(self) -> bool:
        """Return whether somebody is paged for it."""
        return bool(self.urgency)


@dataclass(frozen=True, slots=True)
class AppealCard:
    """A request from outside as its holder sees it; `statement`: whether one was added."""

    state: str
    outcome: str
    reasons: str
    received_at: datetime
    statement: bool = False

    @property
    def is_over(self) -> bool:
        """Return whether it is answered."""
        return self.state == "closed"


@dataclass(frozen=True, slots=True)
class Card:
    """What a receipt opens: a report, a request from outside, or both. The numbers are of the rows, 0 where they aren't known.
    `digits` are those that were typed."""

    report: ReportCard | None = None
    appeal: AppealCard | None = None
    report_id: int = 0
    appeal_id: int = 0
    receipt: str = ""
    digits: str = ""

    def with_report(self, **changed: Any) -> Self:
        """Return it with another standing of its report."""
        return self if self.report is None else replace(self, report=replace(self.report, **changed))


def as_shown(card: Card) -> Shows:
    """Return a card as JSON can hold it."""
    shows: Shows = {}
    for name, part in ((REPORT, card.report), (APPEAL, card.appeal)):
        if part is not None:
            shows[name] = _plain(asdict(part))
    return shows


def read_shown(shows: Mapping[str, Any]) -> Card:
    """Return the card that `as_shown` wrote."""
    report, appeal = shows.get(REPORT), shows.get(APPEAL)
    return Card(
        report=None if report is None else _report(report), appeal=None if appeal is None else _read(AppealCard, appeal)
    )


def after(card: Card | None, kind: str, at: datetime, shows: Mapping[str, Any]) -> Card | None:
    """Return a card once one more act of its holder is laid over it; None once it is withdrawn. What no longer fits changes nothing."""
    if kind == WITHDRAWN:
        return None
    if kind in (REPORT, APPEAL):
        return card or read_shown(shows)
    if card is None or kind not in _LAID:
        return card
    return _LAID[kind](card, at, shows)


def _after_addition(card: Card, at: datetime, shows: Mapping[str, Any]) -> Card:
    report = card.report
    if report is None:
        return card
    changed: dict[str, Any] = {"messages": report.messages + bool(shows.get("wrote"))}
    if "urgency" in shows:
        changed |= {name: shows[name] for name in ("kind", "threat", "urgency")} | {"closed_at": None}
    return card.with_report(**changed)


def _after_answer(card: Card, at: datetime, shows: Mapping[str, Any]) -> Card:
    report = card.report
    if report is None:
        return card
    questions = tuple(
        replace(one, answered_at=at, pressed=shows.get("code", ""), wrote=bool(shows.get("wrote")))
        if one.id == shows.get("question") and one.is_open
        else one
        for one in report.questions
    )
    return card.with_report(questions=questions, messages=report.messages + 1)


def _after_review(card: Card, at: datetime, shows: Mapping[str, Any]) -> Card:
    if card.report is None or any(review.settled_at is None for review in card.report.reviews):
        return card
    return card.with_report(reviews=(*card.report.reviews, CardReview()))


def _after_statement(card: Card, at: datetime, shows: Mapping[str, Any]) -> Card:
    if shows.get("of") == APPEAL:
        return card if card.appeal is None else replace(card, appeal=replace(card.appeal, statement=True))
    if card.report is None:
        return card
    reviews = (review if review.settled_at else replace(review, statement=True) for review in card.report.reviews)
    return card.with_report(reviews=tuple(reviews))


_LAID: Mapping[str, Callable[[Card, datetime, Mapping[str, Any]], Card]] = {
    ADDED: _after_addition,
    ANSWERED: _after_answer,
    REVIEW: _after_review,
    STATED: _after_statement,
}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _read(part: type[Any], shows: Mapping[str, Any]) -> Any:
    known = {one.name for one in fields(part)}
    return part(**{name: _moment(name, value) for name, value in shows.items() if name in known})


def _moment(name: str, value: Any) -> Any:
    is_moment = name == "at" or name.endswith("_at")
    return datetime.fromisoformat(value) if is_moment and isinstance(value, str) else value


def _report(shows: Mapping[str, Any]) -> ReportCard:
    lists: tuple[tuple[str, type[Any]], ...] = (
        ("items", CardItem),
        ("questions", CardQuestion),
        ("reviews", CardReview),
    )
    read = {name: tuple(_read(part, one) for one in shows.get(name, ())) for name, part in lists}
    report: ReportCard = replace(_read(ReportCard, shows), **read)
    return report
