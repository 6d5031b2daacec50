"""The steps of the demonstration: played in order, timed, printed as lines for people or for programs."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any, TextIO

from leeward.demo.errors import DidNotHappen, StepUnknown
from leeward.foundation.errors import LeewardError

# What comes is seen at once, so only a failure takes so long. In a new clone the search is compiled meanwhile: a busy machine took 54 s.
PATIENCE_SECONDS = 120.0
STEPS: dict[str, str] = {
    "report_received": "Somebody reports an address on the public form",
    "located": "The address is located: network, country, contacts",
    "fetched": "The page is fetched in memory and its pictures are hashed",
    "queued": "The case waits in the queue",
    "claimed": "An analyst claims the case",
    "assessed": "The analyst states what it is, and the law's opinion follows",
    "second_look": "A second analyst looks without knowing the first answer",
    "police_told": "The police get the referral by mail and release the notice",
    "host_told": "The host gets the notice by mail",
    "host_acknowledged": "The host acknowledges through the link in the notice",
    "removed": "The page is gone, and the checks have seen it",
    "closed": "The case is closed",
    "receipt_checked": "The reporter opens the receipt and sees the outcome",
    "name_refused": "A name abroad is listed, and a resolver refuses it",
    "own_picture_hashed": "A young person sends fingerprints of a picture, and no picture",
    "copy_found": "An altered copy of it is found by the upload check, for a person to review",
    "receiver_told": "The case is reported to receivers of reports, whose receipts are on its page",
    "provider_reported": "A provider that must report does so by a program, and its receipt is verified offline",
    "payment_alerted": "A payment firm is told of the wallet that the report names, and answers",
    "peer_told": "What is hosted in another country is reported to its hotline",
    "peer_acted": "That hotline acts, and the receipt here says that it is gone",
    "urgent_paged": "A child may be in danger: whoever is on call is paged by mail",
    "urgent_acknowledged": "They acknowledge by the link in the page, without signing in",
    "audit_verified": "The log is checked from its first row to its last",
    "figures_published": "The figures of the year are published, and everybody can read them",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: whether it was seen to happen from outside, how long it took, and what was seen."""

    step: str
    ok: bool
    seconds: float
    detail: dict[str, Any] = field(default_factory=dict)


class StepFailed(Exception):
    """A step was not seen to happen; it has been recorded, and the play ends."""


class Play:
    """Records steps as they are played and prints each at once; `finish` returns the exit code."""

    def __init__(self, *, as_json: bool = False, out: TextIO | None = None, names: dict[str, str] = STEPS) -> None:
        self.steps: list[Step] = []
        self._as_json = as_json
        self._out = out
        self._names = names
        self._began = time.monotonic()

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, Any]]:
        """Play one step: the block puts what it has seen into the dict; nothing seen, or an error, is a failure."""
        if name not in self._names:
            raise StepUnknown(step=name)
        seen: dict[str, Any] = {}
        began = time.monotonic()
        try:
            yield seen
        except Exception as error:
            seen["error"] = _in_words(error)
            self._record(Step(name, False, _since(began), seen))
            raise StepFailed(name) from error
        if not seen:
            self._record(Step(name, False, _since(began), {"error": "Nothing was seen of it."}))
            raise StepFailed(name)
        self._record(Step(name, True, _since(began), seen))

    @property
    def is_good(self) -> bool:
        """Whether every step of the list was played and none failed."""
        return all(step.ok for step in self.steps) and {step.step for step in self.steps} >= set(self._names)

    @property
    def seconds(self) -> float:
        """The time since the play began."""
        return _since(self._began)

    def finish(self) -> int:
        """Record the steps that were never reached as failed, print the total, and return the exit code: 0 or 1."""
        played = {step.step for step in self.steps}
        for name in self._names:
            if name not in played:
                self._record(Step(name, False, 0.0, {"error": "This step was not reached."}))
        if not self._as_json:
            good = sum(step.ok for step in self.steps)
            self._print(f"\n{good} of {len(self.steps)} steps in {self.seconds:.1f} s.")
        return 0 if self.is_good else 1

    def _record(self, step: Step) -> None:
        self.steps.append(step)
        if self._as_json:
            self._print(json.dumps(asdict(step), ensure_ascii=False, default=str))
        else:
            self._print(_line(step, self._names[step.step]))

    def _print(self, line: str) -> None:
        print(line, file=self._out or sys.stdout, flush=True)


def until[T](
    attempt: Callable[[], T | None], what: str, *, seconds: float | None = None, every_seconds: float = 0.1
) -> T:
    """Poll until the result is true, and return it; raise DidNotHappen after `seconds`.

    Without `seconds` it is PATIENCE_SECONDS.
    """
    seconds = PATIENCE_SECONDS if seconds is None else seconds
    end = time.monotonic() + seconds
    while True:
        seen = attempt()
        if seen:
            return seen
        if time.monotonic() >= end:
            raise DidNotHappen(what=what, seconds=f"{seconds:g}")
        time.sleep(every_seconds)


def _line(step: Step, text: str) -> str:
    sign = "✓" if step.ok else "✗"
    facts = "  ".join(f"{name}: {_short(value)}" for name, value in step.detail.items())
    return f"{sign} {step.seconds:6.2f} s  {text}\n             {facts}"


def _short(value: object) -> str:
    text = ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= 200 else f"{text[:199]}…"


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)


def _in_words(error: Exception) -> str:
    if isinstance(error, LeewardError):
        return f"{error.text} {error.hint}".strip()
    return f"{type(error).__name__}: {error}"
