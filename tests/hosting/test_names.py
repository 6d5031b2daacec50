"""Asking real name servers, kind and unkind."""

from typing import Any

import pytest

from leeward.foundation.errors import BadInput
from leeward.hosting.lookups import names
from tests.hosting.conftest import HOST, Outside


def test_a_name_has_its_addresses_version_4_first(outside: Outside) -> None:
    outside.names.set(HOST, "AAAA", "2001:db8::1")
    assert names.resolve(HOST).addresses == ("127.0.0.1", "2001:db8::1")


@pytest.mark.parametrize(
    ("failure", "problem"), [("NXDOMAIN", "no_such_name"), ("SERVFAIL", "name_failed"), ("REFUSED", "name_failed")]
)
def test_failures_are_told_apart(outside: Outside, failure: Any, problem: str) -> None:
    outside.names.fail(HOST, failure)
    assert names.resolve(HOST).problem == problem


def test_silence_is_a_time_out_and_ends(outside: Outside) -> None:
    outside.names.fail(HOST, "SILENCE")
    assert names.resolve(HOST, 0.5).problem == "name_timed_out"


def test_a_name_without_an_address_says_so(outside: Outside) -> None:
    outside.names.set("mail.example", "MX", "10 mail.example.")
    assert names.resolve("mail.example").problem == "no_address"


def test_long_answers_come_over_tcp_and_aliases_are_followed(outside: Outside) -> None:
    outside.names.answer_over_tcp_only(HOST)
    outside.names.set("alias.example", "CNAME", f"{HOST}.")
    assert names.resolve("alias.example").addresses == ("127.0.0.1",)


def test_version_6_alone_is_enough(outside: Outside) -> None:
    outside.names.set("six.example", "AAAA", "2001:db8::6")
    assert names.resolve("six.example").addresses == ("2001:db8::6",)


@pytest.mark.parametrize(
    "name", ["", ".", "a..example", "x" * 64 + ".example", "y." * 130 + "example", "\u00e9.example"]
)
def test_what_can_be_no_name_is_a_problem_and_no_error(outside: Outside, name: str) -> None:
    assert names.resolve(name).addresses == ()
    assert names.resolve(name).problem


def test_a_resolver_that_is_no_address_is_said(settings: Any) -> None:
    for text in ("resolver.example:53", "127.0.0.1:x", "nonsense"):
        settings.LEEWARD = settings.LEEWARD.model_copy(update={"dns_resolvers": (text,)})
        with pytest.raises(BadInput):
            names.resolve("a.example")
    for text, server in {"127.0.0.1": ("127.0.0.1", 53), "[::1]:5353": ("::1", 5353), "::1": ("::1", 53)}.items():
        settings.LEEWARD = settings.LEEWARD.model_copy(update={"dns_resolvers": (text,)})
        made = names.resolver().nameservers[0]
        assert (made.address, made.port) == server
