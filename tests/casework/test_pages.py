"""The desk's pages over HTTP, without script: a journey, permissions, the number of queries."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from leeward.casework import services
from leeward.casework.acting.services.case_briefs import make_brief
from leeward.casework.exposure.services.budget import say_not_today
from leeward.casework.models import Case, Draft, View
from leeward.casework.timeline.models import Note
from leeward.demo.world import pages
from leeward.hosting import queries as hosting_queries
from leeward.hosting.models import Finding
from leeward.hosting.services import open_location
from leeward.notices import services as notices_services
from leeward.notices.rules.briefs import Plan
from leeward.people.models import User
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import GRAVE, PLAIN, Desk, keys_asked
from tests.having_read import marks_on
from tests.hosting.test_previewing import film
from tests.payments.rules.test_cards import completed

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
MARKED = {
    "real_person": "yes",
    "age_band": "11-13",
    "sex": "undetermined",
    "medium": "photograph",
    "level": "uk_b",
    "self_generated": "unknown",
}


def text(response: Any) -> str:
    return str(response.content.decode())


def key_of(client: Client, path: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', text(client.get(path)))
    assert found
    return found[1]


def post(client: Client, case: Case, act: str, **values: Any) -> Any:
    """Send a form of the case's page as a browser without script does."""
    page = f"/desk/case/{case.reference}"
    shown = client.get(page).content.decode()
    form = re.search(rf'<form[^>]*action="{page}/{act}".*?</form>', shown, re.DOTALL)
    mark = {"seen": marks[0]} if form and (marks := marks_on(form[0])) else {}
    response = client.post(f"{page}/{act}", {"once": key_of(client, page), **mark, **values})
    case.refresh_from_db()
    return response


def test_a_case_from_the_queue_to_the_messages(desk: Desk) -> None:
    case = desk.first()
    ana = desk.signed_in("ana")
    assert case.reference in text(ana.get("/desk/"))
    taken = ana.post("/desk/take", {"lane": "waiting"})
    assert taken["Location"] == f"/desk/case/{case.reference}"
    page = text(ana.get(taken["Location"]))
    assert "pictures.harbour-host.example" in page
    assert "I found a bad page." in page
    assert page.count("data:image") == 0
    assert post(ana, case, "assess", **MARKED, outcome="illegal").status_code == 302
    assert case.state == "decided"
    page = text(ana.get(f"{taken['Location']}/messages"))
    assert "police@constabulary.example" in page
    assert "abuse@harbour-host.example" in page
    post(ana, case, "act")
    assert case.state == "acting"


def test_a_form_sent_twice_counts_once(desk: Desk, acts_of: Any) -> None:
    case = desk.first()
    ana = desk.signed_in("ana")
    post(ana, case, "take")
    key = key_of(ana, f"/desk/case/{case.reference}")
    for _ in range(2):
        answer = ana.post(f"/desk/case/{case.reference}/note", {"once": key, "text": "Asked the host by telephone."})
        assert answer.status_code == 302
    assert acts_of(case).count("case.noted") == 1


def test_what_is_typed_on_the_desk_has_no_number_of_a_card(desk: Desk) -> None:
    case, number = desk.first(), completed("4539", 16)
    ana = desk.signed_in("ana")
    post(ana, case, "take")
    assert post(ana, case, "note", text=f"The page asks for {number}.").status_code == 302
    assert [note.text for note in Note.objects.filter(case=case)] == [f"The page asks for [visa *{number[-4:]}]."]


def test_a_wrong_form_keeps_what_was_marked(desk: Desk) -> None:
    case = desk.first()
    ana = desk.signed_in("ana")
    post(ana, case, "take")
    answer = post(ana, case, "assess", **(MARKED | {"level": ""}), outcome="illegal")
    assert answer.status_code == 400
    page = text(answer)
    assert "at least the medium" in page
    assert re.search(r'value="11-13"[^>]*checked', page)
    odd = post(ana, case, "assess", **(MARKED | {"age_band": "adult", "pubertal_stage": "infant"}), outcome="illegal")
    assert odd.status_code == 400
    assert "contradict" in text(odd)
    assert case.state == "assessing"


def test_marking_facts_works_out_the_law(desk: Desk) -> None:
    case = desk.first()
    ana = desk.signed_in("ana")
    post(ana, case, "take")
    piece = ana.post(f"/desk/case/{case.reference}/draft", MARKED, headers={"HX-Request": "true"})
    assert "Jamaica" in text(piece)
    assert "<html" not in text(piece)
    assert Draft.objects.get(case=case).facts["age_band"] == "11-13"
    page = text(ana.get(f"/desk/case/{case.reference}"))
    assert re.search(r'value="11-13"[^>]*checked', page)


