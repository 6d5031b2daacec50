"""When a portal's police are told of an urgent report: the values of the setting. Pure."""

from typing import Literal

Moment = Literal["at_once", "after_look", "after_assessment"]
AT_ONCE: Moment = "at_once"
AFTER_READING: Moment = "after_look"
AFTER_ASSESSMENT: Moment = "after_assessment"
MOMENTS: tuple[Moment, ...] = (AT_ONCE, AFTER_READING, AFTER_ASSESSMENT)
