"""The page of a person's own picture: what it says, what it lets through, and what comes of it."""

import base64
import hashlib
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.intake.models import Report
from leeward.people.models import Hotline, Portal
from tests.intake.walk import Walk
from tests.personas import Cast

PATH = "/jm/my-picture"
LINE = f"image {'ab' * 32} {'cd' * 16} pdq:{'0f' * 32}:87:0"
SAID = {"fingerprints": LINE, "young": "yes", "happened": "threat", "wish": "quiet"}


@pytest.fixture
def offered(cast: Cast) -> Iterator[Cast]:
    """The cast, with a portal that offers the page."""
    Portal.objects.filter(pk=cast.portal_id).update(own_picture="wish")
    with scope(hotline=cast.hotline_id):
        yield cast


@pytest.mark.parametrize(
    ("portal", "hotline"),
    [
        ({"own_picture": "off"}, {}),
        ({"takes_reports": False}, {}),
        ({"mode": "post_box"}, {}),
        ({}, {"unused_parts": ["bank"]}),
    ],
)
def test_where_it_is_not_offered_there_is_no_page_and_no_link(offered: Cast, portal: dict, hotline: dict) -> None:
    Portal.objects.filter(pk=offered.portal_id).update(**portal)
    Hotline.objects.filter(pk=offered.hotline_id).update(**hotline)
    assert Walk().open(PATH).response.status_code == 404
    assert Walk().client.post(PATH, SAID).status_code == 404
    assert "my-picture" not in Walk().open("/jm/").response.content.decode()


def test_one_calm_link_leads_to_it(offered: Cast) -> None:
    assert Walk().open("/jm/").page.xpath("count(//a[@href='/jm/my-picture'])") == 1
    assert (
        Walk().open("/jm/report").page.xpath("count(//*[@class[contains(., 'if-me')]]//a[@href='/jm/my-picture'])") == 1
    )


