"""Partners' lists, line by line: what each is read as, and the whole of what is said where it is not."""

import pytest

from leeward.blocklist.rules import sentences
from leeward.blocklist.rules.dns_names import MAX_LABEL_BYTES
from leeward.blocklist.rules.partner_rpz import read_rpz
from leeward.blocklist.rules.partners import BadLine, FileRefused, PartnerLine, PartnerList, read_csv, read_plain
from leeward.blocklist.rules.scopes import Scope
from leeward.hosting.rules.urls import shortened

LONG = "x" * 64
LONGEST = f"{'x' * 63}." * 3 + "y" * 53 + ".example"  # 253 characters
LONG_NAME = sentences.LONG_NAME % {"most": 253}
LONG_LABEL = sentences.LONG_LABEL % {"most": MAX_LABEL_BYTES}


def good(found: PartnerList) -> list[tuple[int, str, str, str, str]]:
    return [(row.line, row.entry.scope.value, row.entry.comparable, row.entry.address, row.note) for row in found.good]


def bad(found: PartnerList) -> list[tuple[int, str, str]]:
    return [(row.line, row.text, str(row.why)) for row in found.bad]


@pytest.mark.parametrize(
    ("line", "scope", "comparable"),
    [
        ("a.example", "host", "http://a.example/"),
        ("a.example.", "host", "http://a.example/"),
        ("a.example #b", "host", "http://a.example/"),
        ("a.example #b #c", "host", "http://a.example/"),
        ("  a.example\t", "host", "http://a.example/"),
        ("0.0.0.0   a.example", "host", "http://a.example/"),
        ("0.0.0.0 a.example/p", "url", "http://a.example/p"),
        ("127.0.0.1 a.example", "host", "http://a.example/"),
        (":: a.example", "host", "http://a.example/"),
        ("::1 *.a.example", "domain", "http://a.example/"),
        ("||a.example^", "domain", "http://a.example/"),
        ("*.a.example", "domain", "http://a.example/"),
        ("a.example/", "url", "http://a.example/"),
        ("a.example?q", "url", "http://a.example/?q"),
        ("a.example#f", "url", "http://a.example/"),
        ("a.example:8080", "url", "http://a.example/"),
        ("a.test:8080", "url", "http://a.test/"),
        ("a.exam\u200bple", "host", "http://a.example/"),
        ("[2001:db8::1]/[x]", "url", "http://[2001:db8::1]/[x]"),
        ("https://a.example", "url", "https://a.example/"),
        ("[2001:db8::1]", "host", "http://[2001:db8::1]/"),
        ("[2001:DB8::aF]", "host", "http://[2001:db8::af]/"),
        ("[::ffff:192.0.2.7]", "host", "http://[::ffff:c000:207]/"),
        ("[2001:db8::1]/p", "url", "http://[2001:db8::1]/p"),
        (LONGEST, "host", f"http://{LONGEST}/"),
        (f"{'x' * 63}.example", "host", f"http://{'x' * 63}.example/"),
    ],
)
def test_what_a_plain_line_lists(line: str, scope: str, comparable: str) -> None:
    [row] = read_plain(line.encode()).good
    assert (row.line, row.entry.scope, row.entry.comparable, row.note) == (1, Scope(scope), comparable, "")
    assert bool(row.entry.address) is (scope == "url")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("0.0.0.0", sentences.NO_WEB_ADDRESS),
        ("a.example#b c", sentences.A_SPACE),
        ("a\x01b.example", sentences.NO_TEXT),
        ("mailto:a@b.example", sentences.NO_WEB_ADDRESS),
        ("intranet", sentences.NO_DOT),
        ("intranet/p.html", sentences.NO_DOT),
        ("a..example", sentences.EMPTY_LABEL),
        ("http://a..example/x..y", sentences.EMPTY_LABEL),
        (".a.example", sentences.EMPTY_LABEL),
        (f"{LONG}.example", LONG_LABEL),
        (f"{LONGEST}x", LONG_NAME),
        (f"*.{LONGEST}x", LONG_NAME),
        (f"https://{LONGEST}x/page", LONG_NAME),
        (f"0.0.0.0 {LONGEST}x", LONG_NAME),
        ("a.*.example", sentences.A_STAR),
        ("*", sentences.A_STAR),
        ("*.192.0.2.7", sentences.NUMBER),
        ("*.co.uk", sentences.MANY_OWNERS),
        ("*.a.example/p", sentences.HAS_PATH),
        ("||a.example", sentences.NO_WEB_ADDRESS),
        ("a.example^", sentences.NO_WEB_ADDRESS),
        ("||a.example^$document", sentences.NO_WEB_ADDRESS),
        ("@@||a.example^", sentences.NO_WEB_ADDRESS),
        ("<a.example>", sentences.NO_WEB_ADDRESS),
    ],
)
def test_what_is_said_of_a_plain_line_that_lists_nothing(line: str, why: str) -> None:
    assert bad(read_plain(f"\n{line}".encode())) == [(2, shortened(line), why)]


