"""Lists from others: hashes, blocking lists, contacts, reports, settings, law."""

import io

from leeward.administration.services.settings_text import read as read_settings
from leeward.blocklist.rules.canaries import read_leak
from leeward.blocklist.rules.hash_list_wire import read_update
from leeward.blocklist.rules.partner_rpz import read_rpz
from leeward.blocklist.rules.partners import read_csv as read_partner_csv
from leeward.blocklist.rules.partners import read_plain as read_partner_plain
from leeward.hashbank.decoders import ncmec, threatexchange, vics
from leeward.hashbank.formats import tables
from leeward.intake.rules.listed import read_list
from leeward.languages.rules.parts import wrong_with
from leeward.laws.files.lawfile import read_law_file
from leeward.laws.rules.edition import read_edition
from leeward.notices.rules.contact_csv import read_table
from leeward.notices.rules.wordings import faults, filled
from leeward.scanning.lists.reading import read_hashes
from tests.contracts.growth import MOST, Reader, Shape
from tests.contracts.growth.shapes import TEXT, hostile, in_bytes, repeated

ANY = {name: in_bytes(shape) for name, shape in TEXT.items()}


def table(head: str) -> dict[str, Shape]:
    parts = ("a,b\n", '"', '""', '"a\n', ",", ";", "\n", "\r", " ", "=a\n", "a,b,c\n", '"a,b"\n', "'", "\t")
    return {f"{head}{part!r}": repeated(part, before=head) for part in parts}


def of_bytes(shapes: dict[str, Shape]) -> dict[str, Shape]:
    return {name: in_bytes(shape) for name, shape in shapes.items()}


def streamed(read):
    return lambda body: list(read(io.BytesIO(body)))


JSON_PARTS = (
    "1.",
    "-",
    "1e9",
    "1e9,",
    "[",
    "{",
    '{"a":',
    '"',
    "\\",
    '"a",',
    "1",
    "1,",
    '{"a":1},',
    "[],",
    '"\\u00',
    " ",
)
XML_PARTS = (
    "<a>",
    "<image>",
    "<!--",
    "<![CDATA[",
    "&amp;",
    "&a;",
    "<a b='",
    "<a b='c' ",
    "<?a",
    "</a>",
    "a",
    " ",
    "<image><md5>a</md5></image>",
)
ZONE = "$ORIGIN rpz.example.\n"
ZONES = {
    f"{part!r}": in_bytes(repeated(part, before=ZONE))
    for part in (
        "a CNAME .\n",
        "*.a CNAME .\n",
        "1 ",
        "IN ",
        "(",
        ")",
        ";",
        '"',
        "\\",
        "\\1",
        "\\046",
        "a.",
        "a\n",
        "$ORIGIN a\n",
        "$ORIGIN a.b.\n",
        " CNAME .\n",
        "a\\",
        "\t",
    )
} | {"a long origin": lambda size: f"$ORIGIN {'a.' * (size // 4)}\n{'b CNAME .\n' * (size // 20)}".encode()}


def aliases(size: int) -> str:
    """A table that stands for ten of the one before, again and again."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, size // 250)]
    return "\n".join(lines)


READERS = [
    Reader("hashes as CSV", streamed(tables.read_csv), of_bytes(table("md5,pdq,label\n")) | ANY, 4 * MOST),
    Reader("hashes, plain", streamed(tables.read_plain), ANY),
    Reader(
        "ThreatExchange as CSV",
        streamed(tables.read_threatexchange_csv),
        of_bytes(table("signal_type,hash\n")) | of_bytes(table("pdq,")),
        4 * MOST,
    ),
    Reader(
        "ThreatExchange",
        streamed(threatexchange.read_threatexchange),
        {f"{part!r}": in_bytes(repeated(part, before='{"data":[')) for part in JSON_PARTS},
    ),
    Reader(
        "VICS",
        streamed(vics.read_vics),
        {f"{part!r}": in_bytes(repeated(part, before='{"value":[{"Media":[')) for part in JSON_PARTS},
    ),
    Reader(
        "NCMEC",
        streamed(ncmec.read_ncmec),
        {f"{part!r}": in_bytes(repeated(part, before="<queryResult><images>")) for part in XML_PARTS},
    ),
    Reader("hashes for a scan", lambda text: read_hashes(text.splitlines(keepends=True)), TEXT | table("md5,pdq\n")),
    Reader("a partner's names", read_partner_plain, ANY),
    Reader("a partner's table", read_partner_csv, of_bytes(table("address,scope,note\n"))),
    Reader("a partner's zone", read_rpz, ZONES | ANY),
    Reader("a leaked list", read_leak, ANY | {name: in_bytes(shape) for name, shape in hostile("a" * 64).items()}),
    Reader(
        "an update of a hash list",
        read_update,
        {f"{byte:02x}": lambda size, byte=byte: bytes([byte]) * size for byte in (0, 1, 8, 10, 18, 127, 128, 255)},
    ),
    Reader("a table of contacts", read_table, table("kind,email\n")),
    Reader(
        "a list of reports",
        read_list,
        table("where,words\n")
        | {
            f"where {part!r}": repeated(part, before='where\n"', after='"')
            for part in ("a ", "( ", ",", "[.] ", "a.b ")
        },
        250_000,
    ),
    Reader(
        "a settings file",
        lambda text: read_settings(text, ()),
        {f"{part!r}": repeated(part, before='{"leeward_settings": 1, "a": ') for part in JSON_PARTS},
    ),
    Reader(
        "a law file",
        lambda text: read_law_file(text, name="JM.yaml"),
        {
            f"{part!r}": repeated(part)
            for part in (
                "a: ",
                "- ",
                "[",
                "{",
                "a: 1\n",
                "'",
                '"',
                "&a ",
                "*a ",
                "|\n",
                "? ",
                "#",
                "!!a ",
                "\n",
                "a:\n ",
                "- a\n",
                "<<: ",
            )
        }
        | {"aliases": aliases},
        30_000,
    ),
    Reader(
        "an edition of criteria",
        lambda text: read_edition(text, name="edition.csv", countries=frozenset({"JM"})),
        table("iso2,edition,c1,c2,c3,c4,c5,source\n"),
    ),
    Reader(
        "a hotline's own wording",
        lambda text: (faults("host", text, text), filled(text, {"a": "b"})),
        TEXT | hostile("{"),
    ),
    Reader(
        "a translation",
        lambda text: wrong_with(text, "", [text]),
        TEXT | {"tags": repeated("<a b>"), "closing": repeated("</a b>"), "places": repeated("%(a)s")},
    ),
]
