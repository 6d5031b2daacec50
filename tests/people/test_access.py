"""The door of the desk: every address of it, for everybody who has not been through the door yet. What is behind it for whom is in
`tests/contracts/test_routes.py`."""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from leeward.foundation.actor import Actor
from leeward.people import services
from leeward.people.access import PASSWORD_URL, SETUP_URL, is_own_page
from leeward.people.rules.permissions import ACTS
from tests.people.signing import GOOD, signed_in
from tests.personas import Cast

LOGIN = "/desk/account/login/"
PERSONAS = ["ana", "bela", "carl", "adam", "pia", "otto", "dora"]
COLLEAGUES = [name for name in PERSONAS if name not in ("adam", "dora")]
# Under the desk, but for people who are still at the door.
AT_THE_DOOR = re.compile(r"desk/account/(login|logout|inactive|reauthenticate|password/change|help|2fa|invited)\b")
# What stands for a part of an address; a new kind of part needs a line here.
EXAMPLES = {"int": "1", "str": "a", "slug": "a", "reference": "2026-0001"}


def leaves(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from leaves(pattern.url_patterns, route)
        else:
            yield route, pattern


@cache
def desk_routes() -> dict[str, URLPattern]:
    """An example address of every page of the desk that is behind the door."""
    found = {}
    for route, pattern in leaves(get_resolver().url_patterns):
        if route.startswith("desk/") and not AT_THE_DOOR.match(route):
            address = "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda part: EXAMPLES[part[1] or "str"], route)
            assert resolve(address).func == pattern.callback, f"{address} does not lead to {route}"
            found[address] = pattern
    return found


def answers(client: Client, part: int = 0, of: int = 1) -> dict[str, set[tuple[int, str]]]:
    """What GET and POST of every page of the desk get, or of one part of so many; a page may refuse one of the two methods for
    everybody."""
    got = {}
    for address in list(desk_routes())[part::of]:
        both = [client.get(address), client.post(address, {"answer": "approve", "name": "x"})]
        got[address] = {
            (answer.status_code, answer.headers.get("Location", "")) for answer in both if answer.status_code != 405
        }
        assert got[address], f"{address} answers neither GET nor POST"
    return got


def test_there_is_a_desk_and_every_page_of_it_names_its_act() -> None:
    assert len(desk_routes()) > 20
    acts = {address: getattr(pattern.callback, "act", None) for address, pattern in desk_routes().items()}
    assert {address: act for address, act in acts.items() if act not in ACTS} == {}


pytestmark = pytest.mark.usefixtures("bare_refusals")


# What keeps these out stands before any page is chosen by role, so that each persona tries another part of the pages.
@pytest.mark.django_db
def test_nobody_gets_in_without_signing_in(cast: Cast) -> None:
    for address, got in answers(Client()).items():
        assert {status for status, _ in got} == {302}, address
        assert all(where.split("?")[0] == LOGIN for _, where in got), address


@pytest.mark.django_db
@pytest.mark.parametrize("who", PERSONAS)
def test_nobody_gets_in_without_a_second_factor(cast: Cast, who: str) -> None:
    Authenticator.objects.filter(user_id=cast[who].account_id).delete()
    for address, got in answers(signed_in(cast, who), PERSONAS.index(who), len(PERSONAS)).items():
        assert got == {(302, SETUP_URL)}, address


@pytest.mark.django_db
@pytest.mark.parametrize("who", PERSONAS)
def test_recovery_codes_alone_are_no_second_factor(cast: Cast, who: str) -> None:
    Authenticator.objects.filter(user_id=cast[who].account_id).update(type="recovery_codes", data={"seed": "ab"})
    for address, got in answers(signed_in(cast, who), PERSONAS.index(who), len(PERSONAS)).items():
        assert got == {(302, SETUP_URL)}, address


@pytest.mark.django_db
@pytest.mark.parametrize("who", COLLEAGUES)
def test_nobody_gets_in_with_a_password_that_somebody_else_knows(cast: Cast, who: str) -> None:
    services.give_first_password(cast[who].account_id, password=GOOD, actor=cast["adam"].actor)
    for address, got in answers(signed_in(cast, who), COLLEAGUES.index(who), len(COLLEAGUES)).items():
        assert got == {(302, PASSWORD_URL)}, address


@pytest.mark.django_db
@pytest.mark.parametrize("who", COLLEAGUES)
def test_nobody_gets_in_with_a_closed_account(cast: Cast, who: str) -> None:
    client = signed_in(cast, who)
    eve, roles = "eve@staff.example", ["supervisor", "auditor"]
    services.add_account(
        cast.hotline_id, email=eve, name="Eve", roles=roles, password=GOOD, actor=Actor(kind="command")
    )
    services.close_account(cast[who].account_id, actor=cast["adam"].actor)
    for address, got in answers(client, COLLEAGUES.index(who), len(COLLEAGUES)).items():
        assert {where.split("?")[0] for _, where in got} == {LOGIN}, address


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "where"), [("adam", "/desk/administration"), ("otto", "/desk/log")])
def test_the_front_of_the_desk_leads_to_a_part_of_ones_own(cast: Cast, who: str, where: str) -> None:
    assert signed_in(cast, who).get("/desk/").headers["Location"] == where


@pytest.mark.django_db
def test_the_demonstration_does_not_ask_for_a_second_factor(cast: Cast, settings: object) -> None:
    from django.conf import settings as ours

    Authenticator.objects.filter(user_id=cast["adam"].account_id).delete()
    settings.LEEWARD = ours.LEEWARD.model_copy(update={"demonstration": True})
    assert signed_in(cast, "adam").get("/desk/people").status_code == 200


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("/desk/", True),
        ("/desk/case/2026-0001?x=/y#z", True),
        ("/desk", False),
        ("/deskx/", False),
        ("//desk/", False),
        ("/desk/\\x", False),
        ("/desk/\tx", False),
        ("/desk/ x", False),
        ("/desk/!x", True),
        ("https://desk/", False),
        ("", False),
    ],
)
def test_what_is_a_page_of_ours(url: str, own: bool) -> None:
    assert is_own_page(url) == own
