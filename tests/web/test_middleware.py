"""What happens to every request: headers by area, language by path, forged forms, refusals."""

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from leeward.foundation.errors import NotAllowed
from leeward.site.urls.whole import handler400, handler403, handler404, handler500  # noqa: F401 - this module is the urlconf
from leeward.site.urls.whole import urlpatterns as real
from leeward.web.middleware import MOST_OF_TEXT
from tests.personas import Cast

pytestmark = pytest.mark.django_db


def say(request: HttpRequest, portal: str = "") -> HttpResponse:
    """Answer with what the middleware found."""
    place = request.place
    return HttpResponse(f"{portal} {place.language} {place.page} {request.method}")


def repeat(request: HttpRequest) -> JsonResponse:
    """Answer with the form."""
    return JsonResponse(dict(request.POST.lists()))


def refuse(request: HttpRequest) -> HttpResponse:
    raise NotAllowed(reason="it is a test")


def slow_down(request: HttpRequest) -> HttpResponse:
    raise type("TooMany", (NotAllowed,), {"status": 429, "code": "too_many"})(reason="too fast")


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret address: https://bad.example/")


urlpatterns = [
    path("<slug:portal>/say", say),
    path("say", say),
    path("desk/say", say),
    path("desk/refuse", refuse),
    path("desk/repeat", repeat),
    path("desk/whole", csrf_exempt(repeat)),
    path("repeat", repeat),
    path("refuse", refuse),
    path("slow", slow_down),
    path("breaks", breaks),
    *real,
]
own_urls = pytest.mark.urls(__name__)


@pytest.mark.parametrize("address", ["/", "/healthz", "/jm/privacy", "/nowhere", "/jm/"])
def test_public_pages_have_the_strict_headers(client: Client, cast: Cast, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("address", ["/desk/account/login/", "/desk/nowhere"])
def test_the_desk_runs_only_its_own_scripts_and_is_in_no_search_engine(client: Client, address: str) -> None:
    headers = client.get(address).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in headers["X-Robots-Tag"]
    assert "no-store" in headers["Cache-Control"]


def test_pages_behind_a_token_are_in_no_search_engine(client: Client, cast: Cast) -> None:
    assert "noindex" in client.get("/notice/1-aaaa").headers["X-Robots-Tag"]
    assert "noindex" in client.get("/lang/fr/referral/1-aaaa").headers["X-Robots-Tag"]


@own_urls
@pytest.mark.parametrize(
    ("address", "said", "language"),
    [
        ("/jm/say", "jm en say GET", "en"),
        ("/jm/fr/say", "jm fr say GET", "fr"),
        ("/jm/ur/say", "jm ur say GET", "ur"),
        ("/jm/en/say", "jm en say GET", "en"),
        ("/lang/fr/say", " fr say GET", "fr"),
        ("/say", " ur say GET", "ur"),
        ("/desk/say", "desk ur desk/say GET", "ur"),
    ],
)
def test_the_path_decides_the_language(client: Client, cast: Cast, address: str, said: str, language: str) -> None:
    client.cookies["django_language"] = "fr"
    answer = client.get(address, headers={"accept-language": "ur"})
    assert answer.content.decode() == said
    assert answer.headers["Content-Language"] == language


@pytest.mark.parametrize(
    "address", ["/jm/sw/say", "/jm/xx/", "/lang/de/", "/nobody/privacy", "/lang/fr/nobody/privacy"]
)
def test_a_language_or_portal_that_is_not_offered_is_not_found(client: Client, cast: Cast, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_portal_without_its_slash_leads_to_its_first_page(client: Client, cast: Cast) -> None:
    assert client.get("/jm").headers["Location"] == "/jm/"
    assert client.get("/jm/fr").headers["Location"] == "/jm/fr/"


def test_a_portal_in_languages_that_are_not_installed_is_shown_in_the_first_one_we_have(
    client: Client, cast: Cast
) -> None:
    from leeward.people.models import Portal

    Portal.objects.filter(pk=cast.portal_id).update(languages=["fj", "ur"])
    answer = client.get("/jm/privacy")
    assert answer.headers["Content-Language"] == "ur"
    Portal.objects.filter(pk=cast.portal_id).update(languages=["fj"])
    assert client.get("/jm/privacy").headers["Content-Language"] == "en"


@own_urls
def test_a_public_form_needs_no_cookie_and_the_desk_refuses_a_forged_one(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/jm/say", headers={"origin": "null"}).status_code == 200
    client.force_login(get_user_model().objects.get(pk=cast["ana"].account_id))
    answer = client.post("/desk/say")
    assert answer.status_code == 403
    assert "We can’t tell where this form comes from" in answer.content.decode()


@own_urls
def test_an_error_of_ours_becomes_a_page_with_its_sentence_hint_and_code(client: Client) -> None:
    answer = client.get("/refuse")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This is not allowed: it is a test." in page
    assert "Ask a supervisor" in page
    assert "<code>not_allowed</code>" in page
    assert 'href="/desk/"' in client.get("/desk/refuse").content.decode()
    assert client.get("/slow").status_code == 429


@own_urls
def test_a_page_that_breaks_says_so_without_details(client: Client, cast: Cast) -> None:
    client.raise_request_exception = False
    answer = client.get("/lang/ur/breaks")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert 'lang="ur" dir="rtl"' in page
    assert "bad.example" not in page
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("method", "status"), [("post", 405), ("delete", 405)])
def test_the_wrong_method_gets_a_page_too(client: Client, cast: Cast, method: str, status: int) -> None:
    answer = getattr(client, method)("/privacy")
    assert answer.status_code == status
    assert answer.headers["Allow"] == "GET, HEAD"
    assert "<h1>" in answer.content.decode()


def test_a_body_that_is_too_large_is_refused_and_not_read(client: Client, cast: Cast) -> None:
    answer = client.post("/jm/ur/privacy", data=b"a" * 1_000_001, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert 'lang="ur"' in answer.content.decode()
    assert client.post("/desk/nowhere", data=b"a" * 2_000_000, content_type="text/plain").status_code != 413
    assert client.post("/desk/nowhere", data=b"a" * 5_000_001, content_type="text/plain").status_code == 413


@pytest.mark.django_db
def test_nul_in_a_query_reaches_nobody() -> None:
    from django.test import Client

    assert Client().get("/law?q=%00Jamaica%00").status_code == 200


@own_urls
def test_forms_of_the_desk_have_no_numbers_of_cards_but_secrets_are_whole(client: Client) -> None:
    number = "4111111111111111"
    form = {"text": [f"card {number}", "x"], "new_password1": [number], "other": ["1"]}
    masked = {**form, "text": ["card [visa *1111]", "x"]}
    long = {"list": [f"{number}{' ' * (MOST_OF_TEXT - 15)}"]}
    assert client.post("/desk/repeat", long).json() == long, "no text is so long"
    assert client.post("/desk/repeat", form).json() == masked
    assert client.post("/lang/en/desk/repeat", form).json() == masked
    for elsewhere in ("/desk/whole", "/repeat"):  # what reads its body itself, and pages whose services mask
        assert client.post(elsewhere, form).json() == form
