"""Whose catalogues are read regularly, how often, and what a reading came to. Pure."""

from datetime import datetime, timedelta
from typing import Literal

Reading = Literal["unread", "read", "no_answer", "too_much", "not_material"]
READINGS: tuple[Reading, ...] = ("unread", "read", "no_answer", "too_much", "not_material")
MOST_PARTNERS = 20
# What is offered at once; the rest is offered at the next reading, when these are in the catalogue.
MOST_OFFERED = 500
OFTEN, SOON = timedelta(days=7), timedelta(days=1)


def next_reading(reading: Reading, now: datetime) -> datetime:
    """Return when a catalogue is read again: where nothing came tomorrow, else in a week."""
    return now + (SOON if reading == "no_answer" else OFTEN)
