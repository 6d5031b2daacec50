"""Strict parsing of JSON answers: UTF-8, an object, limited nesting."""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from leeward.foundation.http import Answer
from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.formats.entries import ListUnreadable, Shallow
from leeward.hashbank.sources.errors import PullStopped


def json_of(answer: Answer) -> Mapping[str, Any]:
    """Return the JSON object of an answer; raises PullStopped."""
    try:
        text = answer.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PullStopped(_("its answer is not UTF-8 text")) from error
    shallow = Shallow(BytesIO(answer.body))
    try:
        while shallow.read(1 << 16):
            pass
        found = json.loads(text)
    except ListUnreadable as error:
        raise PullStopped(error.values["why"]) from error
    except (ValueError, RecursionError) as error:
        raise PullStopped(_("its answer is not JSON, or it stops in the middle")) from error
    if not isinstance(found, dict):
        raise PullStopped(_("its answer is not a JSON object"))
    return found


def rows_of(found: Mapping[str, Any], name: str) -> list[Any]:
    """Return the list under a name; raises PullStopped where there is none."""
    rows = found.get(name)
    if not isinstance(rows, list):
        raise PullStopped(_("its answer has no %(name)s", name=name))
    return rows


def number_of(found: Mapping[str, Any], name: str) -> int:
    """Return the number under a name; raises PullStopped where there is none."""
    number = found.get(name)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 1 << 53:
        raise PullStopped(_("its answer has no %(name)s", name=name))
    return number
