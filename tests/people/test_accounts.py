"""Accounts: what may be made and changed, by whom, and what the log says of it."""

import pytest

from leeward.audit.queries import log_page, verdict
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.jobs.models import Job
from leeward.jobs.registry import HANDLERS, SUBSCRIBERS, subscribe
from leeward.people import queries, services
from leeward.people.errors import (
    AccountIsClosed,
    FieldIsWrong,
    LastOfRole,
    NameIsTaken,
    NoAdministratorLeft,
    OwnAccount,
    PasswordIsWeak,
    UnknownLanguage,
    UnknownRole,
)
from leeward.people.models import User
from leeward.people.services.passwords import suggested_password
from tests.having_read import confirm_account
from tests.people.signing import GOOD, events
from tests.personas import Cast, set_up_factor


def add(cast: Cast, who: str = "adam", **changes: object) -> int:
    values = {"email": "ed@staff.example", "name": "Ed", "roles": ["analyst"], "password": GOOD} | changes
    return services.add_account(cast.hotline_id, actor=cast[who].actor, **values)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"password": "short"}, PasswordIsWeak),
        ({"password": "password1234"}, PasswordIsWeak),
        ({"password": "ed@staff.example"}, PasswordIsWeak),
        ({"roles": ["king"]}, UnknownRole),
        ({"email": "ANA@staff.example"}, NameIsTaken),
        ({"email": "dora@staff.example"}, NameIsTaken),
        ({"email": "ana"}, FieldIsWrong),
        ({"name": "\u202e \u2066"}, FieldIsWrong),
        ({"name": "e" * 81}, FieldIsWrong),
        ({"languages": ["en", "<b>"]}, UnknownLanguage),
    ],
)
def test_what_an_account_cannot_be(cast: Cast, changes: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        add(cast, **changes)
    assert events(cast.hotline_id) == []


@pytest.mark.django_db
def test_addresses_are_kept_small_and_names_tidy(cast: Cast) -> None:
    user = User.objects.get(pk=add(cast, email=" Ed@Staff.example ", name=" E\u202ed\n", languages=["en", "ur", "en"]))
    assert (user.email, user.name, user.languages) == ("ed@staff.example", "Ed", ["en", "ur"])
    assert log_page(cast.hotline_id)[0].facts == {"roles": ["analyst"]}


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["ana", "carl", "pia", "otto", "dora"])
def test_only_administrators_of_the_hotline_make_accounts(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        add(cast, who)


@pytest.mark.django_db
def test_name_roles_and_languages_change_and_nothing_changed_is_nothing_logged(cast: Cast) -> None:
    bela, adam = cast["bela"].account_id, cast["adam"].actor
    services.change_account(bela, actor=adam, name="Béla", roles=["supervisor"], languages=["fr"])
    user = User.objects.get(pk=bela)
    assert (user.name, user.roles, user.languages) == ("Béla", ["supervisor"], ["fr"])
    assert log_page(cast.hotline_id)[0].facts == {"name": "changed", "roles": ["supervisor"], "languages": ["fr"]}
    services.change_account(bela, actor=adam, name="Béla", roles=["supervisor"], languages=["fr"])
    assert events(cast.hotline_id) == ["account.changed"]


@pytest.mark.django_db
def test_everybody_changes_their_own_name_and_languages_and_nothing_else(cast: Cast) -> None:
    for who in ("ana", "carl", "adam", "pia", "otto"):
        services.change_own_account(actor=cast[who].actor, name=f"{who} the first", languages=["en", "fr"])
        user = User.objects.get(pk=cast[who].account_id)
        assert (user.name, user.languages) == (f"{who} the first", ["en", "fr"])
        assert user.roles == sorted(cast[who].actor.roles)


@pytest.mark.django_db
def test_nobody_locks_themselves_out(cast: Cast) -> None:
    adam = cast["adam"]
    with pytest.raises(OwnAccount):
        services.close_account(adam.account_id, actor=adam.actor)
    with pytest.raises(OwnAccount):
        services.change_account(adam.account_id, actor=adam.actor, roles=["analyst"])
    with pytest.raises(OwnAccount):
        services.give_first_password(adam.account_id, password=GOOD, actor=adam.actor)


@pytest.mark.django_db
def test_two_administrators_cannot_close_each_other(cast: Cast) -> None:
    add(cast, email="eve@staff.example", roles=["administrator"])
    eve = User.objects.get(email="eve@staff.example")
    from leeward.people.access import actor_for

    services.close_account(cast["adam"].account_id, actor=actor_for(eve))
    with pytest.raises(NoAdministratorLeft):
        services.close_account(eve.pk, actor=cast["adam"].actor)
    with pytest.raises(NoAdministratorLeft):
        services.change_account(eve.pk, actor=cast["adam"].actor, roles=["analyst"])


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "role"), [("otto", "auditor"), ("carl", "supervisor")])
def test_no_administrator_alone_closes_the_last_who_watches_over_them(cast: Cast, who: str, role: str) -> None:
    adam, last = cast["adam"].actor, cast[who].account_id
    services.change_account(adam.id or 0, actor=Actor(kind="command"), roles=["administrator", role])
    eve = add(cast, email="eve@staff.example", roles=[role])
    for act in (
        lambda: services.close_account(last, actor=adam),
        lambda: services.change_account(last, actor=adam, roles=["analyst"]),
    ):
        with pytest.raises(LastOfRole):
            act()
    assert User.objects.get(pk=last).is_active
    set_up_factor(eve)
    confirm_account(eve, actor=Actor(kind="command"))
    services.close_account(last, actor=adam)
    assert "account.closed" in events(cast.hotline_id)


