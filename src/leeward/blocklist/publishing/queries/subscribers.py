"""Read subscribers: what they hold and what is wrong."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from leeward.blocklist.publishing.models import Evidence, Fetch, ListTest, Subscriber
from leeward.blocklist.publishing.openpgp import fingerprint_of
from leeward.foundation.errors import LeewardError


@dataclass(frozen=True, slots=True)
class SubscriberRow:
    """A contract: which lists go to whom, in which formats."""

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
        """The name from which canaries and keys are derived; unique within this installation."""
        return f"{self.hotline_id}/{self.slug}"


@dataclass(frozen=True, slots=True)
class FetchRow:
    """The last fetch of a list in one format."""

    list_id: int
    form: str
    serial: int
    at: datetime


def subscriber_row(found: Subscriber) -> SubscriberRow:
    """Convert a subscriber for use outside this module; prefetch its lists."""
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
    """Return the hotline's subscribers, by name."""
    found = _all().order_by("name", "id")
    if not with_ended:
        found = found.filter(ended_at=None)
    return found.filter(name__icontains=find) if find else found


def mobile_operators() -> list[tuple[int, str]]:
    """Return the numbers and names of the hotline's mobile operators, by name; at most a hundred."""
    found = Subscriber.objects.filter(kind="mobile", ended_at=None).order_by("name", "id")
    return list(found.values_list("pk", "name")[:100])


def subscriber(subscriber_id: int) -> SubscriberRow | None:
    """Return a subscriber by id, or None."""
    found = _all().filter(pk=subscriber_id).first()
    return subscriber_row(found) if found else None


def subscriber_by_slug(slug: str) -> SubscriberRow | None:
    """Return the subscriber with this short name, or None."""
    found = _all().filter(slug=slug).first()
    return subscriber_row(found) if found else None


def subscriber_of_token(token_id: int) -> SubscriberRow | None:
    """Return the subscriber to whom a token belongs, while the contract lasts."""
    found = _all().filter(token_id=token_id, ended_at=None).first()
    return subscriber_row(found) if found else None


def subscribers_of_list(list_id: int) -> list[SubscriberRow]:
    """Return the current subscribers of a list."""
    return [subscriber_row(found) for found in _all().filter(lists=list_id, ended_at=None).order_by("id")]


def fetches_of(subscriber_ids: list[int]) -> dict[int, list[FetchRow]]:
    """Return the last fetches of each subscriber, newest first."""
    rows: dict[int, list[FetchRow]] = {pk: [] for pk in subscriber_ids}
    for found in Fetch.objects.filter(subscriber_id__in=subscriber_ids).order_by("-at"):
        rows[found.subscriber_id].append(FetchRow(found.list_id, found.form, found.serial, found.at))
    return rows


def alarms() -> list[SubscriberRow]:
    """Return subscribers with an alarm, the oldest alarm first."""
    return [subscriber_row(found) for found in _all().filter(ended_at=None).exclude(alarm="").order_by("alarm_at")]


@dataclass(frozen=True, slots=True)
class TestRow:
    """A subscriber's test of a list in one quarter; `answer` is "" until there is one."""

    list_id: int
    answer: str
    asked_at: datetime
    answered_at: datetime | None
    by_programme: bool


def tests_of(subscriber_id: int, quarter: str) -> list[TestRow]:
    """Return the tests of a quarter."""
    return [
        TestRow(found.list_id, found.answer, found.asked_at, found.answered_at, found.by_programme)
        for found in ListTest.objects.filter(subscriber_id=subscriber_id, quarter=quarter)
    ]


def fingerprint(row: SubscriberRow) -> str:
    """Return the fingerprint of a subscriber's certificate; "" if there is none or it can no longer be used."""
    try:
        return fingerprint_of(row.certificate) if row.certificate else ""
    except LeewardError:
        return ""


def evidence_of(subscriber_id: int) -> QuerySet[Evidence]:
    """Return the records of one operator, newest first."""
    found: QuerySet[Evidence] = Evidence.objects.filter(subscriber_id=subscriber_id).order_by("-on", "-id")
    return found


def last_evidence(subscriber_ids: list[int]) -> dict[tuple[int, str], Evidence]:
    """Return the newest record of each operator and commitment."""
    found = Evidence.objects.filter(subscriber_id__in=subscriber_ids).order_by("on", "id")
    found = found.only("subscriber_id", "commitment", "on")  # the public face may read nothing else
    return {(one.subscriber_id, one.commitment): one for one in found}
