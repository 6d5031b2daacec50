"""Care: a note that nobody but the counsellor and its writer can read, and dates that only these two see."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.test import Client
from django_scopes import scope
from pyrage import decrypt, x25519

from leeward.audit.models import AuditRow
from leeward.capacity.care import services
from leeward.capacity.care.errors import CounsellorInOtherHands
from leeward.capacity.care.models import CareDate, CareNote
from leeward.capacity.care.queries import counsellor, mark_of_post
from leeward.capacity.care.sealing import opened
from leeward.capacity.tasks import forget_old_care
from leeward.foundation.errors import NotAllowed
from leeward.people.models import Portal, User
from leeward.web_security.keys import new_form_key
from leeward.web_security.models import UsedKey
from tests.awareness.test_catalogue import enter
from tests.having_read import marks_on
from tests.personas import Cast, Persona, add_person

MARKER = "the lighthouse keeper is tired"


@pytest.fixture
def key() -> x25519.Identity:
    return x25519.Identity.generate()


@pytest.fixture
def cora(cast: Cast, key: x25519.Identity) -> Persona:
    """The counsellor, appointed by a supervisor, with a key of her own."""
    made = add_person("cora", ["translator"], cast.hotline_id)
    with scope(hotline=cast.hotline_id):
        services.appoint(made.account_id, hotline_id=cast.hotline_id, actor=cast["carl"].actor)
        services.set_key(str(key.to_public()), actor=made.actor)
    return made


def client_of(person: Persona) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=person.account_id))
    return client


def sent(client: Client, path: str, **values: Any) -> Any:
    marks = marks_on(client.get("/desk/care").content.decode()) if path == "/appoint" else []
    mark = {"seen": marks[0]} if marks else {}
    return client.post(f"/desk/care{path}", {"once": new_form_key(), **mark, **values})


def everything_kept() -> str:
    """Every value of every table, as text, whatever hotline it is of."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values_list().iterator():
            found += [bytes(value).hex() if isinstance(value, (bytes, memoryview)) else str(value) for value in row]
    return "\n".join(found)


def test_a_note_is_read_by_the_counsellor_and_its_writer_only(cast: Cast, cora: Persona, key: x25519.Identity) -> None:
    ana = enter(cast, "ana")
    log = AuditRow.objects.count()
    answer = sent(ana, "/write", text=f"{MARKER}. Call me.")
    code = re.search(r"AGE-SECRET-KEY-1[0-9A-Z]+", answer.content.decode())
    assert code is not None
    assert AuditRow.objects.count() == log
    kept = everything_kept()
    for hidden in (MARKER, MARKER.encode().hex(), code[0], code[0].lower()):
        assert hidden not in kept
    with scope(hotline=cast.hotline_id):
        note = CareNote.objects.get()
        fields = {field.name for field in CareNote._meta.get_fields()}
        assert fields == {"finder", "hotline", "counsellor", "content", "day", "read_on"}
        assert note.day == datetime.now(UTC).date()
    shown = sent(ana, "/find", code=code[0].lower(), act="show")
    assert MARKER in unescape(shown.content.decode())
    assert shown.headers["cache-control"] == "no-store"
    for name in ("carl", "adam", "bela", "otto"):
        page = enter(cast, name)
        assert page.get("/desk/care/counselling").status_code == 403
        for act in ("fetch", "delete"):
            assert sent(page, f"/counselling/notes/{note.finder}", act=act).status_code == 403
        assert note.finder[:8] not in page.get("/desk/care").content.decode()
    desk = client_of(cora)
    assert note.finder[:8] in desk.get("/desk/care/counselling").content.decode()
    sealed = sent(desk, f"/counselling/notes/{note.finder}", act="fetch").content
    assert decrypt(sealed, [key]).decode().rstrip() == f"{MARKER}. Call me."
    assert "fetched by the counsellor on" in sent(ana, "/find", code=code[0], act="show").content.decode()
    assert sent(ana, "/find", code=code[0], act="delete").status_code == 302
    assert sent(ana, "/find", code=code[0], act="show").status_code == 422
    assert sent(ana, "/find", code="AGE-SECRET-KEY-1", act="show").status_code == 422
    with scope(hotline=cast.hotline_id):
        assert not CareNote.objects.exists()


