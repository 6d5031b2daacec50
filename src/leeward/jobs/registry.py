"""Which function handles which kind of job. Filled by the decorators when the slices' `tasks` modules are loaded."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

from django.apps import apps

# What carries out several ordinary jobs of one kind and hotline at once; returns the subjects that it is done with.
type Together = Callable[[Sequence[int]], Collection[int]]
# Nobody; servers that were configured here, as for mail; or whatever machine a report names.
type WaitsFor = Literal["nobody", "chosen", "anybody"]


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of job is handled: the function, how long a lease lasts, how often it is tried, and whose machines
    it waits for while it runs. `is_long` marks a step of something long, which isn't given to the threads reserved for
    urgent work; `speaks` marks what reaches others, or takes what can be taken once, such as mail: it waits while an
    installation that was restored isn't confirmed. Between two failed attempts it waits for `most_delay` at most. What
    `deletes` because it is old waits while nobody knows whether the clock is right. What repeats is done
    `at_start` of each worker, too. Several that wait are done `together`; what is done `soon` then comes before all other ordinary work."""

    kind: str
    run: Callable[..., None]
    lease: timedelta
    tries: int
    first_delay: timedelta
    every: timedelta | None = None
    waits_for: WaitsFor = "nobody"
    is_long: bool = False
    speaks: bool = False
    most_delay: timedelta = timedelta(hours=6)
    deletes: bool = False
    at_start: bool = False
    together: Together | None = None
    soon: bool = False


HANDLERS: dict[str, Handler] = {}
EVERY = "every:"  # begins the kind of a repeating job
# What repeats is done again soon after an outage, however long that was.
MOST_BETWEEN_REPEATS = timedelta(minutes=15)
SUBSCRIBERS: dict[str, list[str]] = {}
# What has a moment of its own beside its job's: how it comes forward with the job after the clock was put back.
type Mover = Callable[[list[int], datetime, timedelta], None]
MOVERS: dict[str, Mover] = {}
# What a thread of its own does in each worker, with how many seconds between: for what can't wait its turn among jobs.
BESIDE: dict[str, tuple[float, Callable[[], None]]] = {}
_loaded = False


def job[F: Callable[[int], None]](
    kind: str,
    *,
    lease: timedelta = timedelta(minutes=2),
    tries: int = 8,
    first_delay: timedelta = timedelta(seconds=20),
    waits_for: WaitsFor = "nobody",
    is_long: bool = False,
    speaks: bool = False,
    most_delay: timedelta = timedelta(hours=6),
    together: Together | None = None,
) -> Callable[[F], F]:
    """Register `function(subject_id)` as the handler of jobs of this kind; `together` as in `subscribe`."""

    def mark(function: F) -> F:
        HANDLERS[kind] = Handler(
            kind,
            function,
            lease,
            tries,
            first_delay,
            waits_for=waits_for,
            is_long=is_long,
            speaks=speaks,
            most_delay=most_delay,
            together=together,
        )
        return function

    return mark


def subscribe[F: Callable[[int], None]](
    event: str,
    *,
    lease: timedelta = timedelta(minutes=2),
    tries: int = 8,
    first_delay: timedelta = timedelta(seconds=20),
    together: Together | None = None,
    formerly: str = "",
) -> Callable[[F], F]:
    """Register `function(subject_id)` as a listener to `event`. `together(subject_ids)` does the same for several at once, as far
    as it can, and returns those that are done: all that it did for them, or nothing, is stored. What is heard of is done soon then.
    The kind of its jobs is where the function stands; `formerly` is their kind from before it was moved, of which some may wait still."""

    def mark(function: F) -> F:
        kind = f"{function.__module__.removeprefix('leeward.').removesuffix('.tasks')}.{function.__name__}"
        soon = together is not None
        handler = Handler(kind, function, lease, tries, first_delay, together=together, soon=soon)
        HANDLERS.update({one: replace(handler, kind=one) for one in (kind, formerly) if one})
        subscribers = SUBSCRIBERS.setdefault(event, [])
        if kind not in subscribers:
            subscribers.append(kind)
        return function

    return mark


def every[F: Callable[[], None]](
    interval: timedelta,
    *,
    lease: timedelta = timedelta(minutes=10),
    speaks: bool = False,
    deletes: bool = False,
    at_start: bool = False,
) -> Callable[[F], F]:
    """Register `function()` to run repeatedly, outside any hotline's scope, on one worker at a time."""

    def mark(function: F) -> F:
        kind = f"{EVERY}{function.__module__.removeprefix('leeward.').removesuffix('.tasks')}.{function.__name__}"
        HANDLERS[kind] = Handler(
            kind,
            function,
            lease,
            1_000_000_000,
            timedelta(seconds=20),
            every=interval,
            speaks=speaks,
            most_delay=MOST_BETWEEN_REPEATS,
            deletes=deletes,
            at_start=at_start,
        )
        return function

    return mark


def beside(seconds: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register `function()` for a thread of its own in each worker, which calls it again and again with a pause of `seconds`. It looks
    for work by itself, and sees that one worker at a time does it."""

    def mark(function: Callable[[], None]) -> Callable[[], None]:
        BESIDE[f"{function.__module__}.{function.__name__}"] = (seconds, function)
        return function

    return mark


def moves_with(kind: str) -> Callable[[Mover], Mover]:
    """Register `function(subject_ids, after, by)`, which moves the moment that these subjects of jobs of this kind wait for by
    `by` if it is later than `after`: the clock by which it was set was ahead. In the scope of their hotline."""

    def mark(function: Mover) -> Mover:
        MOVERS[kind] = function
        return function

    return mark


def load() -> None:
    """Import the `tasks` module of every slice, once."""
    global _loaded  # noqa: PLW0603 - a registry is global by nature
    if _loaded:
        return
    _loaded = True  # first, since a tasks module may publish an event while it is imported
    for config in apps.get_app_configs():
        if config.name.startswith("leeward.") and find_spec(f"{config.name}.tasks"):
            import_module(f"{config.name}.tasks")


def kinds_for(event: str) -> list[str]:
    """Return the kinds of job that an event creates."""
    load()
    return SUBSCRIBERS.get(event, [])


def leads_on(kind: str) -> bool:
    """Return whether what a job of this kind does may let something reach others, by another job. What repeats does it anew each time; what
    speaks itself waits while a restoring isn't confirmed; and what takes long, or asks whatever machine, finds out how things are now."""
    load()
    handler = HANDLERS.get(kind)
    return handler is None or not (handler.every or handler.speaks or handler.is_long or handler.waits_for == "anybody")


def speaks(kind: str) -> bool:
    """Return whether jobs of this kind reach others; one that is not known may."""
    load()
    handler = HANDLERS.get(kind)
    return handler is None or handler.speaks