@pytest.mark.parametrize("line", ["", "   ", "# a.example", "! a.example", "  # a.example"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_line_that_says_nothing_is_neither(line: str, ending: str) -> None:
    found = read_plain(f"{line}{ending}a.example".encode())
    assert [row.line for row in found.good] == [2]
    assert (found.bad, found.repeated, found.bad_share) == ([], 0, 0.0)


@pytest.mark.parametrize("name", ["localhost", "localhost.localdomain", "local", "broadcasthost", "ip6-localhost"])
def test_the_own_lines_of_a_hosts_file_are_neither(name: str) -> None:
    assert read_plain(f"127.0.0.1  {name}\na.example".encode()).good[0].line == 2
    assert read_plain(f"127.0.0.1 {name}".encode()) == PartnerList()


def test_the_share_of_bad_lines_counts_repeated_ones_too() -> None:
    found = read_plain(b"a.example\na.example\na.example\n*\n")
    assert (len(found.good), found.repeated, found.bad_share) == (1, 2, 0.25)
    assert read_plain(b"*").bad_share == 1.0
    assert read_plain(b"").bad_share == 0.0


def test_bytes_that_are_no_text_spoil_their_own_line_only() -> None:
    found = read_plain(b"\xef\xbb\xbfa.example\nb\xff.example\nc.example")
    assert [row.line for row in found.good] == [1, 3]
    assert [(number, why) for number, _, why in bad(found)] == [(2, sentences.NO_TEXT)]


# Tables


def test_a_table_row_by_row() -> None:
    found = read_csv(
        b' Address ,"SCOPE",note\n'
        b"a.example,,n1\n"
        b" *.b.example , Domain ,n2\n"
        b"http://c.example/p, url\n"
        b"d.example\n"
        b", ,\n"
        b'"e.example","host","a, b"\n'
        b"*.f.example,host,\n"
    )
    assert good(found) == [
        (2, "host", "http://a.example/", "", "n1"),
        (3, "domain", "http://b.example/", "", "n2"),
        (4, "url", "http://c.example/p", "http://c.example/p", ""),
        (5, "host", "http://d.example/", "", ""),
        (7, "host", "http://e.example/", "", "a, b"),
    ]
    assert bad(found) == [(8, "*.f.example,host,", sentences.A_STAR)]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("column", ["address", "url", "domain", "host"])
def test_a_table_with_each_mark_and_each_name_of_the_column(mark: str, column: str) -> None:
    found = read_csv(f"when{mark}{column}\n1{mark}a.example\n2{mark}\n3".encode())
    assert good(found) == [(2, "host", "http://a.example/", "", "")]
    assert bad(found) == [(3, shortened(f"2{mark}"), sentences.NO_WEB_ADDRESS), (4, "3", sentences.NO_ADDRESS)]


def test_only_marks_part_columns_and_only_what_is_blank_says_nothing() -> None:
    found = read_csv(b"XX XX XX;address\n1;a.example\n ; \nX;X\n")
    assert good(found) == [(2, "host", "http://a.example/", "", "")]
    assert bad(found) == [(4, "X;X", sentences.NO_DOT)]
    assert bad(read_csv(b"address\nX")) == [(2, "X", sentences.NO_DOT)]


def test_an_address_goes_before_a_host() -> None:
    assert good(read_csv(b"host,address\na.example,b.example")) == [(2, "host", "http://b.example/", "", "")]


def test_what_is_said_of_a_row_that_lists_nothing() -> None:
    line = f"a.example,{'w' * 30}"
    scopes = "url, path, host, domain"
    found = read_csv(f'url,scope\n{line}\n"a.example,host\na.example,shop\n'.encode())
    assert bad(found) == [
        (2, line, sentences.NO_SCOPE % {"word": repr("w" * 19 + "…"), "scopes": scopes}),
        (3, '"a.example,host', sentences.WRONG_QUOTES),
        (4, "a.example,shop", sentences.NO_SCOPE % {"word": "'shop'", "scopes": scopes}),
    ]


def test_a_file_without_the_column_says_which_names_it_may_have() -> None:
    with pytest.raises(FileRefused) as refused:
        read_csv(b"name\na.example")
    wanted = sentences.NO_COLUMN % {"names": "address, url, domain, host"}
    assert (str(refused.value), str(refused.value.why)) == (wanted, wanted)


# Policy zones


HEAD = "$ORIGIN rpz.example.\n@ IN SOA a. b. 1 2 3 4 5\n"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a.example CNAME .", [(1, "host", "http://a.example/")]),
        ("a.example CNAME .\n*.a.example CNAME .", [(1, "domain", "http://a.example/")]),
        ("*.a.example CNAME .\nb.example CNAME .\na.example CNAME .", [(2, "host", "http://b.example/"), (3, "domain", "http://a.example/")]),
        ("a.example CNAME .\na.example A 192.0.2.1", [(1, "host", "http://a.example/")]),
        ("A.Example 60 in cname .", [(1, "host", "http://a.example/")]),
        ("a.example IN 60 CNAME .", [(1, "host", "http://a.example/")]),
        ("a.example TXT x\n\tMX 1 b.\nb.example DNAME c.\nc.example AAAA ::1",
         [(1, "host", "http://a.example/"), (3, "host", "http://b.example/"), (4, "host", "http://c.example/")]),
        ("; a comment\n\n  \na.example CNAME . ; b", [(4, "host", "http://a.example/")]),
        ('a.example TXT "x;y(" ; (', [(1, "host", "http://a.example/")]),
        ("a.example TXT x\\;(\nb.example CNAME .\n) CNAME .\nc.example CNAME .", [(1, "host", "http://a.example/"), (4, "host", "http://c.example/")]),
        ("@ SOA a. b. (\na.example CNAME .\n) )\nb.example CNAME .", [(4, "host", "http://b.example/")]),
        ("@ SOA a. b. ( ( 1\nx )\na.example CNAME .\n)\nb.example CNAME .", [(5, "host", "http://b.example/")]),
        (HEAD + "a.example CNAME .", [(3, "host", "http://a.example/")]),
        (HEAD + "a.example.rpz.example. CNAME .", [(3, "host", "http://a.example/")]),
        (HEAD + "rpz.example. NS a.\n@ NS a.\na.example CNAME .", [(5, "host", "http://a.example/")]),
        (HEAD + "$ORIGIN example\na CNAME .", [(4, "host", "http://a.example/")]),
        (HEAD + "$origin example.rpz.example. ; x\na CNAME .\n@ NS .", [(4, "host", "http://a.example/")]),
        (HEAD + "$TTL example.rpz.example.\na.example CNAME .", [(4, "host", "http://a.example/")]),
        (HEAD + "$ORIGIN\na.example CNAME .", [(4, "host", "http://a.example/")]),
        (HEAD + "$ORIGIN @\na.example CNAME .", [(4, "host", "http://a.example/")]),
        (HEAD + f"$ORIGIN {'x' * 1021}\na.example CNAME .", [(4, "host", "http://a.example/")]),
        ("$ORIGIN .\nrpz.example SOA a. b. 1 2 3 4 5\na.example.rpz.example CNAME .", [(3, "host", "http://a.example/")]),
        ("rpz.example. SOA a. b. 1 2 3 4 5\na.example.rpz.example. CNAME .", [(2, "host", "http://a.example/")]),
        ("a\\032b.example CNAME .\na\\!.example CNAME .", [(1, "host", "http://a%20b.example/"), (2, "host", "http://a!.example/")]),
        ("a_-9.example CNAME .", [(1, "host", "http://a_-9.example/")]),
        ("a!\xe9.example CNAME .", [(1, "host", "http://xn--a!-cja.example/")]),
        ("a\\126.example CNAME .", [(1, "host", "http://a~.example/")]),
        ("rpz.example. SOA a. b. 1\na.example CNAME .", [(2, "host", "http://a.example/")]),
        ("$ORIGIN rpz.example.\na.example CNAME .", [(2, "host", "http://a.example/")]),
        ("\tCNAME .\na.example CNAME .", [(2, "host", "http://a.example/")]),
        (HEAD + f"$ORIGIN {'x' * 1020}.\na.example CNAME .", [(4, "host", "http://a.example/")]),
        ("@ CNAME .\na.example CNAME .", [(2, "host", "http://a.example/")]),
        (HEAD + "@ CNAME .\na.example CNAME .", [(4, "host", "http://a.example/")]),
        ("a.exampl\\e CNAME .", [(1, "host", "http://a.example/")]),
        ("a.example\\ CNAME .", [(1, "host", "http://a.example\\/")]),
        ("Xa.example CNAME .", [(1, "host", "http://xa.example/")]),
        ("a\\03x.example CNAME .", [(1, "host", "http://a03x.example/")]),
    ],
)  # fmt: skip
def test_what_a_zone_lists(text: str, rows: list[tuple[int, str, str]]) -> None:
    found = read_rpz(text.encode())
    assert [(row.line, row.entry.scope.value, row.entry.comparable) for row in found.good] == rows
    assert found.bad == []
    assert all(row.entry.address == "" and row.note == "" for row in found.good)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("a.example PTR b.", sentences.NO_RECORD),
        ("a.example", sentences.NO_RECORD),
        ("a.example CNAME", sentences.NO_VALUE),
        ("a.example CNAME rpz-passthru.", sentences.EXCEPTION),
        ("a.example CNAME RPZ-TCP-only.", sentences.EXCEPTION),
        ("a.example. CNAME .", sentences.OUTSIDE),
        ("a.xrpz.example. CNAME .", sentences.OUTSIDE),
        ("32.1.2.0.192.rpz-ip CNAME .", sentences.OTHER_TRIGGER),
        ("32.1.2.0.192.rpz-client-ip CNAME .", sentences.OTHER_TRIGGER),
        ("ns.example.rpz-nsdname CNAME .", sentences.OTHER_TRIGGER),
        ("32.1.2.0.192.rpz-nsip CNAME .", sentences.OTHER_TRIGGER),
        ("a\\.b.example CNAME .", sentences.DOT_IN_LABEL),
        ("a\\046b.example CNAME .", sentences.DOT_IN_LABEL),
        ("a\\256b.example CNAME .", sentences.BAD_ESCAPE),
        (f"{LONG}.example CNAME .", LONG_LABEL),
        (f"{LONGEST}x CNAME .", LONG_NAME),
        ("a\\255b.example CNAME .", sentences.NO_WEB_ADDRESS),
        ("example CNAME .", sentences.NO_DOT),
        ("a\\*.example CNAME .", sentences.A_STAR),
    ],
)
def test_what_is_said_of_a_rule_that_lists_nothing(line: str, why: str) -> None:
    found = read_rpz(f"{HEAD}{line}\nb.example CNAME .".encode())
    assert [row.line for row in found.good] == [4]
    [(number, text, said)] = bad(found)
    assert (number, said) == (3, why)
    assert text in (shortened(line), line.split(maxsplit=1)[0], "a%2A.example", "a%FFb.example")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a.example. CNAME .", sentences.OUTSIDE),
        (HEAD + f"$ORIGIN {'x' * 1007}\na.b CNAME .", LONG_LABEL),
    ],
)
def test_names_that_no_origin_makes_good(text: str, why: str) -> None:
    found = read_rpz(text.encode())
    assert found.good == []
    assert [said for _, _, said in bad(found)] == [why]


def test_bytes_that_are_no_text_stay_in_their_own_rule() -> None:
    found = read_rpz(b"b\xff.example CNAME .\na.example CNAME .")
    assert [row.line for row in found.good] == [2]
    assert bad(found) == [(1, "b%FF.example", sentences.NO_WEB_ADDRESS)]


def test_a_wildcard_alone_is_named_in_its_place() -> None:
    found = read_rpz(b"z.example PTR x\n*.a.example CNAME .\n*.a.example CNAME .\nexample CNAME .")
    assert bad(found) == [
        (1, "z.example PTR x", sentences.NO_RECORD),
        (2, "*.a.example", sentences.LONE_WILDCARD),
        (4, "example", sentences.NO_DOT),
    ]


def test_rows_keep_what_was_read() -> None:
    [row] = read_plain(b"a.example").good
    assert isinstance(row, PartnerLine)
    [refused] = read_plain(b"*").bad
    assert isinstance(refused, BadLine)
