"""The tips of a file as plain data. Runs in a child."""

import json

from leeward.tips.rules.reading import read_file
from leeward.tips.rules.tip import Found, plain


def read(body: bytes, name: str) -> bytes:
    """Return the tips of a file and what of it could not be taken, as JSON."""
    found = [
        [one.name, plain(one.tip)] if isinstance(one, Found) else [one.name, one.code] for one in read_file(name, body)
    ]
    return json.dumps(found).encode()
