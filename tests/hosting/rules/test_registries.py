"""The small print of what registries answer: bounds, ends of names, and one of each list."""

import json

import pytest

from leeward.hosting.rules import bootstrap
from leeward.hosting.rules.jcard import MOST_LINES, Card, Postal, card_of, text
from leeward.hosting.rules.questions import MOST_NUMBER, Question, question_of
from leeward.hosting.rules.rdap import (
    MOST_ENTITIES,
    domain_facts,
    emails_of_role,
    facts_of,
    is_about,
    network_facts,
    owner_emails,
    registrations,
    registrations_in,
    related_url,
)
from leeward.hosting.rules.registration import Registration, completed
from leeward.hosting.rules.registry_answers import MOST_BYTES, PROBLEMS, rest_in
from leeward.hosting.rules.whois import WhoisAnswer, day_in, decoded, is_cut, read_answer
from tests.hosting.rules.test_rdap import entity
from tests.hosting.rules.test_registration import NOON, card, one


def test_names_end_without_a_dot_and_are_read_in_either_form() -> None:
    assert one({"objectClassName": "domain", "ldhName": ".Kite.Test."}).name == ".kite.test"
    assert one({"objectClassName": "domain", "unicodeName": "Bücher.test."}).name == "bücher.test"
    assert one({"objectClassName": "nameserver", "ldhName": "NS1.Kite.Test.", "name": "no"}).name == "ns1.kite.test"
    assert len(one({"ldhName": "a" * 400}).name) == len(one({"unicodeName": "a" * 400}).name) == 255
    servers = [
        {"ldhName": "X.NS1.test."},
        {"unicodeName": "ü.test"},
        {"ldhName": ".ns.X"},
        *[{"ldhName": f"n{number}.test"} for number in range(30)],
    ]
    found = one({"ldhName": "a.test", "nameservers": servers}).nameservers
    assert (found[:3], len(found)) == (("x.ns1.test", "ü.test", ".ns.x"), 20)
    assert len(one({"ldhName": "a.test", "nameservers": [{"ldhName": "n" * 400}]}).nameservers[0]) == 255


def test_only_what_stands_at_the_top_names_registrar_holder_and_what_is_withheld() -> None:
    remark = {"remarks": [{"type": "object redacted due to authorization"}]}
    inside = entity(
        "technical",
        inside=(entity("registrar", name="Deep"), entity("registrant", name="Deep"), entity("billing") | remark),
    )
    found = one({"ldhName": "a.test", "entities": [inside]})
    assert (found.registrar, found.holder, found.redacted) == ("", Card(), ())
    assert network_facts({"entities": [inside]}).holder == ""
    titled = {"remarks": [*[{}] * 19, {"title": "REDACTED"}]}
    late = {"remarks": [*[{}] * 20, {"title": "REDACTED"}]}
    both = one(
        {
            "ldhName": "a.test",
            "entities": [entity("registrant", "technical") | titled, entity("billing") | remark, entity("noc") | late],
        }
    )
    assert both.redacted == ("Registrant", "Billing")
    paths = [{"postPath": "$.a"}, {"replacementPath": "$.b"}, {}]
    assert one({"ldhName": "a.test", "redacted": paths}).redacted == ("$.a", "$.b")
    assert (
        owner_emails({"entities": [entity("technical", inside=(entity("administrative", email="deep@a.test"),))]}) == ()
    )


def test_a_networks_desk_counts_wherever_it_stands_and_no_more_than_ten_do() -> None:
    registrar = entity("registrar", inside=(entity("abuse", email="in@abuse.test"),))
    assert one({"objectClassName": "ip network", "entities": [registrar]}).abuse == ("in@abuse.test",)
    desks = [entity("abuse", email=f"a{number}@abuse.test") for number in range(9)]
    assert (
        len(
            one(
                {"objectClassName": "ip network", "entities": [*desks, *desks, entity("abuse", email="z@abuse.test")]}
            ).abuse
        )
        == 10
    )
    two = [
        entity("registrar", inside=tuple(desks)),
        entity("registrar", inside=(entity("abuse", email="y@abuse.test"), entity("abuse", email="z@abuse.test"))),
    ]
    assert len(one({"ldhName": "a.test", "entities": two}).registrar_abuse) == 10
    own = {"objectClassName": "entity", **entity("abuse", email="helpdesk@apnic.net")}
    assert one(own).abuse == ()
    assert (
        one(
            {
                "objectClassName": "domain",
                "roles": ["abuse"],
                "vcardArray": entity("abuse", email="x@abuse.test")["vcardArray"],
            }
        ).abuse
        == ()
    )
    plain = one({"objectClassName": "entity", **entity("technical", email="x@abuse.test")})
    assert plain.abuse == ()
    assert emails_of_role({"entities": [entity("abuse", email="helpdesk@apnic.net")]}, "abuse") == ()
    assert emails_of_role({"entities": [entity("", inside=(entity("abuse", email="x@abuse.test"),))]}, "abuse") == (
        "x@abuse.test",
    )


