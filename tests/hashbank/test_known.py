"""Is it known: equal files, look-alikes, harmless ones, what is withdrawn or put aside, two hotlines."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.foundation.errors import NotAllowed
from leeward.hashbank.errors import HashesDisagree, NoHash
from leeward.hashbank.models import IndexChange, Record, RecordHash
from leeward.hashbank.queries import known, known_many, record
from leeward.hashbank.records import live
from leeward.hashbank.rules.answers import MIXED, answer_of
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.services import (
    add_hashes,
    add_investigation,
    add_record,
    keep_bank,
    note_sighting,
    say,
    say_of_source,
)
from leeward.matching.index import Index
from leeward.matching.lists import Lookup
from tests.hashbank.conftest import FACTS, OPERATOR, Desk, bits_off, file_hashes, picture_code
from tests.personas import Cast


def test_a_file_is_known_by_its_digests_and_decides(bank: Desk) -> None:
    number = bank.add(1)
    (found,) = known(file_hashes("picture 1"))
    assert (found.record_id, found.match, found.distance_bits, found.bank) == (number, "known", 0, "general")
    assert found.may_decide
    assert found.classification["copine"] == "4"
    assert known(file_hashes("something else")) == []


def test_rows_are_found_by_number_where_sqlite_has_no_statistics(bank: Desk) -> None:
    """Else every look-up walks all rows of the hotline: seconds instead of milliseconds in a bank of a million."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its statistics by itself")
    bank.add(1)
    asked = [file_hashes("picture 1"), [Hash("pdq", bits_off(picture_code(1), 3), 80)]]
    asked.append([*file_hashes("picture 1"), Hash("sha512", b"5" * 64)])  # the record does not hold that kind
    known_many(asked)  # makes the index, which does read them all
    bank.add(2)
    with CaptureQueriesContext(connection) as seen:
        assert all(known_many(asked))
    with connection.cursor() as cursor:
        plans = []
        for query in seen.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plans += [step for *_, step in cursor.fetchall() if "hashbank_record" in step or "hashbank_vote" in step]
    assert len(plans) >= 4
    assert [step for step in plans if step.startswith("SCAN") or step.endswith("(hotline_id=?)")] == []


def test_a_file_with_one_digest_of_a_record_and_another_of_its_own_is_left_to_a_person(bank: Desk) -> None:
    """Whoever adds the digest of a harmless file to a record, or a wrong one, decides no case by it and hides nothing."""
    md5, sha1, sha256 = file_hashes("picture 1")
    harmless = file_hashes("a holiday")
    number = add_record([md5, sha1, harmless[2]], facts=FACTS, actor=bank.supervisor)
    for asked in (harmless, [md5, sha1, sha256]):
        (found,) = known(asked)
        assert (found.record_id, found.match, found.distance_bits, found.note) == (number, "near", 0, MIXED)
        assert (found.may_decide, found.is_same_file) == (False, False)
        assert answer_of(Lookup(), [found]).advice == "review"
    ed2k = [Hash("ed2k", b"4" * 16), Hash("ed2k_alt", b"5" * 16)]
    add_record([md5, sha1, harmless[2], *ed2k], actor=bank.supervisor)
    assert known([harmless[2], Hash("ed2k", b"5" * 16), Hash("ed2k_alt", b"5" * 16)])[0].match == "known", (
        "two conventions"
    )
    (found,) = known([md5, sha1, harmless[2]])
    assert (found.match, found.may_decide, found.note) == ("known", True, None)


def test_the_digest_of_a_known_file_in_a_harmless_record_lets_it_pass_by_nobody(bank: Desk) -> None:
    number = bank.add(1)
    sha512 = Hash("sha512", b"5" * 64)
    drawing = [*file_hashes("a drawing")[:2], sha512]
    add_record([*drawing, Hash("pdq", bits_off(picture_code(1), 20), 90)], bank="look-alikes", actor=OPERATOR)
    looks = Hash("pdq", bits_off(picture_code(1), 3), 90)
    asked = [*file_hashes("saved again"), sha512, looks]
    assert [(row.record_id, row.distance_bits) for row in known(asked)] == [(number, 3)]
    assert known([*drawing, looks])[0].is_harmless
    assert known([*file_hashes("saved again"), sha512]) == []


