"""Reading providers: the list, one with its people, keys and batches; the link to its own page; designated entities."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.db.models import Q

from leeward.foundation.crypto.tokens import make_token, read_token
from leeward.people.queries import staff_names, tokens_of
from leeward.people.rules.reading import mark_of
from leeward.providers.models import DesignatedEntity, Provider, ProviderBatch, ProviderKey, ProviderPerson
from leeward.providers.rules.words import OUTSIDE, PROVIDER_STATES
from leeward.web_security.paging import Page, page_of


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key of a provider, and whether it still works."""

    id: int
    name: str
    is_sandbox: bool
    is_good: bool
    last_used_on: date | None


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """All of one provider. `link` opens its own page; "" while that is closed. `mark`: see `mark_of_provider`."""

    row: Provider
    persons: list[ProviderPerson]
    keys: list[KeyRow]
    asked_name: str
    proposed_name: str
    decided_name: str
    link: str
    mark: str


def providers(state: str, number: str | None) -> Page[Provider]:
    """Return a page of providers, newest first: of a state, or all. Those that wait for approval are also suspended ones
    that somebody proposed to let in again."""
    rows = Provider.objects.order_by("-id")
    if state == "asked":
        rows = rows.filter(Q(state=state) | Q(state__in=OUTSIDE, proposed_at__isnull=False))
    elif state in PROVIDER_STATES:
        rows = rows.filter(state=state)
    return page_of(rows, number)


def provider(provider_id: int, today: date) -> ProviderPage | None:
    """Return a provider, or None where this hotline has none of this number."""
    row = Provider.objects.filter(pk=provider_id).first()
    if row is None:
        return None
    names, persons, keys = staff_names(row.hotline_id), _persons_of(row), keys_of(row, today)
    return ProviderPage(
        row,
        persons,
        keys,
        names.get(row.asked_by_id or 0, ""),
        names.get(row.proposed_by_id or 0, ""),
        names.get(row.decided_by_id or 0, ""),
        link_of(row),
        _mark(row, persons, keys),
    )


def mark_of_provider(row: Provider) -> str:
    """Return a mark of what a provider's page shows but for its batches, so that another state of it has another mark: who is it, what
    was decided about it, who may act for it, its keys, its page."""
    return _mark(row, _persons_of(row), keys_of(row, datetime.now(UTC).date()))


def _mark(row: Provider, persons: Sequence[ProviderPerson], keys: Sequence[KeyRow]) -> str:
    return mark_of(
        row.pk,
        *(row.legal_name, row.kind, list(row.countries), row.security_email, row.security_phone),
        *(row.asked_at, row.asked_by_id, row.proposed_at, row.proposed_by_id),
        *(row.state, row.decided_at, row.decided_by_id, row.reason),
        *(row.page_serial, row.page_is_open),
        [(one.pk, one.name, one.email, one.role) for one in persons],
        [(one.id, one.is_good) for one in keys],
    )


def first_of_two(row: Provider) -> int | None:
    """Return who is the first of the two that let a provider in: whoever entered or proposed it; None while nobody is, or where
    nobody can let it in."""
    if row.state not in OUTSIDE:
        return None
    return row.asked_by_id if row.state == "asked" and row.asked_by_id else row.proposed_by_id


def _persons_of(row: Provider) -> list[ProviderPerson]:
    return list(ProviderPerson.objects.filter(provider=row, ended_at=None).order_by("id")[:100])


def keys_of(row: Provider, today: date) -> list[KeyRow]:
    """Return the keys of a provider, newest first."""
    tokens = {token.id: token for token in tokens_of(row.hotline_id)}
    found = []
    for key in ProviderKey.objects.filter(provider=row).order_by("-id")[:100]:
        token = tokens[key.token_id]
        is_good = key.stopped_at is None and token.is_good(today)
        found.append(KeyRow(key.pk, token.name, key.is_sandbox, is_good, token.last_used_on))
    return found


def _purpose(serial: int) -> str:
    return f"provider {serial}"


def link_of(row: Provider) -> str:
    """Return the address of a provider's own page, or "" while it is closed."""
    if not row.page_is_open:
        return ""
    token = make_token(settings.LEEWARD.secret_bytes, _purpose(row.page_serial), row.pk)
    return f"{settings.LEEWARD.base_url}/provider/{token}"


def behind_link(token: str) -> Provider | None:
    """Return the approved provider whose page a link opens while the link is valid, or None; before any hotline is known."""
    number = token.partition("-")[0]
    is_number = number.isascii() and number.isdecimal() and len(number) <= 18
    row = Provider.of_every_hotline.filter(pk=int(number)).first() if is_number else None
    proven = read_token(settings.LEEWARD.secret_bytes, _purpose(row.page_serial if row else 0), token)
    if row is None or proven is None or not row.page_is_open or row.state != "approved":
        return None
    return row


def batches(provider_id: int, number: str | None) -> Page[ProviderBatch]:
    """Return a page of a provider's batches, newest first."""
    return page_of(ProviderBatch.objects.filter(provider_id=provider_id).order_by("-id"), number, per_page=20)


def batch(batch_id: int) -> ProviderBatch | None:
    """Return a batch, or None where this hotline has none of this number."""
    return ProviderBatch.objects.filter(pk=batch_id).select_related("provider").first()


def entities(number: str | None, *, on: date | None = None) -> Page[DesignatedEntity]:
    """Return a page of designated entities, newest first; with a day, those designated on it."""
    rows = DesignatedEntity.objects.order_by("-since", "-id")
    if on is not None:
        rows = rows.filter(Q(until=None) | Q(until__gte=on), since__lte=on)
    return page_of(rows, number)
