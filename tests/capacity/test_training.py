"""Training on the desk: courses, sessions, people one by one and by tables, and what is missing."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_scopes import scope, scopes_disabled

from leeward.administration import tasks as administration_tasks
from leeward.audit.models import AuditRow
from leeward.capacity import queries, services
from leeward.capacity.models import Course, Need, Participation, Session
from leeward.capacity.rules.participation import Participation as Said
from leeward.capacity.rules.vocabulary import months_before
from leeward.capacity.services import CourseDetails
from leeward.capacity.tasks import forget_old_trainees
from leeward.capacity.views import tables
from leeward.cli.training import import_people, list_people
from leeward.foundation.errors import BadInput
from leeward.notices.models import StaffNote
from leeward.people.queries import hotline
from leeward.web_security.keys import new_form_key
from tests.awareness.test_catalogue import enter
from tests.having_read import seen_on
from tests.personas import Cast

DAY = date(2026, 3, 2)


@pytest.fixture
def carl(cast: Cast) -> Client:
    return enter(cast, "carl")


@pytest.fixture
def number(cast: Cast) -> int:
    """A course that holds for two years."""
    with scope(hotline=cast.hotline_id):
        details = CourseDetails("Digital evidence", "POL-1", "police", valid_months=24)
        return services.add_course(details, hotline_id=cast.hotline_id, actor=cast["carl"].actor)


def sent(client: Client, path: str, **values: Any) -> Any:
    """Press a form; what changes a course or a need as somebody does who has just opened its page."""
    if path.endswith(("/change", "/needs")) and "seen" not in values:
        shown = client.get(path)
        values["seen"] = seen_on(shown.content.decode()) if shown.status_code == 200 else ""
    return client.post(path, {"once": new_form_key(), **values})


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def take(cast: Cast, number: int, *found: Said) -> services.Taken:
    with scope(hotline=cast.hotline_id):
        return services.take(number, found, session_id=None, actor=cast["carl"].actor)


def test_a_course_is_made_held_and_kept_while_somebody_took_part(cast: Cast, carl: Client) -> None:
    course = {"title": "Digital evidence", "code": "POL-1", "role": "police", "valid_months": "24", "hours": "16"}
    assert "No courses" in words(carl, "/desk/training")
    assert "Use letters without accents" in sent(carl, "/desk/training/add", **course | {"code": "é"}).content.decode()
    assert sent(carl, "/desk/training/add", **course).status_code == 302
    again = sent(carl, "/desk/training/add", **course)
    assert "There is a course with this short name already." in again.content.decode()
    with scope(hotline=cast.hotline_id):
        number = Course.objects.get().pk
    page = f"/desk/training/{number}"
    sent(carl, f"{page}/change", **course | {"title": "Evidence from phones", "provider": "Academy"})
    assert "Evidence from phones" in words(carl, "/desk/training?q=acad")
    assert "No courses" in words(carl, "/desk/training?q=nothing")
    held = {"starts_on": "2026-03-01", "ends_on": "2026-03-02", "place": "Kingston", "trainers": "Dee"}
    backwards = sent(carl, f"{page}/session", **held | {"ends_on": "2026-02-02"})
    assert "The last day is before the first." in backwards.content.decode()
    assert sent(carl, f"{page}/session", **held).status_code == 302
    assert "on this day at this place already" in sent(carl, f"{page}/session", **held).content.decode()
    with scope(hotline=cast.hotline_id):
        session = Session.objects.get().pk
    person = {"name": "Ana Brown", "organisation": "Police", "role": "police", "country": "JM", "session": session}
    late = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    assert "in the future" in sent(carl, f"{page}/person", **person, ended_on=late).content.decode()
    tests = {"before": "40", "after": "75"}
    assert sent(carl, f"{page}/person", **person, **tests, ended_on="2026-03-02").status_code == 302
    twice = sent(carl, f"{page}/person", **person | {"name": "ANA BROWN"}, ended_on="2026-03-02")
    assert "It is on record already" in twice.content.decode()
    shown = words(carl, page)
    assert all(part in shown for part in ("Ana Brown", "Kingston", "Dee", "1 person took both tests: 40.0% before"))
    for path in (f"/desk/training/sessions/{session}/remove", f"{page}/remove"):
        sent(carl, path)
        assert "so it stays on record" in words(carl, page)
    with scope(hotline=cast.hotline_id):
        sent(carl, f"/desk/training/people/{Participation.objects.get().pk}/remove")
    assert "Nobody here" in words(carl, page)
    sent(carl, f"{page}/remove")
    assert carl.get(page).status_code == 404
    events = list(AuditRow.objects.filter(event__regex="^(course|participation)").values_list("event", flat=True))
    assert sorted(events) == [
        "course.added",
        "course.changed",
        "course.removed",
        "course_session.added",
        "participation.added",
        "participation.removed",
    ]


def test_nobody_of_another_country_sees_or_changes_it(cast: Cast, number: int) -> None:
    take(cast, number, Said("Ana", "", "police", "JM", DAY))
    with scope(hotline=cast.hotline_id):
        person = Participation.objects.get().pk
    dora = enter(cast, "dora")
    assert "No courses" in words(dora, "/desk/training")
    assert "Nothing on record" in words(dora, "/desk/training/needs")
    for path in ("", "/change", "/session", "/person", "/import"):
        assert dora.get(f"/desk/training/{number}{path}").status_code == 404
    for path in (f"{number}/remove", f"{number}/export", f"people/{person}/remove"):
        assert sent(dora, f"/desk/training/{path}").status_code == 404


def test_a_table_is_shown_before_anything_is_saved(
    cast: Cast, carl: Client, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/desk/training/{number}/import"
    own = {"form": "own", "role": "police", "country": "BB"}
    take(cast, number, Said("Ana", "", "police", "JM", DAY))
    good = "name,ended_on\nAna,2026-03-02\nBen,2026-03-02\nben,2026-03-02\n"
    preview = sent(carl, page, **own, text=good).content.decode()
    assert "New: 1. On record already, or twice in the table: 2." in preview
    for text, sentence in (
        (good + "Cat,tomorrow\n=1,2026-03-02\n", "Line 5: the day is not written like 2026-11-28"),
        ("name,ended_on\n", "The table names nobody who took part."),
        ("Nom\n", "its first line does not name the columns"),
    ):
        refused = sent(carl, page, **own, text=text, act="take")
        assert refused.status_code == 422
        assert sentence in refused.content.decode()
    for content in (b"\xe9", b"a" * 2_000_001):
        refused = sent(carl, page, **own, file=SimpleUploadedFile("a.csv", content), act="take")
        assert refused.status_code == 422
    assert "The form is not filled in." in sent(carl, page, text=good).content.decode()
    with scope(hotline=cast.hotline_id):
        assert Participation.objects.count() == 1
    assert sent(carl, page, **own, text=good, act="take").status_code == 302
    moodle = 'ID,Name,Done\n7,Dee,"2/03/26, 14:05"\n8,Eve,\n'.encode("utf-16")
    sent(carl, page, **own | {"form": "moodle"}, file=SimpleUploadedFile("m.txt", moodle), act="take")
    answer = sent(carl, f"/desk/training/{number}/export")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [(row["name"], row["country"], row["ended_on"]) for row in rows] == [
        ("Ana", "JM", "2026-03-02"),
        ("Ben", "BB", "2026-03-02"),
        ("Dee", "BB", "2026-03-02"),
    ]
    monkeypatch.setattr(tables, "MOST_EXPORTED", 2)
    assert sent(carl, f"/desk/training/{number}/export").status_code == 422


def test_who_is_missing_and_whose_training_runs_out(cast: Cast, carl: Client, number: int) -> None:
    today = datetime.now(UTC).date()
    just = months_before(today, 24)
    take(
        cast,
        number,
        Said("Gone-1", "", "police", "JM", just - timedelta(days=1)),
        Said("Soon-1", "", "police", "JM", just),
        Said("Well-1", "", "police", "JM", today),
        Said("Well-1", "", "police", "JM", today - timedelta(days=9)),
    )
    page = f"/desk/training/{number}"
    found = {show: words(carl, f"{page}?show={show}") for show in ("ending", "over")}
    names = ("Gone-1", "Soon-1", "Well-1")
    assert [name in found["ending"].partition("<tbody>")[2] for name in names] == [False, True, False]
    assert [name in found["over"].partition("<tbody>")[2] for name in names] == [True, False, False]
    assert "Well-1" in words(carl, f"{page}?q=well")
    need = {"role": "police", "country": "JM"}
    sent(carl, "/desk/training/needs", **need, people="5")
    sent(carl, "/desk/training/needs", role="judge", country="JM", people="1")
    assert sent(carl, "/desk/training/needs", **need, people="-1").status_code == 422
    with scope(hotline=cast.hotline_id):
        stand = [(one.role, one.trained, one.missing) for one in queries.needs(today)]
    assert stand == [("police", 2, 3), ("judge", 0, 1)]
    assert "Jamaica" in words(carl, "/desk/training/needs")
    sent(carl, "/desk/training/needs", role="judge", country="JM", people="0")
    with scope(hotline=cast.hotline_id):
        assert len(queries.needs(today)) == 1


def test_a_long_table_is_taken_in_steps_and_again_adds_nothing(
    cast: Cast, number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "BATCH", 3)
    slug = hotline(cast.hotline_id).slug
    table = tmp_path / "people.csv"
    lines = [f"Person {one % 7},2026-03-02" for one in range(10)]
    table.write_text("name,ended_on\n" + "\n".join([*lines, "x,y"]), "utf-8")
    options: dict[str, Any] = {"country": "JM", "hotline": slug}
    assert import_people("POL-1", table, **options) == 1
    assert "line 12: the day is not written like" in capsys.readouterr().err
    table.write_text("name,ended_on\n" + "\n".join(lines), "utf-8")
    assert import_people("POL-1", table, **options, dry_run=True) == 0
    with scope(hotline=cast.hotline_id):
        assert Participation.objects.count() == 0
    for _time in range(2):
        assert import_people("POL-1", table, **options) == 0
    assert capsys.readouterr().out == "new\t7\nsame\t3\n" * 2 + "new\t0\nsame\t10\n"
    assert list_people("POL-1", hotline=slug, as_json=True) == 0
    assert capsys.readouterr().out.count('"name": "Person ') == 7
    for wrong in (("POL-9", table, {}), ("POL-1", tmp_path / "none", {}), ("POL-1", table, {"form": "x"})):
        with pytest.raises(BadInput):
            import_people(wrong[0], wrong[1], **options, **wrong[2])
    table.write_bytes(b"name,ended_on\nA,2026-03-02\n" + b"\xff" * 9)
    with pytest.raises(BadInput, match="can’t be read as CSV in UTF-8"):
        import_people("POL-1", table, **options)


def reminders(cast: Cast) -> list[tuple[str, int, str]]:
    """What staff of both hotlines were written to about training: what, whom, where it leads."""
    with scopes_disabled():
        notes = StaffNote.objects.filter(what__startswith="training").order_by("what", "person_id")
        return [(note.what, note.person_id, note.path) for note in notes]


def test_staff_are_reminded_once_of_sessions_ahead_and_of_training_that_runs_out(cast: Cast, number: int) -> None:
    today = datetime.now(UTC).date()
    with scope(hotline=cast.hotline_id):
        for days in (-1, 10, 15):
            day = today + timedelta(days=days)
            Session.objects.create(
                hotline_id=cast.hotline_id, course_id=number, starts_on=day, ends_on=day, place="Here"
            )
    administration_tasks.remind_of_training()
    administration_tasks.remind_of_training()
    meant = sorted(cast[name].account_id for name in ("adam", "carl"))
    assert reminders(cast) == [("training_ahead", person, f"/desk/training/{number}") for person in meant]
    with scope(hotline=cast.hotline_id):
        details = CourseDetails("Courts", "JUD-1", "judge")
        other = services.add_course(details, hotline_id=cast.hotline_id, actor=cast["carl"].actor)
        day = today + timedelta(days=12)
        for course in (number, other):
            Session.objects.create(
                hotline_id=cast.hotline_id, course_id=course, starts_on=day, ends_on=day, place="There"
            )
    administration_tasks.remind_of_training()
    assert [path for _, _, path in reminders(cast)].count("/desk/training") == 2, (
        "two courses on one day are one letter"
    )
    ended = months_before(today, 24) + timedelta(days=30)
    take(
        cast, number, Said("A. Kite", "Police", "police", "JM", ended), Said("B. Reef", "Police", "police", "JM", ended)
    )
    take(cast, number, Said("A. Kite", "Police", "police", "JM", today))
    with scope(hotline=cast.hotline_id):
        assert queries.courses_running_out(today) == {number}
    administration_tasks.remind_of_training()
    administration_tasks.remind_of_training()
    assert [what for what, _, _ in reminders(cast)] == ["training_ahead"] * 4 + ["training_ending"] * 2
    take(cast, number, Said("B. Reef", "Police", "police", "JM", today))
    with scope(hotline=cast.hotline_id):
        assert queries.courses_running_out(today) == set(), "both have taken it again"


def test_names_are_forgotten_when_every_training_of_a_person_is_long_over(
    cast: Cast, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Training that holds for two years is forgotten five years after that, what holds for ever ten years after its end."""
    today = datetime.now(UTC).date()
    with scope(hotline=cast.hotline_id):
        details = CourseDetails("Law", "LAW-1", "judge")
        for_ever = services.add_course(details, hotline_id=cast.hotline_id, actor=cast["carl"].actor)
    last, ever = months_before(today, 24 + 60), months_before(today, 120)
    day = timedelta(days=1)
    take(cast, number, Said("Old", "Police", "police", "JM", last - day), Said("Just kept", "", "police", "JM", last),
         Said("Both", "", "police", "JM", last - day), Said("Old", "Police", "police", "JM", last - 400 * day))  # fmt: skip
    take(cast, for_ever, Said("Both", "", "judge", "JM", ever), Said("Older", "", "judge", "JM", ever - day))
    cleared: list[object] = []
    monkeypatch.setattr(services, "erased", cleared.append)
    forget_old_trainees()
    assert cleared == [Participation], "once for all of a batch"
    with scope(hotline=cast.hotline_id):
        kept = Participation.objects.exclude(name="").order_by("name").values_list("name", flat=True)
        assert list(kept) == ["Both", "Both", "Just kept"]
        gone = Participation.objects.filter(name="").order_by("ended_on")
        assert [(row.organisation, row.country, row.ended_on) for row in gone] == [
            ("", "JM", ever - day), ("", "JM", last - 400 * day), ("", "JM", last - day)
        ]  # fmt: skip
        assert len({row.person for row in gone}) == 2, "what was one person still is"
    (row,) = AuditRow.objects.filter(event="participations.forgotten")
    assert json.loads(row.facts) == {"rows": 3}
    forget_old_trainees()
    assert AuditRow.objects.filter(event="participations.forgotten").count() == 1


def test_by_a_page_from_before_nobody_changes_a_course_or_a_need(cast: Cast, carl: Client, number: int) -> None:
    page, needs = f"/desk/training/{number}/change", "/desk/training/needs"
    older = {path: seen_on(words(carl, path)) for path in (page, needs)}
    course = {"title": "Evidence from phones", "code": "POL-9", "role": "police", "valid_months": "24", "hours": "16"}
    need = {"role": "judge", "country": "JM"}
    sent(enter(cast, "adam"), page, **course)
    sent(enter(cast, "adam"), needs, **need, people="3")
    for seen in ("", older[page]):
        values = course | {"title": "Of before", "once": new_form_key(), "seen": seen}
        late = carl.post(page, values, follow=True).content.decode()
        assert ("Something else was entered since" in late, "Evidence from phones" in late) == (True, True)
    for seen in ("", older[needs]):
        answer = sent(carl, needs, **need, people="77", seen=seen)
        late = answer.content.decode()
        assert (answer.status_code, "Something else was entered since" in late, 'value="77"' in late) == (
            422,
            True,
            True,
        )
    with scope(hotline=cast.hotline_id):
        assert Course.objects.get(pk=number).title == "Evidence from phones"
        assert Need.objects.get().people == 3
