"""Pictures with little in them: kept, found by their digests and by what is almost the same, with a note; never as if they were good."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from leeward.hashbank.formats import FORMATS
from leeward.hashbank.lists.services.exporting import Selection, export_list
from leeward.hashbank.police.services import ask
from leeward.hashbank.queries import hashes_that_count, known
from leeward.hashbank.rules import kinds
from leeward.hashbank.rules.kinds import Hash, is_dull, is_findable, is_usable
from leeward.hashbank.rules.police import Asker
from leeward.hashbank.services import add_record
from leeward.hashbank.uploads.services.checking import check_files, check_rows
from leeward.matching.hashing import hash_stream
from leeward.matching.hashing.pdq import LEAST_QUALITY
from leeward.matching.lists import digests
from tests.hashbank.conftest import FACTS, Desk, bits_off, file_hashes, picture_code
from tests.hashbank.test_import import bring
from tests.matching.pictures import saved
from tests.matching.test_variants import dull
from tests.personas import Cast

CODE = picture_code(1)
NOTE = "there is little in the picture"


def test_the_bounds_are_those_of_hashing() -> None:
    assert kinds.LEAST_QUALITY == LEAST_QUALITY
    assert (kinds.BLANK_BELOW, kinds.DULL_BITS) == (digests.BLANK_BELOW, digests.DULL_BITS)


@pytest.mark.parametrize(
    ("quality", "kept", "little", "good"),
    [(9, 0, 0, 0), (10, 1, 1, 0), (49, 1, 1, 0), (50, 1, 0, 1), (None, 1, 0, 1)],
)
def test_what_is_findable_by_quality(quality: int | None, kept: int, little: int, good: int) -> None:
    one = Hash("pdq", CODE, quality)
    assert (is_findable(one), is_dull(one), is_usable(one)) == (kept, little, good)
    assert not is_findable(Hash("pdq", bytes(32), quality))  # of one tone, whatever is said of it
    assert not is_dull(Hash("vpdq", CODE, quality))  # a frame has others beside it


@pytest.mark.parametrize(("there", "asked"), [(20, 90), (90, 20), (20, 20), (20, None)])
def test_it_is_found_within_eight_bits_with_a_note(bank: Desk, there: int, asked: int | None) -> None:
    number = add_record([Hash("pdq", CODE, there)], facts=FACTS, actor=bank.analyst)
    for bits, is_found in ((0, True), (8, True), (9, False), (25, False)):
        rows = known([Hash("pdq", bits_off(CODE, bits), asked)])
        assert [row.record_id for row in rows] == [number] * is_found
        for row in rows:
            assert (row.match, row.distance_bits, row.may_decide) == ("near", bits, False)
            assert NOTE in str(row.note)


def test_a_digest_beside_it_proves_the_file_without_a_note(bank: Desk) -> None:
    add_record([*file_hashes("x"), Hash("pdq", CODE, 20)], facts=FACTS, actor=bank.analyst)
    (row,) = known([*file_hashes("x"), Hash("pdq", CODE, 20)])
    assert (row.match, row.note) == ("known", None)


def test_good_pictures_are_found_as_far_as_before(bank: Desk) -> None:
    add_record([Hash("pdq", CODE, 90)], facts=FACTS, actor=bank.analyst)
    (row,) = known([Hash("pdq", bits_off(CODE, 31), 50)])
    assert (row.distance_bits, row.note) == (31, None)


def test_uploads_police_and_hashes_are_told(bank: Desk, cast: Cast) -> None:
    data = saved(dull(), "BMP").getvalue()
    looks = hash_stream(BytesIO(data), exact=True).pdq
    assert looks is not None
    assert 10 <= looks.quality < 50
    number = add_record([Hash("pdq", looks.code, looks.quality)], facts=FACTS, actor=bank.analyst)
    (answer,) = check_files([data], subscriber="x")
    assert (answer.match, answer.record, answer.advice) == ("near", number, "review")
    assert str(answer.note).count(NOTE) == 1
    row = {"pdq": looks.hex, "quality": looks.quality}
    (answer,) = check_rows([row], subscriber="x")
    assert (answer.match, answer.record, answer.advice) == ("near", number, "review")
    (told,) = ask([row], asker=Asker("Harbour Police", "HP 7"), actor=cast["pia"].actor).answers
    assert (told.match, told.record) == ("near", number)
    assert str(told.note).count(NOTE) == 1


def exported(desk: Desk, form: str) -> tuple[str, int, str]:
    out = BytesIO()
    count, skipped = export_list(out, format_name=form, selection=Selection(), actor=desk.supervisor)
    return out.getvalue().decode(), count, skipped.why


def test_an_import_keeps_it_and_an_export_gives_it_out_only_where_its_quality_goes_too(
    bank: Desk, tmp_path: Path
) -> None:
    data = f"pdq,quality\n{CODE.hex()},20\n{picture_code(2).hex()},5\n".encode()
    done = bring(bank, tmp_path / "list.csv", data)
    assert (done.added, done.broken) == (1, 1)  # of one tone: it could never be found again, and that is told
    assert known([Hash("pdq", bits_off(CODE, 8), 90)])
    for form in sorted(FORMATS):
        text, count, why = exported(bank, form)
        assert (CODE.hex() in text.lower()) == (form == "csv"), form
        assert count == (form == "csv")
        assert form == "csv" or "little in the picture" in why
    assert ",20," in exported(bank, "csv")[0]


def test_other_hashes_of_the_record_go_out(bank: Desk) -> None:
    add_record([*file_hashes("x"), Hash("pdq", CODE, 20)], facts=FACTS, actor=bank.analyst)
    text, count, _why = exported(bank, "threatexchange")
    assert count == 1
    kinds_out = {row["type"] for row in json.loads(text)["data"]}
    assert kinds_out == {"HASH_MD5", "HASH_SHA1", "HASH_SHA256"}


def test_a_scan_by_a_bank_and_altered_pictures_leave_it_alone(bank: Desk, cast: Any) -> None:
    add_record([*file_hashes("x"), Hash("pdq", CODE, 20)], facts=FACTS, actor=bank.analyst)
    assert sorted(kind for _record, kind, _value in hashes_that_count("general")) == ["md5", "sha1", "sha256"]
