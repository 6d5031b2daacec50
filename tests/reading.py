"""How tests read a page's source, wherever its template breaks its lines."""

import re


def compact(page: str) -> str:
    """Without white space between two tags; any other run of it is one space."""
    return re.sub(r"> <", "><", " ".join(page.split()))
