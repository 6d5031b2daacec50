"""Who loads lists, what they hold, and what is wrong with it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from leeward.blocklist.publishing.models import Evidence, Fetch, ListTest, Subscriber
from leeward.blocklist.publishing.openpgp import fingerprint_of
from leeward.foundation.errors import LeewardError


@dataclass(frozen=True, slots=True)
class SubscriberRow:
    """A contract: what goes to whom, and in which form."""

    id: int
    hotline_id: int
    slug: str
    name: str
    kind: str
    contact: str
    list_ids: frozenset[int]
    formats: tuple[str, ...]
    is_trusted: bool
    takes_plain_addresses: bool
    certificate: str
    dns_action: str
    notify: tuple[str, ...]
    token_id: int | None
    added_at: datetime
    changed_at: datetime
    ended_at: datetime | None
    alarm: str
    alarm_at: datetime | None

    @property
    def key(self) -> str:
        """The name of which canaries and keys are made; no other subscriber of this installation has it."""
        return f"{self.hotline_id}/{self.slug}"


@dataclass(frozen=True, slots=True)
class FetchRow:
    """The last time one list was taken in one format."""

    list_id: int
    form: str
    serial: int
    at: datetime


def subscriber_row(found: Subscriber) -> SubscriberRow:
    """The subscriber as others see it; its lists should be prefetched."""
    return SubscriberRow(
        id=found.pk,
        hotline_id=found.hotline_id,
        slug=found.slug,
        name=found.name,
        kind=found.kind,
        contact=found.contact,
        list_ids=frozenset(one.pk for one in found.lists.all()),
        formats=tuple(found.formats),
        is_trusted=found.is_trusted,
        takes_plain_addresses=found.takes_plain_addresses,
        certificate=found.certificate,
        dns_action=found.dns_action,
        notify=tuple(found.notify),
        token_id=found.token_id,
        added_at=found.added_at,
        changed_at=found.changed_at,
        ended_at=found.ended_at,
        alarm=found.alarm,
        alarm_at=found.alarm_at,
    )


def _all() -> QuerySet[Subscriber]:
    found: QuerySet[Subscriber] = Subscriber.objects.prefetch_related("lists")
    return found


def subscribers(*, find: str = "", with_ended: bool = False) -> QuerySet[Subscriber]:
    """Those of the hotline, by name."""
    found = _all().order_by("name", "id")
    if not with_ended:
        found = found.filter(ended_at=None)
    return found.filter(name__icontains=find) if find else found


def subscriber(subscriber_id: int) -> SubscriberRow | None:
    """The one of this number, or None."""
    found = _all().filter(pk=subscriber_id).first()
    return subscriber_row(found) if found else None


def subscriber_by_slug(slug: str) -> SubscriberRow | None:
    """The one of this short name, or None."""
    found = _all().filter(slug=slug).first()
    return subscriber_row(found) if found else None


def subscriber_of_token(token_id: int) -> SubscriberRow | None:
    """Whose key this is, while the contract lasts."""
    found = _all().filter(token_id=token_id, ended_at=None).first()
    return subscriber_row(found) if found else None


def subscribers_of_list(list_id: int) -> list[SubscriberRow]:
    """Who takes a list now."""
    return [subscriber_row(found) for found in _all().filter(lists=list_id, ended_at=None).order_by("id")]


def fetches_of(subscriber_ids: list[int]) -> dict[int, list[FetchRow]]:
    """The last fetches of each subscriber, the newest first."""
    rows: dict[int, list[FetchRow]] = {pk: [] for pk in subscriber_ids}
    for found in Fetch.objects.filter(subscriber_id__in=subscriber_ids).order_by("-at"):
        rows[found.subscriber_id].append(FetchRow(found.list_id, found.form, found.serial, found.at))
    return rows


def alarms() -> list[SubscriberRow]:
    """Subscribers with which something is wrong, the longest first."""
    return [subscriber_row(found) for found in _all().filter(ended_at=None).exclude(alarm="").order_by("alarm_at")]


@dataclass(frozen=True, slots=True)
class TestRow:
    """One subscriber's test of one list in one quarter; `answer` is "" until there is one."""

    list_id: int
    answer: str
    asked_at: datetime
    answered_at: datetime | None
    by_programme: bool


def tests_of(subscriber_id: int, quarter: str) -> list[TestRow]:
    """The tests of a quarter."""
    return [
        TestRow(found.list_id, found.answer, found.asked_at, found.answered_at, found.by_programme)
        for found in ListTest.objects.filter(subscriber_id=subscriber_id, quarter=quarter)
    ]


def fingerprint(row: SubscriberRow) -> str:
    """The fingerprint of a subscriber's certificate; "" for none, or for one that can't be used any more."""
    try:
        return fingerprint_of(row.certificate) if row.certificate else ""
    except LeewardError:
        return ""


def evidence_of(subscriber_id: int) -> QuerySet[Evidence]:
    """The records of one operator, the newest first."""
    found: QuerySet[Evidence] = Evidence.objects.filter(subscriber_id=subscriber_id).order_by("-on", "-id")
    return found


def last_evidence(subscriber_ids: list[int]) -> dict[tuple[int, str], Evidence]:
    """The newest record of each operator and commitment."""
    found = Evidence.objects.filter(subscriber_id__in=subscriber_ids).order_by("on", "id")
    return {(one.subscriber_id, one.commitment): one for one in found}
