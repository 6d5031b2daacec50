"""The list of fingerprints of people's own pictures: found for review by those who agreed to it, and by nobody else."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from PIL import Image, ImageOps

from leeward.foundation.actor import Actor
from leeward.hashbank.models import OwnPictureHash
from leeward.hashbank.own_pictures import services as own_pictures_services
from leeward.hashbank.own_pictures.queries import own_pictures_of
from leeward.hashbank.own_pictures.services import forget_own_pictures, keep_own_pictures, note_own_matches
from leeward.hashbank.queries import known
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.services import LOOK_ALIKES
from leeward.matching.hashing import hash_stream
from leeward.people.queries import token_of
from leeward.people.services.tokens import vouch_for_token
from tests.hashbank.asking import key, png, put_in, with_key
from tests.hashbank.conftest import Desk
from tests.matching.pictures import picture, saved
from tests.personas import Cast

CHECK, LIST = "/api/v1/check", "/api/v1/own-pictures/"
REPORT = 7
type Ask = Callable[[bytes], dict[str, Any]]


def own_hashes(data: bytes) -> list[Hash]:
    """What a device sends of a picture."""
    found = hash_stream(BytesIO(data), exact=True)
    assert found.digests
    assert found.pdq
    digests = [Hash(kind, bytes.fromhex(getattr(found.digests, kind))) for kind in ("sha256", "md5")]
    return [*digests, Hash("pdq", found.pdq.code, found.pdq.quality, 0)]


def confirmed(made: str) -> str:
    """The key, once a second person has said who holds it."""
    row = token_of(made)
    assert row
    vouch_for_token(row.id, actor=Actor(kind="command"))
    return made


@pytest.fixture
def kept(bank: Desk) -> bytes:
    """A harmless picture whose fingerprints are in the list."""
    data = png(3)
    now = datetime.now(UTC)
    assert keep_own_pictures(REPORT, [own_hashes(data)], now=now, until=now + timedelta(days=9)) == 3
    return data


@pytest.fixture
def ask(cast: Cast, client: Client) -> Ask:
    """Send a file to the check with a key that agreed."""
    mine = with_key(confirmed(key(cast, "check", "own_pictures")))

    def asking(data: bytes) -> dict[str, Any]:
        answer: dict[str, Any] = client.post(CHECK, data, content_type="image/png", **mine).json()
        return answer

    return asking


def test_the_file_itself_is_for_review_and_never_known(kept: bytes, ask: Ask) -> None:
    answer = ask(kept)
    assert (answer["match"], answer["distance"], answer["advice"]) == ("near", 0, "review")
    assert (answer["bank"], answer["record"], answer["classification"]) == ("own pictures", None, None)
    assert "not to be reported" in answer["note"]


ALTERED = {
    "smaller and recompressed": lambda image: saved(image.resize((200, 150)), "JPEG", quality=60),
    "turned": lambda image: saved(image.rotate(180), "PNG"),
    "in a border": lambda image: saved(ImageOps.expand(image, 24, "black"), "JPEG", quality=80),
}


@pytest.mark.parametrize("how", ALTERED)
def test_an_altered_copy_is_found_for_review(kept: bytes, ask: Ask, how: str) -> None:
    answer = ask(ALTERED[how](picture(320, 240, 3)).getvalue())
    assert (answer["bank"], answer["advice"]) == ("own pictures", "review")


def test_another_picture_is_not(kept: bytes, ask: Ask) -> None:
    assert ask(png(5))["advice"] == "allow"


def test_who_did_not_agree_learns_nothing(kept: bytes, cast: Cast, client: Client) -> None:
    mine = with_key(key(cast, "check", "match", "read", "subscriber", "police", agency="Harbour Police"))
    answer = client.post(CHECK, kept, content_type="image/png", **mine).json()
    assert (answer["match"], answer["advice"], answer["note"]) == ("none", "allow", None)
    assert client.get(LIST, **mine).status_code == 403


def test_a_key_whose_holder_one_person_alone_names_learns_nothing(kept: bytes, cast: Cast, client: Client) -> None:
    mine = with_key(key(cast, "check", "own_pictures"))
    assert client.post(CHECK, kept, content_type="image/png", **mine).json()["advice"] == "allow"
    refused = client.get(LIST, **mine)
    assert (refused.status_code, refused.json()["code"]) == (403, "holder_not_confirmed")


def test_what_matches_very_many_uploads_goes_on_matching_and_says_so(kept: bytes, ask: Ask) -> None:
    """Whoever wants a picture not found can't have that by uploading it often; whoever reviews learns to doubt it."""
    now = datetime.now(UTC)
    with time_machine.travel(now, tick=False):  # counted anew each day
        assert "many people have" not in ask(kept)["note"]
        (number,) = OwnPictureHash.objects.filter(matches=1).values_list("pk", flat=True)
        assert note_own_matches({number: 198}) == set()
        assert "many people have" not in ask(kept)["note"]
        answer = ask(kept)
    assert answer["advice"] == "review"
    assert "many people have" in answer["note"]
    listed = own_pictures_of(REPORT)
    assert (listed.fingerprints, listed.matches, listed.on) == (3, 201, now.date())
    assert note_own_matches({number: 1}, now=now + timedelta(days=1)) == set()


