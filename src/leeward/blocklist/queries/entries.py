"""Read entries: search, lists, counts and history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from leeward.audit.queries import LogLine, log_of
from leeward.blocklist.models import OPEN, STATES, BlockAppeal, Entry, Import
from leeward.blocklist.rules.expressions import candidates, digest
from leeward.blocklist.rules.scopes import Scope
from leeward.foundation.errors import NotFound
from leeward.hosting.rules.urls import BadAddress, canonical_url
from leeward.people.rules.reading import mark_of
from leeward.web_security.paging import MOST_COUNTED

_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry for use outside this module; `target` is the displayed form of what it blocks."""

    id: int
    list_id: int
    list: str
    scope: str
    target: str
    state: str
    case_id: int | None
    source: str
    basis: str
    tried_by: str
    tried_at: datetime | None
    approved_at: datetime | None
    state_at: datetime
    review_on: date
    misses: int
    checked_at: datetime | None
    ending: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether an address is blocked, and by which expression and scope."""

    url: str
    blocked: bool
    expression: str
    scope: str


def target_of(entry: Entry) -> str:
    """Return the displayed form of what an entry blocks: an address, a folder, a host, or `*.` and a name."""
    if entry.scope == Scope.DOMAIN:
        return f"*.{entry.host}"
    if entry.scope == Scope.HOST:
        return entry.host
    return entry.address or entry.comparable


def entry_row(entry: Entry) -> EntryRow:
    """Convert an entry for use outside this module."""
    return EntryRow(
        id=entry.pk,
        list_id=entry.list_id,
        list=entry.list.name,
        scope=entry.scope,
        target=target_of(entry),
        state=entry.state,
        case_id=entry.case_id,
        source=entry.source,
        basis=entry.basis,
        tried_by=entry.tried_by,
        tried_at=entry.tried_at,
        approved_at=entry.approved_at,
        state_at=entry.state_at,
        review_on=entry.review_on,
        misses=entry.misses,
        checked_at=entry.checked_at,
        ending=entry.ending,
    )


def entry_by_id(entry_id: int) -> Entry:
    """Return the entry with this id; raises NotFound if this hotline has none."""
    people = ("list", "imported", "proposed_by", "approved_by")
    found = Entry.objects.select_related(*people).filter(pk=entry_id).first()
    if found is None:
        raise NotFound(what=_("entry"))
    return found


def mark_of_entry(entry: Entry) -> str:
    """Return the mark of what the page of an entry shows to whoever decides about it: what it blocks and why, its state and what led to it,
    and the requests to lift it."""
    appeals = [(one.pk, one.state) for one in appeals_of(entry.pk)]
    return mark_of(
        entry.pk, entry.state, entry.state_at, entry.ending, entry.list_id, entry.scope, target_of(entry), entry.reason,
        entry.source, entry.note, entry.case_reference, entry.base, entry.basis, entry.basis_version, entry.tried_by,
        entry.tried_at, entry.confirmed_by, entry.proposed_by_id, entry.review_on, entry.check_outcome, appeals,
    )  # fmt: skip


def entries_listed(list_id: int, *, state: str = "", scope: str = "", find: str = "") -> QuerySet[Entry]:
    """Return the entries of a list, newest first.

    `find` is an address, for entries that would block it, or the beginning of a host, for entries sorted by host.
    """
    rows = Entry.objects.filter(list_id=list_id).select_related("list").order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if scope:
        rows = rows.filter(scope=scope)
    text = find.strip().lower()
    if "/" in text:
        return rows.filter(pk__in=[entry.pk for entry in _with_expressions_of(find.strip())])
    return rows.filter(host__gte=text, host__lt=text + _LAST).order_by("host", "id") if text else rows


def proposed() -> QuerySet[Entry]:
    """Return the proposals that wait for a second person, oldest first."""
    return Entry.objects.filter(state="proposed").select_related("list", "proposed_by").order_by("id")


def review_due(today: date) -> QuerySet[Entry]:
    """Return our own entries whose review is due, the longest overdue first."""
    rows = Entry.objects.filter(state="approved", review_on__lte=today, source="")
    return rows.select_related("list").order_by("review_on", "id")


def appeals_listed(state: str, *, only_stranded: bool = False) -> QuerySet[BlockAppeal]:
    """Return requests to lift an entry, oldest first; optionally only those that no supervisor can answer."""
    rows = BlockAppeal.objects.select_related("entry", "entry__list", "decided_by").order_by("id")
    return rows.filter(state=state, is_stranded=True) if only_stranded else rows.filter(state=state)


def stranded_appeals() -> int:
    """Return how many requests wait for an administrator."""
    return BlockAppeal.objects.filter(state="open", is_stranded=True).count()


def appeals_of(entry_id: int) -> list[BlockAppeal]:
    """Return every request about an entry, oldest first."""
    return list(BlockAppeal.objects.filter(entry_id=entry_id).select_related("decided_by").order_by("id"))


def appeal_by_id(appeal_id: int) -> BlockAppeal:
    """Return the request with this id; raises NotFound if this hotline has none."""
    people = ("entry", "entry__list", "entry__proposed_by", "entry__approved_by", "entry__imported", "decided_by")
    found = BlockAppeal.objects.select_related(*people).filter(pk=appeal_id).first()
    if found is None:
        raise NotFound(what=_("appeal"))
    return found


def appeal_states(outside_id: int) -> set[str]:
    """Return the states of all requests that were opened by one request from outside."""
    return set(BlockAppeal.objects.filter(outside_id=outside_id).values_list("state", flat=True))


def appeal_reasons(outside_id: int) -> list[str]:
    """Return the reasons of the answers to one request from outside."""
    rows = (
        BlockAppeal.objects.filter(outside_id=outside_id, decided_at__isnull=False).exclude(reasons="").order_by("id")
    )
    return list(rows.values_list("reasons", flat=True))


def open_appeals() -> int:
    """Return how many requests wait for an answer."""
    return BlockAppeal.objects.filter(state="open").count()


def appeals_to_count() -> tuple[str, str, list[object]]:
    """Return the waiting requests as a table and a condition, to be counted within another slice's query."""
    return BlockAppeal._meta.db_table, "state = %s", ["open"]


