"""After restoring: each peer is told between which moments nothing is known here, and what peers tell us of theirs is kept for people.

The job waits, like everything that speaks, until somebody confirms that this is the installation in use.
"""

from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django_scopes import scope

from leeward.audit.services import hotline_transaction, record
from leeward.backup.queries import times_lost
from leeward.exchange import queries
from leeward.exchange.errors import PeerSilent, SignatureBad
from leeward.exchange.line import own_private, post_for_receipt, signed_reply
from leeward.exchange.models import Peer, PeerRestoring
from leeward.exchange.rules.restored import NoticeUnusable, read_restored, write_restored
from leeward.exchange.rules.signing import Reply, Request
from leeward.exchange.rules.wire import FAULTS
from leeward.exchange.services.own_keys import peer_behind
from leeward.foundation.actor import SYSTEM
from leeward.foundation.errors import NotFound
from leeward.jobs.services import schedule

TELL = "exchange.tell_restored"
GONE = "404"
MOST_KEPT = 20


def tell_peers_of_restoring(hotline_id: int) -> None:
    """Let every peer be told once messages go out again. In the hotline's scope and in the caller's transaction."""
    for peer_id in Peer.objects.filter(state="active").order_by("pk").values_list("pk", flat=True):
        schedule(TELL, subject_id=peer_id, hotline_id=hotline_id)


def tell_restored(peer_id: int) -> None:
    """Tell a peer of every restoring by which something may still be missed, the newest last: a peer of before 0.3 keeps only that.
    Repeating it changes nothing. In the hotline's scope. Raises PeerSilent without its receipts; a server that knows no such notices is
    left alone."""
    now = datetime.now(UTC)
    peer = Peer.objects.filter(pk=peer_id, state="active").first()
    restorings = [one for one in times_lost(now) if not one.moved]
    if peer is None or not restorings:
        return
    took = [_took(peer, write_restored(one.backup_at, one.restored_at), now) for one in restorings]
    with hotline_transaction():
        facts = {"peer": peer_id, "restored_at": restorings[-1].restored_at.isoformat(), "took_it": all(took)}
        _record("peer.told_of_restoring", peer.hotline_id, facts)


def _took(peer: Peer, notice: bytes, now: datetime) -> bool:
    """Send a notice; return whether the peer took it, False where it knows no such notices."""
    keys = list(queries.keys_of(peer.pk, now).values())
    try:
        private = own_private(peer.hotline_id, peer.our_serial)
        reply = post_for_receipt(f"{peer.url}/restored", notice, private=private, keys=keys)
        status = str(reply.status_code)
    except PeerSilent as silent:
        status = str(silent.values.get("why", "")).split(" ")[0]
        if status != GONE:
            raise
    if status not in ("200", GONE):
        raise PeerSilent(why=status)
    return status != GONE


def take_restored(identifier: str, request: Request) -> Reply:
    """Keep what a peer says of its restoring, for people here. Needs no scope. Raises NotFound, SignatureBad."""
    hotline_id, now = queries.hotline_named(identifier), datetime.now(UTC)
    if hotline_id is None:
        raise NotFound(what=_("hotline"))
    with scope(hotline=hotline_id):
        peer = peer_behind(request)
        try:
            backup_at, restored_at = read_restored(request.body, now)
        except NoticeUnusable as error:
            raise SignatureBad("not_readable", FAULTS["not_readable"]) from error
        with hotline_transaction():
            between = {"backup_at": backup_at, "restored_at": restored_at}
            known = PeerRestoring.objects.filter(peer=peer)
            if not known.filter(**between).exists():
                PeerRestoring.objects.create(peer=peer, hotline_id=hotline_id, told_at=now, **between)
                kept = known.order_by("-restored_at", "-pk").values_list("pk", flat=True)[:MOST_KEPT]
                known.exclude(pk__in=list(kept)).delete()
                facts: dict[str, object] = {"peer": peer.pk}
                facts |= {name: moment.isoformat() for name, moment in between.items()}
                _record("peer.was_restored", hotline_id, facts)
        private = own_private(hotline_id, peer.our_serial)
    return signed_reply(Reply(200, request, {"content-type": "application/json"}, b"{}"), private)


def _record(event: str, hotline_id: int, facts: dict[str, object]) -> None:
    record(event, actor=SYSTEM, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)
