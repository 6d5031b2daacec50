"""Certificates for whoever is shown one: by its number for people, and as documents for programs. No name is ever shown.

Nothing is kept about who asks; many wrong numbers from one network have to wait.
"""

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scope

from leeward.capacity.certificates import documents, queries
from leeward.capacity.certificates.errors import TooManyNumbers
from leeward.capacity.certificates.forms import HolderForm, NumberForm
from leeward.capacity.certificates.labels import STANDINGS
from leeward.capacity.certificates.rules.numbers import grouped, typed_number
from leeward.capacity.certificates.views.desk import badge_answer
from leeward.web_security.caller import caller_of
from leeward.web_security.services import allow

WRONG_A_MINUTE, WRONG_AT_ONCE = 10.0, 30
MOST_LIST = 1_000_000


@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the number of a certificate; lead to its page."""
    form = NumberForm(request.GET if "number" in request.GET else None)
    if form.is_bound and form.is_valid():
        number = typed_number(form.cleaned_data["number"])
        if number is not None:
            place = getattr(request, "place", None)
            return redirect(place.path(f"certificate/{number}") if place else f"/certificate/{number}")
        return _unknown(request, form)
    return render(request, "capacity/certificates/ask.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, number: str) -> HttpResponse:
    """Say whether a certificate is valid; and, asked with a name, whether it is that person's."""
    row = _found(number)
    if row is None:
        return _unknown(request, NumberForm())
    form, is_holder = HolderForm(request.POST if request.method == "POST" else None), None
    if form.is_bound and form.is_valid():
        # Whoever holds a number could otherwise try one name after the other.
        if not allow("name on a certificate", caller_of(request), per_minute=WRONG_A_MINUTE, burst=WRONG_AT_ONCE):
            raise TooManyNumbers
        is_holder = queries.is_holder(row.badge.number, form.cleaned_data["name"])
    standing = row.standing(datetime.now(UTC).date())
    values = {
        "row": row,
        "standing": standing,
        "standing_name": STANDINGS[standing],
        "number": grouped(row.badge.number),
        "issuer": queries.issuer(row.hotline_id),
        "form": form,
        "asked": form.is_bound and not form.errors,
        "is_holder": is_holder,
    }
    return render(request, "capacity/certificates/verify.html", values, status=422 if form.errors else 200)


@require_safe
def badge(request: HttpRequest, number: str) -> HttpResponse:
    """Download a certificate as an Open Badge."""
    row = _found(number)
    if row is None:
        return _unknown(request, NumberForm())
    with scope(hotline=row.hotline_id):
        return badge_answer(documents.badge_file(row), row.badge.number)


@require_safe
def status(request: HttpRequest, name: str, chain: int) -> HttpResponse:
    """Return a hotline's status list."""
    hotline_id = _hotline(name)
    with scope(hotline=hotline_id):
        content = documents.list_file(hotline_id, chain) if chain <= MOST_LIST else None
    if content is None:
        raise Http404
    return _to_programs(HttpResponse(content, content_type="application/vc+jwt"))


@require_safe
def issuer(request: HttpRequest, name: str) -> HttpResponse:
    """Return the document that names a hotline's keys (did:web)."""
    hotline_id = _hotline(name)
    with scope(hotline=hotline_id):
        document = documents.keys_document(hotline_id)
    if document is None:
        raise Http404
    return _to_programs(JsonResponse(document, content_type="application/did+json"))


def _found(number: str) -> queries.CertificateRow | None:
    plain = typed_number(number)
    return queries.certificate_numbered(plain) if plain else None


def _hotline(name: str) -> int:
    found = queries.hotline_with_slug(name)
    if found is None:
        raise Http404
    return found


def _unknown(request: HttpRequest, form: NumberForm) -> HttpResponse:
    if not allow("wrong certificate", caller_of(request), per_minute=WRONG_A_MINUTE, burst=WRONG_AT_ONCE):
        raise TooManyNumbers
    return render(request, "capacity/certificates/ask.html", {"form": form, "is_unknown": True}, status=404)


def _to_programs(answer: HttpResponse) -> HttpResponse:
    answer["Access-Control-Allow-Origin"] = "*"  # public, and asked for by pages of other sites that verify badges
    answer["Cache-Control"] = "public, max-age=300"
    return answer
