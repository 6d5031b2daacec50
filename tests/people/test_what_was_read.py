"""A second administrator vouches for the roles that they have read, and for none that was given since."""

import pytest
from django_scopes import scope

from leeward.people import services
from leeward.people.errors import EnteredSince
from leeward.people.models import RoleGrant
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
