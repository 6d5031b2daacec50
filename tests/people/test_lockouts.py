"""Whoever guesses is slowed; the owner gets in: with a passkey, from a device of theirs, and after a few tries of strangers anywhere."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from leeward.people import services
from leeward.people.models import User
from leeward.people.sign_in.devices import COOKIE
from tests.people.signing import SECRET, events, signed_in, totp
from tests.personas import PASSWORD, Cast

pytestmark = pytest.mark.django_db
LOGIN = "/desk/account/login/"
SECOND = "/desk/account/2fa/authenticate/"
AGAINST_EVERYBODY = 30


@pytest.fixture(autouse=True)
def _the_clock_stands_still() -> Iterator[None]:
    """Buckets fill again with time; a busy machine must not let a guesser in."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


def guess(cast: Cast, who: str, times: int, *, password: str = "wrong") -> None:
    """Wrong passwords for one account, each from an address of its own."""
    for number in range(times):
        Client().post(LOGIN, {"login": cast[who].email, "password": password}, REMOTE_ADDR=f"198.51.100.{number}")


def enters(client: Client, cast: Cast, who: str, *, address: str = "203.0.113.9", password: str = PASSWORD) -> bool:
    """Whether the first step leads to the second."""
    answer = client.post(LOGIN, {"login": cast[who].email, "password": password}, REMOTE_ADDR=address)
    return answer.headers.get("Location", "") == SECOND


def device_of(cast: Cast, who: str, *, step: int = 0) -> Client:
    """A browser that has been all the way in, and out again."""
    client = Client()
    assert enters(client, cast, who)
    assert client.post(SECOND, {"code": totp(SECRET, step=step)}).status_code == 302
    client.post("/desk/account/logout/")
    return client


def test_five_wrong_passwords_from_five_addresses_lock_nobody_out(cast: Cast) -> None:
    guess(cast, "ana", 5)
    assert enters(Client(), cast, "ana")


def test_the_owner_on_a_known_device_never_waits_for_strangers(cast: Cast) -> None:
    home = device_of(cast, "ana")
    guess(cast, "ana", AGAINST_EVERYBODY)
    stranger = Client()
    assert not enters(stranger, cast, "ana"), "from a device that nobody knows it takes a while now"
    answer = stranger.post(LOGIN, {"login": cast["ana"].email, "password": PASSWORD}).content.decode()
    assert "perhaps by somebody else" in answer
    assert "a device on which you have signed in before" in answer
    assert enters(home, cast, "ana", address="198.51.100.1"), "even from an address that guessed"


def test_one_address_that_sends_very_many_forms_keeps_no_known_device_out(cast: Cast) -> None:
    home = device_of(cast, "ana")
    stranger = Client()
    for number in range(31):
        last = stranger.post(LOGIN, {"login": f"n{number}@x.example", "password": "x"}, REMOTE_ADDR="203.0.113.9")
    assert last.status_code == 429
    assert enters(home, cast, "ana")


def test_a_known_device_that_guesses_is_slowed_by_itself(cast: Cast) -> None:
    home = device_of(cast, "ana")
    for _ in range(5):
        assert not enters(home, cast, "ana", password="wrong")
    assert not enters(home, cast, "ana"), "the right one is refused now, too"
    assert enters(Client(), cast, "ana", address="203.0.113.44"), "and nobody else waits for it"


def test_a_device_is_known_for_one_account_and_until_its_sessions_end(cast: Cast) -> None:
    home = device_of(cast, "ana")
    guess(cast, "bela", AGAINST_EVERYBODY)
    assert not enters(home, cast, "bela", address="198.51.100.7"), "Ana's device says nothing for Bela"
    guess(cast, "ana", AGAINST_EVERYBODY)
    User.objects.filter(pk=cast["ana"].account_id).update(session_epoch=7)
    assert not enters(home, cast, "ana")
    User.objects.filter(pk=cast["ana"].account_id).update(session_epoch=0)
    assert enters(home, cast, "ana")


def test_a_forged_device_is_a_stranger_s(cast: Cast) -> None:
    guess(cast, "ana", AGAINST_EVERYBODY)
    for number, value in enumerate(["", "x", "1", "a" * 5000, "WzEsMCwieCJd:1abc:forged", "::::"]):
        client = Client()
        client.cookies[COOKIE] = value
        assert not enters(client, cast, "ana", address=f"203.0.113.{number}"), value


def test_the_cookie_travels_to_the_sign_in_pages_only_and_says_nothing(cast: Cast) -> None:
    home = device_of(cast, "ana")
    cookie = home.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/desk/account", True, "Strict")
    assert cast["ana"].email not in cookie.value
    fresh = Client()
    assert enters(fresh, cast, "bela")
    assert COOKIE not in fresh.cookies, "a password alone makes no device known"


def test_wrong_codes_of_somebody_who_knows_the_password_keep_no_known_device_out(cast: Cast) -> None:
    home = device_of(cast, "ana")
    thief = Client()
    assert enters(thief, cast, "ana", address="198.51.100.9")
    texts = [thief.post(SECOND, {"code": "000000"}).content.decode() for _ in range(7)]
    assert "too many failed attempts" in texts[-1]
    assert enters(home, cast, "ana")
    assert home.post(SECOND, {"code": totp(SECRET, step=1)}).status_code == 302


def test_a_code_that_was_used_is_used_in_every_process(cast: Cast) -> None:
    """Counted in the database: two processes for the web don't share what either has in memory."""
    from django.core.cache import cache

    code, first, again = totp(), Client(), Client()
    assert enters(first, cast, "ana")
    assert first.post(SECOND, {"code": code}).status_code == 302
    cache.clear()
    assert enters(again, cast, "ana")
    assert "This code is not right" in again.post(SECOND, {"code": code}).content.decode()


def test_administrators_see_the_tries(cast: Cast) -> None:
    guess(cast, "ana", 7)
    assert events(cast.hotline_id).count("account.sign_in_failed") == 7
    adam = signed_in(cast, "adam")
    page = adam.get(f"/desk/people/{cast['ana'].account_id}").content.decode()
    assert re.search(r"7 failed sign-ins", page)
    assert "failed sign-in" not in adam.get(f"/desk/people/{cast['bela'].account_id}").content.decode()


def test_a_new_first_password_makes_every_device_a_stranger_s(cast: Cast) -> None:
    home = device_of(cast, "ana")
    services.give_first_password(cast["ana"].account_id, password="palm-tree-77-shade", actor=cast["adam"].actor)
    guess(cast, "ana", AGAINST_EVERYBODY)
    assert not enters(home, cast, "ana", password="palm-tree-77-shade")
