"""What cannot be fetched, found or drawn is said on the case in words: whatever a host answers, wherever a thing is."""

import re
from typing import Any, get_args

import pytest

from leeward.casework import labels, services
from leeward.casework.acting.rules.plan import place_of, what_follows
from leeward.demo.world import pages
from leeward.demo.world.pictures import claims_to_be_huge, cut_off, picture
from leeward.foundation.http import Outcome
from leeward.hosting.rules.pages import barrier_of_status
from tests.casework.conftest import Desk
from tests.casework.test_pages import text

ONION = "http://2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion/x"
BARRIERS = {barrier_of_status(status) for status in range(400, 600)} - {""} | {"geo_blocked", "script", "referrer"}


@pytest.fixture
def sites(desk: Desk) -> Any:
    yield desk.world.pictures
    for path in ("/inside", "/broken", "/abroad", "/huge.png", "/half.jpg", "/whole.jpg"):
        desk.world.pictures.restore(path)


def test_every_way_in_which_a_look_can_end_has_its_words() -> None:
    assert set(get_args(Outcome.__value__ if hasattr(Outcome, "__value__") else Outcome)) - {"answered"} <= set(
        labels.FETCHES
    )
    assert set(labels.FETCHES) >= BARRIERS


def test_where_a_thing_is_and_whether_it_is_looked_at() -> None:
    def place(kind: str, country: str = "", behind: str = "") -> str:
        return place_of(country=country, home="JM", behind=behind, kind=kind)

    assert [place(kind) for kind in ("url", "onion", "magnet", "account")] == [
        "unknown",
        "no_host",
        "no_host",
        "no_host",
    ]
    assert (place("onion", "BB"), place("url", "jm"), place("url", "BB"), place("url", "BB", "A shield")) == (
        ("abroad", "here", "abroad", "abroad")
    )
    assert place("url", "", "A shield") == "cdn", "nobody has found out where it is"
    for kind, step in (("onion", "checks"), ("url", "checks"), ("magnet", "no_checks")):
        assert (
            step
            in what_follows(
                "no_host",
                kind,
                can_tell_host=False,
                writes_to_foreign_hosts=False,
                can_tell_abroad=True,
                is_quiet=False,
                is_with_hotline_there=False,
            ).steps
        )


@pytest.mark.django_db
def test_the_case_says_what_is_odd_about_an_address(desk: Desk, sites: Any) -> None:
    site = desk.world.gallery_url.rsplit("/", 1)[0]
    sites.put("/inside", pages.redirect("http://169.254.169.254/latest/meta-data/"))
    sites.put("/abroad", pages.not_in_your_country())
    ana = desk.signed_in("ana")
    expected = {
        "http://xn--l-7sba6dbr.example/x": ["mixes letters of several scripts", "domain does not exist"],
        ONION: ["No host", "onion addresses can’t be opened from here", "until it is gone"],
        ONION.replace("wid.onion", "wie.onion"): ["it may be mistyped"],
        f"{site}/inside": ["it redirects to an address that is not public, so it was not opened"],
        f"{site}/abroad": ["451, not shown in the country from which we fetch"],
    }
    for address, said in expected.items():
        case = desk.case(address)
        services.claim_case(case.pk, actor=desk.cast["ana"].actor)
        page = text(ana.get(f"/desk/case/{case.reference}"))
        assert [sentence for sentence in said if sentence not in page] == [], address
        services.give_back(case.pk, actor=desk.cast["ana"].actor)


@pytest.mark.django_db
def test_the_files_of_a_case_say_what_is_wrong_with_each(desk: Desk, sites: Any) -> None:
    site = desk.world.gallery_url.rsplit("/", 1)[0]
    sites.put("/huge.png", pages.file(claims_to_be_huge(), "image/png"))
    sites.put("/half.jpg", pages.file(cut_off(picture(1)), "image/jpeg"))
    sites.put("/whole.jpg", pages.still(2))
    sites.put("/broken", pages.gallery("Pictures", ["/huge.png", "/half.jpg", "/whole.jpg", "/none.jpg"]))
    case = desk.case(f"{site}/broken")
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    page = desk.signed_in("ana").get(f"/desk/case/{case.reference}/files").content.decode()
    files = [
        " ".join(re.sub(r"<[^>]+>", " ", part).split())
        for part in re.findall(r'<li id="file-.*?</li>', page, re.DOTALL)
    ]
    assert files == ["Show 1 p 1 too large to open", "Show 2 p 2 was cut off", "Show 3 p 3", "Show 4 p 4 404"]
