"""Errors of index files and of codes passed in."""

from leeward.foundation.errors import LeewardError


class IndexRefused(LeewardError):
    """The file is not an index that this version can trust; `field` names what is wrong."""

    code = "index_refused"
    sentence = "{path} is refused as an index: {field} {why}."
    hint = "Take the file again from where it came from, or build it again from the codes."

    def __init__(self, path: object, field: str, why: str) -> None:
        self.field = field
        super().__init__(path=path, field=field, why=why)


class CodesRefused(LeewardError):
    """These codes can't be used with this index."""

    code = "codes_refused"
    sentence = "The codes can't be used: {why}."
    hint = "Codes are rows of bytes (uint8), or hexadecimal text of the index's length, one a line."

    def __init__(self, why: str) -> None:
        super().__init__(why=why)


class BankUnknown(LeewardError):
    """The index has no bank of this number or name."""

    code = "bank_unknown"
    sentence = "The index has no bank {bank}."
    hint = "See its banks with: leeward index info FILE"
    status = 404

    def __init__(self, bank: object) -> None:
        super().__init__(bank=bank)
