"""A page of another repository's list as plain data. Runs in a child."""

import json

from leeward.awareness.rules.oai_pages import rows_of_page
from leeward.awareness.rules.records import NotAFeed


def read(body: bytes) -> bytes:
    """Return the rows of a page and the token of the next one, or why it is no page, as JSON."""
    try:
        rows, token = rows_of_page(body)
    except NotAFeed as error:
        return json.dumps({"why": str(error)}).encode()
    return json.dumps({"rows": rows, "token": token}).encode()
