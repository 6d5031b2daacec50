"""What stops a request of an HMA client. `status` and form are chosen by what its clients make of them: docs/how-to/hma.md."""

from typing import Any

from leeward.foundation.errors import LeewardError


class HmaRefusal(LeewardError):
    """Told as JSON with `message`."""

    code = "hma_refusal"
    sentence = "{why}"

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why=why)
        self.status = status


class NoSuchBank(HmaRefusal):
    """Nobody has a bank of this name: one client forgets the bank when it reads this, so it is said only then."""

    def __init__(self) -> None:
        super().__init__("bank not found", 404)


class MissingRole(HmaRefusal):
    """A good key that may not do this. Clients look for the two words."""

    def __init__(self, why: str) -> None:
        super().__init__(f"missing role: {why}", 403)


class PlainRefusal(LeewardError):
    """Told as plain text: one client would take the keys of a JSON object for the names of banks."""

    code = "hma_plain_refusal"
    sentence = "{why}"

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why=why)
        self.status = status


class IllTyped(LeewardError):
    """A parameter that is missing or of another kind, told as a list with the place of each."""

    code = "hma_ill_typed"
    sentence = "{why}"
    status = 422

    def __init__(self, place: str, name: str, kind: str, why: str) -> None:
        super().__init__(why=f"{name}: {why}")
        self.rows: list[dict[str, Any]] = [{"type": kind, "loc": [place, name], "msg": why, "input": None, "url": ""}]
