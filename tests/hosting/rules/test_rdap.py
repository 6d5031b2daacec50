"""Registries' answers, as published and as nobody should send them."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.hosting.rules import bootstrap
from leeward.hosting.rules.rdap import autnum_emails, domain_facts, emails_of_role, facts_of, is_mailbox, network_facts
from leeward.hosting.rules.registration import Registration


def published(name: str) -> dict[str, Any]:
    folder = os.environ.get("LEEWARD_REFERENCE_DATA")
    if not folder:
        pytest.skip("LEEWARD_REFERENCE_DATA is not set: the published answers are not here")
    found: dict[str, Any] = json.loads((Path(folder) / "blocking" / "rdap" / name).read_text(encoding="utf-8"))
    return found


def entity(*roles: str, email: str = "", name: str = "", inside: tuple[Any, ...] = ()) -> dict[str, Any]:
    card: list[Any] = [["version", {}, "text", "4.0"]]
    card += [["fn", {}, "text", name]] if name else []
    card += [["email", {}, "text", email]] if email else []
    return {"roles": list(roles), "vcardArray": ["vcard", card], "entities": list(inside)}


def test_a_published_domain_with_a_registrar_whose_abuse_desk_is_inside_it() -> None:
    for name in ("lookup_with_redaction.json", "example-1_empty_value.json"):
        facts = domain_facts(published(name))
        assert facts.registrar == "Example Registrar Inc."
        assert facts.registrar_abuse_emails == ("abuse@organization.example",)
        assert facts.redacted
        assert facts.registrant == ""


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Harbour  Pictures Ltd", "Harbour Pictures Ltd"),
        ("REDACTED FOR PRIVACY", ""),
        ("Domains By Proxy, LLC", ""),
        ("Whois Privacy Service", ""),
        ("Not Disclosed", ""),
        ("N/A", ""),
        ("", ""),
    ],
)
def test_who_a_name_is_registered_for_is_kept_unless_it_is_hidden(said: str, kept: str) -> None:
    within = entity("registrar", name="Good Names", inside=(entity("registrant", name="Somebody within"),))
    assert domain_facts({"entities": [within, entity("registrant", name=said)]}).registrant == kept


def test_a_published_reverse_domain_has_its_date_and_no_registrar() -> None:
    facts = domain_facts(published("0_2_192_in-addr_arpa.json"))
    assert (facts.created, facts.registrar, facts.registrar_abuse_emails) == ("1990-12-31", "", ())


def test_a_published_network_and_number() -> None:
    facts = network_facts(published("0_2_192_in-addr_arpa.json")["network"])
    assert (facts.name, facts.handle, facts.country, facts.asn) == ("NET-RTR-1", "XXXX-RIR", "AU", None)
    assert autnum_emails(published("as65541.json")) == ()


@pytest.mark.parametrize(
    ("address", "base"),
    [("41.1.2.3", "rdap.afrinic.net/rdap/"), ("1.1.1.1", "rdap.apnic.net/")],
)
def test_the_published_bootstrap_names_the_registry_of_an_address_by_https(address: str, base: str) -> None:
    assert bootstrap.for_ip(published("bootstrap_ipv4.json"), address)[0] == f"https://{base}"


def test_the_published_bootstrap_names_the_registry_of_numbers_and_names() -> None:
    assert bootstrap.for_asn(published("bootstrap_asn.json"), 37000)[0].endswith("rdap.afrinic.net/rdap/")
    assert bootstrap.for_asn(published("bootstrap_asn.json"), 4_200_000_001) == ()
    assert bootstrap.for_domain(published("bootstrap_dns.json"), "Name.CZ.")[0].endswith("rdap.nic.cz/")
    assert bootstrap.for_domain(published("bootstrap_dns.json"), "name.zz") == ()
    assert bootstrap.for_ip(published("bootstrap_ipv6.json"), "2001:db8::1") is not None


def test_the_longest_prefix_and_the_longest_label_win() -> None:
    file = {
        "services": [
            [["10.0.0.0/8", "example"], ["https://wide.test/"]],
            [["10.1.0.0/16", "jm.example"], ["http://near.test", "https://near.test"]],
            [["not a network", 7], ["https://odd.test/"]],
            "nonsense",
        ]
    }
    assert bootstrap.for_ip(file, "10.1.2.3") == ("https://near.test/", "http://near.test/")
    assert bootstrap.for_ip(file, "10.2.2.3") == ("https://wide.test/",)
    assert bootstrap.for_domain(file, "a.jm.example")[0] == "https://near.test/"
    assert bootstrap.for_domain(file, "ajm.example") == ("https://wide.test/",)


def test_a_file_that_leads_nowhere_or_is_endless_is_none() -> None:
    def services(*entries: object, bases: object = ("https://a.test/",)) -> dict[str, object]:
        return {"services": [[list(entries), bases if bases is None else list(bases)]]}  # type: ignore[call-overload]

    assert bootstrap.is_file(services("example"))
    assert bootstrap.is_file(services(*["example"] * 20_000))
    wrong = (
        services(*["example"] * 20_001),
        services(),
        services(7),
        services("a", bases=()),
        services("a", bases=None),
    )
    assert not any(map(bootstrap.is_file, (*wrong, {}, {"services": "x"})))
    assert list(map(bootstrap.is_empty, (*wrong, {}, {"services": "x"}))) == [False, *[True] * 4, False, False]
    assert not bootstrap.is_empty(services("example"))


def test_a_number_too_long_to_be_one_is_passed_over() -> None:
    for odd in ("9" * 5000, f"1-{'9' * 5000}", "1" * 22):
        file = {"services": [[[odd, "64500-64510"], ["https://a.test/"]]]}
        assert bootstrap.for_asn(file, 64505) == ("https://a.test/",)
        assert bootstrap.for_asn(file, 1) == ()
    assert bootstrap.for_asn({"services": [[["4200000000-4294967294"], ["https://a.test/"]]]}, 4294967294)


def test_an_abuse_desk_is_found_at_any_depth_and_each_once() -> None:
    deep = entity("abuse", email="Deep@abuse.test")
    for _ in range(3):
        deep = entity("technical", inside=(deep,))
    answer = {"entities": [deep, entity("abuse", email="deep@abuse.test"), entity("abuse", email="second@abuse.test")]}
    assert emails_of_role(answer, "abuse") == ("deep@abuse.test", "second@abuse.test")


def test_the_registrars_desk_is_not_the_owners_and_the_owners_not_the_registrars() -> None:
    desk = entity("abuse", email="abuse@registrar.test")
    clerk = entity("administrative", email="clerk@registrar.test")
    answer = {
        "entities": [
            entity("registrar", name="Registrar", inside=(desk, clerk)),
            entity("registrant", name="Owner", email="owner@site.test"),
            entity("abuse", email="elsewhere@abuse.test"),
        ]
    }
    facts = domain_facts(answer)
    assert facts.registrar_abuse_emails == ("abuse@registrar.test",)
    assert facts.owner_emails == ("owner@site.test",)


@pytest.mark.parametrize(
    "email",
    ["helpdesk@apnic.net", "abuse@example.com", "nobody", "a@b", "a b@c.test", "<a@b.test>", "", "x@" + "y" * 300],
)
def test_placeholders_and_what_is_no_mailbox_are_left_out(email: str) -> None:
    assert not is_mailbox(email)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                "entities roles vcardArray events eventAction eventDate links rel href status name country services ldhName".split()
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(JSON.filter(lambda value: isinstance(value, dict)))
def test_no_answer_raises(answer: dict[str, Any]) -> None:
    network_facts(answer)
    domain_facts(answer)
    autnum_emails(answer)
    bootstrap.for_ip(answer, "192.0.2.1")
    bootstrap.for_domain(answer, "a.test")
    bootstrap.for_asn(answer, 7)


def test_an_answer_is_read_however_deep_it_is_nested() -> None:
    answer = entity("abuse", email="bottom@abuse.test")
    for _ in range(500):
        answer = entity("technical", inside=(answer,))
    assert emails_of_role({"entities": [answer]}, "abuse") == ("bottom@abuse.test",)


def test_what_is_acted_on_says_when_it_was_asked_and_whether_something_is_withheld() -> None:
    at = datetime(2026, 11, 28, tzinfo=UTC)
    found = facts_of(Registration(redacted=("Registrant",)), owner_emails=(), asked_at=at)
    assert (found.asked_at, found.redacted) == (at, True)
    assert facts_of(Registration(), owner_emails=()).redacted is False
