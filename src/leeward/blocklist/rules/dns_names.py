"""Hosts as DNS names: what fits, what must be escaped in a zone file, and what is not a DNS name."""

from urllib.parse import unquote_to_bytes

from leeward.blocklist.rules.expressions import is_address

MAX_LABEL_BYTES = 63
MAX_NAME_BYTES = 255
MAX_NAME_LETTERS = MAX_NAME_BYTES - 2  # as written: without the length of its first label and the root
_PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789_-."
_NEEDS_BACKSLASH = frozenset(b'.;"()@$\\*')
_TRIGGERS = frozenset({"rpz-ip", "rpz-client-ip", "rpz-nsdname", "rpz-nsip"})


class NotADnsName(ValueError):
    """A host that can't be looked up in the DNS; `why` is a word: address, onion, one_label, empty_label, too_long,
    trigger.
    """

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def _is_plain(host: str) -> bool:
    labels = host.split(".")
    return len(labels) > 1 and not host.strip(_PLAIN) and all(0 < len(label) <= MAX_LABEL_BYTES for label in labels)


def owner_name(host: str, room_bytes: int = MAX_NAME_BYTES) -> str:
    """Return a host as a relative name for a zone file; raises NotADnsName.

    `room_bytes`: the maximum length on the wire, counting the labels with their lengths but not the root.
    """
    last = host[host.rfind(".") + 1 :]
    if last.isdigit() or is_address(host):
        raise NotADnsName("address")
    if last == "onion":
        raise NotADnsName("onion")
    if last in _TRIGGERS:
        raise NotADnsName("trigger")
    if _is_plain(host):
        if len(host) + 1 > room_bytes:
            raise NotADnsName("too_long")
        return host
    labels = [unquote_to_bytes(label) for label in host.split(".")]
    if len(labels) < 2:
        raise NotADnsName("one_label")
    if not all(labels):
        raise NotADnsName("empty_label")
    if max(map(len, labels)) > MAX_LABEL_BYTES or sum(map(len, labels)) + len(labels) > room_bytes:
        raise NotADnsName("too_long")
    return ".".join(escaped_label(label) for label in labels)


def escaped_label(label: bytes) -> str:
    """Escape a label for a zone file (RFC 1035, 5.1)."""
    return "".join(_escaped(byte) for byte in label)


def _escaped(byte: int) -> str:
    if byte in _NEEDS_BACKSLASH:
        return "\\" + chr(byte)
    return chr(byte) if 0x21 <= byte <= 0x7E else f"\\{byte:03d}"


def name_bytes(name: str) -> int:
    """Return the length of a plain absolute or relative name on the wire, without the root."""
    return len(name.rstrip(".")) + 1 if name.rstrip(".") else 0


def is_under(name: str, parents: frozenset[str] | set[str]) -> str:
    """Return the name itself or the nearest name above it that is one of `parents`, or ""."""
    while name:
        if name in parents:
            return name
        name = name.partition(".")[2]
    return ""
