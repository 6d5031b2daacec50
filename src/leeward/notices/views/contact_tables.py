"""The directory as a table: CSV export, and import with a preview of what would change."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from leeward.audit.services import hotline_transaction
from leeward.notices import queries, services
from leeward.notices.forms import ContactForm
from leeward.notices.models import CONTACT_KINDS
from leeward.notices.queries.directory import as_they_are, compared, table_of
from leeward.notices.queries.labels import CONTACT_KINDS as KIND_WORDS
from leeward.notices.queries.labels import ENTRIES_WAIT
from leeward.notices.recipients import is_mail_address
from leeward.notices.rules.contact_csv import (
    COLUMNS,
    MEASURED,
    MOST_LETTERS,
    NotATable,
    is_yes,
    read_table,
    write_table,
)
from leeward.notices.rules.plain_text import one_line
from leeward.people.access import actor_of, demand_as_shown, staff
from leeward.people.rules.reading import mark_of
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once

MOST_EXPORTED = 100_000
SHOWN = 200


@require_POST
@staff("contact.edit")
def export(request: HttpRequest) -> HttpResponse:
    """Export the contacts that the list shows as CSV; the log records it."""
    kind = request.POST.get("kind", "")
    found = queries.contacts(
        search=request.POST.get("q", "").strip()[:100],
        kind=kind if kind in CONTACT_KINDS else "",
        bounced=request.POST.get("bounced") == "yes",
    )
    # A table can't say “unconfirmed”: whoever imported it would write to contacts that nobody has confirmed.
    rows = list(table_of(found.filter(unconfirmed=False)[:MOST_EXPORTED]))
    actor = actor_of(request)
    services.note_export(len(rows), hotline_id=actor.hotline_id or 0, actor=actor)
    response = HttpResponse(write_table((*COLUMNS, *MEASURED), rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="contacts.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@staff("contact.edit")
def take_in(request: HttpRequest) -> HttpResponse:
    """Choose a table, preview the changes, import it."""
    if request.method != "POST":
        return _page(request, "")
    text = _sent(request)
    try:
        table = read_table(text)
    except NotATable as error:
        return _page(request, text, problem=_("This is not a table of contacts: %(why)s.") % {"why": error.why})
    forms = [_form(row) for row in table]
    wrong = [(number, form) for number, form in enumerate(forms, 2) if not _is_good(form)]
    if not table or wrong or request.POST.get("act") != "take":
        return _preview(request, text, forms, wrong)
    with hotline_transaction():
        if use_once(request.POST.get("once", ""), purpose="contacts:import"):
            actor = actor_of(request)
            details = [_details(form) for form in forms]
            demand_as_shown(request, _mark_of(details))
            added, changed = services.import_contacts(details, hotline_id=actor.hotline_id or 0, actor=actor)
            message = _("%(added)s added, %(changed)s changed.") % {"added": added, "changed": changed}
            flash.success(request, message)
            entries = [f"{one.kind}/{one.country}/{one.email}" for one in details]
            waiting = queries.entries_waiting(entries, actor.hotline_id or 0)
            if waiting:
                flash.warning(request, ENTRIES_WAIT % {"entries": ", ".join(waiting)})
    return redirect("notices_desk:list-contacts")


def _sent(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is not None and not isinstance(file, list):
        return str(file.read(MOST_LETTERS * 4 + 1), "utf-8-sig", "replace")
    return request.POST.get("text", "")


def _form(row: dict[str, str]) -> ContactForm:
    retired = "on" if is_yes(row["retired"]) else ""
    return ContactForm({**row, "kind": row["kind"].lower(), "retired": retired, "service": row["service"].lower()})


def _is_good(form: ContactForm) -> bool:
    if form.is_valid() and not is_mail_address(form.cleaned_data["email"].strip().lower()):
        form.add_error("email", _("This is not an e-mail address that we can send to."))
    return form.is_valid()


def _details(form: ContactForm) -> services.ContactDetails:
    values = form.cleaned_data
    return services.ContactDetails(
        kind=values["kind"],
        country=values["country"].upper(),
        name=one_line(values["name"], 120),
        email=values["email"].strip().lower(),
        languages=values["languages"],
        retired=values["retired"],
        service=(values["service"] if values["kind"] == "protection" else "") or None,
    )


def _preview(
    request: HttpRequest, text: str, forms: list[ContactForm], wrong: list[tuple[int, ContactForm]]
) -> HttpResponse:
    faults = [
        {"line": number, "problems": "; ".join(str(one) for found in form.errors.values() for one in found)}
        for number, form in wrong[:SHOWN]
    ]
    rows: list[dict[str, object]] = []
    counts = {"new": 0, "changed": 0, "same": 0}
    if not wrong:
        details = [_details(form) for form in forms]
        keys = [
            (one.kind, one.country, one.email, one.name, one.languages, one.retired, one.service) for one in details
        ]
        for one, change in zip(details, compared(keys), strict=True):
            counts[change] += 1
            if change != "same" and len(rows) < SHOWN:
                rows.append({"row": one, "change": change, "kind": KIND_WORDS[one.kind]})
    problem = "" if forms else _("The table has no rows.")
    if wrong:
        problem = ngettext(
            "%(count)s row can’t be imported. Nothing was changed.",
            "%(count)s rows can’t be imported. Nothing was changed.",
            len(wrong),
        ) % {"count": len(wrong)}
    return _page(
        request,
        text,
        problem=problem,
        faults=faults,
        rows=rows,
        counts=counts,
        ready=bool(forms) and not wrong,
        seen="" if wrong else _mark_of([_details(form) for form in forms]),
    )


def _mark_of(details: list[services.ContactDetails]) -> str:
    """Return a mark of what a table would change, entry by entry as each is now."""
    return mark_of(details, as_they_are([one.email for one in details]))


def _page(request: HttpRequest, text: str, *, problem: str = "", **more: object) -> HttpResponse:
    values = {"text": text, "problem": problem, "once": new_form_key(), "columns": ", ".join(COLUMNS), **more}
    return render(request, "notices/import_contacts.html", values, status=422 if problem else 200)
