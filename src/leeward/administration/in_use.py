"""Which parts of the desk a hotline uses: counted before somebody leaves a part out."""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime

from django.utils.translation import ngettext

from leeward.blocklist.publishing.queries.subscribers import subscribers
from leeward.blocklist.queries.entries import counts as entries_by_state
from leeward.casework.quality.queries import adjudications, samples_open
from leeward.exchange.queries import active_peers
from leeward.hashbank.lists.queries import readers
from leeward.hashbank.records.queries.browsing import records
from leeward.languages.proposals import waiting_for
from leeward.laws.queries import changes_waiting
from leeward.people.labels import DESK_PARTS
from leeward.people.queries import tokens_of
from leeward.people.rules.desk_parts import BANK, BLOCKING, EXCHANGE, KEYS, LANGUAGES, LAW, QUALITY

type Counted = Iterable[tuple[int, str]]


def _blocking(_hotline_id: int) -> Counted:
    listed = sum(states.get("approved", 0) for states in entries_by_state().values())
    yield listed, ngettext("%(count)s address is listed", "%(count)s addresses are listed", listed)
    many = subscribers().count()
    yield many, ngettext("%(count)s subscriber", "%(count)s subscribers", many)


def _bank(_hotline_id: int) -> Counted:
    many = records("confirmed").count()
    yield many, ngettext("%(count)s record in force", "%(count)s records in force", many)
    loads = readers().count()
    yield loads, ngettext("%(count)s subscriber of hash lists", "%(count)s subscribers of hash lists", loads)


def _quality(_hotline_id: int) -> Counted:
    drawn = samples_open()
    yield drawn, ngettext("%(count)s drawn case is open", "%(count)s drawn cases are open", drawn)
    disputed = adjudications(is_open=True).count()
    yield disputed, ngettext("%(count)s open adjudication", "%(count)s open adjudications", disputed)


def _exchange(_hotline_id: int) -> Counted:
    many = len(active_peers())
    yield many, ngettext("%(count)s other hotline", "%(count)s other hotlines", many)


def _law(_hotline_id: int) -> Counted:
    waiting = changes_waiting()
    yield (
        waiting,
        ngettext("%(count)s change is waiting for an answer", "%(count)s changes are waiting for an answer", waiting),
    )


def _languages(hotline_id: int) -> Counted:
    waiting = waiting_for(hotline_id)
    yield (
        waiting,
        ngettext(
            "%(count)s proposal is waiting for an answer", "%(count)s proposals are waiting for an answer", waiting
        ),
    )


def _keys(hotline_id: int) -> Counted:
    today = datetime.now(UTC).date()
    good = sum(token.is_good(today) for token in tokens_of(hotline_id))
    yield good, ngettext("%(count)s valid key", "%(count)s valid keys", good)


_COUNTS: dict[str, Callable[[int], Counted]] = {
    BLOCKING: _blocking,
    BANK: _bank,
    QUALITY: _quality,
    EXCHANGE: _exchange,
    LAW: _law,
    LANGUAGES: _languages,
    KEYS: _keys,
}


def what_is_in_use(parts: Collection[str], hotline_id: int) -> list[tuple[str, list[str]]]:
    """Return those of these parts that the hotline uses, in the order of the form: the name, and what exists, each with
    its count."""
    found = []
    for part, name in DESK_PARTS:
        if part in parts:
            there = [text % {"count": count} for count, text in _COUNTS[part](hotline_id) if count]
            if there:
                found.append((str(name), there))
    return found
