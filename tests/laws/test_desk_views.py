"""The register on the desk: two persons change a file, everybody else is kept out."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html

from leeward.laws import queries, services
from leeward.laws.files.packaged import packaged_text
from leeward.laws.files.yaml_text import read_yaml, write_yaml
from leeward.laws.pages.changes import open_changes
from leeward.laws.queries import register_texts
from tests.browser import Visit
from tests.having_read import seen_on
from tests.personas import Cast
from tests.reading import compact

pytestmark = pytest.mark.django_db
JAMAICA = packaged_text("JM.yaml")
REVIEWED = JAMAICA.replace("review: unreviewed", "review: reviewed")
NEW_LINE = b"LC,Criminal Code 2005,s 9,grooming,no,in_force,,Gazette,,yes,high,no,,,,\r\n"


def _signed_in(cast: Cast, name: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(
        get_user_model().objects.get(pk=cast[name].account_id), "allauth.account.auth_backends.AuthenticationBackend"
    )
    return client


def _once(page: bytes) -> str:
    found = re.search(rb'name="once" value="([^"]+)"', page)
    assert found
    return found[1].decode()


def _propose(client: Client, text: str, code: str = "jm") -> int:
    page = client.get(f"/desk/law/{code}").content
    found = re.search(b'name="seen" value="([^"]+)"', page)
    values = {
        "text": text,
        "reason": "read by counsel",
        "once": _once(page),
        "seen": found[1].decode() if found else "",
    }
    return client.post(f"/desk/law/{code}", values).status_code


@pytest.mark.parametrize(
    ("name", "status"), [("carl", 200), ("adam", 200), ("ana", 403), ("pia", 403), ("otto", 403), ("dora", 200)]
)
def test_who_may_open_the_register(cast: Cast, name: str, status: int) -> None:
    client = _signed_in(cast, name)
    for path in ("/desk/law", "/desk/law/jm"):
        assert client.get(path).status_code == status


def test_strangers_sign_in_first() -> None:
    assert Client(SERVER_NAME="localhost").get("/desk/law").status_code == 302


def test_two_persons_change_a_file(cast: Cast) -> None:
    carl, adam = _signed_in(cast, "carl"), _signed_in(cast, "adam")
    assert _propose(carl, REVIEWED) == 302
    (waiting,) = open_changes(cast.hotline_id)
    page = carl.get(f"/desk/law/changes/{waiting.id}").content.decode()
    assert "+review: reviewed" in page
    assert "Somebody else accepts it." in page
    refused = carl.post(
        f"/desk/law/changes/{waiting.id}", {"act": "accept", "once": _once(page.encode()), "seen": seen_on(page)}
    )
    assert refused.status_code == 403
    page = adam.get(f"/desk/law/changes/{waiting.id}").content.decode()
    answer = adam.post(
        f"/desk/law/changes/{waiting.id}", {"act": "accept", "once": _once(page.encode()), "seen": seen_on(page)}
    )
    assert answer.status_code == 302
    assert register_texts()["JM"] == REVIEWED
    assert "unreviewed" not in adam.get("/law/jm").content.decode().replace("“Unreviewed”", "")


def test_a_bad_text_is_shown_back_with_its_line(cast: Cast) -> None:
    client = _signed_in(cast, "carl")
    shown = client.get("/desk/law/jm").content
    once, seen = _once(shown), seen_on(shown.decode())
    text = JAMAICA.replace("person: any", "person: some", 1)
    answer = client.post("/desk/law/jm", {"text": text, "reason": "x", "once": once, "seen": seen})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "JM.yaml, line " in page
    assert "person: some" in page
    assert not open_changes(cast.hotline_id)


def test_over_a_text_from_before_nobody_proposes(cast: Cast) -> None:
    carl, adam = _signed_in(cast, "carl"), _signed_in(cast, "adam")
    before = carl.get("/desk/law/jm").content
    assert _propose(carl, REVIEWED) == 302
    page = adam.get(f"/desk/law/changes/{open_changes(cast.hotline_id)[0].id}").content.decode()
    values = {"act": "accept", "once": _once(page.encode()), "seen": seen_on(page)}
    assert adam.post(f"/desk/law/changes/{open_changes(cast.hotline_id)[0].id}", values).status_code == 302
    text = JAMAICA.replace("review: unreviewed", "review: unreviewed # typed before", 1)
    for seen in ("", seen_on(before.decode())):
        late = carl.post(
            "/desk/law/jm", {"text": text, "reason": "mine", "once": _once(before), "seen": seen}
        ).content.decode()
        assert ("Something else was entered since" in late, "# typed before" in late) == (True, True)
    assert not open_changes(cast.hotline_id)


def test_sending_twice_is_once(cast: Cast) -> None:
    client = _signed_in(cast, "carl")
    shown = client.get("/desk/law/jm").content
    values = {"text": REVIEWED, "reason": "x", "once": _once(shown), "seen": seen_on(shown.decode())}
    assert [client.post("/desk/law/jm", values).status_code for _ in range(2)] == [302, 302]
    assert len(open_changes(cast.hotline_id)) == 1


def test_what_is_not_there(cast: Cast) -> None:
    client = _signed_in(cast, "carl")
    assert client.get("/desk/law/zz").status_code == 404
    assert client.get("/desk/law/changes/99").status_code == 404


READING = {
    "instrument": "Cybercrime Act 2026",
    "section": "s 5",
    "topic": "possession",
    "value": "yes",
    "says": "Having such material is an offence.",
    "status": "in_force",
    "commenced": "2026-02-01",
    "source": "Gazette of Tuvalu",
    "source_kind": "statute_text",
    "seen": "yes",
    "confidence": "high",
}


def test_a_reading_is_typed_previewed_proposed_and_accepted_without_yaml(cast: Cast) -> None:
    carl, adam = _signed_in(cast, "carl"), _signed_in(cast, "adam")
    page = carl.get("/desk/law/tv/reading")
    shown = carl.post("/desk/law/tv/reading", {**READING, "act": "preview", "once": _once(page.content)})
    words = " ".join(shown.content.decode().split())
    assert "4. Possession: unknown → met" in words
    assert "0 open cases of this hotline" in words
    assert not open_changes(cast.hotline_id)
    sent = {**READING, "act": "propose", "reason": "read in the Gazette", "once": _once(shown.content)}
    assert carl.post("/desk/law/tv/reading", sent).status_code == 302
    (waiting,) = open_changes(cast.hotline_id)
    page = adam.get(f"/desk/law/changes/{waiting.id}").content
    assert "4. Possession: unknown → met" in " ".join(page.decode().split())
    adam.post(f"/desk/law/changes/{waiting.id}", {"act": "accept", "once": _once(page), "seen": seen_on(page.decode())})
    assert "Cybercrime Act 2026 s 5" in adam.get("/law/tv").content.decode()
    row = len(queries.register().file("TV")["readings"]) - 1
    again = carl.get(f"/desk/law/tv/reading?row={row}")
    assert 'value="Cybercrime Act 2026"' in again.content.decode()
    was = _was(again.content)
    gone = carl.post(f"/desk/law/tv/reading?row={row}", {"act": "remove", "was": was, "once": _once(again.content)})
    assert "4. Possession: met → unknown" in " ".join(gone.content.decode().split())
    sent = {"act": "propose_removal", "was": was, "once": _once(gone.content)}
    assert carl.post(f"/desk/law/tv/reading?row={row}", sent).status_code == 302
    assert "work: cybercrime-act-2026" not in open_changes(cast.hotline_id)[0].text


def test_a_reading_that_can_not_be_kept_is_asked_again(cast: Cast) -> None:
    carl = _signed_in(cast, "carl")
    for changed, words in [
        ({"source": ""}, "From which source?"),
        ({"source_url": "javascript:x"}, "web address"),
        ({"commenced": "July"}, "commenced must be a day"),
        ({"source_kind": "own_knowledge"}, "has not read it"),
    ]:
        answer = carl.post("/desk/law/tv/reading", READING | changed | {"act": "propose", "once": "x"})
        assert answer.status_code == 400, changed
        assert words in answer.content.decode()
    for row in ("999", "0000000999"):
        assert carl.get(f"/desk/law/tv/reading?row={row}").status_code == 404


def _was(page: bytes) -> str:
    (digest,) = html.fromstring(page).xpath("//input[@name='was']/@value")
    return str(digest)


def test_a_row_that_moved_meanwhile_is_not_overwritten(cast: Cast) -> None:
    """Between preview and saving a colleague's removal of an earlier row puts another reading at this number."""
    carl, actor = _signed_in(cast, "carl"), cast["adam"].actor
    page = carl.get("/desk/law/lc/reading?row=1")
    file = queries.register().written["LC"]
    rest = write_yaml({**file, "readings": file["readings"][1:]})
    services.accept_edit(services.propose_edit("LC", text=rest, reason="twice", actor=cast["carl"].actor), actor=actor)
    for path, act in (
        ("row=1", "propose"),
        ("row=1", "propose_removal"),
        (f"row={len(file['readings']) - 1}", "remove"),
    ):
        sent = {**READING, "act": act, "was": _was(page.content), "once": _once(page.content)}
        answer = carl.post(f"/desk/law/lc/reading?{path}", sent)
        assert answer.status_code == 409
        assert "This reading has changed since you opened it." in answer.content.decode()
        assert "Cybercrime Act 2026" in answer.content.decode(), "what was typed is still there"
        assert _was(answer.content) == _was(page.content), "pressing again is refused again"
    without = {**READING, "act": "propose", "once": _once(page.content)}
    assert carl.post("/desk/law/lc/reading?row=0", without).status_code == 409
    assert not open_changes(cast.hotline_id)


