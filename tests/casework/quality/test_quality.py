"""Blind assessments at drawn cases, the figures of agreement, and who may see which of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from leeward.casework.acting.services.case_briefs import deciding_assessment
from leeward.casework.models import Appeal, Assessment, Case, Draft, SampledAssessment
from leeward.casework.quality.errors import NothingToSample
from leeward.casework.quality.queries import pairs_since
from leeward.casework.quality.rules.drawing import Rates
from leeward.casework.quality.services.sampling import (
    WAITS_FOR,
    count_for_nobody,
    draw,
    drop_stale,
    rates_of,
    set_rates,
    take_sample,
    waiting,
)
from leeward.casework.services import open_appeal
from leeward.casework.steps import now_utc
from leeward.foundation.errors import NotAllowed
from leeward.jobs.clockwatch import Jump, note
from leeward.jobs.models import ClockJump
from leeward.people.queries import staff_of
from tests.casework.conftest import GRAVE, PLAIN, Desk
from tests.having_read import seen_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawing(desk: Desk) -> Desk:
    """Every decision of one person is drawn."""
    set_rates(Rates(100, 100, 100), actor=desk.cast["carl"].actor)
    return desk


def seen(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def once_in(page: str) -> str:
    return page.partition('name="once" value="')[2].partition('"')[0]


FORM = {"medium": "photograph", "age_band": "11-13", "level": "uk_b", "real_person": "yes"}


def test_a_drawn_case_is_looked_at_blind_and_goes_on_meanwhile(drawing: Desk, acts_of: Any) -> None:
    desk, cast = drawing, drawing.cast
    case = desk.case()
    desk.assess(case)
    desk.work()
    sample = SampledAssessment.objects.get()
    case.refresh_from_db()
    assert (case.state, sample.state) == ("decided", "waiting"), "the draw stops nothing"
    assert not waiting(cast["ana"].actor).exists(), "never by who decided"

    bela = desk.signed_in("bela")
    assert "One is waiting for another blind assessment" in seen(bela, "/desk/quality")
    assert bela.post("/desk/quality/sample/take").status_code == 302
    page = seen(bela, "/desk/quality/sample")
    assert case.reference not in page.replace(f"/desk/case/{case.reference}/files", "")
    assert "blind assessment" in seen(bela, f"/desk/case/{case.reference}", 409)
    for other in ("timeline", "law", "messages"):
        seen(bela, f"/desk/case/{case.reference}/{other}", 409)
    assert "why-age" in seen(bela, f"/desk/case/{case.reference}/files"), "pictures can be looked at, and count"
    desk.act(case)
    assert case.state == "acting"

    form = FORM | {"sample": SampledAssessment.objects.get().pk}
    begun = form | {"comment": "I had begun."}
    answer = bela.post("/desk/quality/sample/draft", begun, headers={"HX-Request": "true"})
    assert answer.content.decode().startswith("Kept")
    bela.post("/desk/quality/sample/back")
    assert bela.post("/desk/quality/sample/draft", begun).status_code == 409, "nobody keeps what they don't have"
    bela.post("/desk/quality/sample/take")
    page = seen(bela, "/desk/quality/sample")
    for what in ("Restored from your draft of", "I had begun.</textarea>", 'id="f-level_1" checked'):
        assert what in page
    bad = bela.post("/desk/quality/sample/state", form | {"once": once_in(page), "outcome": "other", "ending": "x:1"})
    assert bad.status_code == 400
    assert 'value="uk_b" form="facts" id="f-level_1" checked' in bad.content.decode(), "nothing marked is lost"
    assert Assessment.objects.count() == 1
    sent = form | {"once": once_in(page), "outcome": "illegal"}
    for _ in range(2):
        assert bela.post("/desk/quality/sample/state", sent).status_code == 302
    case.refresh_from_db()
    assessment = Assessment.objects.get(round="sample")
    assert (case.state, assessment.outcome, deciding_assessment(case).round) == ("acting", "illegal", "first")
    assert acts_of(case).count("sample.stated") == 1
    assert not Draft.objects.exists()
    assert "Illegal" in seen(bela, f"/desk/case/{case.reference}"), "afterwards the page is open again"


@pytest.mark.parametrize(
    ("stated", "follows"),
    [
        ({"outcome": "illegal"}, "The case went on in the meantime"),
        ({"outcome": "other", "ending": "not_illegal:14", "age_band": "adult"}, "goes to adjudication"),
    ],
)
def test_a_blind_look_that_is_sent_twice_is_answered_alike(drawing: Desk, stated: dict[str, str], follows: str) -> None:
    desk = drawing
    case = desk.case()
    desk.assess(case)
    desk.work()
    bela = desk.signed_in("bela")
    bela.post("/desk/quality/sample/take")
    desk.saw(case, "bela")
    page = seen(bela, "/desk/quality/sample")
    form = FORM | {"sample": SampledAssessment.objects.get().pk, "once": once_in(page)} | stated
    for _ in range(2):
        assert bela.post("/desk/quality/sample/state", form).status_code == 302
        assert follows in seen(bela, "/desk/quality")
    form["once"] = ""
    assert bela.post("/desk/quality/sample/state", form).status_code == 302, "it is saved"
    assert Assessment.objects.filter(round="sample").count() == 1


def test_a_blind_look_that_was_never_taken_down_is_not_called_saved(drawing: Desk) -> None:
    desk = drawing
    desk.assess(desk.case())
    desk.work()
    bela = desk.signed_in("bela")
    bela.post("/desk/quality/sample/take")
    form = FORM | {"sample": SampledAssessment.objects.get().pk, "outcome": "illegal", "once": "of no page"}
    again = bela.post("/desk/quality/sample/state", form)
    assert (again.status_code, "Saved." in again.content.decode()) == (409, False)
    form["once"] = once_in(again.content.decode())
    assert not Assessment.objects.filter(round="sample").exists()
    assert bela.post("/desk/quality/sample/state", form).status_code == 302, "it can be sent from there"
    assert Assessment.objects.filter(round="sample").exists()


def test_whoever_has_read_a_drawn_case_or_a_request_about_it_never_looks_at_it_blind(drawing: Desk) -> None:
    desk, cast = drawing, drawing.cast
    case = desk.case()
    desk.assess(case)
    desk.work()
    bela, carl = desk.signed_in("bela"), desk.signed_in("carl")
    assert waiting(cast["bela"].actor).exists()
    seen(bela, f"/desk/case/{case.reference}/timeline")
    assert not waiting(cast["bela"].actor).exists()
    with pytest.raises(NothingToSample):
        take_sample(actor=cast["bela"].actor)
    assert waiting(cast["carl"].actor).exists(), "it is there for whoever has not"
    open_appeal(case.pk, origin="host", origin_id=1, text="No.")
    seen(carl, f"/desk/appeals/{Appeal.objects.get().pk}")
    assert not waiting(cast["carl"].actor).exists()


def test_what_is_never_drawn(drawing: Desk) -> None:
    desk = drawing
    grave = desk.case()
    desk.assess(grave, facts=GRAVE)
    gone = desk.case("http://a.example/gone")
    desk.assess(gone, outcome="not_found", reason=2, facts={})
    desk.work()
    assert not SampledAssessment.objects.exists(), (
        "a second person looks at the grave one in any case; at nothing nobody can look"
    )
    plain = desk.case("http://a.example/1")
    desk.assess(plain, outcome="not_illegal", reason=14, facts=PLAIN | {"age_band": "adult"})
    desk.work()
    assessment = Assessment.objects.get(case=plain)
    assert SampledAssessment.objects.count() == 1
    assert not draw(assessment.pk), "twice is once"
    Case.objects.filter(pk=plain.pk).update(cycle=2)
    assert drop_stale() == 1
    assert not waiting(desk.cast["bela"].actor).exists()


def test_a_drawn_case_that_nobody_can_look_at_is_said_to_be_so_and_dropped_after_a_month(drawing: Desk) -> None:
    desk, case = drawing, drawing.case()
    desk.assess(case)
    desk.work()
    sample = SampledAssessment.objects.get()
    assert count_for_nobody(staff_of(desk.cast.hotline_id)) == 0
    sample.readers.add(desk.cast["bela"].account_id, desk.cast["carl"].account_id)
    assert count_for_nobody(staff_of(desk.cast.hotline_id)) == 1
    page = seen(desk.signed_in("ana"), "/desk/quality")
    assert "One waits that nobody here can look at blind any more" in page
    assert "for 30 days is dropped" in page
    assert desk.signed_in("bela").get(f"/desk/case/{case.reference}").status_code == 200, "read it they can"
    assert drop_stale() == 0
    SampledAssessment.objects.update(drawn_at=now_utc() - WAITS_FOR - timedelta(seconds=1))
    note(Jump(now_utc() - timedelta(days=31), now_utc()), "here:0")
    assert drop_stale() == 0, "by a clock that may be ahead no month is over"
    ClockJump.objects.all().delete()
    assert drop_stale() == 1
    assert SampledAssessment.objects.get().state == "void"
    assert count_for_nobody(staff_of(desk.cast.hotline_id)) == 0


def test_rates_are_for_supervisors_and_administrators(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        set_rates(Rates(0, 0, 0), actor=desk.cast["ana"].actor)
    carl = desk.signed_in("carl")
    assert carl.post("/desk/quality/rates", {"illegal_percent": "101"}).status_code == 422
    given = {"illegal_percent": "7", "closed_percent": "8", "untrained_percent": "9"}
    older = {"seen": seen_on(carl.get("/desk/quality/rates").content.decode())}
    assert carl.post("/desk/quality/rates", given | older).status_code == 302
    for seen in ({}, older):
        carl.post("/desk/quality/rates", given | dict.fromkeys(given, "0") | seen)
    assert rates_of(desk.cast.hotline_id) == Rates(7, 8, 9)


def looks(desk: Desk, number: int, *, differ: int) -> None:
    """Ana's first and Bela's second assessments at one case, a turn each; in `differ` of them Bela finds the opposite."""
    case, now = desk.case(), datetime.now(UTC)
    rows = []
    for cycle in range(number):
        ends = ("illegal", "not_illegal") if cycle % 2 else ("not_illegal", "illegal")
        for round_, who, outcome in (("first", "ana", ends[0]), ("second", "bela", ends[cycle < differ])):
            rows.append(
                Assessment(
                    hotline_id=case.hotline_id, case=case, by_id=desk.cast[who].account_id, cycle=cycle, round=round_,
                    outcome=outcome, facts={**PLAIN, "sex": "male" if cycle % 2 else "female"}, law_version="v",
                    at=now - timedelta(minutes=cycle),
                )
            )  # fmt: skip
    Assessment.objects.bulk_create(rows)


def test_agreement_is_shown_whole_to_supervisors_and_only_their_own_to_others(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    looks(desk, 20, differ=5)
    pairs = pairs_since(datetime.now(UTC) - timedelta(days=30))
    assert (len(pairs), sum(one == other for one, other in (pair.ends for pair in pairs))) == (20, 15)
    carl, ana, bela = (desk.signed_in(name) for name in ("carl", "ana", "bela"))
    seen(carl, "/desk/quality")
    with django_assert_max_num_queries(12):
        page = seen(carl, "/desk/quality")
    assert "75 %" in page
    assert "<b>0.50</b>" in page, "15 of 20, half of each kind: (0.75 - 0.5) / 0.5"
    assert "unknown: all answers were the same" in page
    assert "<svg viewBox" in page
    for name in ("Ana", "Bela", "Carl"):
        assert f"<bdi>{name}</bdi>" in page
    own = seen(ana, "/desk/quality")
    assert "<b>0.50</b>" in own
    assert "Bela" not in own.partition("<main")[2]
    assert ana.get(f"/desk/quality/people/{desk.cast['bela'].account_id}").status_code == 403
    assert "75 %" in seen(carl, f"/desk/quality/people/{desk.cast['ana'].account_id}")
    assert carl.get(f"/desk/quality/people/{desk.cast['dora'].account_id}").status_code == 404
    Assessment.objects.filter(cycle__gte=6).delete()
    few = seen(bela, "/desk/quality")
    assert "under 10" in few
    assert "too few to show" in few
    assert "0.50" not in few
