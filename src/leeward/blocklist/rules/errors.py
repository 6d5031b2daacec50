"""Errors of entries, lists and updates."""

from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText
from leeward.foundation.lazy_text import LazyText as _


class NotExpressible(LeewardError):
    """An address can't be listed with this scope."""

    code = "not_expressible"
    sentence = _("{address} can't be listed with the scope {scope}: {why}.")
    hint = _("Choose a narrower scope, or another address.")

    def __init__(self, address: str, scope: str, why: LazyText) -> None:
        self.why = why
        super().__init__(address=address, scope=scope, why=why)


class BadCoding(LeewardError):
    """Encoded numbers can't be decoded, or numbers can't be encoded."""

    code = "bad_coding"
    sentence = _("The coded numbers can't be read: {why}.")
    hint = _("Fetch the list again from its source.")

    def __init__(self, why: object) -> None:
        super().__init__(why=why)


class BadUpdate(LeewardError):
    """An update does not fit the list that it should change; the list is unchanged."""

    code = "bad_update"
    sentence = _("The update of the list {name} can't be applied: {why}.")
    hint = _("The list is unchanged. Fetch the whole list again.")

    def __init__(self, name: str, why: str) -> None:
        super().__init__(name=name, why=why)
