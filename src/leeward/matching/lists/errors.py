"""Errors of hash lists and of hashes that are looked up."""

from leeward.foundation.errors import LeewardError


class HashListRefused(LeewardError):
    """The folder is not a hash list that this program can trust; `field` names what is wrong."""

    code = "hash_list_refused"
    sentence = "{path} is refused as a hash list: {field} {why}."
    hint = "Fetch the list again from whoever gives it out, and check that you have their public key."

    def __init__(self, path: object, field: str, why: str) -> None:
        self.field = field
        super().__init__(path=path, field=field, why=why)


class HashRefused(LeewardError):
    """A hash in a query is not of its kind."""

    code = "hash_refused"
    sentence = "A hash can't be used: {why}."
    hint = "Send the rows of leeward hash --json, or hexadecimal text under the name of its kind."

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why=why)
