"""Two people here say that the key words were the same; only then is anything exchanged. Stopping takes one."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.exchange import queries
from leeward.exchange.models import Peer
from leeward.exchange.services.own_keys import ANNOUNCE
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import schedule
from leeward.people.queries import is_overtaken, portal_change
from leeward.people.rules.reach import PEER
from leeward.people.services import ask_change, authorize, demand_read, hotline_takes_two, note_change


def confirm_words(peer_id: int, *, is_fallback: bool, hotline_id: int, actor: Actor, seen: str | None = None) -> bool:
    """Say that the key words were the same, and whether this hotline takes items of countries that have none. Returns
    False if a second person has to confirm it first; before a portal was opened one person is enough. Raises EnteredSince
    if the words are others than were `seen`, for whoever has the invitation can give another key until then; None: they
    were compared as they are."""
    authorize(actor, "peer.edit", hotline_id)
    with hotline_transaction():
        row = _locked(peer_id)
        peer = queries.peer(peer_id)
        assert peer is not None
        before = {"is_fallback": row.is_fallback}
        wanted: dict[str, Any] = {
            "identifier": row.identifier,
            "key_words": " ".join(peer.key_words),
            "countries": ", ".join(peer.countries),
            "is_fallback": is_fallback,
        }
        if seen is not None:
            demand_read(wanted["key_words"], seen=seen)
        if hotline_takes_two(hotline_id, actor):
            ask_change(None, PEER, hotline_id=hotline_id, about=peer.about, before=before, wanted=wanted, actor=actor)
            return False
        _confirm(row, wanted, actor)
        if actor.kind == "command":
            note_change(None, PEER, hotline_id=hotline_id, about=peer.about, before=before, wanted=wanted)
    return True


def take_confirmed_peer(change_id: int) -> None:
    """Begin to exchange with a hotline whose key words two people agreed on, unless its keys are others by now.
    Repeating it changes nothing. In the hotline's scope."""
    change = portal_change(change_id)
    if change is None or change.what != PEER or change.asked_by_id is None or is_overtaken(change):
        return
    with hotline_transaction():
        row = Peer.objects.select_for_update().filter(identifier=change.wanted["identifier"]).first()
        already = (
            row is not None and row.confirmed_at is not None and row.confirmed_at >= (change.settled_at or row.added_at)
        )
        if row is not None and not already:
            _confirm(row, change.wanted, Actor("system", hotline_id=change.hotline_id))


def stop_peer(peer_id: int, *, hotline_id: int, actor: Actor) -> None:
    """Exchange nothing more with a hotline, at once; to begin again takes a new invitation. Repeating it changes nothing."""
    authorize(actor, "peer.edit", hotline_id)
    with hotline_transaction():
        row = _locked(peer_id)
        if row.state != "stopped":
            row.state = "stopped"
            row.save(update_fields=["state"])
            _record("peer.stopped", row, actor)


def _confirm(row: Peer, wanted: Mapping[str, Any], actor: Actor) -> None:
    """Make a peer active if what was confirmed is what is there: the same words, the same countries."""
    same = (" ".join(queries.words_with(row)), ", ".join(row.countries)) == (wanted["key_words"], wanted["countries"])
    if not same or not wanted["key_words"] or row.state == "stopped":
        _record("peer.not_confirmed", row, actor)
        return
    row.state, row.is_fallback, row.confirmed_at = "active", wanted["is_fallback"] is True, datetime.now(UTC)
    row.save(update_fields=["state", "is_fallback", "confirmed_at"])
    schedule(ANNOUNCE, subject_id=row.pk, hotline_id=row.hotline_id)  # our key may have been replaced meanwhile
    _record("peer.confirmed", row, actor, fallback=row.is_fallback)


def _locked(peer_id: int) -> Peer:
    row: Peer | None = Peer.objects.select_for_update().filter(pk=peer_id).first()
    if row is None:
        raise NotFound(what=_("hotline"))
    return row


def _record(event: str, row: Peer, actor: Actor, **facts: object) -> None:
    record(
        event,
        actor=actor,
        hotline_id=row.hotline_id,
        subject=f"hotline:{row.hotline_id}",
        facts={"peer": row.pk, **facts},
    )
