"""OAI-PMH: each verb, each error, pages of a list, and what another repository's page holds."""

from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from leeward.awareness.rules.entries import EntryDetails
from leeward.awareness.rules.oai import PER_PAGE, Repository, answer
from leeward.awareness.rules.oai_pages import rows_of_page
from leeward.awareness.rules.records import MOST_BYTES, NotAFeed, Record

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
FIRST = datetime(2026, 11, 1, 10, 0, 0, 900_000, tzinfo=UTC)
NS = {"o": "http://www.openarchives.org/OAI/2.0/", "dc": "http://purl.org/dc/elements/1.1/"}
DETAILS = EntryDetails(
    "Pictures & <you>",
    "School",
    "https://school.example/pictures?a=1&b=é",
    ("child",),
    9,
    12,
    ("pictures", "time"),
    ("en", "fr"),
    "video",
    "CC BY 4.0",
    "",
)


def repository(count: int = 3) -> Repository:
    records = [Record(number, FIRST + timedelta(days=number), DETAILS) for number in range(count)]
    return Repository("Jamaica & more", "https://l.example/jm/oai", "desk@jm.example", "l.example", records)


def ask(count: int = 3, **arguments: str) -> "etree._Element":
    asked = [(name.removesuffix("_"), value) for name, value in arguments.items()]
    return etree.fromstring(answer(asked, repository(count), NOW).encode())


def texts(root: "etree._Element", path: str) -> list[str]:
    return [str(one.text) for one in root.iterfind(path, NS)]


def fault(count: int = 3, **arguments: str) -> str:
    root = ask(count, **arguments)
    (error,) = root.iterfind("o:error", NS)
    assert error.text
    return str(error.get("code"))


def test_it_says_what_it_is() -> None:
    root = ask(verb="Identify")
    assert root.findtext("o:responseDate", namespaces=NS) == "2026-11-28T12:00:00Z"
    (request,) = root.iterfind("o:request", NS)
    assert (request.text, dict(request.attrib)) == ("https://l.example/jm/oai", {"verb": "Identify"})
    (inside,) = root.iterfind("o:Identify", NS)
    assert {str(etree.QName(one).localname): one.text for one in inside} == {
        "repositoryName": "Jamaica & more",
        "baseURL": "https://l.example/jm/oai",
        "protocolVersion": "2.0",
        "adminEmail": "desk@jm.example",
        "earliestDatestamp": "2026-11-01T10:00:00Z",
        "deletedRecord": "no",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
    }
    assert not [one.tail for one in inside if one.tail]
    assert inside.text is None
    assert "2026-01-01T00:00:00Z" in texts(ask(0, verb="Identify"), ".//o:earliestDatestamp")


def test_one_record_in_dublin_core() -> None:
    root = ask(verb="GetRecord", identifier="oai:l.example:1", metadataPrefix="oai_dc")
    assert texts(root, ".//o:identifier") == ["oai:l.example:1"]
    assert texts(root, ".//o:datestamp") == ["2026-11-02T10:00:00Z"]
    (dc,) = root.iter("{http://www.openarchives.org/OAI/2.0/oai_dc/}dc")
    assert dc.text is None
    assert not [one.tail for one in dc if one.tail]
    found = [(str(etree.QName(one).localname), one.text) for one in root.iter("{http://purl.org/dc/elements/1.1/}*")]
    assert found == [
        ("title", "Pictures & <you>"),
        ("publisher", "School"),
        ("identifier", "https://school.example/pictures?a=1&b=%C3%A9"),
        ("type", "video"),
        ("rights", "CC BY 4.0"),
        ("subject", "pictures"),
        ("subject", "time"),
        ("language", "en"),
        ("language", "fr"),
        ("date", "2026-11-02"),
    ]


