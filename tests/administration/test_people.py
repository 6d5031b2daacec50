"""Coming by an invitation and leaving: links that work once, and everything that ends with an account."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django_scopes import scope

from leeward.administration.services.inviting import invitation_letter
from leeward.audit.queries import log_page
from leeward.demo.world.smtp import MailServer
from leeward.jobs.worker import run_until_idle
from leeward.notices.models import Contact
from leeward.notices.services import ContactDetails, add_contact, set_webhook
from leeward.people import queries, services
from leeward.people.errors import InvitationIsOver
from leeward.people.models import ApiToken, Invitation, Portal, User
from leeward.people.services.tokens import issue_token
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on
from tests.people.signing import GOOD, signed_in
from tests.personas import Cast, date_roles

pytestmark = pytest.mark.django_db
EVE = {"name": "Eve", "email": "Eve@staff.example", "roles": ["analyst"], "languages": ["en"]}
PAGE = "/desk/people/invitations"


@pytest.fixture
def mail(settings: Any) -> Iterator[MailServer]:
    with MailServer() as server:
        host = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
        settings.LEEWARD = settings.LEEWARD.model_copy(update=host)
        yield server


def link_in(mail: MailServer) -> str:
    """The link of the newest letter."""
    run_until_idle()
    found = re.search(r"http://\S+(/desk/account/invited/\S+)", mail.messages("eve@staff.example")[-1].text)
    assert found
    return found[1]


def join(link: str, **more: str) -> Any:
    return Client().post(link, {"name": "Eve", "password": GOOD, "again": GOOD, **more})


def test_by_a_link_that_works_once(cast: Cast, mail: MailServer, django_assert_max_num_queries: Any) -> None:
    adam, once = signed_in(cast, "adam"), new_form_key()
    for _ in range(2):  # sent twice is once
        assert adam.post(PAGE, {**EVE, "once": once}).status_code == 302
    assert adam.post(PAGE, {**EVE, "once": new_form_key()}).status_code == 422, "already been invited"
    link = link_in(mail)
    assert len(mail.messages("eve@staff.example")) == 1
    guest = Client()
    assert guest.get(link).status_code == 200
    assert not User.objects.filter(email="eve@staff.example").exists(), "opening the link does nothing"
    assert "not the same" in join(link, again="something-else-77").content.decode()
    assert join(link, password="password1234", again="password1234").status_code == 422
    assert join(link).headers["Location"] == "/desk/account/login/"
    assert join(link).status_code == 404
    eve = User.objects.get(email="eve@staff.example")
    assert (eve.roles, eve.hotline_id, eve.must_change_password) == (["analyst"], cast.hotline_id, False)
    assert guest.post("/desk/account/login/", {"login": "eve@staff.example", "password": GOOD}).status_code == 302
    assert guest.get("/desk/").headers["Location"] == "/desk/account/2fa/", "a second factor comes first"
    assert "invitation.accepted" in [line.event for line in log_page(cast.hotline_id)]
    with django_assert_max_num_queries(12):
        assert "Nobody is invited" in adam.get(PAGE).content.decode()


def test_a_letter_names_the_last_day_where_the_hotline_is(cast: Cast, mail: MailServer) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(time_zone="America/Jamaica")
    row = queries.invitation(services.invite(cast.hotline_id, actor=cast["adam"].actor, **EVE))
    assert row is not None
    letter = invitation_letter(replace(row, expires_at=datetime(2026, 12, 4, 1, 14, tzinfo=UTC)))
    assert "until 2026-12-03." in letter.body


def test_links_that_work_no_more(cast: Cast, mail: MailServer) -> None:
    adam = signed_in(cast, "adam")
    adam.post(PAGE, {**EVE, "once": new_form_key()})
    first, number = link_in(mail), Invitation.objects.get().pk
    adam.post(f"{PAGE}/{number}/renew", {"once": new_form_key()})
    second = link_in(mail)
    assert first != second
    assert join(first).status_code == 404, "a newer link replaces it"
    with time_machine.travel(datetime.now(UTC) + timedelta(days=8)):
        assert join(second).status_code == 404
        assert "too old" in signed_in(cast, "adam").get(PAGE).content.decode()
    assert signed_in(cast, "dora").post(f"{PAGE}/{number}/withdraw").status_code == 404
    adam.post(f"{PAGE}/{number}/withdraw")
    assert join(second).status_code == 404
    with pytest.raises(InvitationIsOver):
        services.renew_invitation(number, actor=cast["adam"].actor)
    assert not User.objects.filter(email="eve@staff.example").exists()


def test_a_letter_that_the_server_refuses_is_shown_and_tried_again_when_it_is_busy(
    cast: Cast, mail: MailServer
) -> None:
    mail.defer(times=1)
    number = services.invite(cast.hotline_id, actor=cast["adam"].actor, **EVE)
    run_until_idle()
    row = queries.invitation(number)
    assert row is not None
    assert row.mail_state == "failed"
    run_until_idle(datetime.now(UTC) + timedelta(minutes=5))
    row = queries.invitation(number)
    assert row is not None
    assert row.mail_state == "sent"
    assert len(mail.messages("eve@staff.example")) == 1


def test_leaving_ends_everything_at_once(cast: Cast, django_assert_max_num_queries: Any) -> None:
    adam, boss = cast["adam"], User.objects.get(pk=cast["carl"].account_id)
    date_roles(boss.pk, ["administrator", "supervisor"])
    keys = [issue_token(name=name, scopes=["check"], actor=adam.actor) for name in ("Cloud", "Store")]
    ApiToken.objects.filter(name="Cloud").update(last_used_on=date(2026, 11, 5))
    kept = issue_token(name="Other", scopes=["check"], actor=cast["dora"].actor)
    services.invite(cast.hotline_id, actor=adam.actor, **EVE)
    hook = ContactDetails("host", "", "Harbour Host", "abuse@harbour-host.example")
    with scope(hotline=cast.hotline_id):
        host = add_contact(hook, hotline_id=cast.hotline_id, actor=adam.actor)
        secret = set_webhook(host, "https://abuse.harbour-host.example/", actor=adam.actor)
    leaver, client, where = signed_in(cast, "adam"), signed_in(cast, "carl"), f"/desk/people/{adam.account_id}/leave"
    with scope(hotline=cast.hotline_id), django_assert_max_num_queries(12):
        preview = client.get(where).content.decode()
    assert "Cloud" in preview
    assert ">5 November 2026</time>" in preview, "when a key was last used"
    assert "eve@staff.example" in preview
    assert "webhook" in preview
    assert leaver.get("/desk/administration").status_code == 200, "looking is not doing"

    cloud, store = (queries.token_of(key) for key in keys)
    assert cloud is not None
    assert store is not None
    choice = {f"key-{cloud.id}": "replace", f"key-{store.id}": "revoke", "once": new_form_key()}
    assert client.post(where, choice | {"seen": "0" * 32}).status_code == 409, "it showed other keys"
    choice["seen"] = seen_on(client.get(where).content.decode())
    *shown, renewed = re.findall(r'<code class="break">(\S+)</code>', client.post(where, choice).content.decode())
    assert renewed.startswith("whsec_")
    assert renewed != secret
    with scope(hotline=cast.hotline_id):
        assert Contact.objects.values_list("webhook_serial", "webhook_renewed_at").get() == (2, None)
    assert leaver.get("/desk/administration").status_code == 302
    today = datetime.now(UTC).date()
    good = {key: bool(row and row.is_good(today)) for key in (*keys, kept, *shown) if (row := queries.token_of(key))}
    assert good == {keys[0]: False, keys[1]: False, kept: True, shown[0]: True}
    assert queries.invitations_waiting(cast.hotline_id) == []
    line = next(line for line in log_page(cast.hotline_id) if line.event == "account.closed")
    assert line.facts == {"keys": [store.id], "invitations": [Invitation.objects.get().pk]}
    assert client.post(f"/desk/people/{boss.pk}/leave", {"once": new_form_key()}).status_code == 403, "not oneself"
