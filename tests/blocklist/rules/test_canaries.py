"""A leaked copy names its leaker, in every format that we give out."""

import gzip
import io
import zipfile

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
