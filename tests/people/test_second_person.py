"""Two people are two: no act that takes two is done by one person with two accounts, or with a role of this minute."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.audit.queries import log_page
from leeward.foundation.actor import Actor
from leeward.people import queries, services
from leeward.people.access import actor_for
from leeward.people.errors import (
    NothingToConfirm,
    NotSecondPerson,
    NotYetTheirOwn,
    OwnAccount,
    PasswordGivenAlready,
    SecondRoleTooSoon,
)
from leeward.people.models import RoleGrant, User
from leeward.people.rules.second_person import (
    FIRST_DAY,
    Account,
    Granted,
    Obstacle,
    Sureness,
    Why,
    counting_confirmation,
    gave_itself,
    hands,
    obstacle,
    own_role_until,
    sureness,
    waiting_until,
)
from leeward.people.services.invitations import accept_invitation, link_of
from tests.having_read import confirm_account, seen_on
from tests.personas import PASSWORD, Cast, add_person, set_up_factor

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LONG = NOW - timedelta(days=90)
HOUR = timedelta(hours=1)
SECOND = "case.assess"


def account(
    number: int,
    *,
    by: int | None = None,
    made_at: datetime = LONG,
    role: str = "analyst",
    role_at: datetime | None = None,
    confirmed: datetime | None = None,
) -> Account:
    role_row = Granted(role, role_at or made_at, by, confirmed)
    return Account(number, made_at, by, confirmed, (role_row,))


def why(second: Account, *others: Account, first: int | None = None, act: str = SECOND) -> Why | None:
    accounts = {one.id: one for one in (second, *others)}
    firsts = [first] if first is not None else [one.id for one in others]
    found = obstacle(second.id, firsts, act=act, accounts=accounts, at=NOW)
    return found.why if found else None


@pytest.mark.parametrize(
    ("own", "sure"),
    [
        (account(1), Sureness.SURE),
        (account(1, role="auditor"), Sureness.NOBODY),
        (account(1, made_at=NOW - FIRST_DAY + HOUR), Sureness.NEW),
        (account(1, role_at=NOW - FIRST_DAY + HOUR), Sureness.NEW),
        (account(1, made_at=NOW - FIRST_DAY), Sureness.SURE),
        (account(1, by=2), Sureness.SURE),
        (account(1, by=3), Sureness.UNCONFIRMED),
        (account(1, by=4), Sureness.UNCONFIRMED),
        (account(1, by=3, made_at=NOW - HOUR), Sureness.NEW),
        (account(1, by=3, made_at=NOW - HOUR, confirmed=NOW), Sureness.SURE),
        (account(1, by=3, made_at=NOW - HOUR, confirmed=NOW + HOUR), Sureness.NEW),
    ],
)
def test_how_sure_it_is_that_somebody_who_may_is_behind_an_account(own: Account, sure: Sureness) -> None:
    makers = [account(2), account(3, role="administrator"), account(4, role_at=NOW - HOUR)]
    accounts = {one.id: one for one in (own, *makers)}
    assert sureness(1, act="case.claim", accounts=accounts, at=NOW) is sure
    assert sorted(Sureness) == [Sureness.NOBODY, Sureness.NEW, Sureness.UNCONFIRMED, Sureness.SURE]


def test_two_people_who_were_here_before_are_two() -> None:
    assert why(account(1), account(2)) is None
    assert why(account(1), first=1) is Why.SAME_PERSON
    assert why(account(1, role="auditor"), account(2)) is Why.NO_ROLE


@pytest.mark.parametrize(
    ("age", "expected"),
    [(timedelta(0), Why.NEW_ACCOUNT), (FIRST_DAY - timedelta(seconds=1), Why.NEW_ACCOUNT), (FIRST_DAY, None)],
)
def test_an_account_counts_after_its_first_day(age: timedelta, expected: Why | None) -> None:
    assert why(account(1, made_at=NOW - age), account(2)) is expected


@pytest.mark.parametrize(
    ("age", "expected"),
    [(timedelta(0), Why.NEW_ROLE), (FIRST_DAY - timedelta(seconds=1), Why.NEW_ROLE), (FIRST_DAY, None)],
)
def test_a_role_counts_a_day_after_it_was_given(age: timedelta, expected: Why | None) -> None:
    assert why(account(1, role_at=NOW - age), account(2)) is expected


def test_the_obstacle_says_from_when() -> None:
    new = account(1, made_at=NOW - timedelta(hours=1))
    found = obstacle(1, [], act=SECOND, accounts={1: new}, at=NOW)
    assert found is not None
    assert found.until == NOW + timedelta(hours=23)


def test_confirmed_by_a_second_administrator_it_counts_at_once() -> None:
    assert why(account(1, by=9, made_at=NOW, confirmed=NOW), account(2)) is None
    later = NOW + timedelta(seconds=1)
    assert why(account(1, by=2, made_at=LONG, confirmed=later), account(2)) is Why.SAME_HANDS


@pytest.mark.parametrize("gap", [0, 1, 2, 3])
def test_nobody_is_both_halves_by_any_chain_of_accounts(gap: int) -> None:
    """1 made 2, 2 made 3 and so on: none of them is ever second to another, in either direction."""
    chain = [account(1)] + [account(number, by=number - 1) for number in range(2, gap + 3)]
    first, last = chain[0], chain[-1]
    assert why(last, *chain[:-1], first=first.id) is Why.SAME_HANDS
    assert why(first, *chain[1:], first=last.id) is Why.SAME_HANDS


def test_two_accounts_of_one_maker_are_not_two_people() -> None:
    maker, one, other = account(1, role="administrator"), account(2, by=1), account(3, by=1)
    assert why(one, maker, other, first=3) is Why.SAME_HANDS
    confirmed = account(3, by=1, confirmed=NOW - timedelta(minutes=1))
    assert why(one, maker, confirmed, first=3) is None


def test_a_chain_that_bites_its_tail_ends() -> None:
    accounts = {1: account(1, by=2), 2: account(2, by=1)}
    assert hands(1, accounts, NOW) == {1, 2}


def test_an_account_that_nobody_knows_is_no_second_person() -> None:
    with pytest.raises(KeyError):
        obstacle(1, [2], act=SECOND, accounts={1: account(1)}, at=NOW)


@given(makers=st.lists(st.integers(0, 5), min_size=2, max_size=6), one=st.integers(0, 5), other=st.integers(0, 5))
def test_whoever_could_be_both_never_is(makers: list[int], one: int, other: int) -> None:
    """For every forest of makers: two accounts count as two only if no one person can hold both."""
    accounts = {
        number: account(number, by=by if by < number else None, role="analyst") for number, by in enumerate(makers)
    }
    one, other = one % len(makers), other % len(makers)

    def roots(number: int) -> set[int]:
        by = accounts[number].made_by
        return {number} | (roots(by) if by is not None else set())

    found = obstacle(one, [other], act=SECOND, accounts=accounts, at=NOW)
    assert (found is None) == (not roots(one) & roots(other))


def test_a_role_that_was_given_later_counts_a_day_later_though_the_account_is_old() -> None:
    roles = (Granted("analyst", NOW - HOUR, 9, None), Granted("supervisor", NOW - 2 * HOUR, 9, None))
    known = Account(1, LONG, None, None, roles)
    found = obstacle(1, [2], act="case.assess", accounts={1: known, 2: account(2)}, at=NOW)
    assert found == Obstacle(Why.NEW_ROLE, NOW + 22 * HOUR), "the first of the two that counts"
    confirmed = Account(1, LONG, None, None, (roles[0], Granted("supervisor", NOW, 9, NOW)))
    assert obstacle(1, [2], act="case.assess", accounts={1: confirmed, 2: account(2)}, at=NOW) is None
    assert obstacle(1, [1], act=SECOND, accounts={1: known}, at=NOW) == Obstacle(Why.SAME_PERSON)


def own(*roles: Granted) -> Account:
    return Account(1, LONG, None, None, roles)


def own_until(known: Account, added: frozenset[str], at: datetime) -> datetime | None:
    """As asked with the rows of 1, of 9 who is somebody else, and of 8 whom 1 made and 7 whom 8 made."""
    accounts = {1: known, 9: account(9), 8: account(8, by=1), 7: account(7, by=8)}
    return own_role_until(known, added, at, accounts=accounts)


def test_of_the_roles_that_two_person_acts_need_one_gives_oneself_only_one_a_day() -> None:
    both, one = frozenset({"analyst", "supervisor"}), frozenset({"analyst"})
    mine, theirs = Granted("supervisor", NOW - HOUR, 1, None), Granted("supervisor", NOW - HOUR, 9, None)
    assert own_until(own(), frozenset({"auditor", "translator"}), NOW) is None
    assert own_until(own(), both, NOW) == NOW + FIRST_DAY
    assert own_until(own(), one, NOW) is None
    assert own_until(own(mine, Granted("administrator", NOW - 5 * HOUR, 1, None)), one, NOW) == NOW + 23 * HOUR
    assert own_until(own(theirs), one, NOW) is None, "what somebody else gave is no role of one's own giving"
    assert own_until(own(Granted("auditor", NOW - HOUR, 1, None)), one, NOW) is None
    assert own_until(own(Granted("supervisor", NOW - FIRST_DAY, 1, None)), one, NOW) is None
    assert own_until(own(Granted("supervisor", NOW - HOUR, 1, NOW)), one, NOW) is None
    for puppet in (8, 7):
        assert own_until(own(Granted("supervisor", NOW - HOUR, puppet, None)), one, NOW) == NOW + 23 * HOUR


def test_the_page_says_of_each_role_until_when_it_does_not_count() -> None:
    old, fresh = Granted("analyst", LONG, None, None), Granted("supervisor", NOW - HOUR, 9, None)
    auditor = Granted("auditor", NOW, 9, None)
    assert waiting_until(own(old), NOW) == {}
    assert waiting_until(own(old, fresh, auditor), NOW) == {"supervisor": NOW + 23 * HOUR}
    new = Account(1, NOW - 2 * HOUR, 9, None, (Granted("analyst", NOW - 2 * HOUR, 9, None), fresh, auditor))
    assert waiting_until(new, NOW) == {"analyst": NOW + 22 * HOUR, "supervisor": NOW + 23 * HOUR}
    assert waiting_until(Account(1, NOW, 9, NOW, (old, fresh)), NOW) == {"supervisor": NOW + 23 * HOUR}
    assert waiting_until(Account(1, NOW - 2 * HOUR, 9, None, (old, fresh)), NOW) == {
        "analyst": NOW + 22 * HOUR,
        "supervisor": NOW + 23 * HOUR,
    }
    assert waiting_until(own(Granted("supervisor", NOW - HOUR, 9, NOW)), NOW) == {}, "confirmed, it counts at once"


# With the database


@pytest.fixture
def eve(cast: Cast) -> int:
    """An account that Adam has just made alone."""
    return made_by_adam(cast, "eve", ["supervisor", "analyst"])


def made_by_adam(cast: Cast, name: str, roles: list[str]) -> int:
    values = {"email": f"{name}@staff.example", "name": name, "roles": roles, "password": PASSWORD}
    return services.add_account(cast.hotline_id, actor=cast["adam"].actor, **values)


def ask(account_id: int, *firsts: int, act: str = SECOND, at: datetime | None = None) -> Why | None:
    actor = actor_for(User.objects.get(pk=account_id))
    found = queries.second_person_obstacle(actor, firsts, act=act, at=at)
    return found.why if found else None


def test_a_new_account_is_no_second_person_on_its_first_day(cast: Cast, eve: int) -> None:
    ana, now = cast["ana"].account_id, datetime.now(UTC)
    assert ask(eve, ana, at=now) is Why.NEW_ACCOUNT
    assert ask(eve, ana, at=now + FIRST_DAY) is None
    assert ask(eve, cast["adam"].account_id, at=now + timedelta(days=400)) is Why.SAME_HANDS
    assert ask(cast["carl"].account_id, eve, at=now) is None, "it may be the first one"


def test_an_invited_account_leads_back_to_whoever_invited(cast: Cast) -> None:
    values = {"email": "new@staff.example", "name": "New", "roles": ["analyst"]}
    number = services.invite(cast.hotline_id, actor=cast["adam"].actor, **values)
    made = accept_invitation(link_of(number).rpartition("/")[2], name="New", password=PASSWORD)
    assert ask(made, cast["adam"].account_id, at=datetime.now(UTC) + timedelta(days=2)) is Why.SAME_HANDS


def test_a_second_administrator_confirms_an_account(cast: Cast, eve: int) -> None:
    other = add_person("olga", ["administrator"], cast.hotline_id)
    set_up_factor(eve)
    confirm_account(eve, actor=other.actor)
    assert ask(eve, cast["ana"].account_id, cast["adam"].account_id) is None
    assert log_page(cast.hotline_id, event="account.confirmed")[0].facts == {
        "account": True,
        "roles": ["analyst", "supervisor"],
    }
    with pytest.raises(NothingToConfirm):
        confirm_account(eve, actor=other.actor)


@pytest.mark.parametrize("by", ["olga", "command"])
def test_an_account_that_its_owner_has_not_made_theirs_is_confirmed_by_nobody(cast: Cast, eve: int, by: str) -> None:
    """Until then it belongs to whoever knows its first password, and one administrator would get a second person confirmed."""
    olga = add_person("olga", ["administrator"], cast.hotline_id).actor
    actor = olga if by == "olga" else Actor("command")
    with pytest.raises(NotYetTheirOwn):
        confirm_account(eve, actor=actor)
    assert User.objects.get(pk=eve).confirmed_at is None
    set_up_factor(eve)
    User.objects.filter(pk=eve).update(must_change_password=True)
    with pytest.raises(NotYetTheirOwn):
        confirm_account(eve, actor=actor)
    User.objects.filter(pk=eve).update(must_change_password=False)
    confirm_account(eve, actor=actor)
    assert ask(eve, cast["adam"].account_id) is None


def test_what_was_confirmed_before_its_owner_had_a_second_factor_counts_no_more(cast: Cast, eve: int) -> None:
    User.objects.filter(pk=eve).update(confirmed_at=datetime.now(UTC))
    RoleGrant.objects.filter(account_id=eve).update(confirmed_at=datetime.now(UTC))
    assert ask(eve, cast["adam"].account_id) is Why.SAME_HANDS
    set_up_factor(eve)
    assert ask(eve, cast["adam"].account_id) is Why.SAME_HANDS
    assert queries.needs_confirming(eve)
    confirm_account(eve, actor=add_person("olga", ["administrator"], cast.hotline_id).actor)
    assert ask(eve, cast["adam"].account_id) is None


@pytest.mark.parametrize(("confirmed", "own", "counts"), [(0, 0, True), (1, 0, True), (0, 1, False), (0, None, False)])
def test_a_confirmation_counts_from_the_owners_second_factor(confirmed: int, own: int | None, counts: bool) -> None:
    own_at = None if own is None else NOW + own * HOUR
    at = NOW + confirmed * HOUR
    assert counting_confirmation(at, own_at) == (at if counts else None)
    assert counting_confirmation(None, own_at) is None


@pytest.mark.parametrize("how", ["password", "reset"])
def test_a_new_first_password_or_a_reset_of_the_factor_undoes_a_confirmation(cast: Cast, eve: int, how: str) -> None:
    olga = add_person("olga", ["administrator"], cast.hotline_id).actor
    set_up_factor(eve)
    confirm_account(eve, actor=olga)
    if how == "password":
        services.give_first_password(eve, password=PASSWORD, actor=cast["adam"].actor)
    else:
        request = services.ask_second_factor_reset(eve, actor=cast["adam"].actor)
        services.settle_second_factor_reset(request, approve=True, actor=cast["carl"].actor)
        assert queries.own_factor_since(eve) is None
    assert ask(eve, cast["adam"].account_id) is Why.SAME_HANDS
    with pytest.raises(NotYetTheirOwn):
        confirm_account(eve, actor=olga)


def test_whoever_made_it_and_whoever_they_made_cannot_confirm(cast: Cast, eve: int) -> None:
    puppet = made_by_adam(cast, "puppet", ["administrator"])
    User.objects.filter(pk=puppet).update(made_at=LONG)
    RoleGrant.objects.filter(account_id=puppet).update(given_at=LONG)
    for one in (cast["adam"].account_id, puppet, eve):
        RoleGrant.objects.get_or_create(
            account_id=one, role="administrator", defaults={"hotline_id": cast.hotline_id, "given_at": LONG}
        )
        User.objects.filter(pk=one).update(roles=["administrator"])
        with pytest.raises(NotSecondPerson):
            confirm_account(eve, actor=actor_for(User.objects.get(pk=one)))
    assert ask(eve, cast["adam"].account_id) is not None


def test_another_hotline_confirms_nothing(cast: Cast, eve: int) -> None:
    from leeward.foundation.errors import NotFound

    with pytest.raises(NotFound):
        confirm_account(eve, actor=cast["dora"].actor)


def test_a_role_given_now_counts_tomorrow(cast: Cast) -> None:
    bela, now = cast["bela"].account_id, datetime.now(UTC)
    services.change_account(bela, roles=["analyst", "supervisor"], actor=cast["adam"].actor)
    act = "appeal.decide"
    assert ask(bela, cast["ana"].account_id, act=act, at=now + timedelta(hours=1)) is Why.NEW_ROLE
    assert ask(bela, cast["ana"].account_id, act=act, at=now + timedelta(hours=25)) is None
    assert ask(bela, cast["ana"].account_id, at=now) is None, "the role that she had before counts"


def test_a_role_taken_away_and_given_back_is_new(cast: Cast) -> None:
    bela = cast["bela"].account_id
    for roles in (["translator"], ["analyst"]):
        services.change_account(bela, roles=roles, actor=cast["adam"].actor)
    assert ask(bela, cast["ana"].account_id) is Why.NEW_ROLE


def test_nobody_gives_themselves_two_roles_in_a_day(cast: Cast, change: Callable[..., None]) -> None:
    adam = cast["adam"].account_id
    with pytest.raises(SecondRoleTooSoon):
        change(["administrator", "analyst", "supervisor"])
    assert User.objects.get(pk=adam).roles == ["administrator"]
    change(["administrator", "translator"])
    change(["administrator", "analyst"])
    with pytest.raises(SecondRoleTooSoon):
        change(["administrator", "analyst", "supervisor"])
    RoleGrant.objects.filter(account_id=adam, role="analyst").update(given_at=datetime.now(UTC) - FIRST_DAY)
    change(["administrator", "analyst", "supervisor"])
    assert ask(adam, cast["ana"].account_id, act="appeal.decide") is Why.NEW_ROLE


@pytest.mark.parametrize("role", ["auditor", "police_liaison"])
def test_nobody_makes_themselves_the_voice_of_the_police_or_the_reader_of_the_log(
    cast: Cast, change: Callable[..., None], role: str
) -> None:
    adam = cast["adam"].account_id
    with pytest.raises(OwnAccount):
        change(["administrator", role])
    puppet = actor_for(User.objects.get(pk=made_by_adam(cast, "puppet", ["administrator"])))
    with pytest.raises(NotSecondPerson):
        services.change_account(adam, roles=["administrator", role], actor=puppet)
    assert User.objects.get(pk=adam).roles == ["administrator"]
    olga = add_person("olga", ["administrator"], cast.hotline_id).actor
    services.change_account(adam, roles=["administrator", role], actor=olga)
    assert User.objects.get(pk=adam).roles == sorted(["administrator", role])


def test_nor_do_they_by_an_account_that_they_made(cast: Cast, change: Callable[..., None]) -> None:
    from tests.people.signing import signed_in

    adam = cast["adam"].account_id
    puppet = actor_for(User.objects.get(pk=made_by_adam(cast, "puppet", ["administrator"])))
    with pytest.raises(NotSecondPerson):
        services.change_account(adam, roles=["administrator", "analyst", "supervisor"], actor=puppet)
    services.change_account(adam, roles=["administrator", "analyst"], actor=puppet)
    with pytest.raises(SecondRoleTooSoon):
        change(["administrator", "analyst", "supervisor"])
    with pytest.raises(NotSecondPerson):
        services.change_account(adam, roles=["administrator", "analyst", "supervisor"], actor=puppet)
    assert {row.role: row.is_own for row in queries.grants_of(cast.hotline_id) if row.account_id == adam} == {
        "administrator": False,
        "analyst": True,
    }
    assert "themselves" in signed_in(cast, "otto").get("/desk/log/roles").content.decode()
    set_up_factor(puppet.id or 0)
    confirm_account(puppet.id or 0, actor=add_person("olga", ["administrator"], cast.hotline_id).actor)
    RoleGrant.objects.filter(account_id=adam, role="analyst").update(given_at=datetime.now(UTC) - FIRST_DAY)
    services.change_account(adam, roles=["administrator", "analyst", "supervisor"], actor=puppet)


@pytest.fixture
def change(cast: Cast) -> Callable[..., None]:
    """Adam changes his own roles."""

    def changed(roles: list[str]) -> None:
        actor = actor_for(User.objects.get(pk=cast["adam"].account_id))
        services.change_account(cast["adam"].account_id, roles=roles, actor=actor)

    return changed


def test_an_old_account_without_second_factor_is_in_the_hands_of_who_gives_its_password(cast: Cast) -> None:
    from allauth.mfa.models import Authenticator

    bela, adam = cast["bela"].account_id, cast["adam"]
    services.give_first_password(bela, password=PASSWORD, actor=adam.actor)
    assert ask(bela, adam.account_id) is None, "with its second factor the owner keeps it"
    Authenticator.objects.filter(user_id=bela).delete()
    olga = add_person("olga", ["administrator"], cast.hotline_id)
    services.give_first_password(bela, password=PASSWORD, actor=olga.actor)
    assert ask(bela, olga.account_id) is Why.SAME_HANDS
    assert ask(bela, cast["ana"].account_id) is Why.NEW_ACCOUNT


def test_a_second_first_password_in_a_day_takes_a_second_administrator_and_the_owner_hears_who(cast: Cast) -> None:
    from django_scopes import scopes_disabled

    from leeward.jobs.worker import run_until_idle
    from leeward.notices.models import StaffNote
    from leeward.notices.staff import staff_mail

    bela, adam = cast["bela"].account_id, cast["adam"]
    puppet = actor_for(User.objects.get(pk=made_by_adam(cast, "puppet", ["administrator"])))
    services.give_first_password(bela, password=PASSWORD, actor=adam.actor)
    before = User.objects.get(pk=bela).password
    for one in (adam.actor, puppet):
        with pytest.raises(PasswordGivenAlready):
            services.give_first_password(bela, password=PASSWORD, actor=one)
    assert User.objects.get(pk=bela).password == before
    run_until_idle()
    with scopes_disabled():
        letter = staff_mail(StaffNote.objects.get(what="password_given", person_id=bela))
    assert letter is not None
    assert "Adam gave your account a first password." in letter.body
    olga = add_person("olga", ["administrator"], cast.hotline_id)
    services.give_first_password(bela, password=PASSWORD, actor=olga.actor)
    with pytest.raises(PasswordGivenAlready):
        services.give_first_password(bela, password=PASSWORD, actor=adam.actor)
    run_until_idle()
    with scopes_disabled():
        assert StaffNote.objects.filter(what="password_given", person_id=bela).count() == 2


@pytest.mark.parametrize("asks", ["adam", "carl"])
def test_a_first_password_and_then_a_reset_of_the_factor_make_an_account_anew(cast: Cast, asks: str) -> None:
    """Whoever of the two asks and approves: only the one who gave the password knows it."""
    bela, ana, adam = cast["bela"].account_id, cast["ana"].account_id, cast["adam"]
    approves = {"adam": "carl", "carl": "adam"}[asks]
    services.give_first_password(bela, password=PASSWORD, actor=adam.actor)
    request = services.ask_second_factor_reset(bela, actor=cast[asks].actor)
    services.settle_second_factor_reset(request, approve=True, actor=cast[approves].actor)
    assert User.objects.get(pk=bela).made_by_id == adam.account_id
    assert ask(bela, adam.account_id) is Why.SAME_HANDS
    assert ask(bela, ana) is Why.NEW_ACCOUNT
    set_up_factor(bela)
    confirm_account(bela, actor=add_person("olga", ["administrator"], cast.hotline_id).actor)
    assert ask(bela, adam.account_id) is None


def test_a_reset_alone_leaves_an_account_with_its_owner(cast: Cast) -> None:
    bela = cast["bela"].account_id
    services.give_first_password(bela, password=PASSWORD, actor=cast["adam"].actor)
    services.change_own_password(User.objects.get(pk=bela), "own-palm-tree-77")
    request = services.ask_second_factor_reset(bela, actor=cast["adam"].actor)
    services.settle_second_factor_reset(request, approve=True, actor=cast["carl"].actor)
    assert ask(bela, cast["adam"].account_id) is None


def test_a_puppet_approves_no_reset_of_a_second_factor(cast: Cast, eve: int) -> None:
    request = services.ask_second_factor_reset(cast["bela"].account_id, actor=cast["adam"].actor)
    with pytest.raises(NotSecondPerson):
        services.settle_second_factor_reset(request, approve=True, actor=actor_for(User.objects.get(pk=eve)))
    services.settle_second_factor_reset(request, approve=False, actor=actor_for(User.objects.get(pk=eve)))


def test_only_the_command_dates_an_account(cast: Cast) -> None:
    from leeward.foundation.errors import NotAllowed

    with pytest.raises(NotAllowed):
        services.add_account(
            cast.hotline_id, email="old@staff.example", name="Old", roles=["analyst"], password=PASSWORD,
            actor=cast["adam"].actor, made_at=LONG,
        )  # fmt: skip


# On the pages


def test_the_page_says_what_an_account_cannot_do_yet_and_a_second_administrator_confirms(cast: Cast, eve: int) -> None:
    from leeward.web_security.keys import new_form_key
    from tests.people.signing import signed_in

    adam, path = signed_in(cast, "adam"), f"/desk/people/{eve}"
    page = adam.get(path).content.decode()
    assert "Adam created this account alone" in page
    assert "As Supervisor it can be the second person from" in page
    assert "leeward account confirm eve@staff.example" in page
    assert "Confirm account and roles" not in page
    assert adam.post(f"{path}/confirm", {"once": new_form_key()}).status_code == 403
    cast.people["olga"] = add_person("olga", ["administrator"], cast.hotline_id)
    olga = signed_in(cast, "olga")
    unused = olga.get(path).content.decode()
    assert "its owner must first sign in, choose a password and set up a second factor" in unused
    assert "Confirm account and roles" not in unused
    assert olga.post(f"{path}/confirm", {"once": new_form_key()}).status_code == 409
    set_up_factor(eve)
    page = olga.get(path).content.decode()
    assert "First signed in with a second factor of their own:" in page
    assert "Confirm account and roles" in page
    assert olga.post(f"{path}/confirm", {"once": new_form_key(), "seen": seen_on(page)}).status_code == 302
    assert "Counts as a second person" in adam.get(path).content.decode()
    assert signed_in(cast, "dora").post(f"{path}/confirm", {"once": new_form_key()}).status_code == 404


def test_an_auditor_reads_who_got_which_role_from_whom_and_what_followed(cast: Cast) -> None:
    from tests.people.signing import signed_in

    services.change_account(cast["bela"].account_id, roles=["analyst", "supervisor"], actor=cast["adam"].actor)
    request = services.ask_second_factor_reset(cast["pia"].account_id, actor=cast["adam"].actor)
    services.settle_second_factor_reset(request, approve=True, actor=cast["carl"].actor)
    RoleGrant.objects.filter(account_id=cast["carl"].account_id).update(given_at=datetime.now(UTC) - FIRST_DAY)
    services.change_account(cast["bela"].account_id, roles=["supervisor"], actor=cast["adam"].actor)
    page = signed_in(cast, "otto").get("/desk/log/roles").content.decode()
    assert "Bela" in page
    taken = RoleGrant.objects.get(account_id=cast["bela"].account_id, role="analyst")
    assert (taken.ended_at is not None, taken.ended_by_id) == (True, cast["adam"].account_id), "never deleted"
    assert "second_factor.reset_approved" in page
    for who in ("ana", "carl", "adam"):
        assert signed_in(cast, who).get("/desk/log/roles").status_code == 403
    assert "Bela" not in signed_in(cast, "dora").get("/desk/log/roles").content.decode()


def test_an_account_that_was_confirmed_later_was_still_in_its_makers_hands_when_it_gave_a_role() -> None:
    ago = timedelta(hours=2)
    puppet = Account(2, NOW - 5 * ago, made_by=1, confirmed_at=NOW - timedelta(hours=1), roles=())
    role = Granted("supervisor", NOW - ago, by=2, confirmed_at=None)
    maker = Account(1, NOW - 400 * ago, made_by=None, confirmed_at=None, roles=(role,))
    accounts = {1: maker, 2: puppet}
    assert gave_itself(1, 2, accounts, NOW - ago)
    assert not gave_itself(1, 2, accounts, NOW)
    assert own_role_until(maker, frozenset({"analyst"}), NOW, accounts=accounts) == NOW - ago + FIRST_DAY
