"""Verify the checksums of a mapped segment after opening, while searches already run."""

import threading
from dataclasses import dataclass, field

from leeward.matching.index.errors import IndexRefused
from leeward.matching.index.layout import Segment, check_sums


@dataclass(slots=True)
class Checked:
    """The verification of one segment. `damage`: the problem found; from then on the segment must not be searched."""

    segment: Segment
    damage: IndexRefused | None = None
    _done: threading.Event = field(default_factory=threading.Event)
    _is_wanted: bool = True

    @property
    def state(self) -> str:
        """Return "verified", "unverified" or "damaged"."""
        if self.damage is not None:
            return "damaged"
        return "verified" if self.segment.is_verified or self._done.is_set() else "unverified"

    def start(self) -> None:
        """Verify in a daemon thread."""
        threading.Thread(target=self._verify, name="leeward-index-verify", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Wait until the segment is verified or found damaged; return whether either happened."""
        return self.segment.is_verified or self.damage is not None or self._done.wait(seconds)

    def forget(self) -> None:
        """Stop: another segment has taken its place."""
        self._is_wanted = False

    def _verify(self) -> None:
        try:
            check_sums(self.segment, is_wanted=lambda: self._is_wanted)
        except IndexRefused as refusal:
            self.damage = refusal
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            self.damage = IndexRefused(self.segment.path, "header", f"is not as it should be ({error!r})")
        if self._is_wanted:
            self._done.set()
