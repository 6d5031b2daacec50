"""A known file at the desk: it comes first, it decides unseen, a sample is looked at, doubts go back, hashes are added."""

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import ImageOps

from leeward.casework import services
from leeward.casework.assessment.services import known_images
from leeward.casework.assessment.services.known_images import add_hashes, hashes_of
from leeward.casework.errors import WrongTransition
from leeward.casework.models import Assessment, Case, Draft
from leeward.casework.queue.services import preparing
from leeward.demo.world import pages
from leeward.demo.world.cast import PICTURES
from leeward.hashbank.models import Record, RecordWindow, Vote
from leeward.hashbank.queries import known, record, seen_in
from leeward.hashbank.records import licensed
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.services import add_record, keep_bank, keep_windows, say_of_source
from leeward.hosting.models import Fetch, FoundFile
from leeward.hosting.queries import files_now
from leeward.jobs.models import Job
from leeward.laws.rules.facts import parse_facts
from leeward.matching.hashing import hash_stream
from leeward.site.config import Config
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import FAST, PLAIN, Desk
from tests.hashbank.asking import put_in
from tests.hashbank.conftest import decide
from tests.matching.pictures import picture, saved
from tests.matching.test_variants import cropped, file, original, shown

pytestmark = pytest.mark.django_db


def set_sample(settings: Any, percent: int) -> None:
    # The police's time is not over before a slow machine has looked.
    settings.LEEWARD = Config(pace=FAST, known_sample_percent=percent, police_wait_hours=24_000)


def taught(desk: Desk, settings: Any, *, facts: Any = PLAIN, only_look: bool = False) -> int:
    """A record of a picture of the gallery, learnt from another place: the number of the record."""
    set_sample(settings, 100)
    case = desk.first()
    file = next(file for file in files_now(case.location_id) if file.pdq and file.pdq_quality >= 50)
    given = [one for one in hashes_of(file) if one.kind == "pdq"] if only_look else list(hashes_of(file))
    return add_record(given, facts=facts, actor=desk.cast["ana"].actor)


def again(desk: Desk) -> Any:
    """The same page under another address."""
    return desk.case(desk.world.gallery_url + "?again=1")


def test_a_known_file_decides_unseen_and_the_rest_follows(desk: Desk, settings: Any, acts_of: Any) -> None:
    number = taught(desk, settings)
    set_sample(settings, 0)
    case = again(desk)
    desk.work()
    case.refresh_from_db()
    assert (case.state, case.outcome, case.known) == ("acting", "illegal", True)
    assert case.police_told_at is not None
    assessment = Assessment.objects.get(case_id=case.pk)
    assert (assessment.by_id, assessment.seen, assessment.facts["act"]) == (None, "record", PLAIN["act"])
    assert "case.decided_by_record" in acts_of(case)
    assert case.pk in record(number).sightings
    page = desk.signed_in("carl").get(f"/desk/case/{case.reference}")
    assert page.status_code == 200
    assert desk.signed_in("carl").get(f"/desk/case/{case.reference}/timeline").status_code == 200


def test_a_sample_waits_for_a_person_and_a_doubt_goes_back_to_the_record(
    desk: Desk, settings: Any, acts_of: Any
) -> None:
    number = taught(desk, settings)
    case = again(desk)
    assert (case.state, case.known) == ("triaged", True)
    assert acts_of(case).count("case.sampled") == 1
    desk.assess(case, outcome="not_illegal", facts={"medium": "photograph", "act": "none"}, reason=14)
    assert record(number).state == "quarantined"


@pytest.mark.parametrize("why", ["looks alike only", "facts unknown", "our law does not say so", "withdrawn"])
def test_what_a_record_can_not_decide_waits_for_a_person(desk: Desk, settings: Any, why: str) -> None:
    facts = {
        "facts unknown": {},
        "our law does not say so": {"medium": "photograph", "act": "none", "age_band": "adult"},
    }
    number = taught(desk, settings, facts=facts.get(why, PLAIN), only_look=why == "looks alike only")
    if why == "withdrawn":
        decide(number, "not_illegal", actor=desk.cast["carl"].actor)
    set_sample(settings, 0)
    case = again(desk)
    desk.work()
    case.refresh_from_db()
    assert (case.state, case.known) == ("triaged", why != "withdrawn")


