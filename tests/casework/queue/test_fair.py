"""Who gets a case: the rule, and that “next case” and re-assigning keep to it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.casework.errors import NothingToTake
from leeward.casework.exposure.services.budget import local_now
from leeward.casework.models import Case, DeskDay
from leeward.casework.queue.rules.fair import MOST_HELD, Colleague, Work, in_order, left_by, left_to_others
from leeward.casework.queue.services.colleagues import colleagues_of
from leeward.casework.services import claim_next
from leeward.people.models import User
from leeward.people.services import change_account, set_leave
from tests.casework.conftest import Desk
from tests.people.test_pages import mark_on

TAGS = st.sets(st.sampled_from(["en", "fr", "ur"]))
PEOPLE = st.lists(
    st.builds(
        Colleague,
        id=st.integers(1, 99),
        languages=TAGS,
        countries=st.sets(st.sampled_from(["JM", "BB"])),
        held=st.integers(0, MOST_HELD + 1),
        used=st.floats(0, 1.2),
        is_away=st.booleans(),
        is_stopped=st.booleans(),
    ),
    unique_by=lambda one: one.id,
    max_size=6,
)


@pytest.mark.parametrize(
    ("mine", "others", "left"),
    [
        (["en"], [["fr", "en"], ["ur"]], {"fr", "ur"}),
        (["en", "fr"], [["fr"]], set()),
        ([], [["fr"]], set()),
        (["en"], [], set()),
        (["en"], [[]], set()),
    ],
)
def test_what_is_left_to_who_reads_it(mine: list[str], others: list[list[str]], left: set[str]) -> None:
    assert left_to_others(mine, others) == left


def test_language_before_country_before_load_before_the_day() -> None:
    people = [
        Colleague(1, languages=["en"], countries=["JM"]),
        Colleague(2, languages=["ur"], countries=["BB"]),
        Colleague(3, languages=["ur"], countries=["JM"], held=3, used=0.1),
        Colleague(4, languages=["ur"], countries=["JM"], held=3, used=0.5),
        Colleague(5, languages=["ur"], countries=["JM"], held=2, used=0.9),
        Colleague(6),
        Colleague(7, languages=["ur"], countries=["JM"], is_away=True),
        Colleague(8, languages=["ur"], countries=["JM"], used=1),
        Colleague(9, languages=["ur"], countries=["JM"], held=MOST_HELD),
    ]
    work = Work(language="ur", country="JM")
    assert [one.id for one in in_order(work, people)] == [5, 3, 4, 2, 6, 1]
    assert [one.id for one in in_order(Work("ur", "JM", barred=frozenset({5, 3})), people)][:1] == [4]
    assert [one.id for one in in_order(Work("ur", "JM", urgent=True), people)][-2:] == [8, 9], (
        "an urgent one can go to them"
    )


@given(PEOPLE, TAGS, st.booleans())
def test_nobody_who_is_away_or_barred_gets_a_case_and_nothing_is_left_to_nobody(
    people: list[Colleague], tags: set[str], urgent: bool
) -> None:
    barred = frozenset(one.id for one in people[:1])
    for one in in_order(Work("fr", "JM", urgent, barred), people):
        assert not one.is_away
        assert one.id not in barred
        assert one.is_ready or urgent
    for one in people:
        left = left_by(one.id, people)
        ready = [other for other in people if other.id != one.id and other.is_ready]
        assert all(any(tag in other.languages for other in ready) for tag in left.languages)
        assert all(any(code in other.countries for other in ready) for code in left.countries)
        assert not left.languages & set(one.languages)


@pytest.mark.django_db
def test_the_next_case_keeps_to_country_load_exposure_and_leave(desk: Desk) -> None:
    case, cast = desk.first(), desk.cast
    ana, bela, adam = cast["ana"], cast["bela"], cast["adam"].actor
    change_account(ana.account_id, countries=["BB"], actor=adam)
    change_account(bela.account_id, countries=["JM"], actor=adam)

    def ana_gets_none() -> None:
        with pytest.raises(NothingToTake):
            claim_next("waiting", actor=ana.actor)

    ana_gets_none()  # it is Bela's country
    today = local_now(cast.hotline_id).date()
    for change in ({"spent": 200}, {"is_off": True}):
        day = DeskDay.objects.create(hotline_id=cast.hotline_id, by_id=bela.account_id, day=today, **change)
        row = next(one for one in colleagues_of(cast.hotline_id, datetime.now(UTC)) if one.id == bela.account_id)
        assert not row.is_ready
        day.delete()
    ana_gets_none()
    set_leave(bela.account_id, date(2100, 1, 1), actor=adam)
    assert claim_next("waiting", actor=ana.actor) == case.reference, "while Bela is away it waits for nobody"


@pytest.mark.django_db
def test_countries_are_chosen_where_there_are_several(desk: Desk) -> None:
    from leeward.people.services import open_portal

    adam, bela = desk.signed_in("adam"), desk.cast["bela"].account_id
    page = f"/desk/people/{bela}"
    assert 'name="countries"' not in adam.get(page).content.decode(), "one country leaves nothing to choose"
    portal: dict[str, Any] = {"name": "Antigua", "country": "AG", "languages": ["en"], "emergency_number": "911"}
    open_portal(desk.cast.hotline_id, slug="ag", actor=desk.cast["adam"].actor, **portal)
    values = {"name": "Bela", "roles": ["analyst"], "languages": ["en"], "countries": ["AG"]}
    assert adam.post(page, values | {"seen_account": mark_on(adam, page)}).status_code == 302
    assert User.objects.get(pk=bela).countries == ["AG"]
    unknown = values | {"countries": ["XX"], "seen_account": mark_on(adam, page)}
    assert adam.post(page, unknown).status_code == 422
    assert User.objects.get(pk=bela).countries == ["AG"]
    assert Case.objects.count() == 0
