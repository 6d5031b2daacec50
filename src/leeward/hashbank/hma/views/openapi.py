"""The OpenAPI document of the routes."""

from typing import Any

from leeward.hashbank.hma.views.routes import ROUTES, Route

_BODIES = {
    "json": ("application/json",),
    "form": ("multipart/form-data",),
    "either": ("application/json", "multipart/form-data"),
}
_FIELDS = {
    "application/json": {"type": "object"},
    "multipart/form-data": {
        "type": "object",
        "properties": {name: {"type": "string", "format": "binary"} for name in ("photo", "video")},
    },
}
_CREATES = {"/c/banks", "/c/exchanges"}


def document() -> dict[str, Any]:
    """The document as plain data."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(_path(route), {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Leeward for HMA clients", "version": "1"},
        "paths": paths,
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }


def _path(route: Route) -> str:
    return route.path.replace("<", "{").replace(">", "}")


def _operation(route: Route) -> dict[str, Any]:
    places = [part[1:-1] for part in route.parts if part.startswith("<")]
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": _type(name)}} for name in places
    ] + [{"name": name, "in": "query", "schema": {"type": "string"}} for name in route.takes]
    status = "201" if route.method == "POST" and route.path in _CREATES else "200"
    answers: dict[str, Any] = {status: {"description": _summary(route)}}
    if route.needs:
        answers["401"] = {"description": f"No key with the scope {route.needs}; plain text."}
        answers["400"] = {"description": "What was sent can't be used; an object with message."}
        answers["503"] = {"description": "Not at present; plain text."}
    made: dict[str, Any] = {
        "operationId": f"{route.method.lower()}_{'_'.join(part.strip('<>').replace('.', '_').replace('-', '_') for part in route.parts)}",
        "summary": _summary(route),
        "parameters": parameters,
        "responses": answers,
        "security": [{"key": []}] if route.needs else [],
    }
    if route.sends:
        made["requestBody"] = {"content": {kind: {"schema": _FIELDS[kind]} for kind in _BODIES[route.sends]}}
    return made


def _type(name: str) -> str:
    return "integer" if name == "content_id" else "string"


def _summary(route: Route) -> str:
    words = (route.view.__doc__ or "") if route.view else "What this server answers about itself."
    return " ".join(words.split())
