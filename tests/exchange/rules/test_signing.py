"""Signatures over HTTP: the RFC's own vectors, and that nothing altered, old or foreign passes."""

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.exchange.rules import signing
from leeward.exchange.rules.signing import Reply, Request, SignatureRefused, check_reply, check_request, key_id

NOW = datetime(2026, 11, 28, 4, 30, tzinfo=UTC)
ONE, ANOTHER = bytes(range(32)), bytes(range(1, 33))
NONCE = "0123456789abcdef"
URL = "https://hotline.example/exchange/messages"
# RFC 9421, B.1.4 and B.2.6.
RFC_PRIVATE = "n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU="
RFC_PUBLIC = "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
RFC_SIGNATURE = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
RFC_INPUT = '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"'
RFC_DIGEST = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"


def public_of(private: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


KEYS = {key_id(public_of(ONE)): public_of(ONE)}


def signed(body: bytes = b'{"a": 1}', *, private: bytes = ONE, at: datetime = NOW, nonce: str = NONCE) -> Request:
    """A request as it arrives: the names of its headers in lower case."""
    request = Request("POST", URL, {"content-type": "application/json"}, body)
    signing.sign_request(request, private, nonce=nonce, now=at)
    return replace(request, headers={name.lower(): value for name, value in request.headers.items()})


def rfc_request() -> Request:
    headers = {
        "date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "content-type": "application/json",
        "content-digest": RFC_DIGEST,
        "content-length": "18",
    }
    return Request("POST", "https://example.com/foo?param=Value&Pet=dog", headers, b'{"hello": "world"}')


def test_the_vectors_of_the_rfc_are_verified_and_made_again() -> None:
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(RFC_PRIVATE))
    assert base64.b64encode(private.public_key().public_bytes_raw()).decode() == RFC_PUBLIC
    resolver = MappingKeyResolver(
        public_keys={"test-key-ed25519": private.public_key()}, private_keys={"test-key-ed25519": private}
    )
    made = rfc_request()
    HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=resolver).sign(
        made,
        key_id="test-key-ed25519",
        created=datetime.fromtimestamp(1618884473, UTC),
        label="sig-b26",
        include_alg=False,
        use_existing_digest=True,
        covered_component_ids=("date", "@method", "@path", "@authority", "content-type", "content-length"),
    )
    assert made.headers["Signature"] == f"sig-b26=:{RFC_SIGNATURE}:"
    assert made.headers["Signature-Input"] == f"sig-b26={RFC_INPUT}"
    verifier = signing._Verifier(signature_algorithm=ED25519, key_resolver=resolver)
    assert verifier.verify(made, max_age=None)[0].parameters["created"] == 1618884473
    assert verifier.content_digest_class.verify_components({'"content-digest"': RFC_DIGEST}, made.body)


def test_a_good_request_says_whose_it_is() -> None:
    found = check_request(signed(), KEYS, NOW)
    assert (found.key_id, found.nonce, found.at) == (key_id(public_of(ONE)), NONCE, NOW)
    assert signing.claimed_key(signed().headers) == found.key_id
    assert signing.claimed_key({}) == signing.claimed_key({"signature-input": "x"}) == ""
    assert signing.claimed_key({"signature-input": 'a=();keyid="one", b=();keyid="two"'}) == "one"
    assert signed().headers["signature"].startswith("leeward="), "what other software may look for"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"body": b'{"a": 2}'}, "signature_wrong"),
        ({"body": b""}, "signature_wrong"),
        ({"url": URL + "?x=1"}, "signature_wrong"),
        ({"url": URL.replace("hotline", "other")}, "signature_wrong"),
        ({"method": "PUT"}, "signature_wrong"),
        ({"headers": {}}, "signature_missing"),
        (
            {"headers": signed().headers | {"signature": signed().headers["signature"].ljust(signing.MOST_HEADER + 1)}},
            "signature_wrong",
        ),
    ],
)
def test_what_was_altered_is_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(SignatureRefused) as refused:
        check_request(replace(signed(), **change), KEYS, NOW)  # type: ignore[arg-type]
    assert refused.value.code == str(refused.value) == code


def test_a_header_may_be_as_long_as_its_limit() -> None:
    request = signed()
    request.headers["signature"] = request.headers["signature"].ljust(signing.MOST_HEADER)
    assert check_request(request, KEYS, NOW).nonce == NONCE


def test_one_request_has_one_signature() -> None:
    """Of two, each good, nobody could say which of their nonces was spent."""
    request = signed()
    for name in ("signature", "signature-input"):
        text = request.headers[name]
        request.headers[name] = f"{text}, {text.replace(signing.LABEL, 'again', 1)}"
    with pytest.raises(SignatureRefused) as refused:
        check_request(request, KEYS, NOW)
    assert refused.value.code == "signature_wrong"


def test_a_key_that_this_machine_can_t_read_is_an_unknown_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "Ed25519PublicKey", Mock(from_public_bytes=Mock(side_effect=UnsupportedAlgorithm(""))))
    with pytest.raises(SignatureRefused) as refused:
        check_request(signed(), KEYS, NOW)
    assert refused.value.code == "key_unknown"


def test_what_was_signed_for_another_purpose_is_refused() -> None:
    request = Request("POST", URL, {"content-type": "application/json"}, b"{}")
    signing._sign(request, ONE, signing.COVERED, tag="another", nonce=NONCE, now=NOW)
    request.headers = {name.lower(): value for name, value in request.headers.items()}
    with pytest.raises(SignatureRefused):
        check_request(request, KEYS, NOW)
    reply = Reply(200, signed(), {"content-type": "application/json"}, b"{}")
    signing._sign(reply, ONE, signing.ANSWER_COVERED, tag=signing.TAG, nonce=NONCE, now=NOW)
    reply.headers = {name.lower(): value for name, value in reply.headers.items()}
    with pytest.raises(SignatureRefused):
        check_reply(reply, KEYS, NOW)


