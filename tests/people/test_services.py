"""Hotlines, portals and accounts: what may be made, by whom, and what the log says of it."""

import pytest
from allauth.mfa.models import Authenticator

from leeward.audit.queries import log_page, verdict
from leeward.ground.errors import BadInput, NotAllowed, NotFound
from leeward.people import queries, services
from leeward.people.errors import NameIsTaken, NeedsAnotherPerson, NothingToSettle, UnknownRole
from leeward.people.models import User
from tests.personas import Cast

PORTAL = {
    "name": "Barbuda",
    "country": "AG",
    "languages": ["en"],
    "emergency_number": "911",
    "time_zone": "America/Antigua",
}


@pytest.mark.django_db
def test_an_administrator_opens_a_portal_and_the_log_says_so(cast: Cast) -> None:
    number = services.open_portal(cast.hotline_id, slug="ag", actor=cast["adam"].actor, **PORTAL)
    portal = queries.portal_by_slug("ag")
    assert portal is not None
    assert (portal.id, portal.working_days, portal.languages) == (number, frozenset({1, 2, 3, 4, 5}), ("en",))
    assert [(line.event, line.actor) for line in log_page(cast.hotline_id)] == [
        ("portal.opened", cast["adam"].actor.label)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["ana", "carl", "pia", "otto", "dora"])
def test_nobody_else_does(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        services.open_portal(cast.hotline_id, slug="ag", actor=cast[who].actor, **PORTAL)


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["desk", "notice", "law", "jm", "static"])
def test_a_portal_cannot_have_a_name_that_is_ours_or_taken(cast: Cast, slug: str) -> None:
    with pytest.raises(NameIsTaken):
        services.open_portal(cast.hotline_id, slug=slug, actor=cast["adam"].actor, **PORTAL)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("country", "antigua", "capital"),
        ("languages", [], "empty"),
        ("time_zone", "Mars/Olympus", "time zone"),
        ("holidays", ["6 August"], "2027-08-06"),
        ("police_email", "nobody", "police_email"),
    ],
)
def test_bad_fields_are_named(cast: Cast, field: str, value: object, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        services.open_portal(cast.hotline_id, slug="ag", actor=cast["adam"].actor, **(PORTAL | {field: value}))
    assert queries.portal_by_slug("ag") is None


@pytest.mark.django_db
def test_another_hotlines_portal_does_not_exist(cast: Cast) -> None:
    with pytest.raises(NotFound):
        services.change_portal(cast.portal_id, actor=cast["dora"].actor, name="Mine now")


@pytest.mark.django_db
def test_a_closed_portal_is_not_found_by_the_public(cast: Cast) -> None:
    services.change_portal(cast.portal_id, actor=cast["adam"].actor, is_open=False)
    assert queries.portal_by_slug("jm") is None
    assert log_page(cast.hotline_id)[0].facts == {"fields": ["is_open"]}


@pytest.mark.django_db
def test_accounts_need_a_good_password_a_known_role_and_a_free_address(cast: Cast) -> None:
    adam = cast["adam"].actor
    with pytest.raises(BadInput, match="password"):
        services.add_account(
            cast.hotline_id, email="e@staff.example", name="E", roles=["analyst"], password="short", actor=adam
        )
    with pytest.raises(UnknownRole):
        services.add_account(
            cast.hotline_id, email="e@staff.example", name="E", roles=["king"], password="k" * 20, actor=adam
        )
    with pytest.raises(NameIsTaken):
        services.add_account(
            cast.hotline_id, email="ANA@staff.example", name="E", roles=[], password="palm-tree-77-shade", actor=adam
        )
    made = services.add_account(
        cast.hotline_id,
        email="Ed@staff.example",
        name="Ed",
        roles=["analyst"],
        password="palm-tree-77-shade",
        actor=adam,
    )
    assert User.objects.get(pk=made).email == "ed@staff.example"


@pytest.mark.django_db
def test_an_administrator_cannot_lock_themselves_out(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        services.change_account(cast["adam"].account_id, actor=cast["adam"].actor, is_active=False)
    with pytest.raises(NotAllowed):
        services.change_account(cast["adam"].account_id, actor=cast["adam"].actor, roles=["analyst"])


@pytest.mark.django_db
def test_a_lost_second_factor_takes_two_persons(cast: Cast) -> None:
    request = services.ask_second_factor_reset(cast["ana"].account_id, actor=cast["adam"].actor)
    for who in ("adam",):
        with pytest.raises(NeedsAnotherPerson):
            services.settle_second_factor_reset(request, approve=True, actor=cast[who].actor)
    with pytest.raises(NotFound):
        services.settle_second_factor_reset(request, approve=True, actor=cast["dora"].actor)
    with pytest.raises(NotAllowed):
        services.settle_second_factor_reset(request, approve=True, actor=cast["bela"].actor)
    services.settle_second_factor_reset(request, approve=True, actor=cast["carl"].actor)
    assert not Authenticator.objects.filter(user_id=cast["ana"].account_id).exists()
    with pytest.raises(NothingToSettle):
        services.settle_second_factor_reset(request, approve=True, actor=cast["carl"].actor)
    assert [line.event for line in log_page(cast.hotline_id)] == [
        "second_factor.reset_approved",
        "second_factor.reset_asked",
    ]
    assert verdict(cast.hotline_id).fault is None


@pytest.mark.django_db
def test_whom_it_is_about_cannot_approve(cast: Cast) -> None:
    request = services.ask_second_factor_reset(cast["carl"].account_id, actor=cast["adam"].actor)
    with pytest.raises(NeedsAnotherPerson):
        services.settle_second_factor_reset(request, approve=True, actor=cast["carl"].actor)
