"""A damaged index of the bank is found, built again from the rows, and said by an alarm, the doctor and the log."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from django_scopes import scope

from leeward.hashbank.models import IndexChange
from leeward.hashbank.queries import check_file, damage_of, known_many
from leeward.hashbank.records import live
from leeward.hashbank.rules.kinds import Hash
from leeward.matching.index import layout
from leeward.site import outside
from leeward.site.doctor import findings
from leeward.site.health import current_alarms
from tests.hashbank.conftest import Desk, picture_code
from tests.personas import Cast


def _damaged(hotline_id: int) -> Path:
    path = live.index_path(hotline_id)
    live.index_here().merge()
    codes = layout.open_segment(path, verify=False).sections["codes"]
    with path.open("r+b") as stream:
        stream.seek(codes["offset"] + 3)
        stream.write(b"\xff\x00\xff")
    return path


def test_damage_does_not_stop_what_is_added_after_it(cast: Cast, bank: Desk, monkeypatch):
    bank.add(1)
    with scope(hotline=cast.hotline_id):
        path = _damaged(cast.hotline_id)
        monkeypatch.setattr(layout, "ALWAYS_VERIFIED_BYTES", 0)
        live.forget()
        assert live.mapped(path).wait_verified(60) == "damaged"
    added = bank.add(2)
    with scope(hotline=cast.hotline_id):
        assert [row.record_id for row in known_many([[Hash("pdq", picture_code(2), 90)]])[0]] == [added]
        assert check_file(cast.hotline_id) is None


def test_damage_found_in_the_background_is_mended_and_told(cast: Cast, bank: Desk, monkeypatch):
    record = bank.add(1)
    asked = [[Hash("pdq", picture_code(1), 90)]]
    with scope(hotline=cast.hotline_id):
        assert [row.record_id for row in known_many(asked)[0]] == [record]
        _damaged(cast.hotline_id)
        assert check_file(cast.hotline_id) == "section codes"
        (said,) = [one for one in findings() if one.id == "leeward.hashbank.E002"]
        assert "section codes" in said.sentence
        monkeypatch.setattr(layout, "ALWAYS_VERIFIED_BYTES", 0)
        live.forget()
        live.index_here().wait_verified(60)  # damaged, or mended already where that was quicker
        assert [row.record_id for row in known_many(asked)[0]] == [record]
        assert check_file(cast.hotline_id) is None
    now = datetime.now(UTC)
    assert damage_of(cast.hotline_id, now) == "section codes"
    (alarm,) = [one for one in current_alarms(now) if one.code == "index_damaged"]
    assert (alarm.hotline_id, "section codes" in alarm.text) == (cast.hotline_id, True)
    assert "leeward.hashbank.W001" in {one.id for one in findings()}
    assert damage_of(cast.hotline_id, now + timedelta(days=2)) is None
    assert damage_of(10**6, now) is None


def test_an_index_that_does_not_follow_its_rows_is_an_alarm(cast: Cast, bank: Desk):
    def rings() -> bool:
        """As the worker asks: for the whole installation, in no hotline's scope."""
        found = outside.LOOKERS["index"](now)
        return found is not None and found[0] == late

    now = datetime.now(UTC)
    late = now - timedelta(hours=2)
    here = partial(scope, hotline=cast.hotline_id)
    bank.add(1)
    with here():
        IndexChange.objects.update(at=late)
    assert not rings(), "no index was ever asked for here"
    with here():
        live.index_here()
    assert not rings(), "it has everything"
    with here():
        IndexChange.objects.create(hotline_id=cast.hotline_id, first=1, last=1)
    assert not rings(), "there is time"
    with here():
        IndexChange.objects.update(at=late)
    assert rings()
    live.index_path(cast.hotline_id).with_suffix(".state").unlink()
    assert rings(), "how far it has come is not known"
    with here():
        live.index_here()
    assert not rings()