def test_long_and_short_notes_look_alike_and_each_has_its_code(cast: Cast, cora: Persona) -> None:
    with scope(hotline=cast.hotline_id):
        codes = [
            services.write_note(text, hotline_id=cast.hotline_id, actor=cast["ana"].actor)
            for text in ("Ça va.", "A longer one. " * 70)
        ]
        rows = [bytes(row.content) for row in CareNote.objects.order_by("finder")]
        lengths = sorted(map(len, rows))  # age adds up to a few hundred bytes of its own, at random
        assert lengths[1] - lengths[0] < 700
        assert {opened(row, code) for row in rows for code in codes if _opens(row, code)} == {
            "Ça va.",
            ("A longer one. " * 70).rstrip(),
        }


def _opens(content: bytes, code: str) -> bool:
    try:
        opened(content, code)
    except Exception:
        return False
    return True


def test_who_decides_about_people_can_never_be_the_counsellor(cast: Cast, cora: Persona) -> None:
    carl = enter(cast, "carl")
    sent(carl, "/appoint", act="appoint", account=cast["adam"].account_id)
    with scope(hotline=cast.hotline_id), pytest.raises(NotAllowed):
        services.appoint(cast["carl"].account_id, hotline_id=cast.hotline_id, actor=cast["adam"].actor)
    desk = client_of(cora)
    assert desk.get("/desk/care/counselling").status_code == 200
    assert sent(desk, "/appoint", act="appoint", account=cast["ana"].account_id).status_code == 403
    User.objects.filter(pk=cora.account_id).update(roles=["supervisor"])
    assert desk.get("/desk/care/counselling").status_code == 403
    User.objects.filter(pk=cora.account_id).update(roles=["translator"])
    assert "begins with age1" in sent(desk, "/counselling", act="key", public_key="age1x").content.decode()
    sent(carl, "/appoint", act="dismiss")
    assert desk.get("/desk/care/counselling").status_code == 403
    ana = enter(cast, "ana")
    assert "No counsellor is appointed" in ana.get("/desk/care").content.decode()
    refused = sent(ana, "/write", text=MARKER)
    assert refused.status_code == 422
    with scope(hotline=cast.hotline_id):
        assert not CareNote.objects.exists()


def test_nobody_counsels_by_an_account_that_its_maker_could_use(cast: Cast, cora: Persona) -> None:
    """One administrator made it and knows its password: until another confirms it, they would read what colleagues confide."""
    adam, carl = cast["adam"], cast["carl"]
    made = add_person("kit", ["translator"], cast.hotline_id)
    User.objects.filter(pk=made.account_id).update(made_by_id=adam.account_id)
    desk = enter(cast, "carl")
    refused = sent(desk, "/appoint", act="appoint", account=made.account_id)
    assert refused.status_code == 409
    assert "Whoever made this account could sign in to it" in refused.content.decode()
    with scope(hotline=cast.hotline_id):
        now_it = counsellor()
        assert now_it is not None
        assert now_it.person_id == cora.account_id
        User.objects.filter(pk=made.account_id).update(confirmed_by_id=carl.account_id, confirmed_at=datetime.now(UTC))
        services.appoint(made.account_id, hotline_id=cast.hotline_id, actor=carl.actor)
        User.objects.filter(pk=made.account_id).update(confirmed_at=None, confirmed_by=None)
        with pytest.raises(CounsellorInOtherHands):  # as after a removed second factor
            services.set_key(str(x25519.Identity.generate().to_public()), actor=made.actor)
        User.objects.filter(pk=made.account_id).update(made_by_id=None)
        services.set_key(str(x25519.Identity.generate().to_public()), actor=made.actor)


def test_a_date_is_seen_by_who_took_it_and_the_counsellor(cast: Cast, cora: Persona) -> None:
    desk, ana, bela, carl = client_of(cora), enter(cast, "ana"), enter(cast, "bela"), enter(cast, "carl")
    day = (datetime.now(UTC) + timedelta(days=9)).date()
    offered = {"act": "offer", "on": day.isoformat(), "at": "14:30", "place": "Room 7"}
    sent(desk, "/counselling", **offered)
    assert "offered already" in sent(desk, "/counselling", **offered).content.decode()
    with scope(hotline=cast.hotline_id):
        number = CareDate.objects.get().pk
    log = AuditRow.objects.count()
    sent(ana, f"/dates/{number}", act="take")
    sent(bela, f"/dates/{number}", act="take")
    assert AuditRow.objects.count() == log
    pages = {
        name: one.get("/desk/care").content.decode() for name, one in (("ana", ana), ("bela", bela), ("carl", carl))
    }
    assert ["Room 7" in pages[name] for name in ("ana", "bela", "carl")] == [True, False, False]
    assert "Somebody else has taken this date" in pages["bela"]
    sent(bela, f"/dates/{number}", act="give_up")
    assert "Ana" in desk.get("/desk/care/counselling").content.decode()
    sent(ana, f"/dates/{number}", act="give_up")
    assert "Room 7" in bela.get("/desk/care").content.decode()
    sent(desk, f"/counselling/dates/{number}/cancel")
    assert "No free dates." in ana.get("/desk/care").content.decode()


