"""A year is published, corrected and read by everybody; the files are attacked by a solver that knows nothing but them."""

import csv
import io
import json
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import highspy
import pytest
from django.test import Client
from django_scopes import scope, scopes_disabled

from leeward.audit.models import AuditRow
from leeward.foundation.errors import NotAllowed, TextTooLong
from leeward.indicators import publishing, queries
from leeward.indicators.definitions import BY_NAME, DEFINITIONS
from leeward.indicators.errors import NotPublishable
from leeward.indicators.labels import CHAPTERS, table_title
from leeward.indicators.models import Publication, Tally, TypedFigure
from leeward.indicators.rules.cells import ALONE, TABLES
from leeward.indicators.rules.formulas import figures_of
from leeward.indicators.rules.marks import CaseSeen, marks_of_case, marks_of_report
from leeward.people.queries import portals_of
from leeward.web_security.keys import new_form_key
from tests.browser import Visit
from tests.indicators.test_counting import enter
from tests.personas import Cast

NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)
YEAR = 2025
# A year of a small hotline, by series and value; each spread of illegal cases adds up to 40, those told to 30.
COUNTED = {
    "channel": {"form": 150, "telephone": 47, "sms": 3},
    "kind": {"page": 160, "me": 24, "danger": 2, "else": 14},
    "language": {"en": 180, "fr": 20},
    "outcome": {"illegal": 40, "not_illegal": 61, "not_found": 36, "open": 13},
    "first_hours": {"2": 70, "30": 60, "never": 20},
    "country": {"US": 19, "NL": 12, "JM": 4, "CA": 3, "unknown": 2},
    "known": {"yes": 9, "no": 31},
    "age_band": {"7-10": 12, "11-13": 20, "14-15": 5, "3-6": 3},
    "sex": {"female": 30, "male": 8, "both": 2},
    "self_generated": {"yes": 16, "no": 11, "unknown": 13},
    "medium": {"photograph": 31, "video": 8, "ai_generated": 1},
    "commercial": {"no": 34, "yes": 6},
    "site_type": {"website": 18, "forum": 12, "image_host": 10},
    "police_hours": {"0": 30, "25": 8, "never": 2},
    "host_hours": {"3": 20, "26": 10, "never": 10},
    "up_hours": {"5": 11, "30": 9, "60": 3, "96": 4, "never": 3},
    "stayed": {"US:0": 6, "ZZ:0": 5, "US:1": 9, "US:2": 3, "ZZ:4": 4, "US:never": 3},
    "up_watched": {"longer": 3},
    "victim": {"known": 6, "new": 4, "unknown": 30},
    "urgent": {"yes": 24, "no": 126},
    "urgent_hours": {"0": 12, "3": 9, "20": 1, "never": 2},
    "peer": {"yes": 28, "no": 122},
    "peer_hours": {"5": 20, "96": 5, "never": 3},
    "appeals": {"all": 17},
    "appeal": {"upheld": 3, "rejected": 9, "open": 5},
    "appeal_hours": {"40": 12, "never": 5},
    "provider_report": {"all": 31},
    "provider_priority": {"P1": 2, "P2": 20, "unknown": 9},
    "blocked": {"all": 33},
    "block_state": {"approved": 21, "gone": 8, "appeal": 4},
    "block_hours": {"100": 5, "900": 6, "3000": 1, "never": 21},
}


@pytest.fixture
def counted(cast: Cast) -> Cast:
    rows = [("report", "all", 2, 60), ("report", "all", 7, 140), ("case", "all", 2, 50), ("case", "all", 7, 100)]
    rows += [(series, value, 7, n) for series, values in COUNTED.items() for value, n in values.items()]
    with scope(hotline=cast.hotline_id):
        Tally.objects.bulk_create(
            Tally(hotline_id=cast.hotline_id, portal_id=cast.portal_id, year=YEAR, month=month, series=series, value=value, number=n)
            for series, value, month, n in rows
        )  # fmt: skip
    return cast


