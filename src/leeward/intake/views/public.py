"""What every public page of a portal does first: find the portal, enter its hotline's scope, refuse files; and give back what could not
be kept."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods
from django_scopes import scope

from leeward.intake.labels import problem_sentence
from leeward.intake.rules.draft import Problem
from leeward.intake.views.not_kept import NotKept, not_kept
from leeward.people.queries import PortalRow
from leeward.web_security.keys import is_form_key, new_form_key

_SENT = "leeward.file_was_sent"


class _DropFiles(FileUploadHandler):
    """Notes that a file was uploaded and drops it unread: nothing of it is ever kept, not even in memory. It doesn't know the request,
    which knows it: in a circle, what was typed would stay in memory until the collector of garbage comes."""

    def __init__(self, notes: dict[str, Any]) -> None:
        super().__init__()
        self._notes = notes

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self._notes[_SENT] = True
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make `view(request, portal)` a public page of a portal: GET shows, POST acts, 404 if there is no such portal. What
    else its path names comes as further arguments.
    """

    @wraps(view)
    def shown(request: HttpRequest, portal: str, **more: str) -> HttpResponse:
        row: PortalRow | None = getattr(request, "portal", None)
        if row is None or row.slug != portal:
            raise Http404
        if request.method == "POST":
            request.upload_handlers = [_DropFiles(request.META)]
        with scope(hotline=row.hotline_id):
            try:
                return view(request, row, **more)
            except NotKept:
                return not_kept(request)

    return require_http_methods(["GET", "HEAD", "POST"])(shown)


def file_was_sent(request: HttpRequest) -> bool:
    """Return whether somebody tried to upload a file; call it after reading `request.POST`."""
    return bool(request.META.get(_SENT))


def good_key(key: str) -> str:
    """Return the form's key as submitted, or a fresh one if it can't be ours."""
    return key if is_form_key(key) else new_form_key()


def summary(problems: list[Problem], ids: dict[str, str]) -> list[dict[str, str]]:
    """Return the lines of the error summary: each problem's sentence, and the field it links to."""
    return [
        {"sentence": problem_sentence(problem.code, problem.values), "id": ids.get(problem.name, "")}
        for problem in problems
    ]


def by_field(problems: list[Problem]) -> dict[str, str]:
    """Return the sentence beside each field that has a problem."""
    return {problem.name: problem_sentence(problem.code, problem.values) for problem in reversed(problems)}
