"""Two hotlines get to know each other: invitation, key words, two people, a new key; and who is refused."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.exchange import queries, services
from leeward.exchange.errors import InvitationUnknown, KeyRotated, LinkUnusable, PeerIsActive, PeerSilent, SignatureBad
from leeward.exchange.line import own_private
from leeward.exchange.models import Peer, PeerKey
from leeward.exchange.rules.cards import Card, write_card
from leeward.exchange.rules.keys import OVERLAP
from leeward.exchange.rules.signing import Request, sign_request
from leeward.exchange.services import inviting
from leeward.exchange.views.public import WRONG_AT_ONCE
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed
from leeward.jobs.models import Job
from leeward.people.errors import NotSecondPerson
from leeward.people.models import Portal, PortalChange
from leeward.people.services import settle_change
from tests.having_read import seen_on
from tests.people.signing import events, signed_in
from tests.personas import Cast

pytestmark = pytest.mark.django_db


class Two:
    """Jamaica's hotline and another one, each with its own people; what each knows is read in its own scope."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.here, self.there = cast, cast.hotline_id, cast.other_hotline_id
        self.carl, self.dora = cast["carl"].actor, cast["dora"].actor

    def link(self) -> str:
        """The link of a new invitation of Jamaica's hotline."""
        with scope(hotline=self.here):
            services.invite(hotline_id=self.here, actor=self.carl)
            return queries.invitations(datetime.now(UTC))[0].link

    def card(self, hotline_id: int) -> Card:
        with scope(hotline=hotline_id):
            return queries.own_card(hotline_id)

    def introduce(self) -> None:
        """What the link and the answer to it do, without the way between."""
        link = self.link()
        services.answer_invitation(link.rpartition("/")[2], self.signed(link, write_card(self.card(self.there))))
        with scope(hotline=self.there), hotline_transaction():
            inviting._keep_peer(self.card(self.here), self.there, self.dora)

    def signed(self, url: str, body: bytes, *, private: bytes = b"", at: datetime | None = None) -> Request:
        """A request of the other hotline, as it comes to Jamaica's."""
        request = Request("POST", url, {"content-type": "application/json"}, body)
        own = own_private(self.there, 1)
        sign_request(request, private or own, nonce=token_hex(16), now=at or datetime.now(UTC))
        return replace(request, headers={name.lower(): value for name, value in request.headers.items()})

    def peer(self, hotline_id: int) -> queries.PeerRow:
        """The only peer that a hotline knows."""
        with scope(hotline=hotline_id):
            found = queries.peer(Peer.objects.get().pk)
        assert found is not None
        return found

    def confirm(self, hotline_id: int, actor: Actor) -> bool:
        with scope(hotline=hotline_id):
            number = Peer.objects.get().pk
            return services.confirm_words(number, is_fallback=False, hotline_id=hotline_id, actor=actor)

    def meet(self) -> None:
        """Everything up to the exchange, as before a portal is opened: one person on each side."""
        self.introduce()
        assert self.confirm(self.here, self.carl)
        assert self.confirm(self.there, self.dora)


def configure(settings: Any, url: str) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(
        update={"base_url": url, "exchange_allow_http": True, "fetch_allowed_networks": ("127.0.0.0/8",)}
    )


@pytest.fixture
def two(cast: Cast, settings: Any) -> Two:
    """Two hotlines before they know each other; none of their portals was opened yet."""
    configure(settings, "http://127.0.0.1:1")
    Portal.objects.update(takes_reports=False, was_opened=False)
    return Two(cast)