@pytest.mark.slow
def test_triage_hashes_by_the_licensed_adapter_that_is_plugged_in(desk: Desk, settings: Any) -> None:
    settings.LEEWARD = Config(
        pace=FAST, known_sample_percent=100, licensed_hashers="tests.licensed_adapter:SquaresTestAdapter"
    )
    licensed.forget_codes()
    case = desk.case()
    codes = [one for file in files_now(case.location_id) for one in hashes_of(file) if one.kind == "photodna"]
    assert codes
    near = bytes(min(one + 1, 255) for one in codes[0].value)
    add_record([Hash("photodna", near)], facts=PLAIN, actor=desk.cast["ana"].actor)
    assert again(desk).known


def test_a_known_case_comes_before_others(desk: Desk, settings: Any) -> None:
    taught(desk, settings)
    other = desk.case(desk.world.gallery_url + "?other=1")
    assert other.known
    assert other.priority > 0


def test_after_a_decision_the_hashes_are_added(desk: Desk, settings: Any) -> None:
    set_sample(settings, 100)
    case = desk.first()
    files = files_now(case.location_id)
    with pytest.raises(WrongTransition):
        add_hashes(case.pk, [files[0].id], actor=desk.cast["ana"].actor)
    desk.assess(case)
    (number,) = known_images.add_hashes(case.pk, [files[0].id], actor=desk.cast["ana"].actor)
    (found,) = known([Hash("sha256", bytes.fromhex(files[0].sha256))])
    assert (found.record_id, found.may_decide) == (number, True)
    assert record(number).sightings == (case.pk,)


def test_the_page_adds_the_chosen_files_once(desk: Desk, settings: Any) -> None:
    from leeward.web_security.keys import new_form_key

    set_sample(settings, 100)
    case = desk.first()
    desk.assess(case)
    client, path = desk.signed_in("ana"), f"/desk/case/{case.reference}/hashes"
    assert f'href="{path}"' in client.get(f"/desk/case/{case.reference}").content.decode()
    assert client.get(path).status_code == 200
    file = files_now(case.location_id)[0]
    given = {"file": [str(file.id), "999999", "x"], "once": new_form_key()}
    assert client.post(path, given).status_code == client.post(path, given).status_code == 302
    assert Record.objects.count() == 1
    assert desk.signed_in("otto").get(path).status_code == 403


def test_nobody_sees_a_known_file_first_and_its_record_begins_the_look(desk: Desk, settings: Any) -> None:
    facts = {"medium": "photograph", "act": "none", "age_band": "11-13", "real_person": "yes"}
    taught(desk, settings, facts=facts)
    set_sample(settings, 0)
    case = again(desk)
    ana = desk.signed_in("ana")
    page = f"/desk/case/{case.reference}"
    ana.post(f"{page}/take")
    shown = ana.get(page).content.decode()
    assert "The facts below come from its record" in shown
    assert re.search(r'value="11-13"[^>]*checked', shown)
    assert "Not seen here" in shown
    listed = ana.get(f"{page}/files").content.decode()
    assert "One file is known." in listed
    (known_one,) = re.findall(r'id="file-(\d+)"(?:(?!</li>).)*>Known<', listed, re.DOTALL)
    wish = {"file": known_one, "reason": "age"}
    refused = ana.post(f"{page}/preview", wish | {"once": new_form_key()})
    assert (refused.status_code, "data:image" in refused.content.decode()) == (403, False)
    asked = ana.post(f"{page}/preview", wish | {"once": new_form_key(), "reason": "police"})
    assert asked.status_code == 200
    services.give_back(case.pk, actor=desk.cast["ana"].actor)
    set_sample(settings, 100)
    bela = desk.signed_in("bela")
    bela.post(f"{page}/take")
    assert "come from its record" not in bela.get(page).content.decode(), "a sample is looked at"
    assert bela.post(f"{page}/preview", wish | {"once": new_form_key()}).status_code == 200


