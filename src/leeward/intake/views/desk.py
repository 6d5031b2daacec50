"""The desk's pages of intake: the list of reports, one report, entering one, importing many."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from leeward.foundation.check_digit import in_groups
from leeward.foundation.errors import NotFound
from leeward.installation.queries import config_now
from leeward.intake import queries, services
from leeward.intake.errors import ListUnreadable
from leeward.intake.forms import CallForm, ListForm, QuestionForm, ReportForm
from leeward.intake.labels import KINDS, SOURCES, THREATS, URGENCIES, WHEN, cell_sentence, thing_label
from leeward.intake.queries.listed import reports_by_source
from leeward.intake.queries.wishes import asks_wish
from leeward.intake.rules import standing
from leeward.intake.rules.listed import COLUMNS
from leeward.intake.services import Imported
from leeward.intake.views import call_script
from leeward.people.access import actor_of, staff
from leeward.people.queries import own_name, portals_of, staff_names
from leeward.people.rules.permissions import may
from leeward.spool import where
from leeward.web_security.keys import is_form_key, new_form_key
from leeward.web_security.services import use_once

CHANGING = ["GET", "HEAD", "POST"]


def _hotline_id(request: HttpRequest) -> int:
    hotline_id = actor_of(request).hotline_id
    assert hotline_id is not None
    return hotline_id


@require_safe
@staff("report.read")
def show_reports(request: HttpRequest) -> HttpResponseBase:
    """List the hotline's reports, newest first, by source."""
    source = request.GET.get("source", "")
    source = source if source in SOURCES else ""
    page = reports_by_source(source, request.GET.get("page"))
    portals = {row.id: row for row in portals_of(_hotline_id(request))}
    zones = {row.time_zone for row in portals.values()}
    rows = [
        {
            "report": listed.report,
            "kind": KINDS.get(listed.report.kind, listed.report.kind),
            "source": SOURCES.get(listed.report.source, listed.report.source),
            "portal": portals[listed.report.portal_id].name,
            "more": listed.items - 1,
            "first": (listed.first.display or thing_label("words")) if listed.first else "",
        }
        for listed in page.rows
    ]
    context = {"page": page, "rows": rows, "source": source, "sources": SOURCES.items()}
    context |= {"time_zone": zones.pop()} if len(zones) == 1 else {}
    actor = actor_of(request)
    context |= {
        "may_enter": bool(may(actor, "report.enter", actor.hotline_id)),
        "may_edit_questions": bool(may(actor, "question.edit", actor.hotline_id)),
        "may_settle": where.is_apart() and bool(may(actor, "arrival.settle", actor.hotline_id)),
    }
    return render(request, "intake/desk_reports.html", context)


