"""Onion addresses (Tor rend-spec v3): recognised by their ending, verified by their checksum."""

import base64
import binascii
import hashlib

from leeward.foundation.patterns import Pattern

_LABEL = Pattern(r"^[a-z2-7]+$")
_V3_LETTERS, _V2_LETTERS = 56, 16


def is_onion_host(host: str) -> bool:
    """Return whether a host name belongs to the Tor network."""
    return host.endswith(".onion")


def onion_note(host: str) -> str:
    """Return the code of what is wrong with an onion host ("onion_checksum", "onion_old", "onion_length"), or ""."""
    label = host.removesuffix(".onion").rpartition(".")[2]
    if not _LABEL.match(label) or len(label) not in (_V3_LETTERS, _V2_LETTERS):
        return "onion_length"
    if len(label) == _V2_LETTERS:
        return "onion_old"
    return "" if has_right_checksum(label) else "onion_checksum"


def has_right_checksum(label: str) -> bool:
    """Return whether the checksum in the 56 letters of a version 3 address is right."""
    try:
        raw = base64.b32decode(label.upper())
    except (binascii.Error, ValueError):
        return False
    key, checksum, version = raw[:32], raw[32:34], raw[34:]
    return version == b"\x03" and checksum == hashlib.sha3_256(b".onion checksum" + key + version).digest()[:2]