def test_only_its_own_program_runs_and_reaches_nothing(offered: Cast) -> None:
    walk = Walk().open(PATH)
    (program,) = walk.page.xpath("//script/text()")
    digest = hashlib.sha256(program.encode()).digest()
    policy = dict(part.split(" ", 1) for part in walk.response["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert policy["connect-src"] == policy["default-src"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert digest.hex() in walk.text
    assert "runs no script" not in walk.text


def test_the_place_for_files_has_no_name_and_is_in_no_form_that_is_sent(offered: Cast) -> None:
    page = Walk().open(PATH).page
    (chosen,) = page.xpath("//input[@type='file']")
    assert chosen.get("name") is None
    assert chosen.xpath("ancestor::form/@id") == ["chooser"]
    assert not page.xpath("//form[@id='chooser']//button | //form[@id='send']//input[@type='file']")


def test_where_no_program_runs_the_page_says_so_and_leads_on(offered: Cast) -> None:
    """As the page comes, before any script: old browsers, too, then see where to go."""
    page = Walk().open(PATH).page
    assert page.xpath("//*[@id='without'][not(@hidden)]//a[@href='/jm/report']")
    assert page.xpath("//form[@id='chooser'][@hidden]")
    assert page.xpath("//form[@id='send'][@hidden]")


def test_what_is_sent_becomes_a_report_with_a_receipt(offered: Cast) -> None:
    walk = Walk().open(PATH).send("send", **SAID)
    assert len(walk.receipt) == 16
    assert "We don’t tell the police, as you wished." in walk.text
    row = Report.objects.get()
    assert (row.kind, row.under_18, row.threat, row.urgency) == ("own", True, "yes", "threat")
    assert (row.wish, row.happened, row.fingerprints) == ("quiet", "threat", LINE)
    assert (row.text, row.where, row.contact) == ("", "", "")
    again = Walk(client=walk.client).open("/jm/receipt").send("open", receipt=walk.receipt)
    assert "The fingerprints of your picture" in again.text
    assert "looks at it" not in again.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fingerprints": "x"}, "We could not read the fingerprints."),
        ({"young": ""}, "Say whether you are under 18 in the picture."),
        ({"wish": ""}, "Choose what you want us to do."),
        ({"once": ""}, "This form was open for a long time"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(offered: Cast, change: dict, said: str) -> None:
    walk = Walk().open(PATH).send("send", **(SAID | change))
    assert said in walk.text
    assert not Report.objects.exists()
    if "fingerprints" not in change:
        assert dict(walk.fields("send"))["fingerprints"].strip() == LINE


def test_where_the_law_on_record_obliges_everybody_no_wish_is_asked_or_kept(offered: Cast) -> None:
    """India's law wants everybody to report, which its portal's own setting can't undo."""
    Portal.objects.filter(pk=offered.portal_id).update(country="IN")
    walk = Walk().open(PATH)
    assert not walk.page.xpath("//input[@name='wish']")
    assert "The law here says that we have to tell the police." in walk.text
    assert "The law here says" in Walk().open(f"{PATH}?file=1").text
    walk.send("send", **{name: value for name, value in SAID.items() if name != "wish"})
    assert Report.objects.get().wish == "police"
    assert "We don’t tell the police" not in walk.text
    answer = Walk().open(PATH)
    forged = dict(answer.fields("send")) | SAID
    assert answer.client.post(PATH, forged).status_code in (302, 303)
    assert set(Report.objects.values_list("wish", flat=True)) == {"police"}


def test_a_grown_up_is_told_whom_to_turn_to_and_nothing_is_kept(offered: Cast) -> None:
    walk = Walk().open(PATH).send("send", **(SAID | {"young": "no"}))
    assert walk.page.xpath("//*[@id='grown'][not(@hidden)]//a[contains(@href, 'stopncii')]")
    assert not Report.objects.exists()


def test_the_saved_file_works_alone_and_is_sent_once_more(offered: Cast) -> None:
    file = Walk().open(f"{PATH}?file=1")
    assert file.response["Content-Disposition"].startswith("attachment")
    assert not file.page.xpath("//link | //img | //script[@src] | //@src")
    assert file.page.xpath("//form[@id='send']/@action") == ["http://testserver/jm/my-picture#problems"]
    (policy,) = file.page.xpath("//meta[@http-equiv]/@content")
    assert "connect-src 'none'" in policy
    assert "form-action http://testserver" in policy
    fields = dict(file.fields("send")) | SAID
    assert fields["once"] == ""
    walk = Walk()
    walk.response = walk.client.post(PATH, fields)
    assert "Fingerprints that are ready: 3" in walk.text
    assert len(walk.send("send").receipt) == 16


def test_a_file_that_somebody_sends_all_the_same_is_dropped(offered: Cast) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    walk = Walk().open(PATH)
    sent = dict(walk.fields("send")) | SAID | {"file": SimpleUploadedFile("a.jpg", b"not a picture")}
    walk.response = walk.client.post(PATH, sent)
    assert "We can’t take files or pictures" in walk.text
    assert not Report.objects.exists()


def test_the_answer_looks_nothing_up(offered: Cast) -> None:
    """So it can't tell by what it says or how long it takes whether a fingerprint is known."""
    walk = Walk().open(PATH)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        walk.send("send", **SAID)
    assert len(walk.receipt) == 16
    assert not [query["sql"] for query in asked if "hashbank" in query["sql"].replace("hashbank.", "")]


def test_where_the_law_obliges_the_page_says_so_and_asks_no_wish(offered: Cast) -> None:
    Portal.objects.filter(pk=offered.portal_id).update(own_picture="police")
    walk = Walk().open(PATH)
    assert "The law here says that we have to tell the police." in walk.text
    assert not walk.page.xpath("//input[@name='wish']")
    walk.send("send", **(SAID | {"wish": "quiet"}))
    assert "A person here reads your answers and tells the police." in walk.text
    assert Report.objects.get().wish == "police"
    Portal.objects.filter(pk=offered.portal_id).update(police_on_urgent="at_once")
    walk = Walk().open(PATH).send("send", **SAID)
    assert "To the police at once" in walk.text
    assert "A person here reads your answers" not in walk.text
