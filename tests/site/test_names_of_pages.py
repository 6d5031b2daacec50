"""Where a sentence sends somebody to a page of the desk, there is one of that name."""

import re

from leeward.site.alarms import HINTS
from leeward.web.desk import GROUPS

PAGES = {str(page.title) for group in GROUPS for page in group.pages}


def test_what_an_alarm_advises_names_pages_that_there_are() -> None:
    named = {name for hint in HINTS.values() for name in re.findall(r"\bunder ([A-Z]\w+)", str(hint))}
    assert "Administration" in named
    assert named <= PAGES
