"""The catalogue over OAI-PMH 2.0: answers to its six verbs in Dublin Core. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from urllib.parse import quote

from leeward.awareness.rules.records import Record

PER_PAGE = 100
PREFIX = "oai_dc"
_OAI = "http://www.openarchives.org/OAI/2.0/"
_DC = "http://purl.org/dc/elements/1.1/"
_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_DAY, _SECOND = "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"
# Verb -> the arguments that it needs and those that it may have.
VERBS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset({"resumptionToken"})),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
}


@dataclass(frozen=True, slots=True)
class Repository:
    """What a repository says of itself, and its records, by number."""

    name: str
    address: str
    mail: str
    scope: str
    records: Sequence[Record]

    def identifier(self, record: Record) -> str:
        """Return the name of a record in every repository of the world."""
        return f"oai:{self.scope}:{record.number}"


# Each error: its code in the protocol, and a sentence for the harvester's operator.
ERRORS = {
    "verb": ("badVerb", "The verb is missing, repeated or not one of OAI-PMH 2.0."),
    "repeated": ("badArgument", "An argument is repeated."),
    "alone": ("badArgument", "A resumption token stands alone."),
    "arguments": ("badArgument", "An argument is missing, or is not one of this verb."),
    "moment": ("badArgument", "A moment is written as 2026-11-28 or 2026-11-28T12:00:00Z."),
    "order": ("badArgument", "“from” is later than “until”, or they are not equally fine."),
    "format": ("cannotDisseminateFormat", "Only oai_dc is available."),
    "record": ("idDoesNotExist", "There is no record with this identifier."),
    "none": ("noRecordsMatch", "No record is that old or new."),
    "sets": ("noSetHierarchy", "There are no sets."),
    "token": ("badResumptionToken", "This token is not one of ours."),
    "changed": ("badResumptionToken", "This list has changed; begin again."),
}


class _Refused(Exception):
    """An error of the protocol, by its name in `ERRORS`."""


def answer(asked: Sequence[tuple[str, str]], repository: Repository, now: datetime) -> str:
    """Return the answer to a request, errors of the protocol included, as XML."""
    verb = next((value for name, value in asked if name == "verb"), "")
    try:
        arguments = _arguments(asked)
        inside = _ANSWERS[verb](arguments, repository)
        named = "".join(f' {name}="{escape(value)}"' for name, value in (("verb", verb), *arguments.items()))
        return _document(now, f"<request{named}>{escape(repository.address)}</request><{verb}>{inside}</{verb}>")
    except _Refused as error:
        code, sentence = ERRORS[str(error)]
        named = "" if code in ("badVerb", "badArgument") else f' verb="{escape(verb)}"'
        fault = f'<error code="{code}">{escape(sentence)}</error>'
        return _document(now, f"<request{named}>{escape(repository.address)}</request>{fault}")


def _document(now: datetime, inside: str) -> str:
    place = f'xmlns="{_OAI}" xmlns:xsi="{_XSI}" xsi:schemaLocation="{_OAI} {_OAI}OAI-PMH.xsd"'
    when = f"<responseDate>{now.astimezone(UTC):{_SECOND}}</responseDate>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH {place}>{when}{inside}</OAI-PMH>\n'


def _arguments(asked: Sequence[tuple[str, str]]) -> dict[str, str]:
    names = [name for name, _value in asked]
    verb = dict(asked).get("verb")
    if verb not in VERBS or names.count("verb") != 1:
        raise _Refused("verb")
    arguments = {name: value for name, value in asked if name != "verb"}
    needed, allowed = VERBS[verb]
    if len(set(names)) < len(names):
        raise _Refused("repeated")
    if "resumptionToken" in arguments and verb.startswith("List") and verb != "ListMetadataFormats":
        if len(arguments) > 1:
            raise _Refused("alone")
        return arguments
    if not needed <= set(arguments) <= needed | allowed:
        raise _Refused("arguments")
    if arguments.get("metadataPrefix", PREFIX) != PREFIX:
        raise _Refused("format")
    return arguments


def _identify(_arguments: dict[str, str], repository: Repository) -> str:
    first = min((record.changed_at for record in repository.records), default=datetime(2026, 1, 1, tzinfo=UTC))
    return "".join(
        f"<{name}>{escape(value)}</{name}>"
        for name, value in (
            ("repositoryName", repository.name),
            ("baseURL", repository.address),
            ("protocolVersion", "2.0"),
            ("adminEmail", repository.mail),
            ("earliestDatestamp", _stamp(first)),
            ("deletedRecord", "no"),
            ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        )
    )


def _formats(arguments: dict[str, str], repository: Repository) -> str:
    if "identifier" in arguments:
        _record(arguments["identifier"], repository)
    schema = f"<schema>{_OAI}oai_dc.xsd</schema><metadataNamespace>{_OAI_DC}</metadataNamespace>"
    return f"<metadataFormat><metadataPrefix>{PREFIX}</metadataPrefix>{schema}</metadataFormat>"


def _sets(arguments: dict[str, str], _repository: Repository) -> str:
    if "resumptionToken" in arguments:
        raise _Refused("changed")
    raise _Refused("sets")


def _one(arguments: dict[str, str], repository: Repository) -> str:
    return _whole(_record(arguments["identifier"], repository), repository)


def _record(identifier: str, repository: Repository) -> Record:
    for record in repository.records:
        if repository.identifier(record) == identifier:
            return record
    raise _Refused("record")


def _headers(arguments: dict[str, str], repository: Repository) -> str:
    return _listed(arguments, repository, _head)


def _records(arguments: dict[str, str], repository: Repository) -> str:
    return _listed(arguments, repository, _whole)


def _listed(arguments: dict[str, str], repository: Repository, show: Callable[[Record, Repository], str]) -> str:
    begin, first, last = _window(arguments)
    low, high = _moment(first), _moment(last, is_last=True)
    if low and high and (low > high or len(first) != len(last)):
        raise _Refused("order")
    found = [record for record in repository.records if _is_between(record, low, high)]
    left = [record for record in found if record.number >= begin]
    if not left:
        raise _Refused("changed" if begin else "none")
    start = len(found) - len(left)
    text = "".join(show(record, repository) for record in left[:PER_PAGE])
    if start or len(left) > PER_PAGE:
        # The next record by its number: by its place, one would be passed over if another before it went meanwhile.
        token = f"{left[PER_PAGE].number}~{first}~{last}" if len(left) > PER_PAGE else ""
        text += f'<resumptionToken completeListSize="{len(found)}" cursor="{start}">{token}</resumptionToken>'
    return text


def _is_between(record: Record, low: datetime | None, high: datetime | None) -> bool:
    """Return whether a record was changed between two moments, both included, as the whole seconds that we show."""
    at = record.changed_at.replace(microsecond=0)
    return (low is None or at >= low) and (high is None or at <= high)


def _window(arguments: dict[str, str]) -> tuple[int, str, str]:
    """Return the first number, and the days or moments between which records are asked for."""
    if "set" in arguments:
        raise _Refused("sets")
    if "resumptionToken" not in arguments:
        return 0, arguments.get("from", ""), arguments.get("until", "")
    parts = arguments["resumptionToken"].split("~")
    if len(parts) != 3 or not (parts[0].isascii() and parts[0].isdecimal()) or len(parts[0]) > 18:
        raise _Refused("token")
    try:
        _moment(parts[1]), _moment(parts[2])
    except _Refused:
        raise _Refused("token") from None
    return int(parts[0]), parts[1], parts[2]


def _moment(text: str, *, is_last: bool = False) -> datetime | None:
    """Return the moment of an argument; a day means its first moment, or its last."""
    if not text:
        return None
    form = _DAY if len(text) == len("2026-11-28") else _SECOND
    try:
        found = datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        raise _Refused("moment") from None
    return found + timedelta(days=1, seconds=-1) if is_last and form == _DAY else found


def _stamp(when: datetime) -> str:
    return f"{when.astimezone(UTC):{_SECOND}}"


def _head(record: Record, repository: Repository) -> str:
    name = escape(repository.identifier(record))
    return f"<header><identifier>{name}</identifier><datestamp>{_stamp(record.changed_at)}</datestamp></header>"


def _whole(record: Record, repository: Repository) -> str:
    details = record.details
    values = [
        ("title", details.title),
        ("publisher", details.publisher),
        ("identifier", quote(details.address, safe=":/?#[]@!$&'()*+,;=%-._~")),
        ("type", details.form),
        ("rights", details.licence),
        *(("subject", topic) for topic in details.topics),
        *(("language", tag) for tag in details.languages),
        ("date", f"{record.changed_at:{_DAY}}"),
    ]
    inside = "".join(f"<dc:{name}>{escape(value)}</dc:{name}>" for name, value in values if value)
    place = f'xmlns:oai_dc="{_OAI_DC}" xmlns:dc="{_DC}" xsi:schemaLocation="{_OAI_DC} {_OAI}oai_dc.xsd"'
    return f"<record>{_head(record, repository)}<metadata><oai_dc:dc {place}>{inside}</oai_dc:dc></metadata></record>"


_ANSWERS: dict[str, Callable[[dict[str, str], Repository], str]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _one,
    "ListIdentifiers": _headers,
    "ListRecords": _records,
}
