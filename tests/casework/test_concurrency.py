"""Several people and workers at the same time, each with a connection of their own."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope

from leeward.casework import services
from leeward.casework.errors import CaseIsTaken, NothingToTake
from leeward.casework.models import Assessment, Case, CaseItem
from leeward.casework.services.opening import next_reference, take_in
from leeward.ground.errors import LeewardError
from tests.casework.conftest import PLAIN, Desk

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(hotline_id: int, *acts: Callable[[], Any]) -> list[Any]:
    """Do everything at the same moment, each in its own thread; return what each gave or raised."""
    start = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(number: int, act: Callable[[], Any]) -> None:
        try:
            with scope(hotline=hotline_id):
                start.wait(10)
                results[number] = act()
        except LeewardError as error:
            results[number] = error
        finally:
            connection.close()

    crew = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join(60)
    return results


def of_kind(results: Sequence[Any], kind: type) -> int:
    return sum(isinstance(result, kind) for result in results)


def test_only_one_of_many_gets_a_case(desk: Desk) -> None:
    people = [desk.cast[name].actor for name in ("ana", "bela", "carl")]
    for path in ("/gallery", "/more", "/pictures/0.jpg"):
        case = desk.case(desk.world.gallery_url.replace("/gallery", path))
        results = at_once(case.hotline_id, *[partial(services.claim_case, case.pk, actor=actor) for actor in people])
        assert of_kind(results, CaseIsTaken) == 2
        case.refresh_from_db()
        assert case.claimed_by_id in {actor.id for actor in people}
        assert results[[actor.id for actor in people].index(case.claimed_by_id)] is None


def test_taking_the_next_one_gives_everybody_another(desk: Desk) -> None:
    for path in ("/gallery", "/more"):
        desk.case(desk.world.gallery_url.replace("/gallery", path))
    people = [desk.cast[name].actor for name in ("ana", "bela", "carl")]
    results = at_once(
        desk.cast.hotline_id, *[lambda actor=actor: services.claim_next("waiting", actor=actor) for actor in people]
    )
    assert of_kind(results, NothingToTake) == 1
    taken = [result for result in results if isinstance(result, str)]
    assert len(set(taken)) == 2
    assert Case.objects.filter(state="assessing").count() == 2


def test_references_have_no_gap_and_no_double(desk: Desk) -> None:
    def ten() -> list[str]:
        from django.db import transaction

        got = []
        for _ in range(10):
            with transaction.atomic():
                got.append(next_reference(desk.cast.hotline_id, 2031))
        return got

    results = at_once(desk.cast.hotline_id, *[ten] * 6)
    references = sorted(reference for part in results for reference in part)
    assert references == [f"2031-{number:04d}" for number in range(1, 61)]


def test_reports_of_one_address_at_the_same_moment_join_one_case(desk: Desk) -> None:
    numbers = [desk.report(desk.world.gallery_url) for _ in range(5)]
    at_once(desk.cast.hotline_id, *[lambda number=number: take_in(number) for number in numbers])
    desk.work()
    case = Case.objects.get()
    assert CaseItem.objects.filter(case=case).count() == case.report_count == 5


def test_two_windows_assess_once(desk: Desk) -> None:
    case = desk.case()
    actor = desk.cast["ana"].actor
    services.claim_case(case.pk, actor=actor)
    results = at_once(case.hotline_id, *[lambda: services.assess(case.pk, PLAIN, outcome="illegal", actor=actor)] * 4)
    assert results.count("find_illegal") == 1
    assert of_kind(results, LeewardError) == 3
    assert Assessment.objects.count() == 1


def test_two_windows_act_once(desk: Desk, acts_of: Callable[[Any], list[str]]) -> None:
    case = desk.case()
    desk.assess(case)
    actor = desk.cast["ana"].actor
    results = at_once(case.hotline_id, *[lambda: services.act(case.pk, actor=actor)] * 4)
    assert of_kind(results, LeewardError) == 3
    assert acts_of(case).count("case.acted") == 1
