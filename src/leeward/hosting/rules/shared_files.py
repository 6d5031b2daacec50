"""Names of shared files: magnet and ed2k links. Pure."""

import base64
import re
from urllib.parse import parse_qs

_ED2K = re.compile(r"^ed2k:(?://)?\|file\|([^|]*)\|(\d{1,20})\|([0-9a-f]{32})\|", re.IGNORECASE)


def magnet_urn(link: str) -> str | None:
    """Return `urn:btih:<40 hex>` (v1) or `urn:btmh:<68 hex>` (v2) of a magnet link, v1 first, or another known urn; else None."""
    query = link.partition("?")[2]
    try:
        topics = [
            value
            for name, values in parse_qs(query, max_num_fields=200).items()
            if name.split(".")[0] == "xt"
            for value in values
        ]
    except ValueError:
        return None
    urns = [urn for topic in topics if (urn := _urn(topic))]
    return min(urns, key=lambda urn: ("btih" not in urn, urn), default=None)


def _urn(topic: str) -> str | None:
    parts = topic.split(":")
    if len(parts) < 3 or parts[0].lower() != "urn":
        return None
    space, value = parts[1].lower(), parts[-1]
    if space == "btih":
        return _btih(value)
    if space == "btmh" and re.fullmatch(r"1220[0-9a-fA-F]{64}", value):
        return f"urn:btmh:{value.lower()}"
    if space == "ed2k" and re.fullmatch(r"[0-9a-fA-F]{32}", value):
        return f"urn:ed2k:{value.lower()}"
    if space in {"sha1", "tree"} and re.fullmatch(r"[A-Za-z2-7]{32}|[A-Za-z2-7]{39}", value):
        return f"urn:{space}:{value.lower()}"
    return None


def _btih(value: str) -> str | None:
    if re.fullmatch(r"[0-9a-fA-F]{40}", value):
        return f"urn:btih:{value.lower()}"
    if re.fullmatch(r"[A-Za-z2-7]{32}", value):
        return f"urn:btih:{base64.b32decode(value.upper()).hex()}"
    return None


def ed2k_link(link: str) -> str | None:
    """Return `ed2k:<hash>:<size>` of an ed2k file link, or None; the file's name is left out, for it may harm."""
    match = _ED2K.match(link)
    return f"ed2k:{match[3].lower()}:{int(match[2])}" if match else None
