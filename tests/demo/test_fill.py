"""Many made-up cases: they look like real ones to every page, and the log verifies."""

from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from leeward.casework.models import Case
from leeward.demo.fill import fill
from leeward.demo.invented import invent
from leeward.hosting.models import Finding
from tests.personas import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(cast: Cast) -> dict[str, int]:
    """A hotline with three hundred cases, in two goes."""
    first = fill(200, cast.hotline_id, progress=lambda done, count: None)
    second = fill(100, cast.hotline_id, progress=lambda done, count: None)
    return {name: first[name] + second[name] for name in first}


def test_the_rows_are_there_and_the_log_verifies(cast: Cast, filled: dict[str, int]) -> None:
    from leeward.audit.queries import verdict

    assert filled["casework.case"] == 300
    assert filled["hosting.finding"] == 1500
    found = verdict(cast.hotline_id)
    assert found.fault is None
    assert found.rows == filled["audit.auditrow"]
    with scope(hotline=cast.hotline_id):
        assert Case.objects.count() == 300
        assert len(set(Case.objects.values_list("reference", flat=True))) == 300
        states = set(Case.objects.values_list("state", flat=True))
        assert set(Finding.objects.filter(kind="registrar").values_list("value", flat=True)) == {"Good Names"}
    assert {"triaged", "second_assessment", "decided", "acting", "monitoring", "removed", "closed"} <= states


def test_others_may_work_meanwhile(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from leeward.audit.queries import verdict
    from leeward.demo import fill as demo_fill
    from tests.personas import PASSWORD

    monkeypatch.setattr(demo_fill, "CASES_AT_ONCE", 40)
    seen: list[int] = []

    def work(done: int, count: int) -> None:
        page = client.post("/desk/account/login/", {"login": cast["ana"].email, "password": PASSWORD})
        assert page.status_code == 302
        with scope(hotline=cast.hotline_id):
            case = Case.objects.filter(state="triaged").first() or Case.objects.latest("id")
            from leeward.casework import services

            services.note(case.pk, text="Asked the host by telephone.", actor=cast["ana"].actor)
        seen.append(done)

    fill(120, cast.hotline_id, progress=work)
    assert seen == [40, 80, 120]
    assert verdict(cast.hotline_id).fault is None
    with scope(hotline=cast.hotline_id):
        assert Case.objects.count() == 120


def test_every_kind_of_case_can_be_opened(cast: Cast, filled: dict[str, int], client: Client, settings: Any) -> None:
    from leeward.people.models import User

    client.force_login(User.objects.get(pk=cast["ana"].account_id))
    with scope(hotline=cast.hotline_id):
        kinds = {case.state: case.reference for case in Case.objects.all()}
    for view in ("waiting", "second", "decided", "up", "all"):
        assert client.get(f"/desk/?view={view}").status_code == 200
    for state, reference in kinds.items():
        for page in ("", "/timeline"):
            assert client.get(f"/desk/case/{reference}{page}").status_code == 200, state


def test_work_goes_on_after_it(cast: Cast, filled: dict[str, int]) -> None:
    from leeward.casework import services
    from leeward.casework.queue.services.references import next_reference

    with scope(hotline=cast.hotline_id):
        newest = Case.objects.latest("id")
        year = int(newest.reference[:4])
        assert next_reference(cast.hotline_id, year) > newest.reference
        reference = services.claim_next("waiting", actor=cast["ana"].actor)
        case = Case.objects.get(reference=reference)
        facts = {"medium": "photograph", "age_band": "11-13", "act": "uk_b"}
        assert services.assess(case.pk, facts, outcome="illegal", actor=cast["ana"].actor) == "find_illegal"


def test_the_same_number_is_the_same_case(noon: Any) -> None:
    values = {"age": 500, "count": 1000, "received_at": noon, "home": "JM"}
    assert invent(7, **values) == invent(7, **values)
    assert invent(7, **values) != invent(8, **values)
