"""What people enter on the desk is kept whole, or refused with how long it is and may be, and all of the form still there."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import leeward
from leeward.casework.models import Draft, Note
from leeward.casework.quality.models import Adjudication
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import GRAVE, Desk
from tests.casework.quality.test_adjudication import ADULT, FORM
from tests.having_read import seen_in_form, seen_on

HOLDS = {
    "note": ("carl", "text", 10_000, {}),
    "urgency": ("carl", "reason", 500, {"urgent": "yes"}),
    "correct": ("carl", "reason", 300, {"kind": "country", "value": "JM"}),
    "adjudication": ("ana", "comment", 2_000, FORM | {"outcome": "illegal", "age_band": "7-10"}),
}


def adjudicated(desk: Desk, case: Any) -> str:
    desk.assess(case, facts=GRAVE)
    desk.saw(case, "ana")
    desk.assess(case, "bela", "not_illegal", ADULT, reason=14)
    desk.work()
    return f"/desk/quality/adjudications/{Adjudication.objects.get().pk}"


def what_was_kept(act: str, case: Any) -> str:
    if act == "adjudication":
        return str(Adjudication.objects.get().proposal_comment)
    if act == "correct":
        return "".join(row.reason for row in _findings(case))
    return "".join(note.text for note in Note.objects.filter(case=case))


def _findings(case: Any) -> Any:
    from leeward.hosting.models import Finding

    return Finding.objects.filter(location_id=case.location_id).exclude(reason="")


def fields_of(page: str) -> dict[str, str]:
    """What a browser sends of the form that shows a refused text."""
    form = page.partition('<form method="post" autocomplete="off">')[2].partition("</form>")[0]
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL)
    return {name: unescape(value) for name, value in [*hidden, *areas]}


@pytest.mark.django_db
@pytest.mark.parametrize("act", HOLDS)
def test_a_long_text_is_refused_whole_and_the_form_can_be_sent_again(desk: Desk, act: str) -> None:
    case = desk.first()
    who, name, most, others = HOLDS[act]
    path = adjudicated(desk, case) if act == "adjudication" else f"/desk/case/{case.reference}/{act}"
    client = desk.signed_in(who)
    long = "They wrote:\r\n" + "w" * most + "<b>"
    shown = client.get(f"/desk/case/{case.reference}").content.decode() if act == "correct" else ""
    seen = {"seen": seen_in_form(shown, "/correct")} if shown else {}
    answer = client.post(path, {**others, **seen, name: long, "once": new_form_key()})
    assert answer.status_code == 422
    page = answer.content.decode()
    number = len(long.replace("\r\n", "\n"))
    assert f"This is {number} characters long, and {most} is the most we can take. Shorten it." in page
    assert what_was_kept(act, case) == ""
    again = fields_of(page)
    assert again[name].split() == long.split()
    assert {one: again[one] for one in others} == others
    fits = "They wrote:\r\n" + "w" * (most - 12)
    assert client.post(path, again | {name: fits}).status_code == 302
    assert what_was_kept(act, case) == fits.replace("\r\n", "\n")


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["merge", "list"])
def test_a_page_with_a_form_of_its_own_shows_that_again(desk: Desk, act: str) -> None:
    case = desk.first()
    long, path = "w" * 501, f"/desk/case/{case.reference}/merge" if act == "merge" else "/desk/list"
    other = desk.case("http://a.example/1").reference if act == "merge" else ""
    sent = {"do": "merge", "into": other, "reason": long, "asked": "state=new", "once": new_form_key()}
    carl = desk.signed_in("carl")
    if act == "merge":
        sent["seen"] = seen_on(carl.get(f"{path}?into={other}").content.decode())
    page = carl.post(path, sent).content.decode()
    assert "This is 501 characters long, and 500 is the most we can take." in page
    assert f">{long}</textarea>" in page


@pytest.mark.django_db
def test_a_draft_that_is_too_long_says_so_beside_its_field(desk: Desk) -> None:
    case = desk.first()
    sent = {"kind": "note", "text": "w" * 10_001}
    path = f"/desk/case/{case.reference}/draft-text"
    answer = desk.signed_in("carl").post(path, sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200, "htmx shows nothing of any other"
    assert "This is 10001 characters long" in answer.content.decode()
    assert not Draft.objects.exists()


@pytest.mark.django_db
def test_nobody_learns_by_it_what_a_form_of_the_public_pages_held(client: Client) -> None:
    """Only the desk shows entered text again by itself."""
    from django.test import RequestFactory

    from leeward.foundation.errors import TextTooLong
    from leeward.web.views import refusal

    request = RequestFactory().post("/api/v1/x", {"text": "w" * 9})
    assert b"www" not in refusal(request, TextTooLong("w" * 9, 3)).content


def test_no_browser_cuts_what_is_pasted_into_a_field_for_text() -> None:
    """A `maxlength` cuts without a sign. Searches, codes, names and addresses of one line may have one."""
    free = ("reason", "comment", "note", "text", "answer", "why", "reasons", "confirmed_by", "series", "agreement")
    names = "|".join(free)
    found = []
    for path in sorted(Path(leeward.__file__).parent.rglob("templates/**/*.html")):
        for tag in re.findall(r"<(?:textarea|input)\b(?:[^>{]|\{\{.*?\}\}|\{%.*?%\}|\{)*>", path.read_text()):
            is_free = tag.startswith("<textarea") or re.search(rf'name="({names})"', tag)
            if "maxlength" in tag and is_free and 'type="tel"' not in tag and "/intake/" not in str(path):
                found.append((path.name, tag))
    assert found == []
