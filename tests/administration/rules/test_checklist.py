"""Before a portal takes reports: what is open, and what nobody can take upon themselves."""

from itertools import product

from leeward.administration.rules.checklist import INDISPENSABLE, POINTS, Point, in_the_way, may_ever_open, open_points


def test_without_an_emergency_number_or_somebody_to_page_nobody_opens_it() -> None:
    assert {"emergency", "paging"} == INDISPENSABLE
    for emergency, paging, others in product([True, False], repeat=3):
        done = {"emergency": emergency, "paging": paging}
        points = [Point(code, done.get(code, others), "It is so.") for code in POINTS]
        missing = [code for code in POINTS if not done.get(code, others)]
        assert open_points(points) == missing
        assert in_the_way(points) == [code for code in ("emergency", "paging") if not done[code]]
        assert may_ever_open(points) is (emergency and paging)


def test_the_next_step_is_the_point_itself_unless_it_says_otherwise() -> None:
    assert Point("mail", is_done=False, sentence="No server.").step == "mail"
    assert Point("mail", is_done=False, sentence="Not tested.", next="test").step == "test"
