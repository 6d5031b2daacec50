"""Whether a document is one that NCMEC's CyberTipline takes: by the table of its format, then by rules that no schema has.

Pure. A document type is refused before anything is read.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

from lxml import etree

from leeward.foundation.patterns import Pattern
from leeward.outputs.rules.cybertip_grammar import ANY_ORDER, ATTRIBUTES, CONTENTS, LENGTHS, ROOTS, SIMPLE, WORDS, Part
from leeward.outputs.rules.json_checks import is_email
from leeward.outputs.rules.refusals import Refusal

MOST_BYTES = 1 << 20
_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_NUMBER = Pattern(r"[+-]?[0-9]{1,18}")
_DOUBLE = Pattern(r"[+-]?[0-9]{1,6}(\.[0-9]{1,12})?")
_MOMENT = Pattern(r"-?[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?")
_COUNTRY = Pattern(r"([A-Z]{2}|A1|A2|O1)?")
_MOST_HASH_TYPE = 64


class Malformed(ValueError):
    """The bytes are no document that is read here; `code` is that of a refusal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse(content: bytes) -> etree._Element:
    """Read a document without fetching or expanding anything; raises Malformed."""
    if len(content) > MOST_BYTES:
        raise Malformed("too_long")
    if b"\x00" in content or b"<!DOCTYPE" in content:  # in UTF-16 the second would go unseen
        raise Malformed("doctype")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Malformed("malformed") from error


def check(content: bytes, now: datetime) -> tuple[Refusal, ...]:
    """Return everything that is wrong with a document."""
    try:
        root = parse(content)
    except Malformed as error:
        return (Refusal(error.code),)
    return (*schema_faults(root), *own_refusals(root, now))


def schema_faults(root: etree._Element) -> tuple[Refusal, ...]:
    """Return where a document does not fit the table of its format: wrong names, order, number, attributes or values."""
    if root.tag not in ROOTS:
        return (Refusal("schema", str(root.tag)[:60]),)
    return tuple(Refusal("schema", path) for path in dict.fromkeys(_element(root, str(root.tag), str(root.tag))))


def own_refusals(root: etree._Element, now: datetime) -> tuple[Refusal, ...]:
    """Return what the schema lets pass and NCMEC's documentation does not."""
    found = [*_lengths(root)]
    for name in ("incidentDateTime", "uploadedToEspTimestamp", "dateTime"):
        for one in root.iter(name):
            at = _moment(one.text or "")
            if at is not None and at.tzinfo is None:
                found.append(Refusal("no_zone", name))
            elif at is not None and name == "incidentDateTime" and at > now:
                found.append(Refusal("not_past", name))
    for person in root.iter("reportingPerson"):
        emails = [(one.text or "").strip() for one in person.findall("email")]
        if not emails or not all(is_email(one) for one in emails):
            found.append(Refusal("no_email", "reporter/reportingPerson"))
    if root.tag == "fileDetails":
        found += _of_file(root)
    return tuple(found)


def _of_file(root: etree._Element) -> Iterator[Refusal]:
    def is_true(name: str) -> bool:
        return (root.findtext(name) or "").strip() in ("true", "1")

    if is_true("exifViewedByEsp") and not is_true("fileViewedByEsp"):
        yield Refusal("exif_unviewed", "exifViewedByEsp")
    supplemental = (root.findtext("fileRelevance") or "") == "Supplemental Reported"
    if supplemental and (is_true("potentialMeme") or root.find("industryClassification") is not None):
        yield Refusal("not_reported_file", "fileRelevance")


def _lengths(root: etree._Element) -> Iterator[Refusal]:
    for one in root.iter("*"):
        if len(one.text or "") > LENGTHS.get(str(one.tag), MOST_BYTES):
            yield Refusal("too_long", str(one.tag))
        if len(one.get("hashType", "")) > _MOST_HASH_TYPE:
            yield Refusal("too_long", "hashType")


def _element(element: etree._Element, kind: str, path: str) -> Iterator[str]:
    """Yield the path of everything wrong in an element of this type."""
    yield from _attributes(element, kind, path)
    children = [one for one in element if isinstance(one.tag, str)]
    parts = CONTENTS.get(kind)
    if parts is None:
        if children or not _is_value(element.text or "", SIMPLE.get(kind, kind)):
            yield path
        return
    texts = [element.text, *(one.tail for one in element)]
    if any(text and text.strip() for text in texts):
        yield path
    for child, found in _in_places(children, parts, in_order=kind not in ANY_ORDER):
        if found is None:
            yield f"{path}/{child}"
        else:
            yield from _element(found[0], found[1], f"{path}/{child}")


def _in_places(
    children: list[etree._Element], parts: tuple[Part, ...], *, in_order: bool
) -> Iterator[tuple[str, tuple[etree._Element, str] | None]]:
    """Yield each child with its type, or None where it has no place or a needed one is missing."""
    counts = [0] * len(parts)
    here = 0
    for child in children:
        name = str(child.tag)
        places = [number for number in range(here, len(parts)) if name in parts[number].choices]
        most = parts[places[0]].most if places else 0
        if not places or (most is not None and counts[places[0]] >= most):
            yield name, None
            continue
        counts[places[0]] += 1
        here = places[0] if in_order else 0
        yield name, (child, parts[places[0]].choices[name])
    for part, count in zip(parts, counts, strict=True):
        if count < part.least:
            yield next(iter(part.choices)), None


def _attributes(element: etree._Element, kind: str, path: str) -> Iterator[str]:
    known = ATTRIBUTES.get(kind, {})
    kinds = {name.rstrip("!"): value for name, value in known.items()}
    for name, value in element.attrib.items():
        own = str(name)
        if not own.startswith(_INSTANCE) and (own not in kinds or not _is_value(str(value), kinds[own])):
            yield f"{path}/@{own}"
    for name in known:
        if name.endswith("!") and name.rstrip("!") not in element.attrib:
            yield f"{path}/@{name.rstrip('!')}"


def _is_value(text: str, kind: str) -> bool:
    """Return whether a text is a value of a simple type; what is no type of its own is any text."""
    if kind in WORDS:
        return (text.strip() if kind in ("boolean", "true", "empty") else text) in WORDS[kind]
    return kind not in _VALUES or _VALUES[kind](text)


def _moment(text: str) -> datetime | None:
    """Return a time; without zone it stays without."""
    text = text.strip()
    if not _MOMENT.fullmatch(text):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


_VALUES: dict[str, Callable[[str], bool]] = {
    "int": lambda text: bool(_NUMBER.fullmatch(text.strip())),
    "long": lambda text: bool(_NUMBER.fullmatch(text.strip())),
    "double": lambda text: bool(_DOUBLE.fullmatch(text.strip())),
    "dateTime": lambda text: _moment(text) is not None,
    "date": lambda text: _is_date(text.strip()),
    "country": lambda text: bool(_COUNTRY.fullmatch(text)),
}
