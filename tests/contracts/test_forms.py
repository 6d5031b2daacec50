"""Every POST form of a template carries a mark of what its page showed, or stands in `forms.txt` with the reason why it has none.

By an old page nobody may confirm, decide or write over what they haven't read (`people.services.demand_read`). The test finds the
forms by itself: a new one without a mark needs a line, and a line goes as soon as its forms have marks. “not judged yet” is
for forms that were there before this table; there may only be fewer of them.
"""

import re
from collections import Counter
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "leeward"
TABLE = Path(__file__).with_name("forms.txt")
NOT_JUDGED, MOST_NOT_JUDGED = "not judged yet", 1
_FORM = re.compile(r'<form\b[^>]*\bmethod="post".*?</form>', re.DOTALL)
_MARK = re.compile(r'(?<!\{% if seen %\})<input type="hidden" name="(?:seen|seen_account)" value="\{\{ [\w.]+ \}\}">')


def unmarked() -> Counter[str]:
    """How many forms of each template have no mark."""
    found: Counter[str] = Counter()
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        for form in _FORM.findall(path.read_text(encoding="utf-8")):
            if not _MARK.search(form):
                found[str(path).rpartition("/templates/")[2]] += 1
    return found


def listed() -> dict[str, tuple[int, str]]:
    """The table: of each template how many forms have no mark, and why."""
    rows = (line.split(maxsplit=2) for line in TABLE.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
    return {name: (int(count), why) for name, count, why in rows}


def test_every_form_has_a_mark_of_what_its_page_showed_or_a_reason() -> None:
    table = listed()
    assert {name: count for name, (count, _why) in table.items()} == dict(unmarked())
    assert list(table) == sorted(table)
    assert all(len(why) > 10 for _count, why in table.values())


def test_no_form_is_added_to_those_that_nobody_has_judged() -> None:
    assert sum(count for count, why in listed().values() if why == NOT_JUDGED) == MOST_NOT_JUDGED


def test_the_table_knows_forms_and_marks() -> None:
    forms = _FORM.findall('<form method="post">\n<p></p></form><form class="row" method="post" action="/"></form>')
    assert len(forms) == 2
    assert _MARK.search('<input type="hidden" name="seen" value="{{ one.mark }}">')
    assert not _MARK.search('<input type="hidden" name="seen" value="">')
    sometimes = '{% if seen %}<input type="hidden" name="seen" value="{{ seen }}">{% endif %}'
    assert not _MARK.search(sometimes), "on other pages it has none"
