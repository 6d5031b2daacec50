"""A second administrator vouches for the roles that they have read, and for none that was given since."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django_scopes import scope

from leeward.people import services
from leeward.people.errors import EnteredSince
from leeward.people.models import RoleGrant, User
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on
from tests.people.signing import signed_in
from tests.personas import Cast, add_person

pytestmark = pytest.mark.django_db


def test_a_role_that_was_given_since_is_not_confirmed(cast: Cast) -> None:
    cast.people["olga"] = add_person("olga", ["administrator"], cast.hotline_id)
    ana, adam, olga = cast["ana"].account_id, cast["adam"].actor, signed_in(cast, "olga")
    path = f"/desk/people/{ana}"
    with scope(hotline=cast.hotline_id):
        services.change_account(ana, roles=["analyst", "police_liaison"], actor=adam)
        page = olga.get(path).content.decode()
        services.change_account(ana, roles=["analyst", "police_liaison", "supervisor"], actor=adam)
        olga.post(f"{path}/confirm", {"once": new_form_key(), "seen": seen_on(page)})
        rows = RoleGrant.objects.filter(account_id=ana, ended_at=None).exclude(role="analyst")
        assert [row.confirmed_at for row in rows] == [None, None]
        page = olga.get(path).content.decode()
        assert "Something else was entered since you opened this page." in page
        assert "<li>Supervisor</li>" in page
        olga.post(f"{path}/confirm", {"once": new_form_key(), "seen": seen_on(page)})
        assert all(row.confirmed_at for row in rows.all())


def test_nor_is_the_same_role_given_anew(cast: Cast) -> None:
    cast.people["olga"] = add_person("olga", ["administrator"], cast.hotline_id)
    ana, olga = cast["ana"].account_id, cast["olga"].actor
    with scope(hotline=cast.hotline_id):
        services.change_account(ana, roles=["analyst", "police_liaison"], actor=cast["adam"].actor)
        seen = services.unconfirmed_of(ana).mark
        services.change_account(ana, roles=["analyst"], actor=cast["adam"].actor)
        services.change_account(ana, roles=["analyst", "police_liaison"], actor=cast["adam"].actor)
        with pytest.raises(EnteredSince):
            services.confirm_account(ana, seen=seen, actor=olga)


@pytest.mark.parametrize(
    "change",
    [
        {"email": "another@hotline.example"},
        {"own_factor_at": datetime(2026, 11, 30, 12, tzinfo=UTC)},
        {"confirmed_at": datetime(2126, 11, 30, 12, tzinfo=UTC)},
    ],
)
def test_an_account_that_is_another_than_they_saw_is_not_vouched_for(cast: Cast, change: dict[str, Any]) -> None:
    ana = cast["ana"].account_id
    User.objects.filter(pk=ana).update(confirmed_at=None)
    with scope(hotline=cast.hotline_id):
        seen = services.unconfirmed_of(ana).mark
        assert services.unconfirmed_of(ana).mark == seen
        User.objects.filter(pk=ana).update(**change)
        assert services.unconfirmed_of(ana).mark != seen


def test_roles_that_wait_are_named_in_the_order_of_their_names(cast: Cast) -> None:
    ana, adam = cast["ana"].account_id, cast["adam"].actor
    with scope(hotline=cast.hotline_id):
        for roles in (["analyst", "supervisor"], ["analyst", "supervisor", "police_liaison"]):
            services.change_account(ana, roles=roles, actor=adam)
        assert services.unconfirmed_of(ana).roles == ("analyst", "police_liaison", "supervisor")
