"""What is written down of how content was seen, why a case was closed, and whether two people said the same: from what was, never from
what a form says by itself."""

import re
from typing import Any

import pytest

from leeward.casework import services
from leeward.casework.assessment.rules.second_assessment import AssessmentResult, differences
from leeward.casework.assessment.rules.seen import how_seen
from leeward.casework.assessment.services import seeing
from leeward.casework.bulk import services as bulk_services
from leeward.casework.errors import NobodySawIt, WrongReason
from leeward.casework.models import Assessment, Case, View
from leeward.casework.rules.reasons import proven_end
from leeward.hosting.errors import PreviewImpossible
from leeward.hosting.models import Fetch, FoundFile
from leeward.hosting.queries import files_now
from leeward.laws.rules.facts import parse_facts
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import GRAVE, PLAIN, Desk
from tests.having_read import seen_in_form

pytestmark = pytest.mark.django_db


def text(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


@pytest.mark.parametrize(
    ("shown", "elsewhere", "is_record", "seen"),
    [
        (0, "", False, "unseen"), (0, "preview", False, "unseen"), (0, "record", False, "unseen"), (0, "", True, "record"),
        (0, "police", True, "police"), (0, "isolated", False, "isolated"), (1, "", False, "preview"), (2, "police", True, "preview"),
    ],
)  # fmt: skip
def test_seen_here_is_said_only_of_what_was_shown(shown: int, elsewhere: str, *, is_record: bool, seen: str) -> None:
    assert how_seen(files_shown=shown, elsewhere=elsewhere, is_record=is_record) == seen


def test_what_nobody_was_shown_is_not_seen_here(desk: Desk) -> None:
    for address in ("http://abcdefgh.example/", "magnet:?xt=urn:btih:" + "d4" * 20, "5e" * 32, desk.world.gallery_url):
        case = desk.case(address)
        desk.assess(case)
        assert Assessment.objects.get(case_id=case.pk).seen == "unseen", address
        assert "not seen here" in text(desk.signed_in("ana").get(f"/desk/case/{case.reference}")), address


def test_what_waits_until_files_can_be_decoded_says_so(desk: Desk) -> None:
    case = desk.first()
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    page = f"/desk/case/{case.reference}"
    assert "can’t be decoded" not in text(desk.signed_in("ana").get(page))
    FoundFile.objects.filter(fetch__location=case.location_id).update(problem="decoder_silent")
    Fetch.objects.filter(location=case.location_id).update(waiting=2)
    assert "still being fetched: files can’t be decoded at the moment" in text(desk.signed_in("ana").get(page))
    FoundFile.objects.filter(fetch__location=case.location_id).delete()
    Fetch.objects.filter(location=case.location_id).update(waiting=1, files_named=0, reason="page_silent")
    assert "still being fetched: files can’t be decoded at the moment" in text(desk.signed_in("ana").get(page))


def test_cases_assessed_together_were_not_seen(desk: Desk) -> None:
    cases = [desk.case(f"http://place.example/{number}") for number in range(3)]
    run = bulk_services.assess_in_bulk(
        [case.pk for case in cases], PLAIN, outcome="illegal", actor=desk.cast["ana"].actor
    )
    bulk_services.go_on(run)
    assert list(Assessment.objects.values_list("seen", flat=True)) == ["unseen"] * 3


def test_a_preview_that_was_shown_is_seen_here_by_whoever_it_was_shown_to(desk: Desk) -> None:
    """In this cycle of the work, and only where there was a picture to show."""
    case, ana, bela = desk.first(), desk.cast["ana"].actor, desk.cast["bela"].actor
    services.claim_case(case.pk, actor=ana)
    (picture, *_more) = [file for file in files_now(case.location_id) if file.kind == "image"]
    page = f"/desk/case/{case.reference}"
    assert "Not seen here" in text(desk.signed_in("ana").get(page))
    services.preview_file(case.pk, picture.id, reason="age", actor=ana)
    assert "one file was shown to you" in text(desk.signed_in("ana").get(page))
    assert services.assess(case.pk, GRAVE, outcome="illegal", actor=ana) == "ask_second"
    desk.assess(case, "bela", facts=GRAVE)
    assert list(Assessment.objects.order_by("id").values_list("seen", flat=True)) == ["preview", "unseen"]
    case.refresh_from_db()
    assert (seeing.files_shown(case, ana), seeing.files_shown(case, bela)) == (1, 0)
    services.close_case(case.pk, reason=13, actor=ana)
    services.reopen(case.pk, comment="Once more.", actor=desk.cast["carl"].actor)
    case.refresh_from_db()
    assert seeing.files_shown(case, ana) == 0


def test_a_preview_that_failed_showed_nothing(desk: Desk) -> None:
    case, ana = desk.first(), desk.cast["ana"].actor
    services.claim_case(case.pk, actor=ana)
    picture = next(file for file in files_now(case.location_id) if file.kind == "image")
    for path in desk.world.pictures.paths():
        desk.world.pictures.take_down(path)
    with pytest.raises(PreviewImpossible):
        services.preview_file(case.pk, picture.id, reason="age", actor=ana)
    assert View.objects.get().was_shown is False, "counted, and not seen"
    services.assess(case.pk, PLAIN, outcome="illegal", actor=ana)
    assert Assessment.objects.get().seen == "unseen"


def test_where_it_was_seen_elsewhere_is_chosen_and_never_here(desk: Desk) -> None:
    case, ana = desk.first(), desk.signed_in("ana")
    page = f"/desk/case/{case.reference}"
    ana.post(f"{page}/take")
    shown = ana.get(page).content.decode()
    offered = re.findall(r'name="elsewhere" value="([^"]*)"', shown)
    assert offered == ["", "isolated", "police"]
    stated = {
        "outcome": "illegal",
        "medium": "photograph",
        "level": "uk_b",
        "elsewhere": "preview",
        "once": new_form_key(),
    }
    assert ana.post(f"{page}/assess", stated).status_code == 400, "nobody can say it of themselves"
    ana.post(f"{page}/assess", stated | {"elsewhere": "police", "once": new_form_key()})
    assert Assessment.objects.get().seen == "police"


@pytest.mark.parametrize(
    ("statuses", "end"),
    [
        ([404, 404], "not_found:9"), ([410, 404, 200], "not_found:9"), ([404], ""), ([], ""), ([404, 200], ""), ([200, 404], ""),
        ([404, 0], ""), ([0, 0], ""), ([500, 500], ""), ([403, 404], ""),
    ],
)  # fmt: skip
def test_fetches_prove_only_that_nothing_is_there(statuses: list[int], end: str) -> None:
    assert proven_end(statuses) == end


def chosen(page: str) -> list[str]:
    """What is chosen beforehand among the reasons to close."""
    found = re.search(r'<select id="ending".*?</select>', page, re.DOTALL)
    assert found
    return re.findall(r'<option value="([^"]*)" selected', found[0])


def test_no_reason_to_close_is_chosen_beforehand(desk: Desk) -> None:
    """Neither of a page with pictures, nor of one that can't be reached, nor after one answer of "not found"."""
    unreachable = desk.first("http://nobody.example/")
    missing = desk.case(desk.world.gallery_url + "-that-is-not-there")
    for case in (desk.case(), unreachable, missing):
        ana, page = desk.signed_in("ana"), f"/desk/case/{case.reference}"
        ana.post(f"{page}/take")
        assert chosen(ana.get(page).content.decode()) == []
        ended = {"outcome": "other", "ending": "", "comment": "So.", "once": new_form_key()}
        answer = ana.post(f"{page}/assess", ended)
        assert answer.status_code in (400, 409, 422)
        assert "data-opens" in answer.content.decode(), "the dialog stays open"
        assert "So." in answer.content.decode()
        with pytest.raises(WrongReason):
            services.assess(case.pk, {}, outcome="not_illegal", actor=desk.cast["ana"].actor)
        services.give_back(case.pk, actor=desk.cast["ana"].actor)
    assert not Assessment.objects.exists()
    services.claim_case(missing.pk, actor=desk.cast["ana"].actor)
    services.refetch(missing.pk, actor=desk.cast["ana"].actor)
    desk.work()
    page = desk.signed_in("ana").get(f"/desk/case/{missing.reference}").content.decode()
    assert chosen(page) == ["not_found:9"]


def test_a_decided_case_is_closed_for_a_reason_that_somebody_chose(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case)
    ana, page = desk.signed_in("ana"), f"/desk/case/{case.reference}"
    shown = ana.get(page).content.decode()
    select = re.search(r'<select id="close-reason".*?</select>', shown, re.DOTALL)
    assert select
    assert "selected" not in select[0]
    assert re.search(r'<option value="">', select[0])
    refused = ana.post(
        f"{page}/close",
        {
            "reason": "",
            "comment": "As the police asked.",
            "once": new_form_key(),
            "seen": seen_in_form(shown, "/close"),
        },
    )
    assert refused.status_code == 400
    body = refused.content.decode()
    assert re.search(r"<details open>\s*<summary>Close", body)
    assert "As the police asked." in body


def second(desk: Desk, first: tuple[str, dict[str, Any]], other: tuple[str, dict[str, Any]]) -> tuple[Case, str]:
    """Two people assess a case; the case and what the page says to the second one."""
    case = desk.first()
    assert desk.assess(case, "ana", first[0], first[1]) == "ask_second"
    bela, page = desk.signed_in("bela"), f"/desk/case/{case.reference}"
    bela.post(f"{page}/take")
    stated = {"real_person": other[1]["real_person"], "age_band": other[1]["age_band"], "medium": other[1]["medium"]}
    sent = stated | {"level": other[1]["act"], "outcome": other[0], "once": new_form_key()}
    answer = bela.post(f"{page}/assess", sent, follow=True)
    case.refresh_from_db()
    return case, text(answer)


def test_both_say_the_same_only_where_they_do(desk: Desk) -> None:
    case, said = second(desk, ("illegal", GRAVE), ("illegal", GRAVE))
    assert "Both assessments agree" in said
    timeline = text(desk.signed_in("bela").get(f"/desk/case/{case.reference}/timeline"))
    assert "It agrees with the first" in timeline


@pytest.mark.parametrize(
    ("first", "other", "said"),
    [
        (("illegal", GRAVE), ("illegal", GRAVE | {"act": "uk_b"}), "Severity"),
        (("unsure", PLAIN), ("illegal", PLAIN), "Outcome"),
        (("illegal", GRAVE), ("illegal", GRAVE | {"age_band": "3-6"}), "Age"),
    ],
)
def test_where_two_differ_it_is_said_in_what_and_what_goes_out(
    desk: Desk, first: tuple[str, dict[str, Any]], other: tuple[str, dict[str, Any]], said: str
) -> None:
    case, page = second(desk, first, other)
    assert case.state == "decided"
    assert "Both assessments agree" not in page
    assert f"differ in: {said}." in page
    assert "Messages follow the second one." in page
    timeline = text(desk.signed_in("bela").get(f"/desk/case/{case.reference}/timeline"))
    assert "It differs from the first in:" in timeline
    assert "Messages follow this one" in timeline


def test_differences_are_named() -> None:
    grave = AssessmentResult("illegal", parse_facts(GRAVE))
    assert differences(grave, grave) == ()
    assert differences(grave, AssessmentResult("unsure", grave.facts)) == ("outcome",)
    assert differences(grave, AssessmentResult("illegal", parse_facts(GRAVE | {"act": "uk_b", "sex": "female"}))) == (
        "level",
        "act",
        "sex",
    )


def test_a_reason_about_what_a_picture_shows_takes_somebody_who_saw_one(desk: Desk) -> None:
    """Also where the case has an address: the reporter would hear "only grown-ups are in it" of what nobody looked at."""
    ana = desk.cast["ana"].actor
    for reason in (14, 15, 17, 18, 21):
        outcome = "insufficient" if reason == 17 else "not_illegal"
        case = desk.case(f"http://abcdefgh.example/{reason}")
        services.claim_case(case.pk, actor=ana)
        with pytest.raises(NobodySawIt):
            services.assess(case.pk, {}, outcome=outcome, reason=reason, actor=ana)
        assert not Assessment.objects.filter(case_id=case.pk).exists()
        desk.saw(case, "bela")
        with pytest.raises(NobodySawIt):
            services.assess(case.pk, {}, outcome=outcome, reason=reason, actor=ana)
        desk.saw(case, "ana")
        services.assess(case.pk, {}, outcome=outcome, reason=reason, actor=ana)
        assert Case.objects.get(pk=case.pk).state == "closed", reason


def test_what_was_seen_elsewhere_is_said_and_kept(desk: Desk) -> None:
    case, ana = desk.first("http://abcdefgh.example/"), desk.cast["ana"].actor
    services.claim_case(case.pk, actor=ana)
    services.assess(case.pk, {}, outcome="not_illegal", reason=14, elsewhere="isolated", actor=ana)
    assert Assessment.objects.get().seen == "isolated"


def test_the_page_says_why_such_a_reason_is_refused(desk: Desk) -> None:
    case = desk.first("http://abcdefgh.example/")
    ana = desk.signed_in("ana")
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    values = {"outcome": "other", "ending": "not_illegal:14", "once": new_form_key()}
    answer = ana.post(f"/desk/case/{case.reference}/assess", values)
    assert answer.status_code == 400
    assert "no preview was shown to you" in text(answer)
