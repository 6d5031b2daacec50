"""The page behind the link of a test referral. Opening it changes nothing; a button confirms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from django_scopes import scope

from leeward.administration import queries, services
from leeward.notices.errors import TooManyTries
from leeward.notices.queries import link_unknown
from leeward.people.queries import portal
from leeward.web_security.caller import caller_of
from leeward.web_security.services import allow

WRONG_A_MINUTE = 10.0
WRONG_AT_ONCE = 30


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET explains the letter. POST confirms that it reached the police."""
    test = queries.test_behind(token)
    if test is None:
        if not allow("wrong link", caller_of(request), per_minute=WRONG_A_MINUTE, burst=WRONG_AT_ONCE):
            raise TooManyTries
        raise link_unknown()
    if request.method == "POST":
        with scope(hotline=test.hotline_id):
            services.confirm_referral_test(test.id)
    values = {"hotline": portal(test.portal_id).hotline_name, "done": request.method == "POST" or test.confirmed_at}
    return render(request, "administration/confirm_test.html", values)