def test_another_key_and_another_kind_of_message_are_refused() -> None:
    foreign = signed(private=ANOTHER)
    for keys in (KEYS, {}, {key_id(public_of(ANOTHER)): public_of(ONE)}, {key_id(public_of(ANOTHER)): b"short"}):
        with pytest.raises(SignatureRefused):
            check_request(foreign, keys, NOW)
    request = signed()
    with pytest.raises(SignatureRefused):
        check_reply(Reply(200, request, request.headers, request.body), KEYS, NOW)


@pytest.mark.parametrize("off", [timedelta(minutes=10), timedelta(minutes=-10), timedelta(seconds=301)])
def test_a_clock_that_is_ten_minutes_off_is_named_as_the_reason(off: timedelta) -> None:
    with pytest.raises(SignatureRefused) as refused:
        check_request(signed(at=NOW + off), KEYS, NOW)
    assert refused.value.code == "clock_differs"
    assert check_request(signed(at=NOW + timedelta(minutes=5)), KEYS, NOW)
    assert check_request(signed(at=NOW - timedelta(minutes=5)), KEYS, NOW)


@pytest.mark.parametrize("created", [999_999_999_999_999, -999_999_999_999_999])
def test_a_time_beyond_every_calendar_is_a_clock_that_differs(created: int) -> None:
    parameters: dict[str, int | str] = {"created": created, "nonce": NONCE, "keyid": key_id(ONE)}
    with pytest.raises(SignatureRefused) as refused:
        signing._timely(parameters, NOW)
    assert refused.value.code == "clock_differs"


@pytest.mark.parametrize("nonce", ["", "short", "x" * 65])
def test_a_nonce_is_long_enough_to_be_its_own(nonce: str) -> None:
    with pytest.raises(SignatureRefused) as refused:
        check_request(signed(nonce=nonce), KEYS, NOW)
    assert refused.value.code == "signature_wrong"
    assert check_request(signed(nonce="x" * 64), KEYS, NOW).nonce == "x" * 64


@pytest.mark.parametrize("left_out", ["created", "nonce"])
def test_a_signature_without_its_time_or_its_nonce_is_refused(left_out: str) -> None:
    parameters: dict[str, int | str] = {"created": int(NOW.timestamp()), "nonce": NONCE, "keyid": key_id(ONE)}
    assert signing._timely(parameters, NOW).nonce == NONCE
    del parameters[left_out]
    with pytest.raises(SignatureRefused) as refused:
        signing._timely(parameters, NOW)
    assert refused.value.code == "signature_wrong"


@pytest.mark.parametrize("left_out", signing.COVERED)
def test_a_signature_that_covers_less_is_refused(left_out: str) -> None:
    private = Ed25519PrivateKey.from_private_bytes(ONE)
    name = key_id(public_of(ONE))
    request = Request("POST", URL, {"content-type": "application/json"}, b"{}")
    signer = HTTPMessageSigner(
        signature_algorithm=ED25519, key_resolver=MappingKeyResolver(public_keys={}, private_keys={name: private})
    )
    rest = [one for one in signing.COVERED if one != left_out]
    body = None if left_out == "content-digest" else b"{}"
    if body is None:
        digest = base64.b64encode(hashlib.sha256(b"{}").digest()).decode()
        request.headers["content-digest"] = f"sha-256=:{digest}:"
    signer.sign(
        request,
        key_id=name,
        created=NOW,
        nonce=NONCE,
        tag=signing.TAG,
        covered_component_ids=rest,
        body=body,
        use_existing_digest=body is None,
    )
    request.headers = {name.lower(): value for name, value in request.headers.items()}
    with pytest.raises(SignatureRefused):
        check_request(request, KEYS, NOW)


def test_a_receipt_is_for_its_own_request_only() -> None:
    reply = Reply(200, signed(), {"content-type": "application/json"}, b'{"taken": 1}')
    signing.sign_reply(reply, ANOTHER, nonce=NONCE, now=NOW)
    reply.headers = {name.lower(): value for name, value in reply.headers.items()}
    keys = {key_id(public_of(ANOTHER)): public_of(ANOTHER)}
    assert check_reply(reply, keys, NOW).key_id == key_id(public_of(ANOTHER))
    for other in (
        replace(reply, request=signed(b'{"a": 3}')),
        replace(reply, status_code=202),
        replace(reply, body=b'{"taken": 2}'),
    ):
        with pytest.raises(SignatureRefused):
            check_reply(other, keys, NOW)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["signature", "signature-input", "content-digest", "content-type", "body"]), st.data())
def test_no_damaged_request_passes_and_none_is_an_error(part: str, data: st.DataObject) -> None:
    request = signed()
    whole = request.body.decode() if part == "body" else request.headers[part]
    start = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:start] + data.draw(st.text(max_size=3)) + whole[start + data.draw(st.integers(0, 3)) :]
    if part == "body":
        request = replace(request, body=damaged.encode("utf-8", "surrogatepass"))
    else:
        request.headers[part] = damaged
    try:
        found = check_request(request, KEYS, NOW)
    except SignatureRefused:
        return
    assert found.nonce == NONCE, "only what says the same in another spelling passes"
    assert request.body == signed().body
