"""Clear-text exports: each says what an entry says or less, never more."""

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.plain import adblock, domains, e2guardian_sites, e2guardian_urls, hosts
from leeward.blocklist.rules.scopes import Scope
from leeward.blocklist.rules.url_events import url_events


def entry(scope, comparable, address=""):
    return ListEntry(Scope(scope), f"http://{comparable}", address)


LIST = [
    entry("domain", "whole.example/"),
    entry("host", "one.example/"),
    entry("path", "www.shared.example/tenant/"),
    entry("url", "www.shared.example/a/page.html"),
    entry("url", "shared.example/q?id=1"),
    entry("url", "root.example/"),
    entry("domain", "www.odd%20name.example/"),
    entry("host", "192.0.2.7/"),
]


def test_a_hosts_file_answers_for_both_kinds_of_address_and_says_what_it_lost():
    export = hosts(LIST)
    assert export.lines == ["0.0.0.0 one.example", "0.0.0.0 whole.example", ":: one.example", ":: whole.example"]
    assert export.narrower == 1
    assert export.left_out == Counter(url=3, path=1, odd_name=1, address=1)


def test_only_domains_that_a_hosts_file_says_are_said_too_narrowly():
    named = [entry("domain", f"{name}.example/") for name in ("a", "b", "odd%20name")]
    assert hosts([*named, entry("host", "c.example/")]).narrower == 2
    assert hosts([entry("host", "c.example/")]).narrower == 0


def test_an_address_inside_an_address_stays_where_it_is():
    inner = entry("url", "a.example/?u=http://b.example/")
    assert adblock([inner]).lines[0] == "|http://a.example/?u=http://b.example/|"
    assert e2guardian_urls([entry("url", "a.example/a b"), entry("path", "a.example/\t/")]).left_out == Counter(
        special_sign=2
    )


def test_a_list_of_domains_never_widens_a_host():
    export = domains(LIST)
    assert export.lines == ["whole.example"]
    assert export.left_out == Counter(url=3, path=1, host=2, odd_name=1)


def test_adblock_keeps_each_scope():
    export = adblock(
        [*LIST[:5], entry("url", "x.example/a*b"), entry("url", "y.example/p", "https://y.example:8443/p")]
    )
    assert export.left_out == Counter(special_sign=1)
    assert [line for line in export.lines if not line.endswith("$document")] == sorted(
        [
            "||whole.example^",
            "|http://one.example^",
            "|https://one.example^",
            "|http://www.shared.example/tenant/",
            "|https://www.shared.example/tenant/",
            *[f"|{s}://www.shared.example/a/page.html{end}" for s in ("http", "https") for end in "|?"],
            "|http://shared.example/q?id=1|",
            "|https://shared.example/q?id=1|",
            *[f"|{s}://y.example:8443/p{end}" for s in ("http", "https") for end in "|?"],
        ]
    )


def test_e2guardian_gets_sites_and_urls():
    sites, urls = e2guardian_sites(LIST), e2guardian_urls(LIST)
    assert sites.lines == ["whole.example"]
    assert urls.lines == ["shared.example/a/page.html", "shared.example/q?id=1", "shared.example/tenant/"]
    assert urls.left_out == Counter(domain=2, host=2, folder_page=1)
    assert e2guardian_sites([entry("domain", "www.a.example/")]).left_out == Counter(www=1)


def test_the_heading_is_made_of_comments():
    assert domains(LIST).text(["list national", "keep it to yourself"]) == (
        "# list national\n# keep it to yourself\nwhole.example\n"
    )
    assert adblock(LIST[:1]).text(["list national"], mark="!") == (
        "! list national\n||whole.example^\n||whole.example^$document\n"
    )


@pytest.mark.parametrize("make", [hosts, domains, adblock, e2guardian_sites, e2guardian_urls])
def test_an_empty_list_is_an_empty_file(make):
    assert make([]).text() == ""


entries = st.builds(
    entry,
    st.sampled_from(Scope),
    st.sampled_from(["a.example/", "b.example/", "a.example/1/", "a.example/p?q=%0A\u2028"]),
)


@given(st.sets(entries, max_size=8), st.sets(entries, max_size=8))
def test_url_events_lead_from_one_serial_to_the_other(old, new):
    lines = list(url_events("national", 8, new, since=7, before=old))
    head, *events = [json.loads(line) for line in lines]
    assert all(line.count("\n") == 1 and line.endswith("\n") for line in lines)
    held = {(one.scope, one.comparable) for one in old}
    for event in events:
        key = (event["scope"], event["url"])
        (held.add if event["event"] == "add" else held.remove)(key)
    assert held == {(one.scope, one.comparable) for one in new}
    assert (head["list"], head["serial"], head["since"]) == ("national", 8, 7)
    assert head["add"] + head["remove"] == len(events)


def test_url_events_carry_the_exact_address():
    lines = list(url_events("national", 1, [entry("url", "a.example/p", "https://a.example:8443/p")]))
    assert json.loads(lines[0])["since"] is None
    assert json.loads(lines[1]) == {"event": "add", "scope": "url", "url": "https://a.example:8443/p"}