def test_two_hotlines_meet_over_real_sockets(two: Two, live_server: Any, settings: Any) -> None:
    configure(settings, live_server.url.replace("localhost", "127.0.0.1"))
    link = two.link()
    with scope(hotline=two.there):
        number = services.accept_invitation(f" {link} ", hotline_id=two.there, actor=two.dora)
        again = services.accept_invitation(link, hotline_id=two.there, actor=two.dora)
        assert again == number, "the same link again leads to the same hotline"
    here, there = two.peer(two.here), two.peer(two.there)
    assert here.key_words == there.key_words
    assert (here.name, there.name) == (two.card(two.there).name, two.card(two.here).name)
    with scope(hotline=two.here), pytest.raises(LinkUnusable):
        services.accept_invitation(link, hotline_id=two.here, actor=two.carl)
    two.confirm(two.here, two.carl)
    two.confirm(two.there, two.dora)
    with scope(hotline=two.there):
        services.rotate_key(hotline_id=two.there, actor=two.dora)
        services.announce_key(number)
        assert queries.peers()[0].knows_our_key
    with scope(hotline=two.here):
        assert len(queries.keys_of(here.id, datetime.now(UTC))) == 2
        services.withdraw_invitation(queries.invitations(datetime.now(UTC))[0].id, hotline_id=two.here, actor=two.carl)
    with scope(hotline=two.there), pytest.raises(LinkUnusable):
        services.accept_invitation(link, hotline_id=two.there, actor=two.dora)
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"fetch_allowed_networks": ()})
    with scope(hotline=two.there), pytest.raises(LinkUnusable):
        services.accept_invitation(two.link(), hotline_id=two.there, actor=two.dora)


def test_nothing_is_exchanged_before_the_words_were_compared(two: Two) -> None:
    two.introduce()
    here, there = two.peer(two.here), two.peer(two.there)
    assert here.key_words == there.key_words
    assert len(here.key_words) == 12
    assert {here.state, there.state} == {"unconfirmed"}
    with scope(hotline=two.here):
        assert queries.candidates() == []
    assert two.confirm(two.here, two.carl)
    with scope(hotline=two.here):
        assert [one.countries for one in queries.candidates()] == [frozenset(here.countries)]
    assert {"peer_invitation.made", "peer.added", "peer.confirmed"} <= set(events(two.here))


def test_in_use_the_words_take_two_people(two: Two) -> None:
    Portal.objects.filter(hotline_id=two.here).update(takes_reports=True)
    two.introduce()
    assert two.confirm(two.here, two.carl) is False
    change = PortalChange.objects.get()
    assert change.wanted["key_words"] == " ".join(two.peer(two.here).key_words)
    with pytest.raises(NotSecondPerson):
        settle_change(change.pk, confirm=True, actor=two.carl)
    assert two.peer(two.here).state == "unconfirmed"
    page = signed_in(two.cast, "adam").get(f"/desk/portals/changes/{change.pk}").content.decode()
    assert two.peer(two.here).key_words[0] in page
    settle_change(change.pk, confirm=True, actor=two.cast["adam"].actor)
    with scope(hotline=two.here):
        services.take_confirmed_peer(change.pk)
    assert two.peer(two.here).state == "active"


def test_words_that_were_compared_for_another_key_confirm_nothing(two: Two) -> None:
    Portal.objects.filter(hotline_id=two.here).update(takes_reports=True)
    two.introduce()
    two.confirm(two.here, two.carl)
    with scope(hotline=two.here):
        PeerKey.objects.update(public=bytes(32))
    change = PortalChange.objects.get()
    settle_change(change.pk, confirm=True, actor=two.cast["adam"].actor)
    with scope(hotline=two.here):
        services.take_confirmed_peer(change.pk)
    assert two.peer(two.here).state == "unconfirmed"


def test_words_of_a_page_that_was_opened_before_another_key_came_confirm_nothing(two: Two) -> None:
    link = two.link()
    services.answer_invitation(link.rpartition("/")[2], two.signed(link, write_card(two.card(two.there))))
    carl, path = signed_in(two.cast, "carl"), f"/desk/peers/{two.peer(two.here).id}"
    seen = " ".join(two.peer(two.here).key_words)
    assert f'name="seen" value="{seen}"' in carl.get(path).content.decode()
    secret = bytes(range(32))  # of somebody who has read the mail with the link
    card = replace(
        two.card(two.there), keys=(Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw(),)
    )
    services.answer_invitation(link.rpartition("/")[2], two.signed(link, write_card(card), private=secret))
    answer = carl.post(path, {"act": "confirm", "seen": seen}, follow=True).content.decode()
    assert "Something else was entered since you opened this page." in answer
    assert two.peer(two.here).state == "unconfirmed"


