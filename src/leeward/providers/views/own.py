"""A provider's own pages, behind its link: what it reported and what became of it, receipts, clocks, what is to be kept, its keys; and
a plain form and a table for whoever has no program. No account, script or cookie; opening a page changes nothing."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError, NotFound
from leeward.jobs.clockwatch import trusted_now
from leeward.notices.errors import TooManyTries
from leeward.notices.queries import link_unknown
from leeward.people.queries import portal
from leeward.providers import services
from leeward.providers.bodies import table_in
from leeward.providers.errors import NoLineTaken, TooManyAtDoor
from leeward.providers.forms import ReportForm
from leeward.providers.labels import KINDS, STEPS, WAYS, refusal
from leeward.providers.models import Provider
from leeward.providers.queries import lines as queries_lines
from leeward.providers.queries import providers as queries_providers
from leeward.providers.queries import receipts
from leeward.providers.queries.law import privilege_in, standings
from leeward.providers.rules.line import LineRefused, incident_of
from leeward.providers.rules.receipt import batch_number
from leeward.providers.rules.table import COLUMNS, line_of
from leeward.providers.views.lines import law_rows, line_row, line_rows
from leeward.web_security.caller import caller_of
from leeward.web_security.keys import is_form_key, new_form_key
from leeward.web_security.services import allow, use_once

WRONG_A_MINUTE, WRONG_AT_ONCE = 10.0, 30
SENT_A_MINUTE, SENT_AT_ONCE = 20.0, 40
ACTOR = Actor("provider")


def own[**P](
    view: Callable[Concatenate[HttpRequest, Provider, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Open a page behind a provider's link in the scope of its hotline. All wrong links get the same answer and are limited in
    number; valid ones always work."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        found = queries_providers.behind_link(token)
        if found is None:
            if not allow("wrong provider link", caller_of(request), per_minute=WRONG_A_MINUTE, burst=WRONG_AT_ONCE):
                raise TooManyTries
            raise link_unknown()
        if request.method == "POST" and not allow(
            "provider sends", f"{found.pk}", per_minute=SENT_A_MINUTE, burst=SENT_AT_ONCE
        ):
            raise TooManyAtDoor
        with scope(hotline=found.hotline_id):
            return view(request, found, *args, **kwargs)

    return opened


def _page(request: HttpRequest, row: Provider, name: str, values: dict[str, Any], *, status: int = 200) -> HttpResponse:
    token = request.path.split("/provider/", 1)[1].partition("/")[0]
    common = {"row": row, "token": token, "place_name": portal(row.portal_id).name, "once": new_form_key()}
    return render(request, f"providers/{name}.html", common | values, status=status)


def _see(path: str) -> HttpResponse:
    answer = redirect(path)
    answer.status_code = 303
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@own
def home(request: HttpRequest, row: Provider) -> HttpResponse:
    """Show the newest reports, what became of each, and the keys; a key that is no longer safe is stopped here."""
    now = datetime.now(UTC)
    if request.method == "POST":
        number = request.POST.get("key", "")
        if number.isascii() and number.isdigit() and len(number) <= 18:
            services.stop_own_key(row.pk, int(number), actor=ACTOR)
        return _see(request.path)
    page = queries_lines.lines("", request.GET.get("page"), provider_id=row.pk)
    values = {
        "kind": KINDS[row.kind],
        "page": page,
        "rows": line_rows(page.rows),
        "keys": queries_providers.keys_of(row, now.date()),
        "law": law_rows(standings(row, known_at=now, reported_at=now)),
    }
    return _page(request, row, "own", values)


@require_safe
@own
def report(request: HttpRequest, row: Provider, number: int) -> HttpResponse:
    """Show one of its reports, with the clocks of each law."""
    found = queries_lines.line(number, datetime.now(UTC))
    if found is None or found.row.provider_id != row.pk:
        raise NotFound(what=_("report"))
    stated: dict[str, Any] = json.loads(found.row.facts)
    values = line_row(found.row, found.reply) | {
        "line": found.row,
        "batch": batch_number(found.row.batch_id),
        "law": law_rows(found.standings),
        "step": STEPS[found.step],
        "stated": [(name, _shown(value)) for name, value in stated.items()],
    }
    return _page(request, row, "own_line", values)


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


@require_http_methods(["GET", "HEAD", "POST"])
@own
def send(request: HttpRequest, row: Provider) -> HttpResponse:
    """Take a report by the form, or a table; the answer is the page of its receipt."""
    form = ReportForm()
    if request.method != "POST":
        return _sending(request, row, form, [])
    once, now = request.POST.get("once", "")[:64], services.now_utc()
    if not is_form_key(once):
        return _sending(request, row, ReportForm(request.POST), [_("The form was not complete. Send it again.")])
    given = request.FILES.get("table")
    if "table" in request.FILES and given is not None:
        found, way = table_in(given.read()), "csv"
    else:
        form, way = ReportForm(request.POST), "form"
        if not form.is_valid():
            return _sending(request, row, form, [])
        found = iter([(1, line_of(form.cells()))])
    try:
        read = services.read_lines(found, now)
        door = services.Door(row.pk, row.hotline_id, way, is_sandbox=False, actor=ACTOR)
        taken = services.take_batch(read, door, once=once, now=now)
    except NoLineTaken:
        wrong = [(number, one) for number, one in read.lines.items() if isinstance(one, LineRefused)]
        privilege = privilege_in(row, now.date())
        words = [
            refusal(one.code, one.field, privilege=privilege)
            if way == "form"
            else _("Row %(number)s: %(why)s")
            % {"number": number, "why": refusal(one.code, one.field, privilege=privilege)}
            for number, one in wrong[:50]
        ]
        return _sending(request, row, form, words or [refusal("unknown_incident", "of")])
    except LeewardError as error:
        return _sending(request, row, form, [f"{error.text} {error.hint}"])
    return _see(f"{request.path.removesuffix('/report')}/receipts/{taken.batch_id}")


def _sending(request: HttpRequest, row: Provider, form: ReportForm, problems: list[str]) -> HttpResponse:
    wrong = bool(problems or form.errors)
    values = {"form": form, "problems": problems, "columns": ", ".join(COLUMNS)}
    return _page(request, row, "own_send", values, status=422 if wrong else 200)


@require_safe
@own
def batches(request: HttpRequest, row: Provider) -> HttpResponse:
    """List its receipts."""
    page = queries_providers.batches(row.pk, request.GET.get("page"))
    values = {"page": page, "batches": [(one, batch_number(one.pk), WAYS[one.way]) for one in page.rows]}
    return _page(request, row, "own_batches", values)


@require_safe
@own
def batch(request: HttpRequest, row: Provider, number: int) -> HttpResponse:
    """Show what became of each line of a batch."""
    found = receipts.batch_of(row.pk, number)
    page = queries_lines.lines_of_batch(found, request.GET.get("page"))
    refused = [one for one in found.answers if one[1] == "refused"]
    privilege = privilege_in(row, found.received_at.date())
    values = {
        "batch": found,
        "number": batch_number(found.pk),
        "page": page,
        "rows": line_rows(page.rows),
        "refused": [(one[0], refusal(one[4], one[5], privilege=privilege)) for one in refused[:200]],
        "refused_count": len(refused),
        "same": [(one[0], one[2]) for one in found.answers if one[1] == "same"][:200],
    }
    return _page(request, row, "own_batch", values)


@require_safe
@own
def receipt(request: HttpRequest, row: Provider, number: int) -> HttpResponse:
    """Give a receipt as a file."""
    found = receipts.receipt(receipts.batch_of(row.pk, number))
    answer = HttpResponse(json.dumps(found, ensure_ascii=False, indent=1), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{found["batch"]}.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@own
def preserved(request: HttpRequest, row: Provider) -> HttpResponse:
    """List what is to be kept until when; say that something was destroyed once its time is over."""
    now = datetime.now(UTC)
    if request.method == "POST":
        chosen = [
            int(one) for one in request.POST.getlist("line")[:50] if one.isascii() and one.isdigit() and len(one) <= 18
        ]
        with hotline_transaction():
            if use_once(request.POST.get("once", ""), purpose=f"provider destroyed {row.pk}"):
                for line_id in chosen:
                    services.say_destroyed(line_id, provider_id=row.pk, actor=ACTOR, now=now)
        return _see(request.get_full_path())
    page, come = queries_lines.preserved(row.pk, request.GET.get("page")), trusted_now(now)
    rows = [(one, incident_of(one.batch_id, one.number), queries_lines.step_here(one, come)) for one in page.rows]
    values = {"page": page, "rows": [(one, incident, step, STEPS[step]) for one, incident, step in rows]}
    return _page(request, row, "own_preserved", values | {"some_over": any(step == "over" for _o, _i, step in rows)})
