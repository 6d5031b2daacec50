"""WHOIS answers in the forms of several registries; all names in them are made up."""

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.hosting.rules.registration import Registration
from leeward.hosting.rules.whois import (
    MOST_LINES,
    MOST_VALUES,
    WhoisAnswer,
    day_in,
    decoded,
    is_cut,
    read_answer,
    server_in,
)

GENERIC = """% A notice of the registry: terms of use apply.
Domain Name: KITE.TEST
Registry Domain ID: D7-TEST
Registrar WHOIS Server: whois.names.test
Registrar: Good Names Ltd
Registrar Abuse Contact Email: Abuse@good-names.test
Creation Date: 2020-02-03T04:05:06Z
Registry Expiry Date: 2030-02-03T04:05:06Z
Domain Status: clientHold http://epp.example/#clientHold
Domain Status: client transfer prohibited
Registrant Name: REDACTED FOR PRIVACY
Registrant Organization: Kite Works
Registrant Street: 1 Quay
Registrant City: Kingston
Registrant Postal Code: 00000
Registrant Country: JM
Registrant Phone: +1.8765550100
Registrant Email: owner@kite.test
Name Server: NS1.KITE.TEST
Name Server: ns2.kite.test 192.0.2.1
>>> Last update of WHOIS database: 2026-11-28T00:00:00Z <<<
"""
NOMINET = """
    Domain name:
        kite.test

    Data validation:
        The registrar has verified this registrant.

    Registrar:
        Good Names Ltd [Tag = GOOD]
        URL: https://good-names.test

    Relevant dates:
        Registered on: 03-Feb-2020
        Expiry date:  03-Feb-2030

    Registration status:
        Suspended.

    Name servers:
        ns1.kite.test
        ns2.kite.test    192.0.2.1
"""
RIPE_LIKE = """domain:   kite.test
holder-c: Kite Works
nserver:  ns1.kite.test
status:   ACTIVE
registrar: Good Names
created:  2020.02.03
Expire: 3.2.2030
"""
BRACKETS = """[Domain Name]                KITE.TEST
[Registrant]                 Kite Works
[Name Server]                ns1.kite.test
[Created on]                 2020/02/03
[Expires on]                 2030/02/03
[Status]                     Active
"""


BY_HANDLES = """domain: kite.test
registrant: OWNER-1
registrar: GOOD
registered: 03.02.2020 18:00:00
expire: 03.02.2030
nsset: SET-1

contact: TECH-1
name: Somebody Else
e-mail: tech@good-names.test

contact: OWNER-1
org: Kite Works
name: Joe User
e-mail: owner@kite.test
phone: +1.8765550100
created: 27.03.2017 18:25:35

nsset: SET-1
nserver: ns1.kite.test
"""
IN_PARTS = """Domain:
name:       kite.test
status:     ok (paid)
registered: 2020-02-03 04:34:46 +03:00
expire:     2030-02-03

Registrant
name:       Joe User
organization: Kite Works
email:      owner@kite.test
phone:      +1.8765550100
state:      Kingston

Administrative contact:
name:       Somebody Else
state:      Elsewhere

Registrar:
name:       Good Names

Name servers:
nserver:    ns1.kite.test
"""
ISLANDS = """% terms
Domain:
     kite.test

Domain Status:
     Active

Relevant dates:
     Registered on 3rd February 2020 at 00:04:00.000

Nameservers:   ns1.kite.test.
               ns2.kite.test.
               192.0.2.1

REGISTRAR:
Good Names
4 Quay Street
"""


@pytest.mark.parametrize("said", [BY_HANDLES, IN_PARTS])
def test_the_holder_is_read_where_a_record_keeps_the_parties_apart(said: str) -> None:
    answer = read_answer(said)
    found = answer.registration
    assert (answer.outcome, found.name, found.created, found.expires) == (
        "record",
        "kite.test",
        "2020-02-03",
        "2030-02-03",
    )
    assert (found.registrar, found.nameservers) in (("GOOD", ("ns1.kite.test",)), ("Good Names", ("ns1.kite.test",)))
    assert (found.holder.name, found.holder.organisation) == ("Joe User", "Kite Works")
    assert (found.holder.mailboxes, found.holder.phone) == (("owner@kite.test",), "+1.8765550100")
    assert found.statuses in ((), ("ok",))


