"""Whatever registries answer becomes the same few columns: published answers, cards as people write them, and what is no answer."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from leeward.hosting.rules import bootstrap
from leeward.hosting.rules.jcard import MOST_LINES, Card, Postal, card_of, country_code, text
from leeward.hosting.rules.questions import Question, question_of
from leeward.hosting.rules.rdap import MOST_ENTITIES, registrations, related_url
from leeward.hosting.rules.registration import COLUMNS, Registration, completed, is_suspended, status_words
from leeward.hosting.rules.registry_answers import MOST_REST_SECONDS, REST_SECONDS, read_object, rest_in
from tests.hosting.rules.test_rdap import JSON, entity, published

COUNTRIES = {"CA": "Canada", "TT": "Trinidad and Tobago"}


def one(answer: object) -> Registration:
    (found,) = registrations(answer, countries=COUNTRIES)
    return found


def test_a_published_domain_with_redaction_has_every_column() -> None:
    row = one(published("lookup_with_redaction.json")).row
    assert tuple(row) == COLUMNS
    assert row["redacted"][:3] == ["Registry Domain ID", "Registrant Name", "Registrant Organization"]
    assert row | {"redacted": []} == {
        "kind": "domain", "handle": None, "name": "example.com", "country": "CA", "registrar": "Example Registrar Inc.",
        "registrar_abuse": ["abuse@organization.example"], "abuse": [],
        "statuses": ["server delete prohibited", "server update prohibited", "server transfer prohibited", "client transfer prohibited"],
        "created": "1997-06-03", "expires": "2021-06-03", "nameservers": ["ns1.example.com", "ns2.example.com"], "redacted": [], "error": None,
    }  # fmt: skip


def test_every_published_answer_is_read() -> None:
    number = one(published("as65541.json"))
    assert (number.kind, number.handle, number.name, number.country, number.created) == (
        "autnum", "XXXX-RIR", "AS-RTR-1", "AU", "1990-12-31",
    )  # fmt: skip
    reverse = one(published("0_2_192_in-addr_arpa.json"))
    assert (reverse.name, reverse.nameservers, reverse.country) == (
        "0.2.192.in-addr.arpa", ("ns1.rir.example", "ns2.rir.example"), "CA",
    )  # fmt: skip
    party = one(published("entity-rfc9083-fig17.json"))
    assert (party.kind, party.handle, party.name, party.statuses) == (
        "entity",
        "fig17",
        "Joe User",
        ("validated", "locked"),
    )
    assert (party.holder.organisation, party.holder.phone) == ("Example", "+1-555-555-1234")
    assert party.holder.postal == Postal("4321 Rue Somewhere", "Quebec", "QC", "G1V 2M2", "Canada")
    registrar = one(published("entity-rfc9083-fig15.json"))
    assert (registrar.registrar, registrar.country) == ("Joe User", "CA")
    assert one(published("example-1_empty_value.json")).redacted == ("Registrant Name",)
    found = registrations(published("domain_search_with_redaction.json"))
    assert [(row.name, row.redacted) for row in found] == [
        ("example1.com", ("Registry Domain ID",)), ("example2.com", ("Registry Domain ID",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        None,
        7,
        [],
        "x",
        {},
        {"objectClassName": 7},
        {"errorCode": 404, "title": "Not found", "description": ["Not found", 7]},
    ],
)
def test_what_is_no_answer_says_so_in_one_row(answer: object) -> None:
    found = one(answer)
    assert found.error
    assert found.row["statuses"] == []
    if isinstance(answer, dict) and "errorCode" in answer:
        assert (found.kind, found.error) == ("error", "The registry answers: 404 Not found 7")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"startAddress": "192.0.2.0"}, "ip network"),
        ({"startAutnum": 1}, "autnum"),
        ({"ldhName": "ns.a.test", "ipAddresses": {}}, "nameserver"),
        ({"unicodeName": "a.test"}, "domain"),
        ({"vcardArray": []}, "entity"),
        ({"objectClassName": "Domain", "vcardArray": []}, "domain"),
    ],
)
def test_the_class_of_an_object_is_seen_where_it_is_not_said(answer: dict[str, Any], kind: str) -> None:
    assert one(answer).kind == kind


def test_whose_abuse_desk_it_is_decides_what_it_can_do() -> None:
    """The registrar suspends a name, the network takes a server off: never one for the other, however deep they stand."""
    deep = entity("abuse", email="net@abuse.test")
    for _ in range(200):
        deep = entity("registrant", inside=(deep,))
    registrar = entity("registrar", name="Names", inside=(entity("abuse", email="names@abuse.test"),))
    name = one({"ldhName": "a.test", "entities": [registrar, deep]})
    assert (name.registrar_abuse, name.abuse) == (("names@abuse.test",), ("net@abuse.test",))
    network = one(
        {
            "objectClassName": "ip network",
            "entities": {"roles": "Abuse", "vcardArray": ["vcard", [["EMAIL", {}, "text", "x@abuse.test"]]]},
        }
    )
    assert network.abuse == ("x@abuse.test",)
    desk = one({"objectClassName": "entity", **entity("abuse", email="desk@abuse.test")})
    assert desk.abuse == ("desk@abuse.test",)
    many = {
        "objectClassName": "ip network",
        "entities": [*[entity("technical")] * MOST_ENTITIES, entity("abuse", email="late@abuse.test")],
    }
    assert one(many).abuse == ()


def card(*lines: list[Any]) -> Card:
    return card_of({"vcardArray": ["vcard", list(lines)]})


@pytest.mark.parametrize(
    ("lines", "read"),
    [
        ([["EMAIL", {}, "text", "MAILTO:One@a.test?subject=x"]], Card(mailboxes=("one@a.test",))),
        ([["item1.email", {}, "text", "one@a.test", "two@a.test"]], Card(mailboxes=("one@a.test", "two@a.test"))),
        ([["email", {}, "text", ["one@a.test", 7]]], Card(mailboxes=("one@a.test",))),
        ([["email", {}, "one@a.test"]], Card(mailboxes=("one@a.test",))),
        ([["email", {}, "text", "Desk <one@a.test>; two@a.test"]], Card(mailboxes=("one@a.test", "two@a.test"))),
        ([["email", {"pref": "2"}, "text", "b@a.test"], ["email", {}, "text", "b@a.test"]], Card(mailboxes=("b@a.test",))),
        ([["fn", {}, "text", ""], ["org", {}, "text", ["Harbour", "Names", ""]]], Card(organisation="Harbour Names")),
        ([["n", {}, "text", ["User", "Joe", "", "", ["jr"]]]], Card(name="Joe User")),
        ([["fn", {"pref": "9"}, "text", "Second"], ["fn", {"pref": "1"}, "text", "First"]], Card(name="First")),
        ([["tel", {"type": "fax"}, "uri", "tel:+1"], ["tel", {"type": ["voice"]}, "uri", "tel:+18765550100;ext=1"]], Card(phone="+18765550100")),
        ([["tel", {}, "text", 18765550100]], Card(phone="18765550100")),
        ([["adr", {"label": "1 Quay\nKingston\nJamaica\n"}, "text", ["", "", "", "", "", "", ""]]], Card(postal=Postal(country="Jamaica"))),
        ([["adr", {"cc": "JM"}, "text", ["", "", ["1", "Quay"], "Kingston"]]], Card(postal=Postal("1 Quay", "Kingston", country="JM"))),
        ([[], "x", 7, ["fn"], ["fn", 7, "text", "No"], ["fn", {}, "text", {"a": 1}]], Card()),
    ],
)  # fmt: skip
def test_cards_as_they_are_written(lines: list[Any], read: Card) -> None:
    assert card(*lines) == read


def test_a_card_of_ten_thousand_lines_is_read_and_one_of_a_million_is_not() -> None:
    lines: list[Any] = [["note", {}, "text", "x"]] * 9_998
    assert card(["fn", {}, "text", "Name"], *lines, ["email", {}, "text", "end@a.test"]) == Card(
        "Name", mailboxes=("end@a.test",)
    )
    assert card(*[["email", {}, "text", f"a{number}@a.test"] for number in range(10_000)]).mailboxes == tuple(
        f"a{number}@a.test" for number in range(10)
    )
    assert card(*lines * (MOST_LINES // 9_000 + 1), ["email", {}, "text", "end@a.test"]).mailboxes == ()
    packed: list[Any] = ["fn", {}, "text", "Deep"]
    for _ in range(500):
        packed = [packed]
    assert card_of({"vcardArray": packed}).name == "Deep"


def test_cards_of_the_new_kind_are_read() -> None:
    contact = {
        "name": {"full": "Joe User"}, "organizations": {"o": {"name": "Harbour"}}, "emails": {"e": {"address": "one@a.test"}, "x": 7},
        "phones": {"p": {"number": "tel:+18765550100"}}, "addresses": {"a": {"countryCode": "JM"}},
    }  # fmt: skip
    assert card_of({"jscard": contact}) == Card(
        "Joe User", "Harbour", ("one@a.test",), "+18765550100", Postal(country="JM")
    )
    assert card_of({"jscard": 7}) == card_of({"jscard": {"name": 7, "emails": []}}) == Card()


def test_what_older_registries_withhold_is_said_too() -> None:
    remark = {"title": "REDACTED FOR PRIVACY", "type": "object redacted due to authorization"}
    answer = {
        "ldhName": "a.test",
        "entities": [
            entity("registrant") | {"remarks": [remark]},
            entity("technical", name="Redacted for privacy"),
            entity("billing"),
        ],
    }
    assert one(answer).redacted == ("Registrant", "Technical")
    odd = [
        {"name": {"type": "Name"}},
        {"name": "Plain"},
        {"prePath": "$.handle"},
        {"name": {}},
        7,
        {"name": {"type": "Name"}},
    ]
    assert one({"ldhName": "a.test", "redacted": odd}).redacted == ("Name", "Plain", "$.handle")


@pytest.mark.parametrize(
    "status",
    ["clientHold", "client hold", "CLIENT_HOLD", "serverHold", "suspended", "Pending Delete", "redemptionPeriod"],
)
def test_a_held_name_is_suspended(status: str) -> None:
    assert is_suspended(["active", status])


@pytest.mark.parametrize("status", ["active", "ok", "client transfer prohibited", "hold", ""])
def test_any_other_is_not(status: str) -> None:
    assert not is_suspended([status])
    assert status_words("clientTransferProhibited") == "client transfer prohibited"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("ca", "CA"),
        (" UK ", "GB"),
        ("Canada", "CA"),
        ("TRINIDAD & TOBAGO", "TT"),
        ("Nowhere", ""),
        ("", ""),
        ("C1", ""),
    ],
)
def test_a_country_by_its_code_or_name(said: str, code: str) -> None:
    assert country_code(said, COUNTRIES) == code


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("AS64500", Question("autnum", "64500")), ("asn 064500 ", Question("autnum", "64500")), ("AS4294967296", None),
        ("192.0.2.1", Question("ip", "192.0.2.1")), ("192.0.2.7/24", Question("ip", "192.0.2.0/24")),
        ("[2001:DB8::1]", Question("ip", "2001:db8::1")),
        ("http://[2001:db8::1]/x", Question("ip", "2001:db8::1")), ("http://192.0.2.1/", Question("ip", "192.0.2.1")),
        ("Name.Example.", Question("domain", "name.example")), ("https://www.name.example:8080/a", Question("domain", "www.name.example")),
        ("bücher.example", Question("domain", "xn--bcher-kva.example")), ("abc1-ripe", Question("entity", "ABC1-RIPE")),
        ("example", Question("domain", "example")),
        ("", None), ("a b.example", None), ("a..b", None), ("x" * 64 + ".example", None), ("a/b", None),
    ],
)  # fmt: skip
def test_what_is_asked_about(typed: str, question: Question | None) -> None:
    assert question_of(typed) == question


def test_tags_and_the_narrowest_range_name_their_registry() -> None:
    assert bootstrap.for_tag(published("bootstrap_object-tags.json"), "ABC1-arin")[0].endswith(
        "rdap.arin.net/registry/"
    )
    assert (
        bootstrap.for_tag(published("bootstrap_object-tags.json"), "ABC1-NONE") == bootstrap.for_tag({}, "ARIN") == ()
    )
    ranges = {
        "services": [
            [["1-100"], ["https://wide.test"]],
            [["40-50"], ["https://near.test"]],
            [["45-80"], ["https://late.test"]],
        ]
    }
    assert bootstrap.for_asn(ranges, 45) == ("https://near.test/",)
    assert bootstrap.for_ip({"services": [[["192.0.2.0/24"], ["https://net.test"]]]}, "192.0.2.0/25") == (
        "https://net.test/",
    )
    assert bootstrap.for_ip({"services": [[["192.0.2.0/25"], ["https://net.test"]]]}, "192.0.2.0/24") == ()
    words = {"services": [[["xn--4gbrim"], ["https://idn.test"]], [[""], ["https://root.test"]]]}
    assert bootstrap.for_domain(words, "a.موقع") == ("https://idn.test/",)
    assert bootstrap.for_domain(words, "a.test") == ("https://root.test/",)


def test_what_a_second_source_adds() -> None:
    first = Registration(kind="domain", name="a.test", statuses=("active",), redacted=("One",))
    second = Registration(
        kind="domain",
        name="a.test",
        handle="H",
        statuses=("ok",),
        redacted=("Two", "One"),
        error="x",
        holder=Card("Joe"),
    )
    assert completed(first, second) == Registration(
        kind="domain", name="a.test", handle="H", statuses=("active",), redacted=("One", "Two"), holder=Card("Joe")
    )
    links = [
        {"rel": "related", "type": "text/html", "href": "https://x.test"},
        7,
        {"rel": "related", "type": "application/rdap+json", "href": "https://r.test"},
    ]
    assert related_url({"links": links}) == "https://r.test"
    assert related_url({"links": 7}) == related_url({}) == ""


NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120.0), (" 0 ", 1.0), ("", REST_SECONDS), ("soon", REST_SECONDS), ("-5", REST_SECONDS), ("9" * 30, MOST_REST_SECONDS),
        ("Sat, 28 Nov 2026 12:01:00 GMT", 60.0), ("Sat, 28 Nov 2026 11:00:00 GMT", 1.0), ("Sat, 28 Nov 2026 12:00:30", 30.0),
    ],
)  # fmt: skip
def test_how_long_a_registry_wants_to_be_left_alone(said: str, seconds: float) -> None:
    assert rest_in(said, NOON) == seconds


@pytest.mark.parametrize(
    ("body", "kind", "problem"),
    [
        (b"{}", "application/rdap+json", ""), (b"{}", "", ""), (b"{}", "text/html", "wrong_type"), (b"[]", "application/json", "wrong_type"),
        (b"[1, 2", "application/json", "not_json"), (b"[" * 100_000, "application/json", "not_json"), (b"\xff", "text/plain", "not_json"),
    ],
)  # fmt: skip
def test_what_is_an_answer(body: bytes, kind: str, problem: str) -> None:
    assert read_object(body, kind).problem == problem


@given(JSON)
def test_no_answer_raises(answer: Any) -> None:
    for found in registrations(answer):
        assert len(found.row) == len(COLUMNS)


def test_text_is_one_line() -> None:
    assert (text(" a\nb\u200b "), text(True), text(7), text("x" * 300, 5)) == ("ab", "", "7", "xxxxx")
