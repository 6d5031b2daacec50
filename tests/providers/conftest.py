"""A provider of the hotline of Jamaica, with a key and a key of the sandbox, and what it sends."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django_scopes import scope

from leeward.people.models import ApiToken
from leeward.people.rules.tokens import digest_of, new_key
from leeward.providers.models import Provider, ProviderKey
from leeward.providers.queries.providers import mark_of_provider
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on
from tests.personas import Cast

SHA256 = "ab" * 32
# One moment for all lines: a line with another second in it is another line, and no repeat of the first.
KNOWN_AT = (datetime.now(UTC) - timedelta(hours=2)).replace(microsecond=0)


def line(number: int = 1, **more: Any) -> dict[str, Any]:
    """One first report."""
    return {
        "reference": f"R-{number}",
        "known_at": KNOWN_AT.isoformat(),
        "addresses": [f"https://pictures.example/a/{number}"],
        "files": [{"hashes": {"sha256": f"{number:064x}"}}],
    } | more


def as_lines(*found: Any) -> bytes:
    """JSON lines; bytes stand as they are."""
    return b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in found) + b"\n"


@dataclass
class Program:
    """A provider with its program."""

    cast: Cast
    provider: Provider
    key: str
    sandbox: str

    def post(
        self, body: bytes, *, once: str = "a-key-of-sixteen-1", key: str = "", kind: str = "application/x-ndjson"
    ) -> Any:
        """Send a batch; the answer has `.data`."""
        answer: HttpResponse = Client().post(
            "/api/v1/provider/reports", body, content_type=kind,
            headers={"Authorization": f"Bearer {key or self.key}", "Idempotency-Key": once},
        )  # fmt: skip
        answer.data = json.loads(answer.content)
        return answer

    def get(self, path: str, key: str = "") -> Any:
        """Ask for something of the API."""
        answer = Client().get(f"/api/v1/provider/{path}", headers={"Authorization": f"Bearer {key or self.key}"})
        answer.data = json.loads(answer.content)
        return answer


@pytest.fixture
def here(cast: Cast) -> Iterator[Cast]:
    """The cast, in the scope of its hotline."""
    with scope(hotline=cast.hotline_id):
        yield cast


def make_provider(cast: Cast, **more: Any) -> Provider:
    """A provider that was approved."""
    values = {
        "legal_name": "Harbour Pictures Ltd", "kind": "platform", "countries": ["JM"], "security_email": "safety@harbour.example",
        "state": "approved", "asked_at": datetime.now(UTC),
    }  # fmt: skip
    made: Provider = Provider.objects.create(hotline_id=cast.hotline_id, portal_id=cast.portal_id, **(values | more))
    return made


def make_key(provider: Provider, *, is_sandbox: bool = False) -> str:
    """A key of a provider."""
    key = new_key()
    token = ApiToken.objects.create(
        hotline_id=provider.hotline_id, name="Harbour", scopes=["provider"], digest=digest_of(key) or ""
    )
    ProviderKey.objects.create(
        hotline_id=provider.hotline_id, provider=provider, token=token, is_sandbox=is_sandbox, made_at=datetime.now(UTC)
    )
    return key


@pytest.fixture
def program(here: Cast) -> Program:
    """A provider’s program with both keys."""
    provider = make_provider(here)
    return Program(here, provider, make_key(provider), make_key(provider, is_sandbox=True))


def mark_of(provider_id: int) -> str:
    """The mark of a provider's page as it is now."""
    return mark_of_provider(Provider.objects.get(pk=provider_id))


def form_on(client: Client, path: str, **typed: str) -> dict[str, str]:
    """What a form on a provider's page of the desk sends, opened now and sent when the test likes."""
    return {"once": new_form_key(), "seen": seen_on(client.get(path).content.decode())} | typed


def press(client: Client, path: str, **typed: str) -> Any:
    """Open a provider's page of the desk and send a form of it."""
    return client.post(path, form_on(client, path, **typed))
