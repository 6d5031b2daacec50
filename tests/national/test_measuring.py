"""What Leeward itself knows answers its questions, each from the slice whose work it is; what is not on record is not measured."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django_scopes import scope

from leeward.awareness.models import Resource
from leeward.blocklist.models import BlockList
from leeward.blocklist.publishing.models import Publication as ListPublication
from leeward.blocklist.publishing.models import Subscriber
from leeward.capacity.models import Course, Need, Participation
from leeward.exchange.models import Peer
from leeward.indicators.models import Counted, Publication, Tally
from leeward.national.labels import SOURCES, measured_words
from leeward.national.measuring import _MEASURES, measured_for
from leeward.national.rules.measures import MEASURES
from leeward.people.models import Portal
from tests.personas import Cast
from tests.providers.conftest import make_provider

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
JULY = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def here(cast: Cast) -> Iterator[Cast]:
    """The cast, in the scope of its hotline."""
    with scope(hotline=cast.hotline_id):
        yield cast


def phases(cast: Cast, country: str = "JM") -> dict[str, int]:
    found = measured_for(country, 2026, NOW, hotline_id=cast.hotline_id)
    return {name: one.phase for name, one in found.items()}


def test_every_measurement_has_its_words_and_its_source() -> None:
    assert tuple(_MEASURES) == MEASURES
    assert set(SOURCES) == set(MEASURES)


def test_what_is_not_on_record_is_not_measured(here: Cast) -> None:
    assert phases(here) == {"law_criteria": 3, "hotline_running": 3, "hotline_assesses": 3}
    assert phases(here, "GH") == {}  # an edition of 2013 says no longer what its law lacks
    Portal.objects.filter(pk=here.portal_id).update(is_open=False, mode="post_box")
    assert phases(here) == {"law_criteria": 3, "hotline_running": 2, "hotline_assesses": 2}


def test_the_law_register_answers_with_its_citations(here: Cast) -> None:
    found = measured_for("ZA", 2026, NOW, hotline_id=here.hotline_id)
    assert {name: one.phase for name, one in found.items()} == {
        "law_criteria": 3,
        "law_duty": 3,
        "solicitation_offence": 3,
    }
    assert found["law_criteria"].facts["edition"] == "7 (2013)"
    words = measured_words("law_duty", found["law_duty"])
    assert "s 27A" in words
    assert "No lawyer of the country has reviewed this." in words


def test_clocks_are_shares_of_the_years_cases(here: Cast) -> None:
    Counted.objects.create(hotline_id=here.hotline_id, at=JULY)
    for series, value, number in (
        *(("first_hours", "3", 9), ("first_hours", "30", 1)),
        *(("police_hours", "24", 4), ("police_hours", "23", 1), ("police_hours", "never", 5)),
        *(("up_hours", "71", 4), ("up_hours", "72", 6)),
    ):
        Tally.objects.create(
            hotline_id=here.hotline_id,
            portal_id=here.portal_id,
            year=2026,
            month=3,
            series=series,
            value=value,
            number=number,
        )
    found = measured_for("JM", 2026, NOW, hotline_id=here.hotline_id)
    assert found["hotline_in_time"].phase == 4
    assert found["police_told"].phase == 2
    assert found["removal_notice"].phase == 2
    assert (found["hotline_in_time"].on, dict(found["hotline_in_time"].facts)) == (
        date(2026, 7, 1),
        {"part": 9, "whole": 10},
    )
    assert found["steering_figures"].phase == 2
    assert "hotline_in_time" not in measured_for("JM", 2025, NOW, hotline_id=here.hotline_id)
    for year in (2024, 2025):
        Publication.objects.create(
            hotline_id=here.hotline_id, portal_id=here.portal_id, year=year, edition=1, shown={}, counted={}, medians={},
            typed=[], at=JULY,
        )  # fmt: skip
    assert phases(here)["steering_figures"] == 4


def test_lists_peers_providers_and_material_count_by_what_they_are_used_for(here: Cast) -> None:
    own = {"hotline_id": here.hotline_id}
    block = BlockList.objects.create(**own, name="national", title="N", kind="national", country="JM", made_at=JULY)
    assert phases(here)["blocking_list"] == 2
    given_out = ListPublication.objects.create(
        **own,
        list=block,
        state="published",
        serial=1,
        at=NOW - timedelta(days=8),
        why="schedule",
        entries=0,
        added=0,
        removed=0,
    )
    Subscriber.objects.create(**own, slug="isp", name="ISP", kind="isp").lists.add(block)
    assert phases(here)["blocking_list"] == 3
    ListPublication.objects.filter(pk=given_out.pk).update(at=NOW - timedelta(days=7))
    assert phases(here)["blocking_list"] == 4
    peer = Peer.objects.create(**own, identifier="a" * 32, name="Elsewhere", url="https://peer.example", added_at=JULY)
    assert "exchange_hotlines" not in phases(here)
    Peer.objects.filter(pk=peer.pk).update(state="active")
    assert phases(here)["exchange_hotlines"] == 3
    provider = make_provider(here, state="asked")
    assert "industry_partners" not in phases(here)
    type(provider).objects.filter(pk=provider.pk).update(state="approved")
    assert phases(here)["industry_partners"] == 3
    entry = Resource.objects.create(**own, title="T", address="https://school.example", sha256="a", audiences=" child ")
    assert phases(here)["education_material"] == 2
    Resource.objects.filter(pk=entry.pk).update(verdict="good")
    assert phases(here)["education_material"] == 3
    Resource.objects.filter(pk=entry.pk).update(audiences=" ")  # for everybody
    assert phases(here)["education_material"] == 4


def test_training_is_held_against_what_is_needed(here: Cast) -> None:
    own = {"hotline_id": here.hotline_id}
    course = Course.objects.create(**own, title="C", code="C-1", role="judge", valid_months=12)
    person = {"course": course, "role": "judge", "country": "JM", **own}
    Participation.objects.create(**person, person="a", name="Ana", ended_on=NOW.date())
    assert phases(here)["courts_trained"] == 2
    Need.objects.create(**own, role="judge", country="JM", people=2)
    assert phases(here)["courts_trained"] == 3
    Need.objects.create(**own, role="prosecutor", country="JM", people=1)
    assert phases(here)["courts_trained"] == 2
    assert "police_trained" not in phases(here)
    assert "courts_trained" not in phases(here, "BB")
    Participation.objects.create(**person, person="b", name="Ben", ended_on=NOW.date() - timedelta(days=400))  # ran out
    assert phases(here)["courts_trained"] == 2
    found = measured_for("JM", 2026, NOW, hotline_id=here.hotline_id)["courts_trained"]
    assert measured_words("courts_trained", found) == "Trained, still valid: 1. Needed: 3."
