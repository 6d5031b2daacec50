"""Finding cases by whatever is in hand, views with a name, and lists that are taken out."""

import csv
import re
from typing import Any

import pytest
from django.test import Client

from leeward.casework import services
from leeward.casework.bulk.models import ListTaken, SavedView
from leeward.casework.queue.queries.saved_views import read_filters
from leeward.casework.queue.rules.cells import cell
from leeward.hosting import queries as hosting_queries
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import GRAVE, Desk, keys_asked

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


def text(response: Any) -> str:
    return str(response.content.decode())


def listed(client: Client, query: str) -> list[str]:
    """The references on the queue's page, or where it leads."""
    answer = client.get(f"/desk/?{query}")
    if answer.status_code == 302:
        return [answer["Location"].rpartition("/")[2]]
    return re.findall(r'<th scope="row" class="nowrap"><a href="/desk/case/([0-9-]+)"', text(answer))


def test_a_case_is_found_by_whatever_is_in_hand(desk: Desk, django_assert_max_num_queries: Any) -> None:
    from leeward.notices import queries as notices_queries

    case = desk.case()
    far = desk.case(desk.world.far_gallery_url)
    ana, dora = desk.signed_in("ana"), desk.signed_in("dora")
    services.note(case.pk, text="Asked the Café-host by telephone; number 5551234.", actor=desk.cast["bela"].actor)
    desk.assess(case)
    desk.act(case)
    ana.get("/desk/")
    file = next(file for file in hosting_queries.files_now(case.location_id) if file.sha256)
    referral = notices_queries.referral_of(case.pk)
    assert referral
    for asked in (
        case.reference, desk.world.gallery_url, "harbour-host", file.md5, file.sha1, file.sha256.upper(), file.pdq,
        f"LW-R{referral.id}-aaaaaaaa", f"[LW-R{referral.id}]", "telephone cafe", "5551", "ASKED the",
    ):  # fmt: skip
        with django_assert_max_num_queries(MOST_QUERIES + keys_asked()):
            found = listed(ana, f"q={asked}")
        assert case.reference in found, asked
        assert listed(dora, f"q={asked}") in ([], [case.reference] if asked == case.reference else []), asked
    assert dora.get(f"/desk/?q={case.reference}").status_code == 200  # and leads nowhere
    assert "In a note:" in text(ana.get("/desk/?q=telephone"))
    for nothing in ('"', "* OR NOT (", "text : x", "%", "'; drop", "hotline_id : 1", "f" * 64, "I found a bad page"):
        assert listed(ana, f"q={nothing}") in ([], [far.reference, case.reference]), nothing
    assert listed(ana, "q=found a bad page") == []  # reporters' words are not looked through
    assert listed(ana, f"q=telephone&country={case.country}&holder=nobody") == [case.reference]
    assert listed(ana, "q=telephone&country=XX") == []


def test_a_note_of_the_first_look_finds_nothing_while_the_second_is_blind(desk: Desk) -> None:
    case = desk.first()
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    services.note(case.pk, text="Seen before under another name.", actor=desk.cast["ana"].actor)
    desk.assess(case, facts=GRAVE)
    assert listed(desk.signed_in("ana"), "q=before under") == [case.reference]
    assert listed(desk.signed_in("bela"), "q=before under") == []