def test_nobody_writes_to_a_counsellor_who_came_to_decide_about_people(cast: Cast, cora: Persona) -> None:
    ana = enter(cast, "ana")
    with scope(hotline=cast.hotline_id):
        services.offer(date(2099, 1, 1), time(9), "Room 7", actor=cora.actor)
        number = CareDate.objects.get().pk
    for now in ({"roles": ["supervisor"]}, {"is_active": False}):
        User.objects.filter(pk=cora.account_id).update(**{"roles": ["translator"], "is_active": True} | now)
        page = ana.get("/desk/care").content.decode()
        assert "No counsellor is appointed" in page
        assert "Room 7" not in page
        refused = sent(ana, "/write", text=MARKER)
        assert refused.status_code == 422
        assert MARKER in refused.content.decode()  # she needn't write it again
        assert "Nobody can read notes here yet" in refused.content.decode()
        sent(ana, f"/dates/{number}", act="take")
    with scope(hotline=cast.hotline_id):
        assert not CareNote.objects.exists()
        assert CareDate.objects.get().person_id is None


def test_a_new_appointment_of_the_same_person_loses_no_note_and_no_date(
    cast: Cast, cora: Persona, key: x25519.Identity
) -> None:
    carl, ana, desk = enter(cast, "carl"), enter(cast, "ana"), client_of(cora)
    with scope(hotline=cast.hotline_id):
        services.write_note(MARKER, hotline_id=cast.hotline_id, actor=cast["ana"].actor)
        services.offer(date(2099, 1, 1), time(9), "Room 7", actor=cora.actor)
        number, finder = CareDate.objects.get().pk, CareNote.objects.get().finder
    sent(ana, f"/dates/{number}", act="take")
    assert f'<option value="{cora.account_id}" selected>' in carl.get("/desk/care").content.decode()
    sent(carl, "/appoint", act="appoint", account=cora.account_id)
    assert sent(ana, "/write", text="Again.").status_code == 200  # the key is still set
    sent(carl, "/appoint", act="dismiss")
    assert "Cancelled: this date" in ana.get("/desk/care").content.decode()
    sent(carl, "/appoint", act="appoint", account=cora.account_id)
    page = ana.get("/desk/care").content.decode()
    assert ("Room 7" in page, "Cancelled" in page) == (True, False)
    assert "Ana" in desk.get("/desk/care/counselling").content.decode()
    sealed = sent(desk, f"/counselling/notes/{finder}", act="fetch").content
    assert decrypt(sealed, [key]).decode().rstrip() == MARKER
    sent(desk, f"/counselling/dates/{number}/cancel")
    # Whoever had taken it reads that until they have seen it; nobody else does, and its hour can be offered to others.
    page = ana.get("/desk/care").content.decode()
    assert ("Room 7" in page, "Cancelled: this date" in page) == (True, True)
    assert "Room 7" not in desk.get("/desk/care/counselling").content.decode()
    with scope(hotline=cast.hotline_id):
        services.offer(date(2099, 1, 1), time(9), "Room 8", actor=cora.actor)
        again = CareDate.objects.get(is_cancelled=False).pk
    sent(enter(cast, "bela"), f"/dates/{number}", act="take")
    sent(enter(cast, "bela"), f"/dates/{number}", act="give_up")
    assert "Room 7" in ana.get("/desk/care").content.decode()
    sent(desk, f"/counselling/dates/{number}/cancel")
    sent(ana, f"/dates/{number}", act="give_up")
    page = ana.get("/desk/care").content.decode()
    assert ("Room 7" in page, "Room 8" in page) == (False, True)
    sent(desk, f"/counselling/dates/{again}/cancel")
    with scope(hotline=cast.hotline_id):
        assert not CareDate.objects.exists()
    events = AuditRow.objects.filter(event="care_date.cancelled").order_by("number").values_list("facts", flat=True)
    assert [json.loads(facts)["date"] for facts in events] == [number, again]


