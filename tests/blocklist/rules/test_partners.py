"""Partners' lists: every good line is read, every bad one named, none of them stops the others."""

import dns.zone
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.blocklist.rules.partner_rpz import read_rpz
from leeward.blocklist.rules.partners import FileRefused, read_csv, read_plain
from leeward.blocklist.rules.rpz import Zone, rules_of, stop_addresses, zone_text


def said(found):
    return [(row.line, row.entry.scope.value, row.entry.comparable) for row in found.good]


def refused(found):
    return [(row.line, str(row.why)) for row in found.bad]


def test_a_plain_list_in_all_the_shapes_that_partners_send():
    found = read_plain(
        b"\xef\xbb\xbf# a comment\r\n"
        b"One.example\r\n"
        b"*.whole.example\n"
        b"||other.example^\n"
        b"0.0.0.0 hosts.example # with a comment\n"
        b"127.0.0.1 localhost\n"
        b"! adblock comment\n\n"
        b"http://shared.example/page.html\n"
        b"shared.example/q?id=1\n"
        b"192.0.2.7\n"
        b"https://b\xc3\xbccher.example:8443/p\n"
        b"ONE.example.\n"
    )
    assert said(found) == [
        (2, "host", "http://one.example/"),
        (3, "domain", "http://whole.example/"),
        (4, "domain", "http://other.example/"),
        (5, "host", "http://hosts.example/"),
        (9, "url", "http://shared.example/page.html"),
        (10, "url", "http://shared.example/q?id=1"),
        (11, "host", "http://192.0.2.7/"),
        (12, "url", "https://xn--bcher-kva.example/p"),
    ]
    assert found.good[-1].entry.address == "https://xn--bcher-kva.example:8443/p"
    assert found.bad == []
    assert found.repeated == 1


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"localhost", "no dot"),
        (b"a b.example", "space"),
        (b"\xff\xfe.example", "not text"),
        (b"nul\x00.example", "not text"),
        (b"mailto:a@a.example", "not a web address"),
        (b"*.co.uk", "many different owners"),
        (b"*.192.0.2.1", "numeric"),
        (b"http://", "not a web address"),
        (b"http://" + b"a" * 61_000 + b".example/", "not a web address"),
        (b"http://[2001:db8::zz]/", "not a web address"),
        (b"||a.example^$document", "not a web address"),
        (b"@@||a.example^", "not a web address"),
    ],
)
def test_a_line_that_lists_nothing_says_why(line, why):
    found = read_plain(b"good.example\n" + line + b"\nbetter.example\n")
    assert [row.line for row in found.good] == [1, 3]
    [(number, reason)] = refused(found)
    assert number == 2
    assert why in reason


def test_tricks_are_read_as_browsers_read_them():
    found = read_plain(
        b"http://listed.example\\@other.example/p\nhttp://0300.0250.1/x\nhttp://a.example./p\nhttp://A.example:80/p\n"
    )
    assert said(found) == [
        (1, "url", "http://listed.example/@other.example/p"),
        (2, "url", "http://192.168.0.1/x"),
        (3, "url", "http://a.example/p"),
    ]
    assert found.repeated == 1


def test_a_table_with_scopes_and_notes():
    found = read_csv(
        b"listed_on;URL;scope;note\n"
        b"2026-01-01;http://a.example/p;;first\n"
        b"2026-01-01;a.example;host;\n"
        b"2026-01-01;*.b.example;domain;\n"
        b"2026-01-01;c.example/1/;path\n"
        b'2026-01-01;"d.example";Domain;"said ""so"""\n'
        b";;;\n"
        b"2026-01-01\n"
        b"2026-01-01;e.example;everything;\n"
        b"2026-01-01;e.example/p;domain;\n"
        b'2026-01-01;"open.example;host;\n'
        b"2026-01-01;f.example;host;\n"
    )
    assert said(found) == [
        (2, "url", "http://a.example/p"),
        (3, "host", "http://a.example/"),
        (4, "domain", "http://b.example/"),
        (5, "path", "http://c.example/1/"),
        (6, "domain", "http://d.example/"),
        (12, "host", "http://f.example/"),
    ]
    assert found.good[0].note == "first"
    assert found.good[4].note == 'said "so"'
    assert [number for number, _ in refused(found)] == [8, 9, 10, 11]
    assert "missing" in str(found.bad[0].why)
    assert "not one of url, path, host, domain" in str(found.bad[1].why)


