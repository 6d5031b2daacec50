"""The guards of the desk and of acts that take two, one by one: who is let in as what, where they are sent, and in which words refused."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from leeward.audit.queries import log_page
from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.people import queries
from leeward.people.access import home_of, house_of, outside_reviewer, staff, staff_member
from leeward.people.errors import NotSecondPerson, NotYetTheirOwn, SecondRoleTooSoon
from leeward.people.models import RoleGrant, User
from leeward.people.queries.second_person import (
    PasswordGiven,
    needs_confirming,
    password_given,
    password_giver,
    passwords_given_since,
    second_person_obstacle,
)
from leeward.people.rules.second_person import FIRST_DAY, Obstacle, Why
from leeward.people.services.roles import confirming_obstacle, demand_second, keep_roles, moment, second_person_words
from tests.having_read import confirm_account
from tests.personas import LONG_AGO, Cast, add_person

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
COMMAND = Actor("command")


def user(cast: Cast, name: str) -> User:
    return User.objects.get(pk=cast[name].account_id)


# Behind whose account somebody who may do it surely is


def test_of_whom_else_it_is_surer(cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    pip = add_person("pip", ["analyst"], cast.hotline_id, made_at=NOON).actor

    def surer(actor: Actor, at: datetime = NOON) -> bool:
        return queries.is_somebody_surer(actor, act="case.claim", at=at)

    assert [surer(cast[who].actor) for who in ("ana", "carl", "adam", "pia")] == [False, False, True, True]
    with django_assert_max_num_queries(4):
        assert surer(pip)
    assert not surer(pip, NOON + FIRST_DAY)
    nobodys = Actor("staff", hotline_id=cast.hotline_id)
    unknown = (COMMAND, Actor("staff"), nobodys, Actor("police", pip.id, hotline_id=cast.hotline_id))
    assert [surer(one) for one in unknown] == [False] * 4, "whom no account names, nobody is compared with"
    User.objects.filter(pk__in=[cast[who].account_id for who in ("ana", "bela", "carl")]).update(is_active=False)
    assert not surer(pip), "those who have left, and those of another hotline, are not asked"
    assert surer(cast["adam"].actor)


# Who is let in


def test_a_member_of_staff_is_an_open_account_of_the_hotline(cast: Cast) -> None:
    ana = cast["ana"]
    assert staff_member(ana.account_id, cast.hotline_id) == ana.actor
    assert ana.actor == Actor("staff", ana.account_id, "Ana", cast.hotline_id, frozenset({"analyst"}))
    assert staff_member(ana.account_id, cast.other_hotline_id) is None
    User.objects.filter(pk=ana.account_id).update(is_active=False)
    assert staff_member(ana.account_id, cast.hotline_id) is None
    assert staff_member(cast["bela"].account_id, cast.hotline_id) == cast["bela"].actor


@pytest.mark.parametrize(
    ("roles", "home"),
    [
        (["analyst"], "/desk/"),
        (["supervisor"], "/desk/"),
        (["police_liaison"], "/desk/"),
        (["administrator", "auditor", "supervisor"], "/desk/"),
        (["administrator", "auditor", "translator"], "/desk/administration"),
        (["auditor", "translator"], "/desk/log"),
        (["translator"], "/desk/languages"),
        ([], "/desk/account/"),
    ],
)
def test_everybody_begins_where_their_work_is(roles: list[str], home: str) -> None:
    assert home_of(User(roles=roles)) == home


@pytest.mark.parametrize(
    ("method", "where"),
    [
        ("GET", "/desk/account/login/?next=/desk/queue%3Fx%3D1"),
        ("HEAD", "/desk/account/login/?next=/desk/queue%3Fx%3D1"),
        ("POST", "/desk/account/login/"),
        ("PUT", "/desk/account/login/"),
    ],
)
def test_whoever_signs_in_comes_back_to_a_page_that_can_be_opened(method: str, where: str) -> None:
    for guarded in (
        staff("case.claim")(lambda _request: HttpResponse()),
        outside_reviewer(lambda _request, _visit: HttpResponse()),
    ):
        request = RequestFactory().generic(method, "/desk/queue?x=1")
        request.user = AnonymousUser()
        assert guarded(request, **({} if guarded.act == "case.claim" else {"number": 1})).headers["Location"] == where


def test_a_guarded_page_names_its_act() -> None:
    assert staff("case.claim")(lambda _request: HttpResponse()).act == "case.claim"
    assert outside_reviewer(lambda _request, _visit: HttpResponse()).act == "case.assess"


# Who can be second, and in which words they can't


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("actor", "found"),
    [
        (COMMAND, None),
        (Actor("system"), Obstacle(Why.NO_ROLE)),
        (Actor("staff"), Obstacle(Why.NO_ROLE)),
        (Actor("peer", 1), Obstacle(Why.NO_ROLE)),
    ],
)
def test_only_a_member_of_staff_or_whoever_runs_the_server_is_a_second_person(
    actor: Actor, found: Obstacle | None
) -> None:
    assert second_person_obstacle(actor, [], act="case.assess") == found


def test_a_refusal_says_from_when_in_the_time_of_the_hotline(cast: Cast) -> None:
    """On the page and in the error alike; where time settles nothing no time is named."""
    assert moment(NOON, cast.hotline_id) == "24 November 2026, 07:00 (America/Jamaica)"
    assert moment(NOON, None) == "24 November 2026, 12:00 (UTC)"
    new = add_person("nora", ["analyst"], cast.hotline_id, made_at=NOON).actor
    until = "25 November 2026, 07:00 (America/Jamaica)"
    with pytest.raises(NotSecondPerson) as refused:
        demand_second(new, [cast["ana"].account_id], act="case.assess", at=NOON + timedelta(hours=1))
    assert until in str(refused.value)
    demand_second(new, [cast["ana"].account_id], act="case.assess", at=NOON + FIRST_DAY)
    found = Obstacle(Why.NEW_ACCOUNT, NOON + FIRST_DAY)
    sentence, hint = second_person_words(found, cast.hotline_id)
    assert sentence == f"This account is new: it can be the second person from {until}."
    assert hint.endswith(".")
    assert hint not in (sentence, "None")
    own = cast["ana"]
    with pytest.raises(NotSecondPerson) as refused:
        demand_second(own.actor, [own.account_id], act="case.assess")
    said = second_person_words(Obstacle(Why.SAME_PERSON), cast.hotline_id)
    assert str(refused.value) == said[0] == "This needs a second person, and you had the first part in it."


def test_a_person_who_waits_for_a_second_role_reads_until_when(cast: Cast) -> None:
    adam = user(cast, "adam")
    with hotline_transaction(cast.hotline_id):
        keep_roles(adam, ["administrator", "analyst"], actor=cast["adam"].actor, at=NOON)
        with pytest.raises(SecondRoleTooSoon) as refused:
            keep_roles(
                adam, ["administrator", "analyst", "supervisor"], actor=cast["adam"].actor, at=NOON + timedelta(hours=2)
            )
    assert "25 November 2026, 07:00 (America/Jamaica)" in str(refused.value)


def test_roles_are_dated_by_their_act_and_only_staff_is_named_as_their_giver(cast: Cast) -> None:
    bela = user(cast, "bela")
    with hotline_transaction(cast.hotline_id):
        keep_roles(bela, ["analyst", "auditor"], actor=Actor("system", 77), at=NOON)
        keep_roles(bela, ["auditor"], actor=cast["adam"].actor, at=NOON + timedelta(hours=1))
    given = RoleGrant.objects.get(account=bela, role="auditor")
    assert (given.given_at, given.given_by_id, given.ended_at) == (NOON, None, None)
    ended = RoleGrant.objects.get(account=bela, role="analyst")
    assert (ended.ended_at, ended.ended_by_id) == (NOON + timedelta(hours=1), cast["adam"].account_id)


# Confirming


def test_confirming_names_who_did_it_and_leaves_what_has_ended_or_was_confirmed_before(cast: Cast) -> None:
    adam, bela = cast["adam"], user(cast, "bela")
    olga = add_person("olga", ["administrator"], cast.hotline_id)
    with hotline_transaction(cast.hotline_id):
        keep_roles(bela, ["analyst", "supervisor"], actor=adam.actor)
        keep_roles(bela, ["analyst", "auditor"], actor=adam.actor)
        bela.save()
    RoleGrant.objects.filter(account=bela, role="analyst").update(confirmed_at=LONG_AGO)
    assert needs_confirming(bela.pk)
    assert not needs_confirming(cast["ana"].account_id), "another account's roles are their own matter"
    confirm_account(bela.pk, actor=olga.actor)
    rows = {row.role: row for row in RoleGrant.objects.filter(account=bela)}
    assert rows["supervisor"].confirmed_at is None, "it has ended"
    assert (rows["analyst"].confirmed_at, rows["analyst"].confirmed_by_id) == (LONG_AGO, None)
    assert (rows["auditor"].confirmed_at is not None, rows["auditor"].confirmed_by_id) == (True, olga.account_id)
    bela.refresh_from_db()
    assert (bela.confirmed_at, bela.confirmed_by_id) == (rows["auditor"].confirmed_at, olga.account_id)
    assert not needs_confirming(bela.pk)
    with hotline_transaction(cast.hotline_id):
        keep_roles(bela, ["analyst"], actor=adam.actor)
    assert not needs_confirming(bela.pk), "what has ended waits for nobody"
    with hotline_transaction(cast.hotline_id):
        keep_roles(bela, ["analyst", "translator"], actor=olga.actor)
    confirm_account(bela.pk, actor=adam.actor)
    facts = [line.facts for line in log_page(cast.hotline_id, event="account.confirmed")]
    assert facts == [{"account": False, "roles": ["translator"]}, {"account": True, "roles": ["auditor"]}]


def test_who_made_an_account_that_was_confirmed_can_confirm_what_others_give_it_and_not_before(cast: Cast) -> None:
    adam, bela = cast["adam"], user(cast, "bela")
    olga = add_person("olga", ["administrator"], cast.hotline_id)
    User.objects.filter(pk=bela.pk).update(made_by_id=adam.account_id)
    with hotline_transaction(cast.hotline_id):
        keep_roles(bela, ["analyst", "translator"], actor=olga.actor)
    with pytest.raises(NotSecondPerson):
        confirm_account(bela.pk, actor=adam.actor)
    User.objects.filter(pk=bela.pk).update(confirmed_at=datetime.now(UTC))
    confirm_account(bela.pk, actor=adam.actor)


def test_an_account_that_is_not_its_owners_yet_is_named(cast: Cast) -> None:
    ana = cast["ana"].account_id
    User.objects.filter(pk=ana).update(own_factor_at=None)
    with pytest.raises(NotYetTheirOwn, match="Ana"):
        confirm_account(ana, actor=COMMAND)


@pytest.fixture
def _far_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "Etc/GMT-14")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_far_zone")
def test_whoever_runs_the_server_confirms_without_being_asked(cast: Cast) -> None:
    ana = cast["ana"].account_id
    assert not needs_confirming(ana)
    confirm_account(ana, actor=COMMAND)
    row = User.objects.get(pk=ana)
    assert row.confirmed_at is not None
    assert abs(row.confirmed_at - datetime.now(UTC)) < timedelta(hours=1), "now, whatever zone the machine is in"
    assert row.confirmed_by_id is None


def test_the_page_of_an_account_says_who_cannot_confirm_it_and_why(cast: Cast) -> None:
    adam, ana = cast["adam"], cast["ana"].account_id
    mine = user(cast, "bela")
    with hotline_transaction(cast.hotline_id):
        keep_roles(mine, ["analyst", "auditor"], actor=adam.actor)
    assert confirming_obstacle(mine.pk, adam.actor) == "This needs a second person, and you had the first part in it."
    assert confirming_obstacle(ana, adam.actor) == ""
    new = add_person("nora", ["administrator"], cast.hotline_id, made_at=datetime.now(UTC)).actor
    assert "(America/Jamaica)" in confirming_obstacle(ana, new)


# What auditors read


def test_a_row_of_the_roles_says_who_gave_confirmed_and_took_it(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    adam, olga, bela = cast["adam"], add_person("olga", ["administrator"], cast.hotline_id), user(cast, "bela")
    with hotline_transaction(cast.hotline_id):
        keep_roles(bela, ["analyst", "auditor"], actor=adam.actor, at=NOON)
    confirm_account(bela.pk, actor=olga.actor)
    with hotline_transaction(cast.hotline_id):
        keep_roles(bela, ["analyst"], actor=olga.actor, at=NOON + timedelta(hours=3))
        keep_roles(bela, ["analyst", "translator"], actor=COMMAND, at=NOON + timedelta(hours=4))
    kept = RoleGrant.objects.get(account=bela, role="auditor")
    with django_assert_num_queries(3):  # the rows with everybody's name; and the givers' accounts and roles
        first, row, *others = queries.grants_of(cast.hotline_id)
    assert row == queries.GrantRow(
        kept.pk, bela.pk, "Bela", "auditor", NOON, "Adam", kept.confirmed_at, "Olga", NOON + timedelta(hours=3), "Olga",
        is_own=False,
    )  # fmt: skip
    assert (first.role, first.given_by, first.confirmed_by, first.ended_by) == ("translator", "", "", "")
    assert {other.account for other in others} == {"Ana", "Bela", "Carl", "Adam", "Pia", "Otto", "Olga"}
    assert [one.id for one in queries.grants_of(cast.hotline_id, most=1)] == [first.id]
    assert not queries.grants_of(0)


def test_a_role_that_an_unconfirmed_puppet_gave_is_ones_own_though_the_puppet_was_confirmed_since(cast: Cast) -> None:
    adam = cast["adam"].account_id
    puppet = add_person("puppet", ["administrator"], cast.hotline_id, made_at=NOON)
    User.objects.filter(pk=puppet.account_id).update(made_by_id=adam)
    with hotline_transaction(cast.hotline_id):
        keep_roles(user(cast, "adam"), ["administrator", "analyst"], actor=puppet.actor, at=NOON + timedelta(hours=1))
    User.objects.filter(pk=puppet.account_id).update(confirmed_at=NOON + timedelta(hours=2))
    assert [row.is_own for row in queries.grants_of(cast.hotline_id, most=1)] == [True]


def test_beside_a_role_stand_the_acts_of_its_week_and_its_own_person(cast: Cast) -> None:
    bela, ana = user(cast, "bela"), cast["ana"]
    with hotline_transaction(cast.hotline_id):
        keep_roles(bela, ["analyst", "supervisor"], actor=cast["adam"].actor, at=NOON)
    taken = NOON + timedelta(days=2)

    def act(number: int, at: datetime, actor: Actor = cast["bela"].actor, event: str = "case.assessed") -> None:
        with hotline_transaction(cast.hotline_id):
            record(event, actor=actor, hotline_id=cast.hotline_id, subject=f"case:{number}", now=at)

    second = timedelta(seconds=1)
    act(1, NOON - second)
    act(2, NOON)
    act(3, NOON + second, ana.actor)
    act(4, NOON + second, event="case.claimed")
    act(5, taken - second)
    act(6, taken)
    act(7, NOON + timedelta(days=7) - second)
    act(8, NOON + timedelta(days=7))

    def beside_supervisor() -> list[str]:
        (found,) = [
            row
            for row in queries.grants_with_acts(cast.hotline_id)
            if row.grant.role == "supervisor" and row.grant.account == "Bela"
        ]
        return [one.subject.removeprefix("case:") for one in found.acts]

    assert beside_supervisor() == ["7", "6", "5", "2"]
    with hotline_transaction(cast.hotline_id):
        keep_roles(bela, ["analyst"], actor=cast["adam"].actor, at=taken)
    assert beside_supervisor() == ["5", "2"], "not after the role had ended"
    assert queries.grants_with_acts(0) == []


def test_a_page_of_roles_is_no_longer_than_it_says(cast: Cast) -> None:
    ana = cast["ana"].account_id
    RoleGrant.objects.bulk_create(
        RoleGrant(hotline_id=cast.hotline_id, account_id=ana, role="translator", given_at=NOON, ended_at=NOON)
        for _ in range(210)
    )
    assert len(queries.grants_of(cast.hotline_id)) == 200
    assert len(queries.grants_with_acts(cast.hotline_id)) == 100


# Whose hands a password came from


def test_who_gave_a_first_password_is_read_from_the_log(cast: Cast) -> None:
    bela, adam = cast["bela"].account_id, cast["adam"]
    assert (password_given(bela), password_giver(bela)) == (None, None)

    def given(event: str, actor: Actor, at: datetime) -> None:
        with hotline_transaction(cast.hotline_id):
            record(event, actor=actor, hotline_id=cast.hotline_id, subject=f"account:{bela}", now=at)

    given("account.added", adam.actor, NOON)
    assert password_given(bela) == PasswordGiven(cast.hotline_id, 1, adam.account_id, "Adam")
    given("password.given", COMMAND, NOON + timedelta(hours=1))
    assert password_given(bela) == PasswordGiven(cast.hotline_id, 2, None, "")
    assert password_giver(bela) is None
    given("account.changed", adam.actor, NOON + timedelta(hours=2))
    assert password_given(bela) == PasswordGiven(cast.hotline_id, 2, None, "")
    for hours, who in [(3, "carl"), (4, "adam"), (5, "adam")]:
        given("password.given", cast[who].actor, NOON + timedelta(hours=hours))
    assert password_giver(bela) == adam.account_id
    carl, later = cast["carl"].account_id, timedelta(hours=5)
    both = {adam.account_id: NOON + later, carl: NOON + timedelta(hours=3)}
    assert passwords_given_since(bela, cast.hotline_id, NOON - FIRST_DAY) == both
    assert passwords_given_since(bela, cast.hotline_id, NOON + timedelta(hours=3)) == {adam.account_id: NOON + later}
    assert passwords_given_since(bela, cast.hotline_id, NOON + later) == {}


def test_a_page_has_the_frame_of_the_hotline_of_whoever_reads_it(cast: Cast, rf: RequestFactory) -> None:
    for name, hotline_id in (("ana", cast.hotline_id), ("dora", cast.other_hotline_id)):
        request = rf.get("/desk/")
        request.user = user(cast, name)
        assert house_of(request) == queries.desk_frame(hotline_id)
        assert house_of(request).name
        assert house_of(request) is house_of(request)