def test_no_key_of_a_form_tells_the_time_of_a_note_or_a_date(cast: Cast, cora: Persona) -> None:
    ana = enter(cast, "ana")
    with scope(hotline=cast.hotline_id):
        services.offer(date(2099, 1, 1), time(9), "Room 7", actor=cora.actor)
        number = CareDate.objects.get().pk
    before = set(UsedKey.objects.values_list("digest", flat=True))
    once = new_form_key()
    for path, values in (
        ("/write", {"text": MARKER}),
        ("/write", {"text": MARKER}),
        (f"/dates/{number}", {"act": "take"}),
    ):
        ana.post(f"/desk/care{path}", {"once": once, **values})
    times = UsedKey.objects.exclude(digest__in=before).values_list("used_at", flat=True)
    assert [at.time() for at in times] == [time(0)] * 2
    with scope(hotline=cast.hotline_id):
        assert CareNote.objects.count() == 1


def test_a_date_that_is_over_is_not_offered(cast: Cast, cora: Persona) -> None:
    desk = client_of(cora)
    Portal.objects.filter(pk=cast.portal_id).update(time_zone="Pacific/Kiritimati")  # a day ahead for most of the day
    here = datetime.now(ZoneInfo("Pacific/Kiritimati")).date()
    offered = {"act": "offer", "at": "14:30", "place": "Room 7"}
    answer = sent(desk, "/counselling", on=(here - timedelta(days=1)).isoformat(), **offered)
    assert answer.status_code == 422
    assert "This day is over." in answer.content.decode()
    assert sent(desk, "/counselling", on=(here + timedelta(days=1)).isoformat(), **offered).status_code == 302


def test_another_country_has_its_own(cast: Cast, cora: Persona) -> None:
    dora = enter(cast, "dora")
    with scope(hotline=cast.hotline_id):
        code = services.write_note(MARKER, hotline_id=cast.hotline_id, actor=cast["ana"].actor)
        services.offer(date(2099, 1, 1), time(9), "Room 7", actor=cora.actor)
        number, finder = CareDate.objects.get().pk, CareNote.objects.get().finder
    page = dora.get("/desk/care").content.decode()
    assert "No counsellor is appointed" in page
    assert "Room 7" not in page
    sent(dora, f"/dates/{number}", act="take")
    assert sent(dora, "/find", code=code, act="delete").status_code == 422
    assert sent(dora, f"/counselling/notes/{finder}", act="delete").status_code == 403
    nobody = mark_of_post(None)
    assert sent(dora, "/appoint", act="appoint", account=cora.account_id, seen=nobody).status_code == 302
    with scope(hotline=cast.hotline_id):
        assert CareDate.objects.get().person_id is None
        assert CareNote.objects.exists()


def test_what_is_old_is_deleted(cast: Cast, cora: Persona) -> None:
    today = datetime.now(UTC).date()
    with scope(hotline=cast.hotline_id):
        for days in (90, 91):
            services.write_note(MARKER, hotline_id=cast.hotline_id, actor=cast["ana"].actor)
            CareNote.objects.filter(day=today).update(day=today - timedelta(days=days))
        services.offer(today - timedelta(days=91), time(9), "Room 7", actor=cora.actor)
    forget_old_care()
    with scope(hotline=cast.hotline_id):
        assert list(CareNote.objects.values_list("day", flat=True)) == [today - timedelta(days=90)]
        assert not CareDate.objects.exists()


def test_a_counsellor_whom_the_page_did_not_show_is_neither_replaced_nor_dismissed(cast: Cast) -> None:
    carl, hotline_id = client_of(cast["carl"]), cast.hotline_id
    old = marks_on(carl.get("/desk/care").content.decode())[0]
    with scope(hotline=hotline_id):
        services.appoint(cast["ana"].account_id, hotline_id=hotline_id, actor=cast["carl"].actor)
    for seen in ("", old):
        assert sent(carl, "/appoint", act="dismiss", seen=seen).status_code == 409
        assert sent(carl, "/appoint", act="appoint", account=cast["bela"].account_id, seen=seen).status_code == 409
    with scope(hotline=hotline_id):
        found = counsellor()
    assert found is not None
    assert found.person_id == cast["ana"].account_id
