"""Publications: what becomes visible, what a gate stops, what a crash leaves behind, going back."""

import base64
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from leeward.audit.models import AuditRow
from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.models import Entry
from leeward.blocklist.publishing import feeds, keys, queries, services, store
from leeward.blocklist.publishing.models import Publication
from leeward.blocklist.publishing.rules.statements import publication_text
from leeward.blocklist.publishing.services import publication as services_publication
from leeward.blocklist.services.steps import tell_publisher
from leeward.foundation.errors import NotAllowed
from leeward.jobs.models import Job
from leeward.jobs.worker import run_until_idle
from tests.blocklist.publishing.conftest import House


def listed(house: House) -> set[str]:
    newest = queries.newest(house.list_id)
    assert newest
    return {entry.comparable for entry in store.state_entries(newest.sha256)}


def test_a_publication_holds_the_entries_and_the_test_entries(house: House) -> None:
    row = house.publish().published
    assert row
    assert (row.serial, row.added, row.removed, row.why) == (1, 5, 0, "person")
    assert row.by_scope == {"domain": 2, "host": 1, "url": 2}
    assert "http://blocked-national.test.lists.example/" in listed(house)
    assert AuditRow.objects.filter(event="list.published").count() == 1


def test_it_is_signed_over_a_text_that_anybody_can_write_down_again(house: House) -> None:
    row = house.publish().published
    assert row
    text = publication_text(list_name="national", serial=1, at=row.at, entries=5, sha256=row.sha256)
    assert text.decode().splitlines()[:3] == ["leeward-list-publication 1", "national", "1"]
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(keys.public_key()))
    key.verify(base64.b64decode(row.signature), text)
    assert not keys.is_signed(text + b"x", row.signature, keys.public_key())


def test_the_second_says_what_changed_and_has_the_next_serial(house: House) -> None:
    house.publish()
    house.list_entry("domain", "http://new.example/")
    house.take_off("http://one.example/")
    row = house.publish().published
    assert row
    assert (row.serial, row.added, row.removed) == (2, 1, 1)
    assert house.publish().published.added == 0


def test_serials_go_round(house: House) -> None:
    house.publish()
    Publication.objects.update(serial=(1 << 32) - 1)
    row = house.publish().published
    assert row
    assert row.serial == 1


@pytest.mark.parametrize(
    ("scope", "address", "gate"),
    [
        ("domain", "http://jm.example/", "own_names"),  # the hotline's mail goes there
        ("host", "http://constabulary.example/", "government_names"),  # the police's mail goes there
        ("domain", "http://co.uk/", "too_wide"),
        ("path", "http://a.example/1/2/3/4/5/", "not_expressible"),
    ],
)
def test_a_gate_stops_it_and_says_why(house: House, scope: str, address: str, gate: str) -> None:
    house.publish()
    entry = house.list_entry("url", "http://placeholder.example/page")
    Entry.objects.filter(pk=entry.pk).update(scope=scope, address=address, comparable=address)
    outcome = house.publish()
    assert outcome.stopped
    assert gate in [failure.gate for failure in outcome.stopped.failures]
    assert outcome.stopped.serial is None
    assert outcome.published == queries.newest(house.list_id)
    assert outcome.published.serial == 1


def test_without_names_for_tests_and_canaries_nothing_goes_out(house: House) -> None:
    house.subscribe()
    house.choose(test_domain="", canary_domains=())
    outcome = house.publish()
    assert outcome.published is None
    assert {failure.gate for failure in outcome.stopped.failures} == {"test_entries", "canaries"}


def test_a_jump_in_size_waits_for_a_person(house: House) -> None:
    house.publish()
    for number in range(60):
        house.list_entry("domain", f"http://many{number}.example/")
    stopped = house.publish().stopped
    assert stopped
    assert [(one.gate, one.count, one.allowed) for one in stopped.failures] == [("size_jump", 60, 50)]
    row = house.publish(accept=["size_jump"]).published
    assert row
    assert (row.serial, row.accepted) == (2, ("size_jump",))


def test_only_gates_for_sizes_can_be_accepted(house: House) -> None:
    entry = house.list_entry("url", "http://placeholder.example/page")
    Entry.objects.filter(pk=entry.pk).update(scope="domain", address="http://co.uk/", comparable="http://co.uk/")
    assert house.publish(accept=["too_wide"]).published is None


def test_a_stopped_addition_holds_no_removal_back(house: House) -> None:
    house.publish()
    house.take_off("http://one.example/")
    entry = house.list_entry("url", "http://placeholder.example/page")
    Entry.objects.filter(pk=entry.pk).update(scope="domain", address="http://co.uk/", comparable="http://co.uk/")
    house.list_entry("domain", "http://good.example/")
    outcome = house.publish()
    assert outcome.stopped
    assert outcome.published
    assert outcome.published.only_removals
    assert "http://one.example/" not in listed(house)
    assert "http://good.example/" not in listed(house), "additions wait until somebody has looked"
    state, stopped = queries.newest_of_each([house.list_id])[house.list_id]
    assert state == outcome.published
    assert stopped == outcome.stopped, "the desk says that something waits"