def test_formats_and_sets() -> None:
    assert texts(ask(verb="ListMetadataFormats"), ".//o:metadataPrefix") == ["oai_dc"]
    assert texts(ask(verb="ListMetadataFormats"), ".//o:schema") == ["http://www.openarchives.org/OAI/2.0/oai_dc.xsd"]
    assert texts(ask(verb="ListMetadataFormats"), ".//o:metadataNamespace") == [
        "http://www.openarchives.org/OAI/2.0/oai_dc/"
    ]
    assert texts(ask(verb="ListMetadataFormats", identifier="oai:l.example:2"), ".//o:metadataPrefix") == ["oai_dc"]
    assert fault(verb="ListMetadataFormats", identifier="oai:l.example:3") == "idDoesNotExist"
    assert fault(verb="ListMetadataFormats", resumptionToken="1~~") == "badArgument"
    assert fault(verb="ListSets") == "noSetHierarchy"
    assert fault(verb="ListSets", resumptionToken="1~~") == "badResumptionToken"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Destroy"}, "badVerb"),
        ({"verb": "Identify", "more": "1"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "GetRecord", "identifier": "oai:l.example:1"}, "badArgument"),
        ({"verb": "GetRecord", "identifier": "x", "resumptionToken": "1~~"}, "badArgument"),
        ({"verb": "GetRecord", "identifier": "x", "metadataPrefix": "oai_dc"}, "idDoesNotExist"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "a"}, "noSetHierarchy"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "resumptionToken": "1~~"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "yesterday"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-13-01"}, "badArgument"),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-11-09", "until": "2026-11-08"},
            "badArgument",
        ),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-11-01", "until": "2026-11-08T00:00:00Z"},
            "badArgument",
        ),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2027-01-01"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "-1~~"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "٥~~"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "1~x~"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "1~~x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "1~~~"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "9999999~~"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "3~~"}, "badResumptionToken"),
    ],
)
def test_each_error_of_the_protocol(arguments: dict[str, str], code: str) -> None:
    assert fault(**arguments) == code
    (request,) = ask(**arguments).iterfind("o:request", NS)
    assert dict(request.attrib) == ({} if code in ("badVerb", "badArgument") else {"verb": arguments["verb"]})


def test_an_argument_twice() -> None:
    for asked, code in (
        ([("verb", "Identify"), ("verb", "Identify")], "badVerb"),
        (
            [("verb", "GetRecord"), ("identifier", "a"), ("identifier", "b"), ("metadataPrefix", "oai_dc")],
            "badArgument",
        ),
    ):
        assert f'code="{code}"' in answer(asked, repository(), NOW)


def test_times_are_inclusive() -> None:
    def found(**times: str) -> list[str]:
        return texts(ask(verb="ListIdentifiers", metadataPrefix="oai_dc", **times), ".//o:datestamp")

    days = ["2026-11-01T10:00:00Z", "2026-11-02T10:00:00Z", "2026-11-03T10:00:00Z"]
    assert found() == days
    assert found(from_="2026-11-02") == days[1:]
    assert found(until="2026-11-02") == days[:2]
    assert found(from_="2026-11-02", until="2026-11-02") == [days[1]]
    assert found(from_=days[1]) == days[1:]
    assert found(from_=days[1], until=days[1]) == [days[1]]
    assert found(from_="2026-11-02T10:00:01Z") == days[2:]
    assert found(until=days[1]) == days[:2]
    assert found(until="2026-11-02T09:59:59Z") == days[:1]
    late = Record(1, datetime(2026, 11, 1, 23, 59, 59, 999_999, tzinfo=UTC), DETAILS)
    asked = [("verb", "ListIdentifiers"), ("metadataPrefix", "oai_dc"), ("until", "2026-11-01")]
    assert "2026-11-01T23:59:59Z" in answer(asked, Repository("a", "b", "c", "d", [late]), NOW)


def test_a_long_list_has_pages() -> None:
    count = 2 * PER_PAGE + 1
    root = ask(count, verb="ListRecords", metadataPrefix="oai_dc", until="2027-12-31")
    seen, cursors = len(texts(root, ".//o:identifier")), []
    while True:
        (token,) = root.iterfind(".//o:resumptionToken", NS)
        assert token.get("completeListSize") == str(count)
        cursors.append(token.get("cursor"))
        if not token.text:
            break
        root = ask(count, verb="ListRecords", resumptionToken=token.text)
        seen += len(texts(root, ".//o:identifier"))
    assert (seen, cursors) == (count, ["0", "100", "200"])
    begun = ask(count, verb="ListRecords", metadataPrefix="oai_dc")
    assert texts(begun, ".//o:resumptionToken") == [f"{PER_PAGE}~~"]
    assert not [one.tail for one in begun.iter() if one.tail]
    assert fault(count, verb="ListRecords", resumptionToken="٥~~") == "badResumptionToken"
    (last,) = ask(2 * PER_PAGE, verb="ListRecords", resumptionToken=f"{PER_PAGE}~~").iterfind(
        ".//o:resumptionToken", NS
    )
    assert not last.text
    whole = ask(PER_PAGE, verb="ListRecords", metadataPrefix="oai_dc")
    assert len(texts(whole, ".//o:identifier")) == PER_PAGE
    assert not list(whole.iterfind(".//o:resumptionToken", NS))
    assert fault(PER_PAGE, verb="ListRecords", resumptionToken=f"{PER_PAGE}~~") == "badResumptionToken"


