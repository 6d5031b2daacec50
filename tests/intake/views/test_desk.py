"""The desk's pages of intake, for every member of the cast."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.intake import queries
from leeward.intake.models import Report
from leeward.people.models import User
from leeward.web_security.keys import new_form_key
from tests.intake.walk import Walk, report

MAY = {"ana", "bela", "carl"}
EVERYBODY = ("ana", "bela", "carl", "adam", "pia", "otto")


def _as(cast, name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=cast[name].account_id))
    return client


@pytest.fixture
def number(cast) -> int:
    """A report of the public form."""
    report(Walk(), where="http://a.example/x", text="I found a bad page.")
    with scope(hotline=cast.hotline_id):
        return Report.objects.get().pk


@pytest.mark.parametrize("name", EVERYBODY)
def test_who_may_read_and_enter_reports(cast, number, name) -> None:
    client = _as(cast, name)
    wanted = 200 if name in MAY else 403
    for path in ("/desk/reports", f"/desk/reports/{number}", "/desk/reports/new", "/desk/reports/import"):
        assert client.get(path).status_code == wanted, path
    for path in ("/desk/reports/new", "/desk/reports/import"):
        assert client.post(path, {}).status_code == wanted, path


def test_strangers_sign_in_first_and_another_hotline_finds_nothing(cast, number) -> None:
    assert Client().get("/desk/reports").status_code == 302
    dora = _as(cast, "dora")
    assert dora.get(f"/desk/reports/{number}").status_code == 404
    assert "No report here yet" in dora.get("/desk/reports").content.decode()


def test_the_list_and_a_report_cost_few_queries(cast, number) -> None:
    client = _as(cast, "ana")
    client.get("/desk/reports")
    for path in ("/desk/reports", "/desk/reports?source=form", f"/desk/reports/{number}"):
        with CaptureQueriesContext(connection) as asked:
            response = client.get(path)
        assert "a.example" in response.content.decode()
        assert len(asked) <= 12, [query["sql"][:90] for query in asked]


def test_a_telephone_call_is_written_down_and_its_receipt_read_out(cast) -> None:
    client = _as(cast, "ana")
    walk = Walk(client).open("/desk/reports/new")
    fields = {
        "portal": str(cast.portal_id),
        "source": "telephone",
        "kind": "contact",
        "language": "fr",
        "when": "today",
    }
    fields |= {"where": "kite on Telegram", "received_at": "2026-03-12T14:05", "once": new_form_key()}
    for _ in range(2):
        walk.response = client.post("/desk/reports/new", fields)
    assert len(walk.receipt) == 16
    with scope(hotline=cast.hotline_id):
        row = queries.report(Report.objects.get().pk)
    assert (row.source, row.kind, row.language, row.entered_by) == (
        "telephone",
        "contact",
        "fr",
        cast["ana"].account_id,
    )
    assert row.received_at.isoformat() == "2026-03-12T19:05:00+00:00"
    opened = Walk().open("/jm/receipt").send("open", receipt=walk.receipt)
    assert "Where it stands" in opened.text


WRONG = [
    ({"text": "", "where": ""}, "Write where it is, or what you were told."),
    ({"contact": "x@"}, "Something is missing after the @."),
    ({"received_at": "2999-01-01T00:00"}, "This time is in the future."),
    ({"where": "\n".join(f"http://a.example/{n}" for n in range(201))}, "These are more than 200 addresses"),
    ({"text": "x" * 20_001}, "20001 characters long"),
    ({"portal": "999999"}, "999999"),
    ({"urgent": "on"}, "Write in a few words why it is urgent."),
]


def test_what_is_wrong_is_said_and_the_rest_stays(cast) -> None:
    client = _as(cast, "ana")
    fields = {"portal": str(cast.portal_id), "source": "letter", "kind": "page", "language": "en", "when": "unknown"}
    fields |= {"where": "http://a.example/", "text": "From a letter."}
    for change, said in WRONG:
        sent = fields | {"once": new_form_key()} | change
        assert said in Walk(response=client.post("/desk/reports/new", sent)).text, change
    with scope(hotline=cast.hotline_id):
        assert not Report.objects.exists()


def test_staff_can_not_enter_for_another_hotlines_portal(cast) -> None:
    fields = {
        "portal": str(cast.other_portal_id),
        "source": "letter",
        "kind": "page",
        "language": "en",
        "when": "unknown",
    }
    fields |= {"where": "http://a.example/", "once": new_form_key()}
    _as(cast, "ana").post("/desk/reports/new", fields)
    for hotline in (cast.hotline_id, cast.other_hotline_id):
        with scope(hotline=hotline):
            assert not Report.objects.exists()


LIST = "where;kind\nhttp://a.example/1;page\nhttp://b.example/2;boat\n"


@pytest.mark.parametrize("as_file", [True, False])
def test_a_list_is_looked_at_first_and_then_taken_in_once(cast, as_file) -> None:
    client = _as(cast, "carl")
    sent = {"portal": str(cast.portal_id), "source": "police", "once": new_form_key()}
    content = SimpleUploadedFile("list.csv", LIST.encode(), content_type="text/csv")
    walk = Walk(client, client.post("/desk/reports/import", sent | ({"file": content} if as_file else {"text": LIST})))
    assert "One line can be imported." in walk.text
    assert "kind: write page, contact, me, danger or else" in walk.text
    with scope(hotline=cast.hotline_id):
        assert not Report.objects.exists()
    (form,) = [form for form in walk.page.forms if "once" in dict(form.form_values())]
    fields = dict(form.form_values()) | {"import": "1"}
    for _ in range(2):
        assert client.post("/desk/reports/import", fields).status_code == 302
    with scope(hotline=cast.hotline_id):
        assert [queries.report(row.pk).source for row in Report.objects.all()] == ["police"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose a file, or paste the list below."),
        ({"text": "colour\nred\n"}, "no column is named"),
        ({"file": SimpleUploadedFile("list.csv", b"\xff\xfe\x00")}, "not UTF-8"),
    ],
)
def test_a_list_that_is_none_says_why(cast, sent, said) -> None:
    fields = {"portal": str(cast.portal_id), "source": "csv", "once": new_form_key()}
    assert said in Walk(response=_as(cast, "ana").post("/desk/reports/import", fields | sent)).text


def test_a_question_is_asked_from_the_reports_page(cast, number) -> None:
    client = _as(cast, "bela")
    fields = {"text": "Did you need to sign in?", "form": "yes_no", "once": new_form_key()}
    for _ in range(2):
        assert client.post(f"/desk/reports/{number}", fields).status_code == 302
    page = Walk(client).open(f"/desk/reports/{number}")
    assert "Bela asked" in page.text
    with scope(hotline=cast.hotline_id):
        assert len(queries.messages_of(number)) == 1


def test_a_call_follows_the_script_and_ends_with_the_digits_one_by_one(cast) -> None:
    client = _as(cast, "ana")
    page = client.get("/desk/reports/call")
    text = page.content.decode()
    asked = [text.index(name) for name in ('name="danger"', 'name="threat"', 'name="where"', 'name="contact"')]
    assert asked == sorted(asked)
    assert "First: is a child in danger now?" in text
    assert "Call 119 now." in text
    fields = {"portal": cast.portal_id, "language": "en", "once": new_form_key(), "danger": "yes", "when": "today"}
    fields |= {"text": "He is at the door", "contact": "+1 876 555 0101"}
    heard = client.post("/desk/reports/call", fields).content.decode()
    assert heard.index("Call 119 now.") < heard.index("I read them one by one") < heard.index("Please read them back")
    with scope(hotline=cast.hotline_id):
        kept = Report.objects.get()
    assert (kept.kind, kept.urgency, kept.source, kept.contact) == ("danger", "danger", "telephone", "+1 876 555 0101")
    groups = [one.partition("</span>")[0] for one in heard.partition('class="words"')[2].split("<span>")[1:5]]
    assert [len(group.split()) for group in groups] == [4] * 4


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"danger": ""}, "danger"), ({"kind": ""}, "kind"), ({"kind": "me"}, "threat"),
        ({"contact": "12345"}, "contact"), ({"text": ""}, "text"),
    ],
)  # fmt: skip
def test_what_was_not_asked_on_the_telephone_is_asked_for(cast, more, problem) -> None:
    client = _as(cast, "ana")
    fields = {"portal": cast.portal_id, "language": "fr", "once": new_form_key(), "danger": "no", "kind": "page"}
    fields |= {"text": "I found a bad page", "when": "today"}
    answer = client.post("/desk/reports/call", fields | more).content.decode()
    assert f'id="id_{problem}_error"' in answer
    with scope(hotline=cast.hotline_id):
        assert not Report.objects.exists()


def test_nobody_takes_a_call_for_another_hotline(cast) -> None:
    dora = _as(cast, "dora")
    page = dora.get("/desk/reports/call", {"portal": cast.portal_id}).content.decode()
    assert f'<option value="{cast.other_portal_id}" selected>' in page
    assert f'<option value="{cast.portal_id}"' not in page
    fields = {"portal": cast.portal_id, "language": "en", "once": new_form_key(), "danger": "yes", "text": "x"}
    assert "is saved" not in dora.post("/desk/reports/call", fields | {"when": "today"}).content.decode()
