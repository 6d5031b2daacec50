"""Tallies equal a recount after any late correction; years without data and divisions by zero say so; hotlines see their own."""

import csv
import io
import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.blocklist.models import BlockList
from leeward.blocklist.models import Entry as BlockEntry
from leeward.casework.models import Appeal, Assessment, Case
from leeward.demo.fill import fill
from leeward.exchange.models import Exchange, Peer
from leeward.hosting.models import Finding
from leeward.indicators import queries, services
from leeward.indicators.definitions import BY_NAME
from leeward.indicators.models import Tally, TypedFigure
from leeward.indicators.rules.formulas import figures_of
from leeward.intake.models import Report
from leeward.people.models import User
from leeward.providers.models import ProviderLine
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on
from tests.indicators.rows import beside
from tests.personas import Cast, add_people

pytestmark = pytest.mark.django_db(transaction=True)
LATE = datetime(2027, 2, 3, tzinfo=UTC)
BANDS = ("3-6", "7-10", "11-13", "14-15", "16-17")


def enter(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=cast[name].account_id))
    client.session["second_factor"] = cast[name].account_id
    return client


def made(cast: Cast, number: int) -> None:
    fill(number, cast.hotline_id, progress=lambda done, count: None)


def count(cast: Cast) -> int:
    with scope(hotline=cast.hotline_id):
        return services.count_again(cast.hotline_id, now=LATE)


def recount(year: int) -> dict[str, Counter[str]]:
    """What the rows of the slices say, each figure asked in the plainest way."""
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    cases = list(Case.objects.filter(received_at__gte=start, received_at__lt=end, merged_into=None))
    illegal = [case for case in cases if case.outcome == "illegal"]
    stated = {(row.case_id, row.cycle): row.facts for row in Assessment.objects.order_by("id")}
    ages = Counter(stated.get((case.pk, case.cycle), {}).get("age_band", "undetermined") for case in illegal)
    told = set(Exchange.objects.exclude(sent_at=None).values_list("case_id", flat=True))
    reports = Report.objects.filter(received_at__gte=start, received_at__lt=end)
    entries = BlockEntry.objects.filter(list__kind="national").exclude(approved_at=None)
    ended = {row.pk: row.state_at for row in entries if row.state == "removed"}
    places = {row.location_id: row.value for row in Finding.objects.filter(kind="network").order_by("id")}
    return {
        "illegal_by_host": Counter(places.get(case.location_id) or "unknown" for case in illegal),
        "list_ended": Counter({"": sum(start <= at < end for at in ended.values())}),
        "list_size": Counter(
            "" for row in entries if row.approved_at < end and ended.get(row.pk, end) >= end and year <= LATE.year
        ),
        "reports": Counter({"": reports.count()}),
        "reports_by_kind": Counter(report.kind for report in reports),
        "cases": Counter({"": len(cases)}),
        "cases_by_month": Counter(f"{case.received_at.astimezone(UTC):%m}" for case in cases),
        "cases_by_outcome": Counter(case.outcome or "open" for case in cases),
        "illegal_by_country": Counter(case.country or "unknown" for case in illegal),
        "illegal_by_age": ages,
        "hosts_told": Counter({"": sum(case.host_told_at is not None for case in illegal)}),
        "urgent_cases": Counter({"": sum(case.urgent_since is not None for case in cases)}),
        "peers_told": Counter({"": len(told & {case.pk for case in cases})}),
        "appeals_by_outcome": Counter(row.state for row in Appeal.objects.filter(asked_at__range=(start, end))),
        "provider_reports": Counter(
            {"": ProviderLine.objects.filter(kind="first", is_sandbox=False, received_at__range=(start, end)).count()}
        ),
        "blocked_by_state": Counter(
            row.ending or row.state
            for row in BlockEntry.objects.filter(list__kind="national", approved_at__range=(start, end))
        ),
    }


