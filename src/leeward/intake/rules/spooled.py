"""A form on its way through the spool: as JSON, and read again on the other side by what read it first. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from leeward.intake.rules.draft import Draft

_LISTS = ("named", "service")


class Unreadable(ValueError):
    """This can't have come from a form of ours."""


def as_fields(draft: Draft) -> dict[str, Any]:
    """Return the fields of a draft as its form sends them."""
    return {
        "once": draft.once,
        "kind": draft.kind,
        "young": "1" if draft.young else "",
        "threat": draft.threat,
        "wish": draft.wish,
        "where": draft.where,
        "named": list(draft.services),
        "service": list(draft.services.values()),
        "login": "1" if draft.login else "",
        "password": draft.password,
        "referrer": draft.referrer,
        "when": draft.when,
        "text": draft.text,
        "mail": draft.mail,
    }


class SentFields:
    """The fields that came, for `read_draft`. Raises Unreadable where one isn't text, or a list isn't one of texts."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._content = content

    def get(self, key: str, default: str, /) -> str:
        """Return a field."""
        return text_of(self._content, key, default)

    def getlist(self, key: str, /) -> Sequence[str]:
        """Return the values of a field of which there are several."""
        values = self._content.get(key, []) if key in _LISTS else []
        if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
            raise Unreadable
        return values


def text_of(content: Mapping[str, Any], name: str, default: str = "") -> str:
    """Return a text that came; raises Unreadable for anything else."""
    value = content.get(name, default)
    if not isinstance(value, str):
        raise Unreadable
    return value


def texts_of(content: Mapping[str, Any], name: str, most: int) -> list[str]:
    """Return a list of texts that came; raises Unreadable for anything else, and for more than `most`."""
    values = content.get(name, [])
    if not isinstance(values, list) or len(values) > most or not all(isinstance(one, str) for one in values):
        raise Unreadable
    return values


def number_of(content: Mapping[str, Any], name: str) -> int:
    """Return a number that came, 0 where there is none; raises Unreadable for anything else."""
    value = content.get(name, 0)
    if type(value) is not int or not 0 <= value < 2**63:
        raise Unreadable
    return value
