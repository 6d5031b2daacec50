"""The public pages in English are read by children and by people for whom it is a second language: at most grade 7.

The grade is the mean of two formulas that count letters, words and sentences only: the Automated Readability Index (Senter and
Smith, 1967) and Coleman and Liau's index (1975).
"""

import re

import pytest
from django.test import Client
from lxml import html

from leeward.people.models import Portal
from tests.intake.walk import Walk, report
from tests.personas import Cast

MOST_GRADE = 7.0
MOST_UNDER_18 = 6.0
FEWEST_WORDS = 40
UNDER_18 = (
    "/jm/",
    "/jm/report",
    "/jm/report?easy=1",
    "/jm/talk",
    "/jm/my-picture",
    "/jm/receipt",
    "/jm/appeal",
    "/jm/privacy",
)
BLOCKS = "p|li|h1|h2|h3|legend|label|dt|dd|td|th|summary|button|figcaption|caption"
NOT_OURS = "//script|//style|//bdi|//code|//*[contains(@class,'mono')]|//nav|//select|//textarea"


def sentences_of(source: str) -> list[list[str]]:
    """The sentences of a page as lists of words; a heading, label or button is a sentence of its own."""
    page = html.fromstring(source)
    for element in page.xpath(NOT_OURS):
        element.drop_tree()
    found: list[list[str]] = []
    for block in page.xpath("//main//*[" + " or ".join(f"self::{name}" for name in BLOCKS.split("|")) + "]"):
        if block.xpath(".//" + "|.//".join(BLOCKS.split("|"))):
            continue  # its inner blocks are read
        for sentence in re.split(r"(?<=[.!?])\s+", " ".join(block.text_content().split())):
            words = re.findall(r"[A-Za-z’'-]*[A-Za-z][A-Za-z’'-]*", sentence)
            if len(words) > 2:
                found.append(words)
    return found


def grade(sentences: list[list[str]]) -> float:
    """The mean of both indices."""
    words = sum(map(len, sentences))
    letters = sum(len(re.sub(r"[^A-Za-z]", "", word)) for sentence in sentences for word in sentence)
    ari = 4.71 * letters / words + 0.5 * words / len(sentences) - 21.43
    coleman_liau = 5.88 * letters / words - 29.6 * len(sentences) / words - 15.8
    return (ari + coleman_liau) / 2


def test_the_formulas_tell_easy_from_hard() -> None:
    easy = [["The", "cat", "sat", "on", "the", "mat", "and", "it", "was", "warm"]]
    hard = [["Notwithstanding", "jurisdictional", "considerations", "intermediaries", "retain", "responsibilities"]]
    assert grade(easy) < 1
    assert grade(hard) > 20


def pages(cast: Cast) -> dict[str, str]:
    """The public pages as a reporter meets them, by what they are."""
    Portal.objects.filter(pk=cast.portal_id).update(own_picture="wish")
    found = {}
    for path in (
        "/",
        "/jm/",
        "/jm/report",
        "/jm/receipt",
        "/jm/appeal",
        "/jm/my-picture",
        "/jm/privacy",
        "/jm/procedure",
        "/jm/accessibility",
        "/jm/proof",
    ):
        found[path] = Client().get(path, follow=True).content.decode()
    walk = Walk()
    receipt = report(walk, where="http://a.example/x", text="I found a bad page.")
    found["sent"] = walk.response.content.decode()
    found["receipt"] = Client().post("/jm/receipt", {"number": receipt}).content.decode()
    own = {"fingerprints": f"image {'ab' * 32} {'cd' * 16}", "young": "yes", "wish": "quiet"}
    found["own picture sent"] = Walk().open("/jm/my-picture").send("send", **own).response.content.decode()
    return found


def pages_under_18(cast: Cast) -> dict[str, str]:
    """What somebody under 18 meets: the forms with the words for them, and of each kind the last page and what the receipt
    leads to.
    """
    Portal.objects.filter(pk=cast.portal_id).update(own_picture="wish")
    found = {path: Client().get(path, follow=True).content.decode() for path in UNDER_18}
    form = html.fromstring(found["/jm/report"])
    for part in form.xpath("//*[contains(concat(' ', @class, ' '), ' un-young ')]"):
        part.drop_tree()
    found["/jm/report"] = html.tostring(form, encoding="unicode")
    for kind in ("page", "contact", "me", "danger", "else"):
        walk = Walk()
        digits = report(walk, kind=kind, young="1", threat="yes", where="insta someone_77", text="He wants money.")
        found[f"{kind}, sent"] = walk.response.content.decode()
        found[f"{kind}, receipt"] = Walk().open("/jm/receipt").send("open", receipt=digits).response.content.decode()
    own = {"fingerprints": f"image {'ab' * 32} {'cd' * 16}", "young": "yes", "wish": "quiet"}
    found["own picture, sent"] = Walk().open("/jm/my-picture").send("send", **own).response.content.decode()
    return found


def law_pages() -> dict[str, str]:
    """The public pages of the law: the first one, and of every country its own, its gap and the start of a draft."""
    client = Client()
    first = client.get("/law").content.decode()
    codes = sorted(set(re.findall(r'href="/law/([a-z]{2}(?:-[a-z]+)?)"', first)))
    assert len(codes) > 50
    paths = [*codes, *(f"{code}/gap" for code in codes), *(f"{code}/draft" for code in codes)]
    return {"/law": first} | {f"/law/{path}": client.get(f"/law/{path}").content.decode() for path in paths}


@pytest.mark.django_db
def test_pages_for_those_under_18_are_easier_still(cast: Cast) -> None:
    grades = {name: grade(sentences_of(source)) for name, source in pages_under_18(cast).items()}
    assert {name: round(score, 1) for name, score in grades.items() if score > MOST_UNDER_18} == {}
    assert len(grades) == len(UNDER_18) + 11


@pytest.mark.django_db
@pytest.mark.parametrize("which", ["of a portal", "of the law"])
def test_every_public_page_reads_easily(cast: Cast, which: str) -> None:
    hard = {}
    for name, source in (pages(cast) if which == "of a portal" else law_pages()).items():
        sentences = sentences_of(source)
        if sum(map(len, sentences)) < FEWEST_WORDS:
            continue
        score = grade(sentences)
        if score > MOST_GRADE:
            hard[name] = round(score, 1)
    assert not hard, f"harder than grade {MOST_GRADE:g}: {hard}"
