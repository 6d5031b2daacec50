"""What can be wrong with an entry, a list or an update."""

from leeward.blocklist.rules.sentences import Why
from leeward.ground.errors import LeewardError


class NotExpressible(LeewardError):
    """An address can't stand on a list with this scope."""

    code = "not_expressible"
    sentence = "{address} can't be listed with the scope {scope}: {why}."
    hint = "Choose a narrower scope, or another address."

    def __init__(self, address: str, scope: str, why: Why) -> None:
        self.why = why
        super().__init__(address=address, scope=scope, why=why)


class BadCoding(LeewardError):
    """Coded numbers can't be decoded, or numbers can't be coded."""

    code = "bad_coding"
    sentence = "The coded numbers can't be read: {why}."
    hint = "Fetch the list again from its source."

    def __init__(self, why: str) -> None:
        super().__init__(why=why)


class BadUpdate(LeewardError):
    """An update does not fit the list that it should change; the list is unchanged."""

    code = "bad_update"
    sentence = "The update of the list {name} can't be applied: {why}."
    hint = "The list is as it was. Fetch it anew as a whole."

    def __init__(self, name: str, why: str) -> None:
        super().__init__(name=name, why=why)