def counts() -> dict[int, dict[str, int]]:
    """Return list -> state -> number of entries, in one query."""
    found: dict[int, dict[str, int]] = {}
    for row in Entry.objects.order_by().values("list_id", "state").annotate(many=Count("id")):
        found.setdefault(row["list_id"], {})[row["state"]] = row["many"]
    return found


def counts_shown(lists: Iterable[tuple[int, int]]) -> dict[int, dict[str, str]]:
    """Return list -> state -> displayed number of entries, for lists given as (hotline, list); above ten thousand it is
    `10,000+`.

    One query that stops counting there: it reads a hundredth of a million entries.
    """
    wanted = [(hotline, number, state) for hotline, number in lists for state in STATES]
    if not wanted:
        return {}
    table = connection.ops.quote_name(Entry._meta.db_table)
    one = f"(SELECT COUNT(*) FROM (SELECT 1 FROM {table} WHERE hotline_id = %s AND list_id = %s AND state = %s LIMIT %s) AS few)"  # noqa: S608 - our own name only
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join([one] * len(wanted)), [part for row in wanted for part in (*row, MOST_COUNTED + 1)]
        )
        found = cursor.fetchone()
    shown: dict[int, dict[str, str]] = {}
    for (_hotline, number, state), many in zip(wanted, found, strict=True):
        shown.setdefault(number, {})[state] = f"{many:,}" if many <= MOST_COUNTED else f"{MOST_COUNTED:,}+"
    return shown


def imports_of(list_id: int, most: int = 20) -> list[Import]:
    """The newest imports into a list, newest first."""
    return list(Import.objects.filter(list_id=list_id).select_related("by").order_by("-id")[:most])


def entries_of_case(case_id: int) -> list[EntryRow]:
    """Return every entry based on a case, newest first."""
    return [entry_row(row) for row in Entry.objects.filter(case_id=case_id).select_related("list").order_by("-id")]


def entries_blocking(address: str, *, list_id: int | None = None) -> list[int]:
    """Return the ids of listed or suspended entries that block an address; none if it is not a web address."""
    return [entry.pk for entry in _blocking(address, ("approved", "suspended"), list_id)]


def check_addresses(list_id: int, addresses: Iterable[str]) -> list[Answer]:
    """Return for each address whether the list currently blocks it; raises BadAddress if one is not a web address."""
    return [_answer(list_id, address) for address in addresses]


def _answer(list_id: int, address: str) -> Answer:
    comparable = canonical_url(address).comparable
    found = _blocking(address, ("approved",), list_id)
    by_key = {(entry.digest, entry.scope): entry for entry in found}
    for expression, scopes in candidates(comparable):
        for scope in Scope:
            if scopes & scope.bit and (digest(expression).hex(), scope.value) in by_key:
                return Answer(address, True, expression, scope.value)
    return Answer(address, False, "", "")


def _blocking(address: str, states: tuple[str, ...], list_id: int | None) -> list[Entry]:
    try:
        possible = candidates(canonical_url(address).comparable)
    except BadAddress:
        return []
    allowed = {digest(expression).hex(): scopes for expression, scopes in possible}
    return [
        row
        for row in _with_expressions_of(address)
        if row.state in states and list_id in (None, row.list_id) and allowed[row.digest] & Scope(row.scope).bit
    ]


def _with_expressions_of(address: str) -> list[Entry]:
    """Return entries of any list and state with an expression of this address.

    They are found by digest, so that a list of a million entries is not scanned.
    """
    try:
        possible = candidates(canonical_url(address).comparable)
    except BadAddress:
        return []
    digests = [digest(expression).hex() for expression, _scopes in possible]
    return sorted(Entry.objects.filter(digest__in=digests), key=lambda row: row.pk)


def life_of(entry: Entry) -> list[LogLine]:
    """Return every log line about an entry, newest first."""
    return log_of(entry.hotline_id, f"entry:{entry.pk}")


def is_open(entry: Entry) -> bool:
    """Return whether an entry is proposed, listed or suspended."""
    return entry.state in OPEN
