"""Everything that a small country publishes, all portals, years and editions together, attacked by somebody who has nothing else."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest
from django_scopes import scope

from leeward.indicators import publishing
from leeward.indicators.models import Publication, Tally
from leeward.people.models import Portal
from tests.indicators.country import About, Collector, File, Key, Marked, file_of, years_of_a_country
from tests.personas import Cast

NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)
YEARS: list[Key] = [("jm", 2024), ("jm", 2025), ("gy", 2025)]
TWICE: list[Key] = [("gy", 2025)]
SEED = 1


def second_portal(cast: Cast) -> dict[str, int]:
    row = Portal.objects.get(pk=cast.portal_id)
    row.pk, row.slug, row.country, row.name = None, "gy", "GY", "Guyana"
    row.save()
    return {"jm": cast.portal_id, "gy": row.pk}


def count(cast: Cast, ids: dict[str, int], marked: Marked) -> None:
    Tally.objects.all().delete()
    Tally.objects.bulk_create(
        Tally(hotline_id=cast.hotline_id, portal_id=ids[portal], year=year, month=month, series=series, value=value, number=n)
        for (portal, year, month), marks in marked.items()
        for (series, value), n in marks.items()
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("is_rounded", [False, True], ids=["hidden", "rounded"])
@pytest.mark.once
@pytest.mark.django_db
def test_all_portals_years_and_editions_together_give_no_small_number_away(cast: Cast, is_rounded: bool) -> None:
    """Each year of each portal is published, some once more when what was open is decided; whoever collects all of it knows besides
    that every report is the first of its case or a further one, be it of another year or portal."""
    ids = second_portal(cast)
    files: dict[Key, list[File]] = {key: [] for key in YEARS}
    truth: dict[Key, list[dict[str, int]]] = {key: [] for key in YEARS}
    with scope(hotline=cast.hotline_id):
        for is_late in (False, True):
            count(cast, ids, years_of_a_country(random.Random(SEED), YEARS, is_late=is_late))
            for portal, year in TWICE if is_late else YEARS:
                note = "Decided late." if is_late else ""
                publishing.publish_year(
                    ids[portal], year, note=note, actor=cast["carl"].actor, now=NOW, is_rounded=is_rounded
                )
                files[portal, year].append(file_of(portal, year))
                row = Publication.objects.filter(portal_id=ids[portal], year=year).latest("edition")
                truth[portal, year].append(row.counted)
    reader = Collector()
    for key in YEARS:
        reader.read(key, files[key], truth[key])
    newest = {key: counted[-1] for key, counted in truth.items()}
    assert reader.add_up(newest), "the sum over everything holds"
    assert [key for key, counted in newest.items() if 0 < counted["again"] < 5], "and some of it is small"
    rounded = [number for key in YEARS for file in files[key] for number in file.values() if isinstance(number, About)]
    assert (len(rounded) > 200) == is_rounded
    found = reader.found()
    assert len(found) > 80
    close = {at: reach for at, reach in found.items() if reach[1] - reach[0] < (4 if reader.numbers[at] < 5 else 5)}
    assert close == {}
    assert all(reach[0] <= reader.numbers[at] <= reach[1] for at, reach in found.items()), "the attacker was not misled"
    if is_rounded:
        grown = reader.grown()
        assert grown, "some changed by few"
        assert [reach for reach in grown.values() if reach[0] > 1 or (reach[0] == 1 and reach[1] < 5)] == []


@pytest.mark.slow
@pytest.mark.parametrize("is_rounded", [False, True], ids=["hidden", "rounded"])
@pytest.mark.parametrize(
    ("chance", "cell"), [(6, "cases_by_month:07 4"), (2, "police_hours:24 22")], ids=["month", "police"]
)
@pytest.mark.once
@pytest.mark.django_db
def test_what_is_never_more_than_something_else_gives_nothing_away(
    cast: Cast, is_rounded: bool, chance: int, cell: str
) -> None:
    """Four cases were opened in a month of which all reports are shown: somebody who knows that each case begins with a report, and how
    many reports of the year were further ones, found 2 to 5. And who knows that hosts are told after the police found 20 to 24 of 22
    cases of which the police were told within a day."""
    key = YEARS[1]
    ids = second_portal(cast)
    with scope(hotline=cast.hotline_id):
        count(cast, ids, years_of_a_country(random.Random(chance), [key], cases=100))
        publishing.publish_year(ids[key[0]], key[1], note="", actor=cast["carl"].actor, now=NOW, is_rounded=is_rounded)
        counted = Publication.objects.get().counted
    reader = Collector()
    reader.read(key, [file_of(*key)], [counted])
    found = reader.found()
    assert (key, cell) in found
    assert {
        at: reach for at, reach in found.items() if reach[1] - reach[0] < (4 if reader.numbers[at] < 5 else 5)
    } == {}


@pytest.mark.slow
@pytest.mark.django_db
def test_two_years_published_at_once_are_attacked_together(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the search for one year went on, another year was published: each was attacked as if the other were not there."""
    ids = {"jm": cast.portal_id}
    attacked: list[tuple[int, int]] = []
    shown = publishing._shown

    def slow(counted: dict[str, int], year: int, *rest: Any, **more: Any) -> Any:
        beside = rest[1]
        attacked.append((year, max((len(group.editions) for group in beside), default=0)))
        found = shown(counted, year, *rest, **more)
        if attacked == [(2025, 0)]:
            publishing.publish_year(cast.portal_id, 2024, note="", actor=cast["carl"].actor, now=NOW)
        return found

    monkeypatch.setattr(publishing, "_shown", slow)
    with scope(hotline=cast.hotline_id):
        count(cast, ids, years_of_a_country(random.Random(SEED), YEARS[:2]))
        publishing.publish_year(cast.portal_id, 2025, note="", actor=cast["carl"].actor, now=NOW)
        assert list(Publication.objects.order_by("pk").values_list("year", "edition")) == [(2024, 1), (2025, 1)]
    assert attacked == [(2025, 0), (2024, 0), (2025, 1)]
