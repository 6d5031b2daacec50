"""Licensed hashes in the bank. The adapter here is a TEST ADAPTER of ours, not PhotoDNA: its distance is the sum of squared differences of bytes."""

import base64
import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from leeward.foundation.errors import BadInput
from leeward.hashbank.lists.services.exporting import list_folder, open_list
from leeward.hashbank.lists.services.publishing import publish_list
from leeward.hashbank.models import RecordHash
from leeward.hashbank.police.services import ask
from leeward.hashbank.queries import known, known_many
from leeward.hashbank.records import licensed
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.rules.lines import row_of
from leeward.hashbank.rules.police import Asker
from leeward.hashbank.services import add_record, keep_bank
from leeward.hosting.fetching.files import fingerprint
from leeward.matching import Matcher
from leeward.scanning.services import Plan, scan
from leeward.site.doctor import findings
from tests.hashbank.asking import key, png, with_key
from tests.hashbank.conftest import OPERATOR, Desk, bits_off, picture_code
from tests.licensed_adapter import NEAR, SquaresTestAdapter
from tests.personas import Cast

ADAPTERS = "tests.licensed_adapter"


def code(seed: int) -> bytes:
    return np.random.default_rng(seed).integers(40, 200, 144, np.uint8).tobytes()


def moved(value: bytes, by: int, places: int = 1) -> bytes:
    return bytes(one + by if place < places else one for place, one in enumerate(value))


@pytest.fixture
def plugged(bank: Desk, settings: Any) -> Desk:
    name = f"{ADAPTERS}:SquaresTestAdapter"
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"licensed_hashers": name})
    licensed.forget_codes()
    return bank


def photodna(value: bytes) -> list[Hash]:
    return [Hash("photodna", value)]


def test_without_an_adapter_only_equal_codes_are_found(bank: Desk) -> None:
    number = add_record(photodna(code(1)), actor=bank.analyst)
    (found,) = known(photodna(code(1)))
    assert (found.record_id, found.match, found.distance_bits) == (number, "near", 0)
    assert known(photodna(moved(code(1), 1))) == []


def test_with_an_adapter_its_own_distance_decides_and_the_bank_is_followed(plugged: Desk) -> None:
    first = add_record(photodna(code(1)), actor=plugged.analyst)
    found = known_many(
        [photodna(one) for one in (code(1), moved(code(1), 30), moved(code(1), 15), moved(code(1), 31), code(2))]
    )
    assert [[(row.record_id, row.match, row.distance_bits) for row in rows] for rows in found] == [
        [(first, "near", 0)], [(first, "near", 31)], [(first, "near", 8)], [], [],
    ]  # fmt: skip
    assert known(photodna(moved(code(1), 30)), radius=8) == []
    second = add_record(photodna(code(2)), actor=plugged.analyst)
    assert [row.record_id for row in known(photodna(moved(code(2), 3)))] == [second], "added after the codes were read"
    RecordHash.objects.filter(record_id=second).update(aside=True)
    assert known(photodna(moved(code(2), 3))) == []
    RecordHash.objects.filter(record_id=first).delete()
    assert known(photodna(moved(code(1), 3))) == []


def test_a_nearer_harmless_look_alike_silences_a_match_whatever_the_kind(plugged: Desk) -> None:
    keep_bank("look-alikes", harmless=True, actor=plugged.supervisor)
    add_record(photodna(code(1)), actor=plugged.analyst)
    harmless = add_record(
        [*photodna(moved(code(1), 20)), Hash("pdq", picture_code(1), 90)], bank="look-alikes", actor=OPERATOR
    )
    asked = [*photodna(moved(code(1), 22)), Hash("pdq", bits_off(picture_code(1), 12), 90)]
    assert [row.record_id for row in known(asked)] == [harmless]


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 4))
def test_it_finds_what_comparing_with_all_finds(seed: int, by: int, places: int) -> None:
    codes = np.frombuffer(b"".join(code(seed + one) for one in range(20)), np.uint8).reshape(-1, 144)
    asked = np.frombuffer(moved(codes[7].tobytes(), by, places), np.uint8)
    hits = [hit.row for hit in licensed.nearest(SquaresTestAdapter(), codes, asked[None])]
    apart = [sum((int(a) - int(b)) ** 2 for a, b in zip(asked, one, strict=True)) for one in codes]
    assert hits == [row for row, distance in enumerate(apart) if distance <= NEAR]


