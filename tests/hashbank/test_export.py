"""Giving lists out: every form reads what it wrote, changes since a version, signed files and states, signatures that fail."""

from io import BytesIO
from pathlib import Path

import pytest

from leeward.foundation.errors import NotAllowed
from leeward.hashbank.errors import SignatureRefused
from leeward.hashbank.formats import FORMATS, Broken, Entry
from leeward.hashbank.lists.services.exporting import (
    Selection,
    export_list,
    list_folder,
    list_named,
    open_list,
    selection_of,
    sign_file,
    signer,
    verify_file,
)
from leeward.hashbank.lists.services.publishing import publish_list
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.services import say_of_source
from leeward.matching.lists import HashListRefused, Matcher
from tests.hashbank.conftest import Desk, decide, file_hashes, picture_code


def written(bank: Desk, form: str, selection: Selection | None = None) -> bytes:
    out = BytesIO()
    export_list(out, format_name=form, selection=selection or Selection(), actor=bank.supervisor)
    return out.getvalue()


def entries(form: str, data: bytes) -> list[Entry]:
    found = list(FORMATS[form].read(BytesIO(data)))
    assert not [one for one in found if isinstance(one, Broken)]
    return [one for one in found if isinstance(one, Entry)]


@pytest.mark.parametrize("form", list(FORMATS))
def test_every_form_reads_what_it_wrote(bank: Desk, form: str) -> None:
    bank.add(1, series="=harbour", label="A")
    bank.add(2)
    found = {one.value for entry in entries(form, written(bank, form)) for one in entry.hashes}
    assert {one.value for one in file_hashes("picture 1")[:1]} <= found
    assert {one.value for one in file_hashes("picture 2")[:1]} <= found


def test_vics_is_as_others_write_it(bank: Desk) -> None:
    bank.add(1)
    text = written(bank, "vics").decode()
    assert '"@odata.context":"http://github.com/ICMEC/ProjectVic/DataModels/2.0.xml/US/$metadata#Media"' in text
    assert file_hashes("picture 1")[0].value.hex().upper() in text


def test_what_changed_since_a_version(bank: Desk) -> None:
    first, second = bank.add(1), bank.add(2)
    open_list("national", actor=bank.supervisor)
    version = publish_list("national", actor=bank.supervisor)
    bank.add(3)
    decide(first, "not_illegal", actor=bank.supervisor)
    selection = selection_of(list_named("national"), version)
    changes = entries("csv", written(bank, "csv", selection))
    assert {(entry.foreign_id, entry.gone) for entry in changes} == {(str(first), True), (str(second + 1), False)}
    assert b"<deletedImage>" in written(bank, "ncmec", selection)


def test_a_published_state_is_asked_by_the_library(bank: Desk) -> None:
    number = bank.add(1)
    open_list("national", actor=bank.supervisor)
    publish_list("national", actor=bank.supervisor)
    matcher = Matcher(list_folder("national"), key=signer().public_key)
    (answer,) = matcher.check_hashes([{"sha256": file_hashes("picture 1")[2].value.hex()}])
    assert answer.record == number
    with pytest.raises(HashListRefused):
        Matcher(list_folder("national"), key="A" * 43 + "=")


def test_only_what_two_confirm(bank: Desk) -> None:
    number = bank.add(1)
    bank.add(2)
    say_of_source(number, "confirm", source="Hotline of Malta", actor=bank.supervisor)
    open_list("sure", baseline_only=True, kinds=["pdq"], actor=bank.supervisor)
    (only,) = entries("csv", written(bank, "csv", selection_of(list_named("sure"))))
    assert [one.kind for one in only.hashes] == ["pdq"]
    assert only.hashes[0].value == Hash("pdq", picture_code(1)).value


@pytest.mark.parametrize("harm", ["altered", "cut off", "different key", "not valid", "nonsense"])
def test_a_file_whose_signature_fails_is_refused(bank: Desk, tmp_path: Path, harm: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"md5\n" + b"0" * 32)
    signature = sign_file(path)
    key = verify_file(path)
    assert verify_file(path, key=key) == key
    trusted = key
    if harm == "altered":
        path.write_bytes(b"md5\n" + b"1" * 32)
    elif harm == "cut off":
        path.write_bytes(b"md5\n")
    elif harm == "different key":
        trusted = "A" * 43 + "="
    elif harm == "not valid":
        signature.unlink()
    else:
        signature.write_bytes(b"\xff\x00 hello")
    with pytest.raises(SignatureRefused):
        verify_file(path, key=trusted)


def test_only_who_may_gives_out(bank: Desk) -> None:
    with pytest.raises(NotAllowed):
        export_list(BytesIO(), format_name="csv", selection=Selection(), actor=bank.analyst)