def test_the_second_assessment_is_blind(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, facts=GRAVE)
    bela = desk.signed_in("bela")
    for path in ("", "/timeline", "/messages"):
        page = text(bela.get(f"/desk/case/{case.reference}{path}"))
        assert "first assessment:" not in page
        assert "Illegal, " not in page
    ana = desk.signed_in("ana")
    assert "not for you" in text(ana.get("/desk/?view=second"))
    assert ana.post("/desk/take", {"lane": "second"})["Location"] == "/desk/"
    assert "Nothing that you could take is waiting" in text(ana.get("/desk/"))
    post(bela, case, "take")
    page = text(bela.get(f"/desk/case/{case.reference}"))
    assert "Second assessment." in page
    assert not re.search(r'value="uk_a"[^>]*checked', page)


def wish(client: Client, case: Case, **how: str) -> dict[str, str]:
    """What the form of the files sends: the first file, a reason, a fresh key."""
    page = text(client.get(f"/desk/case/{case.reference}/files"))
    file = re.search(r'name="file" value="(\d+)"', page)
    assert file
    return {"file": file[1], "reason": "age", "once": new_form_key()} | how


def test_a_preview_comes_step_by_step_with_a_reason_once_and_counted(desk: Desk) -> None:
    case = desk.first()
    ana = desk.signed_in("ana")
    post(ana, case, "take")
    path = f"/desk/case/{case.reference}/preview"
    assert ana.post(path, wish(ana, case, reason="")).status_code == 400
    for too_much in ("50", "100", "25c", "100c"):
        assert ana.post(path, wish(ana, case, wish=too_much)).status_code == 409, too_much
    assert not View.objects.exists()
    first = wish(ana, case)
    shown = ana.post(path, first)
    assert "data:image/png;base64," in text(shown)
    assert shown["Cache-Control"] == "no-store"
    assert shown["Refresh"] == f"20; url=/desk/case/{case.reference}/files", "without script it leaves by itself"
    again = ana.post(path, first)
    assert (again.status_code, "data:image" in text(again)) == (410, False), "what was sent once is answered once"
    assert ana.get(path).status_code == 405
    assert ana.post(path, wish(ana, case, wish="100c")).status_code == 409, "clear is only what was seen blurred"
    for more in ("50", "100", "25c", "100c"):
        assert ana.post(path, wish(ana, case, wish=more)).status_code == 200, more
    assert list(View.objects.order_by("pk").values_list("part", "blurred", "weight")) == [
        (25, True, 1),
        (50, True, 1),
        (100, True, 1),
        (25, False, 1),
        (100, False, 3),
    ]
    part = text(ana.post(path, wish(ana, case, wish="50c"), headers={"HX-Request": "true"}))
    assert 'id="views-used" hx-swap-oob="true"' in part
    assert "counted: 9 of today’s 200" in part
    assert "9 of today’s 200" in text(ana.get(f"/desk/case/{case.reference}/files"))
    assert desk.signed_in("bela").post(path, first | {"once": new_form_key()}).status_code == 409


def test_a_page_is_read_without_its_pictures_by_who_holds_the_case_once_and_counted(desk: Desk, acts_of: Any) -> None:
    case = desk.first()
    ana, bela = desk.signed_in("ana"), desk.signed_in("bela")
    path = f"/desk/case/{case.reference}/page"
    link = f'href="{path}"'
    assert link not in text(ana.get(f"/desk/case/{case.reference}"))
    assert ana.get(path).status_code == 409, "whoever holds the case"
    post(ana, case, "take")
    assert link in text(ana.get(f"/desk/case/{case.reference}"))
    assert bela.post(path, {"once": new_form_key()}).status_code == 409
    before = text(ana.get(path))
    assert 'class="page-view"' not in before
    values = {"once": key_of(ana, path)}
    shown = ana.post(path, values)
    assert shown["Cache-Control"] == "no-store"
    assert text(shown).count('class="is-picture"') > 0
    assert "<img" not in text(shown)
    assert "1 of today’s 200" in text(shown)
    assert ana.post(path, values).status_code == 410, "what was sent once is answered once"
    assert acts_of(case).count("page.read") == 1
    assert not View.objects.exists(), "words are no picture that was seen"
    say_not_today(actor=desk.cast["ana"].actor)
    assert ana.post(path, {"once": new_form_key()}).status_code == 403, "no more today"
    assert "Read the page</button>" not in text(ana.get(path))


