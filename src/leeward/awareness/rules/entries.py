"""An entry of the catalogue as it is typed or imported, and what is wrong with it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from leeward.awareness.rules.vocabulary import AUDIENCES, FORMS, OLDEST, TOPICS, YOUNGEST, chosen
from leeward.foundation.lazy_text import LazyText as _
from leeward.people.rules.names import tidy_name

MOST_TITLE, MOST_PUBLISHER, MOST_ADDRESS, MOST_LICENCE, MOST_SOURCE = 200, 120, 500, 80, 200
MOST_LANGUAGES = 40
# A catalogue is what people have read: more than this nobody reviews, and it stays quick without any index of words.
MOST_ENTRIES = 5000


@dataclass(frozen=True, slots=True)
class EntryDetails:
    """What an entry says. Empty audiences mean everybody, empty topics and languages that nobody noted them."""

    title: str
    publisher: str
    address: str
    audiences: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    form: str = "page"
    licence: str = ""
    source: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return what makes two entries the same: where it is, and its title, without case, scheme or a last slash."""
        return key_of(self.address, self.title)

    @property
    def judged(self) -> tuple[str, ...]:
        """Return what a review is about; with another of these it has to be reviewed again."""
        return (*self.key, self.address, " ".join(self.audiences), str(self.age_from), str(self.age_to))


def key_of(address: str, title: str) -> tuple[str, str]:
    """Return the key of an entry with this address and title."""
    bare = address.strip().partition("://")[2] or address.strip()
    host, slash, path = bare.partition("/")
    return f"{host.lower().removeprefix('www.')}{slash}{path}".rstrip("/"), " ".join(title.casefold().split())


def read_entry(row: Mapping[str, str], languages: Iterable[str]) -> tuple[EntryDetails | None, list[_]]:
    """Return the entry of a row of text cells, or None and every fault; `languages` are the tags that can be said."""
    faults: list[_] = []
    title, publisher = (tidy_name(row.get(name, "")) for name in ("title", "publisher"))
    address = row.get("address", "").strip()
    licence, source = (tidy_name(row.get(name, "")) for name in ("licence", "source"))
    for text, most, name in (
        (title, MOST_TITLE, _("the title")),
        (publisher, MOST_PUBLISHER, _("the publisher")),
        (address, MOST_ADDRESS, _("the address")),
        (licence, MOST_LICENCE, _("the licence")),
        (source, MOST_SOURCE, _("the source")),
    ):
        if len(text) > most:
            faults.append(_("%(name)s is longer than %(most)s characters", name=name, most=most))
    if not title:
        faults.append(_("the title is empty"))
    if _is_markup(title, publisher, licence, source):
        faults.append(_("it contains markup; write plain words"))
    if not is_web_address(address):
        faults.append(_("the address is not a complete web address"))
    audiences, strange = chosen(row.get("audiences", ""), AUDIENCES)
    topics, strange_topics = chosen(row.get("topics", ""), TOPICS)
    tags, strange_tags = chosen(row.get("languages", ""), tuple(languages))
    faults += [_("“%(word)s” is not a word of this list", word=word) for word in (*strange, *strange_topics)]
    faults += [_("“%(word)s” is not a language here", word=word) for word in strange_tags]
    if len(tags) > MOST_LANGUAGES:
        faults.append(_("it names more than %(most)s languages", most=MOST_LANGUAGES))
    form = row.get("form", "").strip().lower() or "page"
    if form not in FORMS:
        faults.append(_("“%(word)s” is not a word of this list", word=form))
    ages, fault = _ages(row.get("age_from", ""), row.get("age_to", ""))
    if fault is not None:
        faults.append(fault)
    if faults:
        return None, faults
    return EntryDetails(title, publisher, address, audiences, *ages, topics, tags, form, licence, source), []


def is_web_address(text: str) -> bool:
    """Return whether this is an http or https address with a host, no password and nothing that can't be typed."""
    if " " in text or not text.isprintable():
        return False
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in host and "@" not in parts.netloc


def _is_markup(*texts: str) -> bool:
    return any("<" in text or ">" in text for text in texts)


def _ages(first: str, last: str) -> tuple[tuple[int | None, int | None], _ | None]:
    found: list[int | None] = []
    for cell in (first.strip(), last.strip()):
        if cell and not (cell.isascii() and cell.isdecimal() and YOUNGEST <= int(cell[:3]) <= OLDEST and len(cell) < 3):
            wrong = _("an age is a whole number from %(first)s to %(last)s", first=YOUNGEST, last=OLDEST)
            return (None, None), wrong
        found.append(int(cell) if cell else None)
    low, high = found
    if low is not None and high is not None and low > high:
        return (None, None), _("the first age is above the last")
    return (low, high), None