def test_every_error_is_a_sentence() -> None:
    assert one(7).error == "It is not the answer of a registry: it is no JSON object."
    assert one({}).error == "It is not the answer of a registry: it names no object."
    assert one({}).kind == ""
    assert one({"errorCode": "1" * 30, "title": "No", "description": "x" * 900}).error.startswith(
        f"The registry answers: {'1' * 20} No xxx"
    )
    assert len(one({"errorCode": 1, "description": ["x" * 200, "y" * 200, "z" * 200]}).error) == 500
    assert registrations_in(b"{}" + b" " * (MOST_BYTES - 2))[0].error == one({}).error
    assert registrations_in(b"{}" + b" " * (MOST_BYTES - 1)) == [Registration(error=PROBLEMS["too_large"])]
    assert registrations_in(b"[") == [Registration(error=PROBLEMS["not_json"])]
    address = ["adr", {}, "text", ["", "", "", "", "", "", "Canada"]]
    land = {"ldhName": "a.test", "entities": [{"roles": ["registrant"], "vcardArray": ["vcard", [address]]}]}
    assert registrations_in(json.dumps(land).encode(), countries={"CA": "Canada"})[0].country == "CA"
    assert registrations({"ldhName": "a.test"})[0].name == "a.test"


def test_facts_keep_where_they_are_from() -> None:
    said = Registration(name="a.test")
    assert (facts_of(said, owner_emails=()).source, facts_of(said, owner_emails=(), source="WHOIS").source) == (
        "RDAP",
        "WHOIS",
    )
    assert domain_facts({"ldhName": "a.test"}).registration == one({"ldhName": "a.test"})
    link = {"rel": "related", "type": "application/rdap+json", "href": "h" * 3000}
    assert len(related_url({"links": [link]})) == 2000


def test_the_small_print_of_cards() -> None:
    assert card(["org", {}, "text", [str(number) for number in range(12)]]).organisation == "0 1 2 3 4 5 6 7 8 9"
    assert len(card(["org", {}, "text", ["x" * 150, "y" * 150]]).organisation) == 200
    assert card(["n", {}, "text", ["User"]]).name == "User"
    assert card(["n", {}, "text", "User", "Joe"]).name == "Joe User"
    assert card(["n", {}, "text"]).name == ""
    assert card(["tel", {"type": ["FAX"]}, "uri", "tel:1"], ["tel", {}, "text", ""]).phone == ""
    assert card(["tel", {"type": ["fax"]}, "uri", "tel:1"]).phone == ""
    assert card(["adr", {}, "text", "", "", "1 Quay", "Kingston", "", "", "JM", "more"]).postal == Postal(
        "1 Quay", "Kingston", "", "", "JM"
    )
    assert card(["adr", {}, "text", ["", "", ["1", "2", "3", "4", "5", "6"]]]).postal.street == "1 2 3 4 5"
    assert card(["adr", {"label": "1 Quay\nJamaica"}, "text"]).postal.country == "Jamaica"
    assert card(["fn", {"pref": "101"}, "text", "Last"], ["fn", {}, "text", "First"]).name == "Last"
    long = "x" * 250 + " late@a.test " + "y" * 1800 + " never@a.test"
    assert card(["email", {}, "text", long]).mailboxes == ("late@a.test",)
    assert (
        card(
            *[["email", {}, "text", [f"a{number}@a.test" for number in range(10)]], ["email", {}, "text", "x@a.test"]]
        ).mailboxes[-1]
        == "a9@a.test"
    )
    for key in ("jscontact_card", "jscard_0"):
        assert card_of({key: {"name": {"full": "Joe"}}}).name == "Joe"
    many = {str(number): {"name": "" if number < 100 else "Late"} for number in range(101)}
    assert card_of({"jscard": {"organizations": many}}) == Card()
    assert text("\u200b" * 700 + "x" * 200) == "x" * 100


