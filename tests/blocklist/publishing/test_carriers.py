"""Who carries an entry, and who carries it still after it went."""

from typing import Any

from leeward.blocklist.models import Entry
from leeward.blocklist.publishing.feeds import copy_for
from leeward.blocklist.publishing.models import Fetch
from leeward.blocklist.publishing.queries.carriers import carriage_of, carried_of_case
from leeward.blocklist.queries import block_list
from leeward.blocklist.rules.packed import unpacked
from tests.blocklist.publishing.conftest import House


def carriage(entry: Entry) -> Any:
    return carriage_of(entry.pk)


def fetched(house: House, subscriber_id: int, serial: int, form: str = "rpz") -> None:
    from django.utils import timezone

    values = {"hotline_id": house.cast.hotline_id, "serial": serial, "at": timezone.now()}
    Fetch.objects.update_or_create(subscriber_id=subscriber_id, list_id=house.list_id, form=form, defaults=values)


def test_it_is_carried_from_the_first_publication_that_a_subscriber_took(house: House) -> None:
    from django.utils import timezone

    row, _key = house.subscribe()
    entry = Entry.objects.earliest("id")
    assert carriage(entry).serial is None
    first = house.publish().published
    assert first
    assert (carriage(entry).serial, carriage(entry).carriers) == (first.serial, ())
    fetched(house, row.id, first.serial or 0)
    assert [one.name for one in carriage(entry).carriers] == ["Alpha"]
    later = house.list_entry("host", "http://later.example/")
    assert carriage(later).carriers == ()
    Entry.objects.filter(pk=entry.pk).update(state="removed", state_at=timezone.now())
    entry.refresh_from_db()
    assert carriage(entry).serial is None
    assert [one.name for one in carriage(entry).carriers] == ["Alpha"]
    second = house.publish().published
    assert second
    assert carriage(entry).serial == second.serial
    fetched(house, row.id, second.serial or 0)
    assert carriage(entry).carriers == ()
    assert [one.name for one in carriage(later).carriers] == ["Alpha"]


def test_a_format_that_can_not_say_an_entry_does_not_carry_it(house: House) -> None:
    """Held against the copies themselves: what is said of an entry is what stands in the file, or does not."""
    row, _key = house.subscribe()
    house.list_entry("path", "http://folders.example/below/")
    made = house.publish().published
    assert made
    for form in ("rpz", "hosts", "adblock", "domains", "e2guardian", "urls", "hashes"):
        fetched(house, row.id, made.serial or 0, form)
    entries = {entry.scope: entry for entry in Entry.objects.all()}
    assert set(entries) == {"url", "path", "host", "domain"}
    for form in ("rpz", "hosts", "adblock", "domains", "e2guardian", "urls"):
        copy = copy_for(block_list(house.name), form, subscriber=row)
        assert copy
        text = b"\n".join(unpacked(copy.path.read_bytes())).decode()
        for scope, entry in entries.items():
            carried = form in {one.form for one in carriage(entry).carriers}
            assert carried == (entry.host in text), (form, scope)
    assert {one.form for one in carriage(entries["url"]).carriers} == {"adblock", "e2guardian", "urls", "hashes"}


def test_nothing_asked_is_nothing_found(house: House) -> None:
    assert carriage_of(0) is None
    assert carried_of_case(17) == []
