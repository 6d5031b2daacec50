"""The catalogue on the desk and what visitors see of it, up to the visits to its addresses."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.awareness import cards, queries, services
from leeward.awareness.errors import CatalogueFull
from leeward.awareness.models import Resource
from leeward.awareness.rules.entries import EntryDetails
from leeward.awareness.rules.vocabulary import CRITERIA
from leeward.awareness.sentences import TEN
from leeward.jobs.worker import run_until_idle
from leeward.people.models import Portal
from leeward.web_security.keys import new_form_key
from tests.having_read import marks_on
from tests.pdf_tags import faults_of
from tests.personas import Cast

ALL_YES = dict.fromkeys(CRITERIA, "yes")


@pytest.fixture
def carl(cast: Cast) -> Client:
    return enter(cast, "carl")


def enter(cast: Cast, name: str) -> Client:
    from leeward.people.models import User

    client = Client()
    client.force_login(User.objects.get(pk=cast[name].account_id))
    client.session["second_factor"] = cast[name].account_id
    return client


def add(cast: Cast, title: str = "Talk about pictures", **more: Any) -> int:
    details = EntryDetails(title, "School", more.pop("address", "https://school.example/pictures"), **more)
    with scope(hotline=cast.hotline_id):
        return services.add_entry(details, hotline_id=cast.hotline_id, actor=cast["carl"].actor)


def sent(client: Client, path: str, **values: Any) -> Any:
    """Press a form of a page that is as it is now."""
    entry = re.fullmatch(r"(/desk/learning/\d+)(/remove)?", path)
    shown = {"seen": marks_on(client.get(entry[1]).content.decode())[-1]} if entry else {}
    return client.post(path, {"once": new_form_key(), **shown, **values})


def seen_on(client: Client, page: str) -> str:
    """Return the mark of what the page of an entry shows."""
    return client.get(page).content.decode().partition('name="seen" value="')[2].partition('"')[0]


def words(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_entry_is_typed_reviewed_shown_and_loses_its_review(cast: Cast, carl: Client) -> None:
    typed = {"title": "Talk about pictures", "address": "https://school.example/p", "form": "page", "languages": "en"}
    assert sent(carl, "/desk/learning/add", **typed | {"address": "school"}).status_code == 422
    once = new_form_key()
    for _ in range(2):  # sent twice is once
        carl.post("/desk/learning/add", typed | {"once": once, "audiences": ["teacher"]})
    double = sent(carl, "/desk/learning/add", **typed | {"address": "http://www.school.example/p/"})
    assert "already has this title at this address" in double.content.decode()
    with scope(hotline=cast.hotline_id):
        number = Resource.objects.get().pk
    page, teachers = f"/desk/learning/{number}", "/jm/learn?for=teacher"
    assert "Talk about pictures" not in words(teachers)
    assert sent(carl, f"{page}/review", **ALL_YES).status_code == 422  # of nothing that was seen
    seen = {"seen": seen_on(carl, page)}
    unfinished = sent(carl, f"{page}/review", **dict.fromkeys(CRITERIA[1:], "yes") | seen)
    assert unfinished.status_code == 422
    silent = sent(carl, f"{page}/review", **ALL_YES | seen | {"suits": "no"})
    assert "say in a sentence why it is refused" in silent.content.decode()
    sent(carl, f"{page}/review", **ALL_YES | seen)
    assert "Reviewed by this hotline" in words(teachers)
    assert "Talk about pictures" in words(teachers)
    assert "Address not checked" in words(teachers)
    assert "Talk about pictures" not in words("/jm/learn?for=parent")
    assert "Talk about pictures" not in words("/jm/learn?for=teacher&in=fr")
    assert "Talk about pictures" not in words("/learn?for=teacher")
    assert "by Carl" in carl.get(page).content.decode()
    sent(carl, page, **typed | {"title": "Talk about films"})
    assert "Talk about films" not in words(teachers)
    assert "Not reviewed" in carl.get(page).content.decode()
    assert enter(cast, "dora").get(page).status_code == 404
    assert "Talk about" not in enter(cast, "dora").get("/desk/learning").content.decode()
    assert enter(cast, "ana").get("/desk/learning").status_code == 403
    sent(carl, f"{page}/remove")
    assert carl.get(page).status_code == 404
    events = set(AuditRow.objects.values_list("event", flat=True))
    assert {"learning_entry.added", "learning_entry.reviewed", "learning_entry.changed"} < events


def test_a_review_is_of_what_the_reviewer_saw(cast: Cast, carl: Client) -> None:
    number = add(cast, audiences=("teacher",))
    page = f"/desk/learning/{number}"
    same = {"title": "Talk about pictures", "address": "https://school.example/pictures", "form": "page"}
    for change in (
        {"title": "Talk about films"},
        {"address": "https://elsewhere.example/"},
        {"audiences": ["child"]},
        {"age_from": "5"},
        {"age_to": "8"},
    ):
        sent(carl, page, **same | {"audiences": ["teacher"]})
        seen = seen_on(carl, page)
        assert sent(carl, f"{page}/review", **ALL_YES, seen=seen).status_code == 302
        sent(carl, page, **same | {"audiences": ["teacher"], "topics": ["time"]})
        assert "by Carl" in carl.get(page).content.decode()
        sent(carl, page, **same | {"audiences": ["teacher"]} | change)
        late = sent(carl, f"{page}/review", **ALL_YES, seen=seen)
        assert late.status_code == 422
        assert "Learning material: it was changed in the meantime." in late.content.decode()
        with scope(hotline=cast.hotline_id):
            assert Resource.objects.get().verdict == ""


def test_the_shipped_entries_are_taken_over_once_and_claim_nothing(cast: Cast, carl: Client) -> None:
    every = queries.all_shipped()
    assert len(every) >= 40
    assert all(row.verdict == "" and row.link == "unchecked" and row.as_of and row.details.source for row in every)
    public = words("/learn?for=parent")
    assert "Known elsewhere, not reviewed here" in public
    assert "Better Internet for Kids" in public
    assert "from general knowledge" in public
    assert public.count("Address not checked") == public.count("noted on")
    for _ in range(2):
        sent(carl, "/desk/learning/shipped")
    with scope(hotline=cast.hotline_id):
        assert Resource.objects.count() == len(every)
        Resource.objects.filter(title="Internet Matters").update(verdict="refused")
    assert "Internet Matters" not in words("/jm/learn?for=parent")
    first, second = (carl.get(f"/desk/learning?page={page}").content.decode() for page in (1, 2))
    assert first.count("data-row") == 50
    assert second.count("data-row") == len(every) - 50
    assert carl.get("/desk/learning?q=netsmartz").content.decode().count("data-row") == 1
    assert carl.get("/desk/learning?show=refused").content.decode().count("data-row") == 1
    for hostile in ("page=99999999999999999999", "page=-1", "show=zzz", "q=" + "x" * 5000, "page=1%00"):
        assert carl.get(f"/desk/learning?{hostile}").status_code == 200


def test_what_a_visitor_chooses_narrows_the_list(cast: Cast) -> None:
    for title, more in {
        "For the small": {"audiences": ("child",), "age_from": 5, "age_to": 8},
        "For the big": {"audiences": ("child",), "age_from": 13, "age_to": 17, "topics": ("bullying",)},
        "For everybody": {},
    }.items():
        add(cast, title, address=f"https://school.example/{len(title)}", **more)
    with scope(hotline=cast.hotline_id):
        Resource.objects.update(verdict="good")
    titles = ("For the small", "For the big", "For everybody")

    def shown(query: str) -> list[bool]:
        return [title in words(f"/jm/learn{query}") for title in titles]

    assert shown("") == [True, True, True]
    assert shown("?age=5-8") == [True, False, True]
    assert shown("?age=9-12") == [False, False, True]
    assert shown("?age=13-17&about=time") == [False, False, True]
    assert shown("?for=parent") == [False, False, True]
    assert shown("?for=zzz&about=zzz&in=zzz&age=zzz") == [True, True, True]
    with scope(hotline=cast.hotline_id):
        Resource.objects.filter(title="For everybody").update(link="gone")
    assert shown("?age=9-12") == [False, False, False]


def test_every_audience_has_ten_sentences_in_the_pages_language(cast: Cast) -> None:
    assert {len(lines) for lines in TEN.values()} == {10}
    page = words("/jm/learn?for=industry")
    assert all(str(line).replace("'", "&#x27;") in page for line in TEN["industry"])
    assert "116 111" in page
    for path in ("/jm/stop", "/jm/privacy"):
        assert "/jm/learn" in Client().get(path).content.decode()
    assert "/jm/fr/learn" in words("/jm/fr/learn")
    assert Client().get("/zz/learn").status_code == 404


def table(rows: str) -> str:
    return "title,address,audiences\n" + rows


def test_a_table_is_taken_in_whole_or_not_at_all(cast: Cast, carl: Client) -> None:
    add(cast)
    for content, sentence in (
        ("title,address\nÉcole,https://a.example".encode("latin-1"), "it is not in UTF-8"),
        (table("=1+1,https://a.example,child\n").encode(), "Line 2: a cell begins like a formula"),
        (table("A,https://a.example,\nA,http://www.a.example/,\n").encode(), "Line 3: this title and address stand"),
        (table("\n,,\nA,https://a.example,aunt\n").encode(), "Line 4: “aunt” is not a word of this list"),
        (table("A,https://a.example,\n" * 200_000).encode(), "it is larger than 2 MB"),
        (table("A,b,\n" * 5001).encode(), "it has more than 5000 rows"),
        (table("").encode(), "The table has no rows."),
    ):
        answer = sent(carl, "/desk/learning/import", file=SimpleUploadedFile("a.csv", content), act="take")
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    good = table("Talk about pictures,https://school.example/pictures,child\nNew,https://new.example,parent\n")
    preview = sent(carl, "/desk/learning/import", text=good).content.decode()
    assert "New: 1. In the catalogue already, and left as they are: 1." in preview
    with scope(hotline=cast.hotline_id):
        assert Resource.objects.count() == 1
    sent(carl, "/desk/learning/import", text=good, act="take")
    answer = carl.post("/desk/learning/export")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["title"] for row in rows] == ["New", "Talk about pictures"]
    add(cast, "@home", address="https://home.example")
    again = carl.post("/desk/learning/export").content.decode()
    assert "'@home" in again
    assert "New: 0." in sent(carl, "/desk/learning/import", text=again).content.decode()


def test_a_full_catalogue_takes_nothing_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_ENTRIES", 1)
    add(cast)
    with pytest.raises(CatalogueFull, match="at most 1 entries"):
        add(cast, "Another")


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Answer visits with what is said here; returns the addresses visited."""

    def answering(*answers: str) -> list[str]:
        left, seen = list(answers), []

        def visit(address: str) -> str:
            seen.append(address)
            return left.pop(0)

        monkeypatch.setattr(services, "visit", visit)
        return seen

    return answering