def test_lines_below_a_key_and_dates_in_words() -> None:
    found = read_answer(ISLANDS).registration
    assert (found.name, found.created, found.registrar) == ("kite.test", "2020-02-03", "Good Names")
    assert (found.nameservers, found.statuses) == (("ns1.kite.test", "ns2.kite.test"), ("active",))


def test_what_belongs_to_a_key_and_what_does_not() -> None:
    begins = "domain: kite.test\nregistrar: Good Names\n"
    assert read_answer(f"Holder\nname: Joe User\n{begins}").registration.holder.name == "Joe User"
    found = read_answer(f"{begins}\nHolder\nname: Joe User\nsome words\nemail: owner@kite.test").registration
    assert found.holder.mailboxes == ("owner@kite.test",), "words between two keys are no heading"
    assert read_answer("% Domain Name: kite.test\n% Registrar: Good").registration.registrar == "Good"
    for mark in "%#":
        assert read_answer(f"domain: kite.test\nregistrar:\n  {mark} ===\nstatus: ok").registration.registrar == ""
    assert (
        read_answer("domain: kite.test\nRegistrar:\nGood\nRegistered on 3rd May 2020").registration.created
        == "2020-05-03"
    )
    assert read_answer(f"{begins}\nRegistered on 3rd May 2020").registration.created == "2020-05-03"


def test_what_a_name_server_is() -> None:
    begins = "domain: kite.test\nregistrar: Good Names\n    www.good-names.test\n"
    found = read_answer(
        f"{begins}nserver: ns1.kite.test 192.0.2.1 192.0.2.2\nnserver: ::ffff:192.0.2.1\nnserver: SET-1"
    )
    assert found.registration.nameservers == ("ns1.kite.test",)
    found = read_answer(f"{begins}Name servers:\n  ns1.kite.test\n  ns2.kite.test\n  ns3.kite.test\n")
    assert found.registration.nameservers == ("ns1.kite.test", "ns2.kite.test", "ns3.kite.test")


def test_only_a_handle_leads_to_a_party() -> None:
    begins = "domain: kite.test\nregistrar: Good Names\n"
    for handle in ("contact: XXXX", "contact:"):
        assert read_answer(f"{begins}\n{handle}\nname: Nobody").registration.holder.name == ""
    words = read_answer(f"{begins}holder: Kite Works\n\ncontact: Kite Works\nname: Somebody Else")
    assert words.registration.holder.name == "Kite Works"


def test_a_record_that_hides_the_name_is_a_record() -> None:
    found = read_answer("Domain Name:\nRegistrar: Good Names\nCreation Date: 2020-02-03\nState: Ontario")
    assert (found.outcome, found.registration.name, found.registration.registrar) == ("record", "", "Good Names")
    assert read_answer("Registrar: Good Names").outcome == "unread"
    assert read_answer("KITE.TEST is active\nDomain name:\n  KITE.TEST is Active\n").outcome == "unread"
    assert read_answer("Domain name:\n  KITE.TEST is Active\nregistrar: x").registration.name == "kite.test"


def test_the_form_of_most_registries() -> None:
    answer = read_answer(GENERIC)
    found = answer.registration
    assert (answer.outcome, answer.referral) == ("record", "whois.names.test")
    assert found.row == {
        "kind": "domain", "handle": "D7-TEST", "name": "kite.test", "country": "JM", "registrar": "Good Names Ltd",
        "registrar_abuse": ["abuse@good-names.test"], "abuse": [], "statuses": ["client hold", "client transfer prohibited"],
        "created": "2020-02-03", "expires": "2030-02-03", "nameservers": ["ns1.kite.test", "ns2.kite.test"], "redacted": ["Holder"],
        "error": None,
    }  # fmt: skip
    assert (found.holder.organisation, found.holder.mailboxes, found.holder.phone) == (
        "Kite Works", ("owner@kite.test",), "+1.8765550100",
    )  # fmt: skip
    assert (found.holder.postal.street, found.holder.postal.city, found.holder.postal.postcode) == (
        "1 Quay",
        "Kingston",
        "00000",
    )