def test_a_link_works_for_one_hotline_and_for_a_week(two: Two) -> None:
    link = two.link()
    path, token = "/exchange" + link.partition("/exchange")[2], link.rpartition("/")[2]
    assert "invites your hotline to exchange reports" in Client().get(path).content.decode()
    card = two.card(two.there)
    services.answer_invitation(token, two.signed(link, write_card(card)))
    assert services.answer_invitation(token, two.signed(link, write_card(card))).status_code == 200
    with pytest.raises(InvitationUnknown):
        services.answer_invitation(token, two.signed(link, write_card(replace(card, identifier="c" * 32))))
    with time_machine.travel(datetime.now(UTC) + services.INVITATION_GOOD_FOR + timedelta(minutes=1)):
        assert Client().get(path).status_code == 404
        with pytest.raises(InvitationUnknown):
            services.answer_invitation(token, two.signed(link, write_card(card)))


@pytest.mark.parametrize(
    "link", ["", "nonsense", "http://127.0.0.1:1/exchange/invitation/1-a", "file:///exchange/invitation/1"]
)
def test_what_is_no_invitation_is_refused_with_a_reason(two: Two, link: str) -> None:
    with scope(hotline=two.there), pytest.raises(LinkUnusable) as error:
        services.accept_invitation(link, hotline_id=two.there, actor=two.dora)
    assert "can’t be used: " in error.value.text


def test_whoever_answers_an_invitation_has_the_key_on_the_card(two: Two) -> None:
    link = two.link()
    stranger = two.signed(link, write_card(two.card(two.there)), private=bytes(32))
    with pytest.raises(SignatureBad):
        services.answer_invitation(link.rpartition("/")[2], stranger)
    with pytest.raises(InvitationUnknown):
        services.answer_invitation("1-" + "a" * 26, stranger)


def test_a_known_hotline_has_to_be_stopped_before_it_can_be_invited_anew(two: Two) -> None:
    two.meet()
    two.introduce()
    assert two.peer(two.here).state == "active", "the same card changes nothing"
    link = two.link()
    moved = write_card(replace(two.card(two.there), url="http://elsewhere.example/exchange/x"))
    with pytest.raises(PeerIsActive):
        services.answer_invitation(link.rpartition("/")[2], two.signed(link, moved))
    with scope(hotline=two.here):
        services.stop_peer(Peer.objects.get().pk, hotline_id=two.here, actor=two.carl)
        assert queries.candidates() == []
    services.answer_invitation(link.rpartition("/")[2], two.signed(link, moved))
    assert two.peer(two.here).state == "unconfirmed"


def test_a_new_key_is_announced_under_the_old_one_which_is_good_for_two_weeks_more(two: Two) -> None:
    two.meet()
    before = datetime.now(UTC)
    with scope(hotline=two.there):
        services.rotate_key(hotline_id=two.there, actor=two.dora)
        with pytest.raises(KeyRotated):
            services.rotate_key(hotline_id=two.there, actor=two.dora)
        with pytest.raises(PeerSilent):
            services.announce_key(Peer.objects.get().pk)
        assert not queries.peers()[0].knows_our_key, "nobody listens there"
        assert Job.objects.filter(kind="exchange.announce_key", hotline_id=two.there).exists()
    at = two.peer(two.there)
    services.take_new_key(at.identifier, two.signed(f"{at.url}/keys", write_card(two.card(two.there))))
    with scope(hotline=two.here):
        number = Peer.objects.get().pk
        assert len(queries.keys_of(number, datetime.now(UTC))) == 2
        assert len(queries.keys_of(number, before + OVERLAP + timedelta(minutes=1))) == 1