def publish(cast: Cast, note: str = "", *, by: str = "carl", year: int = YEAR, is_rounded: bool | None = None) -> int:
    with scope(hotline=cast.hotline_id):
        return publishing.publish_year(
            cast.portal_id, year, note=note, actor=cast[by].actor, now=NOW, is_rounded=is_rounded
        )


def read(cast: Cast) -> str:
    """What the form sends along of the figures on its page."""
    with scope(hotline=cast.hotline_id):
        return publishing.mark_of_year(queries.year_of(cast.portal_id, YEAR))


def note(cast: Cast, *, by: str = "carl") -> int:
    with scope(hotline=cast.hotline_id):
        return publishing.note_changes(cast.portal_id, YEAR, actor=cast[by].actor, now=NOW)


def correct(cast: Cast, series: str, value: str, number: int) -> None:
    with scope(hotline=cast.hotline_id):
        assert Tally.objects.filter(series=series, value=value, month=7).update(number=number)


def move_cases(cast: Cast) -> None:
    correct(cast, "country", "US", 12)
    correct(cast, "country", "NL", 19)


def published() -> dict[str, int | None]:
    """The cells of the newest edition as anybody reads them from the file, by the names of `TABLES`."""
    rows = list(csv.DictReader(io.StringIO(Client().get(f"/jm/figures/{YEAR}/data.csv").content.decode())))
    of = {definition.name: definition.of[0] for definition in BY_NAME.values() if definition.how in ("spread", "count")}
    return {
        of[row["indicator"]] + (f":{row['of']}" if row["of"] else ""): int(row["number"]) if row["number"] else None
        for row in rows
        if row["indicator"] in of and (row["number"] or row["why"] == "hidden")
    }


def could_be(
    *editions: dict[str, int | None], same: frozenset[str] = frozenset(), laws: dict[str, str] | None = None
) -> dict[str, tuple[int, int]]:
    """The least and most that each hidden cell can be: an integer program over the files alone, which knows that zeros are shown.

    Of several editions, it is told besides which cells did not change: `same`. `laws`: a country and its law, each alone with it,
    where every host was told.
    """
    model, at = highspy.Highs(), {}
    model.setOptionValue("output_flag", False)
    cells: dict[str, int | None] = {}
    for n, edition in enumerate(editions):
        for name, number in edition.items():
            key = name if name in same else f"{name}{n or ''}"
            cells[key] = number if cells.get(key) is None else cells[key]
    for name, number in cells.items():
        at[name] = model.addIntegral(1, 10_000) if number is None else model.addIntegral(number, number)
    spreads = {definition.of[0] for definition in BY_NAME.values() if definition.how == "spread"}
    for n, edition in enumerate(editions):
        of = {name: at[name if name in same else f"{name}{n or ''}"] for name in edition}
        tables = [table for table in TABLES if table.name in spreads]  # of others only a part or a share is published
        wholes = [(table.whole, [name for name in edition if name.startswith(f"{table.name}:")]) for table in tables]
        told = [name for name in edition if name.startswith("host_hours:") and name != "host_hours:never"]
        open_now = [name for name in ("appeal:open", "appeal:withdrawn") if name in edition]
        on_list = [name for name in ("block_state:approved", "block_state:suspended") if name in edition]
        twice = [("appeal_hours:never", open_now), ("block_hours:never", on_list)]
        by_law = [
            (
                f"up_hours:{end}",
                [name for name in edition if name.startswith("law_hours:") and name.endswith(f":{end}")],
            )
            for end in ("24", "48", "72", "168", "longer", "never")
        ]
        ties = [
            (f"country:{one}", [name for name in edition if name.startswith(f"law_hours:{law}:")])
            for one, law in (laws or {}).items()
        ]
        for whole, parts in [*wholes, ("hosts_told", told), *twice, *by_law, *ties]:
            if parts:
                model.addConstr(sum(of[part] for part in parts) - of[whole] == 0)
    found = {}
    for name, number in cells.items():
        if number is None:
            ends = []
            for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
                model.changeObjectiveSense(sense)
                model.changeColCost(at[name].index, 1.0)
                model.run()
                assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
                ends.append(round(model.val(at[name])))
            model.changeColCost(at[name].index, 0.0)
            found[name] = (ends[0], ends[1])
    return found


