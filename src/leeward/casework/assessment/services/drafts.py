"""Autosaving text while it is written, so that a closed window, a crash or a time-out loses nothing."""

from datetime import datetime, timedelta

from leeward.audit.services import hotline_transaction
from leeward.casework.models import Draft
from leeward.casework.steps import locked_case, now_utc, renew_claim
from leeward.foundation.actor import Actor
from leeward.foundation.whole_text import whole
from leeward.installation.queries import config_now
from leeward.jobs.services import erased
from leeward.people.services import authorize, staff_id

NOTE, QUESTION, ENDING = KINDS = ("note", "question", "ending")
MOST_WORDS = 10_000


def save_draft_text(case_id: int, kind: str, text: str, *, actor: Actor) -> datetime | None:
    """Keep what somebody has written so far, visible only to them; an empty text is not kept. Return when it was saved.

    This is not an act: nothing follows from it, and it isn't logged.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "case.note", case.hotline_id)
        if not text.strip():
            discard_draft_text(case_id, kind, actor=actor)
            return None
        renew_claim(case, actor)
        case.save(update_fields=["claimed_until"])
        values = {"hotline_id": case.hotline_id, "text": whole(text, MOST_WORDS), "at": now_utc()}
        row, _made = Draft.objects.update_or_create(case_id=case_id, by_id=staff_id(actor), kind=kind, defaults=values)
        return row.at


def discard_draft_text(case_id: int, kind: str, *, actor: Actor) -> None:
    """Delete a draft that was sent or cleared, in the caller's transaction."""
    Draft.objects.filter(case_id=case_id, by_id=actor.id, kind=kind).delete()


def forget_old_drafts(now: datetime) -> int:
    """Delete drafts left untouched for longer than the installation keeps them; return how many."""
    kept = timedelta(days=config_now().draft_days)
    with hotline_transaction():
        deleted = int(Draft.objects.filter(at__lt=now - kept).delete()[0])
        if deleted:
            erased(Draft)
    return deleted
