"""Who completed a course, asked of Moodle's web service through the guarded client; nothing is kept here."""

from collections.abc import Callable, Iterator
from typing import Any, Self
from urllib.parse import urlencode

from leeward.capacity.rules.moodle import (
    COMPLETION,
    COURSES,
    MOST_BYTES,
    MOST_PEOPLE,
    PEOPLE,
    MoodleRefused,
    NotMoodle,
    completed_on,
    course_in,
    people_in,
    read_answer,
)
from leeward.capacity.rules.participation import Usual
from leeward.capacity.rules.sheets import Row, row_of
from leeward.foundation.errors import BadInput
from leeward.foundation.http import Client, Limits, Policy
from leeward.foundation.plain_http import keeps_secrets
from leeward.hosting.queries import resolve
from leeward.installation.queries import config_now

SECONDS = 30.0
_FORM = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}


def completions(site: str, token: str, code: str, usual: Usual) -> Iterator[Row]:
    """Yield a row for everybody in the course with this short name, numbered from 1: what they completed, nothing, or what
    is wrong. Raises BadInput: the site can't be asked, refuses, or has no such course.
    """
    if not keeps_secrets(site):
        raise BadInput(what=site[:200], why="a token is sent over https only")
    with _Line(site.rstrip("/"), token) as line:
        number = line.ask(COURSES, lambda answer: course_in(answer, code), field="shortname", value=code)
        if number is None:
            raise BadInput(what=site, why=f"it has no course {code}, or doesn't show it to this token")
        people = line.ask(PEOPLE, people_in, courseid=number)
        if len(people) > MOST_PEOPLE:
            raise BadInput(what=site, why=f"the course has more than {MOST_PEOPLE} people; download its report instead")
        for place, (person, name) in enumerate(people, 1):
            day = line.ask(COMPLETION, completed_on, courseid=number, userid=person)
            yield Row(place, None) if day is None else row_of(place, name, day, usual)


class _Line:
    """Questions to one site with one token, over one connection. The token is in the body, never in an address."""

    def __init__(self, site: str, token: str) -> None:
        self._site, self._token = site, token
        config = config_now()
        policy = Policy(allowed_networks=config.fetch_allowed_networks, proxy=config.fetch_proxy)
        self._client = Client(resolve, policy, Limits(max_bytes=MOST_BYTES, seconds=SECONDS, max_redirects=0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def ask[Found](self, function: str, read: Callable[[Any], Found], **arguments: object) -> Found:
        """Return what is read in the answer of a function of the web service. Raises BadInput."""
        asked = {"wstoken": self._token, "wsfunction": function, "moodlewsrestformat": "json", **arguments}
        answer = self._client.post(f"{self._site}/webservice/rest/server.php", urlencode(asked).encode(), headers=_FORM)
        if answer is None or answer.outcome != "answered" or answer.status != 200:
            why = f"{answer.outcome} {answer.status or ''}".strip() if answer else "not sent"
            raise BadInput(what=self._site, why=f"it gave no answer ({why})")
        try:
            return read(read_answer(answer.body))
        except MoodleRefused as error:
            raise BadInput(what=self._site, why=f"it refuses {function}: {error.code}") from None
        except NotMoodle:
            raise BadInput(what=self._site, why="what it answers is not of Moodle's web service") from None
