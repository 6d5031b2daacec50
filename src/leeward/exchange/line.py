"""The guarded line to other hotlines' servers, and our own signature on what goes over it."""

import json
import secrets
from datetime import UTC, datetime

from django.conf import settings

from leeward.backup.queries import require_free
from leeward.exchange.errors import PeerSilent
from leeward.exchange.rules.cards import MOST_CARD
from leeward.exchange.rules.keys import private_key
from leeward.exchange.rules.signing import (
    NONCE_BYTES,
    Reply,
    Request,
    SignatureRefused,
    check_reply,
    key_id,
    sign_reply,
    sign_request,
)
from leeward.exchange.rules.wire import FAULTS
from leeward.foundation.http import Answer, Client, Limits, Policy
from leeward.hosting.queries import resolve
from leeward.hosting.services import hear_date
from leeward.installation.queries import config_now

JSON = {"content-type": "application/json"}
SECONDS = 30.0


def client() -> Client:
    """Return the guarded client: only with TLS, and nowhere into our own network, unless the settings allow it."""
    require_free()
    config = config_now()
    policy = Policy(
        schemes=("https", "http") if config.exchange_allow_http else ("https",),
        allowed_networks=config.fetch_allowed_networks,
        proxy=config.fetch_proxy,
        accept="application/json",
    )
    return Client(resolve, policy, Limits(max_bytes=MOST_CARD, seconds=SECONDS, max_redirects=0))


def own_private(hotline_id: int, serial: int) -> bytes:
    """Return one of a hotline's private keys."""
    return private_key(settings.LEEWARD.secret_bytes, hotline_id, serial)


def post_for_receipt(url: str, body: bytes, *, private: bytes, keys: list[bytes]) -> Reply:
    """Post a signed body and return the answer, which one of these public keys signed together with the request. Raises
    PeerSilent with what happened otherwise."""
    now = datetime.now(UTC)
    request = Request("POST", url, dict(JSON), body)
    sign_request(request, private, nonce=_nonce(), now=now)
    with client() as way:
        answer = way.post(url, body, headers=request.headers)
    if answer is None or answer.outcome != "answered":
        raise PeerSilent(why=answer.outcome if answer else "not_sent")
    hear_date(answer)
    return _receipt(answer, request, keys)


def signed_reply(reply: Reply, private: bytes) -> Reply:
    """Sign our answer to a peer's request."""
    sign_reply(reply, private, nonce=_nonce(), now=datetime.now(UTC))
    return reply


def _receipt(answer: Answer, request: Request, keys: list[bytes]) -> Reply:
    lowered = {name.lower(): value for name, value in request.headers.items()}
    signed = Request(request.method, request.url, lowered, request.body)
    reply = Reply(answer.status, signed, dict(answer.headers), answer.body)
    try:
        check_reply(reply, {key_id(key): key for key in keys}, datetime.now(UTC))
    except SignatureRefused as error:
        raise PeerSilent(why=f"{answer.status} {_refusal_code(answer.body) or error.code}") from error
    return reply


def _refusal_code(body: bytes) -> str:
    """Return the code that a refusal names, if it is one of ours: nobody signs a refusal, so it is for people to read only."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    code = found.get("code") if isinstance(found, dict) else None
    return code if isinstance(code, str) and code in FAULTS else ""


def _nonce() -> str:
    return secrets.token_hex(NONCE_BYTES)
