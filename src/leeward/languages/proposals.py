"""Proposals for shared texts as a hotline's staff see them: their own, or all if theirs runs the installation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leeward.foundation.errors import LeewardError, NotFound
from leeward.installation.queries import is_run_by
from leeward.languages.models import ReviewedText, TextProposal
from leeward.languages.texts import Source, fitting, sources
from leeward.people.rules.reading import mark_of

MOST = 100
MOST_AT_ONCE = 200


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


@dataclass(frozen=True, slots=True)
class Content:
    """What a proposal would change: the texts that its page shows, which are those that are accepted; the ones that were changed since it
    was made; how many come after those shown; and how many no page has any more, or no longer fit. `mark` stands for what is shown."""

    shown: list[Compared]
    changed: list[Compared]
    later: int
    gone: int
    mark: str


def proposals(viewer: int) -> list[ProposalRow]:
    """Return pending proposals, oldest first, then decided ones, newest first."""
    rows = _visible(viewer)
    waiting = rows.filter(state="waiting").order_by("id")[:MOST]
    decided = rows.exclude(state="waiting").order_by("-decided_at")[:MOST]
    return [_row(row) for row in (*waiting, *decided)]


def proposal(proposal_id: int, viewer: int) -> ProposalRow:
    """Return one proposal; raises NotFound if this hotline must not see it."""
    return _row(_one(proposal_id, viewer))


def content(proposal_id: int, viewer: int) -> Content:
    """Return what a proposal would change, as its page shows it; raises NotFound if this hotline must not see it."""
    return content_of(_one(proposal_id, viewer))


def content_of(row: TextProposal) -> Content:
    """Return what a proposal would change, in the catalogue's order: the first texts, which are accepted together, and what is not."""
    known = sources(row.language)
    read = {one.key: one for one in ReviewedText.objects.filter(language=row.language)}
    since = _changed_since(row, read) if row.state == "waiting" else frozenset()
    good = {key: forms for key, forms in row.texts.items() if _fits(known.get(key), forms)}
    found = [
        Compared(
            source,
            tuple(read[key].forms) if key in read else source.machine,
            tuple(good[key]) or source.machine,
        )
        for key, source in known.items()
        if key in good
    ]
    free = [one for one in found if one.source.key not in since]
    shown = free[:MOST_AT_ONCE]
    texts = [(one.source.key, one.now, one.then) for one in shown]
    return Content(
        shown=shown,
        changed=[one for one in found if one.source.key in since],
        later=len(free) - len(shown),
        gone=len(row.texts) - len(good),
        mark=mark_of(row.pk, row.kind, row.reader, row.endorsed_by_id, texts),
    )


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


def _fits(source: Source | None, forms: list[str]) -> bool:
    if source is None:
        return False
    try:
        return not forms or bool(fitting(source, forms))
    except LeewardError:
        return False


def _changed_since(row: TextProposal, read: Mapping[str, ReviewedText]) -> frozenset[str]:
    """Return the texts that were changed after a proposal was made: what it says was written beside another text."""
    accepted = TextProposal.objects.filter(language=row.language, kind="texts", state="accepted", decided_at__gt=row.at)
    changed = {key for key, one in read.items() if one.at > row.at}
    return frozenset(changed.union(*accepted.values_list("texts", flat=True)))


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
