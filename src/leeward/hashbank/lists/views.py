"""The desk's pages about lists: imports, publications and who fetches them."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leeward.hashbank import labels, queries
from leeward.people.access import actor_of, staff
from leeward.people.rules.permissions import acts_of
from leeward.web_security.paging import page_of


@require_GET
@staff("hash.read")
def imports(request: HttpRequest) -> HttpResponse:
    """List every import, and those that wait for a person."""
    values = {
        "page": page_of(queries.imports(), request.GET.get("page")),
        "waiting": queries.uploads_waiting(),
        "may_exchange": "hash.exchange" in acts_of(actor_of(request).roles),
    }
    return render(request, "hashbank/imports.html", values)


@require_GET
@staff("hash.read")
def show_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """Show one import: its origin, what it changed, what could not be used and why."""
    row = queries.import_row(import_id)
    values = {"row": row, "has_errors": queries.has_errors(row), "second_name": queries.second_name(row)}
    return render(request, "hashbank/import.html", values)


@require_GET
@staff("hash.read")
def import_errors(request: HttpRequest, import_id: int) -> FileResponse:
    """Download every error of an import as a table."""
    path = queries.errors_of_import(import_id)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"import-{import_id}-errors.csv")


@require_GET
@staff("hash.exchange")
def list_readers(request: HttpRequest) -> HttpResponse:
    """Show the lists for subscribers and what each key holds of them; problems come first."""
    page = page_of(queries.readers(), request.GET.get("page"))
    rows = [
        {
            "row": row,
            "alarm": labels.ALARMS.get(row.alarm, ""),
            "refusal": labels.REFUSALS.get(row.failure, "") if row.failed_at else "",
        }
        for row in queries.reader_rows(page.rows)
    ]
    return render(request, "hashbank/readers.html", {"page": page, "rows": rows, "lists": queries.lists()})