def test_correcting_an_address_keeps_the_kind_of_source(cast: Cast) -> None:
    carl = _signed_in(cast, "carl")
    rows = queries.register().written["LC"]["readings"]
    at = next(at for at, row in enumerate(rows) if row["source_kind"] == "secondary" and row["seen"] == "yes")
    page = html.fromstring(carl.get(f"/desk/law/lc/reading?row={at}").content)
    sent = dict(page.forms[-1].form_values()) | {"source_url": "https://gazette.example/12", "act": "propose"}
    assert carl.post(f"/desk/law/lc/reading?row={at}", sent).status_code == 302
    proposed = read_yaml(open_changes(cast.hotline_id)[0].text, name="LC.yaml")["readings"][at]
    assert (proposed["source_url"], proposed["source_kind"]) == ("https://gazette.example/12", "secondary")


def test_a_sheet_in_another_encoding_is_answered_with_what_to_do(cast: Cast) -> None:
    carl = _signed_in(cast, "carl")
    sheet = carl.get("/desk/law/lc/sheet.csv").content.decode("utf-8-sig")
    old = (sheet + "LC,Loi générale,s 9,grooming,no,in_force,,Gazette,,yes,high,no,,,\r\n").encode(
        "windows-1252", "replace"
    )
    answer = carl.post("/desk/law/lc/sheet", {"file": SimpleUploadedFile("lc.csv", old), "act": "preview"})
    assert answer.status_code == 400
    assert "save the sheet as “CSV UTF-8”" in answer.content.decode()


