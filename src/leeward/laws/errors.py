"""What can go wrong with the register of laws."""

from leeward.ground.errors import LeewardError


class BadLawFile(LeewardError):
    """A data file of the register does not say what it must."""

    code = "bad_law_file"
    sentence = "{file}, line {line}{field}: {why}."
    hint = "Correct this line; nothing was loaded."

    def __init__(self, *, file: str, line: int, field: str, why: str) -> None:
        super().__init__(file=file, line=line, field=f", {field}" if field else "", why=why)
        self.line = line
        self.field = field


class UnknownJurisdiction(LeewardError):
    """There is no such jurisdiction in the register."""

    code = "unknown_jurisdiction"
    sentence = "There is no jurisdiction {code} in the register."
    hint = "Use a two-letter country code (ISO 3166-1) such as JM, a part such as AU-NSW, or INTERPOL_BASELINE."
    status = 404


class BeforeAnyLaw(LeewardError):
    """A date lies before every law in the register."""

    code = "before_any_law"
    sentence = "{on} is before any law in the register; the first is of {first}."
    hint = "Give a later date."
