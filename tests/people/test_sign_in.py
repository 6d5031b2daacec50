"""Signing in and out over HTTP: what it takes, what is recorded, where it leads."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from leeward.audit.queries import log_page
from leeward.people import services
from leeward.people.models import User
from leeward.people.queries import own_factor_since
from tests.people.signing import GOOD, SECRET, events, signed_in, totp
from tests.personas import PASSWORD, Cast

pytestmark = pytest.mark.django_db
LOGIN = "/desk/account/login/"
SECOND = "/desk/account/2fa/authenticate/"


def first_step(client: Client, cast: Cast, who: str, password: str = PASSWORD, path: str = LOGIN) -> str:
    """Where the password leads; empty if it leads nowhere."""
    answer = client.post(path, {"login": cast[who].email, "password": password})
    return answer.headers.get("Location", "")


def test_sign_in_takes_password_and_second_factor_and_is_recorded(cast: Cast) -> None:
    client = Client()
    assert first_step(client, cast, "adam") == SECOND
    assert client.get("/desk/people").status_code == 302
    assert events(cast.hotline_id) == []
    assert client.post(SECOND, {"code": totp()}).headers["Location"] == "/desk/administration"
    assert client.get("/desk/people").status_code == 200
    client.post("/desk/account/logout/")
    assert client.get("/desk/people").status_code == 302
    lines = log_page(cast.hotline_id)
    subject = f"account:{cast['adam'].account_id}"
    assert [(line.event, line.actor, line.subject, line.facts) for line in lines] == [
        ("account.signed_out", cast["adam"].actor.label, subject, {}),
        ("account.signed_in", cast["adam"].actor.label, subject, {"by": ["password", "totp"]}),
    ]


def test_a_code_works_once_for_as_long_as_it_could_work(cast: Cast) -> None:
    code = totp()
    client = Client()
    first_step(client, cast, "ana")
    assert client.post(SECOND, {"code": code}).status_code == 302
    from django.core.cache import cache

    cache.delete(f"allauth.mfa.totp.used?user={cast['ana'].account_id}&code={code}")
    again = Client()
    first_step(again, cast, "ana")
    answer = again.post(SECOND, {"code": code})
    assert (answer.status_code, "This code is not right" in answer.content.decode()) == (200, True)


def test_failures_are_recorded_for_accounts_that_there_are_without_an_address(cast: Cast) -> None:
    client = Client()
    for who, password in ((cast["ana"].email, "wrong"), ("nobody@staff.example", "wrong")):
        text = client.post(LOGIN, {"login": who, "password": password}).content.decode()
        assert "The address and password don’t match" in text
    first_step(client, cast, "ana")
    client.post(SECOND, {"code": "000000"})
    lines = log_page(cast.hotline_id)
    assert [(line.event, line.actor, line.facts) for line in lines] == [
        ("account.sign_in_failed", "system", {"step": "second_factor"}),
        ("account.sign_in_failed", "system", {"step": "password"}),
    ]
    assert not [line for line in lines if "@" in f"{line.facts}{line.subject}" or "127.0" in f"{line.facts}"]


def test_too_many_failures_are_refused_with_a_clear_sentence_and_the_log_stays_small(cast: Cast) -> None:
    client = Client()
    for _ in range(8):
        answer = client.post(LOGIN, {"login": cast["ana"].email, "password": "wrong"})
    assert "too many failed attempts" in answer.content.decode()
    assert (
        "too many failed attempts"
        in client.post(LOGIN, {"login": cast["ana"].email, "password": PASSWORD}).content.decode()
    )
    assert len(events(cast.hotline_id)) == 5


def test_very_many_tries_get_a_page_of_ours(cast: Cast) -> None:
    client = Client()
    statuses = {
        client.post(LOGIN, {"login": f"n{number}@x.example", "password": "x"}).status_code for number in range(32)
    }
    assert statuses == {200, 429}
    answer = client.post(LOGIN, {"login": "n@x.example", "password": "x"})
    assert "Wait five minutes" in answer.content.decode()
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_wrong_codes_are_limited_too(cast: Cast) -> None:
    client = Client()
    first_step(client, cast, "ana")
    texts = [client.post(SECOND, {"code": "000000"}).content.decode() for _ in range(7)]
    assert "too many failed attempts" in texts[-1]
    assert len(events(cast.hotline_id)) == 5


def test_no_address_is_kept_while_tries_are_counted(cast: Cast) -> None:
    from leeward.web_security.models import Bucket

    Client().post(LOGIN, {"login": cast["ana"].email, "password": "wrong"}, REMOTE_ADDR="203.0.113.77")
    kept = list(Bucket.objects.values_list("key", flat=True))
    assert len(kept) >= 4, "the page, the caller, the caller with the account, the account"
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in kept)


@pytest.mark.parametrize(
    "where",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "/desk/\\..\\..",
        "http://localhost:9/",
        "http://127.0.0.1/desk/",
        "javascript:alert(1)",
        "/jm/report",
        "/desk/\n/x",
        "/desk",
    ],
)
def test_signing_in_leads_nowhere_but_to_the_desk(cast: Cast, where: str) -> None:
    client = Client()
    answer = client.post(f"{LOGIN}", {"login": cast["adam"].email, "password": PASSWORD, "next": where})
    last = client.post(answer.headers["Location"], {"code": totp()})
    assert last.headers["Location"] == "/desk/administration"
    out = client.post("/desk/account/logout/", {"next": where})
    assert out.headers["Location"] == LOGIN


def test_signing_in_leads_back_to_the_page_that_was_asked_for(cast: Cast) -> None:
    client = Client()
    asked = client.get("/desk/portals?page=2").headers["Location"]
    assert asked == f"{LOGIN}?next=/desk/portals%3Fpage%3D2"
    form = client.get(asked).content.decode()
    assert re.search(r'name="next" value="/desk/portals\?page=2"', form)
    client.post(LOGIN, {"login": cast["adam"].email, "password": PASSWORD, "next": "/desk/portals?page=2"})
    assert client.post(SECOND, {"code": totp()}).headers["Location"] == "/desk/portals?page=2"


def test_after_a_form_without_a_session_nobody_is_sent_to_where_forms_go(cast: Cast) -> None:
    assert Client().post(f"/desk/people/{cast['ana'].account_id}/reopen").headers["Location"] == LOGIN


def test_a_session_that_was_planted_is_not_the_one_that_is_signed_in(cast: Cast) -> None:
    attacker = Client()
    attacker.get(LOGIN)
    attacker.post(LOGIN, {"login": "nobody@x.example", "password": "x"})
    attacker.session["planted"] = "yes"
    session = attacker.session
    session["planted"] = "yes"
    session.save()
    victim = Client()
    victim.cookies["sessionid"] = session.session_key
    first_step(victim, cast, "adam")
    victim.post(SECOND, {"code": totp()})
    assert victim.get("/desk/people").status_code == 200
    assert victim.cookies["sessionid"].value != session.session_key
    thief = Client()
    thief.cookies["sessionid"] = session.session_key
    assert thief.get("/desk/people").status_code == 302


def test_a_closed_account_gets_nowhere_and_is_told_so(cast: Cast) -> None:
    services.close_account(cast["ana"].account_id, actor=cast["adam"].actor)
    client = Client()
    assert first_step(client, cast, "ana") == "/desk/account/inactive/"
    assert "This account is closed" in client.get("/desk/account/inactive/").content.decode()
    assert client.get("/desk/account/").status_code == 302


def test_an_account_that_is_closed_between_the_two_steps_gets_nowhere(cast: Cast) -> None:
    client = Client()
    first_step(client, cast, "ana")
    services.close_account(cast["ana"].account_id, actor=cast["adam"].actor)
    client.post(SECOND, {"code": totp()})
    assert client.get("/desk/account/").status_code == 302


def test_a_first_password_leads_to_changing_it_before_anything_else(cast: Cast) -> None:
    services.give_first_password(cast["ana"].account_id, password=GOOD, actor=cast["adam"].actor)
    client = Client()
    first_step(client, cast, "ana", GOOD)
    client.post(SECOND, {"code": totp()})
    change = "/desk/account/password/change/"
    for page in ("/desk/", "/desk/account/", "/desk/account/2fa/", "/desk/account/2fa/webauthn/add/"):
        assert client.get(page).headers["Location"] == change, page
    page = client.get(change).content.decode()
    assert "Your administrator knows your current password" in page
    values = {"oldpassword": GOOD, "password1": GOOD, "password2": GOOD}
    assert "This is the password you have now." in client.post(change, values).content.decode()
    values |= {"password1": "island-lamp-44-wind", "password2": "island-lamp-44-winds"}
    assert "The two are not the same." in client.post(change, values).content.decode()
    values |= {"password2": "island-lamp-44-wind"}
    assert client.post(change, values).headers["Location"] == "/desk/"
    assert client.get("/desk/account/").status_code == 200
    assert events(cast.hotline_id)[0] == "password.changed"


def test_changing_the_password_ends_the_other_sessions_only(cast: Cast) -> None:
    here, there = signed_in(cast, "adam"), signed_in(cast, "adam")
    new = "island-lamp-44-wind"
    values = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/desk/account/password/change/", values).headers["Location"] == "/desk/administration"
    assert here.get("/desk/people").status_code == 200
    assert there.get("/desk/people").status_code == 302
    wrong = here.post(
        "/desk/account/password/change/", values | {"oldpassword": "x", "password1": "1", "password2": "1"}
    )
    text = wrong.content.decode()
    assert "This is not the password that you have now." in text
    assert "too short" in text


def test_second_factors_are_recorded_when_they_come_and_go(cast: Cast) -> None:
    Authenticator.objects.filter(user_id=cast["ana"].account_id).delete()
    User.objects.filter(pk=cast["ana"].account_id).update(own_factor_at=None)
    client = Client()
    assert first_step(client, cast, "ana") == "/desk/"
    assert client.get("/desk/").headers["Location"] == "/desk/account/2fa/"
    assert own_factor_since(cast["ana"].account_id) is None
    page = client.get("/desk/account/2fa/totp/activate/").content.decode()
    secret = re.search(r"<code[^>]*>([A-Z2-7]+)</code>", page)
    assert secret
    wrong = client.post("/desk/account/2fa/totp/activate/", {"code": "000000"})
    assert "This code is not right" in wrong.content.decode()
    assert secret[1] in wrong.content.decode()
    added = client.post("/desk/account/2fa/totp/activate/", {"code": totp(secret[1])})
    assert added.headers["Location"] == "/desk/account/2fa/recovery-codes/"
    kept = Authenticator.objects.filter(user_id=cast["ana"].account_id)
    assert secret[1] not in str(list(kept.values_list("data", flat=True)))
    assert client.get("/desk/account/").status_code == 200
    since = own_factor_since(cast["ana"].account_id)
    assert since is not None
    codes = re.findall(r"<code>(\d{8})</code>", client.get("/desk/account/2fa/recovery-codes/").content.decode())
    assert len(codes) == 10
    file = client.get("/desk/account/2fa/recovery-codes/download/")
    assert file.content.decode().split() == codes
    client.post("/desk/account/2fa/recovery-codes/generate/")
    removal = client.get("/desk/account/2fa/totp/deactivate/").content.decode()
    assert "This is your only second factor" in removal
    client.post("/desk/account/2fa/totp/deactivate/")
    assert kept.filter(type="totp").exists()
    assert own_factor_since(cast["ana"].account_id) == since
    assert [(line.event, line.facts) for line in log_page(cast.hotline_id)] == [
        ("second_factor.renewed", {"kind": "recovery_codes"}),
        ("second_factor.added", {"kind": "recovery_codes"}),
        ("second_factor.added", {"kind": "totp"}),
        ("account.signed_in", {"by": ["password"]}),
    ]


def test_in_the_demonstration_the_last_second_factor_can_go(cast: Cast, settings: object) -> None:
    from django.conf import settings as ours

    client = Client()
    first_step(client, cast, "ana")
    client.post(SECOND, {"code": totp()})
    demonstration = ours.LEEWARD.model_copy(update={"demonstration": True})
    settings.LEEWARD = demonstration
    client.post("/desk/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user_id=cast["ana"].account_id).exists()
    assert client.get("/desk/account/").status_code == 200
    assert [line.facts for line in log_page(cast.hotline_id) if line.event == "second_factor.removed"] == [
        {"kind": "recovery_codes"},
        {"kind": "totp"},
    ]
    settings.LEEWARD = ours.LEEWARD.model_copy(update={"demonstration": False})
    client.cookies.clear()
    first_step(client, cast, "ana")
    assert client.get("/desk/account/").headers["Location"] == "/desk/account/2fa/"


def test_a_recovery_code_works_once(cast: Cast) -> None:
    client = signed_in(cast, "ana")
    client.post("/desk/account/reauthenticate/", {"password": PASSWORD})
    client.post("/desk/account/2fa/recovery-codes/generate/")
    page = client.get("/desk/account/2fa/recovery-codes/").content.decode()
    code = re.findall(r"<code>(\d{8})</code>", page)[0]
    for status in (302, 200):
        guest = Client()
        first_step(guest, cast, "ana")
        assert guest.post(SECOND, {"code": code}).status_code == status
    assert log_page(cast.hotline_id)[1].facts == {"by": ["password", "recovery_codes"]}


def test_grave_changes_ask_once_more_after_a_while(cast: Cast) -> None:
    client = signed_in(cast, "ana")
    answer = client.get("/desk/account/2fa/webauthn/add/")
    assert answer.headers["Location"].startswith("/desk/account/reauthenticate/")
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Is it you?" in page
    assert "Use a code" in page
    assert (
        "This is not your password" in client.post("/desk/account/reauthenticate/", {"password": "x"}).content.decode()
    )
    done = client.post("/desk/account/2fa/reauthenticate/", {"code": totp(), "next": "/desk/account/2fa/webauthn/add/"})
    assert done.headers["Location"] == "/desk/account/2fa/webauthn/add/"
    assert client.get("/desk/account/2fa/webauthn/add/").status_code == 200


def test_a_secret_under_another_installations_secret_is_said_clearly(cast: Cast) -> None:
    Authenticator.objects.filter(user_id=cast["ana"].account_id).update(data={"secret": "sealed:gAAAA"})
    client = Client()
    first_step(client, cast, "ana")
    answer = client.post(SECOND, {"code": totp(SECRET)})
    assert answer.status_code == 500
    assert "another secret of this installation" in answer.content.decode()


def test_nobody_signs_up(cast: Cast) -> None:
    assert Client().get("/desk/account/help").status_code == 200
    for page in ("signup/", "email/", "password/reset/", "2fa/webauthn/signup/", "2fa/trust/"):
        assert Client().get(f"/desk/account/{page}").status_code == 404, page


def test_staff_cookies_stay_on_the_desk(cast: Cast) -> None:
    answer = Client().post(LOGIN, {"login": cast["adam"].email, "password": PASSWORD})
    assert {cookie["path"] for cookie in answer.cookies.values()} == {"/desk"}
    assert all(cookie["samesite"] == "Strict" for cookie in answer.cookies.values())
    assert User.objects.get(pk=cast["adam"].account_id).last_login is None


JUNK = [
    "",
    "{",
    "[]",
    "1",
    '"x"',
    "null",
    "{}",
    '{"id": 1}',
    '{"id": "YQ", "rawId": "YQ", "type": "x", "response": []}',
]
REAL = {
    "id": "YQ",
    "rawId": "YQ",
    "type": "public-key",
    "clientExtensionResults": {},
    "response": {"clientDataJSON": "YQ", "authenticatorData": "YQ", "signature": "YQ", "userHandle": "MQ"},
}


@pytest.mark.parametrize("junk", [*JUNK, json.dumps(REAL), json.dumps(REAL | {"response": {}}), '"\\ud800"'])
def test_what_is_no_passkey_is_refused_with_a_sentence(cast: Cast, junk: str) -> None:
    client = Client(raise_request_exception=False)
    client.get("/desk/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    answer = client.post("/desk/account/2fa/webauthn/login/", {"credential": junk})
    assert (answer.status_code, answer.headers.get("Location")) == (302, LOGIN)
    first_step(client, cast, "ana")
    client.get(SECOND)
    answer = client.post(SECOND, {"credential": junk})
    assert answer.status_code == 200
    assert "This code is not right" not in answer.content.decode()
    staff = signed_in(cast, "ana")
    staff.post("/desk/account/reauthenticate/", {"password": PASSWORD})
    staff.get("/desk/account/2fa/webauthn/add/")
    answer = staff.post("/desk/account/2fa/webauthn/add/", {"credential": junk, "name": "x"})
    assert answer.status_code == 200
    assert Authenticator.objects.filter(user_id=cast["ana"].account_id).count() == 1
