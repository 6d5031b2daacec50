"""What Moodle's web service answers about a course: who is in it, and who has completed it when. Pure.

Moodle answers errors with status 200 and an object that names the exception.
"""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

COURSES = "core_course_get_courses_by_field"
PEOPLE = "core_enrol_get_enrolled_users"
COMPLETION = "core_completion_get_course_completion_status"
MOST_BYTES = 20_000_000
MOST_PEOPLE = 5_000
LATEST = (date(2200, 1, 1) - date(1970, 1, 1)).days * 86_400


class MoodleRefused(ValueError):
    """Moodle refuses the question: `code` is its own word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotMoodle(ValueError):
    """The answer is not one of Moodle's web service."""


def read_answer(body: bytes) -> Any:
    """Return what an answer holds. Raises MoodleRefused, NotMoodle."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise NotMoodle from None
    if isinstance(found, dict) and "exception" in found:
        raise MoodleRefused(str(found.get("errorcode"))[:60])
    return found


def course_in(answer: Any, code: str) -> int | None:
    """Return the number of the course with this short name, or None. Raises NotMoodle."""
    courses = answer.get("courses") if isinstance(answer, dict) else None
    if not isinstance(courses, list):
        raise NotMoodle
    named = [one for one in courses if isinstance(one, dict) and one.get("shortname") == code]
    return _number(named[0].get("id")) if named else None


def people_in(answer: Any) -> list[tuple[int, str]]:
    """Return the number and the name of everybody in a course. Raises NotMoodle."""
    if not isinstance(answer, list) or not all(isinstance(one, dict) for one in answer):
        raise NotMoodle
    return [(_number(one.get("id")), _name(one.get("fullname", ""))) for one in answer]


def completed_on(answer: Any) -> date | None:
    """Return the day on which somebody completed the course: that of the last thing that was asked for; None if they have
    not. Raises NotMoodle.
    """
    status = answer.get("completionstatus") if isinstance(answer, dict) else None
    if not isinstance(status, dict) or not isinstance(status.get("completed"), bool):
        raise NotMoodle
    if not status["completed"]:
        return None
    asked = status.get("completions")
    if not isinstance(asked, list):
        raise NotMoodle
    times = [_time(one) for one in asked]
    last = max((one for one in times if one), default=0)
    if not 0 < last < LATEST:
        raise NotMoodle
    return date(1970, 1, 1) + timedelta(days=last // 86_400)


def _time(one: Any) -> int:
    if not isinstance(one, Mapping):
        raise NotMoodle
    found = one.get("timecompleted")
    return _number(found) if found is not None else 0


def _name(value: Any) -> str:
    if not isinstance(value, str):
        raise NotMoodle
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise NotMoodle
    return value