def assert_equal_to_a_recount(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        for year in range(2022, 2029):
            found = queries.year_of(cast.portal_id, year)
            for name, wanted in recount(year).items():
                figures = {
                    one.of: one.number for one in figures_of(BY_NAME[name], found) if one.number and one.why == ""
                }
                assert figures == {of: number for of, number in wanted.items() if number}, (year, name)


def correct(chance: random.Random) -> None:
    """A late correction of one case or report, of a kind that the desk, a law or a colleague brings about."""
    case = chance.choice(list(Case.objects.filter(merged_into=None).order_by("id")))
    kind = chance.randrange(12)
    if kind == 0:
        case.outcome = chance.choice(["illegal", "not_illegal", "not_found", ""])
    elif kind == 1:
        case.country = chance.choice(["JM", "BB", ""])
    elif kind == 2:
        case.received_at += timedelta(days=chance.choice([-400, -31, 31]))
    elif kind == 3:
        case.merged_into = Case.objects.exclude(pk=case.pk).order_by("id").first()
    elif kind == 4:
        case.host_told_at = chance.choice([None, case.received_at + timedelta(hours=30)])
    elif kind == 5:
        case.cycle = 2
        Assessment.objects.create(
            hotline_id=case.hotline_id, case=case, cycle=2, round="first", outcome="illegal", law_version="1",
            facts={"age_band": chance.choice(BANDS)}, at=case.received_at,
        )  # fmt: skip
    elif kind == 6:
        case.urgent_since = chance.choice([None, case.received_at])
    elif kind == 7:
        asked_at = case.received_at + timedelta(days=chance.choice([0, 40, 400]))
        state = chance.choice(["open", "upheld", "withdrawn"])
        values = {"portal_id": case.portal_id, "asked_at": asked_at, "due_at": asked_at, "state": state}
        Appeal.objects.update_or_create(
            hotline_id=case.hotline_id, case=case, origin="reporter", origin_id=1, defaults=values
        )
    elif kind == 8:
        values = {"sent_at": chance.choice([None, case.received_at]), "begun_at": case.received_at}
        Exchange.objects.update_or_create(
            hotline_id=case.hotline_id, case_id=case.pk, uid=f"u{case.pk}", side="reporting", peer=Peer.objects.get(), defaults=values
        )  # fmt: skip
    elif kind == 9:
        line = chance.choice(list(ProviderLine.objects.filter(kind="first", is_sandbox=False).order_by("id")))
        line.received_at += timedelta(days=chance.choice([-31, 400]))
        line.save()
    elif kind == 10:
        entry = chance.choice(list(BlockEntry.objects.filter(list__kind="national").order_by("id")))
        entry.state, entry.ending = chance.choice([("approved", ""), ("removed", "gone"), ("suspended", "")])
        entry.save()
    else:
        report = chance.choice(list(Report.objects.order_by("id")))
        report.kind, report.received_at = "else", report.received_at - timedelta(days=200)
        report.save()
    case.save()


def test_the_tallies_equal_a_recount_after_any_late_correction(cast: Cast) -> None:
    made(cast, 60)
    with scope(hotline=cast.hotline_id):
        beside(cast, Case.objects.order_by("id").values_list("received_at", flat=True)[0])
    assert count(cast) > 0
    assert_equal_to_a_recount(cast)
    assert count(cast) == 0, "nothing was corrected, so nothing is written"
    for seed in range(4):
        chance = random.Random(seed)
        with scope(hotline=cast.hotline_id):
            for _ in range(12):
                correct(chance)
        count(cast)
        assert_equal_to_a_recount(cast)
    with scope(hotline=cast.hotline_id):
        Case.objects.update(received_at=LATE)
        Report.objects.update(received_at=LATE)
        Appeal.objects.update(asked_at=LATE)
        ProviderLine.objects.update(received_at=LATE)
        BlockEntry.objects.update(approved_at=LATE, state_at=LATE)
    count(cast)
    assert_equal_to_a_recount(cast)
    with scope(hotline=cast.hotline_id):
        assert set(Tally.objects.values_list("year", flat=True)) == {2027}, "months that have nothing left are gone"


def test_times_begin_and_end_where_the_definitions_say(cast: Cast) -> None:
    """One case, told 100 hours ago and closed after 30 of them; a list of another country counts at the oldest portal."""
    made(cast, 20)
    at = LATE - timedelta(hours=100)
    with scope(hotline=cast.hotline_id):
        beside(cast, at)
        BlockEntry.objects.filter(list__kind="national").update(state="removed", ending="gone")
        BlockList.objects.update(country="ZZ")
        case = Case.objects.filter(merged_into=None).order_by("id")[0]
        case.received_at, case.outcome, case.host_told_at, case.removed_at = at, "illegal", at, None
        case.urgent_since, case.passed_at = at + timedelta(hours=1), at + timedelta(hours=4)
        case.state, case.closed_at = "closed", at + timedelta(hours=30)
        case.save()
        for uid, waited, side in (("a", 9, "reporting"), ("b", 5, "reporting"), ("c", 1, "hosting")):
            Exchange.objects.create(
                hotline_id=cast.hotline_id, case_id=case.pk, uid=uid, side=side, peer=Peer.objects.get(), begun_at=at,
                sent_at=at + timedelta(hours=2), answered_at=at + timedelta(hours=2 + waited),
            )  # fmt: skip
        Appeal.objects.create(
            hotline_id=cast.hotline_id, case=None, portal_id=case.portal_id, origin="outside", origin_id=1, asked_at=at,
            due_at=at, state="upheld", decided_at=at + timedelta(hours=7),
        )  # fmt: skip

    def counted(series: str) -> dict[str, int]:
        count(cast)
        with scope(hotline=cast.hotline_id):
            rows = Tally.objects.filter(series=series, year=2027, portal_id=cast.portal_id)
            return dict(rows.values_list("value", "number"))

    assert counted("up_watched") == {"48": 1}
    assert counted("urgent_hours") == {"3": 1}
    assert counted("peer_hours") == {"5": 1}
    assert counted("appeal_hours") == {"7": 1}
    assert counted("block_hours") == {"960": 4}
    assert counted("provider_priority") == {"P1": 2, "unknown": 2}
    with scope(hotline=cast.hotline_id):
        Case.objects.filter(pk=case.pk).update(state="monitoring")
    assert counted("up_watched") == {"168": 1}, "it is still looked at, whatever closed it once"


def test_test_reports_and_other_hotlines_count_nowhere(cast: Cast) -> None:
    made(cast, 30)
    with scope(hotline=cast.hotline_id):
        Case.objects.update(source="rehearsal")
        Report.objects.update(source="rehearsal")
    count(cast)
    with scope(hotline=cast.other_hotline_id):
        services.count_again(cast.other_hotline_id, now=LATE)
        assert not Tally.objects.exists()
    with scope(hotline=cast.hotline_id):
        assert not Tally.objects.exists()


def page(client: Client, path: str = "/desk/indicators", **asked: str) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_the_file_and_the_command_tell_the_same(cast: Cast, capfd: pytest.CaptureFixture[str]) -> None:
    carl = enter(cast, "carl")
    assert "Nothing was counted yet" in page(carl)
    assert "no data" in page(carl)
    made(cast, 60)
    count(cast)
    with scope(hotline=cast.hotline_id):
        year = str(queries.years_of()[1])
        (share,) = figures_of(BY_NAME["illegal_share"], queries.year_of(None, int(year)))
    shown = page(carl, year=year, portal="jm")
    assert f">{share.number}<" in "".join(shown.split())
    answer = carl.post("/desk/indicators", {"portal": "jm", "year": year})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert {row["number"] for row in rows if row["indicator"] == "illegal_share"} == {str(share.number)}
    assert all(row["number"] or row["why"] for row in rows)
    assert AuditRow.objects.filter(event="figures.exported").count() == 1
    from leeward.cli.indicators import export_year, show_indicator

    export_year(year=int(year), portal="JM", as_format="json", out=None, hotline="jm")
    printed = json.loads(capfd.readouterr().out)
    assert [str(row["number"]) for row in printed if row["indicator"] == "illegal_share"] == [str(share.number)]
    show_indicator("convictions", portal="", year=None, hotline="jm", as_json=True)
    first = json.loads(capfd.readouterr().out.splitlines()[0])
    assert (first["number"], first["year"], first["portal"]) == (142, "1995", "United Kingdom")
    assert "Commonwealth IGF toolkit" in first["source"]


def typed(client: Client, **given: Any) -> Any:
    values = {"series": "convictions", "year": "2025", "half": "0", "number": "12", "source": "Courts’ report 2025"}
    values |= {"source_date": "2026-02-01", "once": new_form_key()} | given
    if "seen" not in values and (shown := client.get("/desk/indicators/jm")).status_code == 200:
        values["seen"] = seen_on(shown.content.decode())
    return client.post("/desk/indicators/jm", values)


def test_what_no_system_knows_is_typed_in_with_its_source(cast: Cast) -> None:
    carl = enter(cast, "carl")
    assert "No figures typed in" in page(carl, "/desk/indicators/jm")
    for wrong, why in (
        ({"half": "1"}, "which half of the year"),
        ({"source_date": "2024-12-31"}, "the day of the source must be"),
        ({"year": "1989"}, "1990"),
        ({"number": "-1"}, "Number"),
        ({"number": "99999999999"}, "Number"),
        ({"source": " "}, "Source"),
    ):
        answer = typed(carl, **wrong)
        assert answer.status_code == 422
        assert why in answer.content.decode()
    assert typed(carl).status_code == 302
    assert typed(carl, number="13").status_code == 302
    assert typed(carl, series="ncmec_referrals", half="2", number="4000").status_code == 302
    with scope(hotline=cast.hotline_id):
        assert sorted(TypedFigure.objects.values_list("series", "number")) == [
            ("convictions", 13),
            ("ncmec_referrals", 4000),
        ]
    assert [
        json.loads(row.facts)["number"] for row in AuditRow.objects.filter(event="figure.typed").order_by("number")
    ][:2] == [12, 13]
    shown = page(carl, year="2025", portal="jm")
    assert "July to December" in shown
    assert "Volume is not prevalence" in shown
    assert "no data" in shown, "nothing came in that year"


def test_somebody_of_another_hotline_sees_and_types_nothing(cast: Cast) -> None:
    dora = enter(cast, "dora")
    assert dora.get("/desk/indicators", {"portal": "jm"}).status_code == 404
    assert typed(dora).status_code == 404
    assert enter(cast, "ana").get("/desk/indicators").status_code == 403


def test_a_page_from_before_replaces_no_figure_of_a_colleague(cast: Cast) -> None:
    carl, cleo = enter(cast, "carl"), Client()
    cleo.force_login(User.objects.get(pk=add_people({"cleo": ["supervisor"]}, cast.hotline_id)["cleo"].account_id))
    older = seen_on(page(carl, "/desk/indicators/jm"))
    assert typed(cleo, number="13").status_code == 302
    for seen in ("", older):
        answer = typed(carl, number="12", seen=seen)
        shown = answer.content.decode()
        assert (answer.status_code, "Something else was entered since you opened this page." in shown) == (422, True)
        assert ('value="12"' in shown, "Courts’ report 2025" in shown, ">13</td>" in shown) == (True, True, True)
        with scope(hotline=cast.hotline_id):
            assert TypedFigure.objects.get().number == 13
    assert typed(carl, number="12", seen=seen_on(shown)).status_code == 302, "now they have read it"
