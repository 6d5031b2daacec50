"""A leaked copy names its leaker, in every format that we give out."""

import gzip
import io
import zipfile

import pytest

from leeward.blocklist.publishing.copies import canary_entries
from leeward.blocklist.rules import packed
from leeward.blocklist.rules.canaries import Leak, Suspect, canary_names, read_leak, whose
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.expressions import digest
from leeward.blocklist.rules.hash_list import HashList, prefixes_of, whole
from leeward.blocklist.rules.hash_list_wire import write_update
from leeward.blocklist.rules.keyed import KeyedList, keyed_scopes, keyed_text, subscriber_key
from leeward.blocklist.rules.plain import domains, hosts
from leeward.blocklist.rules.rpz import Zone, rules_of, zone_text
from leeward.blocklist.rules.scopes import Scope
from leeward.blocklist.rules.url_events import url_events

DOMAINS = ["operator.example", "garden.test"]


def canaries(subscriber, count=8):
    return canary_names(b"secret", list_name="national", subscriber=subscriber, domains=DOMAINS, count=count)


SUBSCRIBERS = {name: canaries(name) for name in ("alpha", "beta", "gamma")}


def copy_of(subscriber):
    return [
        *[ListEntry(Scope.HOST, f"http://{name}/") for name in SUBSCRIBERS[subscriber]],
        *[ListEntry(Scope.DOMAIN, f"http://bad{n}.example/") for n in range(50)],
    ]


def test_canaries_are_unlike_those_of_others_and_stay():
    every = [name for names in SUBSCRIBERS.values() for name in names]
    assert len(set(every)) == 24
    assert canaries("alpha", 12)[:8] == canaries("alpha")
    assert {name.partition(".")[2] for name in canaries("alpha")} == set(DOMAINS)
    assert canary_names(b"secret", list_name="worst-of", subscriber="alpha", domains=DOMAINS) != canaries("alpha")


def test_text_formats_name_their_leaker():
    entries = copy_of("beta")
    origin = "rpz.hotline.example."
    zone = "".join(
        zone_text(
            Zone(origin, 1, "ns.hotline.example.", "d.hotline.example."),
            [f"{owner}.{origin}" for owner in rules_of(entries, origin).owners],
        )
    )
    for text in (hosts(entries).text(), zone, f"said: see HTTP://{SUBSCRIBERS['beta'][3].upper()}/x, and more"):
        [suspect] = whose(read_leak(text.encode()), SUBSCRIBERS)
        assert suspect.subscriber == "beta"
        assert suspect.is_certain


def test_a_packed_file_names_its_leaker_too():
    text = hosts(copy_of("beta")).text().encode()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("readme", "nothing")
        made.writestr("bannedsitelist", text)
    for content in (gzip.compress(text), archive.getvalue()):
        assert whose(read_leak(content), SUBSCRIBERS) == [Suspect("beta", 8, 8, is_certain=True)]
    for damaged in (gzip.compress(text)[:40], archive.getvalue()[:200], b"PK\x03\x04", b"\x1f\x8b"):
        assert whose(read_leak(damaged), SUBSCRIBERS) == []


def test_a_bomb_is_opened_as_far_as_its_bound(monkeypatch):
    monkeypatch.setattr(packed, "MOST_BYTES", 100_000)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bomb:
        for number in range(5):
            bomb.writestr(str(number), bytes(60_000))
    assert [len(part) for part in packed.unpacked(archive.getvalue())] == [60_000, 40_000, 0, 0, 0]
    assert [len(part) for part in packed.unpacked(gzip.compress(bytes(300_000)))] == [100_000]


def test_a_prefix_list_names_its_leaker():
    prefixes = prefixes_of([digest(entry.expression) for entry in copy_of("gamma")])
    message = write_update(whole(HashList("national", b"1", prefixes)))
    assert whose(read_leak(message), SUBSCRIBERS) == [Suspect("gamma", 8, 8, is_certain=True)]
    one = Leak(frozenset(), frozenset({int.from_bytes(digest(SUBSCRIBERS["alpha"][0] + "/")[:4], "big")}))
    assert whose(one, SUBSCRIBERS) == [Suspect("alpha", 1, 8, is_certain=False)]


def test_a_keyed_list_names_its_leaker():
    keys = {
        name: [
            subscriber_key(b"s", list_name="national", subscriber=name, epoch=epoch) for epoch in ("2026-11", "2026-12")
        ]
        for name in SUBSCRIBERS
    }
    held = KeyedList("national", "2026-12", 3, keyed_scopes(keys["alpha"][1], copy_of("alpha")))
    leak = read_leak("".join(keyed_text(held)).encode())
    assert whose(leak, SUBSCRIBERS, keys) == [Suspect("alpha", 8, 8, is_certain=True)]
    assert whose(leak, SUBSCRIBERS) == []


def test_two_copies_mixed_name_both():
    text = hosts(copy_of("alpha")).text() + hosts(copy_of("beta")[:4]).text()
    assert whose(read_leak(text.encode()), SUBSCRIBERS) == [
        Suspect("alpha", 8, 8, is_certain=True),
        Suspect("beta", 4, 8, is_certain=True),
    ]


def test_a_file_without_canaries_names_nobody():
    entries = [entry for entry in copy_of("alpha") if entry.scope is Scope.DOMAIN]
    assert whose(read_leak(domains(entries).text().encode()), SUBSCRIBERS) == []
    assert whose(read_leak(b""), SUBSCRIBERS) == []
    word = SUBSCRIBERS["alpha"][0].partition(".")[0]
    assert whose(read_leak(f"{word}.elsewhere.example\n".encode()), SUBSCRIBERS) == []
    assert whose(read_leak(b"\xff\x00\xfe"), SUBSCRIBERS) == []


@pytest.mark.parametrize(
    "passed_on",
    [
        lambda text: text.replace(".", "[.]").encode(),
        lambda text: text.replace(".", " dot ").encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: "\n".join(line.partition(".")[0] for line in text.splitlines()).encode(),
        lambda text: text.replace(DOMAINS[0], "x.example").replace(DOMAINS[-1], "y.example").encode(),
    ],
    ids=["defanged", "in words", "utf-16", "utf-16 without mark", "utf-16 be", "without parents", "other parents"],
)
def test_a_copy_that_was_changed_on_its_way_still_names_its_holder(passed_on):
    text = "\n".join(["http://one.example/page", *SUBSCRIBERS["beta"], "http://two.example/"]) + "\n"
    [suspect] = whose(read_leak(passed_on(text)), SUBSCRIBERS)
    assert (suspect.subscriber, suspect.is_certain) == ("beta", True)


def test_canaries_stand_all_over_a_list_of_addresses():
    letters = "bdfgklmnprstvz"
    pages = [
        ListEntry(Scope.URL, f"http://{letter}{number:03}.example/p") for letter in letters for number in range(100)
    ]
    lines = list(url_events("national", 1, [*pages, *canary_entries(SUBSCRIBERS["alpha"])]))
    places = [place for place, line in enumerate(lines) if any(name in line for name in SUBSCRIBERS["alpha"])]
    assert len(places) == 8
    assert max(places) - min(places) > len(lines) / 2