def test_neither_the_desk_nor_a_list_nor_the_police_find_it_in_the_bank(kept: bytes) -> None:
    assert known(own_hashes(kept)) == []


def test_a_false_one_takes_nothing_from_what_is_known(bank: Desk, cast: Cast, ask: Ask) -> None:
    """Whoever sends fingerprints of a known picture neither joins its record nor weakens what is said of it."""
    data = png(4)
    record = put_in(cast, data)
    now = datetime.now(UTC)
    keep_own_pictures(REPORT, [own_hashes(data)], now=now, until=now + timedelta(days=9))
    answer = ask(data)
    assert (answer["match"], answer["record"], answer["advice"]) == ("known", record, "block")
    forget_own_pictures(REPORT)
    assert ask(data) == answer


def test_the_list_says_what_was_agreed_and_drops_what_was_taken_back(kept: bytes, cast: Cast, client: Client) -> None:
    mine = with_key(confirmed(key(cast, "own_pictures")))
    answer = client.get(LIST, **mine).json()
    (row,) = answer["files"]
    ours = {one.kind: one.value.hex() for one in own_hashes(kept)}
    assert {name: row[name] for name in ours} == ours
    assert str(REPORT) not in json.dumps({name: value for name, value in row.items() if name not in ours})
    assert "never report the person" in answer["terms"]
    forget_own_pictures(REPORT)
    assert client.get(LIST, **mine).json()["files"] == []


def test_what_is_like_a_harmless_picture_is_left_out(bank: Desk, cast: Cast, ask: Ask) -> None:
    """A logo would match what belongs to everybody."""
    data = png(6)
    put_in(cast, saved(picture(320, 240, 6), "JPEG", quality=70).getvalue(), bank=LOOK_ALIKES, source="A list")
    now = datetime.now(UTC)
    assert keep_own_pictures(REPORT, [own_hashes(data)], now=now, until=now + timedelta(days=9)) == 0
    assert ask(data)["advice"] == "allow"


def test_what_was_put_in_while_the_clock_was_ahead_takes_no_room_of_today(
    kept: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_pictures_services, "MOST_A_DAY", 3)
    now = datetime.now(UTC)
    assert keep_own_pictures(REPORT + 1, [own_hashes(png(4))], now=now, until=now + timedelta(days=9)) is None
    OwnPictureHash.objects.update(at=now + timedelta(days=30))
    assert keep_own_pictures(REPORT + 1, [own_hashes(png(4))], now=now, until=now + timedelta(days=9)) == 3


def test_another_hotline_has_nothing_of_it(kept: bytes, cast: Cast, client: Client) -> None:
    theirs = with_key(confirmed(key(cast, "own_pictures", "check", who="dora")))
    assert client.get(LIST, **theirs).json()["files"] == []
    assert client.post(CHECK, kept, content_type="image/png", **theirs).json()["advice"] == "allow"


def test_a_picture_with_two_hashes_of_its_look_is_found_by_either(bank: Desk, ask: Ask) -> None:
    image: Image.Image = picture(900, 700, 8)
    found = hash_stream(saved(image, "PNG"), exact=True)
    assert found.pdq_nn512
    now = datetime.now(UTC)
    hashes = [Hash("pdq_nn512", found.pdq_nn512.code, 90, 0)]
    keep_own_pictures(REPORT, [hashes], now=now, until=now + timedelta(days=9))
    assert ask(saved(image, "JPEG").getvalue())["bank"] == "own pictures"
