"""What is fetched, uploaded or lies in a scanned folder: pages, pictures, archives, torrents, answers of registries and name servers."""

import io
import json
import tarfile
import zipfile
from typing import Any

from leeward.blocklist.dns.answers import Answers
from leeward.blocklist.rules.packed import unpacked
from leeward.hosting.decoders.page_view import read_view
from leeward.hosting.decoders.pages import parse_page
from leeward.hosting.rules import rdap
from leeward.hosting.rules.pages import barrier_of_status
from leeward.matching.hashing import read_magnet, read_torrent
from leeward.matching.hashing.jpeg_scans import without_unneeded_scans
from leeward.scanning.containers.archives import tar_members, zip_members
from leeward.scanning.containers.bounds import USUAL_BOUNDS, Budget
from leeward.scanning.containers.kinds import container_kind
from leeward.scanning.containers.mail import mailbox_members, message_members
from tests.contracts.growth import MOST, Reader, Shape
from tests.contracts.growth.shapes import TEXT, in_bytes, repeated


def page(before: str, part: str, after: str = "") -> dict[str, Shape]:
    return {f"{before}{part}*{after}"[:60]: in_bytes(repeated(part, before=before, after=after))}


PAGES = (
    page('<p style="url(', " ", '">a')
    | page('<p style="url(', " " * 100 + "x ", ')">a')
    | page('<p style="', "url(", '">a')
    | page('<p style="', "url('", '">a')
    | page('<p style="', "url(a)", '">a')
    | page('<meta http-equiv=refresh content="', " ", 'x">a')
    | page('<meta http-equiv=refresh content="0;', "url=", '">a')
    | page("", "<script></script>a")
    | page("", "<noscript>a")
    | page("", "<noscript>a</noscript>")
    | page("", "<template><style>a")
    | page("<base href='http://a.example/", "a", "'>" + "<a href=b>" * 5000)
    | page("", "<a href=#a>")
    | page("", "<img srcset='a,b c,d'>")
    | page("", "<input type=password>")
    | page("", "a ")
    | page("", "<p>a")
    | page("", "<div>")
    | page("", "</p>")
    | page("", "&amp")
    | page("", "<!--")
    | page("", "<![CDATA[")
    | page("<p ", "'")
    | page("<title>", "<")
)
FRAME = b"\xff\xc2\x00\x11\x08\x00\x10\x00\x10\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00"
SCAN = b"\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00"
JPEG_HEAD = b"\xff\xd8" + FRAME + SCAN
SCANS = {
    "fill bytes": lambda size: JPEG_HEAD + b"\xff" * size,
    "stuffed bytes": lambda size: JPEG_HEAD + b"\xff\x00" * (size // 2),
    "restart markers": lambda size: JPEG_HEAD + b"\xff\xd0" * (size // 2),
    "fill, then stuffing": lambda size: JPEG_HEAD + (b"\xff" * 50 + b"\x00") * (size // 51),
    "scans": lambda size: JPEG_HEAD + SCAN * (size // len(SCAN)),
    "segments": lambda size: b"\xff\xd8" + b"\xff\xe1\x00\x02" * (size // 4),
}


def zipped(size: int) -> bytes:
    """An archive of empty members: nearly all of it is its directory."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(size // 100):
            archive.writestr(zipfile.ZipInfo(f"{number}"), b"")
    return target.getvalue()


def tarred(size: int) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for number in range(size // 2048):
            archive.addfile(tarfile.TarInfo(f"{number}" + "é" * 100))
    return target.getvalue()


def members(reader: Any) -> Any:
    return lambda body: [one.name for one in reader(io.BytesIO(body), Budget(USUAL_BOUNDS, len(body)))]


TORRENTS = {
    "lists": lambda size: b"d4:info" + b"l" * size,
    "tables": lambda size: b"d4:info" + b"d1:a" * (size // 4),
    "numbers": lambda size: b"d4:infod6:lengthi" + b"9" * size + b"e",
    "files": lambda size: (
        b"d4:infod5:filesl"
        + b"d6:lengthi1e4:pathl1:aee" * (size // 24)
        + b"e4:name1:a12:piece lengthi16384e6:pieces0:ee"
    ),
    "trackers": lambda size: b"d13:announce-listl" + b"l3:udpe" * (size // 7) + b"ee",
}
ENTITY = {"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text", "a@b.example"]]]}


def nested(depth: int) -> dict[str, Any]:
    answer: dict[str, Any] = dict(ENTITY)
    for _ in range(min(depth, 900)):
        answer = {"entities": [answer], "roles": ["abuse"]}
    return answer


RDAP = {
    "entities": lambda size: json.dumps({"entities": [ENTITY] * (size // 90)}),
    "entities within entities": lambda size: json.dumps({"entities": [nested(100)] * (size // 4000)}),
    "mailboxes": lambda size: json.dumps(
        {"entities": [{"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text", "a@b"]] * (size // 25)]}]}
    ),
    "one mailbox": lambda size: json.dumps(
        {
            "entities": [
                {"roles": ["abuse"], "vcardArray": ["vcard", [["email", {}, "text", "a@" + "b." * (size // 2)]]]}
            ]
        }
    ),
    "events": lambda size: json.dumps(
        {"events": [{"eventAction": "registration", "eventDate": "2" * 30}] * (size // 70)}
    ),
    "prefixes": lambda size: json.dumps({"cidr0_cidrs": [{"v4prefix": "192.0.2.0", "length": 24}] * (size // 50)}),
    "a country": lambda size: json.dumps({"country": "A" * size, "name": "a" * size}),
}


def registry_facts(text: str) -> object:
    answer = json.loads(text)
    if not isinstance(answer, dict):
        raise ValueError("no object: it is looked at before")
    return rdap.network_facts(answer), rdap.domain_facts(answer), rdap.autnum_emails(answer)


QUESTION = b"\x01a\x00\x00\x01\x00\x01"
DNS = {
    "questions": lambda size: b"\0\1\1\0" + (size // 7).to_bytes(2, "big") + b"\0" * 6 + QUESTION * (size // 7),
    "pointers": lambda size: (
        b"\0\1\1\0\0\1\0\0\0\0\0\0"
        + b"".join((0xC000 | min(12 + 2 * n, 0x3FFF)).to_bytes(2, "big") for n in range(size // 2))
    ),
    "labels": lambda size: b"\0\1\1\0\0\1\0\0\0\0\0\0" + b"\x01a" * (size // 2),
    "records": lambda size: (
        b"\0\1\1\0\0\0"
        + (size // 17).to_bytes(2, "big")
        + b"\0" * 4
        + (b"\x01a\x00\x00\x10\x00\x01\0\0\0\0\0\2\1a" * (size // 17))
    ),
}
HEADERS = {
    name: in_bytes(repeated(part, before="From: a\n"))
    for name, part in {
        "headers": "X-A: b\n",
        "folds": "To: a\n b\n",
        "parts": "--a\n",
        "empty": "\n",
        "from": "\nFrom a\n",
        "colons": ":",
        "brackets": "To: <(\n",
    }.items()
}

READERS = [
    Reader("a page", lambda body: parse_page(body, "http://a.example/"), PAGES),
    Reader("a page without its pictures", lambda body: read_view(body, ""), PAGES),
    Reader(
        "a long page of scripts",
        lambda body: parse_page(body, "http://a.example/"),
        page("", "<script></script>a"),
        least=MOST,
        most=8 * MOST,
    ),
    Reader("a refused page", lambda body: barrier_of_status(403, body), page("blocked", "a") | page("", "blocked")),
    Reader("the scans of a JPEG", lambda data: without_unneeded_scans(data, 4), SCANS, 60 * MOST),
    Reader("a zip archive's directory", members(zip_members), {"members": zipped}, 4 * MOST),
    Reader("a tar archive's headers", members(tar_members), {"members": tarred}, 8 * MOST),
    Reader("a packed list", lambda body: list(unpacked(body)), {"members": zipped}, 4 * MOST),
    Reader(
        "a file's kind",
        lambda body: container_kind(io.BytesIO(body), "a"),
        {name: in_bytes(shape) for name, shape in TEXT.items()},
    ),
    Reader("a mailbox", members(mailbox_members), HEADERS),
    Reader("a message's attachments", members(message_members), HEADERS),
    Reader("a torrent", read_torrent, TORRENTS, 20 * MOST),
    Reader(
        "a magnet link",
        read_magnet,
        {
            name: repeated(part, before="magnet:?")
            for name, part in {"topics": "xt=urn:btih:a&", "names": "dn=%41", "trackers": "tr=udp://a&"}.items()
        },
    ),
    Reader("a registry's answer", registry_facts, RDAP),
    Reader("a question to the name server", lambda wire: list(Answers().to(wire, over_tcp=True)), DNS, 60_000),
]
