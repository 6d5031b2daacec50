"""A desk key that another one took the place of stays until nothing can need it: not on the public face, not in the store, for 30 days."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import OperationalError

from leeward.foundation.actor import Actor
from leeward.jobs.clockwatch import confirm, is_in_doubt
from leeward.jobs.models import ClockJump
from leeward.sealing import keys
from leeward.sealing import services as sealing_services
from leeward.sealing.fields import Sealed, seal_texts
from leeward.sealing.rules.older_keys import GRACE
from leeward.site.older_words import why_kept
from leeward.site.tasks import destroy_older_words_keys, seal_words
from leeward.spool import services
from leeward.spool.errors import UNOPENED
from tests.personas import Cast
from tests.spool.conftest import Face
from tests.spool.test_reports import arrivals, pull, sent

pytestmark = [pytest.mark.django_db(transaction=False), pytest.mark.usefixtures("apart")]
PERSON = Actor(kind="command")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def older(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation with a key of its own."""
    monkeypatch.setattr(settings, "LEEWARD", settings.LEEWARD.model_copy(update={"data": tmp_path / "data"}))
    sealing_services.settle(datetime.now(UTC))


def rotated() -> None:
    sealing_services.rotate(PERSON, datetime.now(UTC))
    assert sealing_services.reseal() == 0


def held_after(wait: timedelta) -> int:
    """How many keys the desk holds when the worker's repeated tasks ran so much later."""
    with time_machine.travel(datetime.now(UTC) + wait):
        seal_words()
        destroy_older_words_keys()
    return len(keys.identities())


@contextmanager
def sealing_to(public: bytes) -> Iterator[None]:
    """A process that still has the `words.pub` of before."""
    file = Path(settings.LEEWARD.data_dir, keys.PUBLIC)
    newest = file.read_bytes()
    file.write_bytes(public)
    try:
        yield
    finally:
        file.write_bytes(newest)


def before_it() -> bytes:
    return Path(settings.LEEWARD.data_dir, keys.PUBLIC).read_bytes()


def test_what_waits_on_the_face_opens_after_a_rotation(face: Face) -> None:
    sent(face)
    rotated()
    assert held_after(GRACE + HOUR) == 2, "something waits that needs it"
    assert pull() == 1
    assert arrivals() == []
    assert (held_after(GRACE - HOUR), held_after(GRACE + HOUR)) == (2, 1)


def test_two_rotations_keep_every_key_that_something_needs(face: Face) -> None:
    sent(face)
    rotated()
    sent(face, where="http://b.example/x")
    rotated()
    sent(face, where="http://c.example/x")
    assert held_after(GRACE + HOUR) == 3
    assert pull() == 3
    assert arrivals() == []
    assert held_after(GRACE + HOUR) == 1


def test_a_face_that_goes_on_with_the_older_key_has_the_desk_keep_it(face: Face) -> None:
    public = before_it()
    rotated()
    with time_machine.travel(datetime.now(UTC) + GRACE - HOUR), sealing_to(public):
        sent(face)
    with time_machine.travel(datetime.now(UTC) + GRACE - HOUR):
        assert pull() == 1
        assert arrivals() == []
        assert (held_after(2 * HOUR), held_after(GRACE + HOUR)) == (2, 1)


def test_so_has_a_process_that_stores_words_sealed_to_it(cast: Cast) -> None:
    public = before_it()
    rotated()
    with sealing_to(public):
        (text,) = seal_texts([("I found a bad page.", "intake_report.text")])
    assert held_after(GRACE - HOUR) == 2
    with time_machine.travel(datetime.now(UTC) + GRACE - HOUR):
        assert (held_after(2 * HOUR), held_after(GRACE + HOUR)) == (2, 1)
    assert Sealed(text.raw, text.place).open() == "I found a bad page."


def test_a_clock_in_doubt_destroys_no_key_and_one_that_was_put_right_counts_from_then() -> None:
    rotated()
    now = datetime.now(UTC)
    ClockJump.objects.create(owner="a", before=now, after=now + 2 * GRACE)
    with time_machine.travel(now + 2 * GRACE):
        assert is_in_doubt()
        assert held_after(HOUR) == 2
        assert any("clock confirm" in why for why in why_kept(datetime.now(UTC)))
        confirm(PERSON, datetime.now(UTC))
        assert (held_after(GRACE - HOUR), held_after(GRACE + HOUR)) == (2, 1)


def test_a_face_that_cannot_be_looked_at_keeps_the_older_key(monkeypatch: pytest.MonkeyPatch) -> None:
    rotated()

    def away(*_anything: Any, **_more: Any) -> None:
        raise OperationalError("the file is away")

    with monkeypatch.context() as patch:
        patch.setattr("leeward.spool.queries.where.leave_replaced", away)
        assert held_after(GRACE + HOUR) == 2
        late = datetime.now(UTC) + GRACE + HOUR
        assert list(why_kept(late)) == ["Whether something waits on the public face can't be seen now."]
    assert held_after(GRACE + HOUR) == 1


def test_what_opens_with_no_key_stays_until_one_comes_back(face: Face) -> None:
    public = before_it()
    kept = Path(settings.LEEWARD.data_dir, keys.KEY).read_bytes()
    rotated()
    assert held_after(GRACE + HOUR) == 1
    with sealing_to(public):
        sent(face)
    assert pull() == 1
    assert [row.problem for row in arrivals()] == [UNOPENED]
    rotated()
    assert held_after(GRACE + HOUR) == 2, "nobody knows what it needs"
    file = Path(settings.LEEWARD.data_dir, keys.KEY)
    file.write_bytes(file.read_bytes() + kept)  # somebody had a copy
    assert held_after(GRACE + HOUR) == 3
    assert services.try_again() == 1
    assert pull() == 1
    assert arrivals() == []
    assert (held_after(GRACE - HOUR), held_after(GRACE + HOUR)) == (3, 1)