def test_what_a_peer_did_not_sign_now_for_us_is_refused_by_a_code(two: Two) -> None:
    two.meet()
    at, card = two.peer(two.there), write_card(two.card(two.there))
    url = f"{at.url}/keys"
    good = two.signed(url, card)
    services.take_new_key(at.identifier, good)
    for bad, code in (
        (good, "replayed"),
        (two.signed(url, card, private=bytes(32)), "key_unknown"),
        (two.signed(url, card, at=datetime.now(UTC) - timedelta(minutes=10)), "clock_differs"),
        (replace(two.signed(url, card), body=card + b" "), "signature_wrong"),
        (Request("POST", url, {}, card), "signature_missing"),
    ):
        with pytest.raises(SignatureBad) as error:
            services.take_new_key(at.identifier, bad)
        assert error.value.code == code
    with scope(hotline=two.here):
        services.stop_peer(Peer.objects.get().pk, hotline_id=two.here, actor=two.carl)
    with pytest.raises(SignatureBad):
        services.take_new_key(at.identifier, two.signed(url, card))


def test_a_refusal_says_why_in_json_and_is_slowed_down(two: Two) -> None:
    path = f"/exchange/{'a' * 32}/keys"
    with time_machine.travel(datetime.now(UTC), tick=False):
        answers = [Client().post(path, b"{}", content_type="application/json") for _ in range(WRONG_AT_ONCE + 1)]
    assert (answers[0].status_code, json.loads(answers[0].content)["code"]) == (404, "not_found")
    assert answers[-1].status_code == 429


def test_only_those_who_may_change_peers_and_only_their_own(two: Two) -> None:
    with scope(hotline=two.here):
        for who in ("ana", "pia", "otto", "dora"):
            with pytest.raises(NotAllowed):
                services.invite(hotline_id=two.here, actor=two.cast[who].actor)
    two.introduce()
    assert signed_in(two.cast, "dora").get(f"/desk/peers/{two.peer(two.here).id}").status_code == 404
    assert signed_in(two.cast, "ana").get("/desk/peers").status_code == 403


def test_the_pages_lead_from_the_invitation_to_the_exchange(two: Two) -> None:
    carl = signed_in(two.cast, "carl")
    assert carl.post("/desk/peers", {"act": "invite"}).status_code == 302
    old = seen_on(carl.get("/desk/peers").content.decode())
    for seen in ("", old):
        carl.post("/desk/peers", {"act": "card", "competence": ["onion"], "seen": seen})
    late = carl.post("/desk/peers", {"act": "card", "competence": [], "seen": old})
    assert late.status_code == 409, "it would put back what a colleague has changed"
    with scope(hotline=two.here):
        link = queries.invitations(datetime.now(UTC))[0].link
    assert link in carl.get("/desk/peers").content.decode()
    wrong = carl.post("/desk/peers", {"act": "accept", "link": "https://x.example/"})
    assert wrong.status_code == 422
    assert "it is not an invitation of a hotline" in wrong.content.decode()
    two.introduce()
    page = carl.get("/desk/peers").content.decode()
    assert (page.count("and has been used"), page.count('value="withdraw"')) == (1, 1), (
        "only what still leads somewhere"
    )
    dora, path = signed_in(two.cast, "dora"), f"/desk/peers/{two.peer(two.there).id}"
    page = dora.get(path).content.decode()
    assert " ".join(two.peer(two.there).key_words[:4]) in page
    assert "Onion services" in page
    seen = " ".join(two.peer(two.there).key_words)
    assert dora.post(path, {"act": "confirm", "fallback": "1", "seen": seen}).status_code == 302
    assert '<td data-name="State">Confirmed</td>' in dora.get("/desk/peers").content.decode()
    assert "It takes items of countries without a hotline." in dora.get(path).content.decode()
    dora.post(path, {"act": "stop"})
    assert two.peer(two.there).state == "stopped"
    assert dora.post(path, {"act": "dance"}).status_code == 400