@pytest.mark.django_db
def test_what_is_published_resists_a_solver_that_has_the_file(counted: Cast) -> None:
    assert publish(counted) == 1
    cells = published()
    small = {f"{series}:{value}" for series, values in COUNTED.items() for value, n in values.items() if 0 < n < 5}
    small -= {"up_hours:60", "up_hours:96"}
    small |= {"up_hours:72", "up_hours:168"}
    small -= {"up_watched:longer", "urgent_hours:20", "block_hours:3000"}
    small |= {"urgent_hours:24", "block_hours:longer"}
    us = queries.law_then()("US", YEAR).band
    small = {name for name in small if not name.startswith("stayed:")}
    small |= {f"law_hours:{us}:72", f"law_hours:{us}:never", "law_hours:unknown:168"}
    assert len(small) == 23
    reach = could_be(cells)
    assert small <= reach.keys()
    assert all(reach[name][0] == 1 and reach[name][1] >= 5 for name in small), reach
    assert all(high - low >= 5 for low, high in reach.values()), reach
    assert (cells["reports"], cells["outcome:illegal"], cells["age_band:11-13"]) == (200, 40, 20)
    page = Client().get(f"/jm/figures?year={YEAR}").content.decode()
    assert "not shown" in page
    with scope(hotline=counted.hotline_id):
        (edition,) = queries.editions_of(counted.portal_id)
    assert edition.figures.medians == {"first_hours": 2, "police_hours": None, "host_hours": 3, "up_hours": None,
        "urgent_hours": None, "peer_hours": None, "appeal_hours": 40, "block_hours": None}  # fmt: skip


@pytest.mark.django_db
def test_who_looks_up_each_countrys_law_learns_no_more(cast: Cast) -> None:
    """Times by law are beside hosting countries: where every host was told, the times under a law are the cases of its countries."""
    countries = {"US": [20, 8, 2], "GY": [6, 6], "ZZ": [3]}
    start, marks = datetime(YEAR, 7, 1, tzinfo=UTC), Counter[tuple[str, str]]()
    for country, numbers in countries.items():
        for number, days in zip(numbers, (0, 1, None), strict=False):
            told = start + timedelta(hours=1)
            case = CaseSeen(start, "illegal", country, known=False, reports=1, facts={}, first_assessed_at=start, decided_at=start,
                            police_told_at=start, host_told_at=told, watched_until=told + timedelta(days=9),
                            removed_at=None if days is None else told + timedelta(days=days))  # fmt: skip
            each = [*marks_of_case(case), *marks_of_report("form", "page", "en")]
            marks.update(dict.fromkeys(each, number))
    law_of = queries.law_then()
    laws = {country: law_of(country, YEAR).band for country in countries}
    assert len({*laws.values()}) == 3
    with scope(hotline=cast.hotline_id):
        Tally.objects.bulk_create(
            Tally(hotline_id=cast.hotline_id, portal_id=cast.portal_id, year=YEAR, month=7, series=series, value=value, number=n)
            for (series, value), n in marks.items()
        )  # fmt: skip
    publish(cast)
    cells = published()
    assert (cells["country:ZZ"], cells["cases"]) == (None, 45)
    reach = could_be(cells, laws=laws)
    assert all(high - low >= 4 and (low == 1 or high - low >= 5) for low, high in reach.values()), reach


