"""Whose lines become reports next: no provider's flood keeps another's lines waiting. Pure."""

from collections.abc import Mapping, Sequence


def in_turn(queues: Mapping[int, Sequence[int]], had: Mapping[int, int], room: int) -> list[int]:
    """Return the lines that are next, at most `room`: one of each provider after the other, of whoever had fewest before (`had`) first,
    and of two who had as many the older line. `queues`: the lines of each provider in their order."""
    places = [
        (had.get(provider, 0) + place, line) for provider, lines in queues.items() for place, line in enumerate(lines)
    ]
    return [line for _turn, line in sorted(places)[: max(room, 0)]]
