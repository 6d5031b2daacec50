"""The API under /api/v1: joins the routers of the slices, and answers every error as problem+json (RFC 9457)."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from leeward import __version__
from leeward.foundation.errors import LeewardError

PROBLEM = "application/problem+json"
# Path -> the slice's router.
ROUTERS: dict[str, str] = {
    "/check": "leeward.hashbank.uploads.api.router",
    "/exports": "leeward.outputs.api.router",
    "/feeds": "leeward.blocklist.publishing.api.router",
    "/figures": "leeward.indicators.api.router",
    "/hash-lists": "leeward.hashbank.lists.api.router",
    "/own-pictures": "leeward.hashbank.own_pictures.api.router",
    "/intake": "leeward.intake.api.router",
    "/law": "leeward.laws.api.router",
    "/police": "leeward.hashbank.police.api.router",
    "/provider": "leeward.providers.api.router",
}


# Every operation may answer so, whatever its own answers are.
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "What is wrong, in the form of RFC 9457.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "One sentence, for people."},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable, for programs."},
        "detail": {"type": "string", "description": "What to do; may be empty."},
        "errors": {"type": "array", "items": {"type": "object"}, "description": "Which parts can’t be read."},
    },
}


class Api(NinjaAPI):
    """The API, in whose document each operation has its errors too."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        """Return the document; see `NinjaAPI`."""
        found = super().get_openapi_schema(**given)
        found["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for operations in found["paths"].values():
            for operation in operations.values():
                answers = {str(status): answer for status, answer in operation["responses"].items()}
                refused = {status: {"description": why, "content": content} for status, why in _refusals(operation)}
                operation["responses"] = dict(sorted((refused | answers).items())) | {
                    "default": {"description": "It was refused.", "content": content}
                }
        return found


def _refusals(operation: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the statuses by which an operation refuses, whatever it does, each with its reason."""
    places = {one["in"] for one in operation.get("parameters", ())}
    if operation.get("security"):
        yield "401", "The key is missing, wrong or withdrawn."
        yield "403", "The key is not for this."
        yield "429", "That is more than this key may ask for now."
    if "path" in places:
        yield "404", "There is nothing at this address."
    if places or "requestBody" in operation:
        yield "422", "A part of the request can’t be read."


def make() -> NinjaAPI:
    """Return the API with every slice's router."""
    api = Api(
        title="Leeward",
        version=__version__,
        description="Keys come from the hotline and go into the header: `Authorization: Bearer KEY`. "
        "Errors are problem+json with a stable `code`, one sentence and a hint.",
        docs_url=None,  # nothing external is loaded; docs/reference/openapi.json is the same for reading
        urls_namespace="api",
    )
    for path, router in ROUTERS.items():
        api.add_router(path, router)
    api.add_exception_handler(LeewardError, _leeward)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(Http404, _missing)
    return api


def problem(status: int, *, code: str, title: str, detail: str = "", **more: Any) -> HttpResponse:
    """Return an error as problem+json."""
    body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail, **more}
    response = HttpResponse(json.dumps(body), status=status, content_type=PROBLEM)
    response["Cache-Control"] = "no-store"
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _leeward(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status, code=error.code, title=error.text, detail=str(error.hint))


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """Return which part of the request is invalid and why; never the submitted value."""
    found = [{"where": ".".join(map(str, one["loc"])), "why": one["msg"]} for one in error.errors[:20]]
    title = f"{found[0]['where']} can't be read: {found[0]['why']}." if found else "The request can't be read."
    return problem(422, code="bad_input", title=title, detail="Correct it and try again.", errors=found)


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status_code, code="bad_input", title=str(error), detail="Correct it and try again.")


def _missing(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(404, code="not_found", title="There is nothing at this address.", detail="See openapi.json.")


api = make()
