"""Alerts to payment firms: the page behind their link, without an account, and the list on the desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError
from leeward.notices import forms, services
from leeward.notices.queries.doors import behind_payment_link
from leeward.notices.queries.labels import PAYMENT_CHOICES
from leeward.notices.queries.payments import VIEWS, PaymentPage, alert_rows, payment_alerts, payment_page
from leeward.notices.rules.payments import MOST_NOTE
from leeward.notices.views.public import again, behind, is_too_fast, slowed, too_many
from leeward.notices.writing.payments import payee_words
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import may
from leeward.web_security.keys import is_form_key, new_form_key
from leeward.web_security.paging import page_of
from leeward.web_security.services import use_once

FIRM = Actor("host")


@require_http_methods(["GET", "HEAD", "POST"])
def payment(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows an alert. POST records what its firm has done."""
    found = behind(request, behind_payment_link, token)
    with scope(hotline=found.hotline_id):
        shown = payment_page(found.number)
        if request.method != "POST":
            return _page(request, shown)
        problem = _fault(request)
        if problem or is_too_fast(request, token):
            answer = _page(request, shown, problem=problem or too_many())
            return answer if problem else slowed(answer)
        try:
            with hotline_transaction():
                if use_once(request.POST["once"], purpose=f"payment:{found.number}"):
                    note = request.POST.get("note", "")
                    services.answer_payment_alert(found.number, request.POST["answer"], note=note, actor=FIRM)
        except LeewardError as error:
            return _page(request, shown, problem=f"{error.text} {error.hint}")
    return again(request)


def _fault(request: HttpRequest) -> str:
    """Return what is wrong with a form, "" if nothing is."""
    if not is_form_key(request.POST.get("once", "")[:64]):
        return _("The form was not complete. Send it again.")
    if request.POST.get("answer", "") not in dict(PAYMENT_CHOICES):
        return _("Choose what you have done.")
    return forms.too_long(request.POST.get("note", ""), MOST_NOTE)


def _page(request: HttpRequest, shown: PaymentPage, *, problem: str = "") -> HttpResponse:
    typed = request.POST if problem else {"answer": shown.answer}
    values = {
        "alert": shown,
        "kind": payee_words(shown.brief),
        "choices": PAYMENT_CHOICES,
        "typed_answer": typed.get("answer", ""),
        "typed_note": typed.get("note", ""),
        "problem": problem,
        "once": new_form_key(),
        "done": request.GET.get("done") == "1" and not problem,
    }
    return render(request, "notices/payment.html", values, status=422 if problem else 200)


@require_safe
@staff("case.read")
def alerts(request: HttpRequest) -> HttpResponse:
    """List the alerts to payment firms, by what came of them; what only reports say is for those who may read reports."""
    actor = actor_of(request)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    only_pages = not may(actor, "report.read", actor.hotline_id or 0)
    page = page_of(payment_alerts(view, only_pages=only_pages), request.GET.get("page"))
    rows = [(row, payee_words(row.brief)) for row in alert_rows(page.rows)]
    return render(request, "notices/payment_alerts.html", {"rows": rows, "page": page, "view": view, "views": VIEWS})