@pytest.mark.parametrize("said", [NOMINET, RIPE_LIKE, BRACKETS, NOMINET.replace("\n", "\r\n")])
def test_the_forms_of_others(said: str) -> None:
    found = read_answer(said).registration
    assert (found.name, found.created, found.expires) == ("kite.test", "2020-02-03", "2030-02-03")
    assert found.nameservers[0] == "ns1.kite.test"
    assert found.statuses in (("suspended",), ("active",))
    assert found.registrar in ("Good Names Ltd", "Good Names", "")


@pytest.mark.parametrize(
    "said",
    [
        "WHOIS LIMIT EXCEEDED - SEE WWW.PIR.ORG/WHOIS FOR DETAILS",
        "Your query rate exceeded the maximum allowed. Try again later.",
        "%ERROR:201: access denied for 192.0.2.1",
        "Too many requests; please wait.",
        "You have reached your daily quota: limit exceeded",
        "Domain Name: too many queries",
        "Query rate exceeded, no information available",
    ],
)  # fmt: skip
def test_a_text_about_a_limit_is_no_empty_record(said: str) -> None:
    assert read_answer(said).outcome == "limit"


def test_a_record_whose_terms_speak_of_limits_is_a_record() -> None:
    assert (
        read_answer(
            GENERIC + "\nTerms: whoever exceeds the rate limit is blacklisted. Too many queries are refused.\n"
        ).outcome
        == "record"
    )


@pytest.mark.parametrize(
    "said",
    [
        'No match for "KITE.TEST".',
        "Domain: kite.test\nStatus: free",
        "% No entries found",
        "kite.test is available",
        'No match for "kite.test".\n\nTerms of use: restrictions on (C) exceeding query rate or volume limits.',
    ],
)
def test_a_name_that_nobody_has(said: str) -> None:
    assert read_answer(said).outcome == "nothing"


@pytest.mark.parametrize("said", ["", "Welcome.", "\x00" * 50, "a: b\n" * 10, "Domain Name: KITE.TEST"])
def test_what_cant_be_read_is_not_called_nothing(said: str) -> None:
    assert read_answer(said) == WhoisAnswer("unread")


@pytest.mark.parametrize(
    ("value", "server"),
    [("whois.nic.test", "whois.nic.test"), ("whois://Whois.Nic.test:43/", "whois.nic.test"), ("rwhois://r.test:4321", "r.test"),
     ("", ""), ("localhost", ""), ("a b.test", ""), ("http://x.test", ""), ("127.0.0.1", "127.0.0.1")],
)  # fmt: skip
def test_which_server_is_named(value: str, server: str) -> None:
    assert server_in(value) == server
    assert read_answer(f"refer: {value}\n").referral == server


@pytest.mark.parametrize(
    ("value", "day"),
    [("2020-02-03T00:00:00Z", "2020-02-03"), ("20200203", "2020-02-03"), ("3-feb-2020", "2020-02-03"),
     ("January 18 2000", "2000-01-18"), ("Tue Dec. 1, 1999", "1999-12-01"), ("Foobar 18 2000", ""),
     ("2nd March 2003", "2003-03-02"), ("03 February 2020", "2020-02-03"),
     ("3.2.2020", "2020-02-03"), ("before Aug-1996", ""), ("3-xyz-2020", ""), ("2020-13-03", ""), ("2020-02-39", ""), ("", "")],
)  # fmt: skip
def test_days_as_they_are_written(value: str, day: str) -> None:
    assert day_in(value) == day