@pytest.mark.parametrize("content", [b"", b"a.example\nb.example\n", b"name,when\n1,2\n", b'"open\n'])
def test_a_table_whose_columns_nobody_can_tell_is_refused_as_a_whole(content):
    with pytest.raises(FileRefused):
        read_csv(content)


def test_a_list_with_a_tenth_of_its_lines_broken():
    lines = [b"name%d.example" % n if n % 10 else b"broken line %d" % n for n in range(1000)]
    found = read_plain(b"\n".join(lines))
    assert len(found.good) == 900
    assert [row.line for row in found.bad] == list(range(1, 1001, 10))
    assert found.bad_share == pytest.approx(0.1)


ZONE = b"""\
$TTL 60 ; a comment
$ORIGIN rpz.partner.example.
@ IN SOA ns.partner.example. desk.partner.example. (
    7 ; serial
    300 60 1209600 60 )
  NS ns.partner.example.
whole.example       CNAME .
*.whole.example  60 IN CNAME .
host.example.rpz.partner.example. 60 CNAME stop.partner.example.
number.example A 192.0.2.80
    AAAA 2001:db8::80
Bad\\032name.example CNAME .
ok.example CNAME rpz-passthru.
32.7.2.0.192.rpz-ip CNAME .
*.only.example CNAME .
outside.example. CNAME .
x.example PTR a.
y.example CNAME
dot\\.in.example CNAME .
code\\999.example CNAME .
$ORIGIN below.example.rpz.partner.example.
one CNAME .
"""


def test_a_policy_zone():
    found = read_rpz(ZONE)
    assert said(found) == [
        (7, "domain", "http://whole.example/"),
        (9, "host", "http://host.example/"),
        (10, "host", "http://number.example/"),
        (12, "host", "http://bad%20name.example/"),
        (22, "host", "http://one.below.example/"),
    ]
    assert [number for number, _ in refused(found)] == [13, 14, 15, 16, 17, 18, 19, 20]
    assert "exception" in dict(refused(found))[13]
    assert "addresses" in dict(refused(found))[14]
    assert "has no name after it" in dict(refused(found))[15]


def test_a_zone_as_bind_writes_it():
    found = read_rpz(
        b"$ORIGIN .\n$TTL 60\nrpz.partner.example IN SOA a. b. 1 2 3 4 5\n NS a.\n"
        b"$ORIGIN example.rpz.partner.example.\nbad CNAME .\n$ORIGIN bad.example.rpz.partner.example.\n* CNAME .\n"
    )
    assert said(found) == [(6, "domain", "http://bad.example/")]
    assert found.bad == []


def test_our_own_zones_come_back():
    listed = read_plain(b"*.whole.example\none.example\nhttp://with%20space.example/p\n*.with%23sign.example\n")
    origin = "rpz.hotline.example."
    zone = Zone(origin, 3, "ns.hotline.example.", "desk.hotline.example.", stop_addresses(["192.0.2.80", "::1"]))
    text = "".join(zone_text(zone, rules_of([row.entry for row in listed.good], origin).owners))
    dns.zone.from_text(text, origin=origin)
    found = read_rpz(text.encode())
    assert {row.entry for row in found.good} == {row.entry for row in listed.good} - {listed.good[2].entry}
    assert found.bad == []


@given(st.binary(max_size=200) | st.text(alphabet='a.*;"\\()@$ \t\n0IN', max_size=80).map(str.encode))
def test_any_bytes_are_read_without_an_error(content):
    for read in (read_plain, read_rpz):
        found = read(content)
        assert 0 <= found.bad_share <= 1
