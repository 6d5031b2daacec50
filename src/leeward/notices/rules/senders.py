"""Whether a mail names as its sender whom the letter that it answers was sent to. Pure."""

from collections.abc import Collection
from email.utils import parseaddr


def is_of(sender: str, addresses: Collection[str]) -> bool:
    """Return whether a mail's sender has one of these addresses, or one at the same domain, above or below it, as a desk that answers for
    another has. Anybody can write whatever sender they like: this shows who is named, not who it was."""
    return any(_are_near(_domain_of(parseaddr(sender)[1]), _domain_of(one)) for one in addresses)


def _domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower().rstrip(".") if "@" in address else ""


def _are_near(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return "." in shorter and (longer == shorter or longer.endswith(f".{shorter}"))
