"""What is demanded of the load, and whether it was met. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

CASE_SECONDS, DESK_MS, PAGED_SECONDS, FLOODED_MS = 60.0, 300.0, 60.0, 1000.0
OF_THE_RATE = 0.95  # less than this of what was asked for is another, smaller load


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: what was measured, what is demanded, and whether it was met (None: nothing is demanded)."""

    what: str
    measured: str
    demanded: str = ""
    met: bool | None = None

    def __str__(self) -> str:
        mark = {None: " ", True: "✓", False: "✗"}[self.met]
        return f"{mark} {self.what:<42} {self.measured:<34} {self.demanded}".rstrip()


def at_most(what: str, measured: float | None, most: float, unit: str, said: str = "") -> Line:
    """A line that is met by no more than so much; nothing measured is not met."""
    text = said or ("nothing" if measured is None else f"{measured:,.1f} {unit}")
    return Line(what, text, f"at most {most:g} {unit}", measured is not None and measured <= most)


def none_of(what: str, count: int) -> Line:
    """A line that is met by none."""
    return Line(what, str(count), "0", count == 0)


def reached(what: str, measured: float, asked: float) -> Line:
    """A line that is met where the load was what was asked for."""
    return Line(what, f"{measured:,.1f}/s", f"{asked:g}/s", measured >= OF_THE_RATE * asked)


def spread(seconds: Sequence[float]) -> str:
    """Return median, 95th percentile and longest of some times."""
    if not seconds:
        return "nothing"
    cuts = quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else [seconds[0]] * 99
    return f"p50 {cuts[49]:.1f}, p95 {cuts[94]:.1f}, longest {max(seconds):.1f} s"


def exit_code(lines: Sequence[Line]) -> int:
    """Return 0 if whatever is demanded was met, else 1."""
    return int(any(line.met is False for line in lines))