@require_http_methods(CHANGING)
@staff("report.read")
def show_report(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """Show one report with all later messages; POST asks the reporter a question."""
    report = queries.report(report_id)
    form = QuestionForm(request.POST if request.method == "POST" else None, initial={"once": new_form_key()})
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        if use_once(cleaned["once"], purpose=f"report.ask {report_id}"):
            services.ask_reporter(report_id, text=cleaned["text"], form=cleaned["form"], actor=actor_of(request))
        messages.success(request, gettext("The reporter will see the question with their receipt."))
        return redirect("intake-desk:show-report", report_id)
    names = staff_names(report.hotline_id)
    portal = next(row for row in portals_of(report.hotline_id) if row.id == report.portal_id)
    context = {
        "report": report,
        "kind": KINDS.get(report.kind, report.kind),
        "source": SOURCES.get(report.source, report.source),
        "urgency": URGENCIES.get(report.urgency, ""),
        "threat": THREATS.get(report.threat, ""),
        "when": WHEN.get(report.when_seen, report.when_seen),
        "portal_name": portal.name,
        "time_zone": portal.time_zone,
        "entered_by": names.get(report.entered_by or 0, ""),
        "items": [_item(item) for item in queries.items_of(report_id)],
        "said": [
            {"row": row, "by": names.get(row.asked_by or 0, ""), "text": queries.wording(row)[0]}
            for row in queries.messages_of(report_id)
        ],
        "reviews": queries.reviews_of(report_id),
        "form": form,
        "may_ask": bool(may(actor_of(request), "report.ask", report.hotline_id))
        and not (report.withdrawn_at or report.closed_at),
    }
    return render(request, "intake/desk_report.html", context)


def _item(item: queries.ItemRow) -> dict[str, Any]:
    sentence = standing.sentence(item.state, item.reason)
    return {"row": item, "kind": thing_label(item.kind), "sentence": gettext(sentence) if sentence else ""}


@require_http_methods(CHANGING)
@staff("report.enter")
def enter_report(request: HttpRequest) -> HttpResponseBase:
    """Enter a report that came some other way; its receipt is shown once, to be read out."""
    hotline_id = _hotline_id(request)
    first = {"once": new_form_key(), "language": "en", "source": "telephone"}
    portals = portals_of(hotline_id, with_records=False)
    asking = {row.id for row in portals if asks_wish(row)}
    form = ReportForm(portals, request.POST if request.method == "POST" else None, initial=first, asking=asking)
    if request.method != "POST" or not form.is_valid():
        return render(request, "intake/desk_enter.html", {"form": form})
    cleaned, portal = form.cleaned_data, form.chosen_portal
    received = services.enter_report(
        form.draft(),
        hotline_id=hotline_id,
        portal_id=portal.id,
        source=cleaned["source"],
        language=cleaned["language"],
        actor=actor_of(request),
        form_key=cleaned["once"],
        received_at=cleaned["received_at"],
    )
    return render(
        request, "intake/desk_entered.html", {"report_id": received.report_id, "groups": in_groups(received.receipt)}
    )


@require_http_methods(CHANGING)
@staff("report.enter")
def take_call(request: HttpRequest) -> HttpResponseBase:
    """Take down a report while its reporter is on the telephone, by the script; then what they hear, with their receipt."""
    hotline_id, sent = _hotline_id(request), request.method == "POST"
    portals = portals_of(hotline_id, with_records=False)
    wanted = request.POST if sent else request.GET
    portal = next((row for row in portals if str(row.id) == wanted.get("portal")), portals[0] if portals else None)
    if portal is None:
        raise NotFound(what=gettext("portal"))
    installed = dict(settings.LANGUAGES)
    offered = [tag for tag in portal.languages if tag in installed] or [settings.LANGUAGE_CODE]
    language = wanted.get("language", "")
    language = language if language in offered else offered[0]
    first = {"once": new_form_key(), "portal": portal.id, "language": language}
    form = CallForm(
        portals, request.POST if sent else None, initial=first, asking={portal.id} if asks_wish(portal) else ()
    )
    if not sent or not form.is_valid():
        context = {
            "form": form,
            "portal_of_call": portal,
            "portals": portals,
            "languages": [(tag, own_name(tag)) for tag in offered],
            "language": language,
            "script": call_script.questions(portal, language, days=config_now().contact_days),
        }
        return render(request, "intake/desk_call.html", context)
    received = services.enter_report(
        form.draft(),
        hotline_id=hotline_id,
        portal_id=portal.id,
        source="telephone",
        language=language,
        actor=actor_of(request),
        form_key=form.cleaned_data["once"],
    )
    ending = call_script.ending(portal, language, queries.report(received.report_id))
    context = {
        "report_id": received.report_id,
        "groups": [" ".join(group) for group in in_groups(received.receipt)],
        "ending": ending,
        "language": language,
    }
    return render(request, "intake/desk_called.html", context)


@require_http_methods(CHANGING)
@staff("report.enter")
def import_reports(request: HttpRequest) -> HttpResponseBase:
    """Import a list of reports: first a preview line by line, then, with a second button, the reports."""
    hotline_id = _hotline_id(request)
    sent = request.method == "POST"
    form = ListForm(
        portals_of(hotline_id, with_records=False),
        request.POST if sent else None,
        request.FILES if sent else None,
        initial={"once": new_form_key(), "source": "csv"},
    )
    if not sent or not form.is_valid():
        return _list_page(request, form, None)
    if not is_form_key(form.cleaned_data["once"]):
        form.add_error(None, gettext("This form was open too long or was not complete. Open the page again."))
        return _list_page(request, form, None)
    try:
        imported = services.import_reports_csv(
            form.cleaned_data["text"],
            hotline_id=hotline_id,
            portal_id=form.chosen_portal.id,
            source=form.cleaned_data["source"],
            actor=actor_of(request),
            form_key=form.cleaned_data["once"],
            dry_run="import" not in request.POST,
        )
    except ListUnreadable as error:
        form.add_error("file", f"{error.text} {error.hint}")
        return _list_page(request, form, None)
    if "import" not in request.POST:
        return _list_page(request, form, imported)
    count = len(imported.report_ids)
    if count:
        text = ngettext("%(count)s report was imported.", "%(count)s reports were imported.", count)
        messages.success(request, text % {"count": count})
    else:
        messages.warning(
            request, gettext("Nothing was imported: this list was already sent, or no line of it is valid.")
        )
    return redirect("intake-desk:show-reports")


def _list_page(request: HttpRequest, form: ListForm, imported: Imported | None) -> HttpResponse:
    lines = [
        {
            "line": line,
            "first": line.draft.items[0].display or line.draft.text[:80],
            "more": len(line.draft.items) - 1,
            "kind": KINDS.get(line.draft.kind, line.draft.kind),
            "problems": [cell_sentence(column, code) for column, code in line.problems],
        }
        for line in (imported.lines if imported else [])
    ]
    context = {"form": form, "columns": COLUMNS, "imported": imported, "lines": lines}
    return render(request, "intake/desk_import.html", context)