@pytest.mark.django_db
def test_a_correction_is_a_dated_note_and_never_silent(counted: Cast) -> None:
    publish(counted)
    before = published()
    with pytest.raises(NotPublishable, match="nothing changed"):
        publish(counted, "again")
    move_cases(counted)
    assert published() == before, "nothing changes for readers until it is published again"
    with pytest.raises(NotPublishable, match="what was corrected"):
        publish(counted)
    with pytest.raises(TextTooLong, match="400 is the most"):
        publish(counted, "x" * 401)
    # A time that changes within its span moves the median and no number of its table.
    with scope(hotline=counted.hotline_id):
        Tally.objects.filter(series="first_hours", value="2").update(value="3")
        assert queries.year_of(counted.portal_id, YEAR).medians["first_hours"] == 3
    assert publish(counted, "Cases moved \x01from the\x00\x0bUnited States to the Netherlands.\uffff\x08") == 2
    feed = ElementTree.fromstring(Client().get("/jm/figures/feed.atom").content)
    assert "Cases moved from the United States to the Netherlands." in "".join(feed.itertext())
    page = Client().get("/jm/figures").content.decode()
    assert "Cases moved from the United States to the Netherlands." in page
    assert "Edition 1, 3 November 2026" in page
    facts = [json.loads(row.facts) for row in AuditRow.objects.filter(event="figures.published").order_by("number")]
    assert [one["edition"] for one in facts] == [1, 2]
    assert_nothing_is_told_by_all_editions()
    with scope(hotline=counted.hotline_id):
        second, first = [one.figures for one in queries.editions_of(counted.portal_id)]
    median = BY_NAME["first_assessment"]
    (then,), (now,) = figures_of(median, first), figures_of(median, second)
    assert ((then.number, then.why), (now.number, now.why)) == ((2, ""), (None, "hidden"))


def assert_nothing_is_told_by_all_editions() -> None:
    """Whoever collects them finds no number that differs by 1 to 4, and comes no closer to a hidden one than the rule."""
    with scopes_disabled():
        rows = list(Publication.objects.order_by("edition"))
    shown, counted = [row.shown for row in rows], [row.counted for row in rows]
    names = {name for one in shown for name in one}
    for name in names:
        numbers = [one.get(name, 0) for one in shown]
        differences = {abs(one - other) for one in numbers for other in numbers if None not in (one, other)}
        assert not differences & {1, 2, 3, 4}, (name, numbers)
    same = frozenset(name for name in names if len({one.get(name) for one in counted}) == 1)
    assert all(high - low >= 5 for low, high in could_be(*shown, same=same).values())


@pytest.mark.django_db
def test_two_editions_show_no_single_case_and_a_note_says_that_there_is_one(counted: Cast) -> None:
    with pytest.raises(NotPublishable, match="nothing to publish"):
        note(counted)
    publish(counted)
    before = published()
    with pytest.raises(NotPublishable, match="nothing changed"):
        note(counted)
    move_cases(counted)
    with pytest.raises(NotPublishable, match="enough changed"):
        note(counted)
    publish(counted, "Cases moved.")
    middle = published()
    # A case moved between countries after that: shown, both editions would tell whose.
    correct(counted, "country", "US", 11)
    correct(counted, "country", "JM", 5)
    with pytest.raises(
        NotPublishable, match="“Illegal cases by hosting country” fewer than 5 changed since edition 2"
    ) as told:
        publish(counted, "One case.")
    assert "only a note" in str(told.value.hint)
    address = f"/desk/indicators/jm/{YEAR}/publish"
    carl = enter(counted, "carl")
    answer = carl.post(
        address, {"once": new_form_key(), "note": "One case.", "seen": read(counted)}, follow=True
    ).content.decode()
    assert "fewer than 5 changed since edition 2" in answer
    assert "Publish only a note" in answer
    with pytest.raises(NotAllowed):
        note(counted, by="ana")
    answer = carl.post(address, {"once": new_form_key(), "act": "note"}, follow=True).content.decode()
    assert "some numbers have changed since" in answer
    assert "Publish only a note" not in answer
    with pytest.raises(NotPublishable, match="told already"):
        note(counted)
    assert published() == middle != before
    assert "some numbers have changed since" in Client().get("/jm/figures").content.decode()
    feed = ElementTree.fromstring(Client().get("/jm/figures/feed.atom").content)
    ids = [one.text for one in feed.iter("{http://www.w3.org/2005/Atom}id")]
    assert [str(one).rpartition("#")[2] for one in ids[1:]] == [f"{YEAR}-2-changed", f"{YEAR}-2", f"{YEAR}-1"]
    assert "have changed since" in Client().get(f"/jm/figures/{YEAR}/datapackage.json").content.decode()
    assert AuditRow.objects.filter(event="figures.noted").count() == 1
    # What changed by few beside many is hidden: every number of all editions that differs, differs by five or more.
    for series, value, number in (("country", "NL", 5), ("country", "US", 25), ("site_type", "website", 11), ("site_type", "forum", 17),
        ("site_type", "image_host", 12)):  # fmt: skip
        correct(counted, series, value, number)
    assert publish(counted, "More cases moved.") == 3
    assert published()["site_type:image_host"] is None, "12 beside 10"
    assert_nothing_is_told_by_all_editions()