def test_a_ministry_brings_its_spreadsheet_back(cast: Cast) -> None:
    carl = _signed_in(cast, "carl")
    sheet = carl.get("/desk/law/lc/sheet.csv").content
    assert sheet.startswith(b"\xef\xbb\xbfjurisdiction,")
    french = carl.get("/desk/law/lc/sheet.csv", headers={"accept-language": "fr"}).content
    assert french.startswith(b"\xef\xbb\xbfjurisdiction;"), "for a French spreadsheet"
    wrong = SimpleUploadedFile("lc.csv", sheet.replace(b",yes,", b",perhaps,", 1))
    refused = carl.post("/desk/law/lc/sheet", {"file": wrong, "act": "preview"})
    assert refused.status_code == 400
    assert "Line 2: value must be one of" in refused.content.decode()
    corrected = SimpleUploadedFile("lc.csv", sheet + NEW_LINE)
    shown = carl.post("/desk/law/lc/sheet", {"file": corrected, "act": "preview"}).content
    assert "Lines added: 1, changed: 0, removed: 0." in " ".join(shown.decode().split())
    typed = html.fromstring(shown).xpath("//textarea[@name='sheet']")[0].text_content()
    sent = {"sheet": typed, "act": "propose", "reason": "from the ministry", "once": _once(shown)}
    unseen = carl.post("/desk/law/lc/sheet", sent)
    assert unseen.status_code == 409
    assert not open_changes(cast.hotline_id), "what nobody has seen a preview of is not proposed"
    assert carl.post("/desk/law/lc/sheet", sent | _seen(shown)).status_code == 302
    assert "at: s 9" in open_changes(cast.hotline_id)[0].text


