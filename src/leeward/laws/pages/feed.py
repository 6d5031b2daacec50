"""The feed of changes as Atom: changes of the register, and instruments made, changed or commenced in the countries."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from leeward.laws.models import LawRevision
from leeward.laws.pages.country import EVENTS
from leeward.laws.register import Register
from leeward.laws.rules.jurisdiction import day_of

MOST_ENTRIES = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: its id for feed readers, the time, the country and a sentence."""

    id: str
    at: datetime
    code: str
    title: str


def entries(laws: Register, now: datetime) -> list[Entry]:
    """Return the newest changes, newest first; future events appear from their day on."""
    found = [entry for entry in (*_of_register(laws), *_of_countries(laws)) if entry.at <= now]
    return sorted(found, key=lambda entry: (entry.at, entry.id), reverse=True)[:MOST_ENTRIES]


def _of_register(laws: Register) -> Iterator[Entry]:
    """Yield the changes that came into force here; proposer and reason are shown only on the desk."""
    rows = LawRevision.objects.filter(state=LawRevision.State.ACCEPTED).order_by("-at")
    for row in rows.values("code", "number", "decided_at", "at")[:MOST_ENTRIES]:
        if row["code"] in laws.files:
            name = laws.files[row["code"]]["name"]
            title = _("%(country)s: what this register holds of its law was changed.") % {"country": name}
            yield Entry(f"{row['code']}/change/{row['number']}", row["decided_at"] or row["at"], row["code"], title)


def _of_countries(laws: Register) -> Iterator[Entry]:
    """Yield the recorded events of the countries' instruments, at the start of their day."""
    for code, file in laws.written.items():
        for work in file.get("works", ()):
            for row in work["expressions"]:
                day = day_of(row["date"])
                if day:
                    sentence = str(EVENTS[row["event"]]) % {"work": work["title"]}
                    at = datetime.combine(day, time(), UTC)
                    yield Entry(
                        f"{code}/{work['id']}/{row['event']}/{row['date']}", at, code, f"{file['name']}: {sentence}"
                    )


def as_atom(laws: Register, now: datetime, *, site: str, path: str, language: str) -> str:
    """Return the feed as of a given time; `site` is the installation's address without a path, `path` the feed's own."""
    feed = Atom1Feed(
        title=_("Changes of the law, country by country"),
        link=f"{site}/law",
        description=_("What was changed in the register of laws, and what is recorded of the countries' instruments."),
        language=language,
        feed_url=f"{site}{path}",
        feed_guid=f"{site}/law/changes.atom",
        author_name="Leeward",
    )
    for entry in entries(laws, now):
        feed.add_item(
            title=entry.title,
            link=f"{site}/law/{entry.code.lower()}",
            description=entry.title,
            unique_id=f"{site}/law/changes#{entry.id}",
            updateddate=entry.at,
            pubdate=entry.at,
        )
    return str(feed.writeString("utf-8"))