@pytest.mark.parametrize(
    ("reported", "kind", "value", "decides"),
    [
        ("sha256: " + "5e" * 32, "sha256", "5e" * 32, True),
        ("5E" * 32, "bt2", "5e" * 32, True),
        ("a7" * 20, "sha1", "a7" * 20, False),
        ("tth:" + "A" * 38 + "Y", "tth", "A" * 38 + "Y", False),
        (f"ed2k://|file|a.bin|123|{'a1' * 16}|h={'B' * 32}|/", "aich", "B" * 32, False),
        (f"ed2k://|file|a.bin|123|{'a1' * 16}|/", "ed2k_alt", "a1" * 16, False),
        (f"magnet:?dn=x&xt=urn:btmh:1220{'c3' * 32}&xt=urn:btih:{'d4' * 20}", "btmh", "c3" * 32, True),
        (f"magnet:?xt=urn:btih:{'d4' * 20}", "btih", "d4" * 20, False),
        (f"magnet:?xt=urn:tree:tiger:{'A' * 38}Y", "tth", "A" * 38 + "Y", False),
    ],
)
def test_what_was_reported_as_a_hash_is_known_without_fetching(
    desk: Desk, settings: Any, reported: str, kind: str, value: str, decides: bool
) -> None:
    from leeward.hashbank.rules.kinds import read_hash
    from leeward.hosting.models import FoundFile

    set_sample(settings, 0)
    number = add_record([read_hash(kind, value)], facts=PLAIN, media="other", actor=desk.cast["ana"].actor)
    case = desk.case(reported)
    desk.work()
    case.refresh_from_db()
    assert (case.known, case.pk in record(number).sightings) == (True, True)
    assert FoundFile.objects.count() == 0
    # decided unseen and told to the police: closed, since there is no place that could be watched
    assert (case.state, bool(case.police_told_at)) == (("closed", True) if decides else ("triaged", False))


def test_the_hash_that_was_reported_is_added_after_the_decision_and_known_next_time(desk: Desk, settings: Any) -> None:
    set_sample(settings, 0)
    case = desk.case(f"magnet:?xt=urn:btih:{'d4' * 20}&xt=urn:btmh:1220{'c3' * 32}")
    assert not case.known
    desk.assess(case)
    ana, path = desk.signed_in("ana"), f"/desk/case/{case.reference}/hashes"
    assert "btmh" in ana.get(path).content.decode()
    assert ana.post(path, {"file": "name", "once": new_form_key()}).status_code == 302
    (found,) = known([Hash("btih", bytes.fromhex("d4" * 20))])
    assert (found.may_decide, {one.kind for one in record(found.record_id).hashes}) == (False, {"btih", "btmh"})
    other = desk.case(f"magnet:?xt=urn:btih:{'d4' * 20}&tr=x")
    assert other.pk == case.pk, "the same torrent is the same case"
    second = desk.case("d4" * 20)
    assert (second.known, second.state) == (True, "triaged")
    bela = desk.signed_in("bela")
    bela.post(f"/desk/case/{second.reference}/take")
    assert "Known by its hash." in bela.get(f"/desk/case/{second.reference}").content.decode()


def waits_then_learnt(desk: Desk, settings: Any, *, facts: Any = PLAIN) -> Any:
    """A case that waits, of which a picture is learnt after it came."""
    set_sample(settings, 100)
    first = desk.first()
    set_sample(settings, 0)
    waiting = again(desk)
    assert (waiting.state, waiting.known) == ("triaged", False)
    file = next(file for file in files_now(first.location_id) if file.pdq and file.pdq_quality >= 50)
    add_record(list(hashes_of(file)), facts=facts, actor=desk.cast["ana"].actor)
    return waiting


def test_a_case_that_waits_is_looked_up_again_when_the_bank_grows(desk: Desk, settings: Any) -> None:
    """By the hashes that are kept of it: its page is not fetched again."""
    waiting = waits_then_learnt(desk, settings)
    fetched = Fetch.objects.count()
    desk.work()
    waiting.refresh_from_db()
    assert (waiting.known, waiting.outcome) == (True, "illegal")
    assert Fetch.objects.count() == fetched
    assert Assessment.objects.get(case_id=waiting.pk).by_id is None


