"""Who is on call at an instant: rotations in layers, overrides, and people who always are. Pure.

One function, `on_call_at`, is what paging, the page of the rota, calendars and gaps all ask. Times are those of a
rotation's own zone. Where clocks change, a shift begins at the first and ends at the last moment that its time can
mean: shifts may overlap for an hour, but no hour is without anybody.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

# Besides the days of the week, 1 to 7, a day can be a public holiday; then it is only that.
HOLIDAY = 8
DAYS = tuple(range(1, HOLIDAY + 1))
# The layers: who is paged first, who next, who after that.
LAYERS = (1, 2, 3)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rotation:
    """People who take turns of some days each, at the same hours on each day that is among `on`.

    `begins` and `ends` are times of `zone`; where they are equal it is all day from then on. `last_on` is the last day
    on which a shift begins.
    """

    layer: int
    people: tuple[int, ...]
    zone: str
    starts_on: date
    last_on: date | None
    begins: time
    ends: time
    days: int
    on: frozenset[int]

    def whose(self, day: date) -> int | None:
        """Return whose shift begins on a day, or None before its first and after its last."""
        if day < self.starts_on or (self.last_on is not None and day > self.last_on) or not self.people:
            return None
        return self.people[(day - self.starts_on).days // self.days % len(self.people)]

    def shift(self, day: date) -> tuple[datetime, datetime]:
        """Return when the shift of a day begins and ends."""
        zone = ZoneInfo(self.zone)
        last = day if self.ends > self.begins else day + DAY
        return moments(day, self.begins, zone)[0], moments(last, self.ends, zone)[1]


@dataclass(frozen=True, slots=True)
class Override:
    """From one instant to another `person` is on call in place of `instead_of`; without `instead_of` besides the others,
    without `person` nobody is in place of them."""

    starts: datetime
    ends: datetime
    person: int | None
    instead_of: int | None


@dataclass(frozen=True, slots=True)
class Rota:
    """Everything that says who is on call for a portal; `always` are those who are, with no hours."""

    always: frozenset[int] = frozenset()
    rotations: tuple[Rotation, ...] = ()
    overrides: tuple[Override, ...] = ()
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant up to another."""

    starts: datetime
    ends: datetime


OnCallNow = Mapping[int, frozenset[int]]


def moments(day: date, at: time, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return the first and the last instant, in `zone`, that a time of a day can mean. They differ where the clock shows
    it twice, or never."""
    both = [datetime.combine(day, at, tzinfo=zone).replace(fold=fold) for fold in (0, 1)]
    both.sort(key=datetime.timestamp)
    return both[0], both[1]


def on_call_at(rota: Rota, at: datetime) -> dict[int, frozenset[int]]:
    """Return who is on call at an instant, by layer."""
    found = {layer: set[int]() for layer in LAYERS}
    found[LAYERS[0]] |= rota.always
    for rotation in rota.rotations:
        found[rotation.layer] |= _of(rotation, at, rota.holidays)
    for one in rota.overrides:
        if one.starts.timestamp() <= at.timestamp() < one.ends.timestamp():
            _apply(one, found)
    return {layer: frozenset(people) for layer, people in found.items()}


def _of(rotation: Rotation, at: datetime, holidays: frozenset[date]) -> set[int]:
    today, found = at.astimezone(ZoneInfo(rotation.zone)).date(), set[int]()
    for day in (today - DAY, today, today + DAY):
        person = rotation.whose(day)
        if person is None or _kind(day, holidays) not in rotation.on:
            continue
        starts, ends = rotation.shift(day)
        if starts.timestamp() <= at.timestamp() < ends.timestamp():
            found.add(person)
    return found


def _kind(day: date, holidays: frozenset[date]) -> int:
    return HOLIDAY if day in holidays else day.isoweekday()


def _apply(one: Override, found: dict[int, set[int]]) -> None:
    if one.instead_of is None:
        found[LAYERS[0]] |= {one.person} if one.person is not None else set()
        return
    for people in found.values():
        if one.instead_of in people:
            people.remove(one.instead_of)
            people.update({one.person} if one.person is not None else ())


def stretches(rota: Rota, starts: datetime, ends: datetime, zone: str) -> list[tuple[Span, OnCallNow]]:
    """Return who is on call from one instant to another: a new span at each change of shift, override or day of `zone`."""
    inside = {at for at in _changes(rota, starts, ends, zone) if starts < at < ends}
    edges = [starts, *sorted(inside), ends]
    return [(Span(one, other), on_call_at(rota, one)) for one, other in pairwise(edges)]


def _changes(rota: Rota, starts: datetime, ends: datetime, zone: str) -> Iterable[datetime]:
    days = [starts.date() + n * DAY for n in range(-2, (ends - starts).days + 4)]
    utc = starts.tzinfo
    for day in days:
        yield moments(day, time(0), ZoneInfo(zone))[0].astimezone(utc)
        for rotation in rota.rotations:
            for edge in rotation.shift(day):
                yield edge.astimezone(utc)
    for one in rota.overrides:
        yield from (one.starts.astimezone(utc), one.ends.astimezone(utc))


def gaps(found: Iterable[tuple[Span, OnCallNow]], is_here: Callable[[int, datetime], bool]) -> list[Span]:
    """Return when nobody on call is here, in any layer; spans that touch are one."""
    empty: list[Span] = []
    for span, now_on in found:
        if any(is_here(person, span.starts) for people in now_on.values() for person in people):
            continue
        if empty and empty[-1].ends == span.starts:
            empty[-1] = Span(empty[-1].starts, span.ends)
        else:
            empty.append(span)
    return empty


def shifts_of(person: int, found: Iterable[tuple[Span, OnCallNow]]) -> list[tuple[Span, int]]:
    """Return when somebody is on call and in which layer, the first if in several; spans that touch are one."""
    mine: list[tuple[Span, int]] = []
    for span, now_on in found:
        layer = next((layer for layer in LAYERS if person in now_on[layer]), None)
        if layer is None:
            continue
        if mine and mine[-1][0].ends == span.starts and mine[-1][1] == layer:
            mine[-1] = (Span(mine[-1][0].starts, span.ends), layer)
        else:
            mine.append((span, layer))
    return mine
