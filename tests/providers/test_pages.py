"""The public pages for providers, and a provider's own behind its link: what it reported, receipts, clocks, what is kept, its keys."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from leeward.foundation.actor import Actor
from leeward.jobs.models import ClockJump, Job
from leeward.notices.services import Letter, Posted
from leeward.providers import services
from leeward.providers.models import DesignatedEntity, LineDecision, Provider, ProviderKey, ProviderLine, ProviderPerson
from leeward.providers.queries import providers as queries_providers
from leeward.providers.queries.lines import mark_of_decisions
from leeward.providers.rules.receipt import verified
from leeward.providers.services import reminding
from leeward.web_security.keys import new_form_key
from tests.people.signing import events, signed_in
from tests.personas import Cast
from tests.providers.conftest import Program, as_lines, line, make_key, make_provider, mark_of
from tests.providers.test_desk import FORM

pytestmark = pytest.mark.django_db


def own_page(cast: Cast, **more: Any) -> tuple[Provider, str]:
    """A provider with an open page, and the path of it."""
    row = make_provider(cast, **more)
    services.change_page(row.pk, "open", seen=mark_of(row.pk), actor=cast["carl"].actor)
    row.refresh_from_db()
    return row, "/provider/" + queries_providers.link_of(row).partition("/provider/")[2]


def test_a_provider_registers_itself_and_two_people_let_it_in(here: Cast) -> None:
    client = Client()
    sent = FORM | {"once": new_form_key()}
    assert client.post("/jm/providers/register", sent | {"kind": "king"}).status_code == 422
    assert client.post("/jm/providers/register", sent | {"once": "x"}).status_code == 422
    assert client.post("/jm/providers/register", sent | {"countries": "Jamaica"}).status_code == 422
    for _ in range(2):
        assert client.post("/jm/providers/register", sent)["Location"] == "/jm/providers/register?done=1"
    row = Provider.objects.get()
    assert (row.state, row.asked_by_id, ProviderPerson.objects.count()) == ("asked", None, 1)
    page = client.get("/jm/providers/register?done=1")
    assert "before you are approved" in page.content.decode()
    assert not page.cookies
    services.propose(row.pk, seen=mark_of(row.pk), actor=here["adam"].actor)
    services.decide(row.pk, "approve", reason="", seen=mark_of(row.pk), actor=here["carl"].actor)
    answers = [client.post("/jm/providers/register", FORM | {"once": new_form_key()}).status_code for _ in range(6)]
    assert answers[-1] == 429, "nobody fills the list"
    assert Provider.objects.count() < 8


def test_the_public_page_says_who_is_designated_today_and_what_the_law_says(here: Cast) -> None:
    entity = {"hotline_id": here.hotline_id, "country": "JM", "for_whom": "every platform", "instrument": "r 3", "source": "Gazette 7",
              "added_at": datetime.now(UTC)}  # fmt: skip
    today = datetime.now(UTC).date()
    for name, since, until in (
        ("Constabulary", -9, None), ("Former unit", -9, -1), ("Coming unit", 1, None), ("Last day unit", -9, 0),
    ):  # fmt: skip
        days = {
            "since": today + timedelta(days=since),
            "until": None if until is None else today + timedelta(days=until),
        }
        DesignatedEntity.objects.create(name=name, **days, **entity)
    text = Client().get("/jm/providers").content.decode()
    assert "Constabulary" in text
    assert "Last day unit" in text
    assert "Gazette 7" in text
    assert "Former unit" not in text
    assert "Coming unit" not in text
    assert "no such section in the Act" in text
    assert "Constabulary" not in Client().get("/bb/providers").content.decode()
    assert Client().get("/xx/providers").status_code == 404


def test_the_link_opens_only_what_is_its_own_and_only_while_it_is_open(here: Cast) -> None:
    row, path = own_page(here)
    _other, other_path = own_page(here, legal_name="Other Ltd")
    program = Program(here, row, make_key(row), "")
    batch = int(program.post(as_lines(line(1, priority="P1"), b"{")).data["batch"][1:])
    report = ProviderLine.objects.get()
    client = Client()
    text = client.get(path).content.decode()
    assert f"P{batch:06}-00001" in text
    assert "R-1" in text
    own_pages = [f"/reports/{report.pk}", f"/receipts/{batch}", f"/receipts/{batch}.json"]
    assert [client.get(path + page).status_code for page in own_pages] == [200, 200, 200]
    assert [client.get(other_path + page).status_code for page in own_pages] == [404, 404, 404]
    assert "it is not JSON" in client.get(f"{path}/receipts/{batch}").content.decode()
    assert verified(json.loads(client.get(f"{path}/receipts/{batch}.json").content)).ok
    assert f"P{batch:06}" in client.get(f"{path}/receipts").content.decode()
    assert "no such section in the Act" in client.get(path + own_pages[0]).content.decode()
    client.post(path, {"key": str(ProviderKey.objects.get().pk)})
    assert program.post(as_lines(line(2)), once="another-key-of-16").status_code == 403, (
        "a leaked key is stopped by its owner"
    )
    client.post(other_path, {"key": "9" * 30})
    services.change_page(row.pk, "open", seen=mark_of(row.pk), actor=here["carl"].actor)
    assert client.get(path).status_code == 404, "an old link never opens again"
    row.refresh_from_db()
    path = "/provider/" + queries_providers.link_of(row).partition("/provider/")[2]
    assert client.get(path).status_code == 200
    services.decide(row.pk, "suspend", reason="x", seen=mark_of(row.pk), actor=here["carl"].actor)
    assert client.get(path).status_code == 404
    assert client.get("/provider/1-" + "a" * 26).status_code == 404
    assert client.get("/provider/x").status_code == 404


def test_a_report_by_the_form_and_a_table(here: Cast) -> None:
    _row, path = own_page(here)
    client, once = Client(), new_form_key()
    known = (datetime.now(UTC) - timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    form = {
        "once": once,
        "kind": "first",
        "known_at": known,
        "addresses": "https://a.example/x\nhttps://a.example/y",
        "kept": "on",
    }
    page = client.post(f"{path}/report", form)
    assert page.status_code == 303
    assert client.post(f"{path}/report", form)["Location"] == page["Location"], "sent twice is once"
    assert "1 taken, 0 refused" in client.get(page["Location"]).content.decode()
    made = ProviderLine.objects.get()
    stated = json.loads(made.facts)
    assert stated == {
        "kind": "first",
        "known_at": f"{known}:00+00:00",
        "addresses": ["https://a.example/x", "https://a.example/y"],
        "kept": True,
    }
    private = client.post(f"{path}/report", form | {"once": new_form_key(), "privileged": "on", "words": "My words"})
    text = private.content.decode()
    assert (private.status_code, "you declared legal privilege" in text, "My words" in text) == (422, True, True)
    assert "No law on record here says more of it" in text
    Provider.objects.update(countries=["AU-ACT"])
    with_law = {"once": new_form_key(), "privileged": "on", "addresses": "https://a.example/z"}
    text = client.post(f"{path}/report", form | with_law).content.decode()
    assert "Australian Capital Territory: not where giving the information would disclose" in text, (
        "the law’s own words"
    )
    assert client.post(f"{path}/report", form | {"once": "x"}).status_code == 422
    wrong = client.post(f"{path}/report", form | {"once": new_form_key(), "sha256": "ab"})
    assert "the hash has the wrong length" in wrong.content.decode()
    table = b"known_at,addresses\n2026-11-01T00:00:00Z,https://t.example/1\n2026-11-01T00:00:00,https://t.example/2\n"
    sent = client.post(f"{path}/report", {"once": new_form_key(), "table": SimpleUploadedFile("t.csv", table)})
    text = client.get(sent["Location"]).content.decode()
    assert "1 taken, 1 refused" in text
    assert "the time has no zone" in text
    bad = client.post(f"{path}/report", {"once": new_form_key(), "table": SimpleUploadedFile("t.csv", b"picture\nx\n")})
    assert (bad.status_code, "its heading or a row is wrong" in bad.content.decode()) == (422, True)
    none = client.post(
        f"{path}/report", {"once": new_form_key(), "table": SimpleUploadedFile("t.csv", b"known_at\nsoon\n")}
    )
    assert "Row 1: known_at" in none.content.decode()
    assert ProviderLine.objects.count() == 2
    answers = {client.post(f"{path}/report", {"once": "x"}).status_code for _ in range(45)}
    assert 429 in answers
    assert client.get(path).status_code == 200, "reading is never slowed"


def test_what_is_kept_is_said_to_be_destroyed_only_when_its_time_is_over(
    here: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, path = own_page(here, kind="host", countries=["CA"])
    program = Program(here, row, make_key(row), "")
    program.post(as_lines(line(1), line(2), line(3)))
    one, two, three = ProviderLine.objects.order_by("id")
    client = Client()
    text = client.get(f"{path}/preserved").content.decode()
    assert text.count("to be kept") >= 3
    assert "What is ticked was destroyed" not in text
    early = client.post(f"{path}/preserved", {"once": new_form_key(), "line": str(one.pk)})
    assert early.status_code == 409
    letters: list[Any] = []

    def post(letter: Letter, *, may_go: Callable[[], bool]) -> Posted | None:
        letters.append(letter)
        return Posted("sent") if may_go() else None

    monkeypatch.setattr(reminding, "post", post)
    now, end, held = datetime.now(UTC), one.keep_until, one.keep_until + timedelta(days=90)
    assert services.remind(now) == 0
    services.hold(two.pk, held, order="Order 7", seen=mark_of_decisions(two.pk), actor=here["pia"].actor)
    assert Job.objects.filter(kind=services.REMIND).exists(), "its provider is written to at once"
    assert [services.remind(datetime.now(UTC)) for _ in range(2)] == [1, 0], "each once"
    assert "an order of the police holds: 1. Destroy nothing" in letters[0].body
    week = end - timedelta(days=7)
    assert [services.remind(at) for at in (week - timedelta(seconds=1), week, week, end, end)] == [0, 1, 0, 1, 0]
    assert (letters[1].to, "R-1" in letters[1].body) == ("safety@harbour.example", False)
    assert "less than a week more: 2" in letters[1].body
    assert "Reports whose time is over: 2" in letters[2].body
    assert "Your page with us" in letters[2].body
    Provider.objects.filter(pk=row.pk).update(page_is_open=False)
    assert [services.remind(at) for at in (held - timedelta(days=7), held, held + timedelta(days=9))] == [1, 1, 0]
    assert "holds: 1" in letters[3].body, "a week before the order ends it still holds"
    assert "Reports whose time is over: 1" in letters[4].body
    assert "Your page with us" not in letters[4].body, "a page that is closed is not promised"
    assert events(here.hotline_id).count("provider.reminded") == 5
    Provider.objects.filter(pk=row.pk).update(page_is_open=True)
    ProviderLine.objects.filter(pk__in=(one.pk, two.pk)).update(keep_until=now - timedelta(days=1))
    jump = ClockJump.objects.create(owner="here:0", before=now - timedelta(days=2), after=now)
    text = client.get(f"{path}/preserved").content.decode()
    assert f'value="{one.pk}"' not in text, "by a clock that may be ahead no time is over"
    assert "its time is over" not in client.get(f"{path}/reports/{one.pk}").content.decode()
    assert client.post(f"{path}/preserved", {"once": new_form_key(), "line": str(one.pk)}).status_code == 409
    jump.delete()
    text = client.get(f"{path}/preserved").content.decode()
    assert f'value="{one.pk}"' in text
    assert f'value="{two.pk}"' not in text, "what is held is not destroyed"
    assert client.post(f"{path}/preserved", {"once": new_form_key(), "line": str(one.pk)}).status_code == 303
    one.refresh_from_db()
    assert one.destroyed_at is not None
    assert LineDecision.objects.filter(kind="destroyed").count() == 1
    _other, other_path = own_page(here, legal_name="Other Ltd")
    assert client.post(f"{other_path}/preserved", {"once": new_form_key(), "line": str(three.pk)}).status_code == 404
    assert "Destroyed by the provider" in signed_in(here, "ana").get(f"/desk/providers/lines/{one.pk}").content.decode()


def test_a_letter_that_did_not_go_is_tried_again(here: Cast) -> None:
    row, _path = own_page(here, kind="host", countries=["CA"])
    Program(here, row, make_key(row), "").post(as_lines(line(1)))
    soon = ProviderLine.objects.get().remind_at
    assert soon is not None
    assert services.remind(soon) == 0, "there is no mail server"
    assert ProviderLine.objects.get().remind_at == soon


def test_the_provider_does_nothing_that_staff_do() -> None:
    with pytest.raises(Exception, match="staff"):
        services.designate(
            country="JM", name="x", for_whom="x", instrument="x", since=datetime.now(UTC).date(), source="x", hotline_id=1,
            actor=Actor("provider"),
        )  # fmt: skip
