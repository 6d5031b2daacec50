"""The record of processing as a document: for everybody, and for one hotline with what it has set."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from leeward.administration.processing.record import Activity, activities, classes
from leeward.exchange.queries import peers
from leeward.hashbank.queries import live_sources
from leeward.outputs.queries import receivers
from leeward.people.queries import HotlineRow, portals_of, staff_of
from leeward.web.rules.promises import PROMISES

_SENTENCES = {promise.id: promise.sentence for promise in PROMISES}
_HEAD = """\
What is kept about people, why, for how long, and who gets it, as Article 30 of the GDPR and laws made after it ask. It is made from the tables
themselves: a test fails for a field that could hold something about a person and is in no class. Numbers, dates and yes/no are of what their row is
about. Pictures and videos are in no table and on no disk.
"""
_TO_FILL = (
    "Controller, and who represents it",
    "Data protection officer, if there is one",
    "Legal basis of each activity, and of special categories and data about offences (in the EU: Articles 6, 9 and 10 GDPR)",
    "Who runs the machine for you (processor), and where it stands",
)


def as_markdown(config: Any) -> str:
    """Return the record with the times of these settings."""
    return "\n".join(["# Record of processing", "", _HEAD, *_body(config)]) + "\n"


def of_hotline(hotline: HotlineRow, config: Any, now: datetime) -> str:
    """Return the record of one hotline: its own times, portals and partners; call it in the hotline's scope."""
    lines = [
        f"# Record of processing: {hotline.name}",
        "",
        f"{now:%Y-%m-%d}. Country: {hotline.country}. Address: {hotline.email or 'none'}.",
        "",
    ]
    lines += [
        "For the hotline to fill in:",
        "",
        *(f"- {point}: ……" for point in _TO_FILL),
        "",
        _HEAD,
        *_portals(hotline),
    ]
    lines += [*_abroad(), *_body(config)]
    return "\n".join(lines) + "\n"


def _portals(hotline: HotlineRow) -> Iterator[str]:
    yield f"Accounts of staff: {len(staff_of(hotline.id))}."
    yield ""
    for portal in portals_of(hotline.id, with_records=False):
        run_by = f"; run by {portal.run_by}" if portal.run_by else ""
        yield f"- Portal {portal.slug} ({portal.country}): reports go to {portal.police_name or 'no police yet'}{run_by}"
    yield ""


def _abroad() -> Iterator[str]:
    """Name those in other countries who get data, as recorded here."""
    yield "## Who gets data in other countries"
    yield ""
    found = [
        f"- The hotline {row.name} ({', '.join(row.countries) or 'country not recorded'}): {row.state}"
        for row in peers()
    ]
    found += [
        f"- The service {row.service}, by an agreement of {row.agreed_on:%Y-%m-%d}"
        for row in receivers()
        if row.is_on and row.agreed_on
    ]
    found += [f"- The collection {row.name}: {row.state}" for row in live_sources()]
    yield from found or ["Nobody is recorded."]
    yield ""
    yield "Hosts, registrars and payment firms abroad get notices where the law and the settings say so; each is in the log."
    yield ""


def _body(config: Any) -> Iterator[str]:
    for one in activities():
        yield from _activity(one, config)
    yield "## Classes of data, and where they are"
    yield ""
    for name, sentence in classes().items():
        where = sorted({field for one in activities() for field in one.fields.get(name, ())})
        yield f"**{sentence}** (`{name}`): {', '.join(f'`{field}`' for field in where) or 'nowhere'}."
        yield ""


def _activity(one: Activity, config: Any) -> Iterator[str]:
    yield f"## {one.purpose}"
    yield ""
    yield f"- about: {'; '.join(one.about)}"
    yield f"- data: {'; '.join(classes()[name] for name in one.fields) or 'none about people'}"
    yield f"- given to: {'; '.join(one.recipients)}"
    for what, how in one.kept:
        yield f"- kept, {what}: {how.format_map(_Times(config))}"
    yield f"- protected by promises of THREAT_MODEL.md: {'; '.join(_promise(number) for number in one.promises)}"
    yield ""


def _promise(number: str) -> str:
    sentence = _SENTENCES.get(number)
    return f"{number} ({sentence})" if sentence else number


class _Times(dict[str, str]):
    """The times that are set, by the names of their settings."""

    def __init__(self, config: Any) -> None:
        super().__init__()
        self.config = config

    def __missing__(self, name: str) -> str:
        return str(getattr(self.config, name))
