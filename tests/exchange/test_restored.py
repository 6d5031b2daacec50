"""Whoever was restored from a backup tells its peers, who show it to their people."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django_scopes import scope

from leeward.administration.services import confirm_restored, take_up
from leeward.backup.models import Restoration
from leeward.exchange import queries, services
from leeward.exchange.errors import PeerSilent, SignatureBad
from leeward.exchange.models import HELD, SENT, Exchange, ExchangeMessage, Peer, PeerRestoring
from leeward.exchange.queries.peers import RestoredPeer
from leeward.exchange.rules.restored import write_restored
from leeward.exchange.rules.signing import Reply, Request
from leeward.exchange.services import restored
from leeward.jobs.models import Job
from tests.exchange.test_peers import Two, two
from tests.people.signing import events, signed_in

__all__ = ["two"]
pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC).replace(microsecond=0)
BACKUP = NOW - timedelta(days=2)


def test_each_peer_is_told_once_it_was_confirmed_and_shows_it(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    two.meet()
    Restoration.objects.create(backup_at=BACKUP, restored_at=NOW)
    take_up(NOW)
    assert Job.objects.filter(kind=restored.TELL, hotline_id=two.there).count() == 1
    went: list[str] = []

    def carried(url: str, body: bytes, *, private: bytes, keys: list[bytes]) -> Reply:
        went.append(url)
        return services.take_restored(url.split("/")[-2], two.signed(url, body, private=private))

    monkeypatch.setattr(restored, "post_for_receipt", carried)
    confirm_restored(actor=two.cast["adam"].actor, now=NOW)
    for _ in range(2):
        with scope(hotline=two.there):
            services.tell_restored(Peer.objects.get().pk)
    assert went[0] == f"{two.peer(two.there).url}/restored"
    assert two.peer(two.here).restored == (RestoredPeer(BACKUP, NOW, 0),)
    with scope(hotline=two.here):
        peer = Peer.objects.get()
        at: dict[str, Any] = {"hotline_id": two.here, "peer": peer}
        item = Exchange.objects.create(**at, uid="0", side="reporting", begun_at=BACKUP)
        days = timedelta(days=1)
        for number, (state, sent_at) in enumerate(
            ((SENT, BACKUP - days), (SENT, BACKUP + days), (SENT, NOW + days), (HELD, BACKUP + days))
        ):
            ExchangeMessage.objects.create(
                **at, exchange=item, side="reporting", number=number, seen=0, kind="question", state=state, sent_at=sent_at,
                at=BACKUP, stored_at=BACKUP,
            )  # fmt: skip
    assert two.peer(two.here).restored == (RestoredPeer(BACKUP, NOW, 1),), "of what was sent in between"
    assert events(two.here).count("peer.was_restored") == 1
    assert "peer.told_of_restoring" in events(two.there)
    with scope(hotline=two.there):
        assert not PeerRestoring.objects.exists()
    carl = signed_in(two.cast, "carl")
    assert "Restored from a backup" in carl.get("/desk/peers").content.decode()
    with scope(hotline=two.here):
        number = Peer.objects.get().pk
    assert "knows nothing of what was written" in carl.get(f"/desk/peers/{number}").content.decode()
    dora = signed_in(two.cast, "dora")
    assert "Restored from a backup" not in dora.get("/desk/peers").content.decode()


def test_nothing_is_kept_of_what_no_peer_signed(two: Two) -> None:
    two.meet()
    at = two.peer(two.there)
    url, body = f"{at.url}/restored", write_restored(BACKUP, NOW - timedelta(days=1))
    good = two.signed(url, body)
    for bad in (two.signed(url, body, private=bytes(32)), Request("POST", url, {}, body), two.signed(url, b"{}")):
        with pytest.raises(SignatureBad):
            services.take_restored(at.identifier, bad)
    with scope(hotline=two.here):
        assert not PeerRestoring.objects.exists()
    assert services.take_restored(at.identifier, good).status_code == 200
    with pytest.raises(SignatureBad):
        services.take_restored(at.identifier, good)


def test_a_server_that_knows_no_such_notice_is_left_alone_and_others_are_tried_again(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.meet()
    why = "404 signature_missing"

    def silent(*_args: object, **_more: object) -> Reply:
        raise PeerSilent(why=why)

    monkeypatch.setattr(restored, "post_for_receipt", silent)
    with scope(hotline=two.there):
        number = Peer.objects.get().pk
        services.tell_restored(number)
        assert queries.peers()[0].restored == ()
        Restoration.objects.create(backup_at=BACKUP, restored_at=NOW, prepared_at=NOW, confirmed_at=NOW)
        services.tell_restored(number)
        why = "timed_out"
        with pytest.raises(PeerSilent):
            services.tell_restored(number)
        services.tell_restored(number + 999)


def test_a_second_restoring_takes_back_nothing_of_the_first(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    two.meet()
    monkeypatch.setattr(
        restored, "post_for_receipt",
        lambda url, body, *, private, keys: services.take_restored(url.split("/")[-2], two.signed(url, body, private=private)),
    )  # fmt: skip
    now, minute = datetime.now(UTC), timedelta(minutes=1)
    for at in (now - 300 * minute, now - 200 * minute, now - 100 * minute):
        at_once = {"prepared_at": at, "confirmed_at": at}
        Restoration.objects.create(backup_at=at - minute, restored_at=at, moved=at == now - 200 * minute, **at_once)
    with scope(hotline=two.there):
        services.tell_restored(Peer.objects.get().pk)
    found = [RestoredPeer(at - minute, at, 0) for at in (now - 100 * minute, now - 300 * minute)]
    assert two.peer(two.here).restored == tuple(found), (
        "also what it could not be told before; what moved is none of it"
    )
    with scope(hotline=two.here):
        peer = Peer.objects.get()
    at_desk = signed_in(two.cast, "carl").get(f"/desk/peers/{peer.pk}").content.decode()
    assert at_desk.count("Backup made") == 2
    there = two.peer(two.there)
    for minutes in range(30):
        body = write_restored(now - (minutes + 2) * minute, now - (minutes + 1) * minute)
        services.take_restored(there.identifier, two.signed(f"{there.url}/restored", body))
    kept = two.peer(two.here).restored
    assert (len(kept), kept[0].restored_at, kept[-1].restored_at) == (20, now - minute, now - 20 * minute), "the newest"