def _seen(page: bytes) -> dict[str, str]:
    return {"seen": str(html.fromstring(page).xpath("//input[@name='seen']/@value")[0])}


def test_a_sheet_taken_before_a_colleague_added_a_row_does_not_remove_it(cast: Cast) -> None:
    carl, actor = _signed_in(cast, "carl"), cast["carl"].actor
    sheet = carl.get("/desk/law/lc/sheet.csv").content
    shown = carl.post("/desk/law/lc/sheet", {"file": SimpleUploadedFile("lc.csv", sheet + NEW_LINE), "act": "preview"})
    file = queries.register().written["LC"]
    added = file["readings"][0] | {"at": "s 99"}
    text = write_yaml({**file, "readings": [*file["readings"], added]})
    services.accept_edit(services.propose_edit("LC", text=text, reason="new", actor=actor), actor=cast["adam"].actor)
    sent = {"sheet": (sheet + NEW_LINE).decode("utf-8-sig"), "act": "propose", "once": _once(shown.content)}
    meanwhile = carl.post("/desk/law/lc/sheet", sent | _seen(shown.content))
    assert meanwhile.status_code == 409
    assert "The preview below is new" in meanwhile.content.decode()
    assert "Lines added: 1, changed: 0, removed: 0." in compact(meanwhile.content.decode())
    again = sent | _seen(meanwhile.content) | {"once": _once(meanwhile.content)}
    assert carl.post("/desk/law/lc/sheet", again).status_code == 302
    proposed = open_changes(cast.hotline_id)[0].text
    assert "at: s 99" in proposed
    assert "at: s 9\n" in proposed


def test_a_sheet_of_an_unknown_version_removes_rows_only_where_somebody_ticks_that(cast: Cast) -> None:
    carl = _signed_in(cast, "carl")
    head, _first, *others = carl.get("/desk/law/lc/sheet.csv").content.decode("utf-8-sig").splitlines()
    text = "\r\n".join([head, *(line.rpartition(",")[0] + "," for line in others)])
    shown = carl.post("/desk/law/lc/sheet", {"sheet": text, "act": "preview"}).content
    assert "Lines that are not in the sheet and stay" in shown.decode()
    assert "value='propose'" not in shown.decode().replace('"', "'"), "there is nothing to propose"
    ticked = carl.post("/desk/law/lc/sheet", {"sheet": text, "act": "preview", "removes": "yes"}).content
    assert "Lines that are removed" in ticked.decode()
    sent = {"sheet": text, "act": "propose", "once": _once(ticked)} | _seen(ticked)
    assert carl.post("/desk/law/lc/sheet", sent).status_code == 400, "without the tick nothing changes"
    assert carl.post("/desk/law/lc/sheet", sent | {"removes": "yes"}).status_code == 302
    proposed = read_yaml(open_changes(cast.hotline_id)[0].text, name="LC.yaml")
    assert len(proposed["readings"]) == len(others)


def test_a_sheet_that_changes_nothing_is_not_proposed(cast: Cast) -> None:
    carl = _signed_in(cast, "carl")
    code = next(code for code, file in queries.register().written.items() if "readings" not in file).lower()
    for place in ("lc", code):
        sheet = SimpleUploadedFile("same.csv", carl.get(f"/desk/law/{place}/sheet.csv").content)
        once = _once(carl.get(f"/desk/law/{place}").content)
        answer = carl.post(f"/desk/law/{place}/sheet", {"file": sheet, "act": "propose", "once": once})
        assert "This text is the one in force." in answer.content.decode()
    assert not open_changes(cast.hotline_id)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing_on_the_desk(visitor: Visit, cast: Cast) -> None:
    carl = _signed_in(cast, "carl")
    _propose(carl, REVIEWED)
    guest = visitor()
    cookie = carl.cookies["sessionid"].value
    guest.context.add_cookies([{"name": "sessionid", "value": cookie, "url": guest.base + "/desk"}])
    for path in (
        "/desk/law",
        "/desk/law/jm",
        "/desk/law/lc/reading?row=0",
        "/desk/law/lc/sheet",
        f"/desk/law/changes/{open_changes(cast.hotline_id)[0].id}",
    ):
        assert guest.go(path).status == 200
        assert guest.faults_at_each_size() == [], path
