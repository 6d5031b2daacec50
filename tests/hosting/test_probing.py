"""Is it still there: compared with the last look that saw content, on a real host."""

from collections.abc import Callable
from typing import Any

import pytest

from leeward.demo.world import pages
from leeward.demo.world.pictures import picture
from leeward.hosting.services import control_answers, fetch, probe
from tests.hosting.conftest import HOST, Outside

Place = Callable[[str], int]
PICTURES = [f"/{number}.jpg" for number in range(1, 4)]


@pytest.fixture
def watched(outside: Outside, place: Place) -> int:
    for number, path in enumerate(PICTURES, start=1):
        outside.site.put(path, pages.still(number))
    outside.site.put("/a", pages.gallery("Pictures", PICTURES))
    number = place(outside.url("/a"))
    fetch(number)
    return number


def test_what_stays_is_the_same_at_distance_zero(watched: int) -> None:
    found = probe(watched)
    assert (found.outcome, found.status, found.distance_bits) == ("same", 200, 0)


def test_a_page_with_a_clock_and_one_picture_left_is_still_there(outside: Outside, watched: int) -> None:
    outside.site.put("/a", pages.gallery("Pictures at 12:31:07", ["/ad.jpg", PICTURES[2]]))
    outside.site.put("/ad.jpg", pages.still(77))
    assert probe(watched).outcome == "same"


def test_the_same_picture_packed_anew_is_still_there(outside: Outside, watched: int) -> None:
    import io

    from PIL import Image

    target = io.BytesIO()
    Image.open(io.BytesIO(picture(1))).save(target, "JPEG", quality=40)
    outside.site.put("/a", pages.gallery("Moved", ["/new.jpg"]))
    outside.site.put("/new.jpg", pages.file(target.getvalue(), "image/jpeg"))
    found = probe(watched)
    assert found.outcome == "same"
    assert found.distance_bits is not None
    assert 0 <= found.distance_bits <= 31


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_was_taken_down_is_gone(outside: Outside, watched: int, status: int) -> None:
    outside.site.take_down("/a", status=status)
    assert (probe(watched).outcome, probe(watched).status) == ("gone", status)


def test_a_name_that_is_gone_is_gone(outside: Outside, watched: int) -> None:
    outside.names.forget(HOST)
    assert (probe(watched).outcome, probe(watched).reason) == ("gone", "no_such_name")


def test_a_placeholder_or_a_page_without_its_pictures_is_other_content(outside: Outside, watched: int) -> None:
    outside.site.replace("/a", pages.plain("This page was removed"))
    assert (probe(watched).outcome, probe(watched).reason) == ("changed", "other_content")
    outside.site.restore("/a")
    for path in PICTURES:
        outside.site.take_down(path)
    assert probe(watched).outcome == "changed"


@pytest.mark.parametrize(
    "page",
    [
        pages.forbidden(),
        pages.not_in_your_country(),
        pages.plain("Busy", status=503),
        pages.plain("Slowly", status=429),
        pages.hangs_up(),
        pages.endless_redirect(),
        pages.bomb(),
        pages.log_in(pages.plain("x"), user="a", password="b"),
        pages.plain("Log in", '<form><input name="user"><input type="password"></form>'),
    ],
)
def test_what_does_not_tell_is_unreachable(outside: Outside, watched: int, page: pages.Page) -> None:
    outside.site.replace("/a", page)
    assert probe(watched).outcome == "unreachable"


def test_names_and_pictures_that_fail_do_not_tell_either(outside: Outside, watched: int, settings: Any) -> None:
    outside.names.fail(HOST, "SERVFAIL")
    assert probe(watched).outcome == "unreachable"
    outside.names.heal(HOST)
    for path in PICTURES:
        outside.site.replace(path, pages.plain("Busy", status=503))
    assert (probe(watched).outcome, probe(watched).reason) == ("unreachable", "files_unreachable")


def test_a_page_of_words_with_a_counter_is_the_same_and_other_words_are_not(outside: Outside, place: Place) -> None:
    prose = " ".join(f"<p>sentence {number} about the harbour and its boats</p>" for number in range(40))
    outside.site.put("/text", pages.plain("Words", prose + "<p>visitor 41</p>"))
    number = place(outside.url("/text"))
    fetch(number)
    outside.site.put("/text", pages.plain("Words", prose + "<p>visitor 42, at 12:31</p>"))
    assert probe(number).outcome == "same"
    outside.site.put("/text", pages.plain("Gone", "<p>The user has closed this page.</p>"))
    assert probe(number).outcome == "changed"


def test_a_picture_itself_is_compared_by_its_look(outside: Outside, place: Place) -> None:
    outside.site.put("/1.jpg", pages.still(1))
    number = place(outside.url("/1.jpg"))
    fetch(number)
    assert (probe(number).outcome, probe(number).distance_bits) == ("same", 0)
    outside.site.put("/1.jpg", pages.still(2))
    found = probe(number)
    assert found.outcome == "changed"
    assert (found.distance_bits or 0) > 60


def test_the_known_pictures_are_asked_first_however_many_stand_before_them(outside: Outside, watched: int) -> None:
    for number in range(100, 200):
        outside.site.put(f"/{number}.jpg", pages.still(99))
    crowd = [f"/{number}.jpg" for number in range(100, 200)]
    outside.site.put("/a", pages.gallery("Crowd", [*crowd, PICTURES[0]]))
    assert probe(watched).outcome == "same"


def test_never_seen_is_nothing_to_compare_and_no_host_is_unreachable(outside: Outside, place: Place) -> None:
    outside.site.put("/b", pages.plain("x"))
    assert (probe(place(outside.url("/b"))).outcome, probe(place(outside.url("/b"))).reason) == (
        "same",
        "nothing_to_compare",
    )
    assert probe(place("anna on kik")).outcome == "unreachable"


def test_a_look_that_failed_is_not_what_later_looks_are_compared_with(outside: Outside, watched: int) -> None:
    outside.site.replace("/a", pages.plain("Busy", status=503))
    fetch(watched)
    outside.site.restore("/a")
    assert probe(watched).outcome == "same"


def test_the_control_address_answers_or_not(outside: Outside, settings: Any) -> None:
    outside.names.set("control.example", "A", "127.0.0.1")
    settings.LEEWARD = settings.LEEWARD.model_copy(
        update={"control_url": outside.web.address_of("control.example"), "fetch_seconds": 1.0}
    )
    assert control_answers()
    outside.web.stop()
    assert not control_answers()
    outside.web.start()
    outside.names.fail("control.example", "SERVFAIL")
    assert not control_answers()
