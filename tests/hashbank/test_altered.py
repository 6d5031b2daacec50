"""The upload check finds pictures that somebody altered: named, for review only, and never against a harmless look-alike."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django_scopes import scope
from PIL import Image

from leeward.hashbank.police.services import ask as ask_police
from leeward.hashbank.police.triage import triage
from leeward.hashbank.queries import known_many
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.rules.police import Asker
from leeward.hashbank.services import add_record, keep_bank, pause_bank
from leeward.matching.hashing import hash_stream
from tests.hashbank.asking import key, put_in, with_key
from tests.hashbank.conftest import FACTS, OPERATOR, Desk
from tests.hashbank.test_command import leeward
from tests.matching.pictures import saved
from tests.matching.test_variants import bordered, cropped, dull, file, original, shown
from tests.personas import Cast

__all__ = ["leeward"]
CHECK = "/api/v1/check"
ROW = ("pdq", "pdq_nn512", "quality", "variants")


@pytest.fixture
def ask(cast, client: Client):
    mine = with_key(key(cast))

    def asking(data: object) -> dict[str, object]:
        body, kind = (data, "image/jpeg") if isinstance(data, bytes) else (json.dumps(data), "application/json")
        return client.post(CHECK, body, content_type=kind, **mine).json()

    return asking


def rows_of(data: bytes) -> dict[str, object]:
    return hash_stream(io.BytesIO(data), only=ROW).as_dict(ROW)


def test_a_framed_and_a_cropped_picture_are_altered_and_for_review(cast: Cast, bank: Desk, ask):
    record = put_in(cast, original())
    for altered, alteration in ((bordered(shown()), "framed"), (cropped(shown(), 0.05), "cropped")):
        for answer in (ask(file(altered)), ask(rows_of(file(altered)))):
            assert (answer["match"], answer["record"], answer["advice"]) == ("altered", record, "review")
            assert answer["alteration"] == alteration
            assert answer["bank"] == "general"
    assert ask(file(bordered(shown(7))))["match"] == "none"
    assert ask({"pdq": "0f" * 32, "variants": [{"alteration": "eaten"}]})["note"]


def test_police_are_told_and_a_seizure_has_a_section_for_it(cast: Cast, bank: Desk):
    record = put_in(cast, original())
    rows = [rows_of(file(bordered(shown()))) | {"path": "a.jpg"}, rows_of(file(shown(9))) | {"path": "b.jpg"}]
    asker = Asker("Harbour Police", "HP-2026-7")
    with scope(hotline=cast.hotline_id):
        told = ask_police(rows, asker=asker, actor=cast["pia"].actor).answers
        assert [(one.match, one.record, one.alteration) for one in told] == [
            ("altered", record, "framed"),
            ("none", None, None),
        ]
        assert told[0].call
        out = io.StringIO()
        counts = triage(
            rows,
            lambda part: [one.as_dict() for one in ask_police(part, asker=asker, actor=cast["pia"].actor).answers],
            out,
        )
    assert (counts["altered"], counts["unknown"], counts["near"]) == (1, 1, 0)
    first, second = map(json.loads, out.getvalue().splitlines())
    assert (first["section"], first["path"], first["alteration"]) == ("altered", "a.jpg", "framed")
    assert second["section"] == "unknown"


def test_nothing_is_altered_where_the_bank_is_paused_or_the_look_alike_harmless(cast: Cast, bank: Desk, ask):
    put_in(cast, original())
    framed = file(bordered(shown()))
    actor = cast["carl"].actor
    with scope(hotline=cast.hotline_id):
        pause_bank("general", datetime.now(UTC) + timedelta(days=1), actor=actor)
    assert ask(framed)["match"] == "none"
    with scope(hotline=cast.hotline_id):
        keep_bank("look-alikes", harmless=True, actor=actor)
        code = hash_stream(io.BytesIO(original(3)), exact=True).pdq.code
        add_record([Hash("pdq", code, 90)], bank="look-alikes", facts=FACTS, actor=OPERATOR)
    assert ask(file(bordered(shown(3))))["match"] == "none"


def test_a_picture_with_little_in_it_is_compared_closely_and_with_a_note(cast: Cast, bank: Desk, ask):
    data = saved(dull(), "BMP").getvalue()
    looks = hash_stream(io.BytesIO(data), exact=True).pdq
    assert looks.quality < 50
    note = ask(data)["note"]
    assert "there is little in the picture" in note
    with scope(hotline=cast.hotline_id):
        record = add_record([Hash("pdq", looks.code)], bank="general", facts=FACTS, actor=cast["carl"].actor)
        assert [row.record_id for row in known_many([[Hash("pdq", looks.code)]])[0]] == [record]
    answer = ask(data)
    assert (answer["match"], answer["record"], answer["advice"], answer["note"]) == ("near", record, "review", note)


def test_the_command_tells_of_an_altered_picture_beside_the_match(cast: Cast, bank: Desk, leeward, tmp_path):
    record = put_in(cast, original())
    for name, data in (
        ("same.jpg", original()),
        ("framed.jpg", file(bordered(shown()))),
        ("other.jpg", file(shown(9))),
    ):
        (tmp_path / name).write_bytes(data)
    code, (same,) = leeward("lookup", str(tmp_path / "same.jpg"), "--json")
    assert (code, same["match"], same["record_id"], same["altered"]) == (1, "known", record, None)
    code, (framed,) = leeward("lookup", str(tmp_path / "framed.jpg"), "--json")
    assert (code, framed["match"], framed["may_decide"]) == (0, "none", False)
    told = framed["altered"]
    assert (told["record"], told["alteration"], told["advice"]) == (record, "framed", "review")
    code, text = leeward("lookup", str(tmp_path / "framed.jpg"))
    assert (code, text.split("\t")[1], text.split("\t")[4]) == (0, "altered", "framed")
    code, (other,) = leeward("lookup", str(tmp_path / "other.jpg"), "--json")
    assert (code, other["match"], other["altered"]) == (0, "none", None)
    (tmp_path / "broken.jpg").write_bytes(original()[:200])
    (tmp_path / "empty.jpg").write_bytes(b"")
    for name in ("broken.jpg", "empty.jpg", "nowhere.jpg"):
        assert leeward("lookup", str(tmp_path / name))[0] == 2
    assert leeward("lookup", str(tmp_path / "same.jpg"), str(tmp_path / "other.jpg"))[0] == 2


@pytest.mark.parametrize("colour", ["white", "black", "#7f3030"])
@pytest.mark.parametrize("size", [(1, 1), (64, 64), (640, 480), (3000, 2)])
def test_an_upload_that_is_all_border_meets_nothing_and_is_no_error(
    cast: Cast, bank: Desk, ask, colour: str, size: tuple[int, int]
):
    put_in(cast, original())
    answer = ask(saved(Image.new("RGB", size, colour), "PNG").getvalue())
    assert (answer["match"], answer["advice"], answer["record"]) == ("none", "allow", None)
    assert "too little in the picture" in answer["note"]


def test_a_frame_in_a_frame_around_nothing_meets_nothing(cast: Cast, bank: Desk, ask):
    put_in(cast, original())
    inner = Image.new("RGB", (400, 300), "black")
    assert ask(file(bordered(bordered(inner, "white"), "grey")))["match"] == "none"
