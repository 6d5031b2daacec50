"""Settings of an installation in which a request or a job can be made to hang; the limits are seconds, so that tests need not wait."""

import re
from datetime import timedelta

from leeward.jobs.registry import job
from leeward.site import clocked
from leeward.site.settings import *  # noqa: F403 - ours, but for what stands below

ROOT_URLCONF = "tests.site.hanging_urls"
clocked.REQUEST_SECONDS = LIMIT = 5.0
ENDLESS = re.compile("(a+)+$"), "a" * 64 + "b"


def hang() -> None:
    """Hold the interpreter for ever: no other thread of this process runs."""
    ENDLESS[0].match(ENDLESS[1])


@job("test.hang", lease=timedelta(seconds=LIMIT))
def hang_as_a_job(subject_id: int) -> None:
    hang()


@job("test.note")
def note(subject_id: int) -> None:
    """Done at once."""
