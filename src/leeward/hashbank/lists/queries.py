"""Read who fetches hash lists: what each key holds, how old it is, what is wrong. Within the scope of the current
hotline.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from leeward.hashbank.models import HashList, ListReader, ListVersion
from leeward.hashbank.rules.freshness import Standing
from leeward.hashbank.scene import hotline_here
from leeward.people.queries import TokenRow, tokens_of


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """A key and a list that it may fetch.

    `newest`: the published version (0: none); `behind_since`: when the first version that the key lacks was published.
    """

    id: int
    hotline_id: int
    list_id: int
    list_name: str
    key_id: int
    key: TokenRow | None
    since: datetime
    published_at: datetime | None
    form: str
    version: int
    at: datetime | None
    newest: int
    behind_since: datetime | None
    failed_at: datetime | None
    failure: str
    alarm: str
    alarm_at: datetime | None

    @property
    def behind(self) -> int:
        """By how many versions the key is behind."""
        return self.newest - self.version if self.version else 0

    @property
    def is_revoked(self) -> bool:
        """Whether somebody at the hotline revoked the key."""
        return self.key is None or self.key.revoked_at is not None

    def standing(self, today: date) -> Standing:
        """Return the facts from which its alarm is derived; a revoked key raises none."""
        if self.is_revoked:
            return Standing(None, None, None, None, has_run_out=False)
        return Standing(
            since=max(self.since, self.published_at) if self.published_at else None,
            at=self.at,
            behind_since=self.behind_since,
            failed_at=self.failed_at,
            has_run_out=self.key is not None and not self.key.is_good(today),
        )


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list and its published version."""

    name: str
    title: str
    formats: tuple[str, ...]
    readers: int
    version: int
    entries: int
    made_at: datetime | None


def readers() -> QuerySet[ListReader]:
    """Return every key of every list: those with a problem first, then by list."""
    versions = ListVersion.objects.filter(list=OuterRef("list_id"))
    newer = versions.filter(version__gt=OuterRef("version")).order_by("version")
    return (
        ListReader.objects.filter(hotline_id=hotline_here())
        .select_related("list")
        .annotate(
            newest=Subquery(versions.order_by("-version").values("version")[:1]),
            published_at=Subquery(versions.order_by("version").values("made_at")[:1]),
            behind_since=Subquery(newer.values("made_at")[:1]),
        )
        .order_by("-alarm", "list__name", "id")
    )


def reader(reader_id: int) -> ReaderRow | None:
    """Return one key of a list, or None."""
    return next(reader_rows(readers().filter(pk=reader_id)), None)


def reader_rows(found: Iterable[Any]) -> Iterator[ReaderRow]:
    """Convert the rows of `readers()` for use outside this module."""
    keys = {row.id: row for row in tokens_of(hotline_here())}
    for one in found:
        yield ReaderRow(
            id=one.pk,
            hotline_id=one.hotline_id,
            list_id=one.list_id,
            list_name=one.list.name,
            key_id=one.key_id,
            key=keys.get(one.key_id),
            since=one.since,
            published_at=one.published_at,
            form=one.form,
            version=one.version,
            at=one.at,
            newest=one.newest or 0,
            behind_since=one.behind_since if one.version else None,
            failed_at=one.failed_at,
            failure=one.failure,
            alarm=one.alarm,
            alarm_at=one.alarm_at,
        )


def lists() -> list[ListRow]:
    """Return the lists for subscribers by name, with the published version of each."""
    newest = ListVersion.objects.filter(list=OuterRef("pk")).order_by("-version")
    rows: Any = HashList.objects.filter(hotline_id=hotline_here()).order_by("name")
    rows = rows.annotate(
        version=Subquery(newest.values("version")[:1]),
        entries=Subquery(newest.values("entries")[:1]),
        made_at=Subquery(newest.values("made_at")[:1]),
    )
    return [
        ListRow(
            row.name, row.title, tuple(row.formats), len(row.readers), row.version or 0, row.entries or 0, row.made_at
        )
        for row in rows
    ]
