"""Response policy zones: read back with dnspython, which is not ours, and with BIND's checker where it is installed."""

import shutil
import subprocess
from collections import Counter

import dns.zone
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.blocklist.rules.dns_names import NotADnsName, is_under, owner_name
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.rpz import (
    NO_SUCH_NAME,
    Zone,
    owners_of,
    rules_of,
    stop_addresses,
    stop_name,
    zone_text,
)
from leeward.blocklist.rules.scopes import Scope
from leeward.foundation.errors import BadInput

ORIGIN = "rpz.hotline.example."


def zone(action=NO_SUCH_NAME, serial=7, **others):
    return Zone(ORIGIN, serial, "ns.hotline.example.", "desk.hotline.example.", action, **others)


def entries(*rows):
    return [ListEntry(Scope(scope), f"http://{host}") for scope, host in rows]


def read(text):
    return dns.zone.from_text(text, origin=ORIGIN, relativize=True, check_origin=True)


def records(parsed):
    return {(name.to_text(), rdata.to_text()) for name, _, rdata in parsed.iterate_rdatas() if name.to_text() != "@"}


def test_a_domain_takes_two_rules_a_host_one_and_a_page_none():
    rules = rules_of(
        entries(("domain", "a.example/"), ("host", "b.example/"), ("url", "c.example/1"), ("path", "c.example/2/")),
        ORIGIN,
    )
    assert rules.owners == ("*.a.example", "a.example", "b.example")
    assert rules.left_out == Counter(url=1, path=1)
    parsed = read("".join(zone_text(zone(), rules.owners)))
    assert records(parsed) == {("a.example", "."), ("*.a.example", "."), ("b.example", ".")}


def test_head_of_the_zone():
    parsed = read("".join(zone_text(zone(), ["a.example"])))
    soa = parsed.get_rdataset("@", "SOA")
    assert soa[0].serial == 7
    assert soa[0].mname.to_text() == "ns.hotline.example."
    assert soa[0].minimum == 60
    assert parsed.get_rdataset("@", "NS")[0].target.to_text() == "ns.hotline.example."
    assert {ttl for _, ttl, _ in parsed.iterate_rdatas()} == {60}


def test_the_stop_page_by_name_and_by_addresses():
    by_name = read("".join(zone_text(zone(stop_name("stop.hotline.example.")), ["a.example"])))
    assert records(by_name) == {("a.example", "stop.hotline.example.")}
    by_number = read(
        "".join(zone_text(zone(stop_addresses(["192.0.2.80", "2001:db8:0::80"])), ["a.example", "b.example"]))
    )
    assert records(by_number) == {
        (name, address) for name in ("a.example", "b.example") for address in ("192.0.2.80", "2001:db8::80")
    }


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("192.0.2.1", "address"),
        ("[2001:db8::1]", "address"),
        ("a.5", "address"),
        ("localhost", "one_label"),
        ("a." + "b" * 64 + ".example", "too_long"),
        (".".join(["abcdefg"] * 32), "too_long"),
        ("a..example", "empty_label"),
        ("x" * 56 + ".onion", "onion"),
        ("32.1.2.0.192.rpz-ip", "trigger"),
    ],
)
def test_what_is_no_name_of_the_dns_is_counted(host, why):
    with pytest.raises(NotADnsName, match=why):
        owner_name(host)
    rules = rules_of(entries(("domain", host + "/"), ("host", "b.example/")), ORIGIN)
    assert rules.owners == ("b.example",)
    assert rules.left_out == Counter({why: 1})


def test_a_name_that_fits_alone_but_not_with_its_wildcard_below_the_origin():
    room = 254 - len(ORIGIN)
    host = ("a" * 49 + ".") * 4
    host += "b" * (room - len(host) - 1)
    assert rules_of(entries(("host", host + "/")), ORIGIN).owners == (host,)
    assert rules_of(entries(("domain", host + "/")), ORIGIN).left_out == Counter(too_long=1)
    assert rules_of(entries(("host", host + "c/")), ORIGIN).left_out == Counter(too_long=1)
    read("".join(zone_text(zone(), [host])))
    assert rules_of(entries(("domain", host[2:] + "/")), ORIGIN).owners == (f"*.{host[2:]}", host[2:])


hosts = st.lists(
    st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=".%/"), min_size=1, max_size=12)
    | st.sampled_from(["%20", "%23", "%FF", "%25", "%00", "$ttl", "@", "in", "a;b", "(", '"', "\\", "*"]),
    min_size=2,
    max_size=5,
).map(".".join)


@given(st.lists(st.tuples(hosts, st.booleans()), max_size=8))
def test_any_host_comes_back_as_the_same_labels(pairs):
    left_out = Counter()
    owners = owners_of(pairs, ORIGIN, left_out)
    parsed = read("".join(zone_text(zone(), owners)))
    found = {name.labels for name, _, _ in parsed.iterate_rdatas() if name.to_text() != "@"}
    wanted = set()
    for host, with_subnames in pairs:
        try:
            owner_name(host)
        except NotADnsName:
            continue
        labels = tuple(_unescaped(label) for label in host.split("."))
        wanted |= {labels, (b"*", *labels)} if with_subnames else {labels}
    assert {tuple(label.lower() for label in name) for name in found} == {
        tuple(label.lower() for label in name) for name in wanted
    }


def _unescaped(label):
    from urllib.parse import unquote_to_bytes

    return unquote_to_bytes(label)


@pytest.mark.parametrize("ttl", [0, 61, -1])
def test_a_list_that_could_not_be_taken_back_within_a_minute_is_refused(ttl):
    with pytest.raises(BadInput, match="TTL"):
        zone(ttl=ttl)


@pytest.mark.parametrize(
    "make",
    [
        lambda: zone(serial=0),
        lambda: zone(serial=2**32),
        lambda: stop_name("stop.hotline.example"),
        lambda: stop_name("stop page.example."),
        lambda: stop_addresses([]),
        lambda: stop_addresses(["192.0.2.300"]),
        lambda: rules_of([], "a\nb."),
    ],
)
def test_a_zone_that_no_server_would_take_is_refused(make):
    with pytest.raises(BadInput):
        make()


def test_names_above():
    parents = frozenset({"gov.example", "own.example"})
    assert is_under("gov.example", parents) == "gov.example"
    assert is_under("a.b.gov.example", parents) == "gov.example"
    assert is_under("notgov.example", parents) == ""


@pytest.mark.skipif(
    not shutil.which("named-checkzone"), reason="named-checkzone (Debian: bind9-utils) is not installed"
)
@pytest.mark.parametrize(
    "action", [NO_SUCH_NAME, stop_name("stop.hotline.example."), stop_addresses(["192.0.2.80", "::1"])]
)
def test_binds_checker_takes_it(tmp_path, action):
    rules = rules_of(entries(("domain", "a%20b%3B.example/"), ("host", "b.example/")), ORIGIN)
    path = tmp_path / "zone"
    path.write_text("".join(zone_text(zone(action), rules.owners)))
    done = subprocess.run(["named-checkzone", ORIGIN, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "loaded serial 7" in done.stdout
