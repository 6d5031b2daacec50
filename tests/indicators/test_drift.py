"""Hosting beside the law: made of what was published, of series of others and of the register, and nobody else's."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.foundation.errors import NotAllowed
from leeward.indicators import drift, queries
from leeward.indicators.errors import SeriesUnusable
from leeward.indicators.models import HostedElsewhere, Tally
from leeward.indicators.views import drift as views_drift
from leeward.web_security.keys import new_form_key
from tests.browser import Visit
from tests.having_read import seen_on
from tests.indicators.test_counting import enter
from tests.indicators.test_publishing import YEAR, correct, counted, publish, show_a_curve
from tests.personas import Cast

__all__ = ["counted"]
pytestmark = pytest.mark.django_db
PAGE = "/desk/hosting-and-law"
SERIES = "year,country,number\n2020,JM,10\n2020,unknown,990\n2025,JM,80\n2025,unknown,920\n"
SOURCE = "A yearly report (example)"


def take(
    cast: Cast, text: str = SERIES, *, source: str = SOURCE, by: str = "carl", day: date = date(2026, 4, 28)
) -> int:
    with scope(hotline=cast.hotline_id):
        return drift.take_series(text.encode(), source=source, source_date=day, actor=cast[by].actor)


def found(cast: Cast) -> drift.Drift:
    with scope(hotline=cast.hotline_id):
        return drift.drift_of(cast.hotline_id)


def exported(client: Client) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.post(PAGE).content.decode())))


def test_the_law_is_that_of_the_time_and_not_of_today(cast: Cast) -> None:
    law_of = queries.law_then()
    assert law_of("JM", 2008).band == "unknown", (
        "its Act commenced on 21 October 2009, and nobody read the law before it"
    )
    assert law_of("JM", 2014).band == "4-5", "as ICMEC's edition of 2013 has it"
    assert law_of("JM", 2008).criteria != law_of("JM", 2014).criteria
    assert law_of("ZZ", 2014).band == law_of("unknown", 2014).band == "unknown"
    assert law_of("INTERPOL_BASELINE", 2014).band == "unknown"


def test_what_is_shown_comes_from_the_published_edition_alone(counted: Cast) -> None:
    publish(counted)
    with scope(hotline=counted.hotline_id):
        (edition,) = queries.editions_of(counted.portal_id)
        Tally.objects.filter(series="country").delete()
    cells = edition.figures.cells
    hidden = {name for name, number in cells.items() if name.startswith("country:") and number is None}
    assert "country:JM" in hidden
    every = exported(enter(counted, "carl"))
    rows = [row for row in every if row["cases"] == "hosted"]
    hidden_weeks = [[row[name] for name in views_drift.COLUMNS[3:8]] for row in every if row not in rows]
    assert hidden_weeks == [[""] * 5] * 2
    assert {row["year"] for row in every} == {str(YEAR)}
    assert {row["whole"] for row in rows} == {"40"}
    left = 40 - sum(number or 0 for name, number in cells.items() if name.startswith("country:"))
    assert left > 0
    ranged = [row for row in rows if row["cases_at_least"] != row["cases_at_most"]]
    assert ranged
    assert all(int(row["cases_at_most"]) - int(row["cases_at_least"]) == left for row in ranged)
    facts = AuditRow.objects.filter(event="figures.exported").values_list("facts", flat=True)
    assert ["hosting" in one for one in facts] == [True]


def test_a_series_of_others_is_the_denominator_and_is_taken_whole_or_not_at_all(counted: Cast) -> None:
    assert take(counted) == 4
    (grew,) = found(counted).rising
    assert (grew.source, grew.country, grew.first_year, grew.last_year) == (SOURCE, "JM", 2020, 2025)
    assert take(counted, SERIES.replace("2025,JM,80", "2025,JM,10")) == 4, "it replaces what the source said before"
    assert found(counted).rising == []
    for text, source, day, why in (
        (SERIES + "2025,QQ,1\n", SOURCE, date(2026, 4, 28), "line 6: the country must be"),
        (SERIES, " ", date(2026, 4, 28), "where it comes from"),
        (SERIES, SOURCE, date(2999, 1, 1), "not over yet"),
    ):
        with pytest.raises(SeriesUnusable, match=why):
            take(counted, text, source=source, day=day)
    with pytest.raises(NotAllowed):
        take(counted, by="ana")
    with scope(hotline=counted.hotline_id):
        assert HostedElsewhere.objects.count() == 4
        for number in range(drift.MOST_SOURCES - 1):
            drift.take_series(b"year,country,number\n2020,JM,1\n", source=f"s{number}", source_date=date(2026, 1, 1),
                              actor=counted["carl"].actor)  # fmt: skip
    with pytest.raises(SeriesUnusable, match="20 sources already"):
        take(counted, source="one more")
    with scope(hotline=counted.other_hotline_id):
        assert not HostedElsewhere.objects.exists()


def test_time_until_removal_by_law_is_shown_as_published_and_small_numbers_stay_on_the_desk(
    counted: Cast, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    show_a_curve(counted)
    correct(counted, "stayed", "ZZ:0", 4)
    correct(counted, "stayed", "US:0", 6)
    correct(counted, "stayed", "ZZ:4", 0)
    correct(counted, "stayed", "US:never", 13)
    with scope(hotline=counted.hotline_id), django_assert_max_num_queries(8):
        stays = drift.drift_of(counted.hotline_id).stays
    assert {one.number for one in stays} == {26, 4}
    carl = enter(counted, "carl")
    page = carl.get(PAGE).content.decode()
    assert "For the desk only: small numbers are not hidden" in page
    assert "too few for a median" in page
    with scope(hotline=counted.hotline_id):
        weeks = drift.drift_of(counted.hotline_id).weeks
    assert {(one.number, one.gone and round(100 * one.gone.value)) for one in weeks} == {(20, 60), (10, 100)}
    assert all(words in page for words in ("Time until removal, by law", "38.7–78.1", "72.2–100.0"))
    rows = [row for row in exported(carl) if row["cases"] == "gone_in_7_days"]
    us, elsewhere = queries.law_then()("US", YEAR).band, "unknown"
    numbers = {row["law_met"]: [row[name] for name in views_drift.COLUMNS[3:8]] for row in rows}
    assert numbers == {us: ["12", "12", "20", "38.7", "78.1"], elsewhere: ["10", "10", "10", "72.2", "100.0"]}
    assert {row["source"] for row in rows} == {"published here"}
    assert "stayed" not in carl.post(PAGE).content.decode()
    everybody = Client().get(f"/jm/figures/{YEAR}/data.csv").content.decode()
    assert "stayed" not in everybody
    assert enter(counted, "dora").get(PAGE).status_code == 200
    assert "Days until removal" not in enter(counted, "dora").get(PAGE).content.decode()
    assert enter(counted, "ana").get(PAGE).status_code == 403


def test_the_desk_takes_a_file_and_names_its_faults(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from leeward.cli.indicators import import_hosting

    carl = enter(cast, "carl")
    assert "Nothing to show yet" in carl.get(PAGE).content.decode()

    def send(text: str, seen: str | None = None) -> str:
        seen = seen_on(carl.get(PAGE).content.decode()) if seen is None else seen
        file = SimpleUploadedFile("hosted.csv", text.encode())
        asked = {"act": "take", "source": SOURCE, "source_date": "2026-04-28", "once": new_form_key(), "file": file}
        return carl.post(PAGE, asked | {"seen": seen}, follow=True).content.decode()

    older = seen_on(carl.get(PAGE).content.decode())

    assert "line 2: the year must be from 1990 to this one" in send("year,country,number\n=1,JM,3\n")
    assert "Where hosting grows" in send(SERIES)
    for seen in ("", older):
        late = send("year,country,number\n2020,JM,3\n", seen)
        assert ("Something else was entered since" in late, f'value="{SOURCE}"' in late) == (True, True)
    with scope(hotline=cast.hotline_id):
        assert HostedElsewhere.objects.count() == 4, "what a colleague took in stays"
    assert carl.post(PAGE, {"act": "take"}).status_code == 422
    (tmp_path / "h.csv").write_text(SERIES)
    assert import_hosting(tmp_path / "h.csv", "Another (example)", "2026-04-28", "jm") == 0
    assert capsys.readouterr().out == "rows\t4\n"
    with scope(hotline=cast.hotline_id):
        assert HostedElsewhere.objects.values_list("source", flat=True).distinct().count() == 2
        assert {row.at.date() for row in HostedElsewhere.objects.all()} <= {datetime.now(UTC).date()}


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_page_bars_nobody(counted: Cast, visitor: Visit) -> None:
    from tests.people.browsing import sign_in

    publish(counted)
    take(counted)
    reader = visitor()
    sign_in(reader, counted, "carl")
    reader.go(PAGE)
    reader.look("hosting")