def test_the_small_print_of_questions() -> None:
    assert question_of(f"AS{MOST_NUMBER}") == Question("autnum", str(MOST_NUMBER))
    assert question_of("kite.XX") == Question("domain", "kite.xx")
    assert question_of("http://Kite.Test.:80/") == Question("domain", "kite.test")
    assert question_of("http://.kite.test/") is None
    assert question_of("x.kite-works.test") == Question("domain", "x.kite-works.test")
    name = ".".join(["a" * 63] * 3 + ["b" * 61])
    assert question_of(name) == Question("domain", name)
    assert question_of(f"{name}b") is None
    assert question_of("https://%zz/") is None
    assert question_of("a\u00ad\ud800.test") is None


def test_the_small_print_of_bootstrap_files() -> None:
    file = {
        "services": [
            [["1-10"], ["https://first.test"]],
            [["1-10"], ["https://a-second.test"]],
            [["0-4294967295"], ["https://all.test"]],
        ]
    }
    assert bootstrap.for_asn(file, 5) == ("https://first.test/",)
    assert bootstrap.for_asn(file, 50) == ("https://all.test/",)
    nets = {"services": [[["192.0.2.0/24"], ["https://net.test"]]]}
    assert bootstrap.for_ip(nets, "192.0.2.7/24") == bootstrap.for_ip(nets, "192.0.2.0/24") == ("https://net.test/",)
    assert bootstrap.for_tag({"services": [[["x@a.test"], ["RIPE"], ["https://tag.test"]]]}, "A-1-ripe") == (
        "https://tag.test/",
    )
    assert bootstrap.for_domain({"services": [[["xn--4gbrim"], ["https://idn.test"]]]}, "a.\ufdfd\ud800") == ()


@pytest.mark.parametrize("day", ["2020-01-01", "2020-12-31"])
def test_the_first_and_the_last_day_of_a_year(day: str) -> None:
    assert day_in(day) == day
    assert day_in("2020-12-32") == day_in("2020-00-10") == day_in("2020-10-00") == ""


def test_the_small_print_of_whois() -> None:
    assert read_answer(decoded(b"Domain Name: kite.test\nRegistrar: \x1b$\xff\n")).registration.name == "kite.test"
    for field in ("Registrar: N", "Created: 2020-01-01", "Status: ok", "Nserver: ns.test", "Registrant: K", "Org: K"):
        assert read_answer(f"Domain: kite.test\n{field}\n").outcome == "record"
    for field in ("Registrar: N", "Created: 2020-01-01", "Nserver: ns.test"):
        assert read_answer(f"Domain: kite.test\n{field}\nThis is no information service.\n").outcome == "record"
    assert read_answer("No match.\nrefer: whois.nic.test\n") == WhoisAnswer("nothing", referral="whois.nic.test")
    assert read_answer("x" * 20_000 + " no match") == WhoisAnswer("unread")
    assert read_answer("x" * 20_000 + " too many queries") == WhoisAnswer("unread")
    said = (
        "Domain: .Kite.Test.\nNserver: .NS1.Kite.Test.\nStatus: Active (since 2020)\nRegistrant State: SU\nRegistrant Street: 1 Quay\n"
        "Registrant Address: Floor 2\nRegistrant Email: redacted\nRegistrant Phone: redacted\n"
    )
    found = read_answer(said).registration
    assert (found.name, found.nameservers, found.statuses, found.redacted) == (
        ".kite.test",
        (".ns1.kite.test",),
        ("active",),
        ("Email", "Phone"),
    )
    assert (found.holder.postal.region, found.holder.postal.street) == ("SU", "1 Quay, Floor 2")
    assert len(read_answer(f"Domain: k.test\nStatus: {'a' * 90}\n").registration.statuses[0]) == 60


