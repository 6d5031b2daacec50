"""A published chart as a picture for other people’s pages: it stands alone, so it carries title, source and date itself. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from leeward.indicators.rules.drawn import Chart

WIDTH = 392
_TITLE_LETTERS, _TITLE_STEP = 38, 22
_NOTE_LETTERS, _NOTE_STEP = 62, 15
_EDGE = 16


@dataclass(frozen=True, slots=True)
class Picture:
    """Where everything of it stands, from the top; lines are a height and a text."""

    title: tuple[tuple[int, str], ...]
    chart: Chart
    chart_y: int
    notes: tuple[tuple[int, str], ...]
    height: int


def picture_of(title: str, chart: Chart, notes: Sequence[str]) -> Picture:
    """Return a chart below its title and above its notes, each broken into lines."""
    y = _EDGE
    titles = []
    for line in wrap(title, _TITLE_LETTERS):
        y += _TITLE_STEP
        titles.append((y, line))
    chart_y = y + _EDGE
    y = chart_y + chart.height
    written = []
    for note in notes:
        for line in wrap(note, _NOTE_LETTERS):
            y += _NOTE_STEP
            written.append((y, line))
    return Picture(tuple(titles), chart, chart_y, tuple(written), y + _EDGE)


def in_words(title: str, rows: Sequence[tuple[str, float | str | None]], hidden: str, source: str) -> str:
    """Return what the picture shows, for whoever can’t see it."""
    numbers = "; ".join(f"{label}: {hidden if number is None else number}" for label, number in rows)
    return f"{title}. {numbers}. {source}"
