"""Requests from outside that an entry be lifted: who may answer them, and what follows."""

from django.utils.translation import gettext as _

from leeward.audit.services import record, turn
from leeward.blocklist.errors import AppealAnswered, HadPart
from leeward.blocklist.models import BlockAppeal, Entry
from leeward.blocklist.queries.entries import entries_blocking
from leeward.blocklist.services.steps import demand, locked_entry, move, now_utc
from leeward.duties.services import announce
from leeward.ground.actor import SYSTEM, Actor
from leeward.ground.errors import BadInput, NotFound


def open_block_appeals(
    outside_id: int, *, address: str, relation: str, words: str, hotline_id: int, only: tuple[int, ...] = ()
) -> list[int]:
    """Open a request for every listed entry that blocks an address; return their numbers. The same request twice is one."""
    opened = []
    with turn(hotline_id):
        for entry_id in only or entries_blocking(address):
            appeal, is_new = BlockAppeal.objects.get_or_create(
                entry_id=entry_id,
                outside_id=outside_id,
                defaults={"hotline_id": hotline_id, "relation": relation, "words": words, "asked_at": now_utc()},
            )
            opened.append(appeal.pk)
            if is_new:
                _note("block_appeal.opened", appeal, SYSTEM, {"relation": relation})
    return opened


def take_back_block_appeals(outside_id: int) -> None:
    """The request was taken back: its words are forgotten and nobody needs to answer it."""
    with turn():
        for appeal in BlockAppeal.objects.select_for_update().filter(outside_id=outside_id, state="open"):
            appeal.state, appeal.words, appeal.decided_at = "withdrawn", "", now_utc()
            appeal.save()
            _note("block_appeal.taken_back", appeal, SYSTEM)


def has_part(entry: Entry, actor: Actor) -> bool:
    """Whether this person proposed or approved the entry, or had a part in its case."""
    return actor.id is not None and actor.id in (entry.proposed_by_id, entry.approved_by_id, *entry.case_people)


def suspend_meanwhile(appeal_id: int, *, actor: Actor) -> None:
    """Leave the entry out of every feed from the next publication on while its appeal runs."""
    with turn():
        appeal, entry = _open_appeal(appeal_id, actor)
        if entry.state == "approved":
            facts = {"appeal": appeal.pk}
            move(entry, "entry.suspended", "suspended", actor=actor, ending="appeal", facts=facts)


def decide_block_appeal(appeal_id: int, *, lifted: bool, reasons: str, actor: Actor) -> None:
    """Answer a request: the entry goes for good, or stays (and comes back if it was suspended for this).

    Only by somebody with the role who had no part in the entry or its case.
    """
    if not reasons.strip():
        raise BadInput(what=_("The answer"), why=_("it has no reasons"))
    with turn():
        appeal, entry = _open_appeal(appeal_id, actor)
        appeal.state = "lifted" if lifted else "kept"
        appeal.decided_by_id, appeal.decided_at, appeal.reasons = actor.id, now_utc(), reasons.strip()[:5000]
        appeal.save()
        if lifted and entry.state in ("approved", "suspended"):
            move(entry, "entry.removed", "removed", actor=actor, ending="appeal", facts={"appeal": appeal.pk})
        elif not lifted and entry.state == "suspended" and entry.ending == "appeal" and not _is_asked(entry):
            move(entry, "entry.resumed", "approved", actor=actor, facts={"appeal": appeal.pk})
        _note("block_appeal.decided", appeal, actor, {"lifted": lifted})
        announce("block_appeal.decided", subject_id=appeal.outside_id, hotline_id=appeal.hotline_id)


def _open_appeal(appeal_id: int, actor: Actor) -> tuple[BlockAppeal, Entry]:
    """An open request and its locked entry; raises NotFound, AppealAnswered, NotAllowed and HadPart."""
    appeal = BlockAppeal.objects.select_for_update().filter(pk=appeal_id).first()
    if appeal is None:
        raise NotFound(what="appeal")
    demand(actor, "appeal.decide", appeal.hotline_id)
    entry = locked_entry(appeal.entry_id)
    if has_part(entry, actor):
        raise HadPart
    if appeal.state != "open":
        raise AppealAnswered
    return appeal, entry


def _is_asked(entry: Entry) -> bool:
    return BlockAppeal.objects.filter(entry_id=entry.pk, state="open").exists()


def _note(event: str, appeal: BlockAppeal, actor: Actor, facts: dict[str, object] | None = None) -> None:
    known = {"appeal": appeal.pk, "outside": appeal.outside_id}
    subject = f"entry:{appeal.entry_id}"
    record(event, actor=actor, hotline_id=appeal.hotline_id, subject=subject, facts=known | (facts or {}))