def test_no_record_is_passed_over_when_others_change_or_go_meanwhile() -> None:
    """A harvester that asks only for changes later would never get one that was passed over."""
    records = [Record(number, FIRST, DETAILS) for number in range(1, 2 * PER_PAGE + 2)]

    def numbers(records: list[Record], **arguments: str) -> tuple[list[str], str]:
        text = answer([("verb", "ListIdentifiers"), *arguments.items()], Repository("a", "b", "c", "d", records), NOW)
        root = etree.fromstring(text.encode())
        return texts(root, ".//o:identifier"), root.findtext(".//o:resumptionToken", "", NS)

    first, token = numbers(records, metadataPrefix="oai_dc")
    assert token == f"{PER_PAGE + 1}~~"
    later = [
        Record(5, NOW, DETAILS) if one.number == 5 else one for one in records if one.number not in (1, PER_PAGE + 1)
    ]
    second, token = numbers(later, resumptionToken=token)
    assert second[0] == f"oai:d:{PER_PAGE + 2}"
    assert len(first) == len(second) == PER_PAGE
    assert token == ""
    many = [Record(10**17 + number, FIRST, DETAILS) for number in range(PER_PAGE + 1)]
    assert numbers(many, resumptionToken=numbers(many, metadataPrefix="oai_dc")[1])[0] == [f"oai:d:{10**17 + PER_PAGE}"]
    assert fault(0, verb="ListRecords", resumptionToken="1~~") == "badResumptionToken"


def page(**arguments: str) -> bytes:
    return answer(
        list({"verb": "ListRecords", "metadataPrefix": "oai_dc", **arguments}.items()), repository(), NOW
    ).encode()


def test_a_page_is_read_as_a_table_would_hold_it() -> None:
    rows, token = rows_of_page(page())
    assert (len(rows), token) == (3, "")
    assert rows[0] == {
        "title": "Pictures & <you>",
        "publisher": "School",
        "address": "https://school.example/pictures?a=1&b=%C3%A9",
        "audiences": "",
        "age_from": "",
        "age_to": "",
        "topics": "pictures time",
        "languages": "en fr",
        "form": "video",
        "licence": "CC BY 4.0",
        "source": "",
    }
    assert rows_of_page(page(**{"from": "2027-01-01"})) == ([], "")
    other = page().replace(b"https://school.example", b"urn:x", 1).replace(b">video<", b">Sculpture<", 1)
    other = other.replace(b"<dc:language>en<", b"<dc:language>en-GB<", 1).replace(b">School<", b"><b>S</b> c<", 1)
    other = other.replace(b"</ListRecords>", b"<resumptionToken> next </resumptionToken></ListRecords>")
    gone = b'<ListRecords><record><header status="deleted"><identifier>x</identifier></header></record>'
    other = other.replace(b"<dc:publisher>School</dc:publisher>", b"", 1).replace(
        b">https://school", b">http://school", 1
    )
    rows, token = rows_of_page(other.replace(b"<ListRecords>", gone, 1))
    assert (rows[1]["publisher"], rows[1]["address"][:21]) == ("", "http://school.example")
    assert len(rows_of_page(page() + b" " * (MOST_BYTES - len(page())))[0]) == 3
    assert (len(rows), token) == (3, "next")
    assert [rows[0][name] for name in ("address", "form", "languages", "publisher")] == ["", "page", "en fr", "S c"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<a>" + b" " * MOST_BYTES, "it is larger than 5 MB"),
        (b"<a>", "it is neither JSON nor XML in UTF-8"),
        (b"", "it is neither JSON nor XML in UTF-8"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "it is neither JSON nor XML in UTF-8"),
        (b"<html/>", "it holds no learning material"),
        (
            page(metadataPrefix="marc").replace(b"cannotDisseminateFormat", b"x" * 41),
            f"the other side refuses: {'x' * 40}",
        ),
        (page(metadataPrefix="marc"), "the other side refuses: cannotDisseminateFormat"),
    ],
)
def test_what_is_no_page_of_records(content: bytes, why: str) -> None:
    with pytest.raises(NotAFeed) as refused:
        rows_of_page(content)
    assert str(refused.value) == why