@pytest.mark.django_db
def test_after_the_last_edition_of_a_year_there_is_still_a_note(counted: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (publishing, queries):
        monkeypatch.setattr(module, "MOST_EDITIONS", 2)
    publish(counted)
    move_cases(counted)
    publish(counted, "Cases moved.")
    correct(counted, "language", "fr", 30)
    correct(counted, "language", "en", 170)
    with pytest.raises(NotPublishable, match="at most 2 editions"):
        publish(counted, "Languages corrected.")
    assert note(counted) == 2
    for path in ("/jm/figures", "/jm/figures/feed.atom"):
        text = " ".join(Client().get(path).content.decode().split())
        assert "ome numbers have changed since. No further edition of this year can follow." in text, path
    assert "no further edition can follow" in Client().get(f"/jm/figures/{YEAR}/datapackage.json").content.decode()


@pytest.mark.django_db
def test_what_was_typed_in_is_shown_with_its_source_or_not_at_all(counted: Cast) -> None:
    with scope(hotline=counted.hotline_id):
        TypedFigure.objects.create(
            hotline_id=counted.hotline_id, portal_id=counted.portal_id, series="convictions", year=YEAR, number=3, at=NOW,
            source="Courts of Jamaica, annual report", source_date=date(2026, 3, 1),
        )  # fmt: skip
    publish(counted)
    guest = Client()

    def shown() -> tuple[str, ...]:
        table = csv.DictReader(io.StringIO(guest.get(f"/jm/figures/{YEAR}/data.csv").content.decode()))
        (row,) = [row for row in table if row["indicator"] == "convictions"]
        return row["number"], row["why"], row["source"], row["source_date"]

    assert shown() == ("3", "", "Courts of Jamaica, annual report", "2026-03-01")
    for path in ("/jm/figures", f"/jm/figures/{YEAR}/report.html"):
        page = " ".join(guest.get(path).content.decode().split())
        assert "Source: <bdi>Courts of Jamaica, annual report</bdi>, 1 March 2026" in page, path
    with pytest.raises(NotPublishable, match="nothing changed"):
        publish(counted, "Again.")
    # An edition from before sources were kept.
    with scope(hotline=counted.hotline_id):
        Publication.objects.update(typed=[["convictions", 0, 3]])
    assert shown() == ("", "no_data", "", "")
    assert publish(counted, "Now with its source.") == 2
    assert shown()[0] == "3"


@pytest.mark.django_db
def test_the_page_has_contents_and_every_chart_in_one_chapter(counted: Cast) -> None:
    publish(counted)
    page = Client().get("/jm/figures").content.decode()
    targets = re.findall(r'<li><a href="#(\w+)">', page)
    assert targets == [*CHAPTERS, "all", "editions", "data"]
    assert all(page.count(f'id="{target}"') == 1 for target in targets)
    assert page.count('<details class="chapter">') == len(CHAPTERS) + 1
    drawn = [one.name for one in DEFINITIONS if one.is_drawn and one.is_public]
    assert sorted(name for _title, names in CHAPTERS.values() for name in names) == sorted(drawn)
    assert re.findall(r'<figure class="chart" id="(\w+)"', page) == [
        name for _title, names in CHAPTERS.values() for name in names
    ]


@pytest.mark.django_db
def test_hosts_registrars_and_the_size_of_lists_stay_on_the_desk(counted: Cast) -> None:
    rows = [("host", f"Host {number}", number) for number in range(1, 24)]
    rows += [("registrar", "A Registrar", 40), ("on_list", "all", 21), ("list_ended", "all", 12)]
    with scope(hotline=counted.hotline_id):
        Tally.objects.bulk_create(
            Tally(hotline_id=counted.hotline_id, portal_id=counted.portal_id, year=YEAR, month=7, series=series, value=value, number=n)
            for series, value, n in rows
        )  # fmt: skip
    address = f"/desk/indicators?portal=jm&year={YEAR}"
    carl = enter(counted, "carl")
    page = " ".join(carl.get(address).content.decode().split())
    assert "Host 23" in page
    assert "Host 4<" in page
    assert "Host 3<" not in page, "the largest twenty"
    assert "3 more stand in the export." in page
    assert "A Registrar" in page
    text = carl.post("/desk/indicators", {"portal": "jm", "year": YEAR}).content.decode()
    assert f"jm,{YEAR},illegal_by_host,Host 1,1,cases,,," in text
    assert f"jm,{YEAR},list_churn,,214.3,%,,," in text
    publish(counted)
    for path in (f"/jm/figures/{YEAR}/data.csv", "/jm/figures", f"/jm/figures/{YEAR}/report.html"):
        public = Client().get(path).content.decode()
        assert "Host 23" not in public
        assert "A Registrar" not in public
        assert "list_size" not in public
        assert "Addresses on lists" not in public
    assert Client().get(f"/jm/figures/{YEAR}/illegal_by_host.svg").status_code == 404
    with scope(hotline=counted.hotline_id):
        (row,) = Publication.objects.all()
    assert not {
        name for name in {*row.counted, *row.medians} if name.startswith(("host:", "registrar", "on_list", "list_"))
    }


@pytest.mark.django_db
def test_where_hiding_is_not_enough_nothing_is_published(counted: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "hidden_in", lambda cells, sums, **more: frozenset({"kind:danger"}))
    carl = enter(counted, "carl")
    address = f"/desk/indicators/jm/{YEAR}/publish"
    answer = carl.post(address, {"once": new_form_key(), "seen": read(counted)}, follow=True).content.decode()
    assert "a small number could be worked out" in answer
    monkeypatch.setattr(publishing, "hidden_in", lambda cells, sums, **more: None)
    assert (
        "a small number could be worked out"
        in carl.post(address, {"once": new_form_key(), "seen": read(counted)}, follow=True).content.decode()
    )
    with scope(hotline=counted.hotline_id):
        assert not Publication.objects.exists()
    with pytest.raises(NotPublishable, match="nothing to publish"):
        publish(counted, year=2019)
    with pytest.raises(NotPublishable, match="nothing to publish"):
        publish(counted, year=2027)
    with scope(hotline=counted.hotline_id):
        Tally.objects.filter(series="urgent").delete()
    with pytest.raises(NotPublishable, match="counted before tables were added"):
        publish(counted)
    with pytest.raises(NotAllowed):
        publish(counted, by="ana")
    assert enter(counted, "dora").post(address, {"once": new_form_key()}).status_code == 404


@pytest.mark.django_db
def test_the_desk_publishes_and_everybody_reads_and_downloads(counted: Cast, tmp_path: Path) -> None:
    guest = Client()
    assert "has not published figures" in guest.get("/jm/figures").content.decode()
    assert "No hotline here has published figures" in guest.get("/figures").content.decode()
    assert guest.get(f"/jm/figures/{YEAR}/data.csv").status_code == 404
    once = new_form_key()
    for _ in range(2):
        answer = enter(counted, "carl").post(
            f"/desk/indicators/jm/{YEAR}/publish", {"once": once, "seen": read(counted)}, follow=True
        )
        assert "See them as everybody does" in answer.content.decode()
    with scope(hotline=counted.hotline_id):
        assert Publication.objects.count() == 1
        assert portals_of(counted.hotline_id)
    answer = guest.get("/jm/figures")
    assert not answer.cookies
    assert "<script" not in answer.content.decode()
    assert len(answer.content) < 60_000
    assert "/jm/figures" in guest.get("/figures").content.decode()
    assert guest.get("/jm/fr/figures").status_code == 200
    for path in ("99999/data.csv", "2019/sdmx.csv", "2019/datapackage.json"):
        assert guest.get(f"/jm/figures/{path}").status_code == 404
    frictionless = pytest.importorskip("frictionless")
    for name in ("datapackage.json", "data.csv"):
        (tmp_path / name).write_bytes(guest.get(f"/jm/figures/{YEAR}/{name}").content)
    package = frictionless.Package(str(tmp_path / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["title", "note"])[:5]
    assert package.licenses[0]["name"] == "CC-BY-4.0"
    assert "Hotline of Jamaica: figures of 2025, edition 1, " in package.description
    rows = list(csv.DictReader(io.StringIO(guest.get(f"/jm/figures/{YEAR}/sdmx.csv").content.decode())))
    assert {row["STRUCTURE_ID"] for row in rows} == {"LEEWARD:FIGURES(1.0)"}
    keys = [(row["REF_AREA"], row["TIME_PERIOD"], row["INDICATOR"], row["BREAKDOWN"]) for row in rows]
    assert len(keys) == len(set(keys)), "one observation for each key"
    assert {row["OBS_STATUS"] for row in rows} == {"A", "O", "Q"}
    assert all(bool(row["OBS_VALUE"]) == (row["OBS_STATUS"] == "A") for row in rows)


@pytest.mark.django_db
def test_no_figures_are_published_but_those_on_the_page(counted: Cast) -> None:
    carl, address = enter(counted, "carl"), f"/desk/indicators/jm/{YEAR}/publish"
    page = carl.get(f"/desk/indicators?portal=jm&year={YEAR}").content.decode()
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found, "the page says which figures it shows"
    correct(counted, "country", "US", 25)
    correct(counted, "country", "NL", 6)
    assert carl.post(address, {"once": new_form_key(), "seen": found[1]}).status_code == 409
    with scope(hotline=counted.hotline_id):
        assert not Publication.objects.exists()
    assert carl.post(address, {"once": new_form_key(), "seen": read(counted)}).status_code == 302
    with scope(hotline=counted.hotline_id):
        assert Publication.objects.count() == 1


def test_a_refusal_names_each_table_as_pages_do() -> None:
    assert table_title("kind") == "Reports by kind"
    assert table_title("urgent") == "Urgent cases"
    assert table_title("up_watched") == table_title("up_hours") == "Time until removal"
    names = [*ALONE, *(table.name for table in TABLES)]
    assert [name for name in names if table_title(name) == name] == []


@pytest.mark.django_db
def test_a_portal_may_round_what_would_be_hidden_and_every_file_says_so(counted: Cast) -> None:
    address, carl, guest = f"/desk/indicators/jm/{YEAR}/publish", enter(counted, "carl"), Client()
    carl.post(address, {"once": new_form_key(), "seen": read(counted)})
    tick = 'value="yes" aria-describedby="rounded_hint" '

    def desk() -> str:
        return " ".join(carl.get(f"/desk/indicators?portal=jm&year={YEAR}").content.decode().split())

    assert f"{tick}>" in desk(), "off"
    assert "≈" not in guest.get("/jm/figures").content.decode()
    with scope(hotline=counted.hotline_id):
        (first,) = Publication.objects.all()
    assert first.rounded is None
    carl.post(address, {"once": new_form_key(), "rounded": "yes", "note": "Rounded now.", "seen": read(counted)})
    with scope(hotline=counted.hotline_id):
        second = Publication.objects.get(edition=2)
    assert f"{tick}checked>" in desk(), "as last time"
    assert second.rounded["kind:danger"] == 5, "a 2"
    assert set(second.rounded) <= {name for name, number in second.shown.items() if number is None}
    assert all(number % 5 == 0 and abs(number - second.counted[name]) <= 4 for name, number in second.rounded.items())
    table = list(csv.DictReader(io.StringIO(guest.get(f"/jm/figures/{YEAR}/data.csv").content.decode())))
    (danger,) = [row for row in table if (row["indicator"], row["of"]) == ("reports_by_kind", "danger")]
    assert (danger["number"], danger["why"]) == ("5", "rounded")
    sdmx = list(csv.DictReader(io.StringIO(guest.get(f"/jm/figures/{YEAR}/sdmx.csv").content.decode())))
    assert {
        row["OBS_STATUS"] for row in sdmx if (row["INDICATOR"], row["BREAKDOWN"]) == ("reports_by_kind", "danger")
    } == {"E"}
    assert "multiple of 5" in json.loads(guest.get(f"/jm/figures/{YEAR}/datapackage.json").content)["description"]
    for path in ("/jm/figures", f"/jm/figures/{YEAR}/report.html"):
        page = " ".join(guest.get(path).content.decode().split())
        assert "≈ 5" in page, path
        assert "is rounded to a multiple of 5, up or down: the true one is at most 4 away." in page, path
    picture = guest.get(f"/jm/figures/{YEAR}/reports_by_kind.svg").content.decode()
    assert ": ≈ 5;" in picture, "in words, too"
    assert "at most 4 away" in picture
    report = guest.get(f"/jm/figures/{YEAR}/report.html").content
    with scope(hotline=counted.hotline_id):
        Publication.objects.get(edition=2).delete()
    publish(counted, "Rounded now.", is_rounded=True)
    assert guest.get(f"/jm/figures/{YEAR}/report.html").content.count(b"\xe2\x89\x88") == report.count(b"\xe2\x89\x88")
    with scope(hotline=counted.hotline_id):
        assert Publication.objects.get(edition=2).rounded == second.rounded, "the same key, the same numbers"
    facts = json.loads(AuditRow.objects.filter(event="figures.published").order_by("-number")[0].facts)
    assert facts["rounded"] == len(second.rounded)
    with pytest.raises(NotPublishable, match="nothing changed"):
        publish(counted, "Again.")


def show_a_curve(counted: Cast) -> None:
    for value, number in (("5", 10), ("30", 7), ("60", 0), ("96", 5), ("never", 8)):
        correct(counted, "up_hours", value, number)
    correct(counted, "up_watched", "longer", 8)
    for value, number in (("US:0", 5), ("US:1", 7), ("US:2", 0), ("ZZ:4", 5), ("US:never", 8)):
        correct(counted, "stayed", value, number)
    with scope(hotline=counted.hotline_id):
        Publication.objects.all().delete()  # an edition that is new, not one beside another
    publish(counted)


@pytest.mark.django_db
def test_the_curve_of_what_is_still_up_is_published_where_its_cells_are(counted: Cast) -> None:
    publish(counted)
    assert 'id="still_up"' in Client().get(f"/jm/figures?year={YEAR}").content.decode()
    assert Client().get(f"/jm/figures/{YEAR}/still_up.svg").status_code == 404, "a cell of it is hidden"
    show_a_curve(counted)
    found = {
        (row["indicator"], row["of"]): row["number"]
        for row in csv.DictReader(io.StringIO(Client().get(f"/jm/figures/{YEAR}/data.csv").content.decode()))
    }
    assert found["still_up", "24"] == "66.7"
    assert (found["still_up_at_least", "24"], found["still_up_at_most", "24"]) == ("46.9", "80.5")
    assert found["still_up", "168"] == "26.7"
    picture = Client().get(f"/jm/figures/{YEAR}/still_up.svg").content.decode()
    assert picture.count("<line") == 8
    assert "after 7 days" in picture


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_pages_bar_nobody(counted: Cast, visitor: Visit) -> None:
    from tests.people.browsing import sign_in

    show_a_curve(counted)
    move_cases(counted)
    publish(counted, "Cases moved from the United States to the Netherlands.", is_rounded=True)
    correct(counted, "language", "fr", 21)
    correct(counted, "language", "en", 179)
    note(counted)
    guest = visitor(script=False)
    for path in ("/jm/figures", "/jm/ur/figures", "/figures"):
        assert guest.go(path).status == 200
    reader = visitor()
    for path, name in (("/jm/figures", "figures"), ("/jm/ur/figures", "figures-ur"), ("/figures", "figures-all")):
        reader.go(path)
        reader.look(name)
    sign_in(reader, counted, "carl")
    for path, name in ((f"/desk/indicators?portal=jm&year={YEAR}", "desk"), ("/desk/indicators/jm", "typed")):
        reader.go(path)
        reader.look(name)
