"""Gates before a publication, and whether a scope is too wide."""

from dataclasses import replace
from datetime import date

import pytest

from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.gates import Draft, Failure, Limits, failures, read_popular
from leeward.blocklist.rules.overblocking import BadPlatformLine, Refusal, names_above, read_platforms
from leeward.blocklist.rules.scopes import Scope

PLATFORMS = read_platforms(
    [
        "name,shared_by,kind,as_of,source\n",
        "sites.example,names,websites,2026-11-24,own reading\n",
        "Files.example,paths,storage,2025-01-01,own reading\n",
        "cdn.big.example,names,delivery,2025-01-01,own reading\n",
    ]
)


def entry(scope, host):
    return ListEntry(Scope(scope), f"http://{host}/" if "/" not in host else f"http://{host}")


TEST = entry("host", "test.hotline.example")
BASE = [TEST, entry("host", "canary.other.example"), *[entry("url", f"bad{n}.example/p") for n in range(200)]]
LIMITS = Limits(
    own_names=frozenset({"own.example"}),
    government_names=frozenset({"gov.example"}),
    popular_names=frozenset({"popular.example", "deep.big.example"}),
    platforms=PLATFORMS,
)


def draft(*more, less=0, **others):
    entries = [*BASE[: len(BASE) - less], *more]
    made = Draft(
        entries,
        previous=BASE,
        test_entries=[TEST],
        canaries=["canary.other.example"],
        wanted_canaries=["canary.other.example"],
    )
    return replace(made, **others)


def test_nothing_stops_a_good_draft():
    assert failures(draft(entry("domain", "other.example")), LIMITS) == []
    assert failures(draft(previous=[]), LIMITS) == []


@pytest.mark.parametrize(
    ("more", "gate"),
    [
        (entry("url", "own.example/p"), "own_names"),
        (entry("host", "a.own.example"), "own_names"),
        (entry("url", "ministry.gov.example/p"), "government_names"),
        (entry("host", "popular.example"), "popular_names"),
        (entry("host", "www.popular.example"), "popular_names"),
        (entry("domain", "big.example"), "popular_names"),
        (entry("host", "x.files.example"), "too_wide"),
        (entry("domain", "co.uk"), "too_wide"),
        (entry("url", "popular.example"), "popular_names"),
        (entry("url", "www.popular.example"), "popular_names"),
        (entry("url", "x.files.example"), "too_wide"),
        (entry("url", "github.io"), "too_wide"),
        (entry("url", "192.168.0.1/p"), "too_wide"),
        (entry("path", "10.0.0.1/p/"), "too_wide"),
        (entry("host", "169.254.169.254"), "too_wide"),
        (entry("url", "[fd00::1]/p"), "too_wide"),
        (entry("url", "[::ffff:100.64.0.1]/p"), "too_wide"),
        (entry("host", "224.0.0.251"), "too_wide"),
    ],
)
def test_a_name_that_must_not_be_listed_stops_it(more, gate):
    found = {failure.gate: failure for failure in failures(draft(more), LIMITS)}
    assert found[gate] == Failure(gate, 1, (more.comparable,))


@pytest.mark.parametrize(
    "more",
    [
        entry("url", "popular.example/p"),
        entry("path", "popular.example/p/"),
        entry("host", "tenant.popular.example"),
        entry("host", "big.example"),
        entry("host", "notown.example"),
        entry("domain", "tenant.sites.example"),
        entry("url", "x.files.example/p"),
        entry("url", "other.example"),
        entry("url", "tenant.sites.example"),
        entry("url", "popular.example/?page=1"),
        entry("host", "8.8.8.8"),
        entry("url", "[2001:4860::1]/p"),
    ],
)
def test_what_is_narrow_enough_passes(more):
    assert failures(draft(more), LIMITS) == []


def test_a_domain_above_a_name_that_must_not_be_listed():
    limits = Limits(own_names=frozenset({"desk.hotline.example"}))
    assert [failure.gate for failure in failures(draft(entry("domain", "hotline.example")), limits)] == ["own_names"]
    assert failures(draft(entry("host", "hotline.example")), limits) == []


def test_a_jump_in_size_stops_it_both_ways():
    many = [entry("url", f"new{n}.example/") for n in range(51)]
    assert failures(draft(*many[:50]), LIMITS) == []
    assert failures(draft(*many), LIMITS) == [Failure("size_jump", 51, allowed=50)]
    assert failures(draft(less=51), LIMITS) == [Failure("size_jump", 51, allowed=50)]
    assert failures(draft(entries=[], test_entries=[], wanted_canaries=[]), LIMITS) == [
        Failure("emptied", len(BASE), allowed=0)
    ]


def test_test_entries_and_canaries_must_be_there():
    assert failures(draft(test_entries=[TEST, entry("host", "t2.example")]), LIMITS) == [
        Failure("test_entries", 1, ("http://t2.example/",))
    ]
    assert failures(draft(canaries=[]), LIMITS) == [Failure("canaries", 1, ("canary.other.example",))]


def test_many_wrong_names_are_counted_and_the_first_shown():
    found = failures(draft(*[entry("url", f"own.example/{n}") for n in range(30)]), LIMITS)
    assert found[0].count == 30
    assert len(found[0].examples) == 20


@pytest.mark.parametrize(
    ("scope", "host", "wanted"),
    [
        ("domain", "github.io", Refusal("public_suffix", "github.io")),
        ("host", "co.uk", Refusal("public_suffix", "co.uk")),
        ("domain", "sites.example", Refusal("shared_platform", "sites.example")),
        ("host", "sites.example", Refusal("shared_platform", "sites.example")),
        ("domain", "tenant.sites.example", None),
        ("host", "eu.files.example", Refusal("shared_platform", "files.example")),
        ("domain", "big.example", Refusal("above_platform", "cdn.big.example")),
        ("host", "big.example", None),
        ("url", "files.example", None),
        ("path", "github.io", None),
        ("domain", "192.0.2.1", None),
    ],
)
def test_which_scope_is_too_wide(scope, host, wanted):
    assert PLATFORMS.refusal(Scope(scope), host) == wanted


def test_a_list_of_platforms_grows_old():
    assert not PLATFORMS.is_stale(date(2027, 11, 24))
    assert PLATFORMS.is_stale(date(2028, 1, 24))
    assert read_platforms(["name,shared_by,kind,as_of,source\n"]).is_stale(date(2026, 11, 24))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("a.example,names,x,2026,s", "line 2: as_of"),
        ("a.example,both,x,2026-11-24,s", "line 2: shared_by"),
        ("a b,names,x,2026-11-24,s", "line 2: 'a b'"),
        ("a.example", "line 2"),
    ],
)
def test_a_bad_line_is_named(line, why):
    with pytest.raises(BadPlatformLine, match=why):
        read_platforms(["name,shared_by,kind,as_of,source\n", line])
    with pytest.raises(BadPlatformLine, match="line 1"):
        read_platforms(["name\n", line])


def test_top_lists():
    lines = [
        "rank,domain\n",
        "1,Popular.example\n",
        "two.example\n",
        "# no\n",
        "\n",
        "3,three.example.\n",
        "sentence with dot.\n",
    ]
    assert read_popular(lines) == {"popular.example", "two.example", "three.example"}


def test_names_above():
    assert names_above("a.b.example") == ["b.example", "example"]
    assert names_above("example") == []