def test_md5_alone_shows_but_decides_nothing(bank: Desk) -> None:
    bank.add(1)
    (found,) = known(file_hashes("picture 1")[:1])
    assert found.match == "known"
    assert not found.may_decide


@pytest.mark.parametrize("bits", [0, 1, 31])
def test_a_picture_that_looks_alike_is_near_and_decides_nothing(bank: Desk, bits: int) -> None:
    number = bank.add(1)
    bank.add(2)
    (found,) = known([Hash("pdq", bits_off(picture_code(1), bits), 80)])
    assert (found.record_id, found.match, found.distance_bits) == (number, "near", bits)
    assert not found.may_decide
    assert known([Hash("pdq", bits_off(picture_code(1), 32), 80)]) == []


def test_a_picture_of_almost_one_tone_is_asked_for_nothing(bank: Desk) -> None:
    bank.add(1)
    assert known([Hash("pdq", picture_code(1), 9)]) == []


def test_both_conventions_find_it(bank: Desk) -> None:
    number = bank.add(1)
    (found,) = known(
        [Hash("pdq_nn512", bits_off(picture_code(1), 9), 80), Hash("pdq", bits_off(picture_code(1), 20), 80)]
    )
    assert (found.record_id, found.distance_bits) == (number, 9)


def test_many_files_at_once_keep_their_order(bank: Desk) -> None:
    numbers = [bank.add(seed) for seed in range(5)]
    answers = known_many([[Hash("pdq", picture_code(seed), 90)] for seed in (3, 0, 99)])
    assert [[row.record_id for row in rows] for rows in answers] == [[numbers[3]], [numbers[0]], []]


def test_a_harmless_look_alike_silences_what_is_further(bank: Desk) -> None:
    code = picture_code(1)
    number = bank.add(1)
    keep_bank("look-alikes", harmless=True, actor=bank.analyst)
    harmless = add_record([Hash("pdq", bits_off(code, 10), 90)], bank="look-alikes", actor=OPERATOR)
    (quiet,) = known([Hash("pdq", bits_off(code, 10), 90)])
    assert (quiet.match, quiet.is_harmless, quiet.state) == ("harmless", True, "harmless")
    assert [row.record_id for row in known([Hash("pdq", code, 90)])] == [number]
    add_hashes(harmless, file_hashes("a drawing of the sea"), actor=bank.analyst)
    (found,) = known([*file_hashes("a drawing of the sea"), Hash("pdq", bits_off(code, 10), 90)])
    assert found.is_harmless


def test_a_record_that_is_denied_is_for_a_person_and_comes_back(bank: Desk) -> None:
    number = bank.add(1)
    asked = [*file_hashes("picture 1"), Hash("pdq", picture_code(1), 90)]
    assert say_of_source(number, "dispute", source="Hotline of Malta", actor=bank.supervisor) == "quarantined"
    (found,) = known(asked)
    assert (found.match, found.state, found.may_decide) == ("known", "quarantined", False)
    assert "a person has to look" in (found.note or "")
    assert say_of_source(number, "confirm", source="Hotline of Malta", actor=bank.supervisor) == "confirmed"
    (found,) = known(asked)
    assert found.is_baseline
    assert len(known(asked[-1:])) == 1


def test_joining_the_same_file_keeps_one_record(bank: Desk) -> None:
    number = bank.add(1)
    again = add_record(file_hashes("picture 1"), source="IWF", label="A", actor=bank.analyst)
    assert again == number
    row = record(number)
    assert {vote.source for vote in row.votes} == {"Hotline of Jamaica", "IWF"}
    assert row.is_baseline
    assert RecordHash.objects.filter(record_id=number).count() == 4
    assert known(file_hashes("picture 1"))[0].labels == ("IWF: A",)


def test_two_files_with_one_md5_are_refused(bank: Desk) -> None:
    bank.add(1)
    forged = [file_hashes("picture 1")[0], file_hashes("another file")[2]]
    with pytest.raises(HashesDisagree):
        add_record(forged, actor=bank.analyst)
    assert Record.objects.count() == 1


def test_what_can_never_be_found_again_is_refused(bank: Desk) -> None:
    with pytest.raises(NoHash):
        add_record([Hash("pdq", bytes(32), 90), Hash("pdq", picture_code(1), 9)], actor=bank.analyst)