def test_a_list_that_shrank_is_published_at_once(house: House) -> None:
    house.publish()
    house.take_off("http://one.example/")
    tell_publisher(house.list_id, house.cast.hotline_id, grew=False)
    run_until_idle()
    row = queries.newest(house.list_id)
    assert row
    assert (row.serial, row.why, row.removed) == (2, "removal", 1)


def test_nothing_is_published_by_itself_before_a_person_did(house: House) -> None:
    tell_publisher(house.list_id, house.cast.hotline_id, grew=False)
    run_until_idle()
    assert queries.newest(house.list_id) is None
    assert not Job.objects.filter(dead=True).exists()


class Crash(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("where", ["replace", "keep_snapshot", "create"])
def test_a_crash_in_the_middle_leaves_nothing_visible(
    house: House, where: str, monkeypatch: pytest.MonkeyPatch, data: Path
) -> None:
    house.publish()
    before, files = listed(house), sorted(path.name for path in (data / "lists/states").iterdir())
    house.list_entry("domain", "http://new.example/")

    def crash(*_: object, **__: object) -> None:
        raise Crash

    target = {
        "replace": (Path, "replace"),
        "keep_snapshot": (store, "keep_snapshot"),
        "create": (services_publication, "record"),
    }
    with monkeypatch.context() as patch:
        patch.setattr(*target[where], crash)
        with pytest.raises(Crash):
            house.publish()
    assert listed(house) == before
    assert queries.newest(house.list_id).serial == 1
    if where == "replace":
        assert sorted(path.name for path in (data / "lists/states").iterdir()) == files
    row = house.publish().published
    assert row
    assert row.serial == 2


def test_what_a_crash_left_behind_is_swept_away(house: House, data: Path) -> None:
    house.publish()
    orphan, fresh = data / "lists/states/0000.gz", data / "lists/states/1111.gz"
    for path in (orphan, fresh):
        path.write_bytes(b"left behind")
    os.utime(orphan, (0, 0))
    assert services.sweep([house.cast.hotline_id]) == 1
    assert fresh.exists()
    assert listed(house)


def test_copies_of_earlier_publications_are_swept_away(house: House, data: Path) -> None:
    row, _ = house.subscribe()
    block_list = blocklist_queries.list_by_id(house.list_id)
    for _ in range(2):
        house.publish()
        feeds.copy_for(block_list, "domains", subscriber=row)
    for path in (data / "lists/copies").iterdir():
        os.utime(path, (0, 0))
    assert services.sweep([house.cast.hotline_id]) == 2, "the file and what is known of it"
    assert len(list((data / "lists/copies").iterdir())) == 2


def test_a_damaged_state_is_refused(house: House, data: Path) -> None:
    house.publish()
    for path in (data / "lists/states").iterdir():
        path.write_bytes(b"no list")
    with pytest.raises(store.StateMissing):
        listed(house)


def test_going_back_by_one_act_holds_the_list_until_somebody_goes_on(house: House) -> None:
    house.publish()
    house.list_entry("domain", "http://mistake.example/")
    house.publish()
    outcome = services.roll_back(house.list_id, 1, reason="a mistake", actor=house.cast["carl"].actor)
    assert outcome.published
    assert (outcome.published.serial, outcome.published.why) == (3, "rollback")
    assert "http://mistake.example/" not in listed(house)
    house.list_entry("domain", "http://later.example/")
    house.take_off("http://one.example/")
    assert house.publish().published.serial == 4
    assert not {"http://mistake.example/", "http://later.example/", "http://one.example/"} & listed(house)
    services.resume(house.list_id, actor=house.cast["carl"].actor)
    assert {"http://mistake.example/", "http://later.example/"} <= listed(house)
    assert queries.hold_of(house.list_id) is None


@pytest.mark.parametrize("ending", ["appeal", "withdrawn", "case", "gone"])
def test_going_back_gives_nothing_out_again_that_was_lifted_for_a_reason(house: House, ending: str) -> None:
    house.publish()
    house.take_off("http://one.example/", ending=ending)
    Entry.objects.filter(address="http://whole.example/").update(state="suspended")
    house.publish()
    services.roll_back(house.list_id, 1, reason="too little", actor=house.cast["carl"].actor)
    assert not {"http://one.example/", "http://whole.example/"} & listed(house)


def test_going_back_brings_what_a_wrong_file_of_a_partner_dropped(house: House) -> None:
    house.publish()
    house.take_off("http://one.example/", ending="partner")
    house.publish()
    services.roll_back(house.list_id, 1, reason="a wrong file", actor=house.cast["carl"].actor)
    assert "http://one.example/" in listed(house)


@pytest.mark.parametrize("who", ["ana", "adam", "otto", "pia", "dora"])
def test_only_a_supervisor_of_the_hotline_publishes(house: House, who: str) -> None:
    with pytest.raises(NotAllowed):
        services.publish(house.list_id, actor=house.cast[who].actor)
    assert queries.newest(house.list_id) is None