def test_a_vote_that_makes_a_record_confirmed_is_enough(desk: Desk, settings: Any) -> None:
    """A record of which nothing carries a decision marks the case; once people confirm it, it decides."""
    waiting = waits_then_learnt(desk, settings, facts={})
    desk.work()
    waiting.refresh_from_db()
    assert (waiting.known, waiting.state) == (True, "triaged")
    number = seen_in(waiting.pk)[0]
    Vote.objects.filter(record_id=number).update(facts=parse_facts(PLAIN).to_dict())
    say_of_source(number, "confirm", source="another hotline", actor=desk.cast["carl"].actor)
    desk.work()
    waiting.refresh_from_db()
    assert waiting.outcome == "illegal"


def test_a_case_in_hand_that_becomes_known_begins_with_the_records_facts(desk: Desk, settings: Any) -> None:
    """After a new fetch too; what was marked already stays."""
    unclear = {"medium": "photograph", "act": "none", "age_band": "11-13", "real_person": "yes"}
    waiting = waits_then_learnt(desk, settings, facts=unclear)
    ana = desk.cast["ana"].actor
    services.claim_case(waiting.pk, actor=ana)
    assert not Draft.objects.filter(case_id=waiting.pk).exists()
    services.refetch(waiting.pk, actor=ana)
    desk.work()
    draft = Draft.objects.get(case_id=waiting.pk)
    assert (draft.by_id, draft.seen, draft.facts["age_band"]) == (ana.id, "record", "11-13")
    page = desk.signed_in("ana").get(f"/desk/case/{waiting.reference}").content.decode()
    assert "The facts below come from its record" in page
    services.save_draft(waiting.pk, {"age_band": "14-15"}, actor=ana)
    services.refetch(waiting.pk, actor=ana)
    desk.work()
    assert Draft.objects.get(case_id=waiting.pk).facts["age_band"] == "14-15"


def test_the_look_up_is_done_some_at_a_time(desk: Desk, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_images, "AT_ONCE", 2)
    waiting = [waits_then_learnt(desk, settings)]
    waiting += [desk.case(f"{desk.world.gallery_url}?number={number}") for number in range(2)]
    Case.objects.filter(pk__in=[case.pk for case in waiting]).update(known=False, state="triaged", lane="waiting")
    Job.objects.filter(kind=known_images.MATCH_AGAIN).delete()
    known_images.match_again(0)
    assert Job.objects.filter(kind=known_images.MATCH_AGAIN).count() == 1


def test_a_waiting_picture_is_compared_again_with_alterations_undone_when_the_bank_grows(
    desk: Desk, settings: Any
) -> None:
    set_sample(settings, 0)
    framed = saved(ImageOps.expand(picture(320, 240, 3), 60, (20, 20, 20)), "PNG").getvalue()
    desk.world.pictures.replace("/framed.png", pages.file(framed, "image/png"))
    case = desk.case(desk.world.host.address_of(PICTURES, "/framed.png"))
    desk.work()
    (file,) = files_now(case.location_id)
    assert known_images.altered_among(case, [file]) == {}
    put_in(desk.cast, saved(picture(320, 240, 3), "PNG").getvalue(), facts=PLAIN)
    desk.work()
    assert known_images.altered_among(case, [file]) == {file.id: "framed"}
    case.refresh_from_db()
    assert (case.state, case.known) == ("triaged", False), "for a person, and it decides nothing"


def test_an_altered_picture_is_shown_as_such_and_decides_nothing(desk: Desk, settings: Any, acts_of: Any) -> None:
    set_sample(settings, 0)
    number = put_in(desk.cast, saved(picture(320, 240, 3), "PNG").getvalue(), facts=PLAIN)
    framed = saved(ImageOps.expand(picture(320, 240, 3), 60, (20, 20, 20)), "PNG").getvalue()
    desk.world.pictures.replace("/framed.png", pages.file(framed, "image/png"))
    case = desk.case(desk.world.host.address_of(PICTURES, "/framed.png"))
    desk.work()
    case.refresh_from_db()
    assert (case.state, case.known, case.outcome) == ("triaged", False, "")
    assert seen_in(case.pk) == []
    (file,) = files_now(case.location_id)
    assert known_images.altered_among(case, [file]) == {file.id: "framed"}
    assert acts_of(case).count("case.matched_altered") == 1
    known_images.match_files(case.pk, altered=True)
    assert acts_of(case).count("case.matched_altered") == 1, "doing it twice changes nothing"
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    shown = desk.signed_in("ana").get(f"/desk/case/{case.reference}/files").content.decode()
    assert "One file looks like a known image that was altered." in " ".join(shown.split())
    assert "with a border around it" in shown
    decide(number, "not_illegal", actor=desk.cast["carl"].actor)
    assert known_images.altered_among(case, [file]) == {}, "the record counts no longer"
    shown = desk.signed_in("ana").get(f"/desk/case/{case.reference}/files").content.decode()
    assert "altered" not in shown


