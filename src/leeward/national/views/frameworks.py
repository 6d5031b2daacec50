"""Frameworks on the desk: which there are, one more uploaded, and each as a file."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import NotFound
from leeward.national import queries, services
from leeward.national.errors import FrameworkExists, FrameworkUnusable, TooManyFrameworks
from leeward.national.forms import FrameworkForm
from leeward.national.framework_files import decoded, schema_text, shipped_text
from leeward.national.rules.framework import MOST_BYTES
from leeward.people.access import actor_of, staff
from leeward.web_security.keys import new_form_key
from leeward.web_security.services import use_once


@require_http_methods(["GET", "HEAD", "POST"])
@staff("response.edit")
def frameworks(request: HttpRequest) -> HttpResponse:
    """List the frameworks; POST takes one in from a file."""
    form = FrameworkForm(request.POST, request.FILES) if request.method == "POST" else FrameworkForm()
    if request.method == "POST" and form.is_valid():
        actor = actor_of(request)
        try:
            text = decoded(form.cleaned_data["file"].read(MOST_BYTES + 1))
            with hotline_transaction():
                if use_once(request.POST.get("once", ""), purpose="response:framework"):
                    services.add_framework(text, hotline_id=actor.hotline_id or 0, actor=actor)
                    flash.success(request, _("The framework can be used now."))
            return redirect("national:list-frameworks")
        except (FrameworkUnusable, FrameworkExists, TooManyFrameworks) as error:
            form.add_error("file", error.text)
    values = {"rows": queries.frameworks(), "form": form, "once": new_form_key()}
    return render(request, "national/frameworks.html", values, status=422 if form.errors else 200)


@require_safe
@staff("response.edit")
def download(request: HttpRequest, name: str) -> HttpResponse:
    """Download a framework by its number, the shipped one as `example`, or the `schema`."""
    if name == "schema":
        return _file(schema_text(), "application/json", "framework-schema.json")
    text = shipped_text() if name == "example" else _text(name)
    if text is None:
        raise NotFound(what=_("framework"))
    return _file(text, "application/yaml", f"framework-{name}.yaml")


def _text(name: str) -> str | None:
    return queries.framework_text(int(name)) if name.isascii() and name.isdigit() and len(name) < 19 else None


def _file(text: str, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