def test_a_long_film_is_looked_at_page_by_page_and_each_page_counts(desk: Desk) -> None:
    desk.world.pictures.put("/long.mp4", pages.file(film(610), "video/mp4"))
    case = desk.case(desk.world.gallery_url.rsplit("/", 1)[0] + "/long.mp4")
    ana = desk.signed_in("ana")
    post(ana, case, "take")
    path = f"/desk/case/{case.reference}/preview"
    assert ana.post(path, wish(ana, case, wish="100@2")).status_code == 409, "it begins at the beginning"
    shown = text(ana.post(path, wish(ana, case)))
    assert "From 0:00 to 4:00 of 10:09." in shown
    for value, key in (("25@2", ' data-key="."'), ("25@3", "")):
        assert f'name="wish" value="{value}"{key}>' in shown
    for value, start, status in (("100@2", "4:00 to 8:00", 200), ("100c@2", "4:00", 200), ("100c@3", "", 409)):
        answer = ana.post(path, wish(ana, case, wish=value))
        assert answer.status_code == status
        assert f"From {start}" in text(answer) or not start
    part = text(ana.post(path, wish(ana, case, wish="50@3"), headers={"HX-Request": "true"}))
    assert '"wish": "50@2"' in part
    assert "7 pictures, one every 10 seconds" in part
    assert "counted: 6 of today’s 200" in part
    assert list(View.objects.order_by("pk").values_list("page", "part", "blurred", "weight")) == [
        (1, 25, True, 1),
        (2, 100, True, 1),
        (2, 100, False, 3),
        (3, 50, True, 1),
    ]
    gone = text(ana.post(path, wish(ana, case, wish="25@9")))
    assert "no picture of this part of the video can be drawn" in gone


def test_a_file_of_another_case_is_not_shown(desk: Desk) -> None:
    from leeward.hosting import queries as hosting_queries

    case = desk.case()
    other = desk.case(desk.world.far_gallery_url)
    fetched = hosting_queries.latest_fetch(other.location_id)
    assert fetched
    file = hosting_queries.files_of(fetched.id)[0].id
    ana = desk.signed_in("ana")
    post(ana, case, "take")
    values = {"file": file, "reason": "age", "once": new_form_key()}
    assert ana.post(f"/desk/case/{case.reference}/preview", values).status_code == 404


def test_who_may_open_what(desk: Desk) -> None:
    case = desk.first()
    for who in ("ana", "bela", "carl", "pia", "adam", "otto"):
        client = desk.signed_in(who)
        reads = who in ("ana", "bela", "carl", "pia")
        assert client.get("/desk/").status_code == (200 if reads else 302), who
        assert client.get(f"/desk/case/{case.reference}").status_code == (200 if reads else 403), who
        assert client.get(f"/desk/case/{case.reference}/timeline").status_code == (200 if reads else 403), who
        assert client.get("/desk/appeals").status_code == (200 if who == "carl" else 403), who
        assert client.get("/desk/log").status_code == (200 if who == "otto" else 403), who
        taken = client.post(f"/desk/case/{case.reference}/take")
        takes = who in ("ana", "bela", "carl")
        assert taken.status_code == (302 if takes else 403), who
        case.refresh_from_db()
        assert case.claimed_by_id == (desk.cast[who].account_id if takes else None), who
        if takes:
            services.give_back(case.pk, actor=desk.cast[who].actor)


def test_nobody_of_another_hotline_sees_anything(desk: Desk) -> None:
    case = desk.first()
    dora = desk.signed_in("dora")
    assert case.reference not in text(dora.get("/desk/?view=all"))
    assert case.reference not in text(dora.get("/desk/?q=pictures.harbour-host.example"))
    page = f"/desk/case/{case.reference}"
    assert dora.get(page).status_code == 404
    assert dora.get(f"{page}/timeline").status_code == 404
    for act in (
        "take",
        "back",
        "draft",
        "assess",
        "preview",
        "act",
        "close",
        "reopen",
        "note",
        "refetch",
        "ask",
        "seen",
    ):
        values = {"once": new_form_key(), "text": "x", "file": 1, "reason": "age", "outcome": "illegal", "report": 1}
        assert dora.post(f"{page}/{act}", values).status_code == 404, act
    case.refresh_from_db()
    assert case.state == "triaged"


