"""Stored windows: crops of files that were hashed here are found, for a person to look at; gone with the record, and never given out."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django_scopes import scope

from leeward.foundation.errors import BadInput, NotAllowed
from leeward.hashbank.formats import FORMATS
from leeward.hashbank.lists.services.exporting import Selection, export_list
from leeward.hashbank.models import RecordHash, RecordWindow
from leeward.hashbank.police.services import ask
from leeward.hashbank.queries import banks, hashes_of, hashes_that_count
from leeward.hashbank.records.live import folder, forget
from leeward.hashbank.rules.police import Asker
from leeward.hashbank.services import add_record, keep_bank, keep_windows, pause_bank
from leeward.hashbank.uploads.services.checking import check_files, check_rows
from leeward.matching.hashing import hash_stream
from tests.hashbank.conftest import FACTS, Desk, decide
from tests.matching.test_variants import cropped, file, original, shown
from tests.personas import Cast


def crop(share: float = 0.05, seed: int = 0) -> dict[str, object]:
    """The plain hashes of a crop, as a client sends them that derives no variants."""
    return hash_stream(BytesIO(file(cropped(shown(seed), share))), only=("pdq", "quality")).as_dict(("pdq", "quality"))


def add(desk: Desk, tmp_path: Path, seed: int = 0, **more: object) -> int:
    from leeward.cli.bank_files import hashes_of_file

    path = tmp_path / f"{seed}.png"
    path.write_bytes(original(seed))
    hashes, windows, media = hashes_of_file(path)
    assert media == "image"
    given = {"bank": "general", "facts": FACTS, "actor": desk.analyst, "windows": windows} | more
    return add_record(hashes, **given)


@pytest.fixture
def keeping(bank: Desk) -> Desk:
    keep_bank(actor=bank.supervisor)
    keep_windows("general", keeps=True, actor=bank.supervisor)
    return bank


def answer(row: dict[str, object]) -> tuple[str, int | None, str | None]:
    (one,) = check_rows([row], subscriber="x")
    return one.match, one.record, one.alteration


def test_a_crop_is_found_by_whoever_asks_and_decides_nothing(keeping: Desk, cast: Cast, tmp_path: Path) -> None:
    assert answer(crop()) == ("none", None, None)
    number = add(keeping, tmp_path)
    for share in (0.05, 0.08, 0.12):
        (one,) = check_rows([crop(share)], subscriber="x")
        assert (one.match, one.record, one.alteration, one.advice) == ("altered", number, "cropped_here", "review")
        (one,) = check_files([file(cropped(shown(), share))], subscriber="x")
        assert (one.match, one.record, one.advice) == ("altered", number, "review")
    (told,) = ask([crop()], asker=Asker("Harbour Police", "HP 7"), actor=cast["pia"].actor).answers
    assert (told.match, told.record, told.alteration) == ("altered", number, "cropped_here")
    assert answer(crop(seed=7)) == ("none", None, None)
    with scope(hotline=cast.other_hotline_id):
        assert answer(crop()) == ("none", None, None)


def test_a_bank_keeps_none_until_it_is_told_to(bank: Desk, tmp_path: Path) -> None:
    add(bank, tmp_path)
    assert not RecordWindow.objects.exists()
    assert answer(crop()) == ("none", None, None)
    with pytest.raises(NotAllowed):
        keep_windows("general", keeps=True, actor=bank.analyst)
    keep_windows("general", keeps=True, actor=bank.supervisor)
    assert [row.keeps_windows for row in banks()] == [True]
    number = add(bank, tmp_path)  # the same file once more
    assert answer(crop()) == ("altered", number, "cropped_here")
    add(bank, tmp_path)
    assert RecordWindow.objects.count() <= 32
    assert keep_windows("general", keeps=False, actor=bank.supervisor) > 10
    assert not RecordWindow.objects.exists()
    assert answer(crop()) == ("none", None, None)


def test_they_go_with_the_record_its_hashes_and_its_bank(keeping: Desk, tmp_path: Path) -> None:
    number = add(keeping, tmp_path)
    decide(number, "not_illegal", actor=keeping.supervisor)
    assert answer(crop()) == ("none", None, None)
    decide(number, "confirm", actor=keeping.supervisor)
    assert answer(crop())[0] == "altered"
    pause_bank("general", datetime.now(UTC) + timedelta(days=1), actor=keeping.supervisor)
    assert answer(crop()) == ("none", None, None)
    pause_bank("general", None, actor=keeping.supervisor)
    RecordHash.objects.update(aside=True)
    assert answer(crop()) == ("none", None, None)


def test_they_are_in_nothing_that_goes_out(keeping: Desk, tmp_path: Path) -> None:
    number = add(keeping, tmp_path)
    codes = [bytes(row.code).hex() for row in RecordWindow.objects.all()]
    assert len(codes) > 20
    told = {one.text for one in hashes_of(number)} | {value.hex() for _r, _k, value in hashes_that_count("general")}
    assert not told.intersection(codes)
    for form in FORMATS:
        out = BytesIO()
        export_list(out, format_name=form, selection=Selection(), actor=keeping.supervisor)
        assert not [code for code in codes if code in out.getvalue().decode().lower()]


def test_the_file_follows_the_rows_and_is_built_anew_where_it_is_damaged(keeping: Desk, tmp_path: Path) -> None:
    first = add(keeping, tmp_path)
    assert answer(crop())[1] == first
    second = add(keeping, tmp_path, 3)
    assert answer(crop(seed=3))[1] == second
    path = folder(keeping.hotline_id) / "windows.index"
    path.write_bytes(path.read_bytes()[:-40])
    forget()
    assert [answer(crop(seed=seed))[1] for seed in (0, 3)] == [first, second]
    RecordWindow.objects.filter(record_id=second).delete()  # as from a copy of before
    assert [answer(crop(seed=seed))[1] for seed in (0, 3)] == [first, None]


def test_what_can_not_be_looked_at_is_refused(bank: Desk, tmp_path: Path) -> None:
    from leeward.cli.bank_files import hashes_of_file, is_file

    path = tmp_path / "a.png"
    path.write_bytes(original()[:200])
    with pytest.raises(BadInput):
        hashes_of_file(path)
    with pytest.raises(BadInput, match="no such file"):
        hashes_of_file(tmp_path / "none.png")
    assert [is_file(text) for text in ("a.png", "dir/a", "md5:ab", "0" * 64)] == [True, True, False, False]