@pytest.mark.parametrize("name", ["nowhere.at:all", f"{ADAPTERS}:Missing", f"{ADAPTERS}:WrongLength", "noattribute"])
def test_an_adapter_that_can_not_be_used_is_named(bank: Desk, settings: Any, name: str) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"licensed_hashers": name})
    with pytest.raises(BadInput, match="LICENSED_HASHERS"):
        known(photodna(code(1)))
    assert any(name in one.sentence for one in findings() if one.id == "leeward.site.W022")


def only_by_code(desk: Desk, data: bytes, off: int = 0) -> int:
    """A record that can be found by the test adapter's code alone, `off` of it changed."""
    return add_record(photodna(moved(SquaresTestAdapter().hash_picture(BytesIO(data)), off)), actor=desk.analyst)


def test_pictures_are_hashed_by_it_wherever_they_are_looked_up(
    plugged: Desk, cast: Cast, client: Client, tmp_path: Path, settings: Any
) -> None:
    record = only_by_code(plugged, png(1), off=12)
    bits = round(31 * 144 / NEAR)
    mine = with_key(key(cast, "check"))

    def checked(data: bytes) -> Any:
        return client.post("/api/v1/check", data, content_type="image/png", **mine).json()

    seen = checked(png(1))
    assert (seen["match"], seen["record"], seen["distance"], seen["advice"]) == ("near", record, bits, "review")
    assert checked(png(2))["match"] == "none"
    code = SquaresTestAdapter().hash_picture(BytesIO(png(1)))
    assert code
    row = {"photodna": base64.b64encode(code).decode()}
    asked = client.post("/api/v1/check", [row, {"photodna": "AAAA"}], content_type="application/json", **mine).json()
    assert (asked[0]["record"], asked[1]["advice"]) == (record, "review")
    answer = ask([row_of(json.dumps(row))], asker=Asker("Harbour", "1"), actor=cast["pia"].actor).answers[0]
    assert (answer.match, answer.record, answer.distance) == ("near", record, bits)

    found = fingerprint(png(1), "tests.licensed_adapter:SquaresTestAdapter")
    assert found.licensed == {"photodna": code.hex()}
    assert fingerprint(b"no picture", "tests.licensed_adapter:SquaresTestAdapter").licensed == {}

    open_list("national", actor=plugged.supervisor)
    publish_list("national", actor=plugged.supervisor)
    matcher = Matcher(list_folder("national"), licensed=[SquaresTestAdapter()])
    assert (matcher.check(png(1)).record, matcher.check(png(1)).distance) == (record, bits)
    assert matcher.check(png(2)).match == "none"
    bare = Matcher(list_folder("national"))
    assert [one.match for one in bare.check_hashes([row])] == ["none"]
    text = base64.b64encode(moved(code, 12)).decode()
    assert bare.check_hashes([{"photodna": text}])[0].distance == 0, "equal codes are found without a licence"

    (tmp_path / "seized").mkdir()
    (tmp_path / "seized" / "one.png").write_bytes(png(1))
    (tmp_path / "codes.txt").write_text(f"photodna:{text}\nphotodna:!!\n")
    out = tmp_path / "out.jsonl"
    plan = Plan((str(tmp_path / "seized"),), lists=(list_folder("national"), tmp_path / "codes.txt"), out=out)
    assert scan(replace(plan, processes=1, licensed=f"{ADAPTERS}:SquaresTestAdapter")).tally.matched == 1
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    [picture] = [one for one in rows if one.get("kind") == "picture"]
    met = [(one["list"], one["kind"], one["distance"]) for one in picture["matches"]]
    assert met == [("national", "photodna", bits), ("codes.txt", "photodna", bits)]
    assert [one["line"] for one in rows if one["kind"] == "list"] == [2]

    settings.LEEWARD = settings.LEEWARD.model_copy(update={"licensed_hashers": f"{ADAPTERS}:Failing"})
    failed = checked(png(1))
    assert (failed["match"], failed["note"]) == ("none", "the adapter for photodna can't hash it (RuntimeError)")
