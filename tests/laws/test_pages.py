"""The public pages of the law: what they show, what they weigh, and that everybody can use them."""

import csv
import gzip
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import expect

from leeward.foundation.actor import Actor
from leeward.laws import services
from leeward.laws.pages.editions import other_editions
from leeward.laws.pages.standing import members
from leeward.laws.register import packaged_register
from leeward.web_security import remembered
from tests.browser import Visit
from tests.effort import calls_of
from tests.reading import compact

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGES = [
    "/law",
    "/law?by=c4&edition=1",
    "/law?by=grooming&show=listed",
    "/law?edition=today",
    "/law/gh",
    "/law/jm",
    "/law/gb",
    "/law/ca",
    "/law/jm/gap",
    "/law/compare?c=JM&c=NR&c=GB&c=SG",
    "/law/what-if",
    "/law/lc/draft",
    "/law/us/draft",
]
MOST_BYTES = 100_000


@pytest.fixture
def guest() -> Client:
    return Client(SERVER_NAME="localhost")


def _text(guest: Client, path: str) -> str:
    answer = guest.get(path)
    assert answer.status_code == 200, path
    return compact(answer.content.decode())


def test_every_state_is_one_tile_and_one_row(guest: Client) -> None:
    page = _text(guest, "/law")
    assert page.count('<rect x="') == 56
    assert page.count('<th scope="row"><a href="/law/') == 56
    assert "<title>Nauru: none of five (2013)</title>" in page
    assert "<title>Gabon: unknown (2013)</title>" in page
    assert "not a scorecard" in page