def test_the_log_is_read_page_by_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from leeward.casework.timeline.views import log

    case = desk.case()
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    otto = desk.signed_in("otto")
    page = text(otto.get("/desk/log"))
    assert "case.claimed" in page
    ana = desk.cast["ana"].account_id
    assert f"Ana ({ana})" in page
    User.objects.filter(pk=ana).update(name="command")
    assert f"command ({ana})" in text(otto.get("/desk/log")), "whatever name somebody takes, the number is theirs"
    assert "case.claimed" not in text(otto.get("/desk/log?event=report."))
    monkeypatch.setattr(log, "FILTERED_AT_ONCE", 2)
    page = text(otto.get("/desk/log?event=case.opened"))
    assert "There may be older ones" in page
    for _ in range(9):
        older = re.search(r'href="(\?before=\d+&amp;event=case.opened)"', page)
        if older is None:
            break
        page = text(otto.get(f"/desk/log{older[1].replace('&amp;', '&')}"))
        if "case.opened</td>" in page:
            return
    pytest.fail("the act was not found")


def test_a_supervisor_puts_a_case_back(desk: Desk) -> None:
    case = desk.first()
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    assert "Return it to the queue" not in text(desk.signed_in("bela").get(f"/desk/case/{case.reference}"))
    assert post(desk.signed_in("carl"), case, "back")["Location"] == "/desk/"
    assert (case.state, case.claimed_by) == ("triaged", None)


def test_a_reporters_words_are_for_analysts(desk: Desk) -> None:
    case = desk.first()
    page = f"/desk/case/{case.reference}"
    assert "I found a bad page." in text(desk.signed_in("ana").get(page))
    assert "I found a bad page." not in text(desk.signed_in("pia").get(page))


def test_signed_out_people_are_asked_to_sign_in(desk: Desk) -> None:
    case = desk.first()
    for path in ("/desk/", f"/desk/case/{case.reference}", "/desk/log"):
        assert desk.client.get(path)["Location"].startswith("/desk/account/login/")


def test_reading_never_acts(desk: Desk) -> None:
    case = desk.first()
    ana = desk.signed_in("ana")
    for act in (
        "take",
        "back",
        "draft",
        "assess",
        "preview",
        "act",
        "close",
        "reopen",
        "note",
        "refetch",
        "ask",
        "seen",
    ):
        assert ana.get(f"/desk/case/{case.reference}/{act}").status_code == 405, act


def test_finding_a_case(desk: Desk) -> None:
    case = desk.first()
    ana = desk.signed_in("ana")
    assert ana.get(f"/desk/?q={case.reference}")["Location"] == f"/desk/case/{case.reference}"
    for said in (
        desk.world.gallery_url,
        "pictures.harbour-host.example",
        "hxxp://pictures.harbour-host[.]example",
        "gallery",
    ):
        assert case.reference in text(ana.get("/desk/", {"q": said})), said
    assert "No case found" in text(ana.get("/desk/", {"q": "nowhere.example"}))


@pytest.mark.once
def test_the_queue_asks_few_questions(desk: Desk, django_assert_max_num_queries: Any) -> None:
    desk.first()
    desk.assess(desk.case(desk.world.far_gallery_url))
    ana = desk.signed_in("ana")
    ana.get("/desk/")
    for view in ("waiting", "mine", "second", "decided", "up", "held", "news", "all"):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert ana.get(f"/desk/?view={view}").status_code == 200


STAGES = ["waiting", "assessing", "second assessment", "adjudication", "decided", "acting", "closed"]


def bring_to(desk: Desk, stage: str) -> tuple[Case, str]:
    """A case at a stage of its life, and who looks at it."""
    case = desk.first()
    if stage == "assessing":
        services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    elif stage in ("second assessment", "adjudication"):
        desk.assess(case, facts=GRAVE)
        if stage == "adjudication":
            desk.assess(case, "bela", "not_illegal", {}, reason=14)
            services.claim_case(case.pk, actor=desk.cast["carl"].actor)
            return case, "carl"
        services.claim_case(case.pk, actor=desk.cast["bela"].actor)
        return case, "bela"
    elif stage == "closed":
        desk.assess(case, outcome="not_found", facts={}, reason=9)
    elif stage in ("decided", "acting"):
        desk.assess(case, facts=PLAIN)
        if stage == "acting":
            desk.act(case)
    return case, "ana"