def test_blocks_of_whois_end_where_they_are_no_further_in() -> None:
    said = (
        "Domain name:\n    kite.test\n\n    more.test\nName servers:\nns0.test\n  ns1.test\nHolder:\n\n  Kite\nWords:\n"
        "  are no field\nunder: none\n"
    )
    found = read_answer(said + "Status: ok\n").registration
    assert (found.name, found.nameservers, found.holder.name) == ("kite.test", (), "")
    tabs = "Name servers:\n\tns1.test\nDomain: k.test\n" + "Registrar: " + "N" * 1200 + "\n"
    answer = read_answer(tabs).registration
    assert (answer.nameservers, len(answer.registrar)) == (("ns1.test",), 200)


def test_a_rest_is_read_to_nine_digits() -> None:
    assert rest_in("0000000009", NOON) == 1.0


def test_bounds_hold_for_what_is_packed_in_several() -> None:
    last = ["vcard", [["email", {}, "text", "late@a.test"]]]
    note = ["note", {}, "text", "x"]
    assert card_of({"vcardArray": [["vcard", [note] * (MOST_LINES - 100)], last]}).mailboxes == ("late@a.test",)
    assert card_of({"vcardArray": [["vcard", [note] * MOST_LINES], last]}).mailboxes == ()
    desk = entity("abuse", email="late@abuse.test")
    within = [entity("technical", inside=(entity("noc"),))] * (MOST_ENTITIES // 2 - 1)
    assert emails_of_role({"entities": [*within, entity("noc"), desk]}, "abuse") == ("late@abuse.test",)
    assert emails_of_role({"entities": [*within, entity("noc"), entity("noc"), desk]}, "abuse") == ()
    own = {"objectClassName": "entity", **entity("abuse", email="own@abuse.test")}
    inside = [entity("abuse", email=f"a{number}@abuse.test") for number in range(10)]
    assert len(one(own | {"entities": inside}).abuse) == 10


def test_a_field_within_a_block_is_a_field_of_its_own() -> None:
    found = read_answer("Domain: k.test\nName servers:\n    ns1.test\n    Status: ok\n").registration
    assert (found.nameservers, found.statuses) == (("ns1.test",), ("ok",))


def test_one_of_each_class_whole() -> None:
    event = {"eventAction": "expiration", "eventDate": "2030-01-02T00:00:00Z"}
    redacted = [{"name": {"description": "Registrant Name", "type": "no"}}, {"name": {"type": "Registrant Phone"}}]
    domain = one(
        {
            "objectClassName": "domain",
            "handle": "H-1",
            "ldhName": "a.test",
            "name": "no",
            "events": [event],
            "redacted": redacted,
        }
    )
    assert (domain.handle, domain.name, domain.expires, domain.created) == ("H-1", "a.test", "2030-01-02", "")
    assert domain.redacted == ("Registrant Name", "Registrant Phone")
    number = one(
        {
            "objectClassName": "autnum",
            "name": "AS-ONE",
            **entity("registrar", name="No", inside=(entity("abuse", email="x@abuse.test"),)),
        }
    )
    assert (number.name, number.registrar, number.abuse) == ("AS-ONE", "", ("x@abuse.test",))
    party = {
        "objectClassName": "entity",
        "name": "no",
        **entity("registrar", name="Names", inside=(entity("abuse", email="x@abuse.test"),)),
    }
    assert (one(party).name, one(party).registrar, one(party).registrar_abuse, one(party).abuse) == (
        "Names",
        "Names",
        ("x@abuse.test",),
        (),
    )
    holder = one(
        {"objectClassName": "entity", **entity("registrant", name="Joe", inside=(entity("registrar", name="Within"),))}
    )
    assert (holder.name, holder.registrar) == ("Joe", "Within")
    names = {"services": [[["xn--4gbrim"], ["https://idn.test"]]]}
    assert bootstrap.for_domain(names, "a.\u0645\u0648\u0642\u0639") == ("https://idn.test/",)


def test_an_answer_is_about_what_was_asked_or_about_nothing() -> None:
    name, here, number = (
        Question("domain", "b\u00fccher.test"),
        Question("ip", "192.0.2.7"),
        Question("autnum", "64500"),
    )
    for answer in (
        {"ldhName": "XN--BCHER-KVA.test."}, {"unicodeName": "B\u00fccher.test"},
        {"objectClassName": "domain", "handle": "X"},
        {"ldhName": "xn--bcher-kva.test", "name": "other.test"},
    ):  # fmt: skip
        assert is_about(answer, name), answer
    for answer in (
        {"ldhName": "x.b\u00fccher.test"},
        {"ldhName": "xn--bcher-kva.test", "errorCode": 0},
        {},
        {"startAddress": "192.0.2.0"},
        {"objectClassName": "domain"},
        {"objectClassName": "domain", "rdapConformance": ["rdap_level_0"], "notices": [], "lang": "en"},
    ):
        assert not is_about(answer, name), answer
    network = {"objectClassName": "ip network"}
    for first, last in (
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.0.0", "192.255.255.255"),
        ("0.0.0.0", "x"),
        (None, "192.0.2.0"),
    ):
        assert is_about(network | {"startAddress": first, "endAddress": last}, here), (first, last)
    for first, last in (("192.0.2.8", "192.0.2.9"), ("192.0.2.0", "192.0.2.6"), ("::", "192.0.2.9"), ("::", "ffff::")):
        assert not is_about(network | {"startAddress": first, "endAddress": last}, here), (first, last)
    assert is_about(
        network | {"startAddress": "2001:db8::", "endAddress": "2001:db9::"}, Question("ip", "2001:db8::7/64")
    )
    for first, last in ((64500, 64500), (1, 4_000_000_000), ("64501", 64502), (64501, "64502"), (None, None)):
        assert is_about({"startAutnum": first, "endAutnum": last}, number), (first, last)
    assert not is_about({"startAutnum": 64501, "endAutnum": 64502}, number)
    assert not is_about({"startAutnum": 64498, "endAutnum": 64499}, number)
    assert not is_about(network, number)
    assert not is_about(network, here), "it says nothing of where it begins or whose it is"
    assert is_about({"objectClassName": "entity", "handle": "X"}, Question("entity", "A-RIPE"))
    assert not is_about({"objectClassName": "nameserver"}, Question("entity", "A-RIPE"))


def test_a_day_that_is_no_day_is_not_kept() -> None:
    for day in ("2026-02-31", "9999-99-99", "0000-01-01"):
        assert one({"ldhName": "a.test", "events": [{"eventAction": "registration", "eventDate": day}]}).created == ""
    late = [{"eventAction": "registration", "eventDate": day} for day in ("2026-02-31", "2026-02-28T10:00:00Z")]
    assert one({"ldhName": "a.test", "events": late}).created == "2026-02-28"
    assert (day_in("31.02.2026"), day_in("28.02.2026")) == ("", "2026-02-28")


@pytest.mark.parametrize(
    ("said", "cut"),
    [
        ("Domain: kite.test\nRegistrar: Go", True), ("Domain: kite.test\nRegistrar: Go\nDomain Sta", True),
        ("Domain: kite.test\r\nRegistrar: Go", True), ("Registrar: Go\nwords", True), ("Domain: kite.test\nRegistrar: Go\n", False),
        ("Domain: kite.test\nRegistrar: Go\r\n", False), ("Domain: kite.test", False), ("", False),
        ("Domain: kite.test\n% words\nRegistrar: Go", True),
        ("Domain: kite.test\n\nThe terms: all of them", False), ("Domain: kite.test\n \nThe terms", False),
        ("Domain: kite.test\n>>> Last upd", False), ("Domain: kite.test\n % The te", False), ("Domain: kite.test\n# The te", False),
        ("Domain: kite.test\n" + "words\n" * 48 + "words", True), ("Domain: kite.test\n" + "words\n" * 49 + "words", False),
        ("Domain: kite.test\n" + "w" * 2000, True), ("No match.\nThe terms: all of them", False),
    ],
)  # fmt: skip
def test_an_answer_whose_last_line_is_a_field_without_an_end_may_have_broken_off(said: str, cut: bool) -> None:
    assert is_cut(said) is cut


def test_only_a_registry_says_whether_a_name_is_held() -> None:
    lie = Registration(name="no.test", statuses=("client hold",), created="2020-01-01", is_partial=True, error="x")
    assert completed(Registration(name="a.test"), lie) == Registration(name="a.test", created="2020-01-01")
    assert completed(Registration(is_partial=True), lie).is_partial
