"""The limits of one call, and the message if it exceeded one."""

from dataclasses import dataclass
from typing import Literal, get_args

from leeward.foundation.lazy_text import LazyText as _

Code = Literal["crashed", "too_slow", "too_much_memory", "failed", "busy", "silent"]
CODES: tuple[Code, ...] = get_args(Code)

_WHY: dict[Code, _] = {
    "crashed": _("the program that reads such files crashed on it"),
    "too_slow": _("reading it takes longer than one file is allowed"),
    "too_much_memory": _("reading it needs more memory than one file is allowed"),
    "failed": _("it can’t be read"),
    "busy": _("too much was being read at the time"),
    "silent": _("the service that reads such files doesn’t answer"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a call may run (`seconds`), how long it may wait for a child, and how much memory it may use beyond what
    the child has."""

    seconds: float = 20.0
    wait_seconds: float = 20.0
    memory_bytes: int = 1 << 30


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Finding:
    """Why there is no answer: the code, and for `failed` the class of the error."""

    code: Code
    detail: str = ""

    @property
    def why(self) -> _:
        """Return the reason as part of a sentence."""
        return _WHY[self.code]