@pytest.mark.once
@pytest.mark.parametrize("stage", STAGES)
def test_a_case_asks_few_questions(desk: Desk, stage: str, django_assert_max_num_queries: Any) -> None:
    """Its page, the files, the messages, and the timeline alone and as a part of the page."""
    case, who = bring_to(desk, stage)
    client = desk.signed_in(who)
    client.get("/desk/")
    paths = {"": {}, "/timeline": {"HX-Request": "true"}, "/timeline?": {}}
    paths |= {"/files": {}} if stage == "assessing" else {}
    paths |= {"/messages": {}} if stage in ("assessing", "decided", "acting", "closed") else {}
    for path, headers in paths.items():
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get(f"/desk/case/{case.reference}{path}", headers=headers).status_code == 200, path


def test_messages_that_gather_addresses_ask_no_more_questions(desk: Desk, django_assert_max_num_queries: Any) -> None:
    """Twenty addresses of other cases wait for the same contact: the preview shows them all, and asks once."""
    case, who = bring_to(desk, "decided")
    brief = make_brief(case)
    for number in range(1, 21):
        location = copy_of_place(case.location_id, f"{brief.address}?{number}")
        other = replace(brief, case_id=1000 + number, location_id=location, address=f"{brief.address}?{number}")
        acted = notices_services.act_on(other, plan=Plan(police=False), actor=desk.cast["ana"].actor)
        notices_services.advance(acted.notice_case_id)
    client = desk.signed_in(who)
    client.get("/desk/")
    most = MOST_QUERIES + 3 + keys_asked()  # what waits, where it is, what it was told before: once
    with django_assert_max_num_queries(most):
        page = client.get(f"/desk/case/{case.reference}/messages").content.decode()
    assert page.count(f"{brief.address}?") == 20


def copy_of_place(location_id: int, url: str) -> int:
    """Another page of the same host, found out about alike."""
    hotline = Finding.objects.filter(location_id=location_id)[0].hotline_id
    made = open_location(hotline_id=hotline, kind="url", display=url, comparable=url)
    for row in hosting_queries.whereabouts(location_id).findings:
        values = {"kind": row.kind, "value": row.value, "source": row.source, "at": row.at}
        Finding.objects.create(hotline_id=hotline, location_id=made, **values)
    return made


def test_what_is_begun_is_there_again_and_only_for_whoever_began_it(desk: Desk) -> None:
    case = desk.first()
    page = f"/desk/case/{case.reference}"
    ana = desk.signed_in("ana")
    post(ana, case, "take")
    ana.post(f"{page}/draft", MARKED, headers={"HX-Request": "true"})
    for kind, name in (("note", "text"), ("question", "text"), ("ending", "comment")):
        values = {"kind": kind, name: f"{kind}: I was here."}
        assert "Kept" in text(ana.post(f"{page}/draft-text", values, headers={"HX-Request": "true"}))
    assert ana.post(f"{page}/draft-text", {"kind": "diary", "text": "x"}).status_code == 400
    again = text(desk.signed_in("ana").get(page))
    assert "Restored: your entries of" in again
    assert again.count("Restored from your draft of") == 3
    for kind in ("note", "question", "ending"):
        assert f"{kind}: I was here.</textarea>" in again, kind
    assert "I was here." not in text(desk.signed_in("bela").get(page))
    post(ana, case, "note", text="note: I was here, and done.")
    ana.post(f"{page}/draft-text", {"kind": "question", "text": " "})
    post(ana, case, "assess", **MARKED, outcome="illegal")
    assert not Draft.objects.exists()


def test_whoever_has_to_stop_is_offered_no_new_case(desk: Desk) -> None:
    case = desk.first()
    ana = desk.signed_in("ana")
    assert 'data-key="c"' in text(ana.get(f"/desk/case/{case.reference}"))
    say_not_today(actor=desk.cast["ana"].actor)
    page = text(ana.get(f"/desk/case/{case.reference}"))
    assert f"{case.reference}/take" not in page
    assert "You said “not today”" in page
    assert re.search(r'data-key="c"\s+disabled>\s*Next urgent case', text(ana.get("/desk/")))
    assert ana.post("/desk/take")["Location"] == "/desk/"
    Case.objects.filter(pk=case.pk).update(urgent=True)
    assert f"{case.reference}/take" in text(ana.get(f"/desk/case/{case.reference}"))
