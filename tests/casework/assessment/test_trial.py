"""A draft law tried on past cases: what would change, by which clause, and no small count on a page."""

import itertools
import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from leeward.casework.assessment.queries import rerun
from leeward.casework.assessment.queries.trial import FEWEST, trial_of
from leeward.casework.models import Assessment
from leeward.cli import main
from leeward.laws.queries import draft_to_try
from tests.browser import Visit
from tests.casework.conftest import PLAIN, Desk
from tests.laws.drafts import drafting_register
from tests.reading import compact

EVER = datetime(2000, 1, 1, tzinfo=UTC)
TODAY = datetime(2026, 11, 27, tzinfo=UTC).date()
GENERATED = {"medium": "ai_generated", "apparent_age": [8, 10], "real_person": "no", "act": "uk_b"}


def _decisions(desk: Desk, **kinds: tuple[dict[str, Any], int]) -> None:
    """Decisions with these facts, so many of each, made from one that was made on the desk."""
    desk.assess(desk.case())
    model = Assessment.objects.get()
    fields = {field.attname: getattr(model, field.attname) for field in Assessment._meta.fields if field.name != "id"}
    turns = itertools.count(2)
    for facts, count in kinds.values():
        rows = [Assessment(**(fields | {"cycle": next(turns), "facts": facts})) for _ in range(count)]
        Assessment.objects.bulk_create(rows)


@pytest.mark.django_db
def test_it_counts_the_opinions_that_would_change_and_names_the_clause(desk: Desk) -> None:
    _decisions(desk, child=(PLAIN, 4), generated=(GENERATED, 12))
    trial = trial_of(draft_to_try("JM", {"clauses": "all"}, TODAY), EVER, TODAY)
    assert (trial.decisions, trial.changed) == (17, 17)
    assert [(row.about, row.clause, row.before, row.after, row.count) for row in trial.rows] == [
        ("content", "3(1)(d)", "undetermined", "likely", 12),
        ("deed", "9(1)", "undetermined", "likely", 12),
        ("deed", "15", "likely", "undetermined", 5),
    ]
    narrower = trial_of(draft_to_try("JM", {"clauses": "all", "simulated_images": "no"}, TODAY), EVER, TODAY)
    assert [(row.clause, row.after, row.count) for row in narrower.rows if row.about == "content"] == [
        ("", "unlikely", 12)
    ]
    assert trial_of(draft_to_try("JM", {}, TODAY), EVER, TODAY).rows == (), "the definition is left as it is"
    assert trial_of(draft_to_try("JM", {}, TODAY), datetime(2100, 1, 1, tzinfo=UTC), TODAY).decisions == 0