def test_filters_narrow_and_can_be_kept(desk: Desk, acts_of: Any, django_assert_max_num_queries: Any) -> None:
    here = desk.first()
    there = desk.case(desk.world.far_gallery_url, kind="danger")
    ana, carl, bela = (desk.signed_in(name) for name in ("ana", "carl", "bela"))
    services.claim_case(there.pk, actor=desk.cast["bela"].actor)
    for query, found in {
        "view=waiting": [here],
        "view=all&holder=nobody": [here],
        "view=all&holder=somebody&flags=urgent": [there],
        "view=all&country=jm": [here],
        "view=all&host=PICTURES.harbour-host.example": [here],
        "view=all&age=week": [there, here],
        "view=all&age=older_week": [],
        "view=all&source=police": [],
        "view=all&source=form&place=here&known=no&state=triaged": [here],
        "view=all&flags=held&flags=returned": [],
        "view=nonsense&age=ever&flags=x&country=Jamaica": [here],
    }.items():
        assert listed(ana, query) == [case.reference for case in found], query
    page = text(ana.get("/desk/?view=all&country=JM&flags=urgent"))
    key = re.search(
        r'name="once" value="([^"]+)"[^>]*>.*?<input type="hidden" name="asked" value="([^"]+)"', page, re.DOTALL
    )
    assert key
    values = {"once": key[1], "asked": key[2].replace("&amp;", "&"), "name": "Urgent at home"}
    assert ana.post("/desk/views", values | {"shared": "yes"}).status_code == 403
    assert ana.post("/desk/views", values).status_code == 302
    assert SavedView.objects.get().asked == {"view": "all", "country": "JM", "flags": ["urgent"]}
    assert "Urgent at home" not in text(bela.get("/desk/views"))
    shared = values | {"once": new_form_key(), "shared": "yes", "name": "All at home", "asked": "view=all&country=JM"}
    assert carl.post("/desk/views", shared).status_code == 302
    with django_assert_max_num_queries(MOST_QUERIES):
        row = text(bela.get("/desk/views", headers={"HX-Request": "true"}))
    assert re.search(r"country=JM\">\s*All at home\s+1\s*<", row)
    assert "All at home" not in text(desk.signed_in("dora").get("/desk/views"))
    mine = SavedView.objects.get(is_shared=False)
    assert bela.post(f"/desk/views/{mine.pk}/remove", {"once": new_form_key()}).status_code == 404
    assert ana.post(f"/desk/views/{mine.pk}/remove", {"once": new_form_key()}).status_code == 302
    assert SavedView.objects.count() == 1
    for client in (ana, carl, desk.signed_in("pia")):
        client.get("/desk/")
        with django_assert_max_num_queries(MOST_QUERIES):
            assert client.get("/desk/?view=all&flags=urgent&host=x.example").status_code == 200


def test_a_list_is_taken_with_a_reason_and_without_formulas(desk: Desk, client: Client) -> None:
    from leeward.audit.queries import log_of
    from leeward.hosting.models import Location

    case = desk.case()
    account = desk.case(desk.world.far_gallery_url)
    Location.objects.filter(pk=account.location_id).update(display='=HYPERLINK("http://x.example")')
    ana, carl = desk.signed_in("ana"), desk.signed_in("carl")
    page = text(ana.get("/desk/list?view=all"))
    assert "With the addresses" not in page
    values, key = {"asked": "view=all", "reason": "Figures for the ministry"}, new_form_key()
    assert ana.post("/desk/list", {**values, "once": new_form_key(), "reason": "x"}).status_code == 400
    assert ana.post("/desk/list", {**values, "once": new_form_key(), "addresses": "yes"}).status_code == 403
    assert not ListTaken.objects.exists()
    plain = b"".join(ana.post("/desk/list", {**values, "once": key}).streaming_content).decode()
    assert "harbour-host" not in plain
    rows = list(csv.DictReader(plain.splitlines()))
    assert {row["reference"] for row in rows} == {case.reference, account.reference}
    again = ana.post("/desk/list", {**values, "once": key})
    assert again.status_code == 302
    whole = carl.post("/desk/list", {**values, "once": new_form_key(), "addresses": "yes"})
    assert whole["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(b"".join(whole.streaming_content).decode().splitlines()))
    assert desk.world.gallery_url in {row["address"] for row in rows}
    assert not [value for row in rows for value in row.values() if value[:1] in "=+-@" and value]
    taken = ListTaken.objects.order_by("id")
    assert [(row.cases, row.with_addresses) for row in taken] == [(2, False), (2, True)]
    line = log_of(desk.cast.hotline_id, f"list:{taken[1].pk}")[0]
    assert (line.event, dict(line.facts)) == (
        "cases.listed", {"cases": 2, "addresses": True, "view": "all", "filters": []}
    )  # fmt: skip
    assert "Figures for the ministry" in text(carl.get("/desk/list?view=all"))
    assert "Figures for the ministry" not in text(ana.get("/desk/list?view=all"))


def test_no_cell_is_a_formula() -> None:
    for bad in ("=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\ufeff=1", "＝1", "\n@x", "\u00a0+1"):
        assert cell(bad).startswith("'"), repr(bad)
    assert cell("a\r\nb") == "a b"
    assert (cell(None), cell(True), cell(3), cell("2026-0001")) == ("", "yes", "3", "2026-0001")


def test_filters_come_back_as_they_went() -> None:
    filters = read_filters({"view": "up", "country": "jm", "flags": ["news", "held"], "q": " x ", "age": "day"})
    assert filters.flags == ("held", "news")
    assert read_filters(filters.to_dict()) == filters
    assert filters.named == ("q", "country", "age", "flags")