def test_an_address_is_hidden_after_two_visits_and_shown_again(
    cast: Cast, carl: Client, visits: Callable[..., list[str]]
) -> None:
    number = add(cast)
    with scope(hotline=cast.hotline_id):
        Resource.objects.update(verdict="good")
    seen, now = visits("gone", "gone", "answers"), timezone.now()

    def state() -> str:
        with scope(hotline=cast.hotline_id):
            return str(Resource.objects.get(pk=number).link)

    run_until_idle(now)
    assert (state(), "Talk about pictures" in words("/jm/learn")) == ("unsure", True)
    run_until_idle(now + timedelta(hours=1))
    assert len(seen) == 1
    with scope(hotline=cast.hotline_id):
        Resource.objects.update(next_at=now - timedelta(minutes=1))
    run_until_idle(now + timedelta(days=1, hours=1))
    assert (state(), "Talk about pictures" in words("/jm/learn")) == ("gone", False)
    sent(carl, f"/desk/learning/{number}/check")
    run_until_idle(timezone.now() + timedelta(seconds=5))
    assert (state(), "Talk about pictures" in words("/jm/learn")) == ("answers", True)
    assert seen == ["https://school.example/pictures"] * 3


def test_visitors_page_through_a_long_catalogue(cast: Cast) -> None:
    made = [EntryDetails(f"Lesson {number:03}", "", "https://school.example/") for number in range(30)]
    with scope(hotline=cast.hotline_id):
        services.import_entries(made, hotline_id=cast.hotline_id, actor=cast["carl"].actor)
        Resource.objects.update(verdict="good")
    first, second = words("/jm/learn?for=teacher"), words("/jm/learn?for=teacher&page=2")
    assert ("Lesson 023" in first, "Lesson 024" in first, "Known elsewhere" in first) == (True, False, False)
    assert "?for=teacher&amp;page=2" in first
    assert ("Lesson 023" in second, "Lesson 029" in second, "Known elsewhere" in second) == (False, True, True)
    for page in ("-1", "x", "9" * 40):
        assert Client().get("/jm/learn", {"page": page}).status_code == 200


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    assert faults_of(pdf) == []
    return " ".join(document[0].get_textpage().get_text_range().split())