@pytest.mark.django_db
def test_offences_count_by_clause_where_the_definition_stays(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Grenada's definition is read and its possession is not: the draft puts possession into the Act in force."""
    site = PLAIN | {"site_type": "image_host", "self_generated": "no"}
    _decisions(desk, site=(site, 11))
    monkeypatch.setattr("leeward.laws.queries.register", drafting_register)
    bill = draft_to_try("GD", {}, TODAY)
    trial = trial_of(bill, EVER, TODAY)
    by_clause = {
        row.clause: (row.about, row.heading, row.after, row.count) for row in trial.rows if row.after == "likely"
    }
    assert by_clause["12C(1)"] == ("deed", "Possession", "likely", 11)
    assert trial.decisions == 12


@pytest.mark.once
@pytest.mark.django_db
def test_memory_does_not_grow_with_the_number_of_cases(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rerun, "CHUNK", 200)
    bill = draft_to_try("JM", {"clauses": "all"}, TODAY)

    def peak() -> int:
        tracemalloc.start()
        assert trial_of(bill, EVER, TODAY).decisions > 100
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    _decisions(desk, child=(PLAIN, 610))
    trial_of(bill, EVER, TODAY)
    few = peak()
    model = Assessment.objects.first()
    assert model is not None
    fields = {field.attname: getattr(model, field.attname) for field in Assessment._meta.fields if field.name != "id"}
    Assessment.objects.bulk_create([Assessment(**(fields | {"cycle": 9000 + at})) for at in range(400)])
    assert peak() < 1.5 * few + 100_000


@pytest.mark.django_db
def test_the_page_shows_no_small_count(desk: Desk) -> None:
    _decisions(desk, child=(PLAIN, FEWEST), generated=(GENERATED, FEWEST - 1))
    carl, path = desk.signed_in("carl"), "/desk/law/jm/try"
    assert "Duty to report</h4>" in carl.get(path).content.decode(), "the whole draft stands beside"
    whole = compact(carl.post(path, {"since": "2000-01-01", "clauses": "all"}).content.decode())
    untried = whole.split("What can’t be tried", 1)[1].split("</section>", 1)[0]
    assert (
        "on a content, not on an approach to a child"
        in untried.split("Proposal to meet a child", 1)[1].split("</li>")[0]
    )
    asked = {"since": "2000-01-01", "clauses": "all"}
    page = compact(carl.post(path, asked).content.decode())
    assert "20–29" in page
    assert "20 decisions" not in page
    result = page.split("What would change</h2>", 1)[1].split("</table>", 1)[0]
    assert "3(1)(d)" in result
    assert "under 10" in result
    assert "10–19" in result, "larger counts by tens, so that no difference of two gives a small one away"
    assert "12." not in result
    assert "Proposal to meet a child" in page.split("What can’t be tried", 1)[1]
    Assessment.objects.exclude(pk=Assessment.objects.latest("pk").pk).delete()
    assert "Too few decisions" in carl.post(path, asked).content.decode()
    assert desk.signed_in("ana").get(path).status_code == 403


@pytest.mark.django_db
def test_neither_the_day_nor_the_number_asked_tells_one_decision_by_a_difference(desk: Desk) -> None:
    _decisions(desk, child=(PLAIN, 2 * FEWEST))
    made = Assessment.objects.latest("pk").at
    carl, pages = desk.signed_in("carl"), []
    for day in (made.date(), made.date().replace(day=1)):
        answer = carl.post("/desk/law/jm/try", {"since": day.isoformat(), "clauses": "all"})
        pages.append(compact(answer.content.decode()).split("Try the draft", 1)[1].split("<article", 1)[0])
    assert pages[0] == pages[1]
    assert made.strftime("%Y-%m-01") in pages[0], "the day that was counted from"
    assert "20–29" in pages[0]
    assert "21" not in pages[0]


@pytest.mark.django_db
def test_the_command_leaves_with_one_where_something_would_change(
    desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _decisions(desk, generated=(GENERATED, 2))
    choices = tmp_path / "bill.yaml"
    choices.write_text("country: JM\nclauses: all\n", encoding="utf-8")
    command = ["law", "try", str(choices), "--hotline", "jm", "--cases"]
    assert main.run([*command, "2020-01-01", "--json"]) == 1
    line, *others = capsys.readouterr().out.splitlines()
    row = json.loads(line)
    assert (row["about"], row["clause"], row["before"], row["after"], row["count"], row["of"]) == (
        "content",
        "3(1)(d)",
        "undetermined",
        "likely",
        2,
        3,
    )
    rows = [json.loads(line) for line in others]
    assert [row["clause"] for row in rows if row["about"] != "not_tried"] == ["9(1)", "15"]
    assert "Proposal to meet a child" in [row["heading"] for row in rows if row["about"] == "not_tried"]
    assert main.run([*command, "2020-01-01"]) == 1
    said = capsys.readouterr().err
    assert "Proposal to meet a child; no fact of a case is on an approach to a child." in said
    assert main.run(["law", "try", "JM", "--hotline", "jm", "--cases", "2020-01-01", "--json"]) == 0
    choices.write_text("clauses: all\n", encoding="utf-8")
    assert main.run([*command, "2020-01-01"]) == 2
    assert "it names no `country`" in capsys.readouterr().err
    assert main.run(["law", "try", "US", "--hotline", "jm", "--cases", "2020-01-01"]) == 2


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_what_came_of_it_can_be_read_on_a_phone_and_a_desk(desk: Desk, visitor: Visit) -> None:
    _decisions(desk, generated=(GENERATED, FEWEST))
    carl = visitor()
    cookie = desk.signed_in("carl").cookies["sessionid"].value
    url = f"{carl.base}/desk"
    carl.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url, "sameSite": "Strict"}])
    carl.go("/desk/law/jm/try")
    carl.page.get_by_label("Which draft?").select_option("all")
    carl.page.get_by_label("Decisions made since").fill("2000-01-01")
    carl.press("Try the draft")
    table = carl.page.get_by_role("table")
    expect(table.get_by_text("10–19").first).to_be_visible()
    held = carl.page.evaluate(
        "t => t.getBoundingClientRect().right <= t.closest('section').getBoundingClientRect().right",
        table.element_handle(),
    )
    assert held, "no column is under the draft beside it"
    carl.look("law-trial")