def test_a_part_of_a_picture_that_was_hashed_here_is_shown_as_such(desk: Desk, settings: Any) -> None:
    set_sample(settings, 0)
    supervisor = desk.cast["carl"].actor
    keep_bank(actor=supervisor)
    keep_windows("general", keeps=True, actor=supervisor)
    whole = hash_stream(BytesIO(original()), only=("windows",), exact=True).windows
    put_in(desk.cast, original(), facts=PLAIN, windows=whole)
    desk.world.pictures.replace("/part.jpg", pages.file(file(cropped(shown(), 0.13)), "image/jpeg"))
    case = desk.case(desk.world.host.address_of(PICTURES, "/part.jpg"))
    desk.work()
    case.refresh_from_db()
    (found,) = files_now(case.location_id)
    assert (case.known, known_images.altered_among(case, [found])) == (False, {found.id: "cropped_here"})
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    page = desk.signed_in("ana").get(f"/desk/case/{case.reference}/files").content.decode()
    assert "as a part of the known image" in page


def test_a_record_that_is_met_as_it_is_is_not_called_altered_too(desk: Desk, settings: Any) -> None:
    taught(desk, settings)
    case = again(desk)
    assert case.known
    assert known_images.altered_among(case, files_now(case.location_id)) == {}


def whole_picture(desk: Desk) -> Case:
    """A case about a picture as it is, fetched for it."""
    desk.world.pictures.replace("/whole.png", pages.file(original(), "image/png"))
    case = desk.case(desk.world.host.address_of(PICTURES, "/whole.png"))
    desk.work()
    case.refresh_from_db()
    return case


def test_a_fetched_picture_that_was_assessed_is_found_in_parts_where_the_bank_keeps_windows(
    desk: Desk, settings: Any
) -> None:
    set_sample(settings, 0)
    supervisor = desk.cast["carl"].actor
    keep_bank(actor=supervisor)
    keep_windows("general", keeps=True, actor=supervisor)
    case = whole_picture(desk)
    (file_,) = files_now(case.location_id)
    assert len(bytes(FoundFile.objects.get(pk=file_.id).windows)) > 20 * 32
    desk.assess(case)
    (number,) = add_hashes(case.pk, [file_.id], actor=desk.cast["ana"].actor)
    assert RecordWindow.objects.filter(record_id=number).count() > 20
    assert not FoundFile.objects.exclude(windows=b"").exists(), "they are in one place only"
    desk.world.pictures.replace("/part.jpg", pages.file(file(cropped(shown(), 0.13)), "image/jpeg"))
    part = desk.case(desk.world.host.address_of(PICTURES, "/part.jpg"))
    desk.work()
    (found,) = files_now(part.location_id)
    assert known_images.altered_among(part, [found]) == {found.id: "cropped_here"}


def test_windows_are_made_only_where_the_bank_keeps_them_and_go_with_a_decision_that_it_is_not_illegal(
    desk: Desk, settings: Any
) -> None:
    set_sample(settings, 0)
    case = whole_picture(desk)
    assert not FoundFile.objects.exclude(windows=b"").exists()
    supervisor = desk.cast["carl"].actor
    keep_bank(actor=supervisor)
    keep_windows("general", keeps=True, actor=supervisor)
    preparing.fetch_again(case.pk)
    assert FoundFile.objects.exclude(windows=b"").exists()
    desk.assess(case, outcome="not_illegal", facts={"medium": "photograph", "act": "none"}, reason=14)
    desk.work()
    assert not FoundFile.objects.exclude(windows=b"").exists()
