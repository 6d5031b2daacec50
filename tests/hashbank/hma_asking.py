"""A client of HMA's routes in the tests: keys, the routes switched on, pictures."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from leeward.people.services.tokens import issue_token
from tests.hashbank.conftest import Desk
from tests.personas import Cast

ALL = ("read", "match", "curate")


class Program:
    """A program with a key, which asks below `/hma`."""

    def __init__(self, key: str, *, in_path: bool = False) -> None:
        self._client = Client(raise_request_exception=False)
        self._base = f"/hma/{key}" if in_path else "/hma"
        self._headers = {} if in_path else {"HTTP_AUTHORIZATION": f"Bearer {key}"}

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """One request; a dict is sent as JSON."""
        values: dict[str, Any] = {} if body is None else {"data": body, "content_type": "application/json"}
        return self._client.generic(method, self._base + path, **self._headers, **_json(values), **more)

    def get(self, path: str, query: dict[str, Any] | None = None) -> Any:
        return self._client.get(self._base + path, query or {}, **self._headers)

    def send(self, path: str, **fields: Any) -> Any:
        """A form with these files or texts."""
        return self._client.post(self._base + path, fields, **self._headers)


def _json(values: dict[str, Any]) -> dict[str, Any]:
    from json import dumps

    if isinstance(values.get("data"), dict | list):
        values["data"] = dumps(values["data"])
    return values


def photo(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.png", data, "image/png")


def program(cast: Cast, *scopes: str, name: str = "Coop", who: str = "adam", in_path: bool = False) -> Program:
    key = issue_token(name=name, scopes=scopes or ALL, actor=cast[who].actor)
    return Program(key, in_path=in_path)


@pytest.fixture
def open_routes(settings: Any) -> Callable[..., None]:
    """Switch the routes on, with more settings if wished."""

    def switch(**more: Any) -> None:
        settings.LEEWARD = settings.LEEWARD.model_copy(update={"hma": "token", **more})

    return switch


@pytest.fixture
def coop(cast: Cast, bank: Desk, open_routes: Callable[..., None]) -> Program:
    """A program with every scope, at the first of the two hotlines."""
    open_routes()
    return program(cast)