def test_letters_of_any_encoding_leave_the_fields_readable() -> None:
    for encoding in ("utf-8", "utf-8-sig", "latin-1", "iso2022_jp"):
        holder = "\u5c71\u7530" if encoding == "iso2022_jp" else "J\u00f3e"
        said = f"Domain Name: kite.test\nRegistrar: Good Names\nRegistrant Name: {holder}\n".encode(encoding)
        found = read_answer(decoded(said)).registration
        assert (found.registrar, found.holder.name) == ("Good Names", holder)
    assert read_answer(decoded(b"Domain Name: kite.test\nRegistrar: \xff\xfe\x9d\n")).registration.name == "kite.test"


def test_an_answer_without_end_is_read_to_a_bound() -> None:
    said = "Domain Name: kite.test\n" + "Name Server: ns.kite.test\n" * MOST_LINES + "Registrar: Late\n"
    found = read_answer(said).registration
    assert (found.registrar, found.nameservers) == ("", ("ns.kite.test",))
    assert (
        len(
            read_answer(
                "Domain Name: a.test\n" + "\n".join(f"Name Server: n{n}.a.test" for n in range(99))
            ).registration.nameservers
        )
        == 20
    )


SAMPLES = (GENERIC, NOMINET, RIPE_LIKE, BRACKETS, BY_HANDLES, IN_PARTS, ISLANDS)
# What a server could put into an answer to be kept or shown as something else.
_ODDITIES = st.sampled_from(
    [
        b"\0",
        b"\x1b$B",
        "\u202e".encode(),
        "\u2028".encode(),
        b"\xed\xa0\x80",
        b"\xff",
        b"\n\n",
        b":",
        b"\x1b[31m",
        b"9" * 300,
        b"@",
        b"<b>",
    ]
)


@st.composite
def _mutated(draw: st.DrawFn) -> bytes:
    """A sample with parts cut out, moved and written over."""
    raw = draw(st.sampled_from(SAMPLES)).encode(draw(st.sampled_from(("utf-8", "utf-16", "latin-1"))), "replace")
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(raw)))
        end = draw(st.integers(start, min(start + 60, len(raw))))
        raw = raw[:start] + draw(_ODDITIES | st.binary(max_size=8)) + raw[draw(st.sampled_from((start, end))) :]
    return raw


@given(st.binary(max_size=300) | _mutated())
def test_whatever_bytes_come_what_is_kept_can_be_kept_and_shown(raw: bytes) -> None:
    stated = decoded(raw)
    assert is_cut(stated) in (True, False)
    answer = read_answer(stated)
    found = answer.registration
    assert answer.outcome in ("record", "nothing", "limit", "unread")
    assert answer.outcome == "record" or found == Registration()
    assert all(word.isprintable() and len(word) <= 255 for word in _words_of(found))
    assert all(day == "" or date.fromisoformat(day) for day in (found.created, found.expires))
    assert found.name == found.name.lower()
    assert " " not in found.name
    assert "@" not in "".join(found.nameservers)
    assert len(found.statuses) + len(found.nameservers) <= 2 * MOST_VALUES
    assert answer.referral == "" or server_in(answer.referral) == answer.referral


def _words_of(found: Registration) -> list[str]:
    holder = found.holder
    postal = [getattr(holder.postal, name) for name in holder.postal.__dataclass_fields__]
    lists = (found.statuses, found.nameservers, found.registrar_abuse, found.redacted, holder.mailboxes)
    single = (found.name, found.handle, found.registrar, found.country, holder.name, holder.organisation, holder.phone)
    return [*single, *postal, *(word for words in lists for word in words)]


@pytest.mark.parametrize(
    "piece", [b"\n", b"\t", b"\x1b$B", b"Holder: H-1\n\nnic-hdl: H-1\nname: x\n\n", b"limit ", b"Created: 1-Jan 1-"]
)
def test_a_megabyte_is_read_in_a_moment(piece: bytes) -> None:
    raw = b"Domain: kite.test\nHolder: H-1\nRegistrar: x\n\n" + piece * (1_000_000 // len(piece))
    started = process_time()
    stated = decoded(raw)
    is_cut(stated)
    assert read_answer(stated).outcome == "record"
    assert process_time() - started < 0.9
