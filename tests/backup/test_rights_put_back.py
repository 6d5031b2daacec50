"""Who lost their rights after the file of a hotline was written doesn't get them back by it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from django.test import Client
from django_scopes import scope

from leeward.audit.services import record
from leeward.backup.errors import HotlineNotMoved
from leeward.cli.main import run
from leeward.oncall.models import CalendarFeed
from leeward.oncall.services.rotating import make_calendar, revoke_calendar
from leeward.people import queries, services
from leeward.people.models import Invitation, Portal, User
from leeward.people.services.handing import succeed
from leeward.people.services.invitations import link_of
from leeward.people.services.tokens import issue_token, revoke_token
from tests.backup.test_putting_back import empty, put_back, written
from tests.people.signing import signed_in
from tests.personas import Cast, add_person

pytestmark = pytest.mark.django_db
PASSWORDS = {"name": "Eve", "password": "palm-tree-77-shade", "again": "palm-tree-77-shade"}


def key_of(cast: Cast, who: str = "adam") -> Any:
    return queries.token_of(issue_token(name=f"Key of {who}", scopes=["check"], actor=cast[who].actor))


def is_good(cast: Cast, number: int) -> bool:
    return next(row for row in queries.tokens_of(cast.hotline_id) if row.id == number).is_good(datetime.now(UTC).date())


def test_whoever_was_closed_or_lost_a_role_comes_back_closed_and_signed_out(cast: Cast, tmp_path: Path) -> None:
    olga = add_person("olga", ["administrator", "supervisor"], cast.hotline_id)
    bela = signed_in(cast, "bela")
    assert bela.get("/desk/").status_code == 200
    key, own = key_of(cast), issue_token(name="Another", scopes=["check"], actor=olga.actor)
    invited = services.invite(
        cast.hotline_id, email="eve@eve.example", name="Eve", roles=["analyst"], actor=cast["adam"].actor
    )
    link = link_of(invited)
    raw = written(cast, tmp_path)
    services.close_account(cast["bela"].account_id, actor=olga.actor)
    services.change_account(cast["adam"].account_id, roles=["analyst"], actor=olga.actor)
    services.change_account(cast["otto"].account_id, name="Ottokar", actor=olga.actor)
    empty(cast.hotline_id)
    done = put_back(raw)
    closed = {cast["bela"].account_id, cast["adam"].account_id}
    assert set(done.closed) == closed
    assert set(User.objects.filter(hotline_id=cast.hotline_id, is_active=False).values_list("pk", flat=True)) == closed
    assert bela.get("/desk/").status_code == 302, "her session of before is over"
    token = queries.token_of(own)
    assert token is not None
    assert token.is_good(datetime.now(UTC).date()), "whose right nobody took"
    assert key is not None
    assert not is_good(cast, key.id)
    assert Invitation.objects.get(pk=invited).withdrawn_at is not None
    assert Client().post(link, PASSWORDS).status_code == 404
    assert cast["adam"].account_id in done.since["account"]
    assert run(["account", "reopen", cast["bela"].email]) == 0
    assert User.objects.get(pk=cast["bela"].account_id).is_active


def test_a_key_that_was_revoked_alone_and_a_calendar_that_was_ended_open_nothing(cast: Cast, tmp_path: Path) -> None:
    key = key_of(cast)
    assert key is not None
    with scope(hotline=cast.hotline_id):
        make_calendar(actor=cast["carl"].actor)
        raw = written(cast, tmp_path)
        revoke_calendar(actor=cast["carl"].actor)
        revoke_token(key.id, actor=cast["adam"].actor)
        assert put_back(raw).found.tables["oncall.CalendarFeed"].put_back == 0, "nothing was lost"
        assert not CalendarFeed.objects.exists()
    empty(cast.hotline_id)
    put_back(raw)
    assert not is_good(cast, key.id)
    assert EmailAddress.objects.filter(user_id=cast["ana"].account_id).exists(), "it comes with its account"
    EmailAddress.objects.filter(user_id=cast["ana"].account_id).delete()
    put_back(raw)
    assert not EmailAddress.objects.filter(user_id=cast["ana"].account_id).exists()


def test_a_portal_that_went_to_another_hotline_comes_back_as_its_record(cast: Cast, tmp_path: Path) -> None:
    raw = written(cast, tmp_path)
    with transaction.atomic():
        made = succeed(
            cast.portal_id, hotline_id=cast.other_hotline_id, actor=cast["dora"].actor, now=datetime.now(UTC)
        )
        record(
            "portal.handed_over",
            actor=cast["adam"].actor,
            hotline_id=cast.hotline_id,
            subject=f"portal:{cast.portal_id}",
            facts={"to": cast.other_hotline_id, "as": made},
        )
    Portal.objects.filter(pk=made).update(formerly=None)
    empty(cast.hotline_id)
    put_back(raw)
    portal = Portal.objects.get(pk=cast.portal_id)
    assert (portal.slug, portal.is_open, portal.takes_reports) == (f"jm-{portal.pk}", False, False)
    assert portal.handed_over_at is not None
    assert Portal.objects.get(slug="jm").hotline_id == cast.other_hotline_id


def test_what_another_hotline_works_with_is_never_to_be_changed_for_it(cast: Cast, tmp_path: Path) -> None:
    raw = written(cast, tmp_path)
    empty(cast.hotline_id)
    Portal.objects.filter(pk=cast.other_portal_id).update(slug="jm")
    with pytest.raises(HotlineNotMoved) as refused:
        put_back(raw)
    assert "leave it as it is" in refused.value.hint
    assert "Change or delete" not in refused.value.hint
