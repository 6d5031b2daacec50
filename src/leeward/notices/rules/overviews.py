"""The page with every open address of a contact: who may have one, and the token of its links. Pure."""

# Police have a page for each referral instead, which names no address.
WITH_PAGE = frozenset({"host", "owner", "upstream", "registrar"})


def purpose(serial: int) -> str:
    """Return what a link's proof is valid for: one edition of a contact's page."""
    return f"overview {serial}"


def number_in(token: str) -> int | None:
    """Return the contact number that a link claims, unverified; None if it can't be one."""
    number = token.partition("-")[0]
    return int(number) if number.isascii() and number.isdecimal() and len(number) <= 18 else None