def test_each_hotline_has_its_own_bank(bank: Desk, cast: Cast) -> None:
    bank.add(1)
    with scope(hotline=cast.other_hotline_id):
        assert known([*file_hashes("picture 1"), Hash("pdq", picture_code(1), 90)]) == []


def test_whoever_may_not_is_refused(bank: Desk, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        bank.add(1, actor=cast["otto"].actor)
    number = bank.add(1)
    with pytest.raises(NotAllowed):
        say(number, "not_illegal", reason="No.", actor=bank.analyst)


def test_restricted_investigations_are_told_to_their_agency_only(bank: Desk) -> None:
    number = bank.add(1)
    for agency, restricted in (("Constabulary", False), ("Customs", True)):
        add_investigation(
            number, agency=agency, reference="A 1", outcome="arrest", restricted=restricted, actor=bank.supervisor
        )
    assert [one.agency for one in record(number).investigations] == ["Constabulary"]
    assert {one.agency for one in record(number, agency="Customs").investigations} == {"Constabulary", "Customs"}
    assert known(file_hashes("picture 1"))[0].outcome == "arrest"


def test_a_sighting_counts_once(bank: Desk) -> None:
    number = bank.add(1)
    assert note_sighting(number, case_id=7, actor=bank.analyst)
    assert not note_sighting(number, case_id=7, actor=bank.analyst)
    assert record(number).sightings == (7,)


@pytest.mark.parametrize("harm", ["lost", "cut off", "another file", "state lost"])
def test_an_index_file_that_is_gone_or_damaged_is_built_anew(bank: Desk, harm: str) -> None:
    bank.add(1)
    asked = [Hash("pdq", picture_code(1), 90)]
    assert known(asked)
    path = live.index_path(bank.hotline_id)
    live.forget()
    if harm == "lost":
        path.unlink()
    elif harm == "cut off":
        path.write_bytes(path.read_bytes()[:100])
    elif harm == "another file":
        path.write_bytes(b"not an index at all" * 20)
    else:
        path.with_suffix(".state").unlink()
    assert len(known(asked)) == 1
    bank.add(2)
    assert len(known([Hash("pdq", picture_code(2), 90)])) == 1


def test_another_process_sees_changes_through_the_file(bank: Desk) -> None:
    bank.add(1)
    index = live.index_here()
    elsewhere = Index.open(index.path)
    bank.add(2)
    live.index_here()
    elsewhere.refresh()
    assert len(elsewhere) == 2


def test_a_change_taken_in_twice_changes_nothing(bank: Desk) -> None:
    for seed in range(3):
        bank.add(seed)
    live.index_here()
    path = live.index_path(bank.hotline_id)
    first = IndexChange.objects.order_by("id")[0]
    path.with_suffix(".state").write_text(json.dumps({"change": first.pk, "at": first.at.isoformat()}))
    assert len(live.index_here()) == 3
    assert len(known([Hash("pdq", picture_code(1), 90)])) == 1


def test_many_additions_are_merged_and_still_found(bank: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MERGE_FROM", 2)
    bank.add(1)
    live.index_here()
    for seed in (2, 3, 4):
        bank.add(seed)
    assert live.merge_if_needed()
    assert live.index_here().info()["in_tail"] == 0
    assert len(known([Hash("pdq", picture_code(4), 90)])) == 1
    assert FACTS


def test_the_test_record_is_found_again_and_decides_nothing(bank: Desk) -> None:
    from io import BytesIO

    from PIL import Image

    from leeward.hashbank.records.services.proving import keep_test_record, proof_picture
    from leeward.matching.hashing import hash_picture

    number = keep_test_record(actor=bank.analyst)
    assert keep_test_record(actor=bank.analyst) == number
    smaller = BytesIO()
    Image.open(BytesIO(proof_picture())).convert("RGB").resize((300, 300)).save(smaller, "JPEG", quality=70)
    looks = hash_picture(BytesIO(smaller.getvalue()))
    assert looks is not None
    assert looks.pdq is not None
    (found,) = known([Hash("pdq", looks.pdq.code, looks.pdq.quality)])
    assert (found.record_id, found.match, found.may_decide) == (number, "near", False)
