"""Certificates on the desk: the list, one certificate, giving and revoking them, and the keys."""

from datetime import UTC, date, datetime

import segno
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from leeward.audit.services import hotline_transaction
from leeward.capacity.certificates import queries, services
from leeward.capacity.certificates.documents import badge_file
from leeward.capacity.certificates.forms import RevocationForm
from leeward.capacity.certificates.labels import REASONS, SHOWN, STANDINGS
from leeward.capacity.certificates.rules.numbers import grouped
from leeward.foundation.errors import LeewardError, NotFound
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.errors import EnteredSince
from leeward.people.rules.permissions import may
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once


@require_safe
@staff("training.edit")
def certificates(request: HttpRequest) -> HttpResponse:
    """List the certificates, newest first, and the keys that sign them."""
    actor, show = actor_of(request), request.GET.get("show", "")
    show = show if show in SHOWN else ""
    page, today = queries.certificates(show=show, number=request.GET.get("page")), datetime.now(UTC).date()
    values = {
        "page": page,
        "rows": [_shown(one, today) for one in page.rows],
        "show": show,
        "shows": SHOWN.items(),
        "keys": queries.keys(),
        "may_replace": bool(may(actor, "certificate.key", actor.hotline_id)),
        "once": new_form_key(),
    }
    return render(request, "capacity/certificates/list.html", values)


@require_safe
@staff("training.edit")
def certificate(request: HttpRequest, number: int) -> HttpResponse:
    """Show a certificate with its number and its code to scan, and what can be done with it."""
    return _page(request, _row_of(number), RevocationForm())


@require_POST
@staff("training.edit")
def give(request: HttpRequest, number: int) -> HttpResponse:
    """Give a certificate to somebody who took part, by a page that shows the course as the certificate will name it."""
    course = queries.course_of_participation(number)
    if course is None:
        raise NotFound(what=_("person"))
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"certificate:give:{number}"):
                demand_as_shown(request, queries.mark_to_give(course))
                made = services.give(number, actor=actor_of(request))
                return redirect("certificates:show-certificate", number=made)
    except EnteredSince as error:
        flash.error(request, f"{error.text} {error.hint}")
        return redirect("capacity:show-course", number=course)
    return redirect("certificates:list-certificates")


@require_POST
@staff("training.edit")
def give_all(request: HttpRequest, number: int) -> HttpResponse:
    """Give certificates to those who took part in a course and have none, if they are those whom the page showed."""
    actor = actor_of(request)
    if queries.mark_to_give(number) == "":
        raise NotFound(what=_("course"))
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"certificate:all:{number}"):
                demand_as_shown(request, queries.mark_to_give_all(number))
                count = services.give_all(number, hotline_id=actor.hotline_id or 0, actor=actor)
                message = ngettext("%(count)s certificate given.", "%(count)s certificates given.", count)
                flash.success(request, message % {"count": count})
    except EnteredSince as error:
        flash.error(request, f"{error.text} {error.hint}")
    return redirect("capacity:show-course", number=number)


@require_POST
@staff("certificate.revoke")
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for a certificate to be revoked; confirm or refuse what somebody else asked."""
    row, act, actor = _row_of(number), request.POST.get("act", ""), actor_of(request)
    form = RevocationForm(request.POST)
    if act == "ask" and not form.is_valid():
        return _page(request, row, form)
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"certificate:revoke:{number}"):
                if act == "ask":
                    demand_as_shown(request, _row_of(number).mark)  # another may have asked
                    services.ask_revocation(number, form.cleaned_data["reason"], actor=actor)
                elif act == "confirm":
                    services.confirm_revocation(number, seen=request.POST.get("seen", ""), actor=actor)
                elif act == "keep":
                    services.keep(number, seen=request.POST.get("seen", ""), actor=actor)
    except LeewardError as error:
        flash.error(request, f"{error.text} {error.hint}".strip())
    return redirect("certificates:show-certificate", number=number)


@require_safe
@staff("training.edit")
def download(request: HttpRequest, number: int) -> HttpResponse:
    """Download a certificate as an Open Badge, to be handed to its holder."""
    row = _row_of(number)
    return badge_answer(badge_file(row), row.badge.number)


@require_POST
@staff("certificate.key")
def replace_key(request: HttpRequest) -> HttpResponse:
    """Sign certificates by a new key from now on."""
    actor, is_stolen, seen = actor_of(request), request.POST.get("stolen") == "1", request.POST.get("seen", "")
    try:
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose="certificate:key"):
                services.replace_key(is_stolen=is_stolen, seen=seen, hotline_id=actor.hotline_id or 0, actor=actor)
                flash.success(request, _("Certificates are signed by a new key from now on."))
    except EnteredSince as error:
        flash.error(request, f"{error.text} {error.hint}")
    return redirect("certificates:list-certificates")


def badge_answer(content: bytes, number: str) -> HttpResponse:
    """Return an Open Badge as a file."""
    answer = HttpResponse(content, content_type="application/vc+jwt")
    answer["Content-Disposition"] = f'attachment; filename="certificate-{number}.jwt"'
    return answer


def _row_of(number: int) -> queries.CertificateRow:
    row = queries.certificate(number)
    if row is None:
        raise NotFound(what=_("certificate"))
    return row


def _page(request: HttpRequest, row: queries.CertificateRow, form: RevocationForm) -> HttpResponse:
    actor, today = actor_of(request), datetime.now(UTC).date()
    issuer = queries.issuer(row.hotline_id)
    address = issuer.badge_url(row.badge.number)
    values = _shown(row, today) | {
        "form": form,
        "issuer": issuer,
        "address": address,
        "code": _code(address),
        "may_revoke": row.revoked_at is None and bool(may(actor, "certificate.revoke", actor.hotline_id)),
        "is_waiting": row.asked_at is not None and row.revoked_at is None,
        "asked_oneself": row.asked_by_id == actor.id,
        "once": new_form_key(),
    }
    return render(request, "capacity/certificates/one.html", values, status=422 if form.errors else 200)


def _shown(row: queries.CertificateRow, today: date) -> dict[str, object]:
    standing = row.standing(today)
    return {
        "row": row,
        "standing": standing,
        "standing_name": STANDINGS[standing],
        "reason": REASONS.get(row.reason, ""),
        "number": grouped(row.badge.number),
    }


def _code(address: str) -> SafeString:
    return mark_safe(segno.make_qr(address, error="m").svg_inline(border=4, light="#fff", scale=4))  # noqa: S308