@pytest.mark.django_db
def test_whoever_listens_hears_that_an_account_is_closed(cast: Cast) -> None:
    heard_before = list(SUBSCRIBERS.get("account.closed", []))

    def take_back(subject_id: int) -> None:
        """Stands for what a slice above does."""

    subscribe("account.closed")(take_back)
    try:
        services.close_account(cast["ana"].account_id, actor=cast["adam"].actor)
        services.close_account(cast["ana"].account_id, actor=cast["adam"].actor)
        kind = next(kind for kind in SUBSCRIBERS["account.closed"] if kind.endswith("take_back"))
        duty = Job.objects.get(kind=kind)
        assert (duty.subject_id, duty.hotline_id) == (cast["ana"].account_id, cast.hotline_id)
    finally:
        for kind in set(SUBSCRIBERS["account.closed"]) - set(heard_before):
            HANDLERS.pop(kind)
        SUBSCRIBERS["account.closed"] = heard_before
    assert events(cast.hotline_id) == ["account.closed"]


@pytest.mark.django_db
def test_a_closed_account_opens_again(cast: Cast) -> None:
    ana, adam = cast["ana"].account_id, cast["adam"].actor
    services.close_account(ana, actor=adam)
    with pytest.raises(AccountIsClosed):
        services.give_first_password(ana, password=GOOD, actor=adam)
    services.reopen_account(ana, actor=adam)
    assert User.objects.get(pk=ana).is_active
    assert events(cast.hotline_id) == ["account.reopened", "account.closed"]


@pytest.mark.django_db
def test_a_first_password_must_be_changed_and_is_not_in_the_log(cast: Cast) -> None:
    services.give_first_password(cast["ana"].account_id, password=GOOD, actor=cast["adam"].actor)
    user = User.objects.get(pk=cast["ana"].account_id)
    assert user.must_change_password
    assert user.check_password(GOOD)
    with pytest.raises(PasswordIsWeak):
        services.give_first_password(cast["ana"].account_id, password="1234", actor=cast["adam"].actor)
    services.change_own_password(user, GOOD + "-new")
    assert not User.objects.get(pk=user.pk).must_change_password
    lines = log_page(cast.hotline_id)
    assert [(line.event, line.facts) for line in lines] == [
        ("password.changed", {"first": True}),
        ("password.given", {}),
    ]
    assert verdict(cast.hotline_id).fault is None


@pytest.mark.django_db
def test_another_hotlines_accounts_do_not_exist(cast: Cast) -> None:
    ana, dora = cast["ana"].account_id, cast["dora"].actor
    for act in (
        lambda: services.change_account(ana, actor=dora, name="Mine"),
        lambda: services.close_account(ana, actor=dora),
        lambda: services.reopen_account(ana, actor=dora),
        lambda: services.give_first_password(ana, password=GOOD, actor=dora),
        lambda: services.ask_second_factor_reset(ana, actor=dora),
    ):
        with pytest.raises(NotFound):
            act()
    assert queries.staff_card(ana, cast.other_hotline_id) is None
    assert queries.account_with_email("ana@staff.example", cast.other_hotline_id) is None


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["ana", "carl", "pia", "otto"])
def test_colleagues_cannot_do_an_administrators_work(cast: Cast, who: str) -> None:
    bela, actor = cast["bela"].account_id, cast[who].actor
    for act in (
        lambda: services.change_account(bela, actor=actor, roles=["administrator"]),
        lambda: services.close_account(bela, actor=actor),
        lambda: services.reopen_account(bela, actor=actor),
        lambda: services.give_first_password(bela, password=GOOD, actor=actor),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_suggested_passwords_are_good_and_all_different() -> None:
    made = {suggested_password() for _ in range(200)}
    assert len(made) == 200
    assert all(len(password) == 19 and not set(password) & set("l1o0O") for password in made)
