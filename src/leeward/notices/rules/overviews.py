"""The page with every open address of a contact: who may have one, and what its links are made for. Pure."""

# Police have a page for each referral, which names no address.
WITH_PAGE = frozenset({"host", "owner", "upstream", "registrar"})


def purpose(serial: int) -> str:
    """What the proof in a link holds for: one edition of a contact's page."""
    return f"overview {serial}"


def number_in(token: str) -> int | None:
    """The contact's number that a link claims, not yet proven; None where it can't be one."""
    number = token.partition("-")[0]
    return int(number) if number.isascii() and number.isdecimal() and len(number) <= 18 else None
