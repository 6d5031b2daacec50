"""Errors of the HMA API. Status and format are chosen by how its clients handle them: docs/how-to/hma.md."""

from typing import Any

from leeward.foundation.errors import LeewardError


class HmaRefusal(LeewardError):
    """Sent as JSON with `message`."""

    code = "hma_refusal"
    sentence = "{why}"

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why=why)
        self.status = status


class NoSuchBank(HmaRefusal):
    """No hotline here has a bank of this name. One client forgets the bank when it gets this answer, so it is sent in
    no other case.
    """

    def __init__(self) -> None:
        super().__init__("bank not found", 404)


class MissingRole(HmaRefusal):
    """A valid key that lacks permission. Clients look for these two words."""

    def __init__(self, why: str) -> None:
        super().__init__(f"missing role: {why}", 403)


class PlainRefusal(LeewardError):
    """Sent as plain text: one client would take the keys of a JSON object for the names of banks."""

    code = "hma_plain_refusal"
    sentence = "{why}"

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why=why)
        self.status = status


class IllTyped(LeewardError):
    """A parameter that is missing or of the wrong type, reported as a list with the location of each."""

    code = "hma_ill_typed"
    sentence = "{why}"
    status = 422

    def __init__(self, place: str, name: str, kind: str, why: str) -> None:
        super().__init__(why=f"{name}: {why}")
        self.rows: list[dict[str, Any]] = [{"type": kind, "loc": [place, name], "msg": why, "input": None, "url": ""}]
