"""Sign-in and the administrator's pages, over HTTP."""

import base64
import hashlib
import hmac
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from leeward.people.models import Portal, User
from tests.personas import PASSWORD, Cast


def totp(secret: str) -> str:
    """RFC 6238, written from the standard so that sign-in is tested against it."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def signed_in(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=cast[who].account_id))
    return client


@pytest.mark.django_db
def test_sign_in_takes_password_and_second_factor(cast: Cast) -> None:
    client = Client()
    first = client.post("/desk/account/login/", {"login": cast["adam"].email, "password": PASSWORD})
    assert first.headers["Location"].startswith("/desk/account/2fa/authenticate")
    assert client.get("/desk/people").status_code == 302
    Authenticator.objects.filter(user_id=cast["adam"].account_id).update(data={"secret": "JBSWY3DPEHPK3PXP"})
    second = client.post(first.headers["Location"], {"code": totp("JBSWY3DPEHPK3PXP")})
    assert second.status_code == 302
    assert client.get("/desk/people").status_code == 200


@pytest.mark.django_db
def test_without_a_second_factor_staff_must_set_one_up_first(cast: Cast) -> None:
    Authenticator.objects.filter(user_id=cast["adam"].account_id).delete()
    client = signed_in(cast, "adam")
    answer = client.get("/desk/people")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/account/2fa/")
    assert client.get("/desk/account/2fa/totp/activate/").status_code in (200, 302)


@pytest.mark.django_db
def test_a_closed_account_gets_nowhere(cast: Cast) -> None:
    client = signed_in(cast, "adam")
    User.objects.filter(pk=cast["adam"].account_id).update(is_active=False)
    assert client.get("/desk/people").status_code == 302


@pytest.mark.django_db
def test_nobody_signs_up(cast: Cast) -> None:
    assert Client().get("/desk/account/help").status_code == 200
    assert Client().get("/desk/account/signup/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "status"), [("adam", 200), ("ana", 403), ("carl", 403), ("pia", 403), ("otto", 403), ("dora", 200)]
)
def test_who_sees_the_accounts(cast: Cast, who: str, status: int) -> None:
    answer = signed_in(cast, who).get("/desk/people")
    assert answer.status_code == status
    if who == "dora":
        assert b"ana@staff.example" not in answer.content


@pytest.mark.django_db
def test_dora_cannot_open_an_account_or_portal_of_another_hotline(cast: Cast) -> None:
    client = signed_in(cast, "dora")
    assert client.get(f"/desk/people/{cast['ana'].account_id}").status_code == 404
    assert client.post(f"/desk/people/{cast['ana'].account_id}/reset", {"once": "a" * 32}).status_code == 404
    assert client.get(f"/desk/portals/{cast.portal_id}").status_code == 404


@pytest.mark.django_db
def test_an_account_is_made_on_the_page(cast: Cast) -> None:
    client = signed_in(cast, "adam")
    values = {"name": "Eve", "email": "eve@staff.example", "roles": ["analyst"], "password": "palm-tree-77-shade"}
    assert client.post("/desk/people", values).status_code == 302
    assert User.objects.get(email="eve@staff.example").roles == ["analyst"]
    again = client.post("/desk/people", values)
    assert again.status_code == 422
    assert "already in use" in again.content.decode()


@pytest.mark.django_db
def test_a_portal_is_changed_on_the_page_and_errors_lose_nothing(cast: Cast) -> None:
    client = signed_in(cast, "adam")
    values = {
        "name": "Jamaica, W.I.",
        "country": "jm",
        "languages": ["en", "fr"],
        "first_language": "fr",
        "emergency_number": "119",
        "exit_url": "https://weather.example/",
        "time_zone": "America/Jamaica",
        "working_days": ["1", "2"],
        "holidays": "2027-08-06\nsixth of August",
        "is_open": "on",
    }
    wrong = client.post(f"/desk/portals/{cast.portal_id}", values)
    assert wrong.status_code == 422
    assert "Jamaica, W.I." in wrong.content.decode()
    good = client.post(f"/desk/portals/{cast.portal_id}", values | {"holidays": "2027-08-06"})
    assert good.status_code == 302
    portal = Portal.objects.get(pk=cast.portal_id)
    assert (portal.languages, portal.working_days, portal.holidays) == (["fr", "en"], [1, 2], ["2027-08-06"])


@pytest.mark.django_db
def test_a_reset_goes_through_two_people_on_the_pages(cast: Cast) -> None:
    adam, carl = signed_in(cast, "adam"), signed_in(cast, "carl")
    from leeward.gate.keys import new_form_key

    adam.post(f"/desk/people/{cast['ana'].account_id}/reset", {"once": new_form_key()})
    page = carl.get("/desk/people/resets").content.decode()
    assert "Ana" in page
    number = page.split("/desk/people/resets/")[1].split('"')[0]
    assert adam.post(f"/desk/people/resets/{number}", {"answer": "approve"}).status_code == 403
    assert carl.post(f"/desk/people/resets/{number}", {"answer": "approve"}).status_code == 302
    assert not Authenticator.objects.filter(user_id=cast["ana"].account_id).exists()


@pytest.mark.django_db
def test_staff_cookies_stay_on_the_desk(cast: Cast) -> None:
    client = Client()
    answer = client.post("/desk/account/login/", {"login": cast["adam"].email, "password": PASSWORD})
    assert {cookie["path"] for cookie in answer.cookies.values()} == {"/desk"}
    assert all(cookie["samesite"] == "Strict" for cookie in answer.cookies.values())