@pytest.mark.parametrize("tag", ["bn", "hi"])
def test_the_map_is_light_where_a_letter_takes_three_bytes(guest: Client, tag: str) -> None:
    loaded = [Path(str(finders.find(f"leeward/{name}"))) for name in ("leeward.css", "logo.svg")]
    page = guest.get(f"/lang/{tag}/law", headers={"accept-encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    assert len(page.content) + sum(len(gzip.compress(path.read_bytes())) for path in loaded) < 30_000


@pytest.mark.parametrize(
    ("query", "states"),
    [("show=0", 17), ("show=1-3", 15), ("show=4-5", 22), ("show=unknown", 2), ("q=jam", 1), ("q=nr", 1), ("q=zzz", 0)],
)
def test_filter_and_search(guest: Client, query: str, states: int) -> None:
    assert _text(guest, f"/law?{query}").count('<th scope="row"><a href="/law/') == states


def test_a_country_says_what_is_known_and_what_is_not(guest: Client) -> None:
    page = _text(guest, "/law/jm")
    for words in (
        "Act 13 of 2009",
        "In edition 7 (2013) of the review none or one of criteria 1 to 4",
        "unreviewed",
        "no such section in the Act",
        "Unknown",
    ):
        assert words in page, words


def test_a_country_that_met_nothing_then_is_read_in_the_past(guest: Client) -> None:
    assert "In edition 7 (2013) of the review none of criteria 1 to 4 was met." in _text(guest, "/law/pk")


def test_a_duty_is_shown_with_what_is_recorded_of_it_and_no_more(guest: Client) -> None:
    canada = _text(guest, "/law/ca")
    assert "the report may not be disclosed" in canada
    assert "no civil liability for acting in good faith" in canada
    assert "Sanction" not in canada
    assert "2024 INSC 716" in _text(guest, "/law/in")
    jamaica = _text(guest, "/law/jm")
    assert "no such section in the Act (14 sections)" in jamaica
    assert jamaica.split("Related duties and powers", 1)[1].count("Unknown</bdi>") == 4, (
        "not recorded is shown as unknown"
    )


def test_treaties_stand_with_what_is_known_of_them(guest: Client) -> None:
    nauru = _text(guest, "/law/nr")
    assert "Convention on Cybercrime (Budapest)" in nauru
    assert nauru.count('<span class="tag word">unknown</span>') >= 8, "nobody read which of the four it joined"
    assert "binds it as a member of the European Union" in _text(guest, "/law/cy")
    assert "Related duties and powers" not in _text(guest, "/law/interpol_baseline")


def test_a_part_and_its_state_lead_to_each_other(guest: Client) -> None:
    england = _text(guest, "/law/gb-eaw")
    assert '<a href="/law/gb">United Kingdom</a>' in england
    assert '<span class="tag word">GB</span><bdi lang="en">regulated user-to-user providers' in england
    britain = _text(guest, "/law/gb")
    assert '<a href="/law/gb-eaw">England &amp; Wales</a>' in britain
    assert '<span class="tag word">GB-EAW</span><bdi lang="en">an indecent photograph' in britain
    assert guest.get("/law/gb-eaw/gap").status_code == guest.get("/law/gb-eaw/draft").status_code == 200


STATES = [file["code"].lower() for file in members(packaged_register())]
_YEARLESS = re.compile(r"[Ee]dition [0-9]{1,2}\b(?! ?\((?:[0-9]{4}|year not recorded)\)).{40}")


def _yearless(guest: Client, path: str) -> list[str]:
    page = " ".join(re.sub(r"<[^>]+>", " ", _text(guest, path)).split())
    assert not re.search(r"\b(?:[Ee]dition|in|of) None\b", page), path
    return _YEARLESS.findall(page)


@pytest.mark.parametrize("code", STATES)
def test_no_sentence_about_an_edition_of_any_state_goes_without_its_year(guest: Client, code: str) -> None:
    assert _yearless(guest, f"/law/{code}") == []


def test_no_caption_and_no_gap_goes_without_its_year(guest: Client) -> None:
    views = [f"/law?by={view}&edition={source}" for view in ("all", "c5", "grooming") for source in ("7", "1", "today")]
    for path in (*views, "/law/pk/gap", "/law/ag/gap", "/law/ga/gap", "/law/compare?c=JM&c=NR"):
        assert _yearless(guest, path) == []
    assert "are missing" not in _text(guest, "/law/pk/gap")


def test_an_imported_edition_of_six_states_is_not_what_the_map_shows_by_itself(guest: Client) -> None:
    rows = "".join(f"{code},10,yes,yes,yes,yes,yes,T\n" for code in ("JM", "NR", "GB", "CA", "IN", "MY"))
    text = f"iso2,edition,c1,c2,c3,c4,c5,source\n{rows}"
    services.import_edition(text, name="ten.csv", actor=Actor("command"))
    page = _text(guest, "/law")
    assert "How many of the five criteria were met – Edition 7 (2013)" in page
    assert "10 (year not recorded)" in page
    for path in ("/law/jm", "/law/jm/gap", "/law/jm/draft"):
        assert _yearless(guest, path) == []


def test_the_map_shows_an_edition_or_today_and_says_which(guest: Client) -> None:
    edition, today = _text(guest, "/law?by=c4&edition=7"), _text(guest, "/law?by=c4&edition=today")
    assert "4 Possession – Edition 7 (2013)" in edition
    assert "<title>Ghana: not met (2013)</title>" in edition
    assert "4 Possession – This register, today" in today
    day = datetime.now(UTC).date().isoformat()
    assert f"<title>Ghana: met ({day})</title>" in today
    assert f"What this register knows as of {day}." in today
    assert "somebody else’s account of it counts as met" in today
    whole = _text(guest, "/law?edition=today")
    assert "four or five found met" in whole
    tonga = whole.split(">Tonga</a>", 1)[1].split("</tr>", 1)[0]
    assert "none found met, at least one met in part" in tonga, "a sign alone says nothing"
    assert '<span aria-hidden="true">◐</span>' in whole.split('class="legend"', 1)[1].split("</ul>", 1)[0]


def test_grooming_is_of_the_toolkit_and_of_no_edition_of_the_review(guest: Client) -> None:
    page = _text(guest, "/law?by=grooming&edition=1")
    assert "Grooming – Commonwealth toolkit, edition 2 (2013)" in page
    assert 'edition=1"' not in page
    assert [row["key"] for row in other_editions()] == ["toolkit-2", "toolkit-3", "grooming-1"]
    assert all(row["year"] and row["source"] for row in other_editions())


def test_the_review_of_grooming_is_an_edition_of_its_own_once_it_is_imported(guest: Client) -> None:
    assert "ICMEC on grooming" not in _text(guest, "/law?by=grooming")
    text = "iso2,edition,grooming,source\nGH,grooming-1,yes,its table\nNR,grooming-1,no,its table\n"
    services.import_edition(text, name="grooming.csv", actor=Actor("command"))
    page = _text(guest, "/law?by=grooming&edition=grooming-1")
    assert "Grooming – ICMEC on grooming, edition 1 (2017)" in page
    assert "<title>Ghana: met (2017)</title>" in page
    assert "<title>Kenya: unknown (2017)</title>" in page
    assert "How many of the five criteria were met – Edition 7 (2013)" in _text(guest, "/law")


def test_what_is_newer_than_the_edition_stands_beside_it(guest: Client) -> None:
    page = _text(guest, "/law/gh")
    assert "What is as new as edition 7 (2013), or newer" in page
    assert "Cybersecurity Act 2020" in page.split("What is as new as edition 7 (2013), or newer")[1]
    gap = _text(guest, "/law/gh/gap")
    assert gap.count(">not met<") == 5
    assert len(re.findall(r'data-name="This register, today"><span class="tag closed">met<', gap)) == 4


def test_what_was_found_stands_with_how_it_is_known(guest: Client) -> None:
    page = _text(guest, "/law/ag")
    assert "Electronic Crimes Act 2013 s 10" in page
    assert "reported, not read: only a heading was seen" in page
    assert "Searched, and no provision that could be cited was found" in _text(guest, "/law/tv")


def test_a_gap_names_each_criterion(guest: Client) -> None:
    assert _text(guest, "/law/nr/gap").count(">not met<") == 5
    assert ">read, and not found<" in _text(guest, "/law/jm/gap"), (
        "the register has read that there is no duty to report"
    )
    kenya = _text(guest, "/law/ke/gap")
    assert len(re.findall(r'<td data-name="Edition 7 \(2013\)"><span class="tag word">unknown</span></td>', kenya)) == 5


def test_the_gap_calls_an_account_a_report_as_the_countrys_page_does(guest: Client) -> None:
    gap, page = _text(guest, "/law/ws/gap"), _text(guest, "/law/ws")
    now = re.findall(r'<td data-name="This register, today"><span class="tag[^>]*>([^<]*)<', gap)
    assert now == ["reported as met", "met in part", "reported as met", "reported as not met", "unknown"]
    assert now == re.findall(r'<td data-name="This register, today"><span class="tag[^>]*>([^<]*)<', page)


def test_four_are_compared_at_most(guest: Client) -> None:
    page = _text(guest, "/law/compare?c=JM&c=NR&c=GB&c=SG&c=CA")
    assert "the first four are shown" in page
    assert page.count('<th scope="col"><a href="/law/') == 4


def _posted(guest: Client, path: str, values: dict[str, str]) -> str:
    answer = guest.post(path, values)
    assert answer.status_code == 200, path
    return compact(answer.content.decode())


def test_what_if_asks_every_recorded_law(guest: Client) -> None:
    facts = {"medium": "photograph", "real_person": "yes", "known_age": "17", "apparent_age": "17", "act": "sap_4"}
    page = _posted(guest, "/law/what-if", {"asked": "1", **facts})
    assert page.count('<th scope="row"><a href="/law/') >= 22
    assert "whether the relationship or context is exploitative" in page
    assert "likely illegal" in page


def test_what_if_names_the_fact_that_contradicts(guest: Client) -> None:
    facts = {"asked": "1", "medium": "photograph", "known_age": "30", "apparent_age": "3"}
    assert "they contradict each other" in _posted(guest, "/law/what-if", facts)


@pytest.mark.parametrize("path", ["/law/what-if?medium=photograph&act=sap_4&known_age=9", "/law/dm/draft?step=2"])
def test_explicit_pages_begin_with_a_notice_and_read_no_choice_from_the_address(guest: Client, path: str) -> None:
    page = _text(guest, path)
    assert "Before you read on" in page
    assert "<select" not in page
    assert "sexual act" not in page.lower().replace("acts of sexual abuse", "")
    assert '<form method="post"' in page
    assert not [form for form in re.findall(r"<form[^>]*>", page) if 'method="post"' not in form and "draft" in form]


def test_the_country_page_says_first_that_it_quotes_statutes(guest: Client) -> None:
    page = _text(guest, "/law/jm")
    assert page.index("Before you read on") < page.index("What the law covers")


def test_open_data_carries_its_citation(guest: Client) -> None:
    text = guest.get("/law/data.csv").content.decode()
    assert text.startswith("# Leeward law register, version ")
    rows = list(csv.DictReader(io.StringIO(text.split("\n", 2)[2])))
    assert sum(row["edition"] == "7" and row["band"] == "0" for row in rows) == 17
    content = json.loads(_text(guest, "/law/data.json"))
    assert content["citation"].startswith("Leeward law register")
    assert len(content["jurisdictions"]) == 70
    assert json.loads(_text(guest, "/law/jm/data.json"))["jurisdictions"][0]["code"] == "JM"


@pytest.mark.parametrize("path", ["/law/zz", "/law/zz/gap", "/law?edition=99", "/law?by=colour", "/law/compare?c=ZZ"])
def test_what_is_not_there_is_not_found(guest: Client, path: str) -> None:
    assert guest.get(path).status_code == 404


def test_a_bill_is_drafted_step_by_step(guest: Client) -> None:
    choices = {"speed": "as_soon_as_practicable", "term": "child pornography", "reporting_entity": "A & B"}
    page = _posted(guest, "/law/dm/draft", {"step": "4", **choices})
    assert "<ins>as soon as practicable</ins>" in page
    assert '<input type="hidden" name="term" value="child pornography">' in page
    assert "A &amp; B, and " in page
    assert 'name="speed"' in page
    assert "No provision recorded" in page


def test_who_only_continues_gets_the_models_own_choices(guest: Client) -> None:
    """Every list shows the model's choice, and what the steps post, taken together, is the bill that nobody chose anything of."""
    values: dict[str, str] = {}
    for step in range(1, 8):
        page = _posted(guest, "/law/dm/draft", {"step": str(step), **values})
        for name, body in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
            chosen = re.search(r'<option value="([^"]*)" selected>', body)
            values[name] = chosen[1] if chosen else "the first"
    assert "the first" not in values.values()
    assert values["substantial_risk"] == values["tools"] == "no"
    assert values["knowingly"] == "yes"
    assert guest.post("/law/dm/draft.md", values).content == guest.get("/law/dm/draft.md").content


def test_a_choice_that_can_not_be_used_is_asked_again(guest: Client) -> None:
    page = _posted(guest, "/law/dm/draft", {"step": "7", "preservation_days": "two weeks"})
    assert 'id="id_preservation_days"' in page
    assert 'role="alert"' in page


def test_the_draft_says_first_what_it_would_be(guest: Client) -> None:
    assert "An Act that amends the one in force." in _text(guest, "/law/jm/draft")
    assert "Child Pornography (Prevention) Act" in _text(guest, "/law/jm/draft")
    assert "Model provisions, not a bill" in _text(guest, "/law/dm/draft"), "nobody here read its Act"
    assert "Model provisions, not a bill" in _text(guest, "/law/ke/draft")
    assert "Reported, not read here: Crimes Act 2013 s 82 (" in _text(guest, "/law/ws/draft")
    assert "There is nothing to draft for United States" in _text(guest, "/law/us/draft")
    assert "choose “All”" in _posted(guest, "/law/us/draft", {"step": "1"})
    assert "Meaning of child sexual abuse material" in _posted(guest, "/law/us/draft", {"step": "1", "clauses": "all"})


@pytest.mark.parametrize("kind", ["akn", "html", "md"])
def test_the_bill_is_taken_home(guest: Client, kind: str) -> None:
    answer = guest.post(f"/law/dm/draft.{kind}", {"title": "Islands Act 2027"})
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert "Islands Act 2027" in answer.content.decode()
    plain = guest.get(f"/law/dm/draft.{kind}?title=Islands+Act+2027").content.decode()
    assert "Islands Act 2027" not in plain, "an address chooses nothing"


@pytest.mark.parametrize(
    "path", ["/law/zz/draft", "/law/interpol_baseline/draft", "/law/dm/draft.exe", "/law/us/draft.md"]
)
def test_no_bill_for_what_is_not_there(guest: Client, path: str) -> None:
    assert guest.get(path).status_code == 404


def test_no_file_of_a_choice_that_can_not_be_used(guest: Client) -> None:
    assert guest.post("/law/dm/draft.md", {"term": "x"}).status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", PAGES)
def test_pages_are_light_and_load_nothing_else(visitor: Visit, path: str) -> None:
    guest = visitor()
    answer = guest.go(path)
    assert answer.status == 200
    assert guest.context.cookies() == []
    assert guest.page.locator("script, [style], style").count() == 0
    assert guest.weight() < MOST_BYTES
    assert guest.complaints == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("prefix", ["", "/lang/ur"], ids=["en", "ur"])
def test_axe_finds_nothing_and_nothing_is_cut_off(visitor: Visit, prefix: str) -> None:
    guest = visitor()
    for number, path in enumerate(PAGES):
        guest.go(prefix + path)
        # In another language a page has the same elements; what may differ is how long the words are.
        faults = guest.faults_at_each_size() if not prefix or number % 3 == 0 else guest.cut_off()
        assert faults == [], path


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_explicit_pages_behind_their_notice(visitor: Visit) -> None:
    """What stands behind the notice: the facts and the answers, each step of the bill, a choice that can't be used."""
    guest = visitor()
    guest.go("/law/what-if")
    guest.press("Show the facts")
    guest.page.get_by_label("Is a real person shown?").select_option("yes")
    guest.page.get_by_label("True age").fill("9")
    guest.press("Ask")
    assert guest.page.url.endswith("/law/what-if"), "no address holds a fact"
    assert guest.faults() == []
    assert guest.cut_off() == []
    guest.go("/law/jm/draft")
    guest.press("Show the text and the choices")
    assert guest.faults() == []
    guest.press("Continue")
    assert guest.cut_off() == []
    assert guest.page.url.endswith("/law/jm/draft")
    assert guest.context.cookies() == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_map_is_walked_with_the_keyboard(visitor: Visit) -> None:
    guest = visitor(script=False)
    guest.go("/law")
    guest.page.locator(".tiles a").first.focus()
    guest.page.keyboard.press("Enter")
    expect(guest.page.locator("h1")).to_have_text("Antigua and Barbuda")


def test_the_map_is_drawn_once_for_all_who_look_at_the_same_time(
    guest: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks at another criterion or edition, in another language, or for one country sees what they asked for."""
    others = [
        "/law?by=c4",
        "/law?by=grooming&edition=today",
        "/lang/fr/law",
        "/lang/en/law",
        "/law?q=jam",
        "/law?show=0",
    ]
    alone = {path: _text(guest, path) for path in ("/law", *others)}
    monkeypatch.setattr(remembered, "KEPT_SECONDS", 60.0)
    first = calls_of(lambda: guest.get("/law"))
    assert calls_of(lambda: guest.get("/law")) < first / 2
    assert {path: _text(guest, path) for path in (*alone, *alone)} == alone
    remembered.forget()