def test_cards_of_a_portal_in_its_language_and_for_a_school(cast: Cast, carl: Client) -> None:
    made = Client().get("/jm/learn/card/a5")
    assert made["Content-Type"] == "application/pdf"
    said = text_of(made.content)
    assert all(part in said for part in ("/jm", "116 111", "119", "Report it"))
    assert Client().get("/jm/learn/card/a9").status_code == 404
    long = sent(carl, "/desk/learning/cards", portal="jm", language="en", size="a6", code="x" * 4000)
    assert long.status_code == 422
    assert "A code holds at most 300 characters here, and this has 4000." in long.content.decode()
    own = sent(carl, "/desk/learning/cards", portal="jm", language="en", size="a3", code="https://a.example/")
    assert own["Content-Disposition"] == 'attachment; filename="jm-poster-a3.pdf"'
    assert text_of(own.content)
    page = carl.get("/desk/learning/cards").content.decode()
    assert "In danger now: call 119." in page
    assert ", where one message holds 160: sent as 1 message." in page
    answer = Client().get("/jm/learn/school-pack")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        names = [name.removeprefix("jm-en/") for name in pack.namelist()]
        child = pack.read("jm-en/when-something-happened-child.txt").decode("utf-8-sig")
        assert all("/jm" in text_of(pack.read(f"jm-en/{name}")) for name in cards.FILES.values())  # and one page each
    assert names == sorted(
        [*cards.FILES.values(), "radio.txt", "text-message.txt"]
        + [f"when-something-happened-{one}.txt" for one in ("child", "parent", "teacher")]
    )
    assert "1. It is not your fault" in child
    assert Client().get("/jm/learn/school-pack").content == answer.content


