"""`/c/exchange…`, `/c/signal_type`, `/c/content_type`: the exchanges that programs ask for, and what can be hashed
here.

A program can ask for an exchange, but credentials and the agreement behind them belong to the hotline, so none are
accepted here.
"""

from typing import Any

from django.http import HttpRequest

from leeward.foundation.patterns import Pattern
from leeward.hashbank.hma import queries, reading, services
from leeward.hashbank.hma.asking import Asker
from leeward.hashbank.hma.errors import HmaRefusal, IllTyped, MissingRole
from leeward.hashbank.hma.views.banks import MOST_NAME

_NAME = Pattern(r"[A-Z0-9_]+")


def _field(name: str, kind: str, words: str, *, required: bool = True) -> dict[str, Any]:
    return {"name": name, "type": kind, "required": required, "default": None, "help": words, "choices": None}


_CONFIG = {
    "fb_threatexchange": [_field("privacy_group", "number", "The number of the privacy group.")],
    "ncmec": [
        _field("environment", "string", "The address of the service."),
        _field("only_esp_ids", "set_of_number", "Only what these members say.", required=False),
    ],
    "stop_ncii": [],
    "sample": [],
}
_CREDENTIALS = {
    "fb_threatexchange": [_field("api_token", "string", "The token of the application.")],
    "ncmec": [_field("user", "string", "The user's name."), _field("password", "string", "The password.")],
    "stop_ncii": [
        _field("fetch_function_key", "string", "The key for fetching."),
        _field("subscription_key", "string", "The key of the subscription."),
    ],
}
APIS = tuple(_CONFIG)


def list_apis(_request: HttpRequest, _asker: Asker) -> list[str]:
    """List the kinds of exchange."""
    return list(APIS)


def get_api(_request: HttpRequest, _asker: Asker, api: str) -> dict[str, Any]:
    """Return whether a kind of exchange needs credentials; none are ever set here."""
    _known(api, 400)
    return {"supports_authentification": api in _CREDENTIALS, "has_set_authentification": False}


def set_api(request: HttpRequest, asker: Asker, api: str) -> dict[str, Any]:
    """Refuse credentials: people of the hotline set them where the agreement is recorded."""
    body = reading.body_of(request)
    if body.get("credential_json"):
        _known(api, 400)
        raise MissingRole("credentials are set by people of the hotline, with the agreement behind them")
    return get_api(request, asker, api)


def api_schema(_request: HttpRequest, _asker: Asker, api: str) -> dict[str, Any]:
    """Return the settings of a kind of exchange."""
    _known(api, 404)
    credentials = {"fields": _CREDENTIALS[api]} if api in _CREDENTIALS else None
    return {"config_schema": {"fields": _CONFIG[api]}, "credentials_schema": credentials}


def _known(api: str, status: int) -> None:
    if api not in _CONFIG:
        raise HmaRefusal(f"no such exchange api: '{api[:40]}'", status)


def list_exchanges(_request: HttpRequest, _asker: Asker) -> list[str]:
    """List the exchanges that programs asked for."""
    return queries.exchanges()


def create_exchange(request: HttpRequest, asker: Asker) -> tuple[int, dict[str, Any]]:
    """Ask for an exchange and create its bank. Nothing is fetched until people of the hotline have set it up."""
    body = reading.body_of(request)
    name, api, given = body.get("bank"), body.get("api"), body.get("api_json") or {}
    if not isinstance(name, str) or not _NAME.fullmatch(name) or len(name) > MOST_NAME:
        raise HmaRefusal(f"bank is a name of capital letters, digits and _, at most {MOST_NAME}")
    if not isinstance(api, str) or not isinstance(given, dict):
        raise HmaRefusal("api is a text and api_json an object")
    _known(api, 400)
    wanted = {field["name"] for field in _CONFIG[api]}
    unknown = sorted(set(given) - wanted - {"enabled"})
    if unknown or not reading.is_keepable(given) or len(str(given)) > 2_000:
        raise HmaRefusal(f"api_json has {', '.join(sorted({*wanted, 'enabled'}))} only")
    services.ask_for_exchange(name, api, given, asker=asker)
    return 201, {"message": "The exchange is noted; people of the hotline decide whether anything is fetched."}


def get_exchange(_request: HttpRequest, _asker: Asker, exchange: str) -> dict[str, Any]:
    """Show an exchange with its settings."""
    return queries.exchange_named(exchange).as_json


def change_exchange(request: HttpRequest, asker: Asker, exchange: str) -> dict[str, Any]:
    """Set whether an exchange is still wanted."""
    body = reading.body_of(request)
    if "enabled" not in body:
        raise IllTyped("body", "enabled", "missing", "Field required")
    enabled = reading.truth_of(body["enabled"], "body", "enabled")
    return services.change_exchange(exchange, enabled=enabled, asker=asker).as_json


def delete_exchange(_request: HttpRequest, asker: Asker, exchange: str) -> dict[str, Any]:
    """Delete an exchange and its bank; succeeds also where there is none."""
    services.delete_exchange(exchange, asker=asker)
    return {"message": "Done"}


def exchange_status(_request: HttpRequest, _asker: Asker, exchange: str) -> dict[str, Any]:
    """Return the status of an exchange."""
    return queries.exchange_status(queries.exchange_named(exchange))


def list_signal_types(_request: HttpRequest, _asker: Asker) -> list[dict[str, Any]]:
    """List the kinds of hashes that can be looked up."""
    return [{"name": name, "enabled_ratio": 1.0} for name in reading.SIGNALS]


def change_signal_type(_request: HttpRequest, _asker: Asker, kind: str) -> dict[str, Any]:
    """Refuse: a program cannot switch off a kind of hash."""
    reading.kind_of(kind)
    raise MissingRole("a kind of hash can't be switched off by a program")


def list_content_types(_request: HttpRequest, _asker: Asker) -> list[dict[str, Any]]:
    """List the kinds of content that can be hashed."""
    return [{"name": name, "enabled": True} for name in reading.OF_CONTENT]
