"""Proposals for shared texts as a hotline's staff see them: their own, or all if theirs runs the installation."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leeward.foundation.errors import NotFound
from leeward.installation.queries import is_run_by
from leeward.languages.models import ReviewedText, TextProposal
from leeward.languages.texts import Source, sources

MOST = 100


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal in a list; `is_endorsed` if one of the two people needed has already accepted it."""

    id: int
    language: str
    kind: str
    texts: int
    reader: str
    why: str
    hotline_id: int
    hotline: str
    by_id: int
    by_name: str
    at: datetime
    state: str
    is_endorsed: bool
    endorsed_by: int | None
    answer: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One text of a proposal: the current version, and the proposed one."""

    source: Source
    now: tuple[str, ...]
    then: tuple[str, ...]


def proposals(viewer: int) -> list[ProposalRow]:
    """Return pending proposals, oldest first, then decided ones, newest first."""
    rows = _visible(viewer)
    waiting = rows.filter(state="waiting").order_by("id")[:MOST]
    decided = rows.exclude(state="waiting").order_by("-decided_at")[:MOST]
    return [_row(row) for row in (*waiting, *decided)]


def proposal(proposal_id: int, viewer: int) -> ProposalRow:
    """Return one proposal; raises NotFound if this hotline must not see it."""
    return _row(_one(proposal_id, viewer))


def compared(proposal_id: int, viewer: int, *, most: int = 200) -> list[Compared]:
    """Return the first texts of a proposal with their current versions."""
    row = _one(proposal_id, viewer)
    known = sources(row.language)
    read = {one.key: tuple(one.forms) for one in ReviewedText.objects.filter(language=row.language)}
    found = [(known[key], tuple(forms)) for key, forms in row.texts.items() if key in known]
    return [
        Compared(source, read.get(source.key, source.machine), forms or source.machine)
        for source, forms in found[:most]
    ]


def waiting_forms(language: str, viewer: int) -> dict[str, tuple[str, ...]]:
    """Return the texts of a language in pending proposals that this hotline sees, by key; the newest of each."""
    rows = _visible(viewer).filter(language=language, kind="texts", state="waiting").order_by("id")
    return {key: tuple(forms) for texts in rows.values_list("texts", flat=True) for key, forms in texts.items()}


def proposer_of(proposal_id: int) -> tuple[int, int] | None:
    """Return the hotline and the account that made a proposal, or None."""
    return TextProposal.objects.filter(pk=proposal_id).values_list("proposed_in_id", "by_id").first()


def waiting_for(viewer: int) -> int:
    """Return how many pending proposals this hotline's staff see."""
    return _visible(viewer).filter(state="waiting").count()


def _visible(viewer: int) -> QuerySet[TextProposal]:
    rows = TextProposal.objects.select_related("proposed_in")
    return rows if is_run_by(viewer) else rows.filter(proposed_in_id=viewer)


def _one(proposal_id: int, viewer: int) -> TextProposal:
    found = _visible(viewer).filter(pk=proposal_id).first()
    if found is None:
        raise NotFound(what=_("proposal"))
    return found


def _row(row: TextProposal) -> ProposalRow:
    return ProposalRow(
        id=row.pk,
        language=row.language,
        kind=row.kind,
        texts=len(row.texts),
        reader=row.reader,
        why=row.why,
        hotline_id=row.proposed_in_id,
        hotline=row.proposed_in.name,
        by_id=row.by_id,
        by_name=row.by_name,
        at=row.at,
        state=row.state,
        is_endorsed=is_run_by(row.proposed_in_id) or is_run_by(row.endorsed_in_id),
        endorsed_by=row.endorsed_by_id,
        answer=row.answer,
    )