def test_nobody_prints_where_to_report_while_nothing_is_taken(cast: Cast, carl: Client) -> None:
    assert "/jm/learn/card/a6" in words("/jm/learn")
    Portal.objects.filter(slug="jm").update(takes_reports=False)
    assert "/jm/learn/card" not in words("/jm/learn")
    assert [Client().get(f"/jm/learn/{page}").status_code for page in ("card/a6", "school-pack")] == [404, 404]
    ahead = sent(carl, "/desk/learning/cards", portal="jm", language="en", size="a6")
    assert ahead["Content-Type"] == "application/pdf"


def test_a_page_from_before_puts_nothing_back_and_removes_nothing(cast: Cast, carl: Client) -> None:
    number = add(cast)
    path = f"/desk/learning/{number}"
    typed = {
        "title": "Talk about films",
        "publisher": "School",
        "address": "https://school.example/films",
        "form": "page",
        "languages": "en",
    }
    before = carl.get(path).content.decode()
    old = marks_on(before)[-1]
    assert sent(carl, path, **typed, seen=old).status_code == 302
    for seen in ("", old):
        sent(carl, path, **(typed | {"title": "Talk about pictures"}), seen=seen)
        assert sent(carl, f"{path}/remove", seen=seen).status_code == 409
    shown = carl.get(path).content.decode()
    assert "Talk about films" in shown
    assert sent(carl, f"{path}/remove", seen=marks_on(shown)[-1]).status_code == 302
