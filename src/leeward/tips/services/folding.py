"""Into which tip others are folded, and what becomes of those once that may become no case."""

from django.db.models import QuerySet

from leeward.jobs.services import schedule
from leeward.tips.models import FOLDED, OPENED, WAITING, TipRow

OPEN = "tips.open"


def firsts() -> QuerySet[TipRow]:
    """Return the tips into which others may be folded; what a person may yet refuse holds no others back."""
    return TipRow.objects.filter(bundle__isnull=True, state__in=(WAITING, OPENED))


def first_of(fold: str) -> TipRow | None:
    """Return the first tip of a bundle, or None where there is none."""
    return firsts().filter(fold=fold).order_by("id").first() if fold else None


def let_next_go(first: TipRow) -> None:
    """Let the first of the tips that were folded into a locked one become a case instead of it, and the others be folded
    into that; in the caller's transaction."""
    folded = TipRow.objects.select_for_update().filter(bundle=first, state=FOLDED)
    following = folded.order_by("id").first()
    if following is None:
        return
    folded.exclude(pk=following.pk).update(bundle=following)
    following.state, following.bundle = WAITING, None
    following.save(update_fields=["state", "bundle"])
    schedule(OPEN, subject_id=first.hotline_id, hotline_id=first.hotline_id)
